"""A kiosk at the end of a serial line: a real board, or anything else that shows a terminal device."""

import json
import re
import sys
from typing import IO, Any, Optional

from host_tools.errors import TargetError
from host_tools.target.target import Target

# What the kiosk writes to its log comes between these two (firmware/kiosk/console/held.py).
_ERRORS = re.compile("\x1c([^\x1c\x1d]*)\x1d")


class SerialTarget(Target):
    """The kiosk at a port such as `/dev/ttyACM0`.  It was running before and runs on when this is closed.

    A board has one line for everything.  It holds what its mini-program prints and what it logs while this is
    connected, and says it before its next answer: it goes to `output` and `errors` then, by default the host's own.
    """

    def __init__(self, port: str, output: Optional[IO] = None, errors: Optional[IO] = None):
        self._output = output or sys.stdout
        self._errors = errors or sys.stderr
        super().__init__(port)

    def ask(self, function: str, *args: Any, timeout_s: float = 15) -> Any:
        """As Target.ask(): the answer is the last line, and what came before it had been held."""
        text = ", ".join(repr(argument) for argument in args)
        printed = self.exec(f"kiosk.{function}({text})", timeout_s)
        printed = printed.replace("\r\n", "\n")
        self._write(self._errors, "".join(_ERRORS.findall(printed)))
        before, newline, answer = _ERRORS.sub("", printed).rstrip("\n").rpartition("\n")
        self._write(self._output, before + newline)
        if not answer:
            raise TargetError(f"kiosk.{function} gave no answer")
        return json.loads(answer)

    def catch_up(self) -> None:
        """As Target.catch_up(): any answer brings what was held."""
        self.pages()

    def _write(self, stream: IO, text: str) -> None:
        if text:
            stream.write(text)
            stream.flush()

    def close(self) -> None:
        """Show what was printed last; then as Target.close()."""
        try:
            self.catch_up()
        except TargetError:
            pass  # the kiosk is gone, and with it whatever it had to say
        super().close()
