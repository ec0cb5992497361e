"""Scenarios of the chapter "Fonts", with a font of squares; see tests/conformance/proof.py."""

import binascii

FAKES = ("tinyfont",)


def _width(font):
    # Of an "A", which the font of squares has as wide as it is high.
    context = wx.createContext()
    context.font = font
    return context.measureText("A").width


async def loading(t):
    """wx.loadFontFace"""
    data = build()  # noqa: F821  of tinyfont.py
    text = binascii.b2a_base64(data).strip().decode()
    before = _width("100px Squares")
    assert before != 100
    source = 'url("data:font/ttf;base64,%s")' % text
    desc = {"style": "normal", "weight": "normal", "variant": "normal"}
    assert (await wx.loadFontFace(family="Squares", source=source, desc=desc)).status == "loaded"
    assert _width("100px Squares") == _width("bold 100px 'Squares', serif") == 100 and _width("100px Others") == before
    answers = []
    options = {"family": "Others", "source": source, "global": True, "scopes": ["webview", "native"]}
    options["success"] = options["complete"] = answers.append
    wx.loadFontFace(options)
    await t.until(lambda: len(answers) == 2)
    assert answers[0].status == "loaded" and _width("100px Others") == 100
    fs = wx.getFileSystemManager()
    fs.writeFileSync("wxfile://usr/squares.ttf", data)
    await wx.loadFontFace(family="Files", source="url(wxfile://usr/squares.ttf)", desc={"weight": "bold"})
    assert _width("100px Files") == 100
    await t.fails(lambda: fs.unlink(filePath="wxfile://usr/squares.ttf"), 1300001)  # it is open


async def failing(t):
    """wx.loadFontFace"""
    before = _width("100px Squares")
    whole = build()  # noqa: F821
    fs = wx.getFileSystemManager()
    fs.writeFileSync("wxfile://usr/otf.ttf", b"OTTO" + whole[4:])
    fs.writeFileSync("wxfile://usr/cut.ttf", whole[:300])
    for source, errno, part in (
        ('url("%s/status/404")' % t.http, 600001, "statusCode 404"),
        ('url("%s/bytes/500")' % t.http, 101, "no TrueType font"),
        ('url("http://127.0.0.1:1/a.ttf")', 600001, ""),
        ('url("wxfile://usr/none.ttf")', 1300002, "none.ttf"),
        ('url("wxfile://usr/otf.ttf")', 101, "CFF"),
        ('url("wxfile://usr/cut.ttf")', 101, "font"),
        ('url("/../secret.ttf")', 1300013, ""),
        ("https://example.com/a.ttf", 1001, "parameter.source"),
        ("url(", 1001, "parameter.source"),
        ('url("data:font/ttf;base64,A")', 1001, "base64"),
        ('url("data:font/ttf,AAAA")', 1001, "base64"),
    ):
        exc = await t.fails(lambda: wx.loadFontFace(family="Squares", source=source), errno, part)  # noqa: B023
        assert exc.status == "error"
    good = 'url("wxfile://usr/otf.ttf")'
    await t.fails(lambda: wx.loadFontFace(family="Squares", source=good, desc={"weight": "fat"}), 1001, "desc.weight")
    await t.fails(lambda: wx.loadFontFace(family="Squares", source=good, scopes=["other"]), 1001, "scopes")
    await t.fails(lambda: wx.loadFontFace(family=" ", source=good), 1001, "parameter.family")
    await t.fails(lambda: wx.loadFontFace(source=good), 1001, "parameter.family")
    assert _width("100px Squares") == before
    fs.unlinkSync("wxfile://usr/otf.ttf")  # nothing has kept it open
