"""Scenarios of the chapter "Documents", on a glass that nobody sees; see tests/conformance/proof.py."""

import struct


class _Glass:
    # A display that keeps nothing.
    width, height = 320, 240

    def begin(self, x, y, width, height):
        pass

    write = backlight = lambda self, value: None
    end = deinit = lambda self: None


def _begin():
    # The screen is on.
    from kiosk import app, ui
    from kiosk.ui.boardscreen import BoardScreen

    idle, ui.screen = ui.screen, BoardScreen(_Glass(), None)

    def close():
        ui.screen.close()
        ui.screen = idle

    app.current.at_close += (close,)
    return ui.screen.layers


def _zip(*parts):
    import binascii

    body = directory = b""
    for name, text in parts:
        name, data = name.encode(), text.encode()
        rest = struct.pack("<HHHHHIII", 20, 0, 0, 0, 0, binascii.crc32(data), len(data), len(data))
        rest += struct.pack("<HH", len(name), 0)
        directory += b"PK\1\2\x14\0" + rest + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += b"PK\3\4" + rest + name + data
    count = len(parts)
    return body + directory + b"PK\5\6\0\0\0\0" + struct.pack("<HHIIH", count, count, len(directory), len(body), 0)


def _tap(layers, x, y):
    layer = layers.at(x, y)
    layer.touched("start", x, y)
    layer.touched("end", x, y)


async def a_document(t):
    """wx.openDocument"""
    layers = _begin()
    fs = wx.getFileSystemManager()
    fs.writeFileSync("wxfile://usr/a.txt", "one\ntwo\n" * 40)
    assert (await wx.openDocument(filePath="wxfile://usr/a.txt")).errMsg == "openDocument:ok"
    page = layers.shown[-1]
    assert page.is_modal and layers.at(5, 100) is page
    _tap(layers, 300, 10)  # no menu there
    _tap(layers, 100, 100)
    assert layers.shown == [page]
    _tap(layers, 10, 10)
    assert not layers.shown
    relation = '<R><Relationship Id="r" Type="x/officeDocument" Target="d.xml"/></R>'
    text = "<d><p><r><t>Hello</t></r></p></d>"
    data = _zip(("[Content_Types].xml", "<T/>"), ("_rels/.rels", relation), ("d.xml", text))
    fs.writeFileSync("wxfile://usr/b", data)
    await t.fails(lambda: wx.openDocument(filePath="wxfile://usr/b"), 1001, "openDocument:fail filetype not supported")
    assert not layers.shown
    await wx.openDocument(filePath="wxfile://usr/b", fileType="docx", showMenu=True)
    assert len(layers.shown) == 1
    _tap(layers, 300, 10)
    await t.until(lambda: len(layers.shown) == 2)  # the menu
    _tap(layers, 100, 230)
    await t.until(lambda: len(layers.shown) == 1)
    await wx.openDocument(filePath="wxfile://usr/a.txt")
    assert len(layers.shown) == 1  # the other one has gone
    await t.fails(lambda: wx.openDocument(filePath="none.txt"), 1300002, "no such file")
    await t.fails(lambda: wx.openDocument(filePath="wxfile://usr/a.txt", fileType="docx"), 1001, "damaged")
    await t.fails(lambda: wx.openDocument(filePath="wxfile://usr/a.txt", fileType="pdf"), 100, "no converter for pdf")
    await t.fails(lambda: wx.openDocument(filePath="wxfile://usr/a.txt", fileType="exe"), 1001, "filetype")
    _tap(layers, 10, 10)
    assert not layers.shown


async def without_a_screen(t):
    """wx.openDocument"""
    import board

    wx.getFileSystemManager().writeFileSync("wxfile://usr/a.txt", "one")
    shown, board.display = board.display, None
    try:
        await t.fails(
            lambda: wx.openDocument(filePath="wxfile://usr/a.txt"), 100, "not supported: this board has no screen"
        )
    finally:
        board.display = shown
