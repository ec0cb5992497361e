"""Boxes with transforms: as Chromium paints them, touched where they are seen, and painted again no further than they reach."""

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.system.components.conftest import show  # noqa: F401  a fixture
from tests.system.components.pictures import png
from tests.system.screen.conftest import wire  # noqa: F401  a fixture
from tests.system.screen.scenes import REFERENCES
from tests.system.screen.turned import FILES, WXML, WXSS, chromium

# Where they may differ: colors by RGB565 (8 of 255), edges by a 32nd of a pixel.  Letters are those of the image's bitmaps, which stand on
# whole pixels and are mixed between them: theirs are made anew from outlines.  Corners of borders that differ are square here.
MEAN = 3.0  # of 255, over all pixels and channels
FAR = 64  # a pixel is far off by more than this
MOST_FAR = 1500  # pixels of 76,800, nearly all of them of letters
SMOOTH = (
    (0, 0, 320, 25),
    (125, 15, 320, 90),
    (10, 95, 115, 195),
    (230, 90, 320, 170),
    (265, 172, 320, 240),
    (0, 198, 105, 240),
)  # without letters
MOST_FAR_SMOOTH = 60
ROTATED = """<view class="b" style="{{style}}" animation="{{run}}" bindtap="heard"></view>"""
BOX = ".b { position: absolute; left: 60px; top: 100px; width: 100px; height: 20px; background: #ff0000 }"


def _settled(app):
    app.until(lambda: app.ask("view is not None and not ui.screen.is_painting"))
    return app.image()


def _far(difference):
    return sum(max(pixel) > FAR for pixel in difference.getdata())


@pytest.mark.timeout(400)
def test_it_is_as_chromiums(show, tmp_path):  # noqa: F811
    theirs = chromium(tmp_path)
    app = show(WXML, WXSS, files=FILES)
    app.sees(283, 193, (255, 0, 0))  # the picture
    mine = _settled(app)
    mine.save(tmp_path / "ours.png")
    difference = ImageChops.difference(mine, theirs)
    seen = f"look at {tmp_path}: {ImageStat.Stat(difference).mean}, {_far(difference)} far"
    assert sum(ImageStat.Stat(difference).mean) / 3 <= MEAN and _far(difference) <= MOST_FAR, seen
    for box in SMOOTH:
        assert _far(difference.crop(box)) <= MOST_FAR_SMOOTH, (seen, box, _far(difference.crop(box)))
    assert len(set(theirs.getdata())) > 10  # something has been painted


@pytest.mark.parametrize("name", ["unix", "virtual"])
def test_it_is_what_it_was(show, name, tmp_path):  # noqa: F811
    app = show(WXML, WXSS, files=FILES, name=name)
    with Image.open(REFERENCES / "turned.png") as file:
        wanted = file.convert("RGB")
    try:
        app.until(lambda: ImageChops.difference(app.image(), wanted).getbbox() is None, "the picture")
    finally:
        app.image().save(tmp_path / "turned.png")


def test_a_finger_touches_what_is_seen(show):  # noqa: F811
    app = show(ROTATED, BOX, '{"style": "transform: rotate(90deg)", "run": None}')
    app.sees(110, 64, (255, 0, 0))
    app.sees(65, 110, (255, 255, 255))
    app.tap(65, 110)  # where it would be
    app.tap(110, 64)  # where it is
    app.heard("tap")
    assert [detail["x"] for kind, detail in app.log() if kind == "tap"] == [110]
    app.run("page.setData({'style': 'transform: scale(0)'})")
    app.sees(110, 110, (255, 255, 255))
    app.tap(110, 110)
    assert len(app.log()) == 1


def test_queries_say_what_encloses_it(show):  # noqa: F811
    code = """
    def start(self):
        self.rect = None
    def onReady(self):
        wx.createSelectorQuery().select(".b").boundingClientRect(self.found).exec()
    def found(self, rect):
        self.rect = [round(rect[key], 1) for key in ("left", "top", "width", "height")]
"""
    app = show(ROTATED, BOX, '{"style": "transform: rotate(90deg) translate(20px, 50%)", "run": None}', code)
    app.until(lambda: app.ask("page.rect"))
    assert app.ask("page.rect") == pytest.approx([90, 80, 20, 100], abs=1)


def test_an_animation_turns_and_paints_no_more_than_it_reaches(show):  # noqa: F811
    app = show(ROTATED, BOX, '{"style": "", "run": None}')
    app.sees(62, 110, (255, 0, 0))
    _settled(app)
    before = app.glass.pixels
    app.run("a = wx.createAnimation(duration=1)\na.rotate(90).step()\npage.setData({'run': a.export()})")
    app.sees(110, 64, (255, 0, 0))
    app.sees(62, 110, (255, 255, 255))
    _settled(app)
    assert app.glass.pixels - before <= 3 * 120 * 120  # what both places, or what encloses them, have
    app.run("page.setData({'style': 'background: #0000ff'})")  # one that is turned already
    app.sees(110, 64, (0, 0, 255))
    app.run("a = wx.createAnimation(duration=1)\na.rotate(0).step()\npage.setData({'run': a.export()})")
    app.sees(62, 110, (0, 0, 255))
    app.sees(110, 64, (255, 255, 255))


def test_pictures_and_canvases_are_turned(show):  # noqa: F811
    wxml = """<view style="transform: rotate(180deg); width: 200px; height: 100px"><image src="/p.png" style="width: 80px; height: 80px"/>
<canvas canvas-id="c" style="position: absolute; left: 100px; top: 0; width: 60px; height: 60px"/></view>"""
    code = """
    def onReady(self):
        c = wx.createCanvasContext("c")
        c.setFillStyle("#00ff00")
        c.fillRect(0, 0, 60, 20)
        g = c.createLinearGradient(0, 0, 60, 0)
        g.addColorStop(0, "#ff0000")
        g.addColorStop(1, "#0000ff")
        c.setFillStyle(g)
        c.fillRect(0, 20, 60, 20)
        c.draw()
"""
    picture = png(40, 40, (255, 0, 0, 255), (0, 0, 255, 128))
    app = show(wxml, "page { background: #ffffff }", "{}", code, {"p.png": picture})
    app.sees(180, 80, (255, 0, 0))
    app.sees(140, 80, (128, 128, 255))
    app.sees(70, 90, (0, 255, 0))
    app.sees(70, 50, (255, 255, 255))
    app.sees(99, 70, (252, 0, 2))
    app.sees(41, 70, (2, 0, 252))
    assert "Error" not in app.errors()


def test_what_cannot_be_is_said(show):  # noqa: F811
    app = show(ROTATED, BOX, '{"style": "transform: perspective(10px) rotate(90deg)", "run": None}')
    app.sees(62, 110, (255, 0, 0))  # as without
    assert "perspective() is not supported" in app.errors()
    app.run("page.setData({'style': 'background: #0000ff url(/a.png) no-repeat'})")
    app.sees(62, 110, (0, 0, 255))
    assert "background: a picture in the background is not painted" in app.errors()
