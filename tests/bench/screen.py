"""The screen on the emulated RP2040

A full refresh of 320x240 over SPI at 62.5 MHz, drawing included, against the time that its bits take alone.  Only the
first row is the bus's: the core draws a strip while the one before it goes out, and pages with more in them take what the
drawing takes.  Peers, by their own figures: 0.76 to 0.78 of the bus for a frame that was drawn before.
"""

from pathlib import Path

from host_tools.models.st7789 import St7789
from tests.bench.board import CYCLES_A_MS, cycles_text, run_script
from tests.bench.table import Row
from tests.system.screen.conftest import display_at

_PIXELS = 320 * 240
BUS_CYCLES = _PIXELS * 16 * 2  # two cycles of the core a bit

_SCRIPT = """
import board, gc, machine
from kiosk.ui.paint import font
from kiosk.ui.paint.painter import Painter
class Item:
    def __init__(self, box, draw):
        self.box = box
        self.paint = draw
    def draw(self, surface):
        self.paint(surface, *self.box)
display = __import__(board.display).display()
painter = Painter()
gc.collect()
def measure(items):
    for _ in range(2):
        painter.damage.add(0, 0, 320, 240)
        gc.collect()
        machine.mem32[0x4006C000] = 1
        painter.paint(display, items)
        machine.mem32[0x4006C000] = 2
face = font.face(16)
def plain(s, x, y, w, h):
    s.fill_rect(x, y, w, h, 0xededed)
def card(s, x, y, w, h):
    s.rounded_rect(x, y, w, h, 8, 0xffffff)
def button(s, x, y, w, h):
    s.rounded_rect(x, y, w, h, 6, 0x07c160)
    s.text(x + 20, y + 8, 'Buy now', face, 0xffffff)
def row(s, x, y, w, h):
    s.text(x, y, 'Item of a list, number 12', face, 0x333333)
    s.fill_rect(x, y + h - 1, w, 1, 0xe5e5e5)
boxes = [Item((0, 0, 320, 240), plain), Item((10, 10, 300, 100), card), Item((10, 120, 300, 60), card), Item((60, 190, 200, 40), button)]
rows = [Item((0, 0, 320, 240), plain)] + [Item((10, 30 * n, 300, 30), row) for n in range(8)]
measure([])
measure(boxes)
measure(rows)
"""


def rows(_scratch: Path):
    """The figures of this bench."""
    glass = St7789(turns=1)
    marks = run_script(_SCRIPT, 12, patience_s=240, chips=[display_at(glass)]).marks
    if glass.faults or glass.pixels != 6 * _PIXELS:
        raise RuntimeError(f"{glass.pixels} pixels; {glass.faults}")
    times = [end.cycles - start.cycles for start, end in zip(marks[::2], marks[1::2])][1::2]
    names = ("one colour", "boxes and a button", "a list of 8 rows of text")
    for name, cycles in zip(names, times):
        limit = 0.9 if name == names[0] else None
        yield Row(f"emulated RP2040: full refresh of 320x240, {name}: share of the SPI bus's limit", BUS_CYCLES / cycles, "times",
                  limit, at_least=True, peer=f"{cycles_text(cycles)}; the bits alone: {BUS_CYCLES / CYCLES_A_MS:.1f} ms")  # fmt: skip
