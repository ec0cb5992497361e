"""The owner of the camera: what takers get of frames, who shares it, faults, and that it works again after each."""

import asyncio
import sys

import board
from drivers.camera.fake import Camera
from kiosk import camera, tasks
from kiosk.camera import markers
from kiosk.camera.markers import Markers
from kiosk.errors import KioskError


def jpeg(number, size=1200, segment=b"\xff\xd8\xff\xd9"):
    """As a camera gives it: a segment that has a small picture's markers in it, a scan, an end."""
    scan = bytes((at * 7 + number) % 255 for at in range(size))
    head = b"\xff\xd8\xff\xfe" + bytes((0, len(segment) + 2)) + segment
    return head + b"\xff\xda\x00\x04\x01\x02" + scan + b"\xff\xd9"


class Lens:
    """The board's module."""

    facings = ("back", "front")

    def __init__(self, **cameras):
        self.cameras = cameras

    def camera(self, facing):
        return self.cameras[facing]


class Taker:
    """frames: (bytes, whether it is whole), of those that came to their end."""

    def __init__(self, quality=None, wait_ms=0):
        self.quality = quality
        self.wait_ms = wait_ms
        self.frames = []
        self.sizes = []
        self.kinds = []
        self.pieces = []
        self.fault = None
        self.breaks = None

    def begin(self, size_bytes, at_ms):
        self.kinds.append(camera.kind)
        self.sizes.append(size_bytes)
        self.data = b""

    async def write(self, view):
        await asyncio.sleep_ms(self.wait_ms)
        if self.breaks:
            raise self.breaks
        self.pieces.append(len(view))
        self.data += bytes(view)

    async def end(self, is_whole):
        self.frames.append((self.data, is_whole))

    def failed(self, exc):
        self.fault = exc

    async def until(self, count):
        for _ in range(20000):
            if len(self.frames) >= count or self.fault:
                return
            await asyncio.sleep_ms(1)
        raise AssertionError("only %d frames" % len(self.frames))


async def _idle():
    for _ in range(20000):
        if not tasks.running():
            return
        await asyncio.sleep_ms(1)
    raise AssertionError("the camera's task goes on")


def wired(**cameras):
    board.camera = "lens"
    sys.modules["lens"] = Lens(**cameras)
    sys.modules["lens"].facings = tuple(cameras)
    return cameras


async def _fails(coroutine, text, number=-1):
    try:
        await coroutine
    except KioskError as exc:
        assert exc.errno == number and exc.reason == text, (exc.errno, exc.reason)
    else:
        raise AssertionError("no error")


async def test_frames_come_in_pieces_and_end_with_their_marker():
    pictures = [jpeg(number, 1000 + 1511 * number) for number in range(6)]
    back = Camera(pictures)
    wired(back=back)
    taker = Taker()
    await camera.attach(taker, size=(300, 200))
    assert camera.size == (320, 240) and camera.kind == "jpeg" and camera.facing == "back"
    await taker.until(8)
    camera.detach(taker)
    # The first is one that the camera settles with.
    assert taker.frames[:8] == [(pictures[at % 6], True) for at in range(1, 9)]
    assert taker.sizes[0] == len(pictures[1]) + back.padding and max(taker.pieces) == 4096
    await _idle()
    assert not back.is_open and camera.size is None and camera.kind is None
    assert back.opened == [("jpeg", 320, 240)]


async def test_the_highest_quality_that_somebody_wants_is_set():
    back = Camera([jpeg(0)])
    wired(back=back)
    first, second, third = Taker(), Taker(30), Taker(95)
    await camera.attach(first)
    await first.until(2)
    assert back.settings[-1] == ("quality", 80)
    await camera.attach(second)
    await second.until(2)
    assert back.settings[-1] == ("quality", 30)
    await camera.attach(third)
    await third.until(2)
    assert back.settings[-1] == ("quality", 95)
    assert all(is_whole for taker in (first, second, third) for _, is_whole in taker.frames)
    camera.detach(third)
    camera.detach(third)
    count = len(second.frames)
    await second.until(count + 2)
    assert back.settings[-1] == ("quality", 30) and back.opened == [("jpeg", 320, 240)]
    camera.detach(second)
    camera.detach(first)
    await _idle()


async def test_pixels_come_while_nobody_takes_jpegs():
    back = Camera([jpeg(0)], [bytes(at % 251 for at in range(2 * 100 * 70)), b"\x12\x34" * 7000])
    wired(back=back)
    viewer, taker = Taker(), Taker()
    await camera.attach(viewer, size=(100, 70), kind="rgb565")
    assert camera.size == (100, 70) and camera.kind == "rgb565"
    await viewer.until(2)
    assert [frame[0] for frame in viewer.frames[:2]] == [back.pixels[1], back.pixels[0]]
    assert all(count % 200 == 0 for count in viewer.pieces) and max(viewer.pieces) == 4000
    await camera.attach(taker, size=(640, 480))
    assert camera.size == (640, 480) and camera.kind == "jpeg"
    await taker.until(2)
    assert taker.frames[0] == (jpeg(0), True)
    assert viewer.kinds[0] == "rgb565" and viewer.kinds[-1] == "jpeg"
    assert viewer.frames[-1][0] == jpeg(0)
    camera.detach(taker)
    while viewer.kinds[-1] == "jpeg":
        await asyncio.sleep_ms(1)
    assert camera.size == (100, 70)
    camera.detach(viewer)
    await _idle()
    assert [kind for kind, _, _ in back.opened] == ["rgb565", "jpeg", "rgb565"]


async def test_each_fault_is_tried_again_and_three_in_a_row_are_the_end():
    for fault, reason, number in (
        ("slow", "timeout: the camera gives no picture", 5),
        ("no answer", "system error: the camera does not answer", -1),
        ("no start", "system error: the picture has no start marker", -1),
        ("no end", "system error: the picture breaks off", -1),
        ("truncated", "system error: the picture breaks off", -1),
    ):
        back = Camera([jpeg(0), jpeg(1)])
        wired(back=back)
        taker = Taker()
        await camera.attach(taker)
        await taker.until(1)
        back.faults += [fault, fault]
        while back.faults:
            await asyncio.sleep_ms(1)
        await taker.until(len(taker.frames) + 2)
        whole = [data for data, is_whole in taker.frames if is_whole]
        assert not taker.fault and all(data in back.pictures for data in whole), fault
        broken = [data for data, is_whole in taker.frames if not is_whole]
        # Of a frame that never came nobody hears; and one of the two may have been the camera's to settle with.
        assert len(broken) == (0 if fault in ("slow", "no answer") else 2), (fault, len(broken))
        assert len(back.opened) == (3 if fault in ("slow", "no answer") else 1), (fault, back.opened)
        back.faults += [fault] * 9
        for _ in range(5000):
            if taker.fault:
                break
            await asyncio.sleep_ms(1)
        assert (taker.fault.reason, taker.fault.errno) == (reason, number), (fault, taker.fault.reason)
        await _idle()
        assert not back.is_open and not camera.is_attached(taker)
        back.faults.clear()
        taker = Taker()
        await camera.attach(taker)  # it works again
        await taker.until(2)
        assert taker.frames[0][1] and not taker.fault
        camera.detach(taker)
        await _idle()


async def test_a_camera_that_is_not_there_is_named():
    board.camera = None
    await _fails(camera.attach(Taker()), "system error: no camera")
    wired()
    await _fails(camera.attach(Taker()), "system error: no camera")
    back = Camera([jpeg(0)])
    wired(back=back)
    await _fails(camera.attach(Taker(), "front"), "not supported: no front camera", 100)
    for fault, text in (("missing", "no camera"), ("identity", "not the camera: 7F A2")):
        back.faults.append(fault)
        taker = Taker()
        await _fails(camera.attach(taker), "system error: " + text)
        assert taker.fault is None and not camera.is_attached(taker)
        await _idle()
    taker = Taker()
    await camera.attach(taker)
    await taker.until(1)
    camera.detach(taker)
    await _idle()


async def test_the_other_camera():
    cameras = wired(back=Camera([jpeg(0)]), front=Camera([jpeg(1)]))
    taker = Taker()
    await camera.attach(taker)
    await taker.until(2)
    await _fails(camera.attach(Taker(), "front"), "system error: the camera is busy")
    await camera.use("front")
    assert camera.facing == "front" and not cameras["back"].is_open
    count = len(taker.frames)
    await taker.until(count + 3)
    assert taker.frames[-1] == (jpeg(1), True) and not taker.fault
    await camera.use("front")
    assert len(cameras["front"].opened) == 1
    camera.detach(taker)
    await camera.attach(taker, "back")  # before the task has seen that nobody is there
    count = len(taker.frames)
    await taker.until(count + 3)
    assert taker.frames[-1] == (jpeg(0), True) and not cameras["front"].is_open
    cameras["front"].faults.append("missing")
    await _fails(camera.use("front"), "system error: the camera is gone")
    assert taker.fault.reason == "system error: no camera"
    await _idle()


async def test_a_taker_that_fails_harms_no_other():
    back = Camera([jpeg(0)])
    wired(back=back)
    good, bad = Taker(), Taker()
    await camera.attach(good)
    await camera.attach(bad)
    await bad.until(1)
    bad.breaks = OSError(28)
    while not bad.fault:
        await asyncio.sleep_ms(1)
    assert bad.fault.reason == "no space left on device" and not camera.is_attached(bad)
    count = len(good.frames)
    await good.until(count + 3)
    assert all(is_whole for _, is_whole in good.frames) and not good.fault
    camera.detach(good)
    await _idle()


async def test_nobody_waits_for_a_frame_that_is_not_wanted():
    back = Camera([jpeg(0)])
    wired(back=back)
    viewer, taker = Taker(), Taker()
    await camera.attach(viewer, "back", (40, 30), "rgb565")
    await viewer.until(1)
    back.frame_ms = 1000000
    begun = back.begun
    while back.begun == begun:  # the next is waited for as long as that
        await asyncio.sleep_ms(1)
    back.frame_ms = 2
    await camera.attach(taker)
    await taker.until(1)
    assert taker.frames[0] == (jpeg(0), True) and viewer.kinds[-1] == "jpeg" and not viewer.fault
    camera.detach(taker)
    camera.detach(viewer)
    await _idle()


async def test_a_camera_that_settles_does_so_for_all():
    class Cold(Camera):
        async def open(self, *args):
            await Camera.open(self, *args)
            self.settle_frames = 5 if len(self.opened) == 1 else 0

    back = Cold([jpeg(number) for number in range(20)])
    wired(back=back)
    viewer, taker = Taker(), Taker()
    first = asyncio.create_task(camera.attach(viewer, "back", (40, 30), "rgb565"))
    while back.begun < 2:
        await asyncio.sleep_ms(0)
    await camera.attach(taker)
    await first
    await taker.until(1)
    assert back.begun >= 6 and back.opened == [("rgb565", 40, 30), ("jpeg", 320, 240)]
    camera.detach(taker)
    camera.detach(viewer)
    await _idle()


async def test_who_is_expected_and_does_not_come():
    back = Camera([jpeg(0)])
    wired(back=back)
    camera.expect()  # nobody uses it: no matter
    viewer = Taker()
    await camera.attach(viewer, "back", (40, 30), "rgb565")
    await viewer.until(1)
    camera.expect()
    await viewer.until(len(viewer.frames) + 3)
    assert viewer.frames[-1][1] and not viewer.fault
    camera.detach(viewer)
    await _idle()


async def test_torch_and_zoom():
    back, front = Camera([jpeg(0)]), Camera([jpeg(0)])
    front.has_torch, front.zoom_most = False, 1.0
    wired(back=back, front=front)
    taker = Taker()
    await camera.attach(taker)
    camera.torch(True)
    assert camera.zoom(2.5) == 2.5 and camera.zoom(9) == 4.0 and camera.zoom(0.1) == 1.0
    assert not camera.is_dark()
    back.brightness = 30
    assert camera.is_dark() and camera.has_torch()
    assert [setting for setting in back.settings if setting[0] != "quality"] == [
        ("torch", True), ("zoom", 2.5), ("zoom", 4.0), ("zoom", 1.0)
    ]  # fmt: skip
    await camera.use("front")
    front.brightness = None  # nothing measures it
    assert not camera.is_dark() and not camera.has_torch()
    for call, text in (
        (camera.torch, "not supported: no torch"),
        (camera.zoom, "not supported: this camera cannot zoom"),
    ):
        try:
            call(2)
            raise AssertionError(text)
        except KioskError as exc:
            assert exc.reason == text and exc.errno == 100
    camera.detach(taker)
    await _idle()


async def test_the_end_of_the_mini_program_closes_it():
    back = Camera([jpeg(0)])
    wired(back=back)
    taker = Taker(wait_ms=2)
    await camera.attach(taker)
    await taker.until(1)
    await tasks.cancel_all()
    assert not back.is_open and not camera.is_attached(taker)
    taker = Taker()
    await camera.attach(taker)
    await taker.until(1)
    camera.detach(taker)
    await _idle()


async def test_a_caller_that_is_cancelled_leaves_nothing_behind():
    back = Camera([jpeg(0)], frame_ms=50)
    wired(back=back)
    taker = Taker()
    task = asyncio.create_task(camera.attach(taker))
    await asyncio.sleep_ms(5)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    assert not camera.is_attached(taker)
    await _idle()
    assert not back.is_open and not taker.frames


def _fed(data, step):
    seen, found = Markers(), b""
    for at in range(0, len(data), step):
        part = bytearray(data[at : at + step])
        last = seen.feed(part, len(part))
        found += bytes(part[seen.first : last])
        if seen.is_whole:
            break
    return found, seen.is_whole


def test_markers_wherever_a_piece_ends():
    picture = jpeg(3, 700)
    for step in list(range(4, 40)) + [350, 719, 720, 1024]:
        assert _fed(picture + b"\x00\xff\xd9\x00", step) == (picture, True), step
        assert _fed(b"\x00\x00" + picture, max(step, 8)) == (picture, True), step
        assert _fed(picture[:-1], step) == (picture[:-1], False), step


def test_the_end_is_found_by_both_loops():
    data = bytearray(b"\xff\xd9\x00\xff\xff\xd9\xd9\xff\x00\xd9\xff\xff\xff\xd9\x01")
    for at in range(len(data)):
        for count in range(at, len(data) + 1):
            expected = data.find(b"\xff\xd9", at, count)
            expected = 0 if expected < 0 else expected + 2
            assert markers.behind_end(data, at, count) == markers.plain_behind_end(data, at, count) == expected


def test_what_is_no_jpeg():
    for data in (
        b"", b"\xff\xd8", bytes(100), b"\x00" * 17 + jpeg(0), b"\xff\xd8\xff\xd9" + bytes(40), b"\xff\xd8\xff\x01" + bytes(40),
        b"\xff\xd8\xff\xe0\x00\x01" + bytes(40), b"\xff\xd8\xff\xe0\x00\x04ab\x00\x00", b"\xff\xd8\xff\xff\xff\x00" + bytes(40),
    ):  # fmt: skip
        try:
            assert _fed(data, 64) == (b"", False), data
            assert not data
        except ValueError:
            pass
