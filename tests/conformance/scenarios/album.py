"""Scenarios of the chapter "Album", on a glass that nobody sees, with a camera that gives what it is told; see tests/conformance/proof.py."""

FAKES = ("drivers/camera/fake",)
SCOPES = ("scope.camera", "scope.writePhotosAlbum")
CANCEL = (20, 10)
FIRST = (100, 60)
SECOND = (160, 60)
SWITCH = (20, 220)
DONE = (300, 220)
TAKE = (284, 120)  # of the camera's pages
AGAIN = (284, 30)
USE = (284, 220)


class _Glass:
    # A display that keeps nothing.
    width, height = 320, 240

    def begin(self, x, y, width, height):
        pass

    write = backlight = lambda self, value: None
    end = deinit = lambda self: None


def _begin(allow=SCOPES):
    # The screen is on, the album is empty, and the fake (Camera, from FAKES) is where the board has its own.
    import sys

    import board
    from kiosk import app, ui
    from kiosk.files import tree
    from kiosk.ui.boardscreen import BoardScreen

    idle, ui.screen = ui.screen, BoardScreen(_Glass(), None)

    def close():
        ui.screen.close()
        ui.screen = idle

    class Lens:
        facings = ("back", "front")

    app.current.at_close += (close,)
    app.current.settings["allow"] = allow
    tree.remove("/album")
    camera = Camera([_jpeg(320, 240)], frame_ms=20)  # noqa: F821  of the fakes
    Lens.camera = staticmethod(lambda facing: camera)
    board.camera, sys.modules["lens"] = "lens", Lens
    return ui.screen.layers, camera


def _jpeg(width, height, gray=99):
    import io

    import images

    file = io.BytesIO()
    encoder = images.Encoder(file, width, height, 95)
    for y in range(height):
        encoder.row(bytes([(gray + y * 7 + x * 5) & 255 for x in range(width)] * 3), 3)
    encoder.close()
    return file.getvalue()


def _put(url, data):
    wx.getFileSystemManager().writeFileSync(url, data)
    return url


def _read(url):
    return wx.getFileSystemManager().readFileSync(url)


async def _tap(t, layers, place):
    await t.until(lambda: layers.shown)
    layer = layers.shown[-1]
    await t.until(lambda: getattr(layer, "_working", None) is None)  # the album's squares are known
    for phase in ("start", "end"):
        layer.touched(phase, *place)


async def _state(t, layers, state):
    await t.until(lambda: layers.shown and getattr(layers.shown[-1], "state", None) == state)


async def pictures_of_the_album(t):
    """wx.chooseImage wx.saveImageToPhotosAlbum"""
    layers, _ = _begin()
    whole, other = _jpeg(96, 64), _jpeg(64, 96, 5)
    for data in (whole, other):
        assert (await wx.saveImageToPhotosAlbum(filePath=_put("wxfile://usr/a.jpg", data))).errMsg[-3:] == ":ok"
    found = []

    def ask(**options):
        found.clear()
        wx.chooseImage(success=found.append, fail=found.append, **options)

    ask(count=2)
    for place in (SECOND, FIRST, SWITCH, DONE):
        await _tap(t, layers, place)
    await t.until(lambda: found)
    res = found[0]
    assert res.errMsg == "chooseImage:ok" and [_read(url) for url in res.tempFilePaths] == [whole, other]
    assert [(one.path, one.size) for one in res.tempFiles] == [
        (res.tempFilePaths[0], len(whole)), (res.tempFilePaths[1], len(other)),
    ]  # fmt: skip
    ask(sizeType=["compressed"], sourceType=["album"])  # no camera among the squares
    for place in (FIRST, DONE):
        await _tap(t, layers, place)
    await t.until(lambda: found)
    assert 0 < found[0].tempFiles[0].size < len(whole) and _read(found[0].tempFilePaths[0])[:2] == b"\xff\xd8"
    ask(count=1)
    await _tap(t, layers, CANCEL)
    await t.until(lambda: found)
    assert found[0].errMsg == "chooseImage:fail cancel" and found[0].errno == 104 and not layers.shown
    await t.fails(lambda: wx.chooseImage(count=0), 1001, "count")
    await t.fails(lambda: wx.chooseImage(sourceType=["phone"]), 1001, "sourceType")
    await t.fails(lambda: wx.chooseImage(sizeType=[1]), 1001, "sizeType")


async def a_photo(t):
    """wx.chooseImage"""
    layers, camera = _begin()
    found = []
    wx.chooseImage(sourceType=["camera"], sizeType=["compressed"], success=found.append, fail=found.append)
    await _state(t, layers, 0)
    await _tap(t, layers, TAKE)
    await _state(t, layers, 3)
    await _tap(t, layers, AGAIN)
    await _state(t, layers, 0)
    await _tap(t, layers, TAKE)
    await _state(t, layers, 3)
    await _tap(t, layers, USE)
    await t.until(lambda: found and not camera.is_open)
    assert found[0].errMsg == "chooseImage:ok" and _read(found[0].tempFilePaths[0]) == camera.pictures[0]
    from kiosk import app

    app.current.settings["allow"] = ()
    await t.fails(lambda: wx.chooseImage(sourceType=["camera"]), 103, "auth deny")


async def what_is_saved(t):
    """wx.saveImageToPhotosAlbum wx.saveVideoToPhotosAlbum"""
    import os

    _begin()
    await wx.saveImageToPhotosAlbum(filePath=_put("wxfile://usr/b.jpg", _jpeg(8, 8)))
    assert [name for name in os.listdir("/album") if name[0] != "."] == ["kiosk-000001.jpg"]
    text = _put("wxfile://usr/text.jpg", "text")
    await t.fails(lambda: wx.saveImageToPhotosAlbum(filePath=text), 1001, "invalid image")
    await t.fails(lambda: wx.saveVideoToPhotosAlbum(filePath=text), 1001, "invalid video")
    await t.fails(lambda: wx.saveImageToPhotosAlbum(filePath="wxfile://usr/none"), 1300002, "file not found")
    await t.fails(lambda: wx.saveImageToPhotosAlbum(filePath=t.http + "/image/png"), 1300013, "permission denied")
    from kiosk import app

    app.current.settings["allow"] = ()
    await t.fails(lambda: wx.saveImageToPhotosAlbum(filePath="wxfile://usr/b.jpg"), 103, "auth deny")
    assert len([name for name in os.listdir("/album") if name[0] != "."]) == 1


async def a_video(t):
    """wx.chooseVideo wx.saveVideoToPhotosAlbum"""
    layers, camera = _begin()
    found = []

    def ask(**options):
        found.clear()
        wx.chooseVideo(success=found.append, fail=found.append, **options)

    ask(sourceType=["camera"], maxDuration=20, camera="front", compressed=False)
    await _state(t, layers, 0)
    await _tap(t, layers, TAKE)
    await _state(t, layers, 1)
    recording = layers.shown[-1]._recording
    await t.until(lambda: recording._writer.pictures > 3)
    await _tap(t, layers, TAKE)
    await _state(t, layers, 3)
    await _tap(t, layers, USE)
    await t.until(lambda: found)
    film = found[0]
    assert film.errMsg == "chooseVideo:ok" and (film.width, film.height) == (320, 240) and film.duration > 0
    assert film.size == len(_read(film.tempFilePath)) and _read(film.tempFilePath)[:4] == b"RIFF"
    assert (await wx.saveVideoToPhotosAlbum(filePath=film.tempFilePath)).errMsg == "saveVideoToPhotosAlbum:ok"
    ask(sourceType=["album"], compressed=False)
    for place in ((30, 60), DONE):
        await _tap(t, layers, place)
    await t.until(lambda: found)
    assert found[0].tempFilePath != film.tempFilePath and _read(found[0].tempFilePath) == _read(film.tempFilePath)
    assert (found[0].duration, found[0].size, found[0].width) == (film.duration, film.size, 320)
    ask()
    await _tap(t, layers, CANCEL)
    await t.until(lambda: found)
    assert found[0].errMsg == "chooseVideo:fail cancel"
    await t.fails(lambda: wx.chooseVideo(maxDuration=0), 1001, "maxDuration")
    await t.fails(lambda: wx.chooseVideo(camera="up"), 1001, "camera")


async def pictures_one_by_one(t):
    """wx.previewImage"""
    layers, _ = _begin()
    urls = [_put("wxfile://usr/1.jpg", _jpeg(60, 40)), "wxfile://usr/none.jpg", t.http + "/image/png"]
    assert (await wx.previewImage(urls=urls, current=urls[1])).errMsg == "previewImage:ok"
    page = layers.shown[-1]
    await t.until(lambda: "no such file" in page.message)

    def stroke(x, to):
        for phase, at in (("start", x), ("move", to), ("end", to)):
            page.touched(phase, at, 100)

    stroke(200, 100)
    await t.until(lambda: page.place == 2 and not page.message)
    stroke(200, 100)  # there is none
    stroke(100, 200)
    stroke(100, 200)
    await t.until(lambda: page.place == 0 and not page.message)
    stroke(100, 104)
    assert not layers.shown
    await wx.previewImage(urls=urls, current=2)
    assert layers.shown[-1].place == 2
    await wx.previewImage(urls=urls)
    assert len(layers.shown) == 1 and layers.shown[-1].place == 0
    await t.fails(lambda: wx.previewImage(urls=[]), 1001, "urls")
    await t.fails(lambda: wx.previewImage(urls=[5]), 1001, "urls")
    await t.fails(lambda: wx.previewImage(urls=urls, current=3), 1001, "current")


async def without_a_screen(t):
    """wx.chooseImage wx.chooseVideo wx.previewImage"""
    import board

    shown, board.display = board.display, None
    try:
        for call in (lambda: wx.chooseImage(), lambda: wx.chooseVideo(), lambda: wx.previewImage(urls=["a.png"])):
            await t.fails(call, 100, "not supported: this board has no screen")
    finally:
        board.display = shown
