"""BMP files: what they look like, and what is wrong with them."""

import io
import struct

from kiosk.ui.paint import image
from kiosk.ui.paint.surface import Surface


def _bmp(width, height, bits, rows, packing=0, palette=b"", masks=b""):
    data = 54 + len(palette) + len(masks)
    body = b"".join(row + bytes(-len(row) % 4) for row in rows)
    head = struct.pack(
        "<2sIIIIiiHHIIIIII",
        b"BM",
        data + len(body),
        0,
        data,
        40,
        width,
        height,
        1,
        bits,
        packing,
        0,
        0,
        0,
        len(palette) // 4,
        0,
    )
    return head + masks + palette + body


def _seen(picture, width, height):
    """The picture as RGB565 numbers, row by row, stretched to a size."""
    surface = Surface(width * height * 2)
    surface.aim(5, 7, width, height)
    surface.image(5, 7, width, height, picture)
    data = surface.pixels()
    return [data[at] << 8 | data[at + 1] for at in range(0, len(data), 2)]


RED24, GREEN24, BLUE24 = b"\0\0\xff", b"\0\xff\0", b"\xff\0\0"
CORNERS = [0xF800, 0x07E0, 0x001F, 0xFFFF]
TOP, BOTTOM = RED24 + GREEN24, BLUE24 + b"\xff\xff\xff"


def test_every_kind_shows_the_same():
    def pixel32(row):
        return b"".join(row[at : at + 3] + b"\x80" for at in (0, 3))

    palette = b"".join(color + b"\0" for color in (RED24, GREEN24, BLUE24, b"\xff\xff\xff"))
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    rows565 = [struct.pack("<HH", 0xF800, 0x07E0), struct.pack("<HH", 0x001F, 0xFFFF)]
    rows555 = [struct.pack("<HH", 0x7C00, 0x03E0), struct.pack("<HH", 0x001F, 0x7FFF)]
    kinds = [
        _bmp(2, 2, 24, [BOTTOM, TOP]),
        _bmp(2, -2, 24, [TOP, BOTTOM]),
        _bmp(2, 2, 32, [pixel32(BOTTOM), pixel32(TOP)]),
        _bmp(2, 2, 8, [b"\2\3", b"\0\1"], palette=palette),
        _bmp(2, 2, 4, [b"\x23", b"\x01"], palette=palette),
        _bmp(2, -2, 16, rows565, 3, masks=masks),
    ]
    for data in kinds:
        picture = image.Bmp(io.BytesIO(data))
        assert (picture.width, picture.height) == (2, 2)
        assert _seen(picture, 2, 2) == CORNERS
    seen = _seen(image.Bmp(io.BytesIO(_bmp(2, -2, 16, rows555))), 2, 2)
    assert [value & 0xFFDF for value in seen] == [value & 0xFFDF for value in CORNERS]  # green has five bits


def test_a_bmp_of_one_bit():
    palette = GREEN24 + b"\0" + BLUE24 + b"\0"
    picture = image.Bmp(io.BytesIO(_bmp(11, -1, 1, [b"\x85\xa0"], palette=palette)))
    assert "".join("01"[color == 0x1F] for color in _seen(picture, 11, 1)) == "10000101101"


def test_a_picture_is_stretched_and_shrunk():
    picture = image.Bmp(io.BytesIO(_bmp(2, -2, 24, [TOP, BOTTOM])))
    seen = _seen(picture, 4, 6)
    assert seen == ([CORNERS[0]] * 2 + [CORNERS[1]] * 2) * 3 + ([CORNERS[2]] * 2 + [CORNERS[3]] * 2) * 3
    wide = image.Rgb565(b"".join(struct.pack(">H", n) for n in range(300)), 300, 1)
    assert _seen(wide, 3, 1) == [50, 150, 250]
    assert _seen(wide, 300, 1) == list(range(300))


def test_what_is_no_bmp_is_refused():
    good = _bmp(2, -2, 24, [TOP, BOTTOM])
    bad = [
        (b"", "not a BMP"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "not a BMP"),
        (good[:40], "not a BMP"),
        (good[:-1], "cut off"),
        (_bmp(0, 2, 24, []), "a BMP of 0x2"),
        (_bmp(8193, 1, 8, []), "a BMP of 8193x1"),
        (_bmp(2, -2147483648, 24, []), "a BMP of 2x2147483648"),
        (_bmp(8000, 2, 24, []), "rows have 24000 bytes"),
        (_bmp(2, 2, 2, []), "2 bits"),
        (_bmp(2, 2, 8, [], 1), "packed as 1"),
        (_bmp(2, 2, 16, [], 3, masks=struct.pack("<III", 0xF00, 0xF0, 0xF)), "colours of its own"),
    ]
    for data, said in bad:
        try:
            image.Bmp(io.BytesIO(data))
            raise AssertionError("not refused: " + said)
        except ValueError as exc:
            assert said in str(exc), (said, exc)
    for width, height in ((3, 1), (0, 1), (1, -1)):
        try:
            image.Rgb565(b"\0\0", width, height)
            raise AssertionError("not refused")
        except ValueError:
            pass


def test_a_file_that_ends_early_is_an_error():
    class Shrinking(io.BytesIO):
        def readinto(self, buffer):
            return 0

    picture = image.Bmp(Shrinking(_bmp(2, -2, 24, [TOP, BOTTOM])))
    try:
        picture.row(0)
        raise AssertionError("not raised")
    except OSError as exc:
        assert exc.errno == 5
