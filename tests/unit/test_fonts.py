"""fonts and kiosk.ui.paint.outline: fonts of squares, their pixels, refusals and memory.  Against FreeType itself: tests/system/fonts."""

import gc
import io
import struct
from array import array

import fonts

from kiosk.ui.paint import font as faces
from kiosk.ui.paint.outline import Family, OutlineFace
from kiosk.ui.paint.surface import Surface
from tests.fakes import tinyfont

_WHITE = const(0x7E0F81F)


def _raises(kind, call, *args):
    try:
        call(*args)
    except kind as error:
        return str(error)
    raise AssertionError((kind, args))


def _font(*args, **tables):
    return fonts.Font(io.BytesIO(tinyfont.build(*args, **tables)))


def _drawn(font, text, size=10, side=20, bold=0, x=0, y=None, clip=None, baseline=None):
    """What run() says, the state after it, and the pixels: "#" white, "." black, "+" between."""
    pixels = bytearray(2 * side * side)
    left, top, right, bottom = clip or (0, 0, side, side)
    baseline = size * 8 // 10 if baseline is None else baseline
    state = array(
        "i",
        [x + 32768, baseline + 32768, left, top, right, bottom, side, _WHITE, 32, size, bold, 0, len(text), 0, 0, 0],
    )
    taken = font.run(pixels, text, state)
    rows = []
    for row in range(side):
        values = [pixels[2 * at] << 8 | pixels[2 * at + 1] for at in range(row * side, row * side + side)]
        rows.append("".join(["." if not value else "#" if value == 0xFFFF else "+" for value in values]))
    return taken, state, rows


def test_squares_are_squares():
    font = _font()
    assert font.metrics(10) == (8, 10) and font.glyphs == 3 and not font.is_bold
    taken, state, rows = _drawn(font, "A你")
    assert taken == 2 and state[0] == 32788 and state[11] == 4
    assert rows[0] == ".########..........." and rows[4] == ".########..########." and rows[8] == "." * 20
    assert rows[:4] == rows[:1] * 4 and rows[4:8] == rows[4:5] * 4 and rows[8:] == ["." * 20] * 12


def test_widths_are_whole_pixels_at_any_size():
    font = _font()
    assert [font.find(0x41, size, 0) for size in (1, 10, 33, 512)] == [1, 10, 33, 512]
    assert font.find(0x42, 10, 0) == font.find(0x10FFFF, 10, 0) == font.find(-1, 10, 0) == -1
    for size in (0, -1, 513):
        assert "size" in _raises(ValueError, font.find, 0x41, size, 0)
        assert "size" in _raises(ValueError, font.metrics, size)


def test_it_stops_at_what_the_font_lacks_and_passes_over_what_takes_no_room():
    font = _font()
    taken, state, _ = _drawn(font, "A\u200bAéA")
    assert taken == 3 and state[0] == 32788 and state[11] == 5
    assert _drawn(font, "é")[0] == 0 and _drawn(font, "")[0] == 0
    assert _drawn(font, "😀A")[0] == 0


def test_the_clip_and_the_edges_of_the_strip():
    font = _font()
    rows = _drawn(font, "AA", clip=(3, 2, 12, 4))[2]
    assert rows[1] == "." * 20 and rows[2] == rows[3] == "...######..#........" and rows[4] == "." * 20
    assert _drawn(font, "A", x=-4)[2][0] == "#####..............."
    assert _drawn(font, "AAA", x=-1)[2][0] == "########..########.."
    rows = _drawn(font, "A", baseline=3)[2]
    assert rows[2][1] == "#" and rows[3] == "." * 20
    # A clip beyond the buffer is none.
    rows = _drawn(font, "AAA", clip=(-5, -5, 1000, 1000))[2]
    assert rows[0] == ".########..########."
    assert _drawn(font, "A", baseline=-100000)[2] == ["." * 20] * 20


def test_large_characters_are_drawn_without_a_picture():
    font = _font()
    before = font.state_bytes
    whole = _drawn(font, "A", 100, 100)[2]
    assert whole[0] == "." * 10 + "#" * 80 + "." * 10 and whole[79] == whole[0] and whole[80] == "." * 100
    assert font.state_bytes - before < 1000
    part = _drawn(font, "A", 100, 100, clip=(30, 10, 40, 12))[2]
    assert part[9] == "." * 100 and part[10] == part[11] == "." * 30 + "#" * 10 + "." * 60 and part[12] == "." * 100
    # The same as a picture, and as many strips.
    picture = _drawn(font, "A", 60, 80)[2]
    for top in range(0, 80, 10):
        assert _drawn(font, "A", 60, 80, clip=(0, top, 80, top + 10))[2][top : top + 10] == picture[top : top + 10]


def test_bold_is_thicker_and_takes_no_more_room():
    font = _font()
    plain, bold = _drawn(font, "A", 48, 60)[2], _drawn(font, "A", 48, 60, bold=1)[2]
    assert font.find(0x41, 48, 1) == font.find(0x41, 48, 0) == 48
    assert bold[20].count("#") == plain[20].count("#") + 2
    assert _drawn(font, "A", 48, 60)[2] == plain  # each has its own picture


def test_opacity_and_a_run_without_drawing():
    font = _font()
    state = array("i", [32768, 32776, 0, 0, 10, 10, 10, _WHITE, 16, 10, 0, 0, 1, 0, 0, 0])
    pixels = bytearray(200)
    font.run(pixels, "A", state)
    assert pixels[2] << 8 | pixels[3] == 0x7BEF
    state[8] = state[11] = 0
    state[12] = 1
    pixels = bytearray(200)
    assert font.run(pixels, "A", state) == 1 and pixels == bytes(200) and state[0] == 32788


def test_arguments_that_cannot_be():
    font = _font()
    state = array("i", [32768, 32776, 0, 0, 10, 10, 10, _WHITE, 32, 10, 0, 0, 1, 0, 0, 0])
    assert "state" in _raises(ValueError, font.run, bytearray(200), "A", bytearray(64))
    assert "state" in _raises(ValueError, font.run, bytearray(200), "A", array("i", [0] * 12))
    for place, value, reason in (
        (6, 0, "strip"),
        (6, -3, "strip"),
        (6, 1 << 20, "strip"),
        (9, 9999, "size"),
        (11, 2, "text"),
        (11, -1, "text"),
    ):
        wrong = array("i", state)
        wrong[place] = value
        assert reason in _raises(ValueError, font.run, bytearray(200), "A", wrong)
    _raises(TypeError, font.run, b"", 5, state)
    _raises(OSError, fonts.Font, 5)  # as of all that takes streams
    _raises(TypeError, fonts.Font)


def test_tables_of_characters():
    six = struct.pack(">HHHHIHHHHHHH", 0, 1, 0, 3, 12, 6, 14, 0, 0x40, 2, 0, 1)
    twelve = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIIIIII", 12, 0, 28, 0, 1, 0x1F600, 0x1F601, 1)
    symbols = struct.pack(">HHHHI", 0, 1, 3, 0, 12) + tinyfont.characters((0xF041,))[12:]
    both = struct.pack(">HHHHIHHI", 0, 2, 3, 1, 20, 3, 10, 20 + len(tinyfont.characters((0x41,))) - 12)
    both += tinyfont.characters((0x41,), 2)[12:] + twelve[12:]
    for cmap, has, lacks in (
        (six, (0x41,), (0x40, 0x42, 0x3F)),
        (twelve, (0x1F600, 0x1F601), (0x41, 0x1F602, 0x1F5FF)),
        (symbols, (0x41, 0xF041), (0x42,)),
        (both, (0x1F600,), (0x41,)),
    ):
        font = _font(cmap=cmap)
        for code in has:
            assert font.find(code, 10, 0) == 10, (cmap, code)
        for code in lacks:
            assert font.find(code, 10, 0) == -1, (cmap, code)
    # Through the table of glyphs: a segment of two characters with an offset.
    data = struct.pack(">HHHHHHH", 4, 0, 0, 4, 0, 0, 0) + struct.pack(
        ">HHHHHHHHH", 0x42, 0xFFFF, 0, 0x41, 0xFFFF, 0, 1, 4, 0
    )
    font = _font(cmap=struct.pack(">HHHHI", 0, 1, 3, 1, 12) + data + struct.pack(">HH", 2, 0))
    assert font.find(0x41, 10, 0) == 10 and font.find(0x42, 10, 0) == -1


def test_parts_of_characters():
    square = tinyfont.outline([(1, 0, 0), (1, 200, 0), (1, 200, 200), (1, 0, 200)])
    two = tinyfont.composite((1, 100, 0), (1, 500, 300))
    font = _font((b"", square, two), tinyfont.characters((0x41, 0x42)))
    rows = _drawn(font, "B")[2]
    assert rows[3] == rows[4] == ".....##............." and rows[6] == rows[7] == ".##................."
    assert rows[5] == "." * 20


def test_parts_that_hold_each_other_end():
    square = tinyfont.outline(tinyfont.SQUARE)
    loop = _font((b"", tinyfont.composite((1, 0, 0)), square), tinyfont.characters((0x41, 0x42)))
    assert _drawn(loop, "AB")[:2][0] == 2 and _drawn(loop, "A")[2] == ["." * 20] * 20
    assert _drawn(loop, "B")[2][0][1] == "#"
    # Deep, and wide at each level: 40 levels of ten parts are 10**40 of them.
    glyphs = [b"", square] + [tinyfont.composite(*[(at + 1, 0, 0)] * 10) for at in range(40)]
    font = _font(glyphs, tinyfont.characters(range(0x41, 0x41 + 41)))
    for code in range(0x42, 0x41 + 41):
        assert _drawn(font, chr(code))[0] == 1
    empty = [b"", b""] + [tinyfont.composite(*[(at + 1, 0, 0)] * 50) for at in range(6)]
    font = _font(empty, tinyfont.characters(range(0x41, 0x48)))
    assert _drawn(font, "G")[2] == ["." * 20] * 20


def test_characters_that_are_too_much_are_not_drawn():
    far = tinyfont.outline([(1, -30000, -30000), (1, 2700, -30000), (1, 2700, 2700), (1, -30000, 2700)])
    few, many = tinyfont.outline(tinyfont.SQUARE * 100), tinyfont.outline(tinyfont.SQUARE * 525)
    font = _font((b"", far, many, few), tinyfont.characters((0x41, 0x42, 0x43)))
    assert _drawn(font, "A")[2] == _drawn(font, "B")[2] == ["." * 20] * 20
    assert _drawn(font, "C")[2][0][1] == "#"
    assert font.state_bytes < 57344


def test_what_is_no_font_is_refused_with_what_it_is():
    whole = tinyfont.build()
    for data, reason in (
        (b"", "no TrueType font"),
        (b"<html></html>", "no TrueType font"),
        (b"OTTO" + whole[4:], "CFF"),
        (b"wOFF" + whole[4:], "WOFF"),
        (b"wOF2" + whole[4:], "WOFF"),
        (whole[:40], "no TrueType font"),
        (tinyfont.build(cmap=b""), "table of characters"),
        (tinyfont.build(head=None), "damaged"),
        (tinyfont.build(loca=None), "damaged"),
        (tinyfont.build(glyf=None, loca=None), "damaged"),
    ):
        said = _raises(ValueError, fonts.Font, io.BytesIO(data))
        assert reason in said or "no TrueType" in said or "damaged" in said, (data[:8], said)
    assert "CFF" in _raises(ValueError, fonts.Font, io.BytesIO(b"OTTO" + whole[4:]))
    assert "WOFF" in _raises(ValueError, fonts.Font, io.BytesIO(b"wOFF" + whole[4:]))


def _use(data):
    """Whether it can be opened; all that can be asked is asked."""
    try:
        font = fonts.Font(io.BytesIO(data))
    except ValueError:
        return False
    for size in (1, 11, 70):
        try:
            font.metrics(size)
            _drawn(font, "A你B", size, 24)
        except ValueError as exc:
            assert "damaged" in str(exc), exc
    font.close()
    return True


def test_every_byte_damaged_and_every_length():
    parts = (b"", tinyfont.outline(tinyfont.SQUARE), tinyfont.composite((1, 100, 0), (1, 500, 300)))
    whole = tinyfont.build(parts)
    assert _use(whole)
    opened = 0
    for at in range(len(whole)):
        _use(whole[:at])
        damaged = bytearray(whole)
        for value in (whole[at] ^ 0x80, 0xFF, 0, whole[at] ^ 1):
            damaged[at] = value
            opened += _use(damaged)
    assert opened > len(whole)
    gc.collect()


class _Failing(io.IOBase):
    """A file whose reads fail while `error` is set; `asks` is called by each."""

    def __init__(self, data):
        self._data = data
        self._at = 0
        self.error = self.asks = None

    def readinto(self, buffer):
        if self.asks:
            self.asks()
        if self.error:
            raise self.error
        count = min(len(buffer), len(self._data) - self._at)
        buffer[:count] = self._data[self._at : self._at + count]
        self._at += count
        return count

    def ioctl(self, request, value):
        if request == 2:  # MP_STREAM_SEEK: a struct of the offset and where it is from
            import uctypes

            layout = {"offset": uctypes.INT64 | 0, "whence": uctypes.INT32 | 8}
            seek = uctypes.struct(value, layout)
            self._at = seek.offset if seek.whence == 0 else len(self._data) + seek.offset
            seek.offset = self._at
        return 0


def _long():
    """A font of 12 KB, of which not all is in the four blocks that are held."""
    squares = [b""] + [tinyfont.outline(tinyfont.SQUARE)] * 300
    return _Failing(tinyfont.build(squares, tinyfont.characters(range(0x4E00, 0x4E00 + 300))))


def test_what_the_file_raises_is_raised_and_the_font_goes_on():
    file = _long()
    for exc in (OSError(5), KeyboardInterrupt(), MemoryError()):
        file.error = exc
        _raises(type(exc), fonts.Font, file)
    file.error = None
    font = fonts.Font(file)
    for at, exc in enumerate((OSError(5), KeyboardInterrupt(), MemoryError())):
        file.error = exc
        _raises(type(exc), _drawn, font, chr(0x4E20 + 90 * at))
        file.error = None
        assert _drawn(font, chr(0x4E20 + 90 * at))[2][0] == ".########..........."


def test_a_file_that_asks_the_font_meanwhile():
    file = _long()
    font = fonts.Font(file)
    said = []
    file.asks = lambda: said.append(_raises(ValueError, font.find, 0x42, 10, 0))
    assert _drawn(font, chr(0x4E80))[2][0] == ".########..........."
    file.asks = None
    assert said and all(text == "busy" for text in said)
    font.close()
    assert _raises(ValueError, font.find, 0x41, 10, 0) == _raises(ValueError, font.metrics, 10) == "closed"
    font.close()
    assert font.state_bytes == 0


def test_what_is_held_has_an_end_and_goes():
    codes = range(0x4E00, 0x4E00 + 400)
    squares = [b""] + [tinyfont.outline(tinyfont.SQUARE)] * 400
    data = tinyfont.build(squares, tinyfont.characters(codes))
    gc.collect()
    font = fonts.Font(io.BytesIO(data))
    opened = font.state_bytes
    assert opened < 8000
    for code in codes:
        assert _drawn(font, chr(code), 30, 40)[2][0].count("#") == 24
    assert font.state_bytes < opened + 9000
    font.close()
    assert font.state_bytes == 0


def test_text_of_a_family_with_the_images_characters_between():
    family = Family()
    family.put(False, _font())
    beside = faces.face(16)
    face = family.face(16, False, beside)
    assert isinstance(face, OutlineFace) and face is family.face(16, False, beside)
    assert (face.ascent, face.height) == (13, 17)
    assert face.find(0x41) == 16 and face.find(0x62) == beside.find(0x62) and face.find(0x200B) == 0
    text = "AbcA\u200b\uffffA"
    assert face.measure(text) == 48 + beside.measure("bc") + beside.box and face.missed == []
    surface = Surface(200 * 20 * 2)
    surface.aim(0, 0, 200, 20)
    assert surface.text(0, 0, text, face, 0xFFFFFF) == face.measure(text)
    assert any(surface.pixels()) and face.missed == []
    other = Surface(200 * 20 * 2)
    other.aim(0, 0, 200, 20)
    other.text(16, 13 - beside.ascent, "bc", beside, 0xFFFFFF)
    for row in range(20):  # those of the image are as they would be alone
        first, last = 2 * (200 * row + 16), 2 * (200 * row + 16 + beside.measure("bc"))
        assert surface.pixels()[first:last] == other.pixels()[first:last]


def test_a_family_of_two_weights():
    family = Family()
    plain, bold = _font(), _font()
    family.put(False, plain)
    assert family.face(20, True, faces.face(20, True))._is_bold
    family.put(True, bold)
    assert not family.face(20, True, faces.face(20, True))._is_bold
    family.put(False, None)
    assert family.face(20, False, faces.face(20)).find(0x41) == 20
    assert family.face(10000, False, faces.face(20)).size == 512 and family.face(0, False, faces.face(20)).size == 1


def test_a_font_that_cannot_be_read_any_longer_lacks_everything():
    font = _font()
    family = Family()
    family.put(False, font)
    face = family.face(16, False, faces.face(16))
    font.close()
    assert face.find(0x41) == faces.face(16).find(0x41)
    assert face.measure("AA") == faces.face(16).measure("AA")


def test_a_download_ends_at_what_is_no_font_and_at_16_mb():
    from kiosk.errors import KioskError
    from kiosk.ui.fontfaces import _Fetching

    most = 16 << 20
    told = _Fetching()
    told.emit("HeadersReceived", statusCode=200, header={}, cookies=[])
    told.emit("ProgressUpdate", totalBytesWritten=most, totalBytesExpectedToWrite=most)
    for event, fields, errno in (
        ("HeadersReceived", {"statusCode": 404}, 600001),
        ("ProgressUpdate", {"totalBytesWritten": most + 1, "totalBytesExpectedToWrite": 0}, 603301),
        ("ProgressUpdate", {"totalBytesWritten": 1, "totalBytesExpectedToWrite": most + 1}, 603301),
    ):
        try:
            told.emit(event, **fields)
            raise AssertionError(fields)
        except KioskError as exc:
            assert exc.errno == errno
