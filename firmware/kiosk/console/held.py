"""
What mini-programs print and the kiosk logs, kept off a line that a host's program is using.

A board has one line for everything.  While it speaks the raw REPL, a stray byte would spoil a handshake or an answer, so
output is held: up to _HELD_MAX bytes, of which the oldest go first.  It is let through while an answer of the kiosk's own
is awaited, as part of that answer, and for good when the host leaves the raw REPL.  The one byte that ends an answer
becomes ASCII's SUB in it.
"""

import io

from kiosk import log

_HELD_MAX = const(2048)
_ERRORS = b"\x1c"  # what log.err gets comes between these two (FS and GS), so that a host can tell it from log.out
_END = b"\x1d"


class _Stream(io.IOBase):
    def __init__(self, held, before, after):
        self._held = held
        self._before = before
        self._after = after

    def write(self, data):
        """Called by print() and sys.print_exception()."""
        self._held.take(self._before + bytes(data).replace(b"\x04", b"\x1a") + self._after)
        return len(data)


class HeldOutput:
    """Stands between kiosk.log and the line.  Does nothing on a board whose output has a place of its own."""

    def __init__(self, line):
        self._line = line  # the stream that the console and the output share
        self._held = None
        self._lost = 0
        self._through = False
        self._last = b"\n"

    def hold(self):
        """From now on output waits here."""
        if self._held is None and log.out is self._line:
            self._held = bytearray()
            log.out = _Stream(self, b"", b"")
            log.err = _Stream(self, _ERRORS, _END)

    def let_through(self, on):
        """Write what waits, and what comes as long as this is on."""
        self._through = on
        if on and self._held:
            held, self._held = self._held, bytearray()
            if self._lost:
                self._line.write("[%d bytes of output lost]\n" % self._lost)
                self._lost = 0
            self._pass(held)

    def line_end(self):
        """What ends the line that the output let through has left open: "\\n", or "" if it has left none."""
        last, self._last = self._last, b"\n"
        return "" if last in (b"\n", _END) else "\n"

    def _pass(self, data):
        self._last = data[-1:] or self._last
        self._line.write(data)

    def release(self):
        """Write what waits; from now on output goes to the line by itself."""
        if self._held is not None:
            self.let_through(True)
            self._through = False
            self._held = None
            log.out = log.err = self._line

    def take(self, data):
        """For the streams: write or keep `data` (bytes)."""
        if self._through:
            self._pass(data)
            return
        try:
            self._held.extend(data)
        except MemoryError:  # a print must not fail because somebody is at the console
            self._lost += len(data)
            return
        over = len(self._held) - _HELD_MAX
        if over > 0:
            end = self._held.find(_END, over)
            if end >= 0 and not over <= self._held.find(_ERRORS, over) < end:
                over = end + 1  # no half of what belongs to the log
            self._held = self._held[over:]
            self._lost += over
