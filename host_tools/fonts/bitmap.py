"""
The device's fonts: FreeType's pictures of characters in a form that is read where it lies in flash.

A font (little-endian):
  "KF", version 1, bits a pixel (4 or 1), size, ascent, descent, 0   in pixels
  u16 number of characters, 0, 0
  for each, by rising code: u16 code; u8 advance, width, height; i8 left, top (below the line's upper edge); u24 offset
  the pictures: rows of whole bytes, the left pixel in the higher bits

Offsets count from the font's beginning.  Characters above U+FFFF have no place in it.
"""

import struct
from pathlib import Path
from typing import Iterable, List, Tuple

from PIL import Image, ImageDraw, ImageFont

from host_tools.errors import HostError

_HEAD = struct.Struct("<2s6BHH")
_ENTRY = struct.Struct("<HBBBbb3s")
_MARGIN = 16  # pixels around a character, for what sticks out of its line

ASCII = "".join(map(chr, range(0x20, 0x7F)))
LATIN = ASCII + "".join(map(chr, range(0xA0, 0x100))) + "–—‘’“”•…€™←↑→↓−✓✕◀▶▲▼"


def gb2312(rows: Iterable[int]) -> str:
    """The characters of some rows of GB 2312: 1 punctuation, 3 wide Latin, 4 and 5 kana, 16 to 55 the common hanzi."""
    codes = (bytes((0xA0 + row, 0xA0 + cell)) for row in rows for cell in range(1, 95))
    return "".join(code.decode("gb2312", "ignore") for code in codes)


def common_cjk() -> str:
    """What is in every image of Chinese: 3,755 hanzi, kana, punctuation."""
    return gb2312([1, 3, 4, 5, *range(16, 56)])


def _picture(font: ImageFont.FreeTypeFont, character: str, depth: int, ascent: int) -> Tuple[int, int, Image.Image]:
    """(left, top, picture) of a character, cut to what is drawn."""
    room = font.size * 2 + 2 * _MARGIN
    canvas = Image.new("1" if depth == 1 else "L", (room, room))
    pen = ImageDraw.Draw(canvas)
    pen.fontmode = "1" if depth == 1 else "L"
    pen.text((_MARGIN, _MARGIN + ascent), character, fill=255, font=font, anchor="ls")
    if depth == 4:
        canvas = canvas.point(lambda value: (value * 15 + 127) // 255)
    box = canvas.getbbox() or (_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    return box[0] - _MARGIN, box[1] - _MARGIN, canvas.crop(box)


def _packed(picture: Image.Image, depth: int) -> bytes:
    if depth == 1:
        return picture.tobytes()
    width, height = picture.size
    values = picture.tobytes()
    rows: List[bytes] = []
    for at in range(0, width * height, width or 1):
        row = values[at : at + width] + b"\0" * (width & 1)
        rows.append(bytes(high << 4 | low for high, low in zip(row[::2], row[1::2])))
    return b"".join(rows)


def build(path: Path, size: int, characters: str, depth: int = 4) -> bytes:
    """A font of `size` pixels an em; what the outline font lacks is left out.  HostError when it cannot be read."""
    if depth not in (1, 4) or not 6 <= size <= 96:
        raise HostError(f"no font of {size} pixels and {depth} bits")
    try:
        font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise HostError(f"{path}: {error}") from error
    ascent, descent = font.getmetrics()
    missing = _missing(font, depth, ascent)
    codes = sorted({ord(each) for each in characters if ord(each) < 0x10000})
    entries, pictures = [], bytearray()
    for code in codes:
        character = chr(code)
        left, top, picture = _picture(font, character, depth, ascent)
        if picture.tobytes() == missing and not character.isspace():
            continue
        width, height = picture.size
        entries.append((code, round(font.getlength(character)), width, height, left, top, len(pictures)))
        pictures += _packed(picture, depth)
    start = _HEAD.size + _ENTRY.size * len(entries)
    table = b"".join(_ENTRY.pack(*entry[:6], (start + entry[6]).to_bytes(3, "little")) for entry in entries)
    return _HEAD.pack(b"KF", 1, depth, size, ascent, descent, 0, len(entries), 0) + table + bytes(pictures)


def _missing(font: ImageFont.FreeTypeFont, depth: int, ascent: int) -> bytes:
    """What the font draws for a character that it lacks."""
    return _picture(font, "\uffff", depth, ascent)[2].tobytes()


def characters(data: bytes) -> str:
    """The characters that a font has."""
    magic, version, _, _, _, _, _, count, _ = _HEAD.unpack_from(data)
    if (magic, version) != (b"KF", 1):
        raise HostError("this is no font of ours")
    return "".join(chr(_ENTRY.unpack_from(data, _HEAD.size + _ENTRY.size * index)[0]) for index in range(count))


def used_in(folder: Path) -> str:
    """The characters that the texts of a mini-program use, each once, rising; what it fetches is not known."""
    found = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".wxml", ".wxss", ".py", ".json"):
            found |= set(path.read_text(encoding="utf-8"))
    return "".join(sorted(each for each in found if each >= " "))
