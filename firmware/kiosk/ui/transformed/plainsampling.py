"""The loops of sampling.py in plain Python: for where viper cannot be compiled, and what tests hold it against."""

_FAR = const(0x20000000)


def plain_letters(colors, source, state):
    """See letters."""
    u, v = state[14] - _FAR, state[15] - _FAR
    wide, high = state[22], state[23]
    for at in range(state[3] - state[1]):
        part, y = 0, v >> 10
        if 512 <= u < ((wide - 2) << 10) + 512 and -1 <= y < high:
            fx, fy = u >> 6 & 15, v >> 6 & 15
            for row, share in ((y, 16 - fy), (y + 1, fy)):
                if 0 <= row < high:
                    place = (row * wide + (u >> 10)) * 2
                    part += ((source[place] >> 3) * (16 - fx) + (source[place + 2] >> 3) * fx) * share
            part = (part * 33 + 4096) >> 13
        colors[at] = part << 16 | state[18]
        u += state[16] - _FAR
        v += state[17] - _FAR


def plain_texture(colors, source, opacity, state):
    """See texture."""
    u, v = state[14] - _FAR, state[15] - _FAR
    for at in range(state[3] - state[1]):
        x, y = min(max(u >> 10, 0), state[22] - 1), min(max(v >> 10, 0), state[23] - 1)
        place = (y * state[22] + x) * 2
        part = (opacity[place] >> 3) * 33 >> 5 if state[18] else 32
        colors[at] = part << 16 | source[place] << 8 | source[place + 1]
        u += state[16] - _FAR
        v += state[17] - _FAR


PLAIN = (plain_letters, plain_texture)
