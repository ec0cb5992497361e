"""TrueType on the emulated RP2040

A line of one letter, fifteen times, from a small font on the flash: the first time its outline is drawn, after that it comes from the
picture that is kept.  Cycles between marks; the heap is what a font holds, which FreeType's own memory is a part of.
"""

from pathlib import Path

from host_tools.target import open_target
from tests.bench.board import cycles_text, run_script
from tests.bench.table import Row
from tests.fakes import tinyfont

_CURVED = tinyfont.outline([(1, 50, -100), (0, 900, -50), (1, 500, 700), (0, 100, 900), (0, 0, 300)])
_FONT = tinyfont.build((b"", _CURVED, _CURVED))
_LINE = "A" * 15
_SIZE = 20
_PATIENCE_S = 600
_DRAW = """
import fonts, gc, machine
from kiosk.ui.paint import font
from kiosk.ui.paint.outline import Family
from kiosk.ui.paint.surface import Surface
strip = Surface(320 * 32 * 2)
strip.aim(0, 0, 320, 32)
beside = font.face(%d)
strip.text(0, 0, %r, beside, 0)
family = Family()
gc.collect()
before = gc.mem_alloc()
family.put(False, fonts.Font(open("/sans.ttf", "rb")))
face = family.face(%d, False, beside)
gc.collect()
machine.mem32[0x4006C000] = gc.mem_alloc() - before
for _ in range(2):
    machine.mem32[0x4006C000] = 1
    strip.text(0, 0, %r, face, 0)
    machine.mem32[0x4006C000] = 2
gc.collect()
machine.mem32[0x4006C000] = gc.mem_alloc() - before
"""


def rows(scratch: Path):
    """The figures of this bench."""
    flash = scratch / "fonts.flash"
    with open_target("virtual", flash=flash, warp=True) as target:
        target.put("/sans.ttf", _FONT)
    marks = run_script(_DRAW % (_SIZE, _LINE, _SIZE, _LINE), 6, flash=flash, patience_s=_PATIENCE_S).marks
    what = "emulated RP2040: a small TrueType font, %d px" % _SIZE
    yield Row(f"{what}, open: heap", marks[0].value, "bytes")
    for name, start, end in (
        ("the first time (one outline)", *marks[1:3]),
        ("from pictures that are kept", *marks[3:5]),
    ):
        taken = end.busy_cycles - start.busy_cycles
        beside = f"{len(_LINE)} characters: {cycles_text(taken)}"
        yield Row(f"{what}, a line of text {name}", taken / len(_LINE), "cycles a character", peer=beside)
    yield Row(f"{what}, a line of text drawn: heap", marks[5].value, "bytes")
