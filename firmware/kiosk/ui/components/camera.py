"""
<camera>: what the camera sees.

While nobody takes pictures the camera gives the pixels of the box, which go straight to the screen as they come (kiosk/ui/liverows.py):
4 KB of heap.  While others take JPEGs (a photo, a video, a live stream) the box shows one of them a second, decoded from a
copy of at most 16 KB; larger ones, or without the memory for it (33 KB to decode), the picture stays as it is.

bindinitdone (maxZoom), binderror (errMsg), bindstop: it has been taken away by another page or by a fault.  There is one on a page.
flash "on" is the light for photos, "torch" always, "auto" (as without the attribute) for photos in the dark, where the camera measures
that.  mode="scanCode" is refused.
"""

import asyncio
import gc
import io
import time

from kiosk import camera, errors, permissions
from kiosk.errors import KioskError
from kiosk.ui.components.component import Base
from kiosk.ui.liverows import LiveRows
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit
from kiosk.ui.ticks import Ticks

_COPY_BYTES = const(16384)
_EVERY_MS = const(1000)  # so often a JPEG is shown
_AGAIN_MS = const(3000)
_GREY = const(0xA0A0A0)
_RESOLUTIONS = (("low", (320, 240)), ("high", (1600, 1200)))
_MEDIUM = (640, 480)
_cameras = []  # Component: of all pages


def of(page):
    """The Component of a page's <camera>, or None."""
    for each in _cameras:
        if each.view.page is page:
            return each
    return None


class Component(Base):
    """Attributes: mode, device-position, flash, resolution, frame-size.  listeners: what is closed with it."""

    quality = None  # it is a taker, too: of pixels

    def __init__(self, node, view):
        super().__init__(node, view)
        self.listeners = []
        self._fault = None
        self._is_final = False  # whether it is of no use to try again
        self._is_on = False
        self._starting = None
        self._settled = asyncio.Event()
        self._after = Ticks()
        self._rows = LiveRows(self)
        self._copy = None  # of a JPEG, as it comes
        self._picture = None  # (bytearray, how much of it) of one that is shown
        self._shown_ms = time.ticks_ms()
        if of(view.page):
            self._fault = KioskError("parameter", "a page has one <camera>;")
        elif node.get("mode") not in (None, "", "normal"):
            self._fault = KioskError("unsupported", "mode %s" % node.get("mode"))
        self._is_final = self._fault is not None
        self._decoding = None  # (picture, where) while the screen is painted
        _cameras.append(self)
        self._start()

    # What wx/camera.py asks.

    async def usable(self):
        """Wait until it is on.  KioskError: why it is not."""
        if not self._is_on and not self._starting and not self._is_final:
            if not self.is_shown():
                raise KioskError("camera", "the page is not shown")
            self._start()
        await self._settled.wait()
        if not self._is_on:
            raise self._fault or KioskError("camera", "the page is not shown")

    def facing(self):
        """str: which way it looks."""
        return "front" if self.node.get("device-position") == "front" else "back"

    def resolution(self):
        """(width, height) of photos."""
        for name, size in _RESOLUTIONS:
            if name == self.node.get("resolution"):
                return size
        return _MEDIUM

    def frame_size(self):
        """str: what the attribute says."""
        return self.node.get("frame-size") or "medium"

    def flash(self, is_photo):
        """Switch the light as the attribute says; is_photo: for a photo.  Without a light nothing happens."""
        if camera.has_torch():
            wanted = self.node.get("flash") or "auto"
            is_flash = is_photo and (wanted == "on" or (wanted == "auto" and camera.is_dark()))
            camera.torch(wanted == "torch" or is_flash)

    # On and off.

    def _start(self):
        if not self._starting and not self._is_on:
            self._settled.clear()
            self._starting = asyncio.create_task(self._begin())

    async def _begin(self):
        try:
            if self._is_final:
                raise self._fault
            self._fault = None
            if not camera.facings():  # nobody is asked in vain
                raise KioskError("camera", "no camera")
            await permissions.require("scope.camera")
            width, height = (self.node.w + 63) >> 6, (self.node.h + 63) >> 6
            await camera.attach(self, self.facing(), (max(width, 16), max(height, 16)), "rgb565")
            self._is_on = True
            self.flash(False)
        except Exception as exc:  # noqa: BLE001  whatever it is, the page hears of it
            self._fault = errors.from_exception(exc)
            self._is_final = self._is_final or self._fault.args[0] in ("denied", "unsupported")
        finally:
            self._starting = None
            self._settled.set()
        if self._is_on:
            self._after.stop()
            self.tell("initdone", {"maxZoom": camera.zoom_most()})
        elif not self._after.is_running():  # else it has been told
            self.repaint()
            self.tell("error", {"errMsg": self._fault.reason})

    def _stop(self):
        if self._starting:
            self._starting.cancel()
            self._starting = None
        camera.detach(self)
        was_on, self._is_on = self._is_on, False
        for each in self.listeners:
            each.close()
        self.listeners.clear()
        self._copy = self._picture = None
        self._settled.set()
        return was_on

    def changed(self):
        """Another side, another light."""
        if self._is_on:
            if self.facing() != camera.facing:
                self._after.soon(lambda: asyncio.create_task(self._turn()))
            else:
                self.flash(False)

    async def _turn(self):
        try:
            await camera.use(self.facing())
            self.flash(False)
        except KioskError as exc:
            self.tell("error", {"errMsg": exc.reason})

    def hidden(self):
        """Another page is shown: the camera is free for it.  It is taken again when this is painted again."""
        if self._stop():
            self._after.soon(lambda: self.tell("stop"))

    def close(self):
        """The camera is free."""
        self._stop()
        self._after.stop()
        _cameras.remove(self)

    # What comes from the camera.

    def begin(self, size_bytes, at_ms):
        """A frame."""
        self._copy = None
        if camera.kind == "rgb565":
            self._picture = None
            self._shown_ms = at_ms  # one photo is not worth a decoder
            self._rows.begin(*camera.size)
        elif size_bytes <= _COPY_BYTES and time.ticks_diff(at_ms, self._shown_ms) >= _EVERY_MS and self.is_shown():
            self._shown_ms = at_ms
            try:
                self._copy = bytearray(size_bytes)
                self._have = 0
            except MemoryError:
                gc.collect()  # the next one may have the room

    async def write(self, view):
        """Rows, or a part of a JPEG."""
        if camera.kind == "rgb565":
            if self.is_shown():
                self._rows.put(view)
        elif self._copy is not None:
            self._copy[self._have : self._have + len(view)] = view
            self._have += len(view)

    async def end(self, is_whole):
        """A JPEG that is whole is shown."""
        copy, self._copy = self._copy, None
        if copy is not None and is_whole and self._is_on:
            self._picture = memoryview(copy)[: self._have]
            self._size = camera.size
            self.repaint()

    def failed(self, exc):
        """It is gone; it is tried again after a while, and when somebody asks for it."""
        self._stop()
        self._fault = exc
        self._after.soon(self._tell_failed)

    def _tell_failed(self):
        fault = self._fault
        self.repaint()
        self._after.start(self._again, _AGAIN_MS)
        self.tell("stop")
        if fault:
            self.tell("error", {"errMsg": fault.reason})

    def _again(self, ms):
        if self._is_on:
            return False
        if self.is_shown():
            self._start()
        return None

    # Painting.

    def draw(self, surface, place, look, opacity):
        """Black, or the JPEG, or why there is nothing; pixels come by themselves."""
        x, y, width, height = place
        surface.fill_rect(x, y, width, height, 0, opacity)
        if self._picture is not None:
            self._draw_picture(surface, place)
        elif self._fault:
            face = font.face(14)
            text, room = fit(self._fault.reason, face, width)
            surface.text(x + (width - room) // 2, y + (height - face.height) // 2, text, face, _GREY, opacity)
        elif not self._is_on:
            self._start()

    def _draw_picture(self, surface, place):
        from kiosk.ui.images import modes, open_picture

        x, y, width, height = place
        try:
            if self._decoding is None:
                part, where = modes.place("aspectFill", width, height, *self._size)
                self._decoding = (open_picture(io.BytesIO(self._picture), part, where[2], where[3]), where)
                self._after.soon(self._painted)
            picture, where = self._decoding
            surface.image(x + where[0], y + where[1], where[2], where[3], picture)
        except (MemoryError, ValueError, OSError):  # this one is not shown: the next may have the room
            self._painted()
            self._picture = None

    def _painted(self):
        if self._decoding is not None and self.view.screen.is_painting and self._picture is not None:
            self._after.soon(self._painted)
            return
        decoding, self._decoding = self._decoding, None
        if decoding:
            decoding[0].close()
