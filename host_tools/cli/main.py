"""`kiosk`: reads the command line, runs one command, turns its errors into one line and an exit status.

0: done.  1: could not be done, or the mini-program had to be stopped.  2: wrong usage.
"""

import argparse
import sys
from typing import NoReturn, Optional, Sequence

from host_tools.cli import doctor, flash, install, new, pack, roots, run, wifi
from host_tools.errors import HostError

_COMMANDS = (run, new, pack, install, flash, wifi, roots, doctor)
_INTERRUPTED = 130  # as a shell reports a program that Ctrl-C ended


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Wrong usage is one line, not the whole usage text."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run one command; return the exit status."""
    parser = _Parser(prog="kiosk", description="Make, run and look into mini-programs for mpkiosk.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in _COMMANDS:
        module.add_parser(commands)
    arguments = parser.parse_args(argv)
    try:
        return arguments.run(arguments)
    except HostError as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
