"""Where things are in the project's folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
MPY_CROSS = BUILD / "mpy-cross" / "mpy-cross"
EXAMPLES = ROOT / "examples"


def unix_image(bits: int = 64) -> Path:
    """The emulator's executable for one word size."""
    return BUILD / ("unix32" if bits == 32 else "unix") / "mpkiosk"


def firmware_image(board: str) -> Path:
    """A board's image as it is flashed: `make firmware BOARD=...` makes it."""
    return BUILD / "firmware" / board / "firmware.bin"
