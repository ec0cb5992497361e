"""
<camera>: what the camera sees.

While nobody takes pictures the camera gives the pixels of the box, which go straight to the screen as they come; while others take JPEGs
(a photo, a video, a live stream) the box shows one of them a second: kiosk/ui/livepreview.py.

bindinitdone (maxZoom), binderror (errMsg), bindstop: it has been taken away by another page or by a fault.  There is one on a page.
flash "on" is the light for photos, "torch" always, "auto" (as without the attribute) for photos in the dark, where the camera measures
that.  mode="scanCode" is refused.
"""

import asyncio

from kiosk import camera, errors, permissions
from kiosk.errors import KioskError
from kiosk.ui.components.component import Base
from kiosk.ui.livepreview import Preview
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit
from kiosk.ui.ticks import Ticks

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
        self._preview = Preview(self)
        if of(view.page):
            self._fault = KioskError("parameter", "a page has one <camera>;")
        elif node.get("mode") not in (None, "", "normal"):
            self._fault = KioskError("unsupported", "mode %s" % node.get("mode"))
        self._is_final = self._fault is not None
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
        self._preview.close()
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
        self._preview.begin(size_bytes, at_ms)

    async def write(self, view):
        """Rows, or a part of a JPEG."""
        await self._preview.write(view)

    async def end(self, is_whole):
        """A JPEG that is whole is shown."""
        await self._preview.end(is_whole)

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
        if self._preview.has_picture:
            self._preview.draw(surface, place)
        elif self._fault:
            face = font.face(14)
            text, room = fit(self._fault.reason, face, width)
            surface.text(x + (width - room) // 2, y + (height - face.height) // 2, text, face, _GREY, opacity)
        elif not self._is_on:
            self._start()
