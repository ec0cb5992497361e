"""
wx.compressImage: a picture of the mini-program's decoded row by row and written again as a JPEG, which becomes a temporary file.

Heap, given back at the end: what decoding takes (33 KB for a JPEG, 49 to 55 KB for a PNG, more for wide and progressive ones: see
firmware/cmodules/images), 4.5 KB, and 32 bytes for each pixel of the new width.  A row between two turns of the loop.
"""

import gc

from kiosk.errors import KioskError
from kiosk.files import content
from kiosk.pictures import header

_BAND_BYTES = const(12288)  # of an interlaced PNG; the decoder holds them
_MOST_SIDE = const(8192)  # that of the C module
_MOST_AT_ONCE = const(
    1048576
)  # pixels of the file for one row, 1 to 3.5 s of an RP2040: the guard takes five for a stall


def compress(files, url, quality=80, width=None, height=None):
    """Return the URL of a JPEG of what `url` names, over white where it is transparent; a generator (see kiosk.files).

    quality: 0 to 100.  width, height: in pixels of the file, not turned; None: in proportion.  It is never made larger.
    Exif's orientation is kept, and nothing else of it.

    KioskError: "image file" (not there), "image" (none that is decoded), "codec memory", "unsupported" (a board without the
    module `images`), those of files.  Nothing is left of a failure.
    """
    path = files.readable(url)
    look(files, path, url)
    made, target = files.temporary(".jpg")
    complete = False
    head = None
    try:
        with open(path, "rb") as source:
            head = read_header(source)
            try:
                import images
            except ImportError:
                raise KioskError("unsupported", "this board's image has no encoder of JPEG")
            width, height = _sides(head, width, height)
            gc.collect()
            with open(target, "wb") as file:
                encoder = images.Encoder(file, width, height, max(quality, 1), _exif(head.orientation))
                try:
                    for row, depth in _rows(source, head, width, height):
                        encoder.row(row, depth)
                        yield
                finally:
                    encoder.close()
        complete = True
        return made
    except ValueError as exc:
        raise KioskError("image", str(exc))
    except MemoryError:
        raise KioskError("codec memory", _described(head, width, height)) if head else KioskError("oom")
    finally:
        if not complete:
            content.discard(target)


def look(files, path, url):
    """Raise KioskError "image file" for what is not there, "is a folder"."""
    try:
        files.file_size(path, url)
    except KioskError as exc:
        raise KioskError("image file") if exc.args[0] == "no file" else exc


def read_header(file):
    """header.read() with a KioskError "image"."""
    try:
        return header.read(file)
    except ValueError as exc:
        raise KioskError("image", str(exc))


def _sides(head, width, height):
    if head.width > _MOST_SIDE or head.height > _MOST_SIDE:
        raise ValueError("a picture of %dx%d; up to %d a side are decoded" % (head.width, head.height, _MOST_SIDE))
    if width is None:
        width = head.width if height is None else (head.width * height + head.height // 2) // head.height
    elif height is None:
        height = (head.height * width + head.width // 2) // head.width
    width = max(min(width, head.width), 1)
    height = head.height if height is None else max(min(height, head.height), 1)
    at_once = head.width * head.height
    if head.format != "png" or not head.is_interlaced:  # of which a band takes the whole file
        at_once //= height
    if at_once > _MOST_AT_ONCE:
        raise ValueError("it takes too long to make one of %dx%d of %dx%d" % (width, height, head.width, head.height))
    return width, height


def _exif(orientation):
    if orientation < 2:
        return b""
    fields = b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0%c\0\0\0\0\0\0" % orientation
    return b"\xff\xe1\0%c" % (len(fields) + 2) + fields


def _rows(file, head, width, height):
    """Yield each row and the bytes of its pixels."""
    if head.format in ("png", "jpeg"):
        yield from _decoded(file, head, width, height)
    elif head.format in ("bmp", "rgb565"):
        from kiosk.ui.images.plain import open_plain
        from kiosk.ui.paint.surface import Surface

        file.seek(0)
        picture = open_plain(file, head, (0, 0, head.width, head.height))
        surface = Surface(2 * width)
        for y in range(height):
            surface.aim(0, y, width, 1)
            surface.image(0, 0, width, height, picture)
            yield surface.pixels(), 2
    else:
        raise ValueError("a %s, which is not decoded here" % head.format.upper())


def _decoded(file, head, width, height):
    import images

    rows = height
    if head.format == "png" and head.is_interlaced:
        rows = max(min(height, _BAND_BYTES // (3 * width)), 1)
    row = bytearray(3 * width)
    for first in range(0, height, rows):
        count = min(rows, height - first)
        part = 0, first * head.height // height, head.width, (first + count) * head.height // height
        file.seek(0)
        decoder = images.Decoder(head.format, file, part, width, count, 3)
        try:
            for _ in range(count):
                decoder.row(row)
                yield row, 3
        finally:
            decoder.close()


def _described(head, width, height):
    kind = "progressive JPEG" if head.format == "jpeg" and head.is_interlaced else head.format.upper()
    size = (kind, head.width, head.height, width, height)
    return "the heap does not hold what it takes to make of a %s of %dx%d one of %sx%s" % size
