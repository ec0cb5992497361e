"""A kiosk at the end of a serial line: a real board, or anything else that shows a terminal device."""

import json
import sys
from typing import IO, Any, Optional

import serial
from mpremote.transport import TransportError

from host_tools.errors import TargetError
from host_tools.target.target import Target

_CTRL_A = b"\x01"
_BANNER = b"raw REPL; CTRL-B to exit\r\n"


class SerialTarget(Target):
    """The kiosk at a port such as `/dev/ttyACM0`.  It was running before and runs on when this is closed.

    A board has one line for everything: what its mini-program prints and what it logs comes between the answers, or in
    front of one, and goes to `output`, by default the host's own.
    """

    def __init__(self, port: str, output: Optional[IO] = None):
        self._output = output or sys.stdout
        super().__init__(port)

    def exec(self, code: str, timeout_s: float = 15) -> str:
        """As Target.exec(); what the mini-program prints while the code runs is in the answer too."""
        self._collect()
        return super().exec(code, timeout_s)

    def ask(self, function: str, *args: Any, timeout_s: float = 15) -> Any:
        """As Target.ask(): the answer is the last line, and what came before it was the mini-program's."""
        text = ", ".join(repr(argument) for argument in args)
        printed = self.exec(f"kiosk.{function}({text})", timeout_s)
        before, _, answer = printed.rstrip().rpartition("\n")
        self._print(before + "\n" if before else "")
        return json.loads(answer)

    def _collect(self) -> None:
        """Have the raw REPL announce itself again: what comes before that was printed since the last answer."""
        line = self._transport.serial
        try:
            line.write(_CTRL_A)
            printed = self._transport.read_until(1, _BANNER, timeout=10)
        except (TransportError, serial.SerialException, OSError) as error:
            raise TargetError(f"the kiosk at {self.port} does not answer: {error}") from error
        if not printed.endswith(_BANNER):
            raise TargetError(f"the kiosk at {self.port} is out of step")
        # The prompt that the last answer ended with; the new one stays where mpremote looks for it.
        self._print(printed[: -len(_BANNER)].lstrip(b">").decode(errors="replace").replace("\r\n", "\n"))

    def _print(self, text: str) -> None:
        if text:
            self._output.write(text)
            self._output.flush()

    def close(self) -> None:
        """Show what was printed last; then as Target.close()."""
        try:
            self._collect()
        except TargetError:
            pass  # the kiosk is gone, and with it whatever it had to say
        super().close()
