"""Sound of a live stream: the store that holds it, samples of RTP, messages of FLV, the stream of FLV around them."""

import random
import struct

from kiosk.errors import KioskError
from kiosk.live.flvsound import FlvSound
from kiosk.live.flvstream import Tags
from kiosk.live.livesound import Cache, Samples


def taken(cache, size=100):
    view = memoryview(bytearray(size))
    count = cache.take(view)
    return count and bytes(view[:count])


async def test_a_store_begins_when_there_is_enough():
    cache = Cache(1000, 200, 4000)
    assert taken(cache) is None and cache.put(bytes(150)) and taken(cache) is None
    assert cache.put(b"x" * 50) and cache.ahead_ms() == 200
    assert taken(cache) == bytes(100) and taken(cache) == bytes(50) + b"x" * 50 and taken(cache) is None
    assert cache.put(b"y") and taken(cache) is None  # it is dry: there has to be enough again
    cache.is_over = True
    assert taken(cache) == 0


async def test_a_store_drops_what_has_no_room_and_goes_round():
    cache = Cache(1000, 0, 1)  # the least size
    data = bytes(range(250))
    out = b""
    for number in range(40):
        assert cache.put(data[: 200 + number])
        out = taken(cache, 250)
        assert out == data[: 200 + number]
    assert not cache.put(bytes(2049)) and cache.dropped == 1 and cache.ahead == 0
    assert cache.put(bytes(2048)) and not cache.put(b"x") and cache.dropped == 2
    cache.clear()
    assert cache.put(b"x") and taken(cache) == b"x"


async def test_samples_of_both_kinds():
    view = memoryview(bytearray(8))
    sound = Samples("L16", 8000, 2, 0, 1000)
    sound.put(memoryview(struct.pack(">4h", 1, -2, 300, -400) + b"\x01"))  # and half of one
    assert sound.read_into(view[:4]) == 4 and struct.unpack("<2h", view[:4]) == (1, -2)
    assert sound.read_into(view) == 4 and struct.unpack("<2h", view[:4]) == (300, -400)
    assert sound.read_into(view) is None
    sound.close()
    assert sound.read_into(view) == 0
    sound = Samples("PCMU", 8000, 1, 0, 1000)
    sound.put(memoryview(b"\xff\x00\x80"))  # ITU-T G.711: nothing, the lowest, the highest
    assert sound.read_into(view) == 6 and struct.unpack("<3h", view[:6]) == (0, -32124, 32124)


class Frames(FlvSound):
    """Keeps what it would have decoded."""

    def __init__(self):
        super().__init__(0, 1000)
        self.frames = []

    def _put(self, frame):
        self.frames.append(bytes(frame))


async def test_aac_gets_its_head():
    sound = Frames()
    sound.take(bytearray(b"\xaf\x01early"))
    assert sound.frames == []
    sound.take(bytearray(b"\xaf\x00\x14\x08"))  # low complexity, 16 kHz, one channel
    sound.take(bytearray(b"\xaf\x01" + b"f" * 20))
    assert sound.frames == [b"\xff\xf1\x60\x40\x03\x7f\xfc" + b"f" * 20]  # ISO 14496-3, 1.A.2.2: 27 bytes
    for config in (b"\x0c\x08", b"\x14\x00", b"\x17\x88", b"\x14\x48", b"\x14"):
        other = Frames()
        other.take(bytearray(b"\xaf\x00" + config))
        other.take(bytearray(b"\xaf\x01" + b"f" * 20))
        assert other.frames == []
    sound = Frames()
    for data in (b"\x2f\xff\xfbmp3", b"\xe2\xff\xe3mp3", b"\x2f", b"", b"\x52nelly"):
        sound.take(bytearray(data))
    assert sound.frames == [b"\xff\xfbmp3", b"\xff\xe3mp3"] and sound.left_out == "sound of FLV's format 5"


def tag(kind, data):
    return (
        struct.pack(">BBHIHB", kind, len(data) >> 16, len(data) & 0xFFFF, 0, 0, 0)
        + data
        + struct.pack(">I", len(data) + 11)
    )


def flv():
    data = b"FLV\x01\x05\0\0\0\x09" + bytes(4)
    data += tag(18, b"onMetaData") + tag(9, bytes(5000)) + tag(8, b"\x2f\xff\xfbone") + tag(9, b"")
    return data + tag(8, b"\x2f\xff\xfbtwo") + tag(9, b"\x17" * 300) + tag(8, b"\x2f\xff\xfbthree")


async def test_the_sound_in_a_stream_of_flv():
    for size in (1, 2, 5, 100, 1024):
        sound = Frames()
        tags = Tags(sound)
        data = memoryview(flv())
        for at in range(0, len(data), size):
            tags.feed(data[at : at + size])
        assert sound.frames == [b"\xff\xfb" + name for name in (b"one", b"two", b"three")], size


async def test_what_is_no_flv():
    long = b"FLV\x01\x05\0\0\0\x09" + bytes(4) + tag(8, bytes(5000))
    for data in (b"<html><body>", b"FLV\x02\x05\0\0\0\x09", b"FLV\x01\x05\0\0\1\x09", flv()[:13] + tag(7, b"x"), long):
        try:
            Tags(Frames()).feed(memoryview(data))
            raise AssertionError(data[:20])
        except KioskError as exc:
            assert "INVALID_RESPONSE" in exc.reason


async def test_mutations_of_flv_do_no_harm():
    random.seed(4)
    for _ in range(300):
        data = bytearray(flv())
        for _ in range(random.randrange(1, 5)):
            data[random.randrange(len(data))] = random.getrandbits(8)
        try:
            Tags(Frames()).feed(memoryview(data))
        except KioskError as exc:
            assert "INVALID_RESPONSE" in exc.reason
