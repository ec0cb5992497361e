"""codecs: the two objects, their memory and their refusals.  Other people's files: tests/system/audio."""

import array
import codecs
import gc
import math

_RATE_HZ = 16000


def _tone(count, channels=1):
    """Samples of 440 Hz at half the scale, the same in every channel."""
    samples = array.array("h")
    for i in range(count):
        for _ in range(channels):
            samples.append(int(16000 * math.sin(2 * math.pi * 440 * i / _RATE_HZ)))
    return memoryview(bytes(samples))


def _encoded(name, samples, channels=1, bit_rate=32000, step=700):
    encoder = codecs.Encoder(name, _RATE_HZ, channels, bit_rate)
    output = bytearray(codecs.ENCODED_BYTES)
    data = b""
    at = 0
    while at < len(samples):
        taken, given = encoder.encode(samples[at : at + step], output)
        at += taken
        data += output[:given]
    while True:
        given = encoder.finish(output)
        if not given:
            encoder.close()
            return data
        data += output[:given]


def _decoded(decoder, data, step=300):
    output = bytearray(codecs.PCM_BYTES)
    got = array.array("h")
    at = 0
    while True:
        taken, given = decoder.feed(memoryview(data)[at : at + step], output)
        at += taken
        got.extend(array.array("h", output[:given]))
        if not taken and not given:
            return got


def _raises(kind, call, *args):
    try:
        call(*args)
    except kind as error:
        return str(error)
    raise AssertionError((kind, args))


def _is_tone(got, wanted):
    """Whether most of `got` has the power and the frequency of `_tone()`."""
    middle = got[len(got) // 4 : len(got) // 4 * 3]
    power = math.sqrt(sum(sample * sample for sample in middle) / len(middle))
    crossings = sum(1 for a, b in zip(middle, middle[1:]) if a < 0 <= b)
    assert len(got) >= len(wanted) // 2, len(got)
    assert abs(power - 16000 / math.sqrt(2)) < 600, power
    assert abs(crossings - 440 * len(middle) / _RATE_HZ) < 3, crossings


def _decodes(name):
    """Whether this image decodes it; one without the GPL's libraries says why not (docs/dependencies.md)."""
    if name in codecs.formats():
        return True
    assert name == "aac" and "GPL" in _raises(ValueError, codecs.Decoder, name)
    return False


def test_the_formats_are_told():
    assert codecs.formats() == (("mp3", "aac") if _decodes("aac") else ("mp3",))
    assert codecs.encodings() == ("mp3", "aac")


def _round_trip(name):
    samples = _tone(8000)
    decoder = codecs.Decoder(name)
    assert (decoder.rate_hz, decoder.channels) == (0, 0)
    data = _encoded(name, samples)
    assert abs(len(data) - 2000) < 600, len(data)
    _is_tone(_decoded(decoder, data), samples)
    assert (decoder.rate_hz, decoder.channels) == (_RATE_HZ, 1)
    assert (decoder.damaged, decoder.skipped) == (0, 0)


def test_mp3_goes_there_and_back():
    _round_trip("mp3")


def test_aac_goes_there_and_back():
    if _decodes("aac"):
        _round_trip("aac")


def test_after_reset_another_place_is_heard_without_the_first():
    for name in codecs.formats():
        data = _encoded(name, _tone(8000))
        decoder = codecs.Decoder(name)
        output = bytearray(codecs.PCM_BYTES)
        decoder.feed(data[:500], output)
        decoder.reset()
        # From the middle of a frame: what was held before does not complete it.
        got = _decoded(decoder, data[1003:])
        assert decoder.damaged <= 1 and 0 < decoder.skipped < 400, (name, decoder.damaged, decoder.skipped)
        assert len(got) > 3000
        loud = max(got[len(got) // 4 : len(got) // 2])
        assert 15000 < loud < 18000, loud


def test_what_the_libraries_cannot_do_is_refused():
    _raises(ValueError, codecs.Decoder, "ogg")
    _raises(ValueError, codecs.Encoder, "wav", 16000, 1, 32000)
    for name in codecs.encodings():
        for rate_hz, channels, bit_rate in (
            (16001, 1, 32000),
            (0, 1, 32000),
            (-16000, 1, 32000),
            (16000, 0, 32000),
            (16000, 3, 32000),
            (16000, 1, 0),
            (16000, 1, -1),
            (16000, 1, 10**12),
            (8000, 1, 320000),
        ):
            # OverflowError: of 10**12, where it is no machine word
            _raises((ValueError, OverflowError), codecs.Encoder, name, rate_hz, channels, bit_rate)
    _raises(TypeError, codecs.Encoder, "mp3", "16000", 1, 32000)
    _raises(TypeError, codecs.Decoder)


def test_an_output_too_short_for_a_frame_is_refused_and_nothing_is_lost():
    samples = _tone(4000)
    data = _encoded("mp3", samples)
    decoder = codecs.Decoder("mp3")
    _raises(ValueError, decoder.feed, data, bytearray(codecs.PCM_BYTES - 1))
    _raises(ValueError, decoder.feed, data, memoryview(bytearray(codecs.PCM_BYTES + 1))[1:])
    _raises(TypeError, decoder.feed, data, bytes(codecs.PCM_BYTES))
    _raises(TypeError, decoder.feed, None, bytearray(codecs.PCM_BYTES))
    _is_tone(_decoded(decoder, data), samples)
    encoder = codecs.Encoder("aac", _RATE_HZ, 1, 32000)
    _raises(ValueError, encoder.encode, samples, bytearray(codecs.ENCODED_BYTES - 1))
    _raises(ValueError, encoder.finish, bytearray(1))


def test_close_gives_the_memory_back_and_ends_it():
    for make in (
        lambda: codecs.Decoder("mp3"),
        lambda: codecs.Decoder(codecs.formats()[-1]),
        lambda: codecs.Encoder("aac", _RATE_HZ, 1, 32000),
    ):
        gc.collect()
        before = gc.mem_alloc()
        codec = make()
        state_bytes = codec.state_bytes
        assert gc.mem_alloc() - before >= state_bytes > 2000
        codec.close()
        codec.close()
        assert codec.state_bytes == 0
        assert gc.mem_alloc() - before < 500, gc.mem_alloc() - before
    decoder = codecs.Decoder("mp3")
    decoder.close()
    _raises(ValueError, decoder.feed, b"", bytearray(codecs.PCM_BYTES))
    _raises(ValueError, decoder.reset)
    encoder = codecs.Encoder("aac", _RATE_HZ, 1, 32000)
    encoder.close()
    _raises(ValueError, encoder.finish, bytearray(codecs.ENCODED_BYTES))


def test_the_collector_takes_what_nobody_holds():
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(30):  # more than the heap of a board holds at once
        codecs.Decoder("mp3")
        codecs.Decoder(codecs.formats()[-1])
        codecs.Encoder("aac", _RATE_HZ, 2, 32000)
    gc.collect()
    assert gc.mem_alloc() - before < 60000  # a stale word on the stack may hold one


def test_the_collector_leaves_a_codec_in_use_alone():
    samples = _tone(4000)
    name = codecs.formats()[-1]
    encoder = codecs.Encoder(name, _RATE_HZ, 1, 32000)
    output = bytearray(codecs.ENCODED_BYTES)
    data = b""
    at = 0
    while at < len(samples):
        gc.collect()
        waste = [bytearray(100) for _ in range(50)]  # over whatever was taken by mistake
        taken, given = encoder.encode(samples[at : at + 500], output)
        at += taken
        data += output[:given]
        assert len(waste) == 50
    decoder = codecs.Decoder(name)
    pcm = bytearray(codecs.PCM_BYTES)
    got = array.array("h")
    at = 0
    while True:
        gc.collect()
        waste = [bytearray(100) for _ in range(50)]
        taken, given = decoder.feed(memoryview(data)[at : at + 100], pcm)
        at += taken
        got.extend(array.array("h", pcm[:given]))
        if not taken and not given:
            break
    assert decoder.damaged == 0
    assert 15000 < max(got[len(got) // 2 :]) < 18000


def _fill(leave):
    """Take the heap in pieces until about `leave` bytes are free; return what holds it."""
    held = []
    gc.collect()
    size = 1 << 20
    while size >= 1000:
        try:
            if gc.mem_free() < leave + 3000 + size:
                raise MemoryError
            held.append(bytearray(size))
        except MemoryError:
            size //= 2
    return held


def test_a_full_heap_is_a_memory_error_and_costs_nothing():
    output = bytearray(codecs.PCM_BYTES)
    name = codecs.formats()[-1]
    data = _encoded(name, _tone(3000))
    makers = (
        lambda: codecs.Decoder("mp3"),
        lambda: codecs.Encoder("mp3", _RATE_HZ, 1, 32000),
        lambda: codecs.Encoder("aac", _RATE_HZ, 1, 32000),
        lambda: codecs.Decoder(name).feed(data, output),
    )
    for make in makers:
        for leave in (0, 1000, 2000, 4000, 8000):
            held = _fill(leave)
            free = gc.mem_free()
            _raises(MemoryError, make)
            gc.collect()
            assert gc.mem_free() > free - 1500, (leave, free, gc.mem_free())
            held.clear()
    gc.collect()
    _is_tone(_decoded(codecs.Decoder(name), _encoded(name, _tone(8000))), _tone(8000))
