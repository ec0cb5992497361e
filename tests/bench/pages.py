"""A page of 40 nodes on the emulated RP2040's screen

From setData to the last byte on the display's wire, and from navigateTo to the first full frame; drawing included.
"""

import tempfile
import time
from pathlib import Path

from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from host_tools.target import open_target
from tests.bench.board import CYCLES_A_MS, cycles_text
from tests.bench.table import Row
from tests.system.pages.test_memory import FILES
from tests.system.screen.conftest import display_at

_SET_DATA_MS = 25
_NAVIGATE_MS = 250
_ROUNDS = 3
_PATIENCE_S = 900
_MARK = """
machine = __import__("machine")
def mark(value):
    machine.mem32[0x4006C000] = value
"""
_INDEX = (
    'asyncio = __import__("asyncio")\n'
    + _MARK
    + """
@Page
class Index:
    data = {}
    opened = 0

    async def onShow(self):
        await asyncio.sleep_ms(300)
        if Index.opened < 3:
            Index.opened += 1
            mark(1)
            wx.navigateTo(url="/pages/rows/rows")
"""
)
_ROWS = (
    'asyncio = __import__("asyncio")\n'
    + _MARK
    + """
async def painted():
    screen = __import__("kiosk.ui").ui.screen
    while screen.is_painting:
        await asyncio.sleep_ms(0)

@Page
class Rows:
    data = {"title": "forty nodes", "rows": [{"id": n, "name": "row %d" % n, "count": n} for n in range(7)]}

    async def onReady(self):
        await painted()
        mark(2)
        await asyncio.sleep_ms(300)
        mark(3)
        self.setData({"rows[3].count": 5})
        await painted()
        mark(4)
        wx.navigateBack()
"""
)


def rows(_scratch: Path):
    """The figures of this bench."""
    marks = _marks()
    taken = {
        first: [end.cycles - start.cycles for start, end in zip(marks[first - 1 :: 4], marks[first::4])]
        for first in (1, 3)
    }
    for first, limit, what in (
        (3, _SET_DATA_MS, "setData of one number, to the last byte on the wire"),
        (1, _NAVIGATE_MS, "navigateTo to the first full frame"),
    ):
        worst = max(taken[first][1:])  # the first one compiles the loops and reads the fonts' tables
        yield Row(f"emulated RP2040: page of 40 nodes, {what}", worst / CYCLES_A_MS, "ms", limit,
                  peer=f"{cycles_text(worst)}; the first time {taken[first][0] / CYCLES_A_MS:.1f} ms")  # fmt: skip


def _marks():
    files = {
        **FILES,
        "pages/index/index.py": _INDEX,
        "pages/index/index.wxml": "<view>first</view>",
        "pages/rows/rows.py": _ROWS,
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
            while len(target.board.marks) < 4 * _ROUNDS:
                if time.monotonic() > end:
                    raise RuntimeError(f"marks: {target.board.marks}")
                time.sleep(0.05)  # not target.wait(): the console would run between two strips
            if glass.faults:
                raise RuntimeError(str(glass.faults))
            return target.board.marks
