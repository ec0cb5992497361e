"""
The loops over pixels: RGB565 as displays take it, the higher byte first.

Each exists twice, as those of websocket/octets.py do and for its reasons: in viper, and in plain Python (plainpixels.py) for where
that cannot be compiled; tests hold one against the other.  Cover and opacity are 0 to 32: a colour is spread to 0000 0ggg ggg0 0000 rrrr r000 000b bbbb, so
that one multiplication mixes all three.  Arguments that change from call to call come in `state`, an array of int, none of
which may be negative: 64 bits read them without a sign.
"""

import micropython

import kiosk


def is_hidden(code: int) -> bool:
    """Whether a character takes no room: controls, and what joins or varies others."""
    return code < 32 or 0x200B <= code <= 0x200F or 0xFE00 <= code <= 0xFE0F or code == 0xFEFF


def rgb565(color: int) -> int:
    """What 0xRRGGBB is for a display; the bits that it has no room for are dropped."""
    return color >> 8 & 0xF800 | color >> 5 & 0x7E0 | color >> 3 & 0x1F


def spread(color: int) -> int:
    """0xRRGGBB as the loops want it."""
    return (color >> 5 & 0x7E0) << 16 | color >> 8 & 0xF800 | color >> 3 & 0x1F


_VIPER = """
@micropython.viper
def fill(words: ptr32, state: ptr32, x: int, y: int, right: int, bottom: int, color: int, alpha: int) -> int:
    x -= int(state[20])
    right += x
    y -= int(state[21])
    bottom += y
    if x < int(state[16]):
        x = int(state[16])
    if y < int(state[17]):
        y = int(state[17])
    if right > int(state[18]):
        right = int(state[18])
    if bottom > int(state[19]):
        bottom = int(state[19])
    value = color >> 8 & 0xf800 | color >> 5 & 0x7e0 | color >> 3 & 0x1f
    alpha = alpha * 33 >> 8
    if x >= right or y >= bottom or alpha <= 0:
        return 0
    if alpha < 32:
        state[0] = y * int(state[22]) + x
        state[1] = right - x
        state[2] = bottom - y
        state[3] = int(state[22])
        state[4] = (value << 16 | value) & 0x7e0f81f
        state[5] = alpha
        return 1
    value = (value << 8 | value >> 8) & 0xffff
    value = value << 16 | value
    start = int(words) + (y * int(state[22]) + x) * 2
    right = (right - x) * 2
    while y < bottom:
        x = start
        last = start + right
        if x & 2:
            pixels = ptr16(x)
            pixels[0] = value
            x += 2
        last -= 31
        while x < last:
            words = ptr32(x)
            words[0] = value
            words[1] = value
            words[2] = value
            words[3] = value
            words[4] = value
            words[5] = value
            words[6] = value
            words[7] = value
            x += 32
        last += 31
        while x < last:
            pixels = ptr16(x)
            pixels[0] = value
            x += 2
        start += int(state[22]) * 2
        y += 1
    return 0

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
def locate(font: ptr8, text: ptr8, state: ptr32, spots: ptr16) -> int:
    x = int(state[0])
    at = int(state[11])
    left = int(state[12])
    found = 0
    taken = 0
    while left > 0 and found < 64:
        code = int(text[at])
        size = 1
        if code >= 0xf0:
            size = 4
            code = 0x10000
        elif code >= 0xe0:
            size = 3
            code = (code & 15) << 12 | (int(text[at + 1]) & 63) << 6 | int(text[at + 2]) & 63
        elif code >= 0xc0:
            size = 2
            code = (code & 31) << 6 | int(text[at + 1]) & 63
        if code >= 32 and code != 0xfeff and (code < 0x200b or code > 0x200f) and (code < 0xfe00 or code > 0xfe0f):
            if int(state[14]) and taken and code < 0x2e80:
                left = 0
            place = 0
            low = 0
            high = int(state[9])
            while low < high:
                middle = (low + high) >> 1
                place = 12 + 10 * middle
                here = int(font[place]) | int(font[place + 1]) << 8
                if here < code:
                    low = middle + 1
                else:
                    high = middle
                    if here == code:
                        low = 0x10000
            if low == 0x10000:
                if left:
                    if x < int(state[4]) + 32768 and int(state[8]):
                        spots[found + found] = place
                        spots[found + found + 1] = x
                        found += 1
                    x += int(font[place + 2]) * int(state[10])
            elif int(state[13]) and left:
                x += int(state[13])
                left = 1
            else:
                left = 0
        if left:
            at += size
            left -= 1
            taken += 1
    state[0] = x
    state[11] = at
    state[15] = found
    return taken

@micropython.viper
def draw(pixels: ptr16, font: ptr8, spots: ptr16, state: ptr32):
    spot = int(state[15])
    scale = int(state[10])
    while spot:
        spot -= 1
        place = int(spots[spot + spot])
        wide = int(font[place + 3])
        gx = int(font[place + 5])
        gy = int(font[place + 6])
        if gx > 127:
            gx -= 256
        if gy > 127:
            gy -= 256
        gx = gx * scale + int(spots[spot + spot + 1]) - 32768
        gy = gy * scale + int(state[1]) - 32768
        right = gx + wide * scale
        bottom = gy + int(font[place + 4]) * scale
        if right > int(state[4]):
            right = int(state[4])
        if bottom > int(state[5]):
            bottom = int(state[5])
        first = 0
        above = 0
        if gx < int(state[2]):
            first = int(state[2]) - gx
        if gy < int(state[3]):
            above = int(state[3]) - gy
        if int(font[3]) == 4:
            wide = (wide + 1) >> 1
        else:
            wide = (wide + 7) >> 3
        base = int(font[place + 7]) | int(font[place + 8]) << 8 | int(font[place + 9]) << 16
        gy += above
        y = above
        while gy < bottom:
            place = gy * int(state[6]) + gx + first
            end = gy * int(state[6]) + right
            row = base + y * wide
            if scale > 1:
                row = base + y // scale * wide
            x = first
            while place < end:
                column = x
                if scale > 1:
                    column = x // scale
                if int(font[3]) == 4:
                    cover = int(font[row + (column >> 1)])
                    if column & 1:
                        cover &= 15
                    else:
                        cover >>= 4
                    cover = cover * 35 >> 4
                else:
                    cover = (int(font[row + (column >> 3)]) >> (7 - (column & 7)) & 1) << 5
                if cover:
                    cover = cover * int(state[8]) >> 5
                    old = int(pixels[place])
                    old = (old << 8 | old >> 8) & 0xffff
                    old = (old << 16 | old) & 0x7e0f81f
                    old = (((int(state[7]) - old) * cover >> 5) + old) & 0x7e0f81f
                    old = (old >> 16 | old) & 0xffff
                    pixels[place] = old << 8 | old >> 8
                place += 1
                x += 1
            gy += 1
            y += 1

@micropython.viper
def corners(pixels: ptr16, state: ptr32, x: int, y: int, width: int, height: int, size: int, radius: int, border: int):
    x -= int(state[20])
    y -= int(state[21])
    inner = radius - border
    which = 0
    while which < 4:
        left = x
        top = y
        if which & 1:
            left = x + width - size
        if which & 2:
            top = y + height - size
        right = left + size
        bottom = top + size
        end_x = right
        end_y = bottom
        row = top
        if row < int(state[17]):
            row = int(state[17])
        if end_x > int(state[18]):
            end_x = int(state[18])
        if end_y > int(state[19]):
            end_y = int(state[19])
        while row < end_y:
            v = row - top
            if which & 2:
                v = bottom - 1 - row
            column = left
            if column < int(state[16]):
                column = int(state[16])
            at = row * int(state[22]) + column
            while column < end_x:
                u = column - left
                if which & 1:
                    u = right - 1 - column
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
                    cover = cover * int(state[5]) >> 5
                    old = int(pixels[at])
                    old = (old << 8 | old >> 8) & 0xffff
                    old = (old << 16 | old) & 0x7e0f81f
                    old = (((int(state[4]) - old) * cover >> 5) + old) & 0x7e0f81f
                    old = (old >> 16 | old) & 0xffff
                    pixels[at] = old << 8 | old >> 8
                at += 1
                column += 1
            row += 1
        which += 1

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
def layer(pixels: ptr16, source: ptr8, state: ptr32):
    at = int(state[0])
    end = at + int(state[1])
    phase = int(state[2])
    step = int(state[3])
    cover = int(state[5])
    while at < end:
        place = phase >> 14
        part = int(source[int(state[4]) + place]) * 33 >> 8
        part = part * cover >> 5
        if part:
            place = int(state[6]) + place + place
            new = int(source[place]) << 8 | int(source[place + 1])
            if part < 32:
                new = (new << 16 | new) & 0x7e0f81f
                old = int(pixels[at])
                old = (old << 8 | old >> 8) & 0xffff
                old = (old << 16 | old) & 0x7e0f81f
                old = (((new - old) * part >> 5) + old) & 0x7e0f81f
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


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        from kiosk.ui.paint import plainpixels

        return plainpixels.PLAIN
    return tuple(scope[name] for name in ("fill", "blend", "locate", "draw", "corners", "pick", "layer", "find"))


if not hasattr(kiosk, "_pixels"):
    kiosk._pixels = _compiled()

# Places are of pixels from the buffer's beginning, colours as spread() makes them, unless said otherwise.
# fill(pixels, state, x, y, width, height, 0xRRGGBB, alpha) -> int: an opaque rectangle, sixteen pixels in a round.  In places 16 to 22
#   are the clip's left, top, right and bottom in the buffer, where the buffer is on the screen, its stride.  1: it is not opaque, and
#   what is left of it is there for blend().  One call for all, as each line of Python costs as much as ten pixels.
# blend(pixels, (place, width, height, stride, colour, cover)): one colour over a rectangle.
# locate(font, text, (x + 32768, y + 32768, left, top, right and bottom of the clip, stride, colour, opacity, characters in the font, scale,
#   first byte, characters, missing, later, 0), spots) -> int: look for the characters of a text (str) as long as the font has them; how
#   many are done, with x and the first byte as they are then, and in the last place how many spots (entry and x of what is to be drawn, at most 64;
#   none with the opacity 0).  missing: pixels that one character is to take if the font lacks it, and the end after that; later: stop,
#   after the first, at what another font draws better.
# draw(pixels, font, spots, the same): draw them.
# corners(pixels, state, x, y, width, height, size, radius, border): what lies in the clip of the four corners of a rectangle, squares of
#   `size` pixels; border 0: filled ones.  Colour and opacity in places 4 and 5, the clip as for fill().
# pick(pixels, source, palette, (place, count, phase, step, bytes a pixel, cover, first byte, little)): a row of a picture,
#   each `step` / 16384 pixels; 1 byte: a place in the palette (RGB565), 2: RGB565 (its lower byte first if `little`), 3 and 4: blue, green, red.
# layer(pixels, source, (place, count, phase, step, first byte of the opacity, cover, first byte)): the same of a picture with an
#   opacity of its own, a byte for each pixel; its pixels are RGB565, the higher byte first.
# find(font, count, code) -> int: where a character's entry is in a font (host_tools/fonts/bitmap.py), 0: it is not.
fill, blend, locate, draw, corners, pick, layer, find = kiosk._pixels
