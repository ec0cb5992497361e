"""A serial line to a MicroPython's raw REPL: opening it, and saying in one line why that cannot be done."""

import contextlib
import io
import struct
import time

import serial
from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from host_tools.errors import TargetError

SILENCE_S = 10  # a line that is silent for so long is dead; mpremote by itself would wait for ever
_POLL_S = 0.01
_QUIET_S = 0.2
_NEVER = b"\xff\xff\xff\xff"
_INTERRUPT = b"\r\x03"
_RAW_REPL = b"\r\x01"
_BANNER = b"raw REPL; CTRL-B to exit\r\n"


class Line(SerialTransport):
    """mpremote's transport, with an end to each wait whatever the other side sends, and nothing printed."""

    def __init__(self, port: str, timeout_s: float):
        super().__init__(port, timeout=timeout_s)
        self.serial.write_timeout = self.patience_s = timeout_s

    def read_until(self, min_num_bytes, ending, timeout=SILENCE_S, data_consumer=None, timeout_overall=None) -> bytes:
        """As mpremote's, which looks at neither limit while bytes keep coming."""
        if timeout == SILENCE_S:  # mpremote's own default
            timeout = self.patience_s
        data = bytearray()
        start = heard = time.monotonic()
        while not data.endswith(ending):
            byte = self.serial.read(1) if self.is_pty or self.serial.in_waiting else b""
            now = time.monotonic()
            if timeout_overall is not None and now >= start + timeout_overall:
                break
            if not byte:
                if timeout is not None and now >= heard + timeout:
                    break
                time.sleep(_POLL_S)
                continue
            heard = now
            if data_consumer:
                data_consumer(byte)
                data[:] = byte
            else:
                data += byte
        return bytes(data)

    def enter_raw_repl(self, soft_reset=False, timeout_overall=SILENCE_S, interrupt=True) -> None:
        """Ask for the raw REPL, what holds the interpreter interrupted first; nothing is reset, so no `soft_reset`."""
        if interrupt:
            self.serial.write(_INTERRUPT)
        self.serial.reset_input_buffer()  # a banner in there would be that of somebody who left
        self._ask_raw_repl(timeout_overall)
        if not interrupt:  # others may have asked while the board was starting: let it finish its answers
            self.read_until(1, _NEVER, timeout=_QUIET_S, timeout_overall=timeout_overall)
            self._ask_raw_repl(timeout_overall)
        self.in_raw_repl = True

    def _ask_raw_repl(self, timeout_s: float) -> None:
        self.serial.write(_RAW_REPL)
        if not self.read_until(1, _BANNER, timeout_overall=timeout_s).endswith(_BANNER):
            raise TransportError("no raw REPL")

    def exec_raw_no_follow(self, command) -> None:
        """As mpremote's, with one kind of error, and without printing what it did not expect."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                super().exec_raw_no_follow(command)
        except struct.error as error:  # of half an answer
            raise TransportError("the answer broke off") from error


def connect(port: str, interrupt: bool = True, timeout_s: float = SILENCE_S) -> Line:
    """The line with the raw REPL entered, what runs there interrupted but not reset.  TargetError when it cannot be had.

    interrupt: False for a board that may be starting, which a Ctrl-C must not keep from it.
    """
    try:
        line = Line(port, timeout_s)
    except (TransportError, serial.SerialException, OSError, ValueError) as error:
        raise TargetError(_why_closed(port)) from error
    try:
        line.enter_raw_repl(timeout_overall=timeout_s, interrupt=interrupt)
    except (TransportError, serial.SerialException, OSError) as error:
        with contextlib.suppress(OSError):  # of a line that is gone
            line.close()
        raise TargetError(f"no MicroPython answers at {port}") from error
    line.serial.timeout = line.serial.write_timeout = line.patience_s = max(timeout_s, SILENCE_S)
    return line


def _why_closed(port: str) -> str:
    """mpremote does not tell, so ask the port itself."""
    try:
        serial.serial_for_url(port, exclusive=True).close()
    except (serial.SerialException, OSError, ValueError) as error:
        text = str(error)
        if "lock" in text or "busy" in text:
            return f"{port} is in use by another program"
        if "No such file" in text or "could not find" in text.lower():
            return f"{port}: there is no such port"
        if "ioctl" in text or "Is a directory" in text or isinstance(error, ValueError):
            return f"{port} is no serial port"
        return f"{port} cannot be opened: {text}"
    return f"{port} cannot be opened"
