"""The emulated RP2040 beside rp2040js as it comes.

The same image boots and runs the same code to the same mark, in interleaved rounds; what is compared is the CPU time of
the two processes, so that a busy machine moves both sides little.
"""

import resource
import statistics
import subprocess
from pathlib import Path

from host_tools.paths import firmware_image
from host_tools.virtual_board.board import RP2040JS
from host_tools.virtual_board.nano import BOARD
from host_tools.virtual_board.rom import rom_image
from tests.bench.table import Row
from tests.system.virtual.boards import MARK, scripted

_CODE = "import machine\n" + MARK % 1 + "for n in range(8): x = sorted(str(i * 7.5) for i in range(900))\n" + MARK % 2
_ROUNDS = 3
_MAIN = Path(__file__).parent / "plain.mjs"


def _children_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _ours() -> "tuple[int, float]":
    """Cycles of the whole run, and CPU seconds for them."""
    before = _children_s()
    board = scripted(_CODE)
    return board.marks[1].busy_cycles, _children_s() - before


def _plain() -> float:
    before = _children_s()
    subprocess.run(["node", _MAIN, RP2040JS, rom_image(), firmware_image(BOARD), _CODE], check=True, timeout=120)
    return _children_s() - before


def rows(_scratch: Path) -> list:
    """The rows of this bench."""
    rounds = [(*_ours(), _plain()) for _ in range(_ROUNDS)]
    speed = statistics.median(cycles / seconds / 1e6 for cycles, seconds, _ in rounds)
    ratio = statistics.median(plain / ours for _, ours, plain in rounds)
    return [
        Row("emulated RP2040: million busy cycles a CPU second", speed, "Mc/s"),
        Row("emulated RP2040 beside rp2040js as it comes", ratio, "x", 0.8, at_least=True, peer="rp2040js 1.4.1"),
    ]
