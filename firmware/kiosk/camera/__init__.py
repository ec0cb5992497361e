"""
The one owner of the camera: frame after frame while anybody is attached, in pieces, without a copy of the frame.

    await camera.attach(taker, "back", (320, 240))
    ...
    camera.detach(taker)

A taker has `quality` (percent, or None if it does not mind; the highest counts) and

    begin(size_bytes, at_ms)   a frame comes: at most so many bytes, taken at ticks_ms()
    await write(view)          the next part of it, a memoryview that is valid until this returns
    await end(is_whole)        False: it broke off, or is no whole JPEG; throw away what came
    failed(exc)                the camera is gone (KioskError); nothing follows, and there is nothing to detach

A frame that cannot be used is followed by another try, with the camera started anew where it did not answer; after three
in a row the takers hear failed().  What a taker itself lets out of its functions is its own failed().  JPEGs are looked at from marker to marker
and cut behind the end marker.  A taker that is slow holds up all; what the sensor sees meanwhile is not taken.

Pixels ("rgb565", big-endian, row by row, whole rows a piece) are for who shows what the camera sees: they come while nobody takes JPEGs; meanwhile
such a taker gets the JPEGs, too.  `kind` says what a frame is, from its begin() on.

The size is what the first who takes that kind asked for; `size` says it.
"""

import asyncio
import errno
import time

import board
from kiosk import errors
from kiosk.camera.markers import Markers
from kiosk.errors import KioskError
from kiosk.tasks import finished, spawn

_PIECE_BYTES = const(4096)  # what the flash takes at once; of pixels whole rows
_TRIES = const(3)
_TURN_MS = const(8)  # so long others wait, at most, and a piece
_EXPECT_MS = const(100)
_REST_MS = const(2)  # what a photo takes to its success
_QUALITY_PERCENT = const(80)
_DARK = const(52)  # of 255: half of what the OV2640's exposure is regulated up to (AEB) as long as it can be

kind = None  # what is open: "jpeg", "rgb565" or None
size = None  # (width, height) of it
facing = None  # "back" or "front": which one it is

_attached = []  # _Entry
_driver = None
_task = None
_stale = False  # the camera has to be opened anew before the next frame, and this one is broken off
_expected = False  # somebody is about to attach
_opened = asyncio.Event()
_buffer = b""
_view = None


class _Entry:
    def __init__(self, taker, wanted_kind, wanted_size):
        self.taker = taker
        self.kind = wanted_kind
        self.size = wanted_size
        self.fault = None
        self.is_joining = True


def facings() -> tuple:
    """Which cameras are wired: "back", "front", both or none."""
    return __import__(board.camera).facings if board.camera else ()


def expect() -> None:
    """Somebody will attach for JPEGs in a moment: a frame of pixels is broken off for that, and none begins for 100 ms at most."""
    global _expected
    if _task and kind == "rgb565":
        _expected = True
        _restart_if(True)


async def attach(taker, facing="back", size=None, kind="jpeg") -> None:
    """Begin to take frames of (width, height), or the camera's next larger ones; None: 320x240.

    KioskError: "camera" (system error) if there is none, it does not answer or somebody uses the other one; "unsupported" if none looks that way.
    Who may use it is for the caller to ask (permissions: scope.camera).
    """
    global _expected
    _choose(facing)
    entry = _Entry(taker, kind, size or (320, 240))
    _attached.append(entry)
    _expected = False
    try:
        _restart_if(not _is_fitting())
        await _opened.wait()
    except BaseException:
        detach(taker)
        raise
    if entry.fault:
        raise entry.fault
    entry.is_joining = False


def detach(taker) -> None:
    """Nothing more comes; without takers the camera is closed.  One that is not attached is no error."""
    for entry in _attached:
        if entry.taker is taker:
            _attached.remove(entry)
            break


def is_attached(taker) -> bool:
    """Whether frames still come."""
    return any(entry.taker is taker for entry in _attached)


async def use(wanted) -> None:
    """Switch to the "back" or the "front" one, for all takers.  KioskError as attach() has it."""
    if wanted == facing or not _attached:
        return
    _choose(wanted, True)
    _restart_if(True)
    await _opened.wait()
    if not _attached:
        raise KioskError("camera", "the camera is gone")


def has_torch() -> bool:
    """Whether the camera that is used has a light."""
    return bool(_driver and _driver.has_torch)


def is_dark() -> bool:
    """Whether it sees too little for a photo without a light; False where nothing measures that."""
    light = _driver.light() if _driver else None
    return light is not None and light < _DARK


def torch(on) -> None:
    """Switch the light.  KioskError("unsupported") without one."""
    if not has_torch():
        raise KioskError("unsupported", "no torch")
    _driver.torch(on)


def zoom(times) -> float:
    """Bring things nearer, as far as the camera can; returns how many times it does.  KioskError("unsupported") if it cannot."""
    if not _driver or _driver.zoom_most <= 1:
        raise KioskError("unsupported", "this camera cannot zoom")
    times = max(1.0, min(times, _driver.zoom_most))
    _driver.zoom(times)
    return times


def zoom_most() -> float:
    """How far zoom() goes, 1.0 if it does not."""
    return _driver.zoom_most if _driver else 1.0


def _choose(wanted, is_switching=False):
    global _driver, facing, kind
    if not facings():
        raise KioskError("camera", "no camera")
    if wanted not in facings():
        raise KioskError("unsupported", "no %s camera" % wanted)
    if wanted == facing and _driver:
        return
    if _attached and not is_switching:
        raise KioskError("camera", "the camera is busy")
    if _driver:
        _driver.close()
    _driver = __import__(board.camera).camera(wanted)
    facing = wanted
    kind = None


def _is_fitting():
    # Whether what is open is what is wanted: JPEGs as long as anybody takes them.
    return kind is not None and kind == ("jpeg" if _takes_jpegs() else "rgb565")


def _takes_jpegs():
    return any(entry.kind == "jpeg" for entry in _attached)


def _restart_if(is_needed):
    global _task, _stale
    if is_needed:
        _stale = True
        _driver.abandon()
        _opened.clear()
    if _task is None:
        _task = spawn(_run())


async def _run():
    global _task, _driver, _buffer, _view, kind, size
    tries = settles = 0
    try:
        while _attached:
            is_open = False
            if _expected:
                await _await_expected()
            try:
                if _stale or not _is_fitting():
                    await _open()
                    settles = max(settles, _driver.settle_frames)  # what another kind has broken off is not over
                is_open = True
                while settles and not _stale:
                    settles -= 1
                    _driver.begin()
                    await _driver.ready()
                if not _stale:
                    _opened.set()
                    await _frame()
                tries = 0
                continue
            except (OSError, ValueError) as exc:
                if _stale:  # the other one is wanted, and this one has been closed
                    continue
                tries += 1
                if tries == _TRIES or not is_open:
                    raise
                if isinstance(exc, OSError):
                    _driver.close()
                    kind = None
    except Exception as exc:  # noqa: BLE001  a supervisor: whatever it is, the takers must hear of it
        _fail(_reason(exc))
    finally:
        _attached.clear()
        driver, _driver, _task, kind, size = _driver, None, None, None, None
        _buffer, _view = b"", None
        _opened.set()
        finished()
        if driver:
            driver.close()


def _reason(exc):
    if isinstance(exc, OSError) and exc.args[0] == errno.ETIMEDOUT:
        return KioskError("camera timeout")
    if isinstance(exc, (OSError, ValueError)):
        return KioskError("camera", exc.args[1] if len(exc.args) > 1 else str(exc))
    return errors.from_exception(exc)


def _fail(fault):
    entries = tuple(_attached)
    _attached.clear()
    for entry in entries:
        if entry.is_joining:
            entry.fault = fault
        else:
            entry.taker.failed(fault)


async def _await_expected():
    global _expected
    until = time.ticks_add(time.ticks_ms(), _EXPECT_MS)
    while _expected and time.ticks_diff(until, time.ticks_ms()) > 0:
        await asyncio.sleep_ms(1)
    _expected = False


async def _open():
    global kind, size, _stale, _buffer, _view
    _stale = False
    wanted = "jpeg" if _takes_jpegs() else "rgb565"
    driver = _driver
    for entry in _attached:
        if entry.kind == wanted:
            break
    found = driver.fit(wanted, entry.size[0], entry.size[1])
    await driver.open(wanted, found[0], found[1])
    row_bytes = 1 if wanted == "jpeg" else 2 * found[0]
    count = max(row_bytes, _PIECE_BYTES - _PIECE_BYTES % row_bytes)
    if len(_buffer) < count:
        _buffer = bytearray(count)
    _view = memoryview(_buffer)[:count]
    kind, size = wanted, found


async def _frame():
    # One frame, to those who are attached when it begins.  OSError, ValueError: it cannot be used, as the takers have been told.
    driver = _driver
    _set_quality(driver)
    driver.begin()
    size_bytes = await driver.ready()
    if _stale:
        return
    at_ms = time.ticks_ms()
    entries = [entry for entry in _attached if not entry.is_joining]
    for entry in entries:
        try:
            entry.taker.begin(size_bytes, at_ms)
        except Exception as exc:  # noqa: BLE001  a taker's own fault is not another's
            _drop(entry, exc)
    is_whole = False
    try:
        is_whole = await _hand_on(driver, entries)
    finally:
        await _end(entries, is_whole)
    if 0 < len(_attached) < len(entries):  # whoever has what it wanted goes on before the next frame
        await asyncio.sleep_ms(_REST_MS)
    if not is_whole and not _stale and _attached:
        raise ValueError("the picture breaks off")


async def _end(entries, is_whole):
    for entry in entries:
        if entry in _attached:
            try:
                await entry.taker.end(is_whole)
            except Exception as exc:  # noqa: BLE001  a taker's own fault is not another's
                _drop(entry, exc)


async def _hand_on(driver, entries):
    # Whether the frame came to its end.
    markers = Markers() if kind == "jpeg" else None
    expected = 2 * size[0] * size[1]
    since_ms = time.ticks_ms()
    while not _stale and _attached:
        count = await driver.read_into(_view)
        if not count:
            return False
        first, last = 0, min(count, expected)
        if markers:
            last = markers.feed(_buffer, count)
            first = markers.first
        view = _view[first:last]
        for entry in entries:
            if entry in _attached:
                try:
                    await entry.taker.write(view)
                except Exception as exc:  # noqa: BLE001  a taker's own fault is not another's
                    _drop(entry, exc)
        if markers:
            if markers.is_whole:
                return True
        else:
            expected -= last
            if not expected:
                return True
        if time.ticks_diff(time.ticks_ms(), since_ms) >= _TURN_MS:
            await asyncio.sleep_ms(0)
            since_ms = time.ticks_ms()
    return False


def _drop(entry, exc):
    if entry in _attached:
        _attached.remove(entry)
        entry.taker.failed(errors.from_exception(exc))


def _set_quality(driver):
    best = 0
    for entry in _attached:
        best = max(best, entry.taker.quality or 0)
    driver.quality(best or _QUALITY_PERCENT)
