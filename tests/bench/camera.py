"""The camera on the emulated RP2040

Photos of 320x240 with the preview on, against what the wire and the sensor need: the photo's bytes at the SPI's rate, and one
frame (33.3 ms).  The clock is the emulated one.  Two things are physics and stand apart: the flash's own time, 0.4 ms for 256 bytes
and 50 ms for each erase of 4 KB, and the wait for the sensor, which runs freely, to begin its next frame, up to another 33.3 ms.
"""

import json
import time
from pathlib import Path

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.ov2640 import ArduCam, wirings
from host_tools.models.st7789 import St7789
from host_tools.models.wiring import I2cWiring, SpiWiring
from host_tools.package.pack import pack_folder
from host_tools.target import open_target
from host_tools.virtual_board.board import Mark
from tests.bench.board import CYCLES_A_MS
from tests.bench.table import Row

_SPI_HZ = 125e6 / 16  # what the port makes of 8 MHz
_FRAME_MS = 33.3
_ERASE_MS, _PROGRAM_MS = 50, 0.4  # of the emulated flash
_PHOTOS = 6
_PATIENCE_S = 300
_WAITS = 6
_WXML = '<camera resolution="low" style="display:block;width:%dpx;height:%dpx" bindinitdone="ready"/>'
_TOUCH = """
from kiosk import camera
memory = __import__("machine").mem32
camera._driver._put(0, 0x55)
memory[0x4006C000] = 4
"""
_PAGE = """
gc = __import__("gc")  # the host's checks are of what it imports
asyncio = __import__("asyncio")
memory = __import__("machine").mem32  # looked for on the flash each time
def mark(value):
    memory[0x4006C000] = value
@Page
class Index:
    data = {}
    def onLoad(self, query):
        self.context = wx.createCameraContext()
        self.is_ready = False
        self.used = []
        self.failed = ""
        self.done = 0
    def ready(self, event):
        self.is_ready = True
    async def take(self, count):
        try:
            for number in range(count):
                await asyncio.sleep_ms(500 + 7 * number)  # the preview is back, somewhere in its frame
                gc.collect()
                before = gc.mem_alloc()
                mark(1)
                res = await self.context.takePhoto(quality="normal")
                mark(2)
                gc.collect()
                self.used.append(gc.mem_alloc() - before)
                wx.getFileSystemManager().saveFileSync(res.tempImagePath, "wxfile://usr/photo.jpg")
                self.done += 1
        except wx.Error as exc:
            self.failed = str(exc)
"""


def _packed(folder: Path, width: int, height: int) -> Path:
    page = folder / "source" / "pages" / "index"
    page.mkdir(parents=True)
    (folder / "source" / "app.json").write_text(
        '{"pages": ["pages/index/index"], "window": {"navigationStyle": "custom"}}', encoding="utf-8"
    )
    (page / "index.py").write_text(_PAGE, encoding="utf-8")
    (page / "index.wxml").write_text(_WXML % (width, height), encoding="utf-8")
    pack_folder(folder / "source", folder / "packed")
    return folder / "packed"


def _ask(target, code: str):
    return json.loads(
        target.exec(f"import json\nfrom kiosk import router\npage = router.stack[-1]\nprint(json.dumps({code}))", 90)
    )


def _until(target, code: str) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not _ask(target, code):
        if time.monotonic() > end or _ask(target, "page.failed"):
            raise RuntimeError(f"{code} did not come: {_ask(target, 'page.failed')}")
        target.wait(300)


def rows(scratch: Path):
    """The figures of this bench."""
    yield from _photos(_packed(scratch / "photos", 160, 120))
    for width, height in ((160, 120), (320, 240)):
        yield _preview(_packed(scratch / f"preview{width}", width, height), width, height)


def _board(packed: Path, camera: ArduCam):
    chips = [
        SpiWiring(St7789(turns=1), 0, cs=5, pins={"dc": 15, "reset": 25, "backlight": 26}),
        I2cWiring(Ft6x36(turns=1), 0, {"int": 27, "reset": 28}),
        *wirings(camera),
    ]
    return open_target("virtual", apps={"camera": packed}, chips=chips, warp=True)


def _photos(packed: Path):
    camera = _Timed()
    with _board(packed, camera) as target:
        target.launch("camera", allow=["scope.camera"])
        _until(target, "page.is_ready")
        target.exec(_TOUCH)
        target.exec(f"from kiosk import router, tasks\ntasks.launch(router.stack[-1].take, {_PHOTOS})")
        end = time.monotonic() + _PATIENCE_S
        while sum(mark.value == 2 for mark in target.board.marks) < _PHOTOS:  # asking the board would take its time
            if time.monotonic() > end:
                raise RuntimeError(f"the photos did not come: {_ask(target, 'page.failed')}")
            time.sleep(0.2)
        _until(target, f"page.done == {_PHOTOS}")
        used = _ask(target, "page.used")
        marks = [mark for mark in target.board.marks if mark.value in (1, 2)]
        size = len(target.get(_ask(target, "__import__('kiosk.files').files.current().folder") + "/usr/photo.jpg"))
        touched = [mark for mark in target.board.marks if mark.value == 4][-1]
    ahead_ms = camera.touched_ns / 1e6 - touched.cycles / CYCLES_A_MS  # the model's clock against the core's
    shots = [
        _Shot(begin, end, ahead_ms, end_ns / 1e6) for begin, end, end_ns in zip(marks[::2], marks[1::2], camera.ends_ns)
    ]
    bus_ms = size * 8 / _SPI_HZ * 1000
    middle = sorted(shots[1:], key=lambda shot: shot.own_ms)[len(shots) // 2 - 1]  # the first one loads modules
    what = "emulated RP2040: takePhoto of 320x240"
    yield Row(
        f"{what}, against its bytes on the SPI and one frame of the sensor; the flash and the wait for a frame apart",
        middle.own_ms / (bus_ms + _FRAME_MS),
        "times",
        peer=f"{middle.own_ms:.1f} ms: frame {_FRAME_MS}, bus {bus_ms:.1f} for {size:,} bytes, else "
        f"{middle.own_ms - _FRAME_MS - bus_ms:.1f}; {sum(shot.missed for shot in shots)} of {_PHOTOS} missed the first frame",
        limit=1.2,
    )
    yield Row(
        f"{what}, all of it, with the preview on",
        middle.taken_ms,
        "ms",
        peer=f"until the sensor begins a frame {middle.wait_ms:.1f}, frame {_FRAME_MS}, from its end {middle.after_ms:.1f}, of "
        f"them flash {middle.flash_ms:.1f} ({middle.erased} sectors erased, {middle.programmed} pages programmed); "
        f"{min(shot.taken_ms for shot in shots):.0f} to {max(shot.taken_ms for shot in shots):.0f}",
    )
    yield Row("emulated RP2040: heap that takePhoto of 320x240 leaves behind", max(used[1:]), "bytes", limit=4096)


class _Timed(ArduCam):
    # Knows when its test register was written last.

    touched_ns = 0.0

    def _put(self, register: int, value: int) -> None:
        if register == 0:
            self.touched_ns = self.wires.now_ns()
        super()._put(register, value)


class _Shot:
    # One takePhoto: ms, and what of it is the flash's and the sensor's.  end_ms: of its frame, by the model's clock.

    def __init__(self, begin: Mark, end: Mark, ahead_ms: float, end_ms: float):
        self.erased, self.programmed = end.erased - begin.erased, end.programmed - begin.programmed
        self.flash_ms = self.erased * _ERASE_MS + self.programmed * _PROGRAM_MS
        self.taken_ms = (end.cycles - begin.cycles) / CYCLES_A_MS
        called_ms = begin.cycles / CYCLES_A_MS + ahead_ms
        self.wait_ms = end_ms - _FRAME_MS - called_ms
        self.missed = self.wait_ms > _FRAME_MS
        self.after_ms = called_ms + self.taken_ms - end_ms
        # The sensor runs freely: no photo can be of a frame that began before the call.  One that was missed counts.
        self.own_ms = self.taken_ms - self.flash_ms - self.wait_ms % _FRAME_MS


def _preview(packed: Path, width: int, height: int) -> Row:
    camera = ArduCam()
    with _board(packed, camera) as target:
        target.launch("camera", allow=["scope.camera"])
        _until(target, "page.is_ready")
        mark = "__import__('machine').mem32[0x4006C000] = 3"
        target.exec(mark)
        before = camera.sent
        for _ in range(_WAITS):
            target.wait(500)
        target.exec(mark)
        sent = camera.sent - before
        first, last = [each.cycles for each in target.board.marks if each.value == 3]
    seconds = (last - first) / CYCLES_A_MS / 1000
    frame_bytes = 2 * width * height
    bus_s = frame_bytes * 8 / _SPI_HZ + frame_bytes * 8 / 62.5e6
    return Row(
        f"emulated RP2040: preview of {width}x{height}",
        sent / frame_bytes / seconds,
        "frames a second",
        peer=f"{1 / bus_s:.1f} if the bus did nothing else, {1 / (bus_s + _FRAME_MS / 1000):.1f} with a frame of the sensor before each",
    )
