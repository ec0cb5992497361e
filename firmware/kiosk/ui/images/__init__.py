"""
Pictures: `open_picture()` makes of a file what is painted (Surface.image) or read row by row (canvas, camera).

A picture has

    width, height   as it is shown, in pixels
    row(number)     bytes that hold a row from byte `start` on, `depth` bytes a pixel (see paint/pixels.py, pick)
    alpha           0, or the byte after `start` at which the row's opacity begins, one byte a pixel
    palette, little of a BMP
    rest()          give back what decoding holds of the heap; row() takes it again
    close()         close the file

Rows are asked for in any order; from top to bottom they are decoded once, each step back but to the same row begins anew.
ValueError: what is wrong with the picture; MemoryError, OSError.  kiosk/pictures/header.py: what a file is, before any decoding.
modes.py: the `mode` of <image>.  Nothing here is loaded before the first picture.
"""

_MOST_SIDE = const(8192)  # that of the C module and of BMP
_MOST_PIXELS = const(16777216)  # 4096 x 4096: bounds the time that a picture of few bytes takes


def shown_header(file):
    """The Header (kiosk/pictures/header.py) of a picture that open_picture() takes.  ValueError: why it is not shown."""
    from kiosk.pictures import header

    head = header.read(file)
    if head.format not in ("png", "jpeg", "bmp", "rgb565"):
        name = "WebP" if head.format == "webp" else head.format.upper()
        raise ValueError("no picture that is known: a %s, which is not decoded here" % name)
    width, height = head.width, head.height
    if width > _MOST_SIDE or height > _MOST_SIDE or width * height > _MOST_PIXELS:
        raise ValueError(
            "a picture of %dx%d; up to %d a side and %d pixels are shown" % (width, height, _MOST_SIDE, _MOST_PIXELS)
        )
    return head


def open_picture(file, part=None, width=0, height=0, header=None):
    """The picture in an open file that can seek; close() closes the file, and so does an error here.

    part: (left, top, right, bottom) of it that is shown, upright; None: all.  width, height: what it is shown as; 0: the part's
    size.  PNG and JPEG are decoded to that size, or to that of the part if it is smaller: whoever paints stretches.
    header: shown_header(file), if somebody has it.
    """
    try:
        if header is None:
            header = shown_header(file)
        full_width, full_height = header.upright()
        left, top, right, bottom = part = part or (0, 0, full_width, full_height)
        if not (0 <= left < right <= full_width and 0 <= top < bottom <= full_height):
            raise ValueError("no part of a picture of %dx%d" % (full_width, full_height))
        width = min(width or right - left, right - left)
        height = min(height or bottom - top, bottom - top)
        if header.format in ("bmp", "rgb565"):
            from kiosk.ui.images.plain import open_plain

            return open_plain(file, header, part)
        if header.orientation > 1 or (header.format == "png" and header.is_interlaced):
            from kiosk.ui.images.banded import Banded

            return Banded(file, header, part, width, height)
        from kiosk.ui.images.streamed import Streamed

        return Streamed(file, header, part, width, height)
    except BaseException:
        file.close()
        raise
