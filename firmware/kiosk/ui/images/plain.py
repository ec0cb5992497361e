"""Pictures that need no decoder, in a file that can seek, a row at a time: BMP, and RGB565 behind the header that header.py names."""

from kiosk.ui.paint.image import Bmp

_HEADER_BYTES = const(8)


class _Rgb565File:
    depth = 2
    start = 0
    little = 0
    palette = b"\0\0"

    def __init__(self, file, width, height):
        self._file = file
        self._row = bytearray(2 * width)
        self._number = -1
        file.seek(0, 2)
        if file.tell() < _HEADER_BYTES + 2 * width * height:
            raise ValueError("the picture is cut off")

    def row(self, number):
        if number != self._number:
            self._number = -1
            self._file.seek(_HEADER_BYTES + number * len(self._row))
            if self._file.readinto(self._row) != len(self._row):
                raise OSError(5, "the picture ends early")
            self._number = number
        return self._row


class _Part:
    """See kiosk/ui/images: a part of a picture."""

    alpha = 0

    def __init__(self, file, picture, part):
        self._file = file
        self._picture = picture
        left, self._top, right, bottom = part
        self.width = right - left
        self.height = bottom - self._top
        self.depth = picture.depth
        self.little = picture.little
        self.palette = picture.palette
        self.start = left * picture.depth

    def row(self, number: int):
        if not 0 <= number < self.height:
            raise ValueError("row %d of %d" % (number, self.height))
        return self._picture.row(self._top + number)

    def rest(self):
        """Nothing is decoded."""

    def close(self):
        self._file.close()


def open_plain(file, header, part) -> _Part:
    """The part of a BMP or RGB565 file, in its own size."""
    if header.format == "bmp":
        return _Part(file, Bmp(file), part)
    return _Part(file, _Rgb565File(file, header.width, header.height), part)
