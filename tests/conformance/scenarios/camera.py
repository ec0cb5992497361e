"""Scenarios of the chapter "Camera", with a camera that gives what it is told; see tests/conformance/proof.py."""

FAKES = ("drivers/camera/fake",)
PICTURES = [b"\xff\xd8\xff\xda\x00\x02" + bytes(range(200)) * 8 + bytes((number, 0xFF, 0xD9)) for number in range(4)]


def _sees(allow=("scope.camera",), **settings):
    # Allow it, and put the fake camera (Camera, from FAKES) where the board has its own.
    import sys

    import board
    from kiosk import app

    app.current.settings["allow"] = list(allow)
    fake = Camera(PICTURES, [b"\xf8\x00" * 160 * 120, b"\x07\xff" * 160 * 120])  # noqa: F821  of the fake
    for name, value in settings.items():
        setattr(fake, name, value)

    class Lens:
        facings = ("back",)

        def camera(self, facing):
            return fake

    board.camera = "fakelens"
    sys.modules["fakelens"] = Lens()
    return fake


async def a_photo(t):
    """wx.createCameraContext CameraContext.takePhoto"""
    camera = _sees()
    context, found = wx.createCameraContext(), []
    fs = wx.getFileSystemManager()
    for quality, percent in (("high", 95), ("normal", 80), ("low", 50)):
        result = await context.takePhoto(quality=quality, selfieMirror=False)
        assert result.errMsg == "takePhoto:ok" and fs.readFileSync(result.tempImagePath) in PICTURES
        assert ("quality", percent) in camera.settings
        found.append(result.tempImagePath)
    assert len(set(found)) == 3
    await t.until(lambda: not camera.is_open)
    await t.fails(lambda: context.takePhoto(quality="best"), 1001, "parameter.quality")
    camera.faults += ["no end"] * 4  # the first is one that it settles with
    await t.fails(lambda: context.takePhoto(), -1, "takePhoto:fail system error: the picture breaks off")
    camera.faults += ["slow", "no start"]
    assert fs.readFileSync((await context.takePhoto()).tempImagePath) in PICTURES
    _sees(allow=())
    await t.fails(lambda: context.takePhoto(), 103, "auth deny")


async def nearer(t):
    """CameraContext.setZoom"""
    camera = _sees()
    context = wx.createCameraContext()
    await t.fails(lambda: context.setZoom(zoom=2), 100, "cannot zoom")  # nobody uses it
    listener = context.onCameraFrame(lambda frame: None)
    await listener.start()
    assert (await context.setZoom(zoom=2)).zoom == 2 and (await context.setZoom(zoom=50)).zoom == 4
    assert ("zoom", 2) in camera.settings and ("zoom", 4.0) in camera.settings
    await t.fails(lambda: context.setZoom(zoom=0), 1001, "parameter.zoom")
    await listener.stop()


async def frames(t):
    """CameraContext.onCameraFrame"""
    import asyncio

    _sees()
    seen = []
    context = wx.createCameraContext()
    listener = context.onCameraFrame(lambda frame: seen.append((frame.width, frame.height, bytes(frame.data[:4]))))
    assert seen == []
    assert (await listener.start()).errMsg == "start:ok"
    await t.until(lambda: len(seen) > 2)
    assert (160, 120, b"\xff\x00\x00\xff") in seen and (160, 120, b"\x00\xff\xff\xff") in seen
    heard = []
    listener.stop(success=heard.append)
    await t.until(lambda: heard)
    count = len(seen)
    await asyncio.sleep_ms(50)
    assert heard[0].errMsg == "stop:ok" and len(seen) == count
    await t.fails(lambda: context.onCameraFrame(5), 1001, "Function")
