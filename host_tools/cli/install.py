"""`kiosk install`: put the runtime on a board that has MicroPython already, as files over its serial line."""

import argparse
import sys

from host_tools.errors import HostError
from host_tools.firmware import boards
from host_tools.firmware.install import install


def add_parser(commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("install", help="put the runtime on stock MicroPython", description=__doc__)
    parser.add_argument("--port", required=True, help="the board's serial port, such as /dev/ttyACM0")
    parser.add_argument("--board", default="GENERIC_S3_STOCK", help="its folder under boards/ (GENERIC_S3_STOCK)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return 0."""
    board = boards.load(arguments.board)
    if board.port != "stock":
        raise HostError(f"{board.name} has an image of its own; use: make firmware BOARD={board.name}")
    written = install(arguments.port, board, show)
    print(f"{written} files written; the kiosk has started" if written else "everything was there already")
    return 0


def show(what: str, done: int, total: int) -> None:
    """Show how far a copy is, on one line that is written over; where nobody watches, say nothing."""
    if sys.stderr.isatty():
        percent = 100 * done // total if total else 100
        print(f"\r\033[K  {percent:3} % {what}", end="" if what else "\n", flush=True, file=sys.stderr)
