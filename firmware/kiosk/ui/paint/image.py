"""
Pictures that need no decoder: BMP files, and RGB565 as displays take it.

A picture has `width`, `height`, and for Surface.image(): `row(number)`, bytes that hold a row from byte `start` on, `depth` bytes
a pixel, `palette`, `little` (pixels.pick), `alpha` (0, or the byte after `start` at which a row's opacity begins).  A BMP stays on the flash: it holds one row (at most 16 KB) and its palette (512 bytes).
"""

import struct

_MOST_ROW = const(16384)
_MOST_SIDE = const(8192)
_MASKS_565 = (0xF800, 0x7E0, 0x1F)
_NO_PALETTE = b"\0\0"


class Rgb565:
    """data: bytes, row by row, the higher byte of a pixel first.  ValueError if there are too few."""

    alpha = 0
    depth = 2
    little = 0
    palette = _NO_PALETTE

    def __init__(self, data, width: int, height: int):
        if width < 1 or height < 1 or len(data) < width * height * 2:
            raise ValueError("no picture of %dx%d" % (width, height))
        self._data = data
        self.width = width
        self.height = height
        self.start = 0

    def row(self, number: int):
        """The data; `start` says where the row begins."""
        self.start = number * self.width * 2
        return self._data


class Bmp:
    """file: an open file that can seek; close() closes it.  ValueError: what is wrong with it.

    Not compressed: 1, 4 and 8 bits with a palette, 16 (565 or 555), 24 and 32 bits (without their alpha).
    """

    alpha = 0
    start = 0

    def __init__(self, file):
        self._file = file
        head = file.read(54)
        if len(head) < 54 or head[:2] != b"BM":
            raise ValueError("not a BMP")
        self._data, size, self.width, height, _, bits, packing = struct.unpack("<IIiiHHI", head[10:34])
        if size < 40:
            raise ValueError("a BMP of OS/2")
        self.height = abs(height)
        self._is_upside_down = height > 0
        if not 0 < self.width <= _MOST_SIDE or not 0 < self.height <= _MOST_SIDE:
            raise ValueError("a BMP of %dx%d" % (self.width, self.height))
        if bits not in (1, 4, 8, 16, 24, 32) or packing not in ((0, 3) if bits in (16, 32) else (0,)):
            raise ValueError("a BMP of %d bits, packed as %d" % (bits, packing))
        self.depth = max(bits // 8, 1)
        self._bits = bits
        self.little = 1
        self._is_555 = False
        self.palette = _NO_PALETTE
        file.seek(14 + size)
        if bits <= 8:
            self._read_palette(min(struct.unpack("<I", head[46:50])[0] or 256, 1 << bits))
        elif bits == 16:
            self._read_masks(file, size, packing)
        self._stride = (self.width * bits + 31) >> 5 << 2
        if self._stride > _MOST_ROW:
            raise ValueError("a BMP whose rows have %d bytes" % self._stride)
        file.seek(0, 2)
        if file.tell() < self._data + self._stride * self.height:
            raise ValueError("the BMP is cut off")
        self._row = bytearray(self._stride)
        self._places = bytearray(self.width) if bits < 8 else None
        self._number = -1

    def _read_masks(self, file, size, packing):
        if packing:
            file.seek(54)  # they follow the first forty bytes of a header of any size
            masks = struct.unpack("<III", file.read(12))
        self._is_555 = not packing or masks != _MASKS_565
        if packing and self._is_555 and masks != (0x7C00, 0x3E0, 0x1F):
            raise ValueError("a BMP with colours of its own")

    def _read_palette(self, count):
        entries = self._file.read(4 * count)
        palette = bytearray(512)
        for at in range(0, len(entries) - 3, 4):
            value = entries[at + 2] >> 3 << 11 | entries[at + 1] >> 2 << 5 | entries[at] >> 3
            palette[at >> 1] = value & 255
            palette[(at >> 1) + 1] = value >> 8
        self.palette = palette

    def row(self, number: int):
        """Bytes of a row, read when it is another one than before."""
        if number != self._number:
            place = self.height - 1 - number if self._is_upside_down else number
            self._number = -1
            self._file.seek(self._data + place * self._stride)
            if self._file.readinto(self._row) != self._stride:
                raise OSError(5, "the BMP ends early")
            if self._is_555:
                row = self._row
                for at in range(0, self._stride - 1, 2):
                    value = row[at] | row[at + 1] << 8
                    value = (value & 0x7FE0) << 1 | value & 0x1F
                    row[at] = value & 255
                    row[at + 1] = value >> 8
            if self._places:
                self._unpack()
            self._number = number
        return self._places or self._row

    def _unpack(self):
        """A byte for each pixel, as pixels.pick() has it."""
        bits = self._bits
        least = 3 if bits == 1 else 1  # log2 of the pixels in a byte
        last = (1 << least) - 1
        mask = (1 << bits) - 1
        row, places = self._row, self._places
        for x in range(self.width):
            places[x] = row[x >> least] >> (last - (x & last)) * bits & mask

    def close(self) -> None:
        """Close the file."""
        self._file.close()
