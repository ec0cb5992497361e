"""Where things are in the project's folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
MPY_CROSS = BUILD / "mpy-cross" / "mpy-cross"
EXAMPLES = ROOT / "examples"


def unix_image(bits: int = 64) -> Path:
    """The emulator's executable for one word size."""
    return BUILD / ("unix32" if bits == 32 else "unix") / "mpkiosk"


def gpl_wanted() -> bool:
    """Whether the image with the GPL's codecs is meant, by the environment, as make has it."""
    return os.environ.get("GPL_CODECS") == "1"


def image_name(board: str, gpl: bool = False) -> str:
    """What a board's image goes by: the one with the GPL's codecs (docs/dependencies.md) is another, beside the free one."""
    return board + ("-gpl" if gpl else "")


def firmware_image(board: str, gpl: bool = False) -> Path:
    """A board's image as it is flashed: `make firmware BOARD=...` makes it, with GPL_CODECS=1 the other."""
    return BUILD / "firmware" / image_name(board, gpl) / "firmware.bin"
