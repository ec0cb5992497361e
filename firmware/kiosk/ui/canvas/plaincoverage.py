"""The loops of coverage.py in plain Python: for ports without a native emitter, and as what tests hold the others to."""

_FAR = const(0x20000000)


def _signed(value):
    value &= 0xFFFFFFFF
    return value - 0x100000000 if value > 0x7FFFFFFF else value


def plain_accumulate(acc, edges, state):
    """See accumulate."""
    left, top, right, bottom, stride = state[1:6]
    for at in range(0, 4 * state[0], 4):
        x0, x1 = (edges[at + k] + state[6] - 16384 for k in (0, 2))
        y0, y1 = (edges[at + k] + state[7] - 16384 for k in (1, 3))
        sign = 1024
        if y0 > y1:
            x0, y0, x1, y1, sign = x1, y1, x0, y0, -1024
        y, last = max(y0, top << 5), min(y1, bottom << 5)
        if y >= last:
            continue
        x = x0 + (x1 - x0) * (y - y0) // (y1 - y0)
        while y < last:
            down = min((y >> 5 << 5) + 32, last)
            following = x0 + (x1 - x0) * (down - y0) // (y1 - y0)
            place = ((y >> 5) - top) * stride
            _piece(acc, (down - y) * sign, place, min(x, following), max(x, following), left, right)
            x, y = following, down


def _piece(acc, height, place, x, end, left, right):
    if end <= left << 5:
        acc[place] = _signed(acc[place] + height)
        return
    start, used = x, 0
    if x >> 5 != end >> 5 and x < left << 5:
        used = height * ((left << 5) - x) // (end - start)
        acc[place] = _signed(acc[place] + used)
        x = left << 5
    cell = x >> 5
    while cell < right:
        stop = min(cell + 1 << 5, end)
        part = height * (stop - start) // (end - start) if start >> 5 != end >> 5 else height
        over, used = part - used, part
        second = over * (x + stop - (cell << 6)) >> 6
        at = place + cell - left
        acc[at] = _signed(acc[at] + over - second)
        acc[at + 1] = _signed(acc[at + 1] + second)
        x, cell = stop, cell + 1
        if x >= end:
            break


def plain_cover(acc, covers, mask, state):
    """See cover."""
    stride = state[5]
    for row in range(state[4] - state[2]):
        area = 0
        for at in range(row * stride, (row + 1) * stride):
            area = area + acc[at] & 0xFFFFFF
            acc[at] = 0
            part = min(area, 0x1000000 - area)
            if state[13] > 1:
                part //= state[13]
            part = min(part + 512 >> 10, 32)
            covers[at] = part * mask[at] >> 5 if state[12] else part


def _mix(pixels, at, colour, cover):
    old = pixels[2 * at] << 8 | pixels[2 * at + 1]
    old = (old << 16 | old) & 0x7E0F81F
    old = (((colour - old) * cover >> 5) + old) & 0x7E0F81F
    old = (old >> 16 | old) & 0xFFFF
    pixels[2 * at] = old >> 8
    pixels[2 * at + 1] = old & 255


def plain_solid(pixels, covers, state):
    """See solid."""
    for row in range(state[4] - state[2]):
        for column in range(state[3] - state[1]):
            part = covers[row * state[5] + column]
            if part:
                _mix(pixels, state[8] + row * state[9] + column, state[10], part * state[11] >> 5)


def plain_blend(pixels, covers, colors, state):
    """See blend."""
    for column in range(state[3] - state[1]):
        part = covers[state[20] + column]
        if part:
            color = colors[state[21]]
            part = part * (color >> 16) * state[11] >> 10
            _mix(pixels, state[8] + column, (color << 16 | color & 0xFFFF) & 0x7E0F81F, part)
        state[21] += 1


def plain_ramp(colors, table, state):
    """See ramp."""
    u, v = state[14] - _FAR, state[15] - _FAR
    far = 0
    for at in range(state[3] - state[1]):
        index = u >> 8
        if state[18]:
            x, y = (max(-16384, min(part >> 4, 16384)) for part in (u, v))
            square = x * x + y * y
            while far < 2048 and (far + 1) ** 2 <= square:
                far += 1
            while far * far > square:
                far -= 1
            index = far >> 4
        colors[at] = table[max(0, min(index, 127))]
        u += state[16] - _FAR
        v += state[17] - _FAR


def plain_sample(colors, source, palette, state):
    """See sample."""
    u, v = state[14] - _FAR, state[15] - _FAR
    depth, little = state[18:20]
    width, height, start, stride = state[22:26]
    for at in range(state[3] - state[1]):
        x, y = max(0, min(u >> 14, width - 1)), max(0, min(v >> 14, height - 1))
        place = start + y * stride + x * depth
        if depth == 2:
            new = source[place] << 8 | source[place + 1]
            if little:
                new = (new << 8 | new >> 8) & 0xFFFF
        elif depth == 1:
            new = palette[2 * source[place]] | palette[2 * source[place] + 1] << 8
        else:
            new = source[place + 2] >> 3 << 11 | source[place + 1] >> 2 << 5 | source[place] >> 3
        colors[at] = 0x200000 | new
        u += state[16] - _FAR
        v += state[17] - _FAR


def plain_restore(pixels, covers, before, state):
    """See restore."""
    for column in range(state[3] - state[1]):
        part, at = covers[state[20] + column], state[8] + column
        if part:
            new = before[2 * at] << 8 | before[2 * at + 1]
            _mix(pixels, at, (new << 16 | new) & 0x7E0F81F, part)


PLAIN = (plain_accumulate, plain_cover, plain_solid, plain_blend, plain_ramp, plain_sample, plain_restore)
