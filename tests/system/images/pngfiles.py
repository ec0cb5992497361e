"""PNG files of every kind that the standard has, made by hand; what they look like Pillow says."""

import random
import struct
import zlib

# colour type: samples of a pixel, allowed bits of one
KINDS = {0: (1, (1, 2, 4, 8, 16)), 2: (3, (8, 16)), 3: (1, (1, 2, 4, 8)), 4: (2, (8, 16)), 6: (4, (8, 16))}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(name, data):
    """A chunk with its length and CRC."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, color, bits, samples, interlaced=False, extra=b"", level=9):
    """A PNG of `samples(x, y, channel)`; the filters go round."""
    channels = KINDS[color][0]
    data = bytearray()
    for left, top, across, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns = range(left, width, across)
        before = bytes(len(columns) * channels * 8 + 8)
        for number, y in enumerate(range(top, height, down)):
            if not columns:
                break
            row = _packed([samples(x, y, channel) for x in columns for channel in range(channels)], bits)
            step = max(channels * bits // 8, 1)
            data += _filtered(number % 5, row, before, step)
            before = row
    head = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", zlib.compress(bytes(data), level))
        + chunk(b"IEND", b"")
    )


def _packed(samples, bits):
    if bits == 16:
        return struct.pack(f">{len(samples)}H", *samples)
    if bits == 8:
        return bytes(samples)
    each = 8 // bits
    samples = samples + [0] * (-len(samples) % each)
    packed = bytearray()
    for at in range(0, len(samples), each):
        value = 0
        for sample in samples[at : at + each]:
            value = value << bits | sample
        packed.append(value)
    return bytes(packed)


def _filtered(kind, row, before, step):
    made = bytearray([kind])
    for at, value in enumerate(row):
        left = row[at - step] if at >= step else 0
        up = before[at]
        corner = before[at - step] if at >= step else 0
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda near: abs(guess - near))
        made.append(value - (0, left, up, (left + up) // 2, nearest)[kind] & 255)
    return bytes(made)


def palette(bits, seed=3):
    """PLTE with a colour for each value."""
    noise = random.Random(seed)
    return chunk(b"PLTE", bytes(noise.randrange(256) for _ in range(3 << bits)))


def smooth(bits, width, height):
    """Samples that run over the picture, each channel another way, with a few hard edges."""
    most = (1 << bits) - 1

    def sample(x, y, channel):
        if (x // 7 + y // 5) % 6 == 5:
            return most * (channel % 2)
        run = (x / max(width - 1, 1), y / max(height - 1, 1), (x + y) / max(width + height - 2, 1))
        return round(most * (run[channel % 3] if channel < 3 else 1 - run[0]))

    return sample
