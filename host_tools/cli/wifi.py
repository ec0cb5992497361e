"""`kiosk wifi`: which network a kiosk is in, and which it is to join from now on."""

import argparse
import getpass
import sys

from host_tools.errors import HostError
from host_tools.target import open_target

_TIMEOUT_S = 40


def add_parser(commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("wifi", help="look at a kiosk's Wi-Fi, or give it a network", description=__doc__)
    parser.add_argument("ssid", nargs="?", help="the network to join; without it the state is shown")
    parser.add_argument("--target", required=True, help="serial:PORT")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--open", action="store_true", help="the network has no key")
    what.add_argument("--forget", action="store_true", help="know the network no longer")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return 0 when the kiosk is in a network, or has forgotten one."""
    if arguments.ssid is None and (arguments.open or arguments.forget):
        raise HostError("--open and --forget want a network's name")
    given = _given(arguments)
    with open_target(arguments.target) as target:
        answer = target.ask("wifi", *given, timeout_s=_TIMEOUT_S)
    if answer["errMsg"] != "wifi:ok":
        raise HostError(answer["errMsg"])
    known = ", ".join(answer["known"]) or "none"
    where = f"{answer['ssid']}, {answer['signalStrength']} dBm" if answer["ssid"] else answer["reason"] or "no network"
    print(f"{answer['state']}: {where}; known: {known}")
    wanted = arguments.ssid if not arguments.forget else None
    return 0 if arguments.forget or answer["state"] == "joined" and wanted in (None, answer["ssid"]) else 1


def _given(arguments: argparse.Namespace) -> tuple:
    if arguments.ssid is None:
        return ()
    if arguments.forget:
        return (arguments.ssid, None)
    if arguments.open:
        return (arguments.ssid, "")
    # Never an argument: those can be read by everybody on the machine.
    key = getpass.getpass(f"key of {arguments.ssid}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    return (arguments.ssid, key)
