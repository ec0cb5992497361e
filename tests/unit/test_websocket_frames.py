"""Frames: masking and UTF-8 against their plain twins, every cut, every fragmentation, everything no server may send."""

import gc
import os
import random

import kiosk
from kiosk.net.stream import Stream
from kiosk.net.websocket import frames, handshake, octets
from kiosk.net.websocket.frames import Refused
from kiosk.net.websocket.outbox import send_frame
from kiosk.net.websocket.reader import Reader
from tests.fakes.fakesocket import FakeSocket
from tests.fakes.wspeer import BINARY, CLOSE, PING, PONG, TEXT, closing, frame


def test_masking_is_native_and_like_its_twin():
    assert kiosk._socket_octets[0] is octets.mask is not octets.plain_mask, "no native emitter"
    for size in tuple(range(301)) + (1024, 1025, 1027):
        data = os.urandom(size)
        key = int.from_bytes(os.urandom(4), "little")
        digits = key.to_bytes(4, "little")
        for start in tuple(range(0, size + 1, 4)) if size < 64 else (0, 4, 8, 12, 16, size & -4):
            native, plain = bytearray(data), bytearray(data)
            octets.mask(native, start, size, key)
            octets.plain_mask(plain, start, size, key)
            assert native == plain, (size, start, key)
            assert native[:start] == data[:start]
            assert all(native[at] == data[at] ^ digits[at & 3] for at in range(start, size)), (size, start, key)
    for key in (0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x01020384):
        native = bytearray(b"abcdefg")
        octets.mask(native, 0, 7, key)
        assert bytes(native) == bytes(b ^ (key >> 8 * (at & 3) & 255) for at, b in enumerate(b"abcdefg"))


async def test_every_length_of_a_message_is_masked_as_the_peer_expects():
    for size in range(301):
        sent = FakeSocket()
        data = os.urandom(size)
        for offset in range(4):  # where the data begins in memory is nobody's business
            await send_frame(Stream(sent), BINARY, memoryview(bytes(offset) + data)[offset:])
        raw = memoryview(sent.written)
        while raw:
            start = 4 if size > 125 else 2
            assert raw[0] == 0x82 and raw[1] == (0xFE if size > 125 else 0x80 | size)
            key, masked = raw[start : start + 4], raw[start + 4 : start + 4 + size]
            assert bytes(masked[at] ^ key[at & 3] for at in range(size)) == data, size
            raw = raw[start + 4 + size :]


_GOOD = ("", "a", "é", "ࠀ", "你", "퟿", "", "￿", "𐀀", "😀", "\U0010ffff")
_BAD = (
    b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc2\x41", b"\xe0\x80\x80", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xed\xbf\xbf",
    b"\xf0\x80\x80\x80", b"\xf0\x8f\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xfe", b"\xff",
    b"\xe1\x80\x41", b"\xf1\x80\x80\x41",
)  # fmt: skip


def test_utf8_and_its_twin():
    for check in (octets.check, octets.plain_check):
        for text in _GOOD:
            data = b"x" + text.encode() + b"y"
            assert check(data, len(data), 0) == 0, text
            for cut in range(len(data)):
                state = check(data[:cut], cut, 0)
                assert state >= 0
                assert check(memoryview(data)[cut:], len(data) - cut, state) == 0
                assert (state == 0) == (cut < 2 or cut >= len(data) - 1), (text, cut, state)
        for data in _BAD:
            for cut in range(len(data) + 1):
                state = check(data[:cut], cut, 0)
                if state >= 0:
                    state = check(data[cut:], len(data) - cut, state)
                assert state == -1, (data, cut)
    for _ in range(2000):
        data = bytes(random.choice((0x41, 0x80, 0x9F, 0xA0, 0xBF, 0xC2, 0xE0, 0xED, 0xF0, 0xF4)) for _ in range(6))
        assert octets.check(data, 6, 0) == octets.plain_check(data, 6, 0), data


async def _read(data, gives=None):
    # What a Reader makes of the bytes: [(opcode, data), ...], then how it ended.
    reader = Reader(Stream(FakeSocket(gives or [data])))
    found = []
    while True:
        try:
            found.append(await reader.next())
        except EOFError:
            return found, None
        except Refused as exc:
            return found, exc.code


_TALK = (
    frame(TEXT, "é你".encode())
    + frame(TEXT, b"a\xc3", final=False)
    + frame(PING, b"p")
    + frame(0, b"\xa9", final=False)
    + frame(0, b"", final=False)
    + frame(PONG)
    + frame(0, b"b")
    + frame(BINARY, b"\xff" * 130)
    + frame(TEXT)
    + closing(1000, b"ok")
)
_HEARD = [
    (TEXT, "é你"), (PING, b"p"), (PONG, b""), (TEXT, "aéb"), (BINARY, b"\xff" * 130), (TEXT, ""), (CLOSE, b"\x03\xe8ok"),
]  # fmt: skip


async def test_every_cut_of_the_stream():
    for cut in range(1, len(_TALK)):
        assert await _read(_TALK, [_TALK[:cut], None, _TALK[cut:]]) == (_HEARD, None), cut
    pieces = []
    for at in range(len(_TALK)):
        pieces += [None, _TALK[at : at + 1]]
    assert await _read(None, pieces) == (_HEARD, None)


async def test_an_end_at_every_byte():
    for count in range(len(_TALK)):
        found, code = await _read(_TALK[:count])
        assert code is None and found == _HEARD[: len(found)] and len(found) < len(_HEARD)


async def test_random_cuts_and_fragments():
    for _ in range(60):
        text = "".join(random.choice("aé你😀") for _ in range(random.getrandbits(9)))
        data = text.encode()
        raw, at, opcode = b"", 0, TEXT
        while True:
            size = random.getrandbits(random.choice((2, 5, 8)))
            last = at + size >= len(data)
            raw += frame(opcode, data[at : at + size], final=last)
            at, opcode = at + size, 0
            if last:
                break
            if random.getrandbits(1):
                raw += frame(PONG, b"x")
        pieces = []
        while raw:
            size = 1 + random.getrandbits(random.choice((1, 4, 9)))
            pieces.append(raw[:size])
            raw = raw[size:]
        found, code = await _read(None, pieces)
        assert [item for item in found if item[0] == TEXT] == [(TEXT, text)] and code is None


async def test_every_length():
    for size in (0, 1, 125, 126, 127, 1023, 1024, 1025, 4095, 4097, 16383, 16385, 30000):
        raw = memoryview(frame(BINARY, bytes(size)))  # a view, or the fake would hold copies
        found, code = await _read(None, [raw, frame(PING)])
        assert found == [(BINARY, raw[-size:] if size else b""), (PING, b"")] and code is None, size
        raw = found = None
        gc.collect()


async def test_what_no_server_may_send():
    for bits in (0x10, 0x20, 0x40, 0x70):
        for opcode in (TEXT, PING, CLOSE):
            assert await _read(frame(opcode, b"", bits=bits)) == ([], 1002)
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        assert await _read(frame(opcode, b"x")) == ([], 1002), opcode
        assert await _read(frame(TEXT, b"x", final=False) + frame(opcode, b"x")) == ([], 1002), opcode
    for opcode in (TEXT, BINARY, PING, CLOSE):
        assert await _read(frame(opcode, b"\0\0\0\0x", mask=True)) == ([], 1002), opcode
    for opcode in (CLOSE, PING, PONG):
        assert await _read(frame(opcode, b"x" * 126)) == ([], 1002)
        assert await _read(frame(opcode, b"xy", final=False)) == ([], 1002)
    assert await _read(frame(0, b"x")) == ([], 1002)
    assert await _read(frame(0, b"x", final=False)) == ([], 1002)
    assert await _read(frame(TEXT, b"x") + frame(0, b"x")) == ([(TEXT, "x")], 1002)
    assert await _read(frame(TEXT, b"x", final=False) + frame(TEXT, b"x")) == ([], 1002)
    assert await _read(frame(TEXT, b"x", final=False) + frame(BINARY, b"x", final=False)) == ([], 1002)
    # Refused by the head: what it announces need never come.
    assert await _read(b"\x89\x7e") == ([], 1002)
    assert await _read(b"\x82\x7f" + b"\xff" * 8) == ([], 1002)


async def test_text_that_is_none():
    for bad in _BAD:
        assert await _read(frame(TEXT, b"ok" + bad)) == ([], 1007), bad
        assert await _read(frame(BINARY, bad)) == ([(BINARY, bad)], None)
        for cut in range(len(bad) + 1):
            raw = frame(TEXT, b"ok" + bad[:cut], final=False) + frame(PING) + frame(0, bad[cut:])
            found, code = await _read(raw)
            assert code == 1007 and found in ([(PING, b"")], []), (bad, cut)
    for text in _GOOD[2:]:
        data = text.encode()
        for count in range(1, len(data)):
            assert await _read(frame(TEXT, data[:count])) == ([], 1007)
            assert await _read(frame(TEXT, data[:count], final=False) + frame(0)) == ([], 1007)
    # At once, before the rest of the message has come; the next message starts anew.
    assert await _read(frame(TEXT, b"\xff", length=1000)) == ([], 1007)
    assert await _read(frame(TEXT, b"a") + frame(TEXT, "é".encode())) == ([(TEXT, "a"), (TEXT, "é")], None)


async def test_what_does_not_fit():
    gc.collect()
    before = gc.mem_alloc()
    for length in (gc.mem_free(), 1 << 31, 1 << 32, (1 << 63) - 1):
        assert await _read(frame(BINARY, b"", length=length)) == ([], 1009), length
        assert await _read(frame(BINARY, b"x", final=False) + frame(0, b"", length=length)) == ([], 1009), length
    gc.collect()
    assert gc.mem_alloc() - before < 500, gc.mem_alloc() - before


class _Endless(FakeSocket):
    """Gives `start`, then `item` over and over."""

    def __init__(self, start, item):
        super().__init__([start])
        self.item = item

    def readinto(self, view):
        if not self.gives:
            self.gives.append(self.item)
        return super().readinto(view)


async def test_fragments_without_an_end():
    for data in (b"", b"x" * 100):
        fragment = frame(0, data, final=False)
        try:
            await Reader(Stream(_Endless(frame(BINARY, final=False), fragment * 8))).next()
            raise AssertionError
        except Refused as exc:
            assert exc.code == 1009


def test_close_data():
    def parsed(data):
        try:
            return frames.parse_close(data)
        except Refused as exc:
            return exc.code

    assert parsed(b"") == (1005, "") and parsed(b"\x03") == 1002
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999):
        assert parsed(code.to_bytes(2, "big")) == (code, "")
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
        assert parsed(code.to_bytes(2, "big") + b"x") == 1002, code
    assert parsed(b"\x03\xe8" + "é".encode()) == (1000, "é")
    assert parsed(b"\x03\xe8\xc3") == 1007 and parsed(b"\x03\xe8\xed\xa0\x80") == 1007
    assert frames.close_data(1005, "x") == b"" and frames.close_data(1000, "x") == b"\x03\xe8x"
    assert frames.close_data(1002, "é" * 100) == b"\x03\xea" + ("é" * 61).encode()


def test_heads():
    key = b"abcd"
    assert frames.head(TEXT, 125, key) == b"\x81\xfdabcd"
    assert frames.head(BINARY, 126, key) == b"\x82\xfe\x00\x7eabcd"
    assert frames.head(BINARY, 65535, key) == b"\x82\xfe\xff\xffabcd"
    assert frames.head(BINARY, 65536, key) == b"\x82\xff\0\0\0\0\0\x01\0\0abcd"


def test_accept():
    # The example of RFC 6455, 1.3.
    assert handshake.accept(b"dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
