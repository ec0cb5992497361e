"""The loops of pixels.py in plain Python: for ports without a native emitter, and as what tests hold the others to."""

from kiosk.ui.paint.pixels import is_hidden, spread


def _mix(pixels, at, colour, cover):
    old = pixels[2 * at] << 8 | pixels[2 * at + 1]
    old = (old << 16 | old) & 0x7E0F81F
    old = (((colour - old) * cover >> 5) + old) & 0x7E0F81F
    old = (old >> 16 | old) & 0xFFFF
    pixels[2 * at] = old >> 8
    pixels[2 * at + 1] = old & 255


def plain_fill(pixels, state, x, y, width, height, color, alpha):
    """See fill."""
    x -= state[20]
    y -= state[21]
    right, bottom = min(x + width, state[18]), min(y + height, state[19])
    x, y = max(x, state[16]), max(y, state[17])
    cover = alpha * 33 >> 8
    if x >= right or y >= bottom or cover <= 0:
        return 0
    place = y * state[22] + x
    if cover < 32:
        state[0], state[1], state[2], state[3], state[4], state[5] = (
            place,
            right - x,
            bottom - y,
            state[22],
            spread(color),
            cover,
        )
        return 1
    for row in range(bottom - y):
        for column in range(right - x):
            _mix(pixels, place + row * state[22] + column, spread(color), 32)
    return 0


def plain_blend(pixels, state):
    """See blend."""
    at, width, height, stride, colour, cover = state[:6]
    for row in range(height):
        for column in range(width):
            _mix(pixels, at + row * stride + column, colour, cover)


def plain_locate(font, text, state, spots):
    """See locate."""
    x = state[0]
    at, left, missing, later = state[11:15]
    taken = found = 0
    for character in str(memoryview(text)[at:], "utf-8")[:left]:
        code = ord(character)
        place = -1
        if not is_hidden(code):
            place = plain_find(font, state[9], code)
            if later and taken and code < 0x2E80 or not place and not missing:
                break
            if place and state[8] and x < state[4] + 32768:
                spots[2 * found], spots[2 * found + 1] = place, x
                found += 1
            x += font[place + 2] * state[10] if place else missing
        at += len(character.encode())
        taken += 1
        if not place or found == 64:
            break
    state[0], state[11], state[15] = x, at, found
    return taken


def plain_draw(pixels, font, spots, state):
    """See draw."""
    for spot in range(state[15]):
        _character(pixels, font, spots[2 * spot], spots[2 * spot + 1] - 32768, state)


def _character(pixels, font, place, x, state):
    left, top, right, bottom, stride, colour, opacity, _, scale = state[2:11]
    wide = font[place + 3]
    gx, gy = ((font[place + at] ^ 128) - 128 for at in (5, 6))
    gx, gy = x + gx * scale, state[1] - 32768 + gy * scale
    base = font[place + 7] | font[place + 8] << 8 | font[place + 9] << 16
    for y in range(max(gy, top), min(gy + font[place + 4] * scale, bottom)):
        row = (y - gy) // scale
        for column in range(max(gx, left), min(gx + wide * scale, right)):
            at = (column - gx) // scale
            if font[3] == 4:
                cover = font[base + row * (wide + 1 >> 1) + (at >> 1)]
                cover = (cover & 15 if at & 1 else cover >> 4) * 35 >> 4
            else:
                cover = (font[base + row * (wide + 7 >> 3) + (at >> 3)] >> (7 - (at & 7)) & 1) << 5
            if cover * opacity >> 5:
                _mix(pixels, y * stride + column, colour, cover * opacity >> 5)


def _part(radius, far):
    """How much of a pixel, whose middle is sqrt(far) half pixels away, lies in a circle: 0 to 32."""
    room = (2 * radius + 1) ** 2 - far
    return max(0, min(32, room * 32 // (8 * radius)))


def plain_corners(pixels, state, x, y, width, height, size, radius, border):
    """See corners."""
    x -= state[20]
    y -= state[21]
    inner = radius - border
    for which in range(4):
        left = x + width - size if which & 1 else x
        top = y + height - size if which & 2 else y
        for row in range(max(top, state[17]), min(top + size, state[19])):
            v = top + size - 1 - row if which & 2 else row - top
            for column in range(max(left, state[16]), min(left + size, state[18])):
                u = left + size - 1 - column if which & 1 else column - left
                cover, hole = 32, 0
                if u < radius and v < radius:
                    far = (2 * (radius - u) - 1) ** 2 + (2 * (radius - v) - 1) ** 2
                    cover = _part(radius, far)
                    if border > 0 and inner > 0:
                        hole = _part(inner, far)
                if border > 0 and u >= border and v >= border and (inner <= 0 or u >= radius or v >= radius):
                    hole = 32
                if cover > hole:
                    _mix(pixels, row * state[22] + column, state[4], (cover - hole) * state[5] >> 5)


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


def plain_layer(pixels, source, state):
    """See layer."""
    start, count, phase, step, opacity, cover, first = state[:7]
    for place in range(start, start + count):
        here = phase >> 14
        part = (source[opacity + here] * 33 >> 8) * cover >> 5
        new = source[first + 2 * here] << 8 | source[first + 2 * here + 1]
        _mix(pixels, place, (new << 16 | new) & 0x7E0F81F, part)
        phase += step


def plain_find(font, count, code):
    """See find."""
    for place in range(12, 12 + 10 * count, 10):
        if font[place] | font[place + 1] << 8 == code:
            return place
    return 0


PLAIN = (plain_fill, plain_blend, plain_locate, plain_draw, plain_corners, plain_pick, plain_layer, plain_find)
