"""RTP to JPEG (RFC 2435): what rtpjpeg.py has taken apart comes together; what is lost or nonsense ends its frame and no other."""

import random
import struct
import time

from kiosk.live import jpegtables, rtp
from kiosk.live.jpegframes import Frames, _scaled
from kiosk.live.rtpjpeg import Packets

_TABLES = bytes(range(1, 129))


def jpeg(scan, sampling=0x22, interval=0, size=(160, 120)):
    """In the order that frames are made in."""
    head = b"\xff\xd8\xff\xdb\0\x84\0" + _TABLES[:64] + b"\1" + _TABLES[64:]
    head += struct.pack(">IH", 0xFFDD0004, interval) if interval else b""
    head += struct.pack(">IBHHB", 0xFFC00011, 8, size[1], size[0], 3) + bytes((1, sampling, 0, 2, 0x11, 1, 3, 0x11, 1))
    return head + bytes(jpegtables.segment()) + b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0" + scan + b"\xff\xd9"


class Taker:
    """frames: (bytes, whether it is whole)."""

    def __init__(self):
        self.frames = []
        self.data = None

    def begin(self, size_bytes, at_ms):
        assert self.data is None
        self.data = b""

    async def write(self, view):
        self.data += bytes(view)

    async def end(self, is_whole):
        self.frames.append((self.data, is_whole))
        self.data = None


async def packets_of(*frames):
    """The packets of these frames, without RTSP's framing."""
    found = []

    async def send(view):
        found.append(bytes(view[4:]))
        return True

    packets = Packets(rtp.Source(26, 90000, 0, rtp.clock()), send)
    for number, frame in enumerate(frames):
        packets.begin(time.ticks_add(time.ticks_ms(), 40 * number))
        await packets.write(memoryview(frame))
        assert await packets.end(True)
    return found


async def received(packets):
    taker = Taker()
    frames = Frames(taker)
    for packet in packets:
        await frames.packet(rtp.payload(memoryview(packet)))
    return taker, frames


def _scan(size):
    random.seed(size)
    return bytes(random.getrandbits(8) % 255 for _ in range(size))


async def test_there_and_back():
    wanted = [jpeg(_scan(size)) for size in (1, 100, 1300, 5000)]
    wanted += [jpeg(_scan(3000), 0x21), jpeg(_scan(3000), interval=7), jpeg(_scan(10), size=(2040, 8))]
    taker, frames = await received(await packets_of(*wanted))
    assert taker.frames == [(frame, True) for frame in wanted] and frames.lost == 0
    assert frames.size == (2040, 8)


async def test_a_lost_packet_loses_its_frame_only():
    wanted = [jpeg(_scan(size)) for size in (4000, 4001, 4002)]
    packets = await packets_of(*wanted)
    each = len(packets) // 3
    for gone in range(each):
        taker, frames = await received(packets[: each + gone] + packets[each + gone + 1 :])
        whole = [data for data, is_whole in taker.frames if is_whole]
        assert whole == [wanted[0], wanted[2]], gone
        assert frames.lost == (0 if gone == 0 else 1)
    taker, frames = await received(packets[1:])
    assert [data for data, is_whole in taker.frames if is_whole] == wanted[1:]


async def test_packets_as_others_send_them():
    (packet,) = await packets_of(jpeg(b"scan"))
    wanted = [(jpeg(b"scan"), True)]
    longer = bytearray(packet)  # a contributing source, an extension, padding
    longer[0] = 0x80 | 0x20 | 0x10 | 1
    longer[12:12] = b"csrc" + b"\0\0\0\1" + b"extn"
    longer.extend(b"\0\0\3")
    assert (await received([bytes(longer)]))[0].frames == wanted
    with_end = packet + b"\xff\xd9"
    assert (await received([with_end]))[0].frames == wanted
    # Tables that are said once, for a Q below 255.
    first, second = bytearray(packet), bytearray(packet)
    first[17] = second[17] = 130
    second[3] += 1
    second[22:24] = b"\0\0"
    second[24:152] = b""
    assert (await received([bytes(first), bytes(second)]))[0].frames == wanted * 2
    assert (await received([bytes(second)]))[0].frames == []
    # Tables that Q itself stands for.
    plain = bytearray(packet)
    plain[17] = 50
    plain[20:152] = b""
    data, is_whole = (await received([bytes(plain)]))[0].frames[0]
    assert is_whole and data[7:71] + data[72:136] == _scaled(50) and data[7:12] == bytes((16, 11, 12, 14, 12))
    assert _scaled(99)[:4] == bytes((1, 1, 1, 1)) and max(_scaled(1)) == 255


async def test_nonsense_is_dropped():
    (packet,) = await packets_of(jpeg(b"scan"))
    wrong = []
    for at, value in ((0, 0x40), (16, 2), (16, 0x80), (17, 0), (17, 110), (18, 0), (19, 0), (21, 1), (23, 64)):
        data = bytearray(packet)
        data[at] = value
        wrong.append(bytes(data))
    wrong += [packet[:count] for count in (0, 5, 12, 19, 21, 100)]
    for data in wrong:
        taker, frames = await received([data, packet])
        assert taker.frames == [(jpeg(b"scan"), True)], data


async def test_mutations_do_no_harm():
    random.seed(2)
    packets = await packets_of(jpeg(_scan(3000), interval=3), jpeg(_scan(2000)))
    good = jpeg(_scan(500))
    last = await packets_of(good)
    for _ in range(150):
        changed = []
        for packet in packets:
            data = bytearray(packet)
            for _ in range(random.randrange(4)):
                data[random.randrange(min(len(data), 40))] = random.getrandbits(8)
            changed.append(bytes(data[: random.randrange(len(data))]) if random.randrange(5) == 0 else bytes(data))
        if random.randrange(3) == 0:
            changed.pop(random.randrange(len(changed)))
        taker, _ = await received(changed + last)
        assert taker.data is None and taker.frames[-1] == (good, True)
