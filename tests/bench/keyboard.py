"""
The on-screen keyboard on the emulated RP2040

From a finger on a key to the last byte on the display's wire, and the first page of candidates for what has been spelt.
"""

from pathlib import Path

from host_tools.models.st7789 import St7789
from tests.bench.board import CYCLES_A_MS, cycles_text, run_script
from tests.bench.table import Row
from tests.system.screen.conftest import display_at

_ROUNDS = 3
_SPELT = ("shi", "zhongguo")
_SCRIPT = f"ROUNDS, SPELT = {_ROUNDS}, {_SPELT}\n"
_SCRIPT += """
import asyncio, board, gc, machine
from kiosk.ui.boardscreen import BoardScreen
from kiosk.ui.keyboard import Keyboard
from kiosk.ui.keyboard.composer import Composer
from kiosk.ui.keyboard.table import DATA
from kiosk.ui.paint import font
def mark(value):
    machine.mem32[0x4006C000] = value
async def painted(screen):
    while screen.is_painting:
        await asyncio.sleep_ms(0)
async def main():
    screen = BoardScreen(__import__(board.display).display(), None)
    keyboard = Keyboard(screen, "text", "done", None)
    keyboard.open()
    await painted(screen)
    for _ in range(ROUNDS):
        gc.collect()
        mark(1)
        keyboard.touched("start", 80, 120)
        await painted(screen)
        mark(2)
        keyboard.touched("cancel", 80, 120)
        await painted(screen)
    composer = Composer(DATA, font.face(16))
    for letters in SPELT:
        for _ in range(ROUNDS):
            gc.collect()
            mark(1)
            composer.spell(letters)
            composer.keys(320, 0, 36)
            mark(2)
asyncio.run(main())
"""


def rows(_scratch: Path):
    """The figures of this bench."""
    glass = St7789(turns=1)
    count = 2 * _ROUNDS * (1 + len(_SPELT))
    marks = run_script(_SCRIPT, count, patience_s=240, chips=[display_at(glass)]).marks
    if glass.faults:
        raise RuntimeError(str(glass.faults))
    times = [end.cycles - start.cycles for start, end in zip(marks[::2], marks[1::2])]
    names = ["a key pressed, to the last byte on the wire", *(f"the first candidates for {each}" for each in _SPELT)]
    for at, name in enumerate(names):
        first, *others = times[_ROUNDS * at : _ROUNDS * (at + 1)]
        yield Row(f"emulated RP2040: keyboard, {name}", max(others) / CYCLES_A_MS, "ms",
                  peer=f"{cycles_text(max(others))}; the first time {first / CYCLES_A_MS:.1f} ms")  # fmt: skip
