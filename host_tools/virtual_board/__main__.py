"""Switch a virtual board on and leave it on: `python -m host_tools.virtual_board [--flash FILE]`.

Has the kiosk join the Wi-Fi network in the air, prints the serial port, which `mpremote connect` takes, and runs until
Ctrl-C or until the board's end.
"""

import argparse
import sys
from pathlib import Path
from typing import List, Optional

from host_tools.errors import HostError, TargetError
from host_tools.models.nina import Network, Nina
from host_tools.models.sockets import HostSockets
from host_tools.models.timeserver import TimeServer
from host_tools.paths import firmware_image
from host_tools.target.serial import SerialTarget
from host_tools.target.virtual import join
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD, nina_wiring


def arguments(argv: Optional[List[str]] = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m host_tools.virtual_board", description=__doc__)
    parser.add_argument("--image", type=Path, default=firmware_image(BOARD), help="the firmware, as flashed (.bin)")
    parser.add_argument("--flash", type=Path, metavar="FILE", help="the file that plays the flash chip, and keeps it")
    parser.add_argument("--cut-after", type=int, metavar="N", help="cut the power after N flash operations")
    parser.add_argument(
        "--torn", type=int, metavar="SEED", help="cut it in the last of them, with some of its bits done"
    )
    parser.add_argument("--trace", type=Path, metavar="VCD", help="write the levels of pins and buses there")
    parser.add_argument("--network", default="kiosk:password", metavar="SSID:KEY", help="the access point in the air")
    return parser.parse_args(argv)


def _join(board: VirtualBoard, nina: Nina) -> None:
    """A board without its network stays on: the line says why, and whoever has the port can look."""
    try:
        with SerialTarget(board.port, sys.stderr) as target:
            join(target, nina)
    except TargetError as error:
        print(f"mpkiosk: {board.ended or error}", file=sys.stderr)


def main(argv: Optional[List[str]] = None) -> int:
    """Run the command; return its exit status."""
    options = arguments(argv)
    ssid, _, key = options.network.partition(":")
    try:
        if not options.image.exists():
            raise HostError(f"{options.image} is not there; run: make firmware BOARD={BOARD}")
        time_server = TimeServer()
        nina = Nina([Network(ssid, key)], HostSockets(time_server=time_server.address))
        settings = {
            "flash": options.flash,
            "cut_after": options.cut_after,
            "torn": options.torn,
            "trace": options.trace,
        }
        with VirtualBoard(options.image, chips=[nina_wiring(nina)], **settings) as board:
            _join(board, nina)
            print(board.port, flush=True)
            while board.wait_ended(1) is None:
                pass
            print(f"the board has ended: {board.ended}; {board.counts}", file=sys.stderr)
    except HostError as error:
        print(f"mpkiosk: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
