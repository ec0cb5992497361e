"""JPEG to RTP (RFC 2435): what a receiver puts together again is the picture; what RFC 2435 cannot say is refused."""

import random
import struct
import time

from kiosk.live import jpegtables, rtp
from kiosk.live.rtpjpeg import Packets

_LUMA = bytes(range(1, 65))
_CHROMA = bytes(range(101, 165))


def _segment(marker, body):
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _frame(
    parts=(0x22, 0x11, 0x11),
    size=(160, 120),
    interval=0,
    scan=b"",
    tables=None,
    selectors=(0, 1, 1),
    app=b"",
    more=b"",
    sof=0xC0,
):
    tables = b"\0" + _LUMA + b"\1" + _CHROMA if tables is None else tables
    colours = b"".join(bytes((1 + at, parts[at], selectors[at])) for at in range(len(parts)))
    head = b"\xff\xd8" + (_segment(0xE0, app) if app else b"") + _segment(0xDB, tables)
    head += _segment(sof, struct.pack(">BHHB", 8, size[1], size[0], len(parts)) + colours)
    head += more + (_segment(0xDD, struct.pack(">H", interval)) if interval else b"")
    return head + _segment(0xDA, b"\3\1\0\2\x11\3\x11\0\x3f\0") + scan + b"\xff\xd9"


class Receiver:
    """Takes packets as RFC 2435 has them.  frames: (type, width, height, interval, tables, scan) of each."""

    def __init__(self, takes=None):
        self.frames = []
        self.sizes = []
        self.sequences = []
        self.takes = takes
        self.parts = b""
        self.source = rtp.Source(26, 90000, 0, rtp.clock())
        self.packets = Packets(self.source, self.send)

    async def send(self, view):
        if self.takes == 0:
            return False
        if self.takes:
            self.takes -= 1
        data = bytes(view)
        assert data[0] == 36 and data[1] == 0 and struct.unpack(">H", data[2:4])[0] == len(data) - 4
        packet = data[4:]
        self.sizes.append(len(packet))
        version, kind, sequence, timestamp, ssrc = struct.unpack(">BBHII", packet[:12])
        assert version == 128 and kind & 127 == 26 and ssrc == self.source.ssrc
        self.sequences.append(sequence)
        offset, form, quality, width, height = struct.unpack(">IBBBB", packet[12:20])
        assert quality == 255
        rest, interval = packet[20:], 0
        if form & 64:
            interval, all_of_it = struct.unpack(">HH", rest[:4])
            assert all_of_it == 0xFFFF
            rest = rest[4:]
        if offset == 0:
            assert rest[:4] == b"\0\0\0\x80"
            self.head = form, width * 8, height * 8, interval, rest[4:132]
            self.parts, rest = b"", rest[132:]
        assert offset == len(self.parts) and rest
        self.parts += rest
        if kind & 128:
            self.frames.append(self.head + (self.parts,))
        return True

    async def feed(self, frame, step=100, is_whole=True):
        self.packets.begin(time.ticks_ms())
        view = memoryview(frame)
        for at in range(0, len(frame), step):
            await self.packets.write(view[at : at + step])
        return await self.packets.end(is_whole)


def _scan(size, seed=1):
    random.seed(seed)
    return bytes(random.getrandbits(8) % 255 for _ in range(size))


async def test_pieces_of_any_size_make_the_same_packets():
    for size in (1, 2, 1000, 1241, 1242, 1243, 1244, 1245, 1246, 1380, 2630, 2625, 5000):
        scan = _scan(size)
        expected = None
        for step in (1, 2, 3, 7, 512, 100000):
            receiver = Receiver()
            assert await receiver.feed(_frame(scan=scan), step)
            assert receiver.frames == [(1, 160, 120, 0, _LUMA + _CHROMA, scan)], (size, step)
            assert max(receiver.sizes) <= 1400 and receiver.packets.size == (160, 120)
            assert expected in (None, receiver.sizes)
            expected = receiver.sizes


async def test_what_is_in_the_head_is_in_the_packets():
    standard = bytes(jpegtables.segment())
    for options, form, interval in (
        ({"parts": (0x21, 0x11, 0x11)}, 0, 0),
        ({"interval": 10}, 65, 10),
        ({"parts": (0x21, 0x11, 0x11), "interval": 300}, 64, 300),
        ({"app": b"JFIF\0" + bytes(700)}, 1, 0),
        ({"more": standard}, 1, 0),
        ({"more": b"\xff\xff\xff" + standard}, 1, 0),
        ({"size": (2040, 8)}, 1, 0),
        ({"size": (157, 121)}, 1, 0),
    ):
        receiver = Receiver()
        assert await receiver.feed(_frame(scan=_scan(3000), **options), 50), receiver.packets.fault
        width, height = options.get("size", (160, 120))
        found = receiver.frames[0]
        assert found[:4] == (form, (width + 7) // 8 * 8, (height + 7) // 8 * 8, interval) and found[5] == _scan(3000)


async def test_the_tables_are_those_that_the_colours_name():
    receiver = Receiver()
    tables = b"\2" + _CHROMA + b"\3" + _LUMA
    assert await receiver.feed(_frame(scan=b"abc", tables=tables, selectors=(3, 2, 2)))
    assert receiver.frames[0][4] == _LUMA + _CHROMA


async def test_sequences_go_on_and_wrap():
    receiver = Receiver()
    receiver.source.sequence = 0xFFFE
    for _ in range(3):
        await receiver.feed(_frame(scan=_scan(2000)))
    assert receiver.sequences == [0xFFFE, 0xFFFF, 0, 1, 2, 3] and receiver.source.packets == 6


async def test_what_cannot_be_said_is_refused_and_the_next_goes_on():
    receiver = Receiver()
    huffman = bytearray(jpegtables.segment())
    huffman[30] ^= 1
    for frame, why in (
        (_frame(sof=0xC2), "baseline"),
        (_frame(parts=(0x11, 0x11, 0x11)), "4:2:2"),
        (_frame(parts=(0x11,), selectors=(0,)), "three colours"),
        (_frame(size=(2048, 100)), "2048"),
        (_frame(size=(0, 100)), "0 x 100"),
        (_frame(more=bytes(huffman)), "Huffman"),
        (_frame(tables=b"\x10" + bytes(128)), "16 bits"),
        (_frame(tables=b"\0" + _LUMA), "missing"),
        (_frame(selectors=(0, 1, 0)), "three tables"),
        (_frame(tables=b"\0" + _LUMA[:30]), "too short"),
        (b"GIF89a" + bytes(100), "does not begin"),
        (b"\xff\xd8\xff\xd9" + bytes(100), "marker d9"),
        (b"\xff\xd8\xff\xdb\0\1" + bytes(100), "marker db"),
        (_frame(more=_segment(0xDB, bytes(700))), "too long"),
    ):
        assert not await receiver.feed(frame)
        assert why in receiver.packets.fault, (why, receiver.packets.fault)
        assert receiver.frames == []
    assert await receiver.feed(_frame(scan=b"abc")) and receiver.packets.fault == ""


async def test_a_frame_that_breaks_off_has_no_last_packet():
    receiver = Receiver()
    assert not await receiver.feed(_frame(scan=_scan(3000)), is_whole=False)
    assert not await receiver.feed(_frame()[:-60])
    assert receiver.frames == [] and len(receiver.sizes) == 2
    assert await receiver.feed(_frame(scan=b"abc"))


async def test_a_frame_that_nobody_takes_is_dropped_whole():
    receiver = Receiver(takes=1)
    assert not await receiver.feed(_frame(scan=_scan(6000)), 1000)
    assert len(receiver.sizes) == 1 and receiver.frames == []
    receiver.takes = None
    assert await receiver.feed(_frame(scan=_scan(6000)), 1000) and len(receiver.frames) == 1


async def test_mutations_do_no_harm():
    random.seed(4)
    frame = _frame(scan=_scan(300), more=bytes(jpegtables.segment()), interval=4)
    receiver = Receiver()
    for _ in range(400):
        data = bytearray(frame)
        for _ in range(random.randrange(1, 6)):
            data[random.randrange(len(data))] = random.getrandbits(8)
        cut = random.randrange(len(data)) if random.randrange(4) == 0 else len(data)
        receiver.parts = b""
        receiver.packets.begin(0)
        for at in range(0, cut, 97):
            await receiver.packets.write(memoryview(data)[at : min(at + 97, cut)])
        await receiver.packets.end(random.randrange(5) > 0)
    receiver.frames.clear()
    assert await receiver.feed(frame) and receiver.frames[0][5] == _scan(300)


def test_reports():
    source = rtp.Source(96, 16000, 2, (3900000000, 1000))
    buffer = bytearray(100)
    source.pack(buffer, 100, 5, True)
    assert buffer[:4] == b"$\x02\x00\x60" and buffer[5] == 96 | 128 and source.octets == 84
    data = source.report(3500, source.timestamp(3500))
    assert data[:4] == b"$\x03\x00\x2c" and len(data) == 48
    _, kind, words, ssrc, seconds, part, timestamp, packets, octets = struct.unpack(">BBHIIIIII", data[4:32])
    assert (kind, words, ssrc, seconds, packets, octets) == (200, 6, source.ssrc, 3900000002, 1, 84)
    assert part == 1 << 31 and timestamp == source.timestamp(1000) + 40000 & 0xFFFFFFFF
    assert data[33] == 202 and data[40:] == b"\x01\x05kiosk\0"


def test_what_receivers_say():
    block = struct.pack(">IIIIII", 77, 0x40000003, 9, 450, 0, 0)
    report = struct.pack(">BBHI", 129, 201, 7, 5) + block
    assert rtp.heard(report, 77) == (64, 450) and rtp.heard(report, 78) is None
    sender = struct.pack(">BBHIIIIII", 129, 200, 12, 5, 0, 0, 0, 0, 0) + block
    assert rtp.heard(sender, 77) == (64, 450)
    assert rtp.heard(b"", 77) is None
    random.seed(3)
    for _ in range(500):
        data = bytearray(report + sender)
        for _ in range(4):
            data[random.randrange(len(data))] = random.getrandbits(8)
        rtp.heard(bytes(data[: random.randrange(len(data))]), 77)
