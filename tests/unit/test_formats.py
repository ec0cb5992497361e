"""Compressed sounds from memory: what is told of them, places to the sample, and files that mean harm."""

import codecs
import gc
import random
import struct

from kiosk.errors import KioskError
from kiosk.media import frames, sources
from tests.fakes.soundfiles import RATE_HZ, Hesitant, Memory, encoded, mp4

_CALLS = const(3000)  # of read_into(), which end every file of this size
_HAS_AAC = "aac" in codecs.formats()


def _files():
    """The formats that this image plays."""
    files = {"mp3": encoded("mp3", 24)}
    if _HAS_AAC:
        files["aac"] = encoded("aac", 12)
        files["first"] = mp4(files["aac"])
        files["last"] = mp4(files["aac"], 5, False)
    return files


class _Pages:
    """Samples that were heard, in pieces: a board's heap has no hole for all of them."""

    def __init__(self, size):
        self._pages = [bytearray(500) for _ in range(0, size, 500)]

    def each(self, offset, data):
        """The pieces that `data` falls into: (page, place in it, part of data)."""
        while data:
            at = offset % 500
            part = data[: 500 - at]
            yield self._pages[offset // 500], at, part
            offset += len(part)
            data = data[len(part) :]

    def put(self, offset, data):
        """Keep."""
        for page, at, part in self.each(offset, data):
            page[at : at + len(part)] = part

    def check(self, offset, data):
        """Compare with what was kept."""
        for page, at, part in self.each(offset, data):
            assert page[at : at + len(part)] == part, offset


def _all(reader, hear=None, offset=0):
    """How many bytes there are up to the end; hear(offset, data) gets them."""
    count, view = 0, memoryview(bytearray(500))
    for _ in range(_CALLS):
        got = reader.read_into(view)
        if got == 0:
            return count
        if got:
            assert got <= 500 and got % (2 * reader.channels) == 0
            if hear:
                hear(offset + count, view[:got])
            count += got
    raise AssertionError("it does not end")


async def test_every_format_is_played_and_closed():
    for name, data in _files().items():
        samples = 24 * 576 if name == "mp3" else 11 * 1024
        for kind in (Memory, Hesitant):
            source = kind(data)
            reader = await sources.open_bytes(source)
            assert (reader.rate_hz, reader.channels, reader.position_ms) == (RATE_HZ, 1, 0), name
            assert kind is Hesitant or reader.duration_ms == samples * 1000 // RATE_HZ, (name, reader.duration_ms)
            assert _all(reader) == 2 * samples, name
            assert reader.position_ms == reader.duration_ms == samples * 1000 // RATE_HZ, (name, reader.duration_ms)
            reader.close()
            assert source.closed == 1 and reader.read_into(memoryview(bytearray(10))) == 0


async def _find_places(*names):
    files, pages = _files(), _Pages(28000)
    for name in names:
        data = files.get(name)  # None in an image without its decoder
        gc.collect()
        for kind in () if data is None else (Memory, Hesitant) if name != "aac" else (Memory,):
            reader = await sources.open_bytes(kind(data))
            size = _all(reader, pages.put)
            for ms in (500, 0, 36, 37, 600, 1, 99999, 300):
                reader.seek_ms(ms)
                at = min(2 * (ms * RATE_HZ // 1000), size)
                assert ms > 700 or abs(reader.position_ms - ms) <= 1
                assert _all(reader, pages.check, at) == size - at, (name, ms)
            reader.close()


async def test_a_place_in_frames_is_found_to_the_sample():
    await _find_places("mp3", "aac")


async def test_a_place_in_an_m4a_is_found_to_the_sample():
    await _find_places("first", "last")


async def test_looping_is_without_a_gap():
    for name, data in _files().items():
        pages = _Pages(28000)
        reader = await sources.open_bytes(Memory(data))
        size = _all(reader, pages.put)
        for _ in range(3):
            reader.seek_ms(0)
            assert _all(reader, pages.check) == size, name
        reader.close()


async def test_headers_are_read_as_the_decoder_reads_them():
    assert frames.parse(b"\xff\xfb\x90\x64\0\0\0") == ("mp3", 417, 1152, 44100, 2, 128000)
    assert frames.parse(b"\xff\xfb\x92\xc4\0\0\0") == ("mp3", 418, 1152, 44100, 1, 128000)
    assert frames.parse(b"\xff\xf3\x48\xc4\0\0\0") == ("mp3", 144, 576, 16000, 1, 32000)
    assert frames.parse(b"\xff\xf1\x50\x80\x2e\x7f\xfc") == ("aac", 371, 1024, 44100, 2, 0)
    for wrong in (
        b"\xff\xfb\xf0\x64",
        b"\xff\xfb\x00\x64",
        b"\xff\xfb\x9c\x64",
        b"\xff\xfd\x90\x64",
        b"\xfe\xfb\x90\x64",
    ):
        assert frames.parse(wrong + bytes(3)) is None, wrong
    assert frames.parse(b"\xff\xf1\x50\x00\x2e\x7f\xfc") is None  # channels told elsewhere
    assert frames.parse(b"\xff\xf1\x10\x80\x2e\x7f\xfc") is None  # AAC Main


async def _fails(words, data):
    for kind in (Memory, Hesitant):
        source = kind(data)
        try:
            reader = await sources.open_bytes(source)
            _all(reader)
        except KioskError as exc:
            assert exc.errno == 10004 and words in exc.reason, exc.reason
            assert source.taken < 300000, source.taken
            continue
        raise AssertionError(words)


async def test_tags_that_lie_are_refused():
    sound = encoded("mp3", 6)
    await _fails("longer than the file", b"ID3\4\0\0\x7f\x7f\x7f\x7f" + sound)
    await _fails("the size of its ID3 tag", b"ID3\4\0\0\xff\x00\x00\x00" + sound)
    await _fails("more than 8 ID3 tags", b"ID3\4\0\0\0\0\0\0" * 9 + sound)
    await _fails("it begins with 49 44 33", b"ID3\4\0\0\0\0\0\0")
    reader = await sources.open_bytes(Memory(b"ID3\4\0\0\0\0\0\5_tag_" * 3 + sound))
    assert _all(reader) == 2 * 6 * 576


async def test_headers_that_lie_are_not_believed():
    sound = encoded("mp3", 20)
    for count, size in ((0xFFFFFFFF, 0xFFFFFFFF), (0, 0), (20, 0xFFFFFFFF), (0xFFFFFFF, 10), (1, 1)):
        reader = await sources.open_bytes(Memory(_with_head(sound, 13, b"Xing", struct.pack(">III", 7, count, size))))
        assert _all(reader) in (2 * 20 * 576, 2 * 576), (count, size)
        reader.seek_ms(300)
        _all(reader)
        reader.close()


def _with_head(sound, at, mark, more):
    """The sound behind a frame that tells about it."""
    info = bytearray(frames.parse(sound)[1])
    info[:4] = sound[:4]
    info[at : at + 4] = mark
    info[at + 4 : at + 4 + len(more)] = more
    return bytes(info) + sound


async def test_headers_that_are_right_are_believed():
    sound = encoded("mp3", 24)
    lame = b"LAME3.100" + bytes(12) + bytes((576 >> 4, (576 & 15) << 4 | 1000 >> 8, 1000 & 255))
    for at, mark, more, samples in (
        (36, b"VBRI", bytes(6) + struct.pack(">II", len(sound), 24), 24 * 576),
        (13, b"Xing", struct.pack(">III", 3, 24, len(sound)), 24 * 576),
        (13, b"Xing", struct.pack(">IIII", 11, 24, len(sound), 50) + lame, 24 * 576 - 576 - 529 - (1000 - 529)),
    ):
        for kind in (Memory, Hesitant):
            reader = await sources.open_bytes(kind(_with_head(sound, at, mark, more)))
            assert reader.duration_ms == samples * 1000 // RATE_HZ, (mark, reader.duration_ms)
            assert _all(reader) == 2 * samples, mark
            reader.seek_ms(400)
            if kind is Memory:
                assert _all(reader) == 2 * (samples - 400 * 16), mark
            reader.close()


async def test_a_header_of_a_file_that_was_cut_is_not_believed():
    sound = encoded("mp3", 24)
    whole = _with_head(sound, 36, b"VBRI", bytes(6) + struct.pack(">II", len(sound), 24))
    length = frames.parse(sound)[1]
    reader = await sources.open_bytes(Memory(whole[: length + len(sound) // 2]))
    assert _all(reader) == 2 * 12 * 576
    assert abs(reader.duration_ms - 12 * 36) <= 1


async def test_what_only_seems_to_be_sound_is_refused():
    header = encoded("mp3", 2)[:4]
    await _fails("no sound that is known", (header + bytes(500)) * 100)
    await _fails("no sound that is known", b"\xff" * 70000)
    await _fails("no sound that is known", bytes(70000))
    # Frames with headers that fit and nothing of sense in them.
    length = frames.parse(header + bytes(3))[1]
    random.seed(3)
    junk = bytes(random.getrandbits(8) & 0x7F for _ in range(length - 4))
    reader = None
    try:
        reader = await sources.open_bytes(Memory((header + junk) * 120))
        count = _all(reader)
    except KioskError as exc:
        assert exc.errno == 10004 and "could be decoded" in exc.reason, exc
    else:
        assert count == 2 * 576 * 120  # a decoder that makes noise of anything


def _boxes(*sizes):
    return b"\0\0\0\x10ftypM4A \0\0\0\0" + b"".join(struct.pack(">I4s", size, name) for size, name in sizes)


async def test_boxes_that_lead_nowhere_are_refused():
    if not _HAS_AAC:
        return
    await _fails("no index", _boxes())
    await _fails("larger than what it is in", _boxes((4, b"moov")))
    await _fails("larger than what it is in", _boxes((1000, b"moov"), (2000, b"trak")) + bytes(3000))
    await _fails("more boxes than sense", _boxes((8, b"free")) + struct.pack(">I4s", 8, b"free") * 1000)
    deep = b""
    for _ in range(20):
        deep = struct.pack(">I4s", 8 + len(deep), b"moov") + deep
    await _fails("", _boxes() + deep)
    await _fails("no track", _boxes((8, b"moov")))
    good = mp4(encoded("aac", 9))
    at = good.find(b"stsz")
    await _fails("longer than its box", good[: at + 12] + b"\xff\xff\xff\xff" + good[at + 16 :])
    at = good.find(b"stsc")
    await _fails("contradicts itself", good[: at + 16] + bytes(4) + good[at + 20 :])
    at = good.find(b"hdlr")
    await _fails("no sound in it", good[: at + 12] + b"vide" + good[at + 16 :])
    at = good.find(b"\x05\x02")
    await _fails("not low complexity", good[: at + 2] + b"\x0c" + good[at + 3 :])


def _mutated(data):
    """A file with a few faults: bytes, numbers, lost and doubled pieces; half of them in its head."""
    data = bytearray(data)
    for _ in range(random.randint(1, 6)):
        way, span = random.randint(0, 4), random.choice((len(data), min(len(data), 700)))
        at = random.randint(0, max(0, span - 5))
        if way == 0:
            data[at] = random.randint(0, 255)
        elif way == 1:
            data[at : at + 4] = struct.pack(">I", random.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x10000)))
        elif way == 2:
            data = data[: random.randint(1, len(data))]
        elif way == 3:
            data[at : at + random.randint(1, 60)] = b""
        else:
            data[at:at] = data[at : at + random.randint(1, 60)]
        if len(data) < 6:
            break
    return bytes(data)


async def _survive(name, count):
    """Mutations of one format: each is played or refused, having read a bounded number of bytes."""
    original = _files()[name]
    random.seed(20261121)
    played = refused = 0
    for number in range(count):
        data = _mutated(original)
        source = (Memory, Hesitant)[number & 1](data)
        try:
            reader = await sources.open_bytes(source)
            _all(reader)
            reader.seek_ms((reader.duration_ms or 400) // 2)
            _all(reader)
            reader.close()
            played += 1
        except KioskError as exc:
            assert exc.errno == 10004 and exc.reason, (number, exc)
            refused += 1
        assert source.taken < 40 * len(data) + 20000, (number, source.taken, len(data))
    assert played and refused and played + refused == count, (played, refused)


async def test_no_mutation_of_an_mp3_does_more_than_fail():
    await _survive("mp3", 150)


async def test_no_mutation_of_an_aac_does_more_than_fail():
    if _HAS_AAC:
        await _survive("aac", 120)


# Two tests: the encoder wants 56 KB in one piece, which the first of them would leave to the second.
async def test_no_mutation_of_an_m4a_whose_index_is_first_does_more_than_fail():
    if _HAS_AAC:
        await _survive("first", 150)


async def test_no_mutation_of_an_m4a_whose_index_is_last_does_more_than_fail():
    if _HAS_AAC:
        await _survive("last", 100)
