"""
A canvas's pixels, and files of them: PNG, and BMP where a JPEG was wanted, for which there is no encoder.

A canvas keeps no pixels.  What it shows is painted once over black and once over white: where both are the same it is opaque, and the
difference is what it lets through.  Alpha comes in 32 steps, colors in RGB565.
"""

import binascii
import struct

from kiosk.ui.canvas import replay
from kiosk.ui.canvas.deflated import Deflated
from kiosk.ui.paint.surface import Surface

_STRIP_BYTES = const(4096)
_CHUNK = const(1024)


def rows(shapes, left: int, top: int, width: int, height: int):
    """Yield each row of a part of a DisplayList: RGBA, 4 bytes a pixel, the same bytearray each time.  What lies beside the canvas is empty."""
    count = max(1, _STRIP_BYTES // (2 * width))
    black, white = Surface(2 * width * count), Surface(2 * width * count)
    row = bytearray(4 * width)
    for first in range(0, height, count):
        many = min(count, height - first)
        for surface, color in ((black, 0), (white, 0xFFFFFF)):
            surface.aim(left, top + first, width, many)
            surface.fill_rect(left, top + first, width, many, color)
            replay.draw(shapes, surface, 0, 0)
        for number in range(many):
            _rgba(row, black.buffer, white.buffer, 2 * width * number)
            yield row


def _rgba(row, black, white, start):
    at = 0
    for place in range(start, start + len(row) // 2, 2):
        dark = black[place] << 8 | black[place + 1]
        light = white[place] << 8 | white[place + 1]
        clear = (light >> 5 & 63) - (dark >> 5 & 63)  # 0 to 63
        if clear <= 0:
            alpha, red, green, blue = 63, dark >> 11, dark >> 5 & 63, dark & 31
        else:
            alpha = 63 - clear
            if alpha > 0:
                half = alpha >> 1
                red = min(((dark >> 11) * 63 + half) // alpha, 31)
                green = min(((dark >> 5 & 63) * 63 + half) // alpha, 63)
                blue = min(((dark & 31) * 63 + half) // alpha, 31)
            else:
                alpha = red = green = blue = 0
        row[at] = red << 3 | red >> 2
        row[at + 1] = green << 2 | green >> 4
        row[at + 2] = blue << 3 | blue >> 2
        row[at + 3] = alpha << 2 | alpha >> 4
        at += 4


def scaled(shapes, part, width: int, height: int):
    """Yield the rows of a part (left, top, width, height) at another size: each pixel is that one which is there."""
    left, top, wide, high = part
    made = bytearray(4 * width)
    number, row = -1, None
    source = rows(shapes, left, top, wide, high)
    for y in range(height):
        while number < y * high // height:
            row = next(source)
            number += 1
        for x in range(width):
            at = x * wide // width * 4
            made[4 * x : 4 * x + 4] = row[at : at + 4]
        yield made


def write_png(file, lines, width: int, height: int):
    """Write a PNG of rows; a generator that yields after each row."""
    file.write(b"\x89PNG\r\n\x1a\n")
    _chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    packed = _Packed(file)
    stream = Deflated(packed)
    above = bytearray(4 * width)
    line = bytearray(4 * width + 1)
    line[0] = 2  # "up": what differs from the row above
    for row in lines:
        for at in range(4 * width):
            line[at + 1] = row[at] - above[at] & 255
        above[:] = row
        stream.write(line)
        yield
    stream.close()
    packed.flush()
    _chunk(file, b"IEND", b"")


def _chunk(file, name, data):
    file.write(struct.pack(">I", len(data)) + name)
    file.write(data)
    file.write(struct.pack(">I", binascii.crc32(data, binascii.crc32(name))))


class _Packed:
    """Takes bytes, and writes them as IDAT chunks."""

    def __init__(self, file):
        self._file = file
        self._waiting = bytearray()

    def write(self, data):
        self._waiting += data
        if len(self._waiting) >= _CHUNK:
            self.flush()

    def flush(self):
        if self._waiting:
            _chunk(self._file, b"IDAT", self._waiting)
            self._waiting = bytearray()


def write_bmp(file, lines, width: int, height: int):
    """Write a BMP of 24 bits of rows, over black as a JPEG has it; a generator that yields after each row."""
    stride = (3 * width + 3) & ~3
    file.write(
        struct.pack(
            "<2sIIIIiiHHIIIIII",
            b"BM",
            54 + stride * height,
            0,
            54,
            40,
            width,
            -height,
            1,
            24,
            0,
            stride * height,
            2835,
            2835,
            0,
            0,
        )
    )
    made = bytearray(stride)
    for row in lines:
        for x in range(width):
            red, green, blue, alpha = row[4 * x : 4 * x + 4]
            made[3 * x] = blue * alpha // 255
            made[3 * x + 1] = green * alpha // 255
            made[3 * x + 2] = red * alpha // 255
        file.write(made)
        yield
