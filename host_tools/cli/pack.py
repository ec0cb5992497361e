"""`kiosk pack APP`: check a mini-program and make one file of it, its scripts compiled to .mpy."""

import argparse
import tempfile
from pathlib import Path

from host_tools.errors import HostError
from host_tools.package.pack import check_manifest, pack_file


def add_parser(commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("pack", help="make one file of a mini-program", description=__doc__)
    parser.add_argument("app", type=Path, metavar="APP", help="folder of a mini-program")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: <appid>-<version>.zip")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    if not arguments.app.is_dir():
        raise HostError(f"{arguments.app}: no such folder")
    settings = check_manifest(arguments.app)
    output = arguments.output or Path(f"{settings['appid']}-{settings['version']}.zip")
    with tempfile.TemporaryDirectory(prefix="mpkiosk-") as scratch:
        try:
            pack_file(arguments.app, output, Path(scratch) / "app")
        except OSError as error:
            raise HostError(f"{error.filename or output}: {error.strerror}") from error
    print(f"{output}: {output.stat().st_size} bytes")
    return 0
