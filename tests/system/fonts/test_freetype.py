"""The module fonts against FreeType itself (freetype-py), and against fonts that were made to harm."""

import random
import struct
import subprocess

import freetype
import pytest

from host_tools.paths import BUILD, ROOT, unix_image
from host_tools.target import open_target
from tests.fakes import tinyfont

DRAW = ROOT / "tests" / "system" / "fonts" / "draw.py"
FEED = ROOT / "tests" / "system" / "fonts" / "feed.py"
FONTS = BUILD / "sources" / "fonts"
TEXT = "AgÄ@&ijM%8. é–"
TIMEOUT_S = 500
# Of 255: 16 levels are 8.5 apart at most, the 33 of a pixel's mixing 8.
MOST = 17
MEAN = 9


def _run(bits, heap, script, *args):
    done = subprocess.run(
        [str(word) for word in (unix_image(bits), "-X", "heapsize=" + heap, script, *args)],
        capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout.splitlines()


def _ours(path, size, codes, side, bits=32):
    """(ascent, height, glyphs), and for each code (width, rows of coverage, 0 to 255, None if the font lacks it)."""
    lines = iter(_run(bits, "190k", DRAW, path, size, 0, side, *codes))
    head = tuple(map(int, next(lines).split()))
    found = []
    for _ in codes:
        width = int(next(lines))
        rows = [[value * 255 / 63 for value in bytes.fromhex(next(lines))] for _ in range(side)] if width >= 0 else None
        found.append((width, rows))
    return head, found


def _theirs(face, code, side):
    """The same of one code by FreeType, without hints."""
    glyph = face.get_char_index(code)
    if not glyph:
        return -1, None
    face.load_glyph(glyph, freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP)
    slot = face.glyph
    width = (slot.advance.x + 32) >> 6
    slot.render(freetype.FT_RENDER_MODE_NORMAL)
    rows = [[0] * side for _ in range(side)]
    for y in range(slot.bitmap.rows):
        for x in range(slot.bitmap.width):
            row, column = side // 4 * 3 - slot.bitmap_top + y, side // 4 + slot.bitmap_left + x
            rows[row][column] = slot.bitmap.buffer[y * slot.bitmap.pitch + x]
    return width, rows


@pytest.mark.parametrize("size", [7, 12, 16, 21, 40, 64, 90])
@pytest.mark.parametrize("name", ["OpenSans-Regular.ttf", "OpenSans-Bold.ttf"])
def test_metrics_are_equal_and_pixels_are_as_free_type_draws_them(name, size):
    side = size * 2 // 4 * 4 + 4
    face = freetype.Face(str(FONTS / name))
    face.set_pixel_sizes(0, size)
    codes = [ord(character) for character in TEXT + "你\U0001f600"]
    (ascent, height, glyphs), found = _ours(FONTS / name, size, codes, side)
    assert (ascent, height) == (face.size.ascender >> 6, (face.size.ascender - face.size.descender) >> 6)
    assert glyphs == face.num_glyphs
    for code, (width, rows) in zip(codes, found):
        wanted_width, wanted = _theirs(face, code, side)
        assert width == wanted_width, chr(code)
        if wanted is None:
            assert rows is None
            continue
        pairs = [pair for row, wanted_row in zip(rows, wanted) for pair in zip(row, wanted_row)]
        ink = [abs(one - other) for one, other in pairs if one or other]
        assert max(ink, default=0) <= MOST and sum(ink) <= MEAN * len(ink), chr(code)


def test_every_width_is_equal():
    face = freetype.Face(str(FONTS / "OpenSans-Regular.ttf"))
    codes = [code for code, glyph in face.get_chars() if glyph and code < 0x10000]
    for size in (11, 16, 33):
        face.set_pixel_sizes(0, size)
        wanted = []
        for code in codes:
            face.load_char(chr(code), freetype.FT_LOAD_NO_HINTING)
            wanted.append((face.glyph.advance.x + 32) >> 6)
        widths = _run(32, "190k", FEED, "widths", FONTS / "OpenSans-Regular.ttf", size, *codes)
        assert [int(width) for width in widths] == wanted


def test_what_a_face_and_its_characters_take():
    opened, drawn, peak = map(int, _run(32, "190k", FEED, "memory", FONTS / "OpenSans-Regular.ttf")[0].split())
    assert opened < 6 * 1024 and drawn < 24 * 1024 and peak < 24 * 1024, (opened, drawn, peak)


def test_a_font_of_8_mb_is_read_where_it_lies(tmp_path):
    path = tmp_path / "large.ttf"
    path.write_bytes(tinyfont.build(aaaa=bytes(8 << 20)))
    face_bytes = int(_run(32, "190k", FEED, "memory", path)[0].split()[0])
    assert face_bytes < 6 * 1024
    (ascent, height, _), ((width, rows),) = _ours(path, 10, [0x41], 24)
    assert (ascent, height, width) == (8, 10, 10) and sum(map(sum, rows)) == 64 * 255


def test_little_memory_is_an_error_and_not_the_end():
    """With heaps from hardly any on: MemoryError or all of the text, and the font can be asked again."""
    said = [
        _run(32, f"{kilobytes}k", FEED, "scarce", FONTS / "OpenSans-Regular.ttf")[0] for kilobytes in range(14, 60, 2)
    ]
    assert (
        said[-1] == "drawn" and said[0] != "drawn" and set(said) <= {"drawn", "MemoryError", "no font: MemoryError"}
    ), said


def _damaged(whole, count, seed):
    """Fonts with a few bytes of their tables changed, most of them in what is read."""
    chance = random.Random(seed)
    tables = {}
    for at in range(struct.unpack(">H", whole[4:6])[0]):
        name, _, offset, length = struct.unpack(">4sIII", whole[12 + 16 * at : 28 + 16 * at])
        tables[name] = (offset, length)
    read = [tables[name] for name in (b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp")] + [(0, 300)]
    for _ in range(count):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8, 100))):
            offset, length = chance.choice(read)
            data[offset + chance.randrange(min(length, 3000))] = chance.choice(
                (0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256))
            )
        yield bytes(data)


@pytest.mark.parametrize("bits", [64, 32])
def test_damaged_fonts_end_and_leave_nothing(tmp_path, bits):
    whole = (FONTS / "OpenSans-Regular.ttf").read_bytes()
    paths = []
    for number, data in enumerate(_damaged(whole, 150, 7)):
        paths.append(tmp_path / f"damaged{number}")
        paths[-1].write_bytes(data)
    for number, length in enumerate([*range(0, 400, 7), *range(400, len(whole), len(whole) // 40)]):
        paths.append(tmp_path / f"cut{number}")
        paths[-1].write_bytes(whole[:length])
    said = _run(bits, "190k" if bits == 32 else "400k", FEED, "hostile", *paths)
    assert len(said) == len(paths)
    kinds = {line.split(":")[0] for line in said}
    assert kinds == {"drawn", "ValueError"}, kinds
    assert sum(line == "drawn" for line in said) > 50


@pytest.mark.timeout(2 * TIMEOUT_S)
def test_the_boards_image_draws_the_same(tmp_path):
    """FreeType as it is compiled for the RP2040, on the emulated one: pixel for pixel what the host's build draws."""
    curved = tinyfont.outline([(1, 50, -100), (0, 1000, -50), (1, 500, 700), (0, 100, 900), (0, -20, 300)])
    font = tinyfont.build((b"", curved, tinyfont.outline([(1, 0, 0), (1, 900, 300), (1, 200, 777)])))
    (tmp_path / "tiny.ttf").write_bytes(font)
    codes = (0x41, 0x4F60, 0x42)  # the last one is not in it
    wanted = _run(32, "190k", DRAW, tmp_path / "tiny.ttf", 20, 0, 32, *codes)
    output = open(tmp_path / "output", "w", encoding="utf-8")  # noqa: SIM115
    with output, open_target("virtual", output=output, warp=True) as target:
        target.put("/tiny.ttf", font)
        args = ["draw.py", "/tiny.ttf", "20", "0", "32", *map(str, codes)]
        said = target.exec(f"import sys\nsys.argv[:] = {args!r}\n" + DRAW.read_text(), timeout_s=TIMEOUT_S)
    assert said.split() == " ".join(wanted).split()
    assert len(wanted) == 1 + 3 + 2 * 32 and any(set(line) > set("0") for line in wanted[1:])
