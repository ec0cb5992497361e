"""`kiosk doctor`: look whether everything is there, and say how to get what is not."""

import argparse
import json
import subprocess
import sys

from host_tools.errors import HostError
from host_tools.paths import BUILD, MPY_CROSS, unix_image
from host_tools.target import SerialTarget, Target, UnixTarget


def add_parser(commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("doctor", help="look whether everything is there", description=__doc__)
    parser.add_argument("--port", help="look at the kiosk at this serial port too, such as /dev/ttyACM0")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return 0 when nothing is missing."""
    healthy = True
    checks = list(_CHECKS)
    if arguments.port:
        remedy = "see docs/boards.md for how a board becomes a kiosk"
        checks.append(("the kiosk at the port", lambda: _answer(SerialTarget(arguments.port)), remedy))
    for title, check, remedy in checks:
        try:
            found = check()
        except (HostError, OSError, subprocess.SubprocessError, ValueError) as error:
            healthy = False
            print(f"missing  {title}: {error}; {remedy}")
        else:
            print(f"ok       {title}: {found}")
    return 0 if healthy else 1


def _python() -> str:
    return sys.version.split()[0]


def _sources() -> str:
    versions = json.loads((BUILD / "sources" / "versions.json").read_text())
    return ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))


def _image(bits: int) -> str:
    code = "import sys; print(sys.version.split('; ')[1], sys.maxsize > 2 ** 31 and 64 or 32, 'bits')"
    done = subprocess.run([str(unix_image(bits)), "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _mpy_cross() -> str:
    done = subprocess.run([str(MPY_CROSS), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _answer(kiosk: Target) -> str:
    with kiosk:
        state = kiosk.state()
    return f"answers, {state['heapUsed']} bytes of heap in use"


_CHECKS = (
    ("Python", _python, ""),
    ("C sources", _sources, "run: make setup"),
    ("emulator", lambda: _image(64), "run: make unix"),
    ("emulator of 32 bits (for --heap and the tests)", lambda: _image(32), "run: make unix32"),
    ("compiler of scripts", _mpy_cross, "run: make unix"),
    ("the kiosk's console", lambda: _answer(UnixTarget()), "run: make unix"),
)
