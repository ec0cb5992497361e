"""
<live-pusher>: kiosk/live/pusher.py on a page.

Heap: 900 bytes, and while it sends some 12 KB more (with an encoder, for RTMP, what kiosk/media/encoders.py says).
"""

from kiosk import camera
from kiosk.api import Result
from kiosk.errors import KioskError
from kiosk.live.pusher import Pusher
from kiosk.tasks import finished, spawn
from kiosk.ui.components import image

# mode -> the size of the pictures; what the camera has that is next to it
_SIZES = {"SD": (320, 240), "HD": (640, 480), "FHD": (1280, 720), "RTC": (320, 240)}
_KBPS_MAX = const(100000)


class Component(image.Component):
    """
    Attributes: url, mode, autopush, muted, enable-camera, enable-mic, device-position, min-bitrate, max-bitrate, audio-quality,
    waiting-image.  Events: statechange (code, message), netstatus (info), error (errCode, errMsg).

    In its box is what the camera sees, as kiosk/ui/livepreview.py has it.  Beauty, filters and echo are not a board's; a picture is
    as it comes from the camera: orientation, aspect, mirror and the like have no effect.  Over rtmp:// there is sound only.
    """

    attribute = "waiting-image"

    def __init__(self, node, view):
        super().__init__(node, view)
        self.pusher = Pusher(self._hear)
        view.page._live_pusher = self.pusher
        self._facing = None  # what the attribute says
        self._preview = None  # livepreview.Preview
        self._set()
        if self.flag("autopush") and self.pusher.url:
            self._after.soon(self._push)

    def changed(self):
        """Other attributes: those of the sound at once, a switch of the camera soon, the others from the next start on."""
        super().changed()
        self._set()

    def _set(self):
        pusher, node = self.pusher, self.node
        pusher.url = str(node.get("url") or "")
        pusher.has_camera = self.flag("enable-camera", True)
        pusher.has_microphone = self.flag("enable-mic", True)
        pusher.is_muted = self.flag("muted")
        pusher.is_low = node.get("audio-quality") == "low"
        pusher.size = _SIZES.get(node.get("mode"), _SIZES["RTC"])
        pusher.least_kbps = self.number("min-bitrate", 200, 1, _KBPS_MAX)
        pusher.most_kbps = self.number("max-bitrate", 1000, 1, _KBPS_MAX)
        facing = node.get("device-position")
        if facing in ("front", "back") and facing != self._facing:
            self._facing = facing
            if camera.is_attached(pusher):
                spawn(self._switch())
            else:
                pusher.facing = facing

    async def _switch(self):
        try:
            if self.pusher.facing != self._facing:
                await self.pusher.switch()
        except KioskError as exc:
            self._hear("error", Result(errCode=-1, errMsg=exc.reason))
        finally:
            finished()

    def _push(self):
        try:
            if not self.pusher.is_running:
                self.pusher.start()
        except KioskError as exc:
            self._hear("error", Result(errCode=-1, errMsg=exc.reason))

    def _hear(self, event, detail):
        if event == "camera":
            self._show(camera.is_attached(self.pusher))
        elif self.view.tree:
            self.tell(event, detail)

    def _show(self, is_on):
        if is_on and self._preview is None:
            from kiosk.ui.livepreview import Preview

            self._preview = Preview(self)
            self.pusher.screen = self._preview
        elif self._preview is not None and not is_on:
            self.pusher.screen = None
            self._preview.close()
            self._preview = None
        self.repaint()

    def _fit(self):
        """The picture for the time being has no say in the size."""

    def draw(self, surface, place, look, opacity):
        """Black, or what stands for the camera while it waits."""
        surface.fill_rect(*place, 0, opacity)
        if self._preview is not None:
            self._preview.draw(surface, place)
        elif self._header is not None:
            super().draw(surface, place, look, opacity)

    def close(self):
        """Stop, and give the camera back."""
        self.pusher.close()
        self._show(False)
        if getattr(self.view.page, "_live_pusher", None) is self.pusher:
            self.view.page._live_pusher = None
        super().close()
