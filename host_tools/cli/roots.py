"""`kiosk roots FILE`: the trusted certificates as a file for a kiosk's flash, where it supersedes those of the image."""

import argparse
from pathlib import Path

from host_tools.errors import HostError
from host_tools.roots import bundle, from_pem, shipped


def add_parser(commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("roots", help="make a file of trusted certificates", description=__doc__)
    parser.add_argument("output", type=Path, metavar="FILE", help="to be copied to the kiosk as /ca/roots.bin")
    parser.add_argument(
        "--pem",
        type=Path,
        action="append",
        metavar="PEM",
        help="certificates in PEM; may be repeated (default: Mozilla's)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    ders = set()
    for path in arguments.pem or ():
        ders.update(from_pem(path))
    data = bundle(ders or shipped())
    try:
        arguments.output.write_bytes(data)
    except OSError as error:
        raise HostError(f"{arguments.output}: {error}") from error
    print(f"{arguments.output}: {int.from_bytes(data[6:8], 'big')} certificates, {len(data)} bytes")
    return 0
