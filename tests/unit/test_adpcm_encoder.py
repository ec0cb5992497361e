"""IMA ADPCM, made: what the decoder makes of it (30 dB; these tones come to 35), and that both ways of making it are the same."""

import io
import math
import random
import struct
from array import array

from kiosk.media import adpcm, adpcmencoder

_RISE = 65  # samples in which the steps, small at first, have become those of the tones


def _tones(count):
    made = random
    made.seed(3)
    return [int(9000 * math.sin(at / 9) + 4000 * math.sin(at / 3)) + made.randrange(-50, 50) for at in range(count)]


def _encoded(values, size, part):
    encoder, out = adpcmencoder.Encoder(size), b""
    samples = memoryview(struct.pack("<%dh" % len(values), *values))
    block, at = bytearray(size), 0
    while at < len(samples):
        count = encoder.encode(memoryview(block), samples[at : at + part])
        assert 0 < count <= part
        at += count
        if not encoder.missing:
            out += bytes(block)
    return out, encoder


def _decoded(data, size, count):
    blocks = adpcm.Blocks(io.BytesIO(data).readinto, size, 1)
    found = bytearray()
    view = bytearray(200)
    while len(found) < 2 * count:
        done = blocks.decode(view, 100)
        if not done:
            break
        found.extend(view[: 2 * done])
    return struct.unpack("<%dh" % (len(found) // 2), found)


def test_what_was_encoded_is_nearly_what_was_said():
    for size in (256, 36, 512):
        frames = adpcm.frames_in(size, 1)
        count = max(3, 600 // frames)
        values = _tones(count * frames)
        for part in (2, 10, 4096):
            data, encoder = _encoded(values, size, part)
            assert len(data) == count * size and encoder.frames == frames and not encoder.missing
            if part == 10:
                found = _decoded(data, size, len(values))
                assert len(found) == len(values)
                signal = sum(value * value for value in values[_RISE:])
                noise = sum((one - other) ** 2 for one, other in zip(values[_RISE:], found[_RISE:]))
                assert noise * 1000 < signal, (size, signal // noise)


def test_the_largest_steps_do_not_run_over():
    values = [32767, -32768] * 252 + [32767]
    found = _decoded(_encoded(values, 256, 300)[0], 256, 505)
    assert found[0] == 32767
    for wanted, got in zip(values[100:], found[100:]):
        assert abs(wanted - got) < 8192, (wanted, got)


def test_plain_python_makes_the_same():
    made = random
    made.seed(9)
    for count in (1, 2, 77, 504):
        samples = struct.pack("<%dh" % count, *(made.randrange(-32768, 32768) for _ in range(count)))
        outcomes = []
        for encode in (adpcmencoder.kiosk._adpcm_encode, adpcmencoder.plain_encode):
            block, state = bytearray(256), array("i", (32768 - 300, 17, 0))
            encode(block, samples, adpcm.STEPS, state, count)
            outcomes.append((bytes(block), list(state)))
        assert outcomes[0] == outcomes[1]


def test_what_a_block_wants_still():
    encoder = adpcmencoder.Encoder(256)
    block = memoryview(bytearray(256))
    assert encoder.missing == 0
    assert encoder.encode(block, memoryview(bytes(10))) == 10 and encoder.missing == 500
    assert encoder.encode(block, memoryview(bytes(2000))) == 1000 and encoder.missing == 0
    assert encoder.encode(block, memoryview(b"")) == 0
