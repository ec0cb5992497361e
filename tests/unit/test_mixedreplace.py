"""multipart/x-mixed-replace: pictures come out whole however the bytes come in, and nonsense is refused."""

import random

from kiosk.errors import KioskError
from kiosk.live.mixedreplace import Parts

_TYPE = 'multipart/x-mixed-replace; boundary="edge"'
_PICTURES = [
    b"\xff\xd8one\r\n-\r\n--\r\n\xff\xd9",
    b"\xff\xd8" + bytes(range(256)) * 9 + b"\xff\xd9",
    b"\xff\xd8\xff\xd9",
]


class Taker:
    """frames: those that have ended; sizes: what begin() was told."""

    def __init__(self):
        self.frames, self.sizes, self.data = [], [], None

    def begin(self, size_bytes, at_ms):
        self.sizes.append(size_bytes)
        self.data = b""

    async def write(self, view):
        assert len(view)
        self.data += bytes(view)

    async def end(self, is_whole):
        assert is_whole
        self.frames.append(self.data)
        self.data = None


def message(is_sized, mark=b"--edge", end=b"\r\n"):
    data = b"a preamble" + end
    for picture in _PICTURES:
        data += mark + end + b"Content-Type: image/jpeg" + end
        data += b"Content-length: %d%s" % (len(picture), end) if is_sized else b"X-Other: 1" + end
        data += end + picture + end
    return data + mark + b"--" + end


async def fed(data, size, content=_TYPE):
    taker = Taker()
    parts = Parts(content, taker)
    for at in range(0, len(data), size):
        await parts.feed(memoryview(data)[at : at + size])
    return taker


async def test_pictures_in_whatever_pieces():
    for is_sized in (True, False):
        for end in (b"\r\n", b"\n"):
            data = message(is_sized, end=end)
            for size in (1, 2, 3, 7, 64, 333, 1024):
                taker = await fed(data, size)
                assert taker.frames == _PICTURES, (is_sized, end, size)
                assert taker.sizes == [len(one) if is_sized else 0 for one in _PICTURES]


async def test_boundaries_as_servers_write_them():
    for content in ("multipart/x-mixed-replace;boundary=edge", "multipart/x-mixed-replace; boundary=--edge"):
        assert (await fed(message(False), 100, content)).frames == _PICTURES
    for content in ("multipart/x-mixed-replace", "multipart/x-mixed-replace; boundary=", "a; boundary=" + "x" * 71):
        try:
            Parts(content, Taker())
            raise AssertionError(content)
        except KioskError as exc:
            assert "INVALID_RESPONSE" in exc.reason


async def test_what_is_no_such_message():
    wrong = [
        b"x" * 2000,
        b"--edge\r\n" + b"X: y\r\n" * 300,
        b"--edge\r\nContent-Type: text/html\r\n\r\nno",
        b"--edge\r\nContent-Length: 99999999\r\n\r\n",
        b"--edge\r\nContent-Length: 0\r\n\r\n",
        b"--edge\r\nContent-Length: -5\r\n\r\n",
        b"--edge\r\nContent-Length: many\r\n\r\n",
    ]
    for data in wrong:
        for size in (1, 100, 1024):
            try:
                await fed(data, size)
                raise AssertionError(data[:40])
            except KioskError as exc:
                assert "INVALID_RESPONSE" in exc.reason


async def test_mutations_do_no_harm():
    random.seed(3)
    for _ in range(200):
        data = bytearray(message(random.getrandbits(1)))
        for _ in range(random.randrange(1, 6)):
            at = random.randrange(len(data))
            if random.getrandbits(1):
                data[at] = random.getrandbits(8)
            else:
                data[at : at + random.randrange(9)] = b""
        try:
            taker = await fed(bytes(data), 1 + random.randrange(500))
            assert len(taker.frames) <= 4
        except KioskError as exc:
            assert "INVALID_RESPONSE" in exc.reason
