"""Arithmetic on samples: viper against plain Python, and both against what the figures say."""

import math
import random
from array import array

import kiosk
from kiosk.media import pcm

_EDGES = (0, 1, -1, 2, -2, 127, -128, 255, 256, -256, 32766, 32767, -32767, -32768)


def _samples(count, seed=1):
    random.seed(seed)
    return array("h", [_EDGES[at] if at < len(_EDGES) else random.randint(-32768, 32767) for at in range(count)])


def _both(index, *arguments):
    """The same call in both; each gets copies, and what is left of them must be the same."""
    results = []
    for functions in (kiosk._pcm, pcm.PLAIN):
        copies = [bytearray(each) if isinstance(each, (bytes, bytearray, array)) else each for each in arguments]
        copies = [array("i", each) if isinstance(each, list) else each for each in copies]
        results.append((functions[index](*copies), copies))
    native, plain = results
    assert native[0] == plain[0]
    for one, other in zip(native[1], plain[1]):
        assert one == other
    return native[1]


def test_machine_code_is_there():
    assert kiosk._pcm is not pcm.PLAIN and kiosk._pcm[0] is not pcm.plain_scale, "no native emitter"


def test_a_gain_multiplies_and_rounds_down():
    data = _samples(400)
    for gain in (0, 1, 77, 16384, 23170, 32767, 32768):
        out = array("h", _both(0, data, len(data), gain << 6, 0, 1)[0])
        assert list(out) == [sample * gain >> 15 for sample in data]
    _both(0, data, len(data), 0, 5000, 1)
    _both(0, data, len(data), 1 << 21, -5000, 2)
    copy = bytearray(data)
    pcm.volume(copy, len(data), pcm.ONE)
    assert copy == bytearray(data)


def test_a_ramp_goes_from_one_gain_to_another():
    data = array("h", [10000] * 400)
    pcm.ramp(data, 200, 2, 0, pcm.ONE)
    assert data[0] == data[1] == 0 and 9900 < data[399] <= 10000
    assert all(0 <= after - before <= 51 for before, after in zip(list(data)[0::2], list(data)[2::2]))
    pcm.ramp(data, 0, 2, 0, pcm.ONE)


def test_a_sum_stays_within_its_range():
    first, second = _samples(500), _samples(500, 2)
    mixed = array("h", _both(1, first, second, 500)[0])
    assert list(mixed) == [max(-32768, min(32767, one + other)) for one, other in zip(first, second)]
    assert 32767 in list(mixed) and -32768 in list(mixed)


def test_mono_becomes_stereo_and_back():
    data = _samples(100)
    wide = array("h", _both(2, bytes(data) + bytes(200), 100)[0])
    assert list(wide)[0::2] == list(data) == list(wide)[1::2]
    assert array("h", _both(3, wide, 100)[0])[:100] == data
    pairs = _samples(200)
    mean = array("h", _both(3, pairs, 100)[0])[:100]
    assert list(mean) == [left + right >> 1 for left, right in zip(list(pairs)[0::2], list(pairs)[1::2])]


def test_other_widths_are_rounded_to_sixteen_bits():
    random.seed(3)
    raw = bytes(random.randint(0, 255) for _ in range(1200))
    raw += b"\xff\xff\x7f\x80\xff\xff\x7f\x7f" * 3
    for width in (1, 2, 3, 4):
        count = len(raw) // width
        out = array("h", _both(4, bytearray(2 * count), raw, count, width, 0, width)[0])
        for at in range(count):
            bits = raw[at * width : at * width + width]
            if width == 1:
                assert out[at] == (bits[0] - 128) * 256
                continue
            value = int.from_bytes(bits, "little")
            value -= 1 << 8 * width if value >> 8 * width - 1 else 0
            half = 1 << 8 * width - 17 if width > 2 else 0
            assert out[at] == min(32767, value + half >> 8 * width - 16)
    # the second of two channels of 32 bits, in place
    place = bytearray(raw[:800])
    expected = _both(4, bytearray(200), raw[:800], 100, 4, 4, 8)[0]
    pcm.narrow(place, place, 100, 4, 4, 8)
    assert place[:200] == expected


def _resampled(data, from_hz, to_hz, channels, parts):
    """All that comes out, with the input handed over in parts of so many frames."""
    resampler = pcm.Resampler(from_hz, to_hz, channels)
    out, into, kept, at = array("h"), bytearray(2 * channels * 64), b"", 0
    raw = bytes(data)
    while at < len(raw) or kept:
        step = parts[at % len(parts)] * 2 * channels
        window = kept + raw[at : at + step]
        at += step
        while True:
            frames = len(window) // 2 // channels
            made = resampler.process(into, 64, window, frames)
            out.extend(array("h", into[: made * 2 * channels]))
            window = window[resampler.used * 2 * channels :]
            if made < 64:
                break
        if at >= len(raw):
            break
        kept = window
    return out


def test_no_sample_is_lost_or_made_up_however_buffers_are_cut():
    data = _samples(1202)
    for from_hz, to_hz in (
        (8000, 44100),
        (44100, 48000),
        (48000, 16000),
        (44100, 8000),
        (44099, 48000),
        (16000, 16000),
    ):
        whole = _resampled(data, from_hz, to_hz, 2, (700,))
        assert whole == _resampled(data, from_hz, to_hz, 2, (1, 7, 64, 3, 100))
        assert abs(len(whole) // 2 - 601 * to_hz // from_hz) <= to_hz // from_hz + 1
    assert _resampled(data, 16000, 16000, 2, (50,)) == data[: 600 * 2]


def test_both_ways_to_resample_give_the_same():
    data = _samples(300)
    for from_hz, to_hz in ((8000, 44100), (44100, 48000), (48000, 16000), (192000, 65535)):
        _both(5, bytearray(8000), data, [0, 0, 150, 1000, from_hz // to_hz, from_hz % to_hz, to_hz, 2])


def _ratio_db(freq_hz, from_hz, to_hz):
    data = array("h", [round(16000 * math.sin(2 * math.pi * freq_hz * at / from_hz)) for at in range(2000)])
    out = _resampled(data, from_hz, to_hz, 1, (100,))
    noise = sum((out[at] - 16000 * math.sin(2 * math.pi * freq_hz * at / to_hz)) ** 2 for at in range(len(out)))
    return 10 * math.log10(16000 * 16000 / 2 * len(out) / noise)


def test_the_noise_of_resampling_is_what_the_module_says():
    assert _ratio_db(1000, 44100, 48000) > 54
    assert _ratio_db(4000, 44100, 48000) > 30
    assert _ratio_db(1000, 16000, 48000) > 37


def test_an_offset_is_taken_out_and_the_rest_stays():
    data = array("h", [3000 + (1000 if at % 16 < 8 else -1000) for at in range(16000)])
    _both(6, data, [0x1000000], 16000)
    pcm.Offset().remove(data, 16000)
    last = list(data)[-1600:]
    assert abs(sum(last)) < 1600 * 5 and abs(max(last) - 1000) < 20 and abs(min(last) + 1000) < 20


def test_rates_that_are_none_are_refused():
    for from_hz, to_hz in ((0, 8000), (8000, 0), (-1, 8000), (8000, 65536)):
        try:
            pcm.Resampler(from_hz, to_hz, 1)
        except ValueError:
            continue
        raise AssertionError((from_hz, to_hz))
