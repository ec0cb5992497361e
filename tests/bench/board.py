"""What the benches on the emulated RP2040 share: cycles at 125 MHz, symbols of the image, a board that runs to a mark."""

import re
import subprocess
import time
from pathlib import Path

from host_tools.package.pack import pack_folder
from host_tools.paths import firmware_image
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD
from tests.system.virtual.boards import scripted

CYCLES_A_MS = 125_000
_PATIENCE_S = 90

# In a mini-program, which may import no `machine`: the host's checks are of what it imports.
MARK_IN_PROGRAM = '__import__("machine").mem32[0x4006C000] = %d\n'


def symbols(*names: str) -> "dict[int, str]":
    """Address -> name, of functions of the image."""
    elf = firmware_image(BOARD).with_suffix(".elf")
    text = subprocess.run(["arm-none-eabi-nm", elf], capture_output=True, text=True, check=True).stdout
    found = {name: int(address, 16) & ~1 for address, name in re.findall(r"^(\w+) [tT] (\w+)$", text, re.M)}
    return {found[name]: name for name in names}


def run_to(value: int, flash: Path, patience_s: float = _PATIENCE_S, **settings) -> VirtualBoard:
    """Switch a board on; return it, switched off, once it has made the mark `value`."""
    with VirtualBoard(firmware_image(BOARD), flash=flash, warp=True, **settings) as board:
        end = time.monotonic() + patience_s
        while not any(mark.value == value for mark in board.marks):
            if board.ended is not None or time.monotonic() > end:
                raise RuntimeError(f"ended: {board.ended}; no mark {value} among {board.marks[-3:]}")
            time.sleep(0.02)
    return board


def run_script(code: str, marks: int, patience_s: float = _PATIENCE_S, **settings) -> VirtualBoard:
    """scripted(), with an error when that many marks have not come."""
    board = scripted(code, marks=marks, timeout_s=patience_s, **settings)
    if len(board.marks) < marks:
        raise RuntimeError(f"ended: {board.ended}; marks: {board.marks}; printed: {bytes(board.printed)!r}")
    return board


def pack(folder: Path, index: str) -> Path:
    """A packed mini-program whose only page is `index`."""
    page = folder / "source" / "pages" / "index"
    page.mkdir(parents=True)
    (folder / "source" / "app.json").write_text('{"pages": ["pages/index/index"]}', encoding="utf-8")
    (page / "index.py").write_text(index, encoding="utf-8")
    pack_folder(folder / "source", folder / "packed")
    return folder / "packed"


def cycles_text(cycles: float) -> str:
    """Cycles, and what they are in ms."""
    return f"{cycles:,.0f} cycles ({cycles / CYCLES_A_MS:,.1f} ms)"
