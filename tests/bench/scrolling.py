"""A list of 50 rows that is scrolled on the emulated RP2040

Frames a second where each frame is all of the screen, beside those that the bus alone would allow; and how long a turn of the
loop takes meanwhile, which is what sound and network wait.
"""

import tempfile
import time
from pathlib import Path

from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from host_tools.target import open_target
from tests.bench.board import CYCLES_A_MS
from tests.bench.screen import BUS_CYCLES
from tests.bench.table import Row
from tests.system.pages.test_memory import FILES
from tests.system.screen.conftest import display_at

_FRAMES = 10
# A loop that stands still for this long is not heard (kiosk/media/mixer.py).  A turn in which a full heap is collected takes some
# 25 ms more than the others.
_TURN_MS = 80
_PATIENCE_S = 900
_INDEX = (
    """
asyncio = __import__("asyncio")
machine = __import__("machine")
def mark(value):
    machine.mem32[0x4006C000] = value

@Page
class Index:
    data = {"title": "fifty rows", "rows": [{"id": n, "name": "row number %%d" %% n, "count": n %% 6} for n in range(50)]}

    async def onReady(self):
        screen = __import__("kiosk.ui").ui.screen
        root = screen.views[self].tree.root
        await asyncio.sleep_ms(2000)  # what has launched it is answered, and the screen is painted
        __import__("gc").collect()
        for frame in range(%d):
            mark(1)
            root.scroll = (0, 17 * (frame + 1))
            screen.spoil(0, 0, 320, 240)
            while screen.is_painting:
                await asyncio.sleep_ms(0)
                mark(2)
        mark(3)
"""
    % _FRAMES
)


def rows(_scratch: Path):
    """The figures of this bench."""
    marks = _marks()
    starts = [at for at, mark in enumerate(marks) if mark.value == 1]
    ends = [at - 1 for at in starts[1:]] + [len(marks) - 2]
    frames = [marks[end].cycles - marks[start].cycles for start, end in zip(starts, ends)]
    turns = [
        after.cycles - before.cycles
        for start, end in zip(starts, ends)
        for before, after in zip(marks[start:end], marks[start + 1 : end + 1])
    ]
    mean = sum(frames) / len(frames)
    a_second = 1000 * CYCLES_A_MS
    yield Row("emulated RP2040: a list of 50 rows, scrolled", a_second / mean, "frames a second",
              peer=f"the bus alone: {a_second / BUS_CYCLES:.1f}; a frame: {mean / CYCLES_A_MS:.1f} ms")  # fmt: skip
    yield Row("emulated RP2040: longest turn of the loop while a screen full of text is painted", max(turns) / CYCLES_A_MS, "ms",
              _TURN_MS, peer=f"mean {sum(turns) / len(turns) / CYCLES_A_MS:.1f} ms")  # fmt: skip


def _marks():
    files = {
        "app.json": '{"pages": ["pages/index/index"]}',
        "pages/index/index.py": _INDEX,
        "pages/index/index.wxml": FILES["pages/rows/rows.wxml"],
        "pages/index/index.wxss": FILES["pages/rows/rows.wxss"],
    }
    with tempfile.TemporaryDirectory(prefix="mpkiosk-") as scratch:
        source, packed = Path(scratch) / "source", Path(scratch) / "packed"
        for path, text in files.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(text, encoding="utf-8")
        appid = pack_folder(source, packed)
        glass = St7789(turns=1)
        with open_target("virtual", chips=[display_at(glass)], apps={appid: packed}, warp=True) as target:
            target.launch(appid)
            end = time.monotonic() + _PATIENCE_S
            while not target.board.marks or target.board.marks[-1].value != 3:
                if time.monotonic() > end:
                    raise RuntimeError(f"marks: {target.board.marks[-3:]}")
                time.sleep(0.05)  # not target.wait(): the console would run between two strips
            if glass.faults:
                raise RuntimeError(str(glass.faults))
            return target.board.marks
