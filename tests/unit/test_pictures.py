"""kiosk.pictures: headers and orientation of all kinds, how much of a file is read, and hostile ones."""

import binascii
import io
import struct

from kiosk.pictures import exif, header

_MOST_READ = const(20000)  # of the worst file
_FRAME = b"\xff\xc0\0\x11\x08\0\x20\0\x30\x03\1\x22\0\2\x11\1\3\x11\1"  # 48x32
_SCAN = b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0"


class _Counted:
    """A file of pieces, {offset: bytes}, and zeros between them; counts what is read of it."""

    def __init__(self, pieces, size):
        self._pieces = pieces
        self._size = size
        self._at = self.bytes = self.reads = 0

    def seek(self, at, whence=0):
        self._at = at + (self._size if whence == 2 else 0)
        assert self._at >= 0

    def tell(self):
        return self._at

    def read(self, count):
        data = bytearray(max(min(count, self._size - self._at), 0))
        for offset, piece in self._pieces.items():
            first = max(offset, self._at)
            last = min(offset + len(piece), self._at + len(data))
            if first < last:
                data[first - self._at : last - self._at] = piece[first - offset : last - offset]
        self._at += len(data)
        self.bytes += len(data)
        self.reads += 1
        return bytes(data)


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", binascii.crc32(name + data))


def _directory(order, *fields, at=8):
    """A TIFF structure: (tag, kind, value)..."""
    data = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", at, len(fields))
    for tag, kind, value in fields:
        data += struct.pack(
            order + ("HHIHH" if kind == 3 else "HHII"), tag, kind, 1, *([value, 0] if kind == 3 else [value])
        )
    return data + bytes(4)


def _segment(marker, data):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def _png(width=48, height=32, bits=8, color=2, interlaced=0, extra=b"", filters=0):
    head = struct.pack(">IIBBBBB", width, height, bits, color, 0, filters, interlaced)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + extra + _chunk(b"IDAT", b"x")


def _riff(*chunks):
    body = b"WEBP" + b"".join(
        [name + struct.pack("<I", len(data)) + data + bytes(len(data) & 1) for name, data in chunks]
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _bmp(size, *fields):
    return b"BM" + struct.pack("<IHHII", 1000, 0, 0, 54, size) + struct.pack(*fields) + bytes(40)


TURNED = _directory("<", (0x10F, 3, 1), (0x112, 3, 6))
VP8 = b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 48 | 0x4000, 32 | 0x8000) + bytes(9)
SAMPLES = {
    "jpeg": b"\xff\xd8" + _FRAME + _SCAN,
    "jpeg, Exif": b"\xff\xd8" + _segment(0xE1, b"Exif\0\0" + TURNED) + _FRAME + _SCAN,
    "jpeg, progressive": b"\xff\xd8" + _FRAME.replace(b"\xff\xc0", b"\xff\xc2") + _SCAN,
    "png": _png(),
    "png, Exif": _png(extra=_chunk(b"eXIf", TURNED)),
    "png, interlaced": _png(interlaced=1),
    "gif": b"GIF89a" + struct.pack("<HHBBB", 48, 32, 0x80, 0, 0) + bytes(6) + b"\x21\xf9\4\0\0\0\0\0" + b",\0\0\0\0\x10\0\x10\0\0",
    "gif, larger": b"GIF87a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + b"," + struct.pack("<HHHHB", 8, 2, 40, 30, 0),
    "webp": _riff((b"VP8 ", VP8)),
    "webp, lossless": _riff((b"VP8L", b"\x2f" + struct.pack("<I", 47 | 31 << 14) + bytes(7))),
    "webp, Exif": _riff((b"VP8X", b"\x08\0\0\0\x2f\0\0\x1f\0\0"), (b"VP8 ", VP8), (b"EXIF", b"Exif\0\0" + TURNED)),
    "bmp": _bmp(40, "<iiHH", 48, 32, 1, 24),
    "bmp, upside down": _bmp(124, "<iiHH", 48, -32, 1, 16),
    "bmp, of OS/2": _bmp(12, "<HHHH", 48, 32, 1, 8),
    "tiff": _directory("<", (0x100, 3, 48), (0x101, 4, 32), (0x112, 3, 1)),
    "tiff, MM": _directory(">", (0x100, 4, 48), (0x101, 3, 32), (0x112, 3, 6)),
    "rgb565": b"R565" + struct.pack("<HH", 48, 32) + bytes(16),
}  # fmt: skip


def _refused(data):
    try:
        header.read(io.BytesIO(data))
    except ValueError as error:
        return str(error)
    raise AssertionError(data[:40])


def test_every_kind_is_measured():
    for name, data in SAMPLES.items():
        file = io.BytesIO(data)
        head = header.read(file)
        assert file.tell() == 0
        assert (head.format, head.width, head.height) == (name.partition(",")[0], 48, 32), name
        assert head.orientation == (6 if "Exif" in name or "MM" in name else 1), name
        assert head.is_interlaced == ("progressive" in name or "interlaced" in name), name
        assert head.upright() == ((32, 48) if head.orientation == 6 else (48, 32))


def test_all_orientations_of_all_that_have_them():
    wrap = {
        "jpeg": lambda tiff: b"\xff\xd8" + _segment(0xE1, b"Exif\0\0" + tiff) + _FRAME + _SCAN,
        "png": lambda tiff: _png(extra=_chunk(b"tEXt", b"a\0b") + _chunk(b"eXIf", tiff)),
        "webp": lambda tiff: _riff((b"VP8X", b"\x08\0\0\0\x2f\0\0\x1f\0\0"), (b"VP8 ", VP8), (b"EXIF", tiff)),
    }
    for order in "<>":
        for value in range(12):
            for name, make in wrap.items():
                head = header.read(io.BytesIO(make(_directory(order, (0x10F, 3, 5), (0x112, 3, value)))))
                assert head.orientation == (value if 1 <= value <= 8 else 1), (name, order, value)
    assert len(header.ORIENTATIONS) == 8


def test_what_comes_first_counts_and_nonsense_does_not():
    other = b"Exif\0\0" + _directory(">", (0x112, 3, 3))
    for data, wanted in (
        (_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>") + _segment(0xE1, other), 3),
        (_segment(0xE1, other) + _segment(0xE1, b"Exif\0\0" + TURNED), 3),
        (_segment(0xE1, b"Exif\0\0" + _directory("<", (0x112, 4, 6))), 1),  # no SHORT
        (_segment(0xE1, b"Exif\0\0" + _directory("<", (0x112, 3, 6), at=9999)), 1),
        (_segment(0xE1, b"Exif\0\0" + _directory("<", (0x112, 3, 6), at=0)), 1),
        (_segment(0xE1, b"Exif\0\0" + TURNED[:20]), 1),
        (_segment(0xE1, b"Exif\0\0" + b"XX" + TURNED[2:]), 1),
    ):
        assert header.read(io.BytesIO(b"\xff\xd8" + data + _FRAME + _SCAN)).orientation == wanted, data
    behind = b"\xff\xd8" + _FRAME + _segment(0xE1, other) + _SCAN  # a decoder sees it, too
    assert header.read(io.BytesIO(behind)).orientation == 3
    assert exif.fields(io.BytesIO(b""), 0, 0, (0x112,)) == {}


def test_bytes_that_decoders_step_over():
    for between in (b"\xff\xff\xff", b"\0\0\0\x12", b"\xff\0\x11" * 5, bytes(1000)):
        assert header.read(io.BytesIO(b"\xff\xd8" + _segment(0xE0, b"JFIF\0") + between + _FRAME + _SCAN)).width == 48
    assert "damaged" in _refused(b"\xff\xd8\xff\xe0\0\2" + bytes(6000) + _FRAME + _SCAN)


def test_what_is_refused_says_why():
    for data, reason in (
        (b"", "empty"),
        (SAMPLES["jpeg"][:20], "cut off"),
        (SAMPLES["jpeg"][:-8], "cut off"),
        (b"\xff\xd8" + _SCAN, "damaged"),
        (b"\xff\xd8" + _FRAME + _FRAME + _SCAN, "damaged"),
        (b"\xff\xd8" + _FRAME.replace(b"\x08\0\x20", b"\x0c\0\x20") + _SCAN, "12 bits"),
        (b"\xff\xd8" + _FRAME.replace(b"\0\x20", b"\0\0", 1) + _SCAN, "48x0"),
        (SAMPLES["png"][:30], "cut off"),
        (SAMPLES["png"][:36], "cut off"),
        (_png(bits=3), "damaged"),
        (_png(color=3, bits=16), "damaged"),
        (_png(filters=1), "damaged"),
        (_png(width=0), "0x32"),
        (SAMPLES["png"].replace(b"\0\0\0\x30", b"\0\0\0\x31"), "damaged"),  # the CRC says so
        (_png(extra=b"\xff\xff\xff\xff" + b"tEXt"), "damaged"),
        (_png(extra=b"\x7f\xff\xff\xff" + b"tEXt"), "cut off"),
        (SAMPLES["gif"][:12], "cut off"),
        (SAMPLES["gif"][:25], "cut off"),
        (b"GIF89a\1\0\1\0\0\0\0" + b";" + bytes(20), "damaged"),
        (SAMPLES["webp"][:-3], "cut off"),
        (_riff((b"XMP ", bytes(30))), "damaged"),
        (_bmp(40, "<iiHH", 48, 32, 1, 2), "damaged"),
        (_bmp(41, "<iiHH", 48, 32, 1, 24), "damaged"),
        (_bmp(40, "<iiHH", -48, 32, 1, 24), "-48x32"),
        (_directory("<", (0x100, 3, 48)), "damaged"),
        (b"\0\0\0\x20ftypheic" + bytes(20), "HEIC"),
        (b"<svg/>", "SVG"),
        (b"\0\0\1\0" + bytes(30), "icon"),
    ):
        assert reason in _refused(data), (reason, _refused(data))


def test_little_is_read_of_a_large_file():
    pieces = {0: b"\xff\xd8\xff\xe1\xf0\0Exif\0\0" + TURNED}  # with a thumbnail
    at = 4 + 0xF000
    for _ in range(16):
        pieces[at] = b"\xff\xe2\xff\xffICC_PROFILE\0"
        at += 2 + 0xFFFF
    pieces[at] = _FRAME + _SCAN
    file = _Counted(pieces, 5000000)
    assert header.read(file).orientation == 6
    assert file.bytes < 400, file.bytes
    at_end = b"EXIF" + struct.pack("<I", len(TURNED)) + TURNED
    data = _riff((b"VP8X", b"\x08\0\0\0\x2f\0\0\x1f\0\0"))[:30] + b"VP8 " + struct.pack("<I", 4900000)
    size = 38 + 4900000 + len(at_end)
    file = _Counted({0: b"RIFF" + struct.pack("<I", size - 8) + data[8:], size - len(at_end): at_end}, size)
    assert header.read(file).orientation == 6 and file.bytes < 200, file.bytes


def test_every_byte_of_every_kind_changed():
    ended = [0, 0]
    for name, data in SAMPLES.items():
        for at in range(len(data)):
            for flip in (1, 0x10, 0x80, 0xFF):
                changed = bytearray(data)
                changed[at] ^= flip
                file = _Counted({0: changed}, len(changed))
                try:
                    head = header.read(file)
                    assert head.width > 0 and head.height > 0 and 1 <= head.orientation <= 8, (name, at, flip)
                    ended[0] += 1
                except ValueError:
                    ended[1] += 1
                assert file.bytes <= _MOST_READ and file.reads < 1200, (name, at, flip, file.bytes, file.reads)
    assert min(ended) > 500, ended


def test_files_made_to_be_read_for_ever():
    fields = _directory("<", *[(0x100 + n, 3, n) for n in range(200)])
    loop = struct.pack("<I", 0xFFFFFFF8)
    for data in (
        b"\xff\xd8" + _segment(0xE1, b"Exif\0\0" + fields) * 4 + b"\xff\xe1\0\2" * 2000,
        b"\xff\xd8" + b"\xff" * 9000,
        b"\xff\xd8" + b"\xff\xd0" * 9000,
        b"\xff\xd8\xff\xe0\0\2" + bytes(9000),
        _png(extra=_chunk(b"tEXt", b"") * 500),
        _png(extra=_chunk(b"eXIf", fields) * 4 + _chunk(b"eXIf", b"") * 300),
        b"GIF89a\1\0\1\0\0\0\0" + b"\x21\xfe\0" * 2500,
        b"GIF89a\1\0\1\0\0\0\0\x21\xfe" + b"\1x" * 4500,
        _riff((b"VP8X", b"\x08\0\0\0\x2f\0\0\x1f\0\0"), *[(b"ANMF", b"")] * 300),
        _riff((b"VP8X", b"\x08\0\0\0\x2f\0\0\x1f\0\0"))[:30] + b"ANMF" + loop + bytes(50),
        b"II*\0" + loop,
        b"MM\0*\0\0\0\x08\xff\xff" + bytes(4000),
    ):
        file = _Counted({0: data}, len(data))
        try:
            header.read(file)
        except ValueError:
            assert file.bytes > 0
        assert file.bytes <= _MOST_READ and file.reads <= 2100, (data[:12], file.bytes, file.reads)
