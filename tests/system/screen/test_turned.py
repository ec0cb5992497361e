"""Boxes with transforms: as Chromium paints them, touched where they are seen, and painted again no further than they reach."""

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.system.components.conftest import show  # noqa: F401  a fixture
from tests.system.screen.conftest import wire  # noqa: F401
from tests.system.screen.turned import PICTURE, WXML, WXSS, chromium

# Where they may differ: colors by RGB565 (8 of 255), edges by a 32nd of a pixel.  Letters are those of the image's bitmaps, which stand on
# whole pixels and are mixed between them: theirs are drawn anew from outlines.
MEAN = 3.0


def test_it(show, tmp_path):
    app = show(WXML, WXSS, files={"p.png": PICTURE})
    theirs = chromium(tmp_path)
    app.target.wait(1000)
    app.until(lambda: not app.ask("ui.screen.is_painting"))
    mine = app.image()
    both = Image.new("RGB", (644, 480), "gray")
    both.paste(mine, (0, 0))
    both.paste(theirs, (324, 0))
    both.paste(ImageChops.difference(mine, theirs), (0, 240))
    both.resize((1288, 960), 0).save("/tmp/paint_both.png")
    print(ImageStat.Stat(ImageChops.difference(mine, theirs)).mean, app.errors())
    assert 0
