"""Chapter "Camera": photos, zoom and frames of the <camera> of a page.  The services are kiosk/camera."""

from kiosk import api, router
from kiosk.errors import KioskError
from kiosk.page import BasePage

# Of what onCameraFrame gives, by the attribute frame-size: RGBA takes four bytes a pixel.
_FRAME_SIZES = (("small", 80, 60), ("medium", 160, 120), ("large", 320, 240))


class _Method(api.Api):
    label = ""

    @property
    def name(self):
        """str: the method's, as errMsg begins."""
        return self.label


def _method(name, function, options=(), fields=()):
    method = _Method(function, options, fields, None, False)
    method.label = name
    return method


class CameraContext:
    """What wx.createCameraContext returns: the camera of the page that was shown then."""

    def __init__(self, page):
        self._page = page

    def takePhoto(self, *args, **options):
        """Take a photo: quality "high", "normal" or "low"; the result's tempImagePath is a JPEG.

        Its size is that of the attribute resolution: low 320x240, medium 640x480, high 1600x1200, or what the camera has of it; while
        a video is recorded, the video's.  errno -1: the camera cannot be used; 5: it gives nothing; 103: not allowed; 1300202: no room.
        """
        from kiosk import camera

        camera.expect()
        wanted = (("quality", "String", "normal"), ("selfieMirror", "Boolean", True))
        return _method("takePhoto", self._take_photo, wanted, ("tempImagePath",))(*args, **options)

    async def _take_photo(self, options):
        from kiosk.camera import photo

        quality = photo.percent(options["quality"])
        element = await _ready(self._page)
        if not element:
            return {"tempImagePath": await photo.take("back", (640, 480), quality)}
        element.flash(True)
        try:
            return {"tempImagePath": await photo.take(element.facing(), element.resolution(), quality)}
        finally:
            element.flash(False)

    def startRecord(self, *args, **options):
        """Begin to record a video; succeeds when it does.  An AVI file: Motion JPEG of 320x240 (resolution="high": 640x480), and sound.

        timeout: seconds, at most 300, after which it ends by itself; then, and when the page is no longer shown,
        `timeoutCallback(res)` gets what stopRecord() would.  Without a microphone, or leave to use it (scope.record), there is no sound.

        errno of a failure: as takePhoto; 1001: one is recorded already.
        """
        from wx.camerarecord import START

        return _method("startRecord", self._start_record, START)(*args, **options)

    async def _start_record(self, options):
        from wx.camerarecord import start

        await start(self._page, await _ready(self._page), options)

    def stopRecord(self, *args, **options):
        """End the video: tempVideoPath, and tempThumbPath, its first picture.  compressed: with six pictures a second at most.

        What it takes to write the file's index is time: on an RP2040 about as long as was recorded.  errno 1001: nothing is
        recorded; what has ended it, such as 1300202 (a full flash) or a camera's -1 and 5: with the paths of what was seen until then.
        """
        from wx.camerarecord import STOP, STOPPED

        return _method("stopRecord", self._stop_record, STOP, STOPPED)(*args, **options)

    async def _stop_record(self, options):
        from wx.camerarecord import stop

        return await stop(self._page, options)

    def setZoom(self, *args, **options):
        """Bring things nearer, `zoom` times; the result's zoom is how many times it is now.  errno 100: this camera cannot."""
        return _method("setZoom", self._set_zoom, (("*zoom", "Number", None),), ("zoom",))(*args, **options)

    async def _set_zoom(self, options):
        from kiosk import camera

        await _ready(self._page)
        if not options["zoom"] >= 1:
            raise KioskError("parameter", "parameter.zoom should be at least 1;")
        return {"zoom": camera.zoom(options["zoom"])}

    def onCameraFrame(self, callback):
        """Return a CameraFrameListener, which calls `callback` with width, height and data (RGBA) of frames once it is started.

        wx.Error: what cannot be called.
        """
        if not callable(callback):
            fault = "parameter should be Function instead of %s;" % api.type_name(callback)
            raise api.Error(api.failure("onCameraFrame", KioskError("parameter", fault)))
        return CameraFrameListener(self._page, callback)


class CameraFrameListener:
    """What CameraContext.onCameraFrame returns.  No frames come while photos or videos are taken."""

    def __init__(self, page, callback):
        self._page = page
        self._callback = callback
        self._frames = None

    def start(self, *args, **options):
        """Let frames come."""
        return _method("start", self._start)(*args, **options)

    async def _start(self, options):
        from kiosk.camera.pixelframes import PixelFrames

        element = await _ready(self._page)
        if self._frames:
            return
        name = element.frame_size() if element else "medium"
        for size in _FRAME_SIZES:
            if size[0] == name:
                break
        else:
            size = _FRAME_SIZES[1]
        frames = PixelFrames(size[1], size[2], self._callback)
        await frames.start(element.facing() if element else "back")
        self._frames = frames
        if element:
            element.listeners.append(self)

    def stop(self, *args, **options):
        """No more frames."""
        return _method("stop", self._stop)(*args, **options)

    async def _stop(self, options):
        self.close()

    def close(self):
        """The <camera> is gone."""
        frames, self._frames = self._frames, None
        if frames:
            frames.stop()


def createCameraContext():
    """Return the CameraContext of the page that is shown.

    On a board with a screen the page has one <camera>, which asks for scope.camera; on one without, what is called does.
    """
    return CameraContext(router.stack[-1] if router.stack else None)


async def _ready(page):
    # The page's <camera> (components/camera.py), once it can be used; None without a screen.
    from kiosk import camera, permissions, ui

    if not isinstance(page, BasePage):
        raise KioskError("parameter", "there is no page;")
    if page not in getattr(ui.screen, "views", ()):
        if hasattr(ui.screen, "views"):
            raise KioskError("parameter", "the page has no <camera>;")
        if not camera.facings():  # nobody is asked in vain
            raise KioskError("camera", "no camera")
        await permissions.require("scope.camera")
        return None
    from kiosk.ui.components import camera as element

    found = element.of(page)
    if not found:
        raise KioskError("parameter", "the page has no <camera>;")
    await found.usable()
    return found
