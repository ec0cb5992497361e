"""wx.setStorageSync on the emulated RP2040

1,000 calls in a mini-program for each size, each with another value under the same key, on littlefs in the emulated
flash: a sector erased takes 50 ms, a page of 256 bytes programmed 0.4 ms, the rest is the core's.
"""

from pathlib import Path

from host_tools.target import open_target
from host_tools.virtual_board.board import Mark
from tests.bench.board import CYCLES_A_MS, pack, run_to
from tests.bench.table import Row

_CALLS = 1000
_SIZES = {20: (1, 1), 1024: (8, 2)}  # at most, p99: pages programmed, sectors erased
_BEFORE, _AFTER, _DONE = 1, 2, 3
_DIGITS = 8
_INDEX = """
import wx

machine, asyncio = __import__("machine"), __import__("asyncio")

@Page
class Index:
    async def onReady(self):
        for size in %r:
            text = "v" * (size - %d)
            for number in range(%d):
                value = text + "%%0%dd" %% number
                machine.mem32[0x4006C000] = %d
                wx.setStorageSync("key", value)
                machine.mem32[0x4006C000] = %d
                await asyncio.sleep_ms(0)
        machine.mem32[0x4006C000] = %d
"""


def rows(scratch: Path):
    """The figures of this bench."""
    flash = scratch / "storage.flash"
    code = _INDEX % (tuple(_SIZES), _DIGITS, _CALLS, _DIGITS, _BEFORE, _AFTER, _DONE)
    packed = pack(scratch / "boardstorage", code)
    with open_target("virtual", flash=flash, warp=True) as target:
        target.install(packed, "storage")
        target.ask("autostart", "storage")
    marks = run_to(_DONE, flash, patience_s=900).marks[:-1]
    calls = list(zip(marks[::2], marks[1::2]))
    for number, (size, limits) in enumerate(_SIZES.items()):
        yield from _rows(size, limits, calls[number * _CALLS : (number + 1) * _CALLS])


def _rows(size: int, limits, calls):
    def taken(part):
        values = sorted(part(after) - part(before) for before, after in calls)
        return values[_CALLS // 2], values[_CALLS * 99 // 100], sum(values) / _CALLS

    programs, erases = taken(lambda mark: mark.programmed), taken(lambda mark: mark.erased)
    cycles, busy = taken(lambda mark: mark.cycles), taken(_busy)
    what = f"emulated RP2040: setStorageSync of {size:,} bytes, {_CALLS:,} times"
    yield Row(f"{what}: pages programmed, p99", programs[1], "pages", limits[0],
              peer=f"p50 {programs[0]}, mean {programs[2]:.3g}")  # fmt: skip
    yield Row(f"{what}: sectors erased, p99", erases[1], "sectors", limits[1],
              peer=f"p50 {erases[0]}, mean {erases[2]:.3g}")  # fmt: skip
    yield Row(f"{what}: time, p99", cycles[1] / CYCLES_A_MS, "ms",
              peer=f"p50 {cycles[0] / CYCLES_A_MS:.1f} ms, mean {cycles[2] / CYCLES_A_MS:.1f} ms; the core's part: "
              f"p50 {busy[0] / CYCLES_A_MS:.1f} ms, p99 {busy[1] / CYCLES_A_MS:.1f} ms")  # fmt: skip


def _busy(mark: Mark) -> int:
    return mark.busy_cycles
