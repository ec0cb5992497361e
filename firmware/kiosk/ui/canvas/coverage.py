"""
The loops over pixels and edges: how much of each pixel a shape covers, and what is painted there.

Each exists twice, as those of paint/pixels.py do and for its reasons: in viper, and in plain Python (plaincoverage.py); tests hold one against the
other.  A shape is its edges, four numbers each (x, y, x, y in 1/32 px, none negative); which way an edge goes says on which side of it the
shape lies, so their order does not matter.  Each adds to the sums of the pixels that it crosses; summed up along a row they are the
exact area, by 32768, times how often the shape winds around it (nonzero: more than once is once).

What is worked on is a window of the canvas, `state`: (edges, left, top, right, bottom, cells a row, x and y to move edges by + 16384, place of
the window in the strip, pixels a row of the strip, colour, opacity, whether there is a mask, copies, ...).  No number in there may be negative.
"""

import micropython

import kiosk

_VIPER = """
@micropython.viper
def accumulate(acc: ptr32, edges: ptr16, state: ptr32):
    at = 0
    end = int(state[0]) * 4
    low = int(state[2]) << 5
    high = int(state[4]) << 5
    while at < end:
        x0 = int(edges[at]) + int(state[6]) - 16384
        y0 = int(edges[at + 1]) + int(state[7]) - 16384
        x1 = int(edges[at + 2]) + int(state[6]) - 16384
        y1 = int(edges[at + 3]) + int(state[7]) - 16384
        at += 4
        sign = 1024
        if y0 > y1:
            sign = y0
            y0 = y1
            y1 = sign
            sign = x0
            x0 = x1
            x1 = sign
            sign = 0 - 1024
        y = y0
        last = y1
        if y < low:
            y = low
        if last > high:
            last = high
        if y < last:
            first = x0
            if y > y0:
                first += (x1 - x0) * (y - y0) // (y1 - y0)
            while y < last:
                down = (y >> 5 << 5) + 32
                if down > last:
                    down = last
                right = x1
                if down < y1:
                    right = x0 + (x1 - x0) * (down - y0) // (y1 - y0)
                height = (down - y) * sign
                place = ((y >> 5) - int(state[2])) * int(state[5])
                y = down
                start = first
                down = right
                if start > down:
                    start = right
                    down = first
                first = right
                left = int(state[1]) << 5
                cell = start >> 5
                if down <= left:
                    acc[place] = int(acc[place]) + height
                elif cell == down >> 5:
                    if cell < int(state[3]):
                        place += cell - int(state[1])
                        part = height * (start + down - (cell << 6)) >> 6
                        acc[place] = int(acc[place]) + height - part
                        acc[place + 1] = int(acc[place + 1]) + part
                else:
                    wide = down - start
                    used = 0
                    right = start
                    if right < left:
                        used = height * (left - right) // wide
                        acc[place] = int(acc[place]) + used
                        right = left
                    cell = right >> 5
                    place += cell - int(state[1])
                    while right < down and cell < int(state[3]):
                        stop = (cell + 1) << 5
                        if stop > down:
                            stop = down
                        over = height * (stop - start) // wide - used
                        used += over
                        part = over * (right + stop - (cell << 6)) >> 6
                        acc[place] = int(acc[place]) + over - part
                        acc[place + 1] = int(acc[place + 1]) + part
                        right = stop
                        place += 1
                        cell += 1

@micropython.viper
def cover(acc: ptr32, covers: ptr8, mask: ptr8, state: ptr32):
    row = (int(state[4]) - int(state[2])) * int(state[5])
    copies = int(state[13])
    while row > 0:
        row -= int(state[5])
        at = row
        end = row + int(state[5])
        area = 0
        while at < end:
            area = (area + int(acc[at])) & 0xffffff
            acc[at] = 0
            part = area
            if part > 0x7fffff:
                part = 0x1000000 - part
            if copies > 1:
                part = part // copies
            part = (part + 512) >> 10
            if part > 32:
                part = 32
            if int(state[12]):
                part = part * int(mask[at]) >> 5
            covers[at] = part
            at += 1

@micropython.viper
def solid(pixels: ptr16, covers: ptr8, state: ptr32):
    row = 0
    place = int(state[8])
    colour = int(state[10])
    height = int(state[4]) - int(state[2])
    while height > 0:
        at = row
        end = row + int(state[3]) - int(state[1])
        here = place
        while at < end:
            part = int(covers[at])
            if part:
                part = part * int(state[11]) >> 5
                old = int(pixels[here])
                old = (old << 8 | old >> 8) & 0xffff
                old = (old << 16 | old) & 0x7e0f81f
                old = (((colour - old) * part >> 5) + old) & 0x7e0f81f
                old = (old >> 16 | old) & 0xffff
                pixels[here] = old << 8 | old >> 8
            at += 1
            here += 1
        row += int(state[5])
        place += int(state[9])
        height -= 1

@micropython.viper
def blend(pixels: ptr16, covers: ptr8, colors: ptr32, state: ptr32):
    at = int(state[20])
    end = at + int(state[3]) - int(state[1])
    here = int(state[8])
    colour = 0
    while at < end:
        part = int(covers[at])
        if part:
            colour = int(colors[int(state[21])])
            part = part * (colour >> 16) * int(state[11]) >> 10
            colour = (colour << 16 | colour & 0xffff) & 0x7e0f81f
            old = int(pixels[here])
            old = (old << 8 | old >> 8) & 0xffff
            old = (old << 16 | old) & 0x7e0f81f
            old = (((colour - old) * part >> 5) + old) & 0x7e0f81f
            old = (old >> 16 | old) & 0xffff
            pixels[here] = old << 8 | old >> 8
        state[21] = int(state[21]) + 1
        at += 1
        here += 1

@micropython.viper
def ramp(colors: ptr32, table: ptr32, state: ptr32):
    u = int(state[14]) - 0x20000000
    v = int(state[15]) - 0x20000000
    left = int(state[3]) - int(state[1])
    at = 0
    far = 0
    while at < left:
        index = u >> 8
        if int(state[18]):
            x = u >> 4
            y = v >> 4
            if x > 16384:
                x = 16384
            if x < 0 - 16384:
                x = 0 - 16384
            if y > 16384:
                y = 16384
            if y < 0 - 16384:
                y = 0 - 16384
            x = x * x + y * y
            while far < 2048 and (far + 1) * (far + 1) <= x:
                far += 1
            while far * far > x:
                far -= 1
            index = far >> 4
        if index < 0:
            index = 0
        if index > 127:
            index = 127
        colors[at] = table[index]
        u += int(state[16]) - 0x20000000
        v += int(state[17]) - 0x20000000
        at += 1

@micropython.viper
def sample(colors: ptr32, source: ptr8, palette: ptr16, state: ptr32):
    u = int(state[14]) - 0x20000000
    v = int(state[15]) - 0x20000000
    left = int(state[3]) - int(state[1])
    depth = int(state[18])
    at = 0
    while at < left:
        x = u >> 14
        y = v >> 14
        if x < 0:
            x = 0
        if x >= int(state[22]):
            x = int(state[22]) - 1
        if y < 0:
            y = 0
        if y >= int(state[23]):
            y = int(state[23]) - 1
        place = int(state[24]) + y * int(state[25]) + x * depth
        if depth == 2:
            new = int(source[place]) << 8 | int(source[place + 1])
            if int(state[19]):
                new = (new << 8 | new >> 8) & 0xffff
        elif depth == 1:
            new = int(palette[int(source[place])])
        else:
            new = int(source[place + 2]) >> 3 << 11 | int(source[place + 1]) >> 2 << 5 | int(source[place]) >> 3
        colors[at] = 0x200000 | new
        u += int(state[16]) - 0x20000000
        v += int(state[17]) - 0x20000000
        at += 1

@micropython.viper
def restore(pixels: ptr16, covers: ptr8, before: ptr16, state: ptr32):
    at = int(state[20])
    end = at + int(state[3]) - int(state[1])
    here = int(state[8])
    while at < end:
        part = int(covers[at])
        if part:
            new = int(before[here])
            new = (new << 8 | new >> 8) & 0xffff
            new = (new << 16 | new) & 0x7e0f81f
            old = int(pixels[here])
            old = (old << 8 | old >> 8) & 0xffff
            old = (old << 16 | old) & 0x7e0f81f
            old = (((new - old) * part >> 5) + old) & 0x7e0f81f
            old = (old >> 16 | old) & 0xffff
            pixels[here] = old << 8 | old >> 8
        at += 1
        here += 1
"""
_NAMES = ("accumulate", "cover", "solid", "blend", "ramp", "sample", "restore")


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        from kiosk.ui.canvas import plaincoverage

        return plaincoverage.PLAIN
    return tuple(scope[name] for name in _NAMES)


if not hasattr(kiosk, "_coverage"):
    kiosk._coverage = _compiled()

# accumulate(sums, edges, state): add the edges.  sums: an array of int, a cell more than pixels in each row.
# cover(sums, covers, mask, state): what is covered of each pixel, 0 to 32, by the mask's share; the sums are 0 again.  copies: how many times the shape
#   was added in different places, for what is blurred.
# solid(pixels, covers, state): one colour (pixels.spread()).
# The rest do one row of the window, whose first cell is in place 20 (of restore() and blend()) and whose first pixel is in place 8:
# ramp(colors, table, state): a gradient's colours.  In places 14 to 17 are u, v and their steps a pixel + 0x20000000, a 256th of an entry of the table (128 of
#   cover << 16 | RGB565); place 18: whether it is circular, and the entry the distance from (0, 0).
# sample(colors, source, palette, state): a picture's; u and v in 1/16384 of its pixels; 18, 19: bytes a pixel and whether the lower is first;
#   22 to 25: width, height, where it begins, bytes a row.
# blend(pixels, covers, colors, state): put colours into the strip, from the one in place 21 on.
# restore(pixels, covers, before, state): put what was there before into the strip.
accumulate, cover, solid, blend, ramp, sample, restore = kiosk._coverage
