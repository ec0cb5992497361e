"""A kiosk at the end of a serial line: a real board, or anything else that shows a terminal device."""

import json
import secrets
import sys
import time
from typing import IO, Any, Optional

import serial
from mpremote.transport import TransportError

from host_tools.errors import ExecError, TargetError
from host_tools.target.target import Target

_RAW_REPL = b"\x01"
_END = b"\x04"
_BANNER = b"raw REPL; CTRL-B to exit\r\n>"
_PIECE = 256  # bytes, each 10 ms, as mpremote sends them where nothing says that there is room
_PIECE_S = 0.01


class SerialTarget(Target):
    """The kiosk at a port such as `/dev/ttyACM0`.  It was running before and runs on when this is closed.

    A board has one line for everything: what its mini-program prints and what it logs comes between the answers, or in
    one, and goes to `output`, by default the host's own.
    """

    def __init__(self, port: str, output: Optional[IO] = None):
        self._output = output or sys.stdout
        super().__init__(port)

    def exec(self, code: str, timeout_s: float = 15) -> str:
        """As Target.exec(); what the mini-program prints while the code runs is in the answer too.

        mpremote expects its handshakes undisturbed, so this speaks the raw REPL itself, and finds where the answer begins
        by a tag that nothing else prints.
        """
        tag = secrets.token_hex(8).encode()
        line = self._transport.serial
        try:
            line.write(_RAW_REPL)
            code = f"print('{tag[:8].decode()}' '{tag[8:].decode()}')\n{code}"
            self._send(code.encode() + _END)
            self._print_aside(self._until(tag, timeout_s))
            self._until(b"\n", timeout_s)
            out, err = self._until(_END, timeout_s), self._until(_END, timeout_s)
        except (TransportError, serial.SerialException, OSError) as error:
            raise TargetError(f"the kiosk at {self.port} does not answer: {error}") from error
        if err:
            raise ExecError(out.decode(errors="replace"), err.decode(errors="replace"))
        return out.decode(errors="replace")

    def _send(self, data: bytes) -> None:
        for start in range(0, len(data), _PIECE):
            self._transport.serial.write(data[start : start + _PIECE])
            time.sleep(_PIECE_S if start + _PIECE < len(data) else 0)

    def _until(self, end: bytes, timeout_s: float) -> bytes:
        """What comes before `end`, within so many seconds."""
        data = self._transport.read_until(1, end, timeout=timeout_s, timeout_overall=timeout_s)
        if not data.endswith(end):
            raise TransportError(f"timeout waiting for {end!r}")
        return data[: -len(end)]

    def _print_aside(self, before: bytes) -> None:
        """Print what came since the last answer, without the REPL's own words: prompt, banner, OK."""
        first, _, rest = before.partition(_BANNER)
        rest = rest[:-2] if rest.endswith(b"OK") else rest
        self._print((first.lstrip(b">") + rest).decode(errors="replace").replace("\r\n", "\n"))

    def ask(self, function: str, *args: Any, timeout_s: float = 15) -> Any:
        """As Target.ask(): the answer is the last line, and what came before it was the mini-program's."""
        text = ", ".join(repr(argument) for argument in args)
        printed = self.exec(f"kiosk.{function}({text})", timeout_s)
        before, _, answer = printed.rstrip().rpartition("\n")
        self._print(before + "\n" if before else "")
        return json.loads(answer)

    def _print(self, text: str) -> None:
        if text:
            self._output.write(text)
            self._output.flush()

    def close(self) -> None:
        """Show what was printed last; then as Target.close()."""
        try:
            self.exec("")
        except TargetError:
            pass  # the kiosk is gone, and with it whatever it had to say
        super().close()
