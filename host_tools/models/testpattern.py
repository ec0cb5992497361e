"""
Pictures with a number in them, for people and for programs: what a camera's model sees, and what a test finds in it again.

The lowest eighth is a row of sixteen blocks, the number's bits from the left, white for one; they outlive JPEG, smaller sizes and
players.  The rest are colors, a slope of gray and the number in digits.
"""

from typing import Tuple

from PIL import Image, ImageDraw, ImageFont

_BITS = 16
_COLORS = ((192, 192, 192), (192, 192, 0), (0, 192, 192), (0, 192, 0), (192, 0, 192), (192, 0, 0), (0, 0, 192))


def draw(number: int, size: Tuple[int, int] = (800, 600)) -> Image.Image:
    """The picture of a number, 0 to 65535; higher ones begin anew."""
    width, height = size
    picture = Image.new("RGB", size)
    pen = ImageDraw.Draw(picture)
    for index, color in enumerate(_COLORS):
        pen.rectangle((index * width // 7, 0, (index + 1) * width // 7, height * 5 // 8), fill=color)
    for x in range(width):
        pen.line((x, height * 5 // 8, x, height * 7 // 8), fill=(x * 255 // width,) * 3)
    font = ImageFont.load_default(height // 3)
    text = str(number)
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
    pen.text(((width - right - left) // 2, (height * 5 // 8 - bottom - top) // 2), text, (0, 0, 0), font=font)
    for bit in range(_BITS):
        color = (255,) * 3 if number >> (_BITS - 1 - bit) & 1 else (0,) * 3
        pen.rectangle((bit * width // _BITS, height * 7 // 8, (bit + 1) * width // _BITS, height), fill=color)
    return picture


def number_of(picture: Image.Image) -> int:
    """The number in a picture of any size.  ValueError if its blocks are neither black nor white."""
    width, height = picture.size
    gray = picture.convert("L")
    number = 0
    for bit in range(_BITS):
        level = gray.getpixel(((2 * bit + 1) * width // (2 * _BITS), height * 15 // 16))
        if 80 < level < 176:
            raise ValueError(f"block {bit} is {level}: no picture of ours")
        number = number << 1 | (level >= 128)
    return number
