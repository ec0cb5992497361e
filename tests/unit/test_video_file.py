"""Reading an AVI as it is played: what is in it, places, and files that are cut, damaged or hostile."""

import asyncio
import struct
from array import array

from kiosk.errors import KioskError
from kiosk.video.avireader import PICTURE, SOUND, AviReader
from kiosk.video.playersource import Film

FPS = 10
FRAMES = 30
HZ = 800  # a file of 8 kHz has no room in a board's heap
EACH = HZ // FPS  # samples with a picture


def chunk(name, data):
    return struct.pack("<4sI", name, len(data)) + data + bytes(len(data) & 1)


def head(codec=b"MJPG", sound=True, frames=FRAMES, scale=1, rate=FPS, tag=1, size=(16, 8)):
    stream = b"vids" + codec + struct.pack("<10I", 0, 0, 0, scale, rate, 0, frames, 0, 0, 0) + bytes(8)
    form = struct.pack("<IiiHH4sIIIII", 40, size[0], size[1], 1, 24, codec, 0, 0, 0, 0, 0)
    lists = chunk(b"LIST", b"strl" + chunk(b"strh", stream) + chunk(b"strf", form))
    if sound:
        stream = b"auds\1\0\0\0" + struct.pack("<10I", 0, 0, 0, 1, HZ, 0, EACH * frames, 0, 0, 2) + bytes(8)
        form = struct.pack("<HHIIHH", tag, 1, HZ, 2 * HZ, 2, 16)
        lists += chunk(b"LIST", b"strl" + chunk(b"strh", stream) + chunk(b"strf", form))
    return chunk(b"LIST", b"hdrl" + chunk(b"avih", bytes(56)) + lists) + chunk(b"JUNK", bytes(100))


def film(index=True, sound=True, records=False, base=0, empty=(), **more):
    """Pictures of 20 bytes that begin with their number, each followed by 100 ms of sound of that value.  empty: places without one."""
    movi, entries = b"movi", b""
    start = 12 + len(head(sound=sound, **more)) + 8  # of the list's kind, in the file
    for number in range(FRAMES):
        parts = [(b"00dc", b"" if number in empty else struct.pack("<I", number) + bytes(16))]
        if sound:
            parts.append((b"01wb", struct.pack("<h", number) * EACH))
        inner = b""
        for name, data in parts:
            entries += struct.pack(
                "<4sIII", name, 16, (start if base else 0) + len(movi) + len(inner) + 12 * records, len(data)
            )
            inner += chunk(name, data)
        movi += chunk(b"LIST", b"rec " + inner) if records else inner
    body = b"AVI " + head(sound=sound, **more) + chunk(b"LIST", movi)
    return chunk(b"RIFF", body + (chunk(b"idx1", entries) if index else b""))


class Bytes:
    """A byte source; slow: what comes over a network, 512 bytes after each wait."""

    def __init__(self, data, slow=False):
        self.data, self.slow = data, slow
        self.size = None if slow else len(data)
        self.at = 0
        self.come = 512 if slow else len(data)
        self.read = 0
        self.closed = False

    @property
    def ahead(self):
        return max(0, self.come - self.at) if self.slow else None

    def readinto(self, view):
        count = min(len(view), self.come - self.at, len(self.data) - self.at)
        if count <= 0:
            return 0 if self.at >= len(self.data) else None
        view[:count] = self.data[self.at : self.at + count]
        self.at += count
        self.read += count
        return count

    def seek(self, offset, whence=0):
        self.at = offset
        if self.slow:
            self.come = offset
        return offset

    async def changed(self):
        self.come += 512

    def close(self):
        self.closed = True


async def walk(file):
    """(kind, time, first number in it) of all chunks that follow."""
    found = []
    view = memoryview(bytearray(2000))
    while True:
        kind = await file.next()
        if not kind:
            file.check()
            return found
        count = await file.read_into(view)
        found.append((kind, file.time_ms, struct.unpack_from("<h", view)[0] if count > 1 else -1))


async def test_what_is_in_it():
    for slow in (False, True):
        file = await AviReader(Bytes(film(), slow)).open()
        header = file.header
        assert (header.width, header.height, header.frame_us, file.frames, file.duration_ms) == (
            16,
            8,
            100000,
            30,
            3000,
        )
        assert (header.sound.rate_hz, header.sound.channels, file.is_streamed) == (HZ, 1, slow)
        found = await walk(file)
        assert found[:4] == [(PICTURE, 0, 0), (SOUND, 0, 0), (PICTURE, 100, 1), (SOUND, 100, 1)] and len(found) == 60


async def test_a_place_is_found_with_and_without_an_index():
    for made in (film(), film(False), film(records=True), film(False, records=True), film(base=1)):
        for slow in (False, True):
            for ms, first in ((0, 0), (99, 0), (100, 1), (1250, 12), (2999, 29)):
                file = await AviReader(Bytes(made, slow)).open()
                for _ in range(2):  # there, and there once more from the end
                    await file.seek(ms)
                    found = await walk(file)
                    wanted = [(PICTURE, 100 * first, first), (SOUND, 100 * first, first)]
                    assert found[:2] == wanted, (slow, ms, found[:3])
                    assert len(found) == 60 - 2 * first
                await file.seek(ms, False, True)
                assert [each for each in await walk(file) if each[0] == SOUND][0] == (SOUND, 100 * first, first)
            await file.seek(99999)  # the last picture is what is seen then
            assert [each for each in await walk(file) if each[0] == PICTURE] == [(PICTURE, 2900, 29)]
            await file.seek(99999, False, True)
            assert await walk(file) == []


async def test_what_comes_over_the_network_is_read_forwards_only():
    class Forwards(Bytes):
        def seek(self, offset, whence=0):
            assert offset >= self.at, "back to %d from %d" % (offset, self.at)
            return super().seek(offset)

    for made in (film(), film(records=True), film(False)):
        file = await AviReader(Forwards(made, True)).open()
        assert len(await walk(file)) == 60


async def test_a_place_in_what_comes_over_the_network_is_two_jumps():
    class Counted(Bytes):
        jumps = 0

        def seek(self, offset, whence=0):
            self.jumps += not self.at <= offset <= self.at + 1000
            return super().seek(offset)

    source = Counted(film(), True)
    file = await AviReader(source).open()
    await file.seek(1500)
    assert (await file.next(), file.time_ms) == (PICTURE, 1500) and source.jumps == 2


async def test_the_index_of_a_long_file_is_read_and_not_the_file():
    source = Bytes(film())
    file = await AviReader(source).open()
    source.read = 0
    await file.seek(2900)
    assert source.read < 1100, source.read


async def test_a_wrong_index_is_not_followed():
    made = film()
    at = made.find(b"idx1") + 8
    for wrong in (struct.pack("<4sIII", b"00dc", 16, 0x7FFFFFF0, 20) * 60, b"\xff" * 960, bytes(960)):
        file = await AviReader(Bytes(made[:at] + wrong)).open()
        await file.seek(1000)
        assert (await walk(file))[:1] in ([(PICTURE, 1000, 10)], [])


async def test_what_is_not_played_says_why():
    cases = (
        (b"", "the file is empty"),
        (b"RIFF\0\0\0\0WAVEfmt ", "another kind"),
        (film()[:200], "cut off"),
        (film(codec=b"H264"), "H264"),
        (film(tag=0x55), "format 85"),
        (film(size=(0, 8)), "0x8"),
        (film(size=(4000, 8)), "4000x8"),
        (film(rate=0), "its head"),
        (film(rate=100000), "every 10 us"),
        (chunk(b"RIFF", b"AVI " + chunk(b"LIST", b"movi")), "without pictures"),
        (b"\0\0\0\x20ftypisom", "MP4"),
        (b"RIFF\0\0\0\0AVI " + b"LIST\0\0\0\0hdrl" * 1100, "no pictures"),
    )
    for data, reason in cases:
        try:
            await AviReader(Bytes(data)).open()
        except KioskError as exc:
            assert reason in exc.reason and exc.errno == 10004, (exc.reason, reason)
        else:
            raise AssertionError(reason)


async def test_a_cut_file_is_read_as_far_as_it_goes():
    whole = film(False)
    start = whole.find(b"movi")
    for end in range(start + 4, len(whole), 37):
        found = await walk(await AviReader(Bytes(whole[:end])).open())
        times = [each[1] for each in found]
        assert times == sorted(times) and len(found) >= (end - start) // 204 * 2


async def test_a_file_that_was_never_finished_has_no_length():
    made = film(False, frames=0)
    at = made.find(b"movi") - 4
    for size in (0, 0xFFFFFFFF):
        file = await AviReader(Bytes(made[:at] + struct.pack("<I", size) + made[at + 4 :])).open()
        assert file.frames is None and file.duration_ms is None
        assert len(await walk(file)) == 60
        await file.measure()
        assert (file.frames, file.duration_ms) == (30, 3000) and len(await walk(file)) == 60


async def test_damaged_files_end():
    whole = bytearray(film())
    state = 12345
    ended = {"played": 0, "refused": 0}
    for _ in range(300):
        data = bytearray(whole[:4000])
        for _ in range(6):
            state = state * 1103515245 + 12345 & 0x7FFFFFFF
            data[state % len(data)] = state >> 16 & 255
        try:
            file = await AviReader(Bytes(data)).open()
            await asyncio.wait_for_ms(walk(file), 20000)
            await asyncio.wait_for_ms(file.seek(500), 20000)
            ended["played"] += 1
        except KioskError as exc:
            assert exc.errno == 10004
            ended["refused"] += 1
    assert ended["played"] > 100 and ended["refused"] > 10, ended


class Screen:
    """In the place of a Video: its clock is what has been read."""

    def __init__(self):
        self.shown = []
        self.film = None

    def heard_ms(self):
        return self.film.position_ms

    def is_playing(self):
        return True

    def show(self, view):
        self.shown.append((struct.unpack_from("<I", view)[0], self.heard_ms()))

    def is_painting(self):
        return False


async def play(film, screen, ms=3000):
    """Read as a mixer does, 10 ms at a time; the samples."""
    screen.film = film
    await film.filled()
    heard = array("h")
    view = memoryview(bytearray(16))
    for _ in range(4 * ms):
        count = film.read_into(view)
        if count == 0:
            return heard
        for at in range(0, count or 0, 2):
            heard.append(struct.unpack_from("<h", view, at)[0])
        await asyncio.sleep_ms(1)
    raise AssertionError("no end")


async def opened(made, slow, screen):
    first = await AviReader(Bytes(made, slow)).open()
    second = None if slow or not first.header.sound else await AviReader(Bytes(made)).open()
    return Film(first, second, screen)


async def test_a_film_gives_its_sound_whole_and_its_pictures_in_time():
    for slow in (False, True):
        screen = Screen()
        one = await opened(film(), slow, screen)
        heard = await play(one, screen)
        assert all(heard[at] == at // EACH for at in range(EACH * FRAMES))
        assert len(screen.shown) + one.left_out == FRAMES and screen.shown[-1][0] == FRAMES - 1
        assert all(-80 <= at_ms - 100 * number <= 80 for number, at_ms in screen.shown[:-1]), screen.shown
        one.close()


async def test_a_film_goes_to_a_place():
    for slow in (False, True):
        screen = Screen()
        one = await opened(film(), slow, screen)
        screen.film = one
        one.seek_ms(1250)
        heard = await play(one, screen)
        assert all(each == 12 for each in heard[:40]) and heard[40] == 13 and one.position_ms >= 3000, (
            slow,
            heard[:42],
            one.position_ms,
        )
        assert screen.shown[0][0] == 12, screen.shown
        assert one.read_into(memoryview(bytearray(2))) == 0
        one.seek_ms(99999)
        assert len(await play(one, screen)) == 0
        one.close()
        assert one._file.source.closed


async def test_a_place_without_a_picture_shows_the_one_before():
    empty = tuple(range(3, 8)) + tuple(range(25, FRAMES))
    for made in (film(empty=empty), film(False, empty=empty)):
        for slow in (False, True):
            for ms, shown in ((0, 0), (650, 2), (2900, 24), (99999, 24)):
                screen = Screen()
                one = await opened(made, slow, screen)
                screen.film = one
                one.seek_ms(ms)
                await play(one, screen)
                assert screen.shown[0][0] == shown and screen.shown[-1][0] == 24, (slow, ms, screen.shown)
                assert one.position_ms >= 3000
                one.close()
