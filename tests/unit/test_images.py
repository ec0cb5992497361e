"""images and kiosk.ui.images: the decoder object, its memory and its refusals.  Other people's files: tests/system/images."""

import binascii
import gc
import io
import struct

import images

from kiosk.pictures import header
from kiosk.ui.images import open_picture
from kiosk.ui.paint.surface import Surface

# A JPEG of 8x8, all 0x808080: one block, one bit of each table (T.81, annex K's tables cut to one code each).
_QUANTA = b"\xff\xdb\0\x43\0" + b"\1" * 64
_HUFFMAN = b"\xff\xc4\0\x14\0\1" + bytes(15) + b"\0" + b"\xff\xc4\0\x14\x10\1" + bytes(15) + b"\0"
GREY_JPEG = (
    b"\xff\xd8" + _QUANTA + b"\xff\xc0\0\x0b\x08\0\x08\0\x08\1\1\x11\0" + _HUFFMAN
    + b"\xff\xda\0\x08\1\1\0\0\x3f\0\x3f\xff\xd9"
)  # fmt: skip


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", binascii.crc32(name + data))


def _png(width, height, color, rows, extra=b"", interlaced=0):
    """Not compressed: zlib's stored blocks."""
    data = b"".join(b"\0" + row for row in rows)
    low, high = 1, 0
    for byte in data:
        low = (low + byte) % 65521
        high = (high + low) % 65521
    packed = b"\x78\1\1" + struct.pack("<HH", len(data), len(data) ^ 0xFFFF) + data + struct.pack(">HH", high, low)
    head = struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + extra + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


FOUR = _png(2, 2, 2, [b"\xff\0\0\0\xff\0", b"\0\0\xff\xff\xff\xff"])
CORNERS = [b"\xf8\0\x07\xe0", b"\0\x1f\xff\xff"]


def _raises(kind, call, *args):
    try:
        call(*args)
    except kind as error:
        return str(error)
    raise AssertionError((kind, args))


def _rows(decoder, alpha=False):
    row = bytearray(decoder.width * (3 if alpha else 2))
    got = []
    while decoder.row(row):
        got.append(bytes(row))
    return got


def test_rows_come_from_the_top():
    decoder = images.Decoder("png", io.BytesIO(FOUR), None, 2, 2)
    assert (decoder.width, decoder.height, decoder.whole_width, decoder.whole_height) == (2, 2, 2, 2)
    assert not decoder.alpha and decoder.damaged == 0
    assert _rows(decoder) == CORNERS
    assert decoder.row(bytearray(4)) is False
    decoder = images.Decoder("jpeg", io.BytesIO(GREY_JPEG), None, 100, 100)
    assert (decoder.width, decoder.height) == (8, 8)  # it does not grow
    assert _rows(decoder) == [b"\x84\x10" * 8] * 8


def test_a_smaller_one_is_the_mean_and_a_part_is_a_part():
    assert _rows(images.Decoder("png", io.BytesIO(FOUR), None, 1, 1)) == [b"\x7b\xef"]  # 127, 127, 127
    assert _rows(images.Decoder("png", io.BytesIO(FOUR), (1, 0, 2, 2), 9, 9)) == [b"\x07\xe0", b"\xff\xff"]
    assert _rows(images.Decoder("jpeg", io.BytesIO(GREY_JPEG), (4, 4, 8, 8), 1, 2)) == [b"\x84\x10"] * 2


def test_what_is_transparent_adds_no_colour():
    data = _png(2, 1, 6, [b"\xff\0\0\xff\0\xff\0\0"])
    assert _rows(images.Decoder("png", io.BytesIO(data), None, 2, 1), True) == [b"\xf8\0\x07\xe0\xff\0"]
    assert _rows(images.Decoder("png", io.BytesIO(data), None, 1, 1), True) == [b"\xf8\0\x7f"]


def test_memory_is_given_back():
    gc.collect()
    before = gc.mem_alloc()
    for kind, data in (("png", FOUR), ("jpeg", GREY_JPEG)):
        for _ in range(3):
            decoder = images.Decoder(kind, io.BytesIO(data), None, 2, 2)
            assert 4000 < decoder.state_bytes < 60000, (kind, decoder.state_bytes)
            decoder.row(bytearray(16))
            decoder.close()
            assert decoder.state_bytes == 0
            assert "closed" in _raises(ValueError, decoder.row, bytearray(16))
    decoder = None
    gc.collect()
    assert gc.mem_alloc() - before < 600


def test_without_the_memory_it_is_refused_and_nothing_stays():
    gc.collect()
    held = []
    try:
        while True:
            held.append(bytearray(16 * 1024))
    except MemoryError:
        held.pop()
    gc.collect()
    before = gc.mem_alloc()
    _raises(MemoryError, images.Decoder, "png", io.BytesIO(FOUR), None, 2, 2)
    gc.collect()
    assert gc.mem_alloc() - before < 2000
    held = None
    gc.collect()
    assert len(_rows(images.Decoder("png", io.BytesIO(FOUR), None, 2, 2))) == 2


def test_wrong_arguments():
    file = io.BytesIO(FOUR)
    assert "format" in _raises(ValueError, images.Decoder, "gif", file, None, 1, 1)
    for part in ((0, 0, 3, 2), (0, 0, 2, 3), (-1, 0, 2, 2), (1, 1, 1, 2), (2, 2, 2, 2)):
        file.seek(0)
        assert "part" in _raises(ValueError, images.Decoder, "png", file, part, 1, 1), part
    for size in ((0, 1), (1, -1)):
        file.seek(0)
        assert "nothing" in _raises(ValueError, images.Decoder, "png", file, None, *size)
    _raises(OSError, images.Decoder, "png", 7, None, 1, 1)
    decoder = images.Decoder("png", io.BytesIO(FOUR), None, 2, 2)
    assert "shorter" in _raises(ValueError, decoder.row, bytearray(3))
    _raises(TypeError, decoder.row, b"1234")
    assert _rows(decoder) == CORNERS  # none was lost


def test_a_stream_that_fails_ends_it():
    class Failing(io.BytesIO):
        def readinto(self, buffer):
            raise OSError(5)

    class Python(io.IOBase):
        def __init__(self, data):
            self.data = data

        def readinto(self, buffer):
            other = images.Decoder("jpeg", io.BytesIO(GREY_JPEG), None, 8, 8)  # one works while another reads
            other.row(bytearray(16))
            count = min(len(buffer), len(self.data), 7)
            buffer[:count] = self.data[:count]
            self.data = self.data[count:]
            return count

    class Broken(Python):
        def readinto(self, buffer):
            if not self.data:
                raise OSError(5)
            return super().readinto(buffer)

    assert _rows(images.Decoder("png", Python(FOUR), None, 2, 2)) == CORNERS
    gc.collect()
    before = gc.mem_alloc()
    for length in range(0, len(FOUR) - 20, 5):
        _raises(OSError, images.Decoder, "png", Broken(FOUR[: min(length, 33)]), None, 2, 2)
    gc.collect()
    assert gc.mem_alloc() - before < 600


def test_spread():
    target = bytearray(8)
    images.spread(b"abcdef", 3, 2, target, 4, -2)
    assert target == b"efcdab\0\0"
    for wrong in ((b"ab", 3, 1, target, 0, 1), (b"abc", 3, 1, target, 6, 1), (b"abc", 3, 1, target, 1, -1),
                  (b"abc", 2, 1, target, -1, 1), (b"abc", 2, 1, target, 0, 1 << 40)):  # fmt: skip
        _raises((ValueError, OverflowError), images.spread, *wrong)
    assert target == b"efcdab\0\0"


def test_a_picture_of_any_kind_has_rows():
    rgb565 = b"R565" + struct.pack("<HH", 2, 2) + b"".join(CORNERS)
    for data in (FOUR, rgb565):
        picture = open_picture(io.BytesIO(data))
        surface = Surface(8)
        surface.aim(3, 4, 2, 2)
        for _ in range(2):  # the second time from the beginning
            surface.image(3, 4, 2, 2, picture)
            assert bytes(surface.pixels()) == b"".join(CORNERS)
            picture.rest()
        picture.row(1)
        assert bytes(picture.row(0))[picture.start : picture.start + 4] == CORNERS[0]
        assert "row 2 of 2" in _raises(ValueError, picture.row, 2)
        picture.close()
        part = open_picture(io.BytesIO(data), (1, 1, 2, 2))
        assert (part.width, part.height) == (1, 1)
        assert bytes(part.row(0))[part.start : part.start + 2] == b"\xff\xff"
    _raises(ValueError, open_picture, io.BytesIO(FOUR), (0, 0, 3, 1))


def test_opacity_is_laid_over_what_was_there():
    picture = open_picture(io.BytesIO(_png(3, 1, 6, [b"\xff\0\0\xff\0\xff\0\0\0\0\xff\x80"])))
    surface = Surface(6)
    surface.aim(0, 0, 3, 1)
    surface.fill_rect(0, 0, 3, 1, 0xFFFFFF)
    surface.image(0, 0, 3, 1, picture)
    assert bytes(surface.pixels()) == b"\xf8\0\xff\xff\x7b\xff"


def test_orientation_is_read_from_exif_and_nonsense_is_not():
    def exif(order, value, tag=0x112, kind=3, offset=8):
        mark = b"II*\0" if order == "<" else b"MM\0*"
        entry = struct.pack(order + "HHIHH", tag, kind, 1, value, 0)
        body = b"Exif\0\0" + mark + struct.pack(order + "IH", offset, 1) + entry + bytes(4)
        return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + GREY_JPEG[2:]

    for order in "<>":
        for value in range(1, 9):
            assert header.read(io.BytesIO(exif(order, value))).orientation == value
        for wrong in (exif(order, 0), exif(order, 9), exif(order, 6, tag=0x100), exif(order, 6, kind=4), exif(order, 6, offset=9999),
                      exif(order, 6, offset=0)):  # fmt: skip
            assert header.read(io.BytesIO(wrong)).orientation == 1
    assert header.Header("jpeg", 4, 3, 6).upright() == (3, 4) and header.Header("jpeg", 4, 3, 3).upright() == (4, 3)
    assert len(header.ORIENTATIONS) == 8
