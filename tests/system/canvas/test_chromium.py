"""
Canvases beside Chromium's, for the same calls.

Where they may differ: colors by RGB565 (8 of 255) and mixing in 33 steps (8); an edge by how its area is reckoned (Skia's has 16 by 4 samples here and
there, ours is exact but for 1/32 px in each corner and 1/10 px in each curve); a shadow by five steps each way instead of a Gaussian.  A
corner where two pieces of a line both cover a part of a pixel is darker here.  Chromium measures curves more coarsely, so that dashes on a
long one are elsewhere, and clears whole pixels only: the scenes do neither.
"""

import pytest
from PIL import ImageChops, ImageStat

from tests.system.canvas.scenes import SCENES, chromium, on_white, ours

MEAN = 2.0  # of 255, over all pixels and channels
FAR = 48  # a pixel is far off by more than this, of 255
MOST_FAR = 60  # pixels of 19,200
FARTHEST = 130


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """Chromium's pictures."""
    return chromium(tmp_path_factory.mktemp("chromium"))


@pytest.mark.timeout(400)
@pytest.mark.parametrize("scene", SCENES)
def test_a_canvas_is_as_chromiums(kiosk, theirs, scene, tmp_path):
    mine, other = on_white(ours(kiosk, scene)), on_white(theirs[scene])
    mine.save(tmp_path / "ours.png")
    other.save(tmp_path / "chromium.png")
    difference = ImageChops.difference(mine, other)
    off = [max(pixel) for pixel in difference.getdata()]
    seen = f"look at {tmp_path}"
    assert sum(ImageStat.Stat(difference).mean) / 3 <= MEAN, seen
    assert sum(one > FAR for one in off) <= MOST_FAR and max(off) <= FARTHEST, (seen, max(off))
    assert len(set(other.getdata())) > 2  # something has been drawn
