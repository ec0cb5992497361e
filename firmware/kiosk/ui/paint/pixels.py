"""
The loops over pixels: RGB565 as displays take it, the higher byte first.

Each exists twice, as those of websocket/octets.py do and for its reasons: in viper, and in plain Python for where that cannot be
compiled; tests hold one against the other.  Cover and opacity are 0 to 32: a colour is spread to 0000 0ggg ggg0 0000 rrrr r000 000b bbbb, so
that one multiplication mixes all three.  Arguments that change from call to call come in `state`, an array of int, none of
which may be negative: 64 bits read them without a sign.
"""

import micropython

import kiosk

_VIPER = """
@micropython.viper
def blend(pixels: ptr16, state: ptr32):
    row = int(state[0])
    height = int(state[2])
    colour = int(state[4])
    cover = int(state[5])
    while height > 0:
        at = row
        end = row + int(state[1])
        while at < end:
            old = int(pixels[at])
            old = (old << 8 | old >> 8) & 0xffff
            old = (old << 16 | old) & 0x7e0f81f
            old = (((colour - old) * cover >> 5) + old) & 0x7e0f81f
            old = (old >> 16 | old) & 0xffff
            pixels[at] = old << 8 | old >> 8
            at += 1
        row += int(state[3])
        height -= 1

@micropython.viper
def glyph(pixels: ptr16, bits: ptr8, state: ptr32):
    row = int(state[0])
    height = int(state[2])
    colour = int(state[4])
    opacity = int(state[5])
    base = int(state[6])
    wide = int(state[7])
    depth = int(state[10])
    scale = int(state[11])
    row_left = int(state[13])
    solid = (colour >> 16 | colour) & 0xffff
    solid = (solid << 8 | solid >> 8) & 0xffff
    while height > 0:
        at = row
        end = row + int(state[1])
        column = int(state[8])
        left = int(state[12])
        while at < end:
            if depth == 4:
                cover = int(bits[base + (column >> 1)])
                if column & 1:
                    cover &= 15
                else:
                    cover >>= 4
                cover = cover * 35 >> 4
            else:
                cover = (int(bits[base + (column >> 3)]) >> (7 - (column & 7)) & 1) << 5
            if cover:
                cover = cover * opacity >> 5
                if cover == 32:
                    pixels[at] = solid
                else:
                    old = int(pixels[at])
                    old = (old << 8 | old >> 8) & 0xffff
                    old = (old << 16 | old) & 0x7e0f81f
                    old = (((colour - old) * cover >> 5) + old) & 0x7e0f81f
                    old = (old >> 16 | old) & 0xffff
                    pixels[at] = old << 8 | old >> 8
            at += 1
            left -= 1
            if left == 0:
                left = scale
                column += 1
        row += int(state[3])
        height -= 1
        row_left -= 1
        if row_left == 0:
            row_left = scale
            base += wide

@micropython.viper
def corner(pixels: ptr16, state: ptr32):
    y = int(state[1])
    colour = int(state[5])
    radius = int(state[11])
    border = int(state[12])
    inner = radius - border
    while y < int(state[3]):
        v = y + 32768 - int(state[8])
        if int(state[10]):
            v = -1 - v
        x = int(state[0])
        at = y * int(state[4]) + x
        while x < int(state[2]):
            u = x + 32768 - int(state[7])
            if int(state[9]):
                u = -1 - u
            cover = 32
            hole = 0
            if u < radius and v < radius:
                du = 2 * (radius - u) - 1
                dv = 2 * (radius - v) - 1
                far = du * du + dv * dv
                reach = 2 * radius + 1
                room = reach * reach - far
                if room <= 0:
                    cover = 0
                elif room < 8 * radius:
                    cover = room * 32 // (8 * radius)
                if border > 0 and inner > 0:
                    reach = 2 * inner + 1
                    room = reach * reach - far
                    if room >= 8 * inner:
                        hole = 32
                    elif room > 0:
                        hole = room * 32 // (8 * inner)
            if border > 0 and u >= border and v >= border:
                if inner <= 0 or u >= radius or v >= radius:
                    hole = 32
            cover -= hole
            if cover > 0:
                cover = cover * int(state[6]) >> 5
                old = int(pixels[at])
                old = (old << 8 | old >> 8) & 0xffff
                old = (old << 16 | old) & 0x7e0f81f
                old = (((colour - old) * cover >> 5) + old) & 0x7e0f81f
                old = (old >> 16 | old) & 0xffff
                pixels[at] = old << 8 | old >> 8
            at += 1
            x += 1
        y += 1

@micropython.viper
def pick(pixels: ptr16, source: ptr8, palette: ptr16, state: ptr32):
    at = int(state[0])
    end = at + int(state[1])
    phase = int(state[2])
    step = int(state[3])
    depth = int(state[4])
    cover = int(state[5])
    while at < end:
        place = int(state[6]) + (phase >> 14) * depth
        if depth == 2:
            new = int(source[place]) << 8 | int(source[place + 1])
            if int(state[7]):
                new = (new << 8 | new >> 8) & 0xffff
        elif depth == 1:
            new = int(palette[int(source[place])])
        else:
            new = int(source[place + 2]) >> 3 << 11 | int(source[place + 1]) >> 2 << 5 | int(source[place]) >> 3
        if cover < 32:
            new = (new << 16 | new) & 0x7e0f81f
            old = int(pixels[at])
            old = (old << 8 | old >> 8) & 0xffff
            old = (old << 16 | old) & 0x7e0f81f
            old = (((new - old) * cover >> 5) + old) & 0x7e0f81f
            new = (old >> 16 | old) & 0xffff
        pixels[at] = new << 8 | new >> 8
        at += 1
        phase += step

@micropython.viper
def find(font: ptr8, count: int, code: int) -> int:
    low = 0
    high = count
    while low < high:
        middle = (low + high) >> 1
        place = 12 + 10 * middle
        here = int(font[place]) | int(font[place + 1]) << 8
        if here == code:
            return place
        if here < code:
            low = middle + 1
        else:
            high = middle
    return 0
"""


def _mix(pixels, at, colour, cover):
    old = pixels[2 * at] << 8 | pixels[2 * at + 1]
    old = (old << 16 | old) & 0x7E0F81F
    old = (((colour - old) * cover >> 5) + old) & 0x7E0F81F
    old = (old >> 16 | old) & 0xFFFF
    pixels[2 * at] = old >> 8
    pixels[2 * at + 1] = old & 255


def plain_blend(pixels, state):
    """See blend."""
    at, width, height, stride, colour, cover = state[:6]
    for row in range(height):
        for column in range(width):
            _mix(pixels, at + row * stride + column, colour, cover)


def plain_glyph(pixels, bits, state):
    """See glyph."""
    at, width, height, stride, colour, opacity, base, wide, first, _, depth, scale, left, row_left = state[:14]
    for row in range(height):
        line = base + (row + scale - row_left) // scale * wide
        for place in range(width):
            column = first + (place + scale - left) // scale
            if depth == 4:
                cover = bits[line + (column >> 1)]
                cover = (cover & 15 if column & 1 else cover >> 4) * 35 >> 4
            else:
                cover = (bits[line + (column >> 3)] >> (7 - (column & 7)) & 1) << 5
            cover = cover * opacity >> 5
            if cover:
                _mix(pixels, at + row * stride + place, colour, cover)


def _part(radius, far):
    """How much of a pixel, whose middle is sqrt(far) half pixels away, lies in a circle: 0 to 32."""
    room = (2 * radius + 1) ** 2 - far
    return max(0, min(32, room * 32 // (8 * radius)))


def plain_corner(pixels, state):
    """See corner."""
    left, top, right, bottom, stride, colour, opacity, x0, y0, flip_x, flip_y, radius, border = state[:13]
    inner = radius - border
    x0 -= 32768
    y0 -= 32768
    for y in range(top, bottom):
        v = y0 - 1 - y if flip_y else y - y0
        for x in range(left, right):
            u = x0 - 1 - x if flip_x else x - x0
            cover, hole = 32, 0
            if u < radius and v < radius:
                far = (2 * (radius - u) - 1) ** 2 + (2 * (radius - v) - 1) ** 2
                cover = _part(radius, far)
                if border > 0 and inner > 0:
                    hole = _part(inner, far)
            if border > 0 and u >= border and v >= border and (inner <= 0 or u >= radius or v >= radius):
                hole = 32
            if cover > hole:
                _mix(pixels, y * stride + x, colour, (cover - hole) * opacity >> 5)


def plain_pick(pixels, source, palette, state):
    """See pick."""
    at, count, phase, step, depth, cover, start, little = state[:8]
    for place in range(at, at + count):
        here = start + (phase >> 14) * depth
        if depth == 2:
            new = source[here] << 8 | source[here + 1]
            if little:
                new = (new << 8 | new >> 8) & 0xFFFF
        elif depth == 1:
            new = palette[2 * source[here]] | palette[2 * source[here] + 1] << 8
        else:
            new = source[here + 2] >> 3 << 11 | source[here + 1] >> 2 << 5 | source[here] >> 3
        _mix(pixels, place, (new << 16 | new) & 0x7E0F81F, cover)
        phase += step


def plain_find(font, count, code):
    """See find."""
    for place in range(12, 12 + 10 * count, 10):
        if font[place] | font[place + 1] << 8 == code:
            return place
    return 0


PLAIN = (plain_blend, plain_glyph, plain_corner, plain_pick, plain_find)


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        return PLAIN
    return tuple(scope[name] for name in ("blend", "glyph", "corner", "pick", "find"))


if not hasattr(kiosk, "_pixels"):
    kiosk._pixels = _compiled()

# Places are of pixels from the buffer's beginning, colours as spread() makes them, unless said otherwise.
# blend(pixels, (place, width, height, stride, colour, cover)): one colour over a rectangle.
# glyph(pixels, bits, (place, width, height, stride, colour, opacity, first byte of the first row, bytes a row, first column, 0, bits a
#   pixel, scale, how often the first column is drawn, how often the first row)): a character, each of its pixels `scale` times as large.
# corner(pixels, (left, top, right, bottom, stride, colour, opacity, x and y of the corner, each + 32768, whether it is a right one, a
#   lower one, radius, border)): what of a rounded corner lies in a part of the buffer; border 0: a filled one.
# pick(pixels, source, palette, (place, count, phase, step, bytes a pixel, cover, first byte, little)): a row of a picture,
#   each `step` / 16384 pixels; 1 byte: a place in the palette (RGB565), 2: RGB565 (its lower byte first if `little`), 3 and 4: blue, green, red.
# find(font, count, code) -> int: where a character's entry is in a font (host_tools/fonts/bitmap.py), 0: it is not.
blend, glyph, corner, pick, find = kiosk._pixels


def rgb565(color: int) -> int:
    """What 0xRRGGBB is for a display; the bits that it has no room for are dropped."""
    return color >> 8 & 0xF800 | color >> 5 & 0x7E0 | color >> 3 & 0x1F


def spread(color: int) -> int:
    """0xRRGGBB as the loops want it."""
    value = rgb565(color)
    return (value << 16 | value) & 0x7E0F81F
