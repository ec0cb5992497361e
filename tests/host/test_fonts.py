"""The fonts that are made on the host: what is in them, and that their pictures are FreeType's."""

import struct
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from host_tools.errors import HostError
from host_tools.firmware import frozen
from host_tools.fonts import bitmap, shipped
from host_tools.paths import BUILD, ROOT

SOURCES = BUILD / "sources" / "fonts"
SANS, UNIFONT = SOURCES / "OpenSans-Regular.ttf", SOURCES / "unifont.otf"


def entry(data, character):
    """(advance, width, height, left, top, offset) of a character, or None."""
    for at in range(12, 12 + 10 * struct.unpack_from("<H", data, 8)[0], 10):
        code, advance, width, height, left, top = struct.unpack_from("<HBBBbb", data, at)
        if code == ord(character):
            return advance, width, height, left, top, int.from_bytes(data[at + 7 : at + 10], "little")
    return None


def drawn(data, character, size):
    """A character as a picture of size x size with its line at the top."""
    _, width, height, left, top, offset = entry(data, character)
    picture = Image.new("L", (size, size))
    for y in range(height):
        for x in range(width):
            if data[3] == 4:
                byte = data[offset + y * ((width + 1) // 2) + x // 2]
                value = (byte & 15 if x & 1 else byte >> 4) * 17
            else:
                value = (data[offset + y * ((width + 7) // 8) + x // 8] >> (7 - x % 8) & 1) * 255
            picture.putpixel((4 + left + x, 4 + top + y), value)
    return picture


@pytest.mark.parametrize(("path", "size", "depth"), [(SANS, 13, 4), (SANS, 24, 4), (UNIFONT, 16, 1)])
def test_pictures_are_those_of_freetype(path, size, depth):
    text = "AgÄ|.j%"
    data = bitmap.build(path, size, text, depth)
    font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    for character in text:
        canvas = Image.new("L", (2 * size + 8, 2 * size + 8))
        pen = ImageDraw.Draw(canvas)
        pen.fontmode = "1" if depth == 1 else "L"
        pen.text((4, 4 + font.getmetrics()[0]), character, fill=255, font=font, anchor="ls")
        ours = drawn(data, character, 2 * size + 8)
        assert max(abs(a - b) for a, b in zip(canvas.tobytes(), ours.tobytes())) <= 9, character
        assert entry(data, character)[0] == round(font.getlength(character))


def test_a_font_has_what_was_asked_for_and_the_outlines_have():
    data = bitmap.build(SANS, 16, "bca你\U0001f600 aa")
    assert bitmap.characters(data) == " abc"
    assert struct.unpack_from("<2s6B", data) == (b"KF", 1, 4, 16, 18, 5, 0)
    assert bitmap.characters(bitmap.build(UNIFONT, 16, "你好\ue000", 1)) == "你好"
    assert entry(data, " ")[1:3] == (0, 0) and entry(data, " ")[0] > 0


def test_the_common_characters():
    common = bitmap.common_cjk()
    assert len(set(common)) == len(common) > 4000
    assert set("的一是在不了有和人这，。！？（）") <= set(common)
    data = bitmap.build(UNIFONT, 16, common, 1)
    assert set(common) <= set(bitmap.characters(data))


def test_a_subset_is_what_a_program_says(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.wxml").write_text("<view>你好 a</view>\n", encoding="utf-8")
    (tmp_path / "app.json").write_text('{"x": "好吗"}', encoding="utf-8")
    (tmp_path / "photo.png").write_bytes(b"\xff\xfe\xe4\xbd\xa0")
    found = bitmap.used_in(tmp_path)
    assert set("你好吗a<>") <= set(found) and "\n" not in found
    assert list(found) == sorted(set(found))


def test_what_cannot_be_made_is_said(tmp_path):
    (tmp_path / "text.ttf").write_text("no font")
    for path in (tmp_path / "text.ttf", tmp_path / "gone.ttf"):
        with pytest.raises(HostError, match=path.name):
            bitmap.build(path, 16, "a")
    for size, depth in ((5, 4), (97, 4), (16, 2)):
        with pytest.raises(HostError, match=f"no font of {size} pixels and {depth} bits"):
            bitmap.build(SANS, size, "a", depth)
    with pytest.raises(HostError, match="no font of ours"):
        bitmap.characters(b"KG" + bytes(20))


@pytest.mark.parametrize("board", ["UNIX", "RPI_PICO_W"])
def test_the_device_knows_the_sizes_that_are_in_its_image(board):
    modules = frozen.modules(ROOT / "boards" / board / "manifest.py")
    sizes = {}
    exec(modules[f"{shipped.PACKAGE}/__init__.py"].read_text(encoding="utf-8"), sizes)
    wanted = {f"regular{size}" for size in sizes["SIZES"]} | {f"bold{size}" for size in sizes["BOLD_SIZES"]}
    wanted |= {"__init__"} | ({f"cjk{sizes['CJK_SIZE']}", "gb2312"} if sizes["CJK_SIZE"] else set())
    assert wanted == {Path(name).stem for name in modules if name.startswith(shipped.PACKAGE)}
