"""Scenarios of the chapter "Canvas", with a canvas that nobody shows; see tests/conformance/proof.py."""


def _begin():
    # The page that is shown has a canvas of 20x10.
    from kiosk.ui import canvas

    return canvas.attach(getCurrentPages()[-1], "chart", 20, 10)


async def _pixel(x, y):
    return tuple((await wx.canvasGetImageData(canvasId="chart", x=x, y=y, width=1, height=1)).data)


async def the_old_context(t):
    """wx.createContext DrawingContext.getActions DrawingContext.clearActions wx.drawCanvas"""
    _begin()
    context = wx.createContext()
    context.fillRect(0, 0, 20, 10)
    context.clearActions()
    context.setFillStyle("red")
    context.fillRect(0, 0, 5, 5)
    first = context.getActions()
    assert (await wx.drawCanvas(canvasId="chart", actions=first)).errMsg == "drawCanvas:ok"
    assert await _pixel(2, 2) == (255, 0, 0, 255) and await _pixel(12, 2) == (0, 0, 0, 0)
    context.clearActions()
    context.fillRect(10, 0, 5, 5)
    await wx.drawCanvas(canvasId="chart", actions=context.getActions(), reserve=True)
    assert await _pixel(2, 2) == (255, 0, 0, 255) and await _pixel(12, 2) == (0, 0, 0, 255)
    await wx.drawCanvas(canvasId="chart", actions=context.getActions())
    assert await _pixel(2, 2) == (0, 0, 0, 0)
    await t.fails(lambda: wx.drawCanvas(canvasId="none", actions=[]), 1001, "canvas none is not found")
    await t.fails(lambda: wx.drawCanvas(canvasId="chart", actions=[5]), 1001, "parameter.actions")


async def the_context_of_a_canvas(t):
    """wx.createCanvasContext"""
    _begin()
    context = wx.createCanvasContext("chart")
    context.fillRect(0, 0, 5, 5)
    heard = []
    context.draw(False, heard.append)
    await t.until(lambda: heard)
    assert heard[0].errMsg == "drawCanvas:ok" and await _pixel(2, 2) == (0, 0, 0, 255)
    wx.createCanvasContext("none").draw(heard.append)
    await t.until(lambda: len(heard) == 2)
    assert heard[1].errMsg == "drawCanvas:fail canvas none is not found"


async def pixels(t):
    """wx.canvasGetImageData wx.canvasPutImageData"""
    _begin()
    data = bytearray(b"\xff\x00\x00\xff\x00\xff\x00\xff\x00\x00\x00\x00")
    await wx.canvasPutImageData(canvasId="chart", data=data, x=4, y=2, width=3, height=1)
    found = await wx.canvasGetImageData(canvasId="chart", x=3, y=2, width=4, height=1)
    assert found.data == bytes(4) + data and (found.width, found.height) == (4, 1)
    await wx.canvasPutImageData(canvasId="chart", data=bytes(12), x=4, y=2, width=3, height=1)
    assert await _pixel(4, 2) == (0, 0, 0, 0)
    await t.fails(
        lambda: wx.canvasPutImageData(canvasId="chart", data=data, x=0, y=0, width=9, height=9), 1001, "324 bytes"
    )
    await t.fails(lambda: wx.canvasGetImageData(canvasId="chart", x=0, y=0, width=0, height=9), 1001, "parameter.width")


async def files(t):
    """wx.canvasToTempFilePath"""
    _begin()
    context = wx.createContext()
    context.fillRect(0, 0, 10, 10)
    await wx.drawCanvas(canvasId="chart", actions=context.getActions())
    fs = wx.getFileSystemManager()
    for options, size in (
        ({}, (20, 10)),
        ({"x": 5, "y": 2, "width": 6, "height": 3}, (6, 3)),
        ({"destWidth": 9, "destHeight": 4}, (9, 4)),
    ):
        path = (await wx.canvasToTempFilePath(canvasId="chart", quality=0.5, **options)).tempFilePath
        head = fs.readFileSync(path)[:26]
        assert head[:4] == b"\x89PNG" and (head[19], head[23]) == size and path.endswith(".png")
    path = (await wx.canvasToTempFilePath(canvasId="chart", fileType="jpg")).tempFilePath
    assert fs.readFileSync(path)[:2] == b"BM" and path.endswith(".bmp")
    await t.fails(lambda: wx.canvasToTempFilePath(canvasId="chart", fileType="gif"), 1001, "parameter.fileType")
    await t.fails(lambda: wx.canvasToTempFilePath(), 1001, "parameter.canvasId")
    await t.fails(lambda: wx.canvasToTempFilePath(canvas={}), 100)
