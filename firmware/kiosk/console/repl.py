"""
MicroPython's REPL protocol, spoken from inside the event loop, so that a mini-program runs on while a host works.

Friendly REPL (one line at a time, paste mode), raw REPL and raw paste, as `mpremote` and every tool of MicroPython
speaks them (docs.micropython.org, "The MicroPython Interactive Interpreter Mode").  Three things differ, on purpose:

- Ctrl-C at the prompt only discards the line: it stops neither the kiosk nor the mini-program.
- Ctrl-D, a soft reset elsewhere, only forgets the console's own variables: `mpremote exec` soft-resets first, and must
  not take the mini-program down.  `machine.soft_reset()` is there for who wants it.
- What the executed code calls of kiosk/console/remote.py is awaited before the reply ends.

Where mini-programs print to the same line, they wait while it speaks the raw REPL (held.py).

Holds one buffer that grows to the size of the code sent; code that is larger than half of the free heap is refused.
"""

import asyncio
import gc
import io
import sys

from kiosk import log, supervisor
from kiosk.console import remote
from kiosk.console.held import HeldOutput

_CTRL_A = const(1)
_CTRL_B = const(2)
_CTRL_C = const(3)
_CTRL_D = const(4)
_CTRL_E = const(5)
_BACKSPACE = const(8)
_DELETE = const(127)

_FRIENDLY = const(0)
_PASTE = const(1)
_RAW = const(2)
_RAW_PASTE = const(3)

_SMALL = const(4096)  # bytes of code for which there is always room
_WINDOW = const(256)  # bytes that a host may send in raw paste before it is told to go on
_RAW_BANNER = "raw REPL; CTRL-B to exit\r\n>"


class Repl:
    """The state machine: feed() takes the bytes of the host one by one, write() sends the answers."""

    def __init__(self, console):
        self._console = console
        self._write = console.write
        self._output = HeldOutput(sys.stdout)
        self._mode = _FRIENDLY
        self._line = bytearray()
        self._escape = b""  # the start of a raw-paste request: Ctrl-E, "A", Ctrl-A
        self._window = 0
        self._too_large = False
        self._waiting = bytearray()  # what came while an answer was awaited
        self._answering = None
        self._names = self._new_names()

    def _new_names(self):
        # The print of the kiosk's own: while a mini-program runs, the builtin goes to the mini-program's stream.
        return {"__name__": "__main__", "print": log.console_print}

    def receive(self, data):
        """Take what the host sent.  While an answer is awaited only Ctrl-C is acted on; the rest waits."""
        position = 0
        while position < len(data):
            byte = data[position]
            if self._answering:
                if byte == _CTRL_C:
                    self._answering.cancel()
                else:
                    self._waiting.append(byte)
            elif self._mode == _RAW_PASTE and byte not in (_CTRL_C, _CTRL_D):
                position += self._take_pasted(data[position : position + self._window])
                continue
            else:
                self.feed(byte)
            position += 1

    def feed(self, byte):
        """Take one byte."""
        if self._mode == _RAW_PASTE:
            self._feed_raw_paste(byte)
        elif self._mode == _RAW:
            self._feed_raw(byte)
        elif self._mode == _PASTE:
            self._feed_paste(byte)
        else:
            self._feed_friendly(byte)

    def _feed_friendly(self, byte):
        if byte == _CTRL_A:
            self._enter(_RAW, _RAW_BANNER)
        elif byte == _CTRL_E and not self._line:
            self._enter(_PASTE, "\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ")
        elif byte == _CTRL_B:
            self._enter(_FRIENDLY, "\r\nmpkiosk on %s\r\n>>> " % sys.implementation._machine)
        elif byte in (_CTRL_C, _CTRL_D):
            self._enter(_FRIENDLY, "\r\n>>> ")
        elif byte in (_BACKSPACE, _DELETE):
            if self._line:
                self._line = self._line[:-1]
                self._write("\b \b")
        elif byte in b"\r\n":
            self._write("\r\n")
            self._execute("single")
        elif byte >= 32:
            self._line.append(byte)
            self._write(bytes((byte,)))

    def _feed_paste(self, byte):
        if byte == _CTRL_C:
            self._enter(_FRIENDLY, "\r\n>>> ")
        elif byte == _CTRL_D:
            self._mode = _FRIENDLY
            self._write("\r\n")
            self._execute("exec")
        elif byte == 13:
            self._line.append(10)
            self._write("\r\n=== ")
        else:
            self._line.append(byte)
            self._write(bytes((byte,)))

    def _feed_raw(self, byte):
        if self._escape:
            self._escape += bytes((byte,))
            if self._escape == b"\x05A\x01":
                self._start_raw_paste()
            elif not b"\x05A\x01".startswith(self._escape):
                self._line.extend(self._escape)
                self._escape = b""
        elif byte == _CTRL_E and not self._line:
            self._escape = b"\x05"
        elif byte == _CTRL_A:
            self._enter(_RAW, _RAW_BANNER)
        elif byte == _CTRL_B:
            self._enter(_FRIENDLY, "\r\n>>> ")
        elif byte == _CTRL_C:
            self._line = bytearray()
        elif byte == _CTRL_D:
            if self._line:
                self._write("OK")
                self._execute("exec")
            else:
                self._names = self._new_names()
                self._enter(_RAW, "\r\nMPY: soft reboot\r\n" + _RAW_BANNER)
        else:
            self._append(bytes((byte,)))

    def _start_raw_paste(self):
        self._escape = b""
        self._mode = _RAW_PASTE
        self._window = _WINDOW
        self._write(b"R\x01" + _WINDOW.to_bytes(2, "little") + b"\x01")

    def _feed_raw_paste(self, byte):
        # Ctrl-C or Ctrl-D: the rest is taken by _take_pasted().
        self._mode = _RAW
        if byte == _CTRL_D:
            self._write("\x04")
            self._execute("exec")
        else:
            self._line = bytearray()
            self._write("\x04\x04\x04>")

    def _take_pasted(self, data):
        # Takes code up to the next control byte, all at once: a host sends a lot of it.  Returns how much it was.
        for control in (b"\x03", b"\x04"):
            end = data.find(control)
            if end >= 0:
                data = data[:end]
        self._append(data)
        self._window -= len(data)
        if not self._window:
            self._window = _WINDOW
            self._write("\x01")
        return len(data)

    def _append(self, data):
        # Code that the heap has no room for is dropped; _execute() says so.
        if len(self._line) > _SMALL and len(self._line) > gc.mem_free() // 2:
            gc.collect()
            self._too_large = self._too_large or len(self._line) > gc.mem_free() // 2
        if self._too_large:
            self._line = bytearray(1)  # not empty: to the raw REPL that would be a soft reset
        else:
            self._line.extend(data)

    def _enter(self, mode, greeting):
        if mode == _RAW:
            self._output.hold()
        self._mode = mode
        self._line = bytearray()
        self._too_large = False
        self._escape = b""
        self._write(greeting)
        if mode != _RAW:
            self._output.release()

    def _execute(self, kind):
        source, self._line = self._line, bytearray()
        too_large, self._too_large = self._too_large, False
        supervisor.watch(False)
        error = None
        try:
            if too_large:
                raise MemoryError("the code is too large for the heap")
            code = compile(bytes(source), "<stdin>", kind)
            self._console.interruptible(True)
            try:
                exec(code, self._names)
            finally:
                self._console.interruptible(False)
        except BaseException as exc:  # noqa: BLE001  a supervisor: the code of whoever sits at the console
            error = exc
        if isinstance(error, SystemExit):  # machine.soft_reset()
            raise SystemExit(supervisor.LEAVE, error)
        supervisor.watch(True)
        answers = remote.take_answers()
        if answers:
            self._answering = asyncio.create_task(self._await_answers(answers, error))
        else:
            self._finish(error)

    async def _await_answers(self, answers, error):
        self._output.let_through(True)
        try:
            for answer in answers:
                line = await answer
                supervisor.watch(False)  # a host that reads slowly is no fault of the mini-program's
                self._write(self._output.line_end() + line + "\n")
                supervisor.watch(True)
        except asyncio.CancelledError:
            error = error or KeyboardInterrupt()
        except BaseException as exc:  # noqa: BLE001  a supervisor, as in _execute(): the console must not end here
            error = error or exc
            if isinstance(exc, supervisor.Stalled):
                supervisor.stop_stalled(exc)
        self._answering = None
        self._output.let_through(False)
        self._finish(error)
        waiting, self._waiting = self._waiting, bytearray()
        self.receive(waiting)

    def _finish(self, error):
        raw = self._mode == _RAW
        if raw:
            self._write("\x04")
        if error is not None:
            text = io.StringIO()
            sys.print_exception(error, text)
            self._write(text.getvalue())
        self._write("\x04>" if raw else ">>> ")
