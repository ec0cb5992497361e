"""
Pictures that cannot be had row by row: turned ones (Exif's orientation) and interlaced PNG.

A band of rows is decoded into memory, the whole file for each band: it takes that many times as long, not the memory of a picture.
"""

import images

from kiosk.ui.images.streamed import _NO_PALETTE

_BAND_BYTES = const(24576)
_LEAST_ROWS = const(8)  # fewer, and a picture is decoded too often
_INTERLACED_BAND_BYTES = const(12288)  # the decoder holds the band, too


class Banded:
    """See kiosk/ui/images.  part: of the upright picture."""

    depth = 2
    little = 0
    palette = _NO_PALETTE

    def __init__(self, file, header, part, width: int, height: int):
        self._file = file
        self._header = header
        self._part = part
        self.width = width
        self.height = height
        self.start = 0
        self.alpha = 0 if header.format == "jpeg" else 2 * width  # a PNG without one is opaque then
        self._stride = width * 3 if self.alpha else width * 2
        most = _INTERLACED_BAND_BYTES if header.is_interlaced else _BAND_BYTES
        self._rows = max(1, min(height, most // self._stride))
        self._first = -1  # row of the band that is held
        self._band = None
        self.row(0)  # so that what is wrong is known now

    def row(self, number: int):
        """The band that holds a row; `start` says where it begins."""
        if not 0 <= number < self.height:
            raise ValueError("row %d of %d" % (number, self.height))
        while True:
            first = number - number % self._rows
            try:
                self._fill(first)
                break
            except MemoryError:  # fewer rows at once, and more times through the file
                self._band = None
                if self._rows < 2 * _LEAST_ROWS:
                    raise
                self._rows //= 2
        self.start = (number - first) * self._stride
        return self._band

    def _fill(self, first):
        """Have the band that begins with this row."""
        if self._band is None:
            self._first = -1
            self._band = bytearray(self._rows * self._stride)
        if first != self._first:
            self._first = -1
            self._decode(first, min(self._rows, self.height - first))
            self._first = first

    def _decode(self, first, rows):
        orientation = self._header.orientation
        left, top, right, bottom = self._part
        high = bottom - top
        # A band's part of the file, at least a pixel high, as rows may be as many as those of the part.
        bottom = top + (first + rows) * high // self.height
        top += first * high // self.height
        full_width, full_height = self._header.upright()
        is_mirrored = orientation in (2, 3, 6, 7)  # its rows are, then its columns
        is_upside_down = orientation in (3, 4, 7, 8)
        if is_mirrored:
            left, right = full_width - right, full_width - left
        if is_upside_down:
            top, bottom = full_height - bottom, full_height - top
        width = self.width
        is_turned = orientation > 4  # a row of the file is a column of what is shown
        part = (top, left, bottom, right) if is_turned else (left, top, right, bottom)
        count, lines = (rows, width) if is_turned else (width, rows)
        self._file.seek(0)
        decoder = images.Decoder(self._header.format, self._file, part, count, lines)
        try:
            self._take(decoder, count, lines, is_turned, is_mirrored, is_upside_down)
        finally:
            decoder.close()

    def _take(self, decoder, count, lines, is_turned, is_mirrored, is_upside_down):
        stride = self._stride
        backwards, downwards = (is_upside_down, is_mirrored) if is_turned else (is_mirrored, is_upside_down)
        row = bytearray(count * 3)
        opaque = self.alpha and not decoder.alpha
        for i in range(count if opaque else 0):
            row[2 * count + i] = 255
        view = memoryview(row)
        for line in range(lines):
            decoder.row(view[: 2 * count] if opaque else row)
            place = lines - 1 - line if downwards else line
            for size, source, base in ((2, row, 0), (1, view[2 * count :], self.alpha))[: 2 if self.alpha else 1]:
                step = stride if is_turned else size
                at = base + place * (size if is_turned else stride)
                if backwards:
                    at += (count - 1) * step
                    step = -step
                images.spread(source, count, size, self._band, at, step)

    def rest(self) -> None:
        """Give back the band."""
        self._band = None

    def close(self) -> None:
        """Close the file."""
        self.rest()
        self._file.close()
