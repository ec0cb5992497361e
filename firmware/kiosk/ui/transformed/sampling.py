"""
Texts and pictures that are turned: a row of colors for each row of pixels, as canvas/paints.py has paints.

The loops exist twice, as those of paint/pixels.py do and for its reasons; tests hold one against the other.
"""

from array import array

import micropython

import kiosk
from kiosk.ui.canvas.paints import aim
from kiosk.ui.paint import pixels

_UNIT = const(1024)  # parts of a pixel
_VIPER = """
@micropython.viper
def letters(colors: ptr32, source: ptr8, state: ptr32):
    u = int(state[14]) - 0x20000000
    v = int(state[15]) - 0x20000000
    left = int(state[3]) - int(state[1])
    wide = int(state[22])
    high = int(state[23])
    last = (wide - 2) << 10
    at = 0
    while at < left:
        part = 0
        y = v >> 10
        if u >= 512 and u < last + 512 and y >= 0 - 1 and y < high:
            fx = u >> 6 & 15
            fy = v >> 6 & 15
            place = (y * wide + (u >> 10)) * 2
            if y >= 0:
                part = (int(source[place]) >> 3) * (16 - fx) + (int(source[place + 2]) >> 3) * fx
                part *= 16 - fy
            if y + 1 < high:
                place += wide * 2
                part += ((int(source[place]) >> 3) * (16 - fx) + (int(source[place + 2]) >> 3) * fx) * fy
            part = (part * 33 + 4096) >> 13
        colors[at] = part << 16 | int(state[18])
        u += int(state[16]) - 0x20000000
        v += int(state[17]) - 0x20000000
        at += 1

@micropython.viper
def texture(colors: ptr32, source: ptr8, opacity: ptr8, state: ptr32):
    u = int(state[14]) - 0x20000000
    v = int(state[15]) - 0x20000000
    left = int(state[3]) - int(state[1])
    at = 0
    while at < left:
        x = u >> 10
        y = v >> 10
        if x < 0:
            x = 0
        if x >= int(state[22]):
            x = int(state[22]) - 1
        if y < 0:
            y = 0
        if y >= int(state[23]):
            y = int(state[23]) - 1
        x = (y * int(state[22]) + x) * 2
        part = 32
        if int(state[18]):
            part = (int(opacity[x]) >> 3) * 33 >> 5
        colors[at] = part << 16 | int(source[x]) << 8 | int(source[x + 1])
        u += int(state[16]) - 0x20000000
        v += int(state[17]) - 0x20000000
        at += 1
"""


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        from kiosk.ui.transformed import plainsampling

        return plainsampling.PLAIN
    return scope["letters"], scope["texture"]


if not hasattr(kiosk, "_sampling"):
    kiosk._sampling = _compiled()

# Of a row: its pixels in places 1 to 3 of the state (left, -, right), u and v in 1/1024 px of the source in 14 and 15, their steps a
# pixel in 16 and 17, all + 0x20000000; the source's width and height in 22 and 23.
# letters(colors, source, state): the color in place 18, covered as white in the source says, between its pixels.  The source's first and
#   last columns are looked at, but belong to its neighbours.
# texture(colors, source, opacity, state): the source's colors, and if place 18 says so, grey ones that are their opacity.
letters, texture = kiosk._sampling


def _places(back, place, x, y, across, down):
    """What aim() wants: from pixels of `place` to units of a source that begins at (x, y) and is so many times as fine."""
    a, b, c, d, e, f = back
    e, f = e + a * place[0] + c * place[1], f + b * place[0] + d * place[1]
    across, down = across * _UNIT, down * _UNIT
    return a * across, c * across, (e - x) * across, b * down, d * down, (f - y) * down


class Letters:
    """
    surface: a Surface with `count` columns of a text, white on black, and one more on each side.  back: from the screen to where the text
    is; place: (x, y ...) of the strip whose pixels are painted; color: RGB565.
    """

    def __init__(self, surface, count, back, place, color):
        self._source = surface.buffer
        self._size = count + 2, surface.rows
        self._color = color
        # Half a pixel: between the middles of pixels it is mixed.
        self._places = _places(back, place, surface.left + 0.5, surface.top + 0.5, 1, 1)

    def row(self, colors, state, x, y):
        """See canvas/paints.py."""
        aim(state, self._places, x, y)
        state[18] = self._color
        state[22], state[23] = self._size
        letters(colors, self._source, state)


class Copy:
    """A picture (paint/image.py) in memory, `width` x `height` pixels of it."""

    def __init__(self, picture, width, height):
        self.width, self.height = width, height
        self.colors = bytearray(2 * width * height)
        self.opacity = bytearray(2 * width * height) if picture.alpha else None
        grey = None
        if picture.alpha:
            grey = bytearray()
            for value in range(256):
                grey += (value >> 3 << 11).to_bytes(2, "little")
        step = (picture.width << 14) // width
        state = array("i", bytes(32))
        state[1], state[2], state[3], state[5] = width, step >> 1 if step > 16384 else 0, step, 32
        for row in range(height):
            source = picture.row(row * picture.height // height)
            state[0] = row * width
            state[4], state[6], state[7] = picture.depth, picture.start, picture.little
            pixels.pick(self.colors, source, picture.palette, state)
            if grey:
                state[4], state[6], state[7] = 1, picture.start + picture.alpha, 0
                pixels.pick(self.opacity, source, grey, state)


class Texture:
    """copy: a Copy, which fills the rectangle (x, y, width, height); back, place: as Letters has them."""

    def __init__(self, copy, rect, back, place):
        self._copy = copy
        self._places = _places(back, place, rect[0], rect[1], copy.width / rect[2], copy.height / rect[3])

    def row(self, colors, state, x, y):
        """See canvas/paints.py."""
        copy = self._copy
        aim(state, self._places, x, y)
        state[18] = copy.opacity is not None
        state[22], state[23] = copy.width, copy.height
        texture(colors, copy.colors, copy.opacity or copy.colors, state)
