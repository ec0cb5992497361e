"""`kiosk flash`: write an image to a board, to the drive of its boot loader (RP2040) or with esptool (ESP32)."""

import argparse
from pathlib import Path
from typing import Optional

from host_tools.cli.install import show
from host_tools.errors import HostError
from host_tools.firmware import boards, images
from host_tools.paths import BUILD


def add_parser(commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("flash", help="write an image to a board", description=__doc__)
    parser.add_argument("board", metavar="BOARD", help="a folder under boards/; its image is in build/firmware/BOARD")
    parser.add_argument("--image", type=Path, metavar="FILE", help="another image than that")
    parser.add_argument("--drive", type=Path, metavar="FOLDER", help="the boot loader's drive, where it is not found")
    parser.add_argument("--port", help="the serial port of an ESP32")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return 0."""
    board = boards.load(arguments.board)
    if board.port not in ("rp2", "esp32"):
        raise HostError(f"{board.name} has no image of its own")
    image = arguments.image or BUILD / "firmware" / board.name / f"firmware.{'uf2' if board.port == 'rp2' else 'bin'}"
    if not image.exists():
        raise HostError(f"there is no image {image}; run: make firmware BOARD={board.name}")
    chip = images.chip_of(image)
    if chip != board.mcu:
        raise HostError(f"{image} is for the {chip}; {board.name} has an {board.mcu}")
    partition = board.image_partition()
    if partition and images.end_of(image) > partition.offset + partition.size:
        raise HostError(
            f"{image} reaches beyond the partition {partition.name} of {board.name}, into the kiosk's files"
        )
    if board.port == "esp32":
        if not arguments.port:
            raise HostError(f"{board.name} is flashed over its serial line: --port PORT")
        images.esptool(image, arguments.port, board.mcu)
    else:
        images.copy_to_drive(image, _drive(arguments.drive, board.facts["bootloader"]), show)
    return 0


def _drive(given: Optional[Path], how: str) -> Path:
    found = [given] if given else images.drives()
    if not found:
        raise HostError(f"no drive of a boot loader is mounted: {how}")
    if len(found) > 1:
        raise HostError(f"more than one drive of a boot loader: {', '.join(map(str, found))}; choose with --drive")
    return found[0]
