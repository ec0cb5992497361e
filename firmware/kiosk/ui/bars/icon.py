"""A tab's icon, decoded once and kept as it is painted: two bytes a pixel, 800 for one of 20x20 px."""

import os

from kiosk.ui.images import modes, open_picture, shown_header
from kiosk.ui.paint.image import Rgb565
from kiosk.ui.paint.surface import Surface

_MOST_BYTES = const(40960)  # WeChat's


def check(path):
    """Raise what is wrong with the file of an icon: ValueError (too large, no picture), OSError."""
    _open(path)[0].close()


def load(path, side, background):
    """The picture at `path` of the file system in a square of `side` px over a color, 0xRRGGBB.

    ValueError, OSError: what is wrong with it; MemoryError.
    """
    file, head = _open(path)
    try:
        _, (x, y, width, height) = modes.place("aspectFit", side, side, *head.upright())
        surface = Surface(2 * side * side)
        surface.aim(0, 0, side, side)
        surface.fill_rect(0, 0, side, side, background)
        picture = open_picture(file, None, width, height, head)
        try:
            surface.image(x, y, width, height, picture)
        finally:
            picture.close()
        return Rgb565(surface.buffer, side, side)
    finally:
        file.close()


def _open(path):
    """(open file, header.Header) of a picture of at most 40 KB."""
    if os.stat(path)[6] > _MOST_BYTES:
        raise ValueError("an icon has at most 40 KB")
    file = open(path, "rb")
    try:
        return file, shown_header(file)
    except BaseException:
        file.close()
        raise
