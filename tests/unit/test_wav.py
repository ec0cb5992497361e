"""WAV files: what is read and written, and what a broken or hostile one can do (nothing)."""

import io
import random
import struct

import kiosk
from kiosk.errors import KioskError
from kiosk.media import adpcm
from kiosk.media.wav import WavReader, WavWriter


def _samples(count):
    return struct.pack("<%dh" % count, *((at * 7919) % 65536 - 32768 for at in range(count)))


def _chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)


def _format(tag=1, channels=1, rate=16000, bits=16, align=None, more=b""):
    align = channels * bits // 8 if align is None else align
    return _chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * align, align, bits) + more)


def _file(data, *chunks, size=None):
    body = b"WAVE" + b"".join(chunks or (_format(),)) + b"data"
    body += struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _read(text, part=100):
    reader = WavReader(io.BytesIO(text))
    return reader, _rest(reader, part)


def _rest(reader, part=100):
    found, view = bytearray(), memoryview(bytearray(part))
    while True:
        count = reader.read_into(view)
        if not count:
            return bytes(found)
        found.extend(view[:count])


class _Stream:
    """What comes over a network: no seek, and parts of any size."""

    def __init__(self, data):
        self._data = io.BytesIO(data)

    def readinto(self, view):
        return self._data.readinto(memoryview(view)[:7])


def test_pcm_is_read():
    data = _samples(500)
    reader, found = _read(_file(data))
    assert found == data
    assert (reader.rate_hz, reader.channels, reader.bits, reader.frames, reader.duration_ms) == (16000, 1, 16, 500, 31)
    assert _read(_file(data, _format(channels=2)))[1] == data
    assert _read(_file(data[:7], _format(channels=2)))[1] == data[:4]


def test_other_widths_become_sixteen_bits():
    values = (0, 1, -1, 12345, -12345, 32767, -32768)
    expected = struct.pack("<7h", *values)
    wide = b"".join(b"\0" + struct.pack("<h", value) for value in values)
    assert _read(_file(wide, _format(bits=24)))[1] == expected
    wide = b"".join(b"\0\0" + struct.pack("<h", value) for value in values)
    assert _read(_file(wide, _format(bits=32)))[1] == expected
    assert _read(_file(b"\x00\x80\xff", _format(bits=8)))[1] == struct.pack("<3h", -32768, 0, 32512)
    many = b"".join(b"\xff" + struct.pack("<h", at) for at in range(1000))
    assert _read(_file(many, _format(bits=24, channels=2)), 4096)[1] == struct.pack("<1000h", *range(1, 1001))


def test_extensible_and_odd_chunks():
    data = _samples(40)
    more = struct.pack("<HHI", 22, 16, 4) + b"\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
    assert _read(_file(data, _chunk(b"LIST", b"odd"), _format(0xFFFE, more=more), _chunk(b"fact", bytes(4))))[1] == data


def test_a_size_that_was_never_written_or_is_a_lie():
    data = _samples(40)
    for size in (0, 0xFFFFFFFF, 0x7FFFF000, 1000):
        reader, found = _read(_file(data, size=size))
        assert found == data and reader.frames == 40, size
    assert _read(_file(data + b"LIST\3\0\0\0odd\0", size=80))[1] == data
    assert _read(_file(b""))[1] == b""


def test_a_stream_is_read_without_seeking():
    data = _samples(400)
    reader = WavReader(_Stream(_file(data, _chunk(b"LIST", b"odd"), _format(channels=2))))
    assert reader.duration_ms == 12 and _rest(reader, 333) == data
    for size in (0, 0xFFFFFFFF):
        reader = WavReader(_Stream(_file(data, size=size)))
        assert reader.frames is None and reader.duration_ms is None and _rest(reader) == data
    try:
        reader.seek_ms(0)
    except OSError as exc:
        assert exc.errno == 29
    else:
        raise AssertionError


def test_seeking_is_exact_to_the_frame():
    data = _samples(3200)
    reader = WavReader(io.BytesIO(_file(data, _format(channels=2))))
    for ms in (50, 0, 99, 1, 100, 5000, -3):
        reader.seek_ms(ms)
        at = max(0, min(100, ms))
        assert reader.position_ms == at and _rest(reader) == data[at * 64 :]


def _compressed(channels, blocks=3, size=256):
    made = random
    made.seed(4)
    data = b""
    for _ in range(blocks):
        for _ in range(channels):
            data += struct.pack("<hBB", made.randint(-32768, 32767), made.randint(0, 88), 0)
        data += bytes(made.randint(0, 255) for _ in range(size - 4 * channels))
    return _file(data, _format(17, channels, bits=4, align=size, more=struct.pack("<HH", 2, 0)))


def test_adpcm_is_the_same_from_wherever_it_is_read():
    for channels, frames in ((1, 505), (2, 249)):
        reader, whole = _read(_compressed(channels), 100 * channels)
        assert reader.frames == 3 * frames and len(whole) == 6 * frames * channels
        assert _read(_compressed(channels), 6)[1] == whole
        for ms in (0, 1, 20, 31, 32, 46):
            reader.seek_ms(ms)
            assert _rest(reader) == whole[ms * 16 * 2 * channels :]
        native, kiosk._adpcm = kiosk._adpcm, adpcm.plain_decode
        assert native is not adpcm.plain_decode, "no native emitter"
        assert _read(_compressed(channels))[1] == whole
        kiosk._adpcm = native


def test_a_block_of_adpcm_that_is_cut_is_read_as_far_as_it_goes():
    text = _compressed(1)
    whole = _read(text)[1]
    assert _read(text[:-100])[1] == whole[: len(whole) - 2 * 200]
    assert _read(text[:-254])[1] == whole[: 2 * 505 * 2]
    assert len(_read(text.replace(b"data", b"fact\4\0\0\0\x0a\0\0\0data"))[1]) == 20


def _fails(text):
    try:
        _read(text)
    except KioskError as exc:
        assert exc.errno == 10004 and exc.reason, exc
        return
    raise AssertionError("no error: %s" % text[:60])


def test_what_is_no_wav_is_refused():
    data = _samples(10)
    _fails(b"")
    _fails(b"RIFF")
    _fails(b"ID3" + bytes(100))
    _fails(_file(data)[:30])
    _fails(_file(data)[:42])
    _fails(b"RIFF" + bytes(4) + b"WAVE" + _chunk(b"data", data))
    _fails(b"RIFF" + bytes(4) + b"WAVE" + b"LIST\xff\xff\xff\xff")
    for wrong in (
        {"channels": 0}, {"channels": 3}, {"rate": 0}, {"rate": 0xFFFFFFF}, {"bits": 12}, {"bits": 0}, {"align": 3},
        {"tag": 3, "bits": 32}, {"tag": 85}, {"tag": 0xFFFE}, {"tag": 17, "bits": 4, "align": 4},
        {"tag": 17, "bits": 4, "align": 65535}, {"tag": 17, "bits": 16},
    ):  # fmt: skip
        _fails(_file(data, _format(**wrong)))


def _mutated(made, text):
    text = bytearray(text)
    for _ in range(made.randint(1, 6)):
        way, at = made.randint(0, 3), made.randint(0, min(len(text), 90) - 1)
        if way == 0:
            text[at] = made.randint(0, 255)
        elif way == 1:
            text[at : at + 4] = struct.pack("<I", made.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)))
        elif way == 2:
            text = text[: made.randint(1, len(text))]
        else:
            text[at:at] = text[at : at + made.randint(1, 20)]
    return bytes(text)


def test_no_mutation_does_more_than_fail():
    random.seed(20261121)
    originals = (_file(_samples(60)), _file(_samples(66), _format(bits=24)), _compressed(2, 1), _compressed(1, 2, 64))
    read = 0
    for number in range(1600):
        text = _mutated(random, originals[number % 4])
        try:
            for file in (io.BytesIO(text), _Stream(text)):
                reader = WavReader(file)
                found = _rest(reader)
                assert len(found) <= 5 * len(text) and not len(found) % (2 * reader.channels)
                if reader.frames and hasattr(file, "seek"):
                    reader.seek_ms(reader.duration_ms // 2)
                    _rest(reader)
                read += 1
        except KioskError as exc:
            assert exc.errno == 10004, text
    assert 300 < read < 3000


class _File(io.BytesIO):
    """Keeps what would be on the flash after a power cut."""

    safe = b""

    def flush(self):
        self.safe = self.getvalue()

    def close(self):
        self.flush()


def test_what_is_written_is_read_again():
    file = _File()
    writer = WavWriter(file, 8000, 2)
    for _ in range(10):
        writer.write(_samples(100))
    writer.close()
    reader, found = _read(file.safe)
    assert found == _samples(100) * 10 and (reader.rate_hz, reader.channels, reader.frames) == (8000, 2, 500)
    assert struct.unpack_from("<I", file.safe, 4)[0] == len(file.safe) - 8
    known = _File()
    writer = WavWriter(known, 8000, 2, 500)
    writer.write(_samples(100) * 10)
    writer.close()
    assert known.safe == file.safe


def test_a_power_cut_leaves_what_can_be_played():
    file = _File()
    writer = WavWriter(file, 8000, 1)
    data = _samples(2000)
    for _ in range(9):
        writer.write(data)
    reader = WavReader(io.BytesIO(file.safe))
    assert reader.frames == 9 * 2000
    reader.seek_ms(2000)
    assert _rest(reader) == data  # 16000 samples of 8 kHz on


def test_a_full_disk_is_an_error_and_keeps_what_was_written():
    file = _File()
    writer = WavWriter(file, 8000, 1)
    writer.write(_samples(10))
    writer._file = _Full()
    try:
        writer.write(_samples(10))
    except OSError as exc:
        assert exc.errno == 28
    else:
        raise AssertionError
    writer._file = file
    writer.close()
    assert _read(file.safe)[1] == _samples(10)


class _Full:
    def write(self, view):
        return 0
