"""AVI files: what is written is read, whole or cut off anywhere; and what hostile ones can do (nothing)."""

import gc
import io
import os
import random
import struct

from kiosk.errors import KioskError
from kiosk.video import aviformat, avireader, avirepair, aviwriter
from kiosk.video.avireader import PICTURE, SOUND, AviReader
from tests.fakes import filestore

PCM = aviformat.pcm(8000)
ADPCM = aviformat.adpcm(8000)


def picture(number):
    """Not a JPEG, but bytes that are known again."""
    return bytes((number + at) % 251 for at in range(100 + 37 * number % 200))


class _File(io.BytesIO):
    """What is left of it when it was closed."""

    def close(self):
        self.kept = self.getvalue()
        super().close()


def streamed(times_ms, sound=ADPCM, end_ms=0, broken=()):
    """A file with a picture at each of these times, and sound up to each."""
    file = _File()
    writer = aviwriter.AviWriter(file, 64, 48, sound)
    for number, time_ms in enumerate(times_ms):
        data = picture(number)
        if writer.begin_picture(time_ms, len(data) + number % 3):
            writer.write(memoryview(data)[:50])
            writer.write(memoryview(data)[50:])
            writer.end_picture(number not in broken)
        if sound:
            blocks = time_ms * sound.rate_hz // 1000 // sound.block_frames - writer.sound_bytes // sound.block
            if blocks > 0:
                writer.write_sound(memoryview(bytes([number]) * (blocks * sound.block)))
    writer.close(end_ms)
    return file.kept, writer


class Source(io.BytesIO):
    """The bytes of a file, as a byte source."""

    ahead = None

    def __init__(self, data):
        super().__init__(data)
        self.size = len(data)

    async def changed(self):
        raise AssertionError("a file never waits")


async def opened(data):
    return await AviReader(Source(data)).open()


async def chunks(reader):
    """All that has bytes of what next() gives, with the bytes."""
    found = []
    while True:
        kind = await reader.next()
        if not kind:
            return found
        if not reader.size:
            continue
        data, done, time_ms = bytearray(reader.size), 0, reader.time_ms
        while True:
            count = await reader.read_into(memoryview(data)[done : done + 64])
            if not count:
                break
            done += count
        assert done == reader.size and not await reader.read_into(memoryview(bytearray(9)))
        found.append((kind, time_ms, data))


async def pictures(reader):
    return [(time_ms, data) for kind, time_ms, data in await chunks(reader) if kind == PICTURE]


TIMES = (0, 130, 275, 301, 470, 1900, 2110)


STREAMED, WHOLE = filestore.MOUNT + "/streamed.avi", filestore.MOUNT + "/whole.avi"


async def _made_whole(data, apart_ms=0):
    """Both on a flash, the one through avirepair from the other."""
    with open(STREAMED, "wb") as file:
        file.write(data)
    await avirepair.copy_whole(STREAMED, WHOLE, apart_ms)


async def test_times_are_those_of_the_grid():
    data, writer = streamed(TIMES, None)
    expected = [(0, 0), (120, 1), (280, 2), (320, 3), (480, 4), (1920, 5), (2120, 6)]
    found = await pictures(await opened(data))
    for (time_ms, got), (wanted_ms, number) in zip(found, expected):
        assert time_ms == wanted_ms and abs(time_ms - TIMES[number]) <= 20
        assert got == picture(number) + bytes(number % 3)
    assert len(found) == 7 and (writer.pictures, writer.dropped, writer.frames) == (7, 0, 54)


async def test_pictures_that_come_too_soon_are_dropped_and_move_no_other():
    data, writer = streamed((0, 5, 10, 15, 200, 205, 900), None)
    assert [time_ms for time_ms, _ in await pictures(await opened(data))] == [0, 40, 200, 240, 920]
    assert (writer.pictures, writer.dropped) == (5, 2)


async def test_a_picture_that_breaks_off_never_was():
    for broken in ((0,), (3,), (6,), (2, 3), range(7)):
        data, writer = streamed(TIMES, ADPCM, 0, broken)
        reader = await opened(data)
        found = await pictures(reader)
        assert len(found) == writer.pictures == 7 - len(broken), broken
        kept = [number for number in range(7) if number not in broken]
        assert [got[:50] for _, got in found] == [picture(number)[:50] for number in kept]


async def _check_sound(sound):
    data, writer = streamed(TIMES, sound, 2200)
    reader = await opened(data)
    read = reader.header.sound
    assert (read.tag, read.rate_hz, read.channels) == (sound.tag, 8000, 1)
    size = 0
    while True:
        kind = await reader.next()
        if not kind:
            break
        if kind == SOUND:
            assert reader.time_ms == sound.time_ms(size) and reader.size % sound.block == 0
            size += reader.size
    assert 2110 - 64 <= sound.time_ms(size) <= 2110
    assert writer.duration_ms == 2200 and writer.sound_ms == sound.time_ms(size)


async def test_sound_lies_between_the_pictures_and_lasts_as_long():
    for sound in (PCM, ADPCM):
        gc.collect()
        await _check_sound(sound)


async def test_a_whole_copy_has_lengths_and_an_index_and_the_same_in_it():
    filestore.mount_in_a_file(256)
    for sound, last in ((None, 6), (PCM, 4), (ADPCM, 6)):
        data, _ = streamed(TIMES[: last + 1], sound, 2500, (3,))
        before = await opened(data)
        assert before.frames is None and before.duration_ms is None and not await before.has_index()
        await before.measure()
        await _made_whole(data)
        async with await avireader.open_file(WHOLE) as after:
            assert await after.has_index() and (after.frames, after.duration_ms) == (before.frames, before.duration_ms)
            assert after.duration_ms == 2520 and await chunks(after) == await chunks(before)
        with open(WHOLE, "rb") as file:
            assert struct.unpack("<4sI", file.read(8)) == (b"RIFF", os.stat(WHOLE)[6] - 8)
    filestore.unmount()


async def test_repair_takes_the_files_place_and_leaves_whole_ones_alone():
    filestore.mount_in_a_file(256)
    path = filestore.MOUNT + "/a.avi"
    data, _ = streamed(TIMES)
    for cut in (len(data), len(data) - 10, 2000):
        with open(path, "wb") as file:
            file.write(data[:cut])
        await avirepair.repair(path)
        async with await avireader.open_file(path) as reader:
            assert await reader.has_index()
        before = os.stat(path)
        await avirepair.repair(path)
        assert os.stat(path) == before
    for junk in (b"", b"RIFF", data[:200], b"x" * 500):
        with open(path, "wb") as file:
            file.write(junk)
        try:
            await avirepair.repair(path)
        except KioskError as exc:
            assert exc.args[0] == "format"
        else:
            raise AssertionError(junk)
        with open(path, "rb") as file:
            assert file.read() == junk
    filestore.unmount()


async def test_pictures_that_are_too_close_are_left_out_of_a_smaller_copy():
    filestore.mount_in_a_file(256)
    data, _ = streamed(range(0, 2000, 50), ADPCM, 2000)
    await _made_whole(data, 160)
    async with await avireader.open_file(WHOLE) as reader:
        times = [time_ms for time_ms, _ in await pictures(reader)]
        assert reader.duration_ms == 2000 and len(times) in (10, 11, 12, 13)
        assert all(later - earlier >= 160 for earlier, later in zip(times, times[1:]))
    assert os.stat(WHOLE)[6] < len(data)
    filestore.unmount()


async def test_seeking_gives_the_picture_that_is_seen_then():
    filestore.mount_in_a_file(1024)
    made = random
    made.seed(7)
    times, at = [], 0
    for _ in range(100):
        times.append(at)
        at += made.randrange(40, 800)
    data, _ = streamed(times, None, at)
    await _made_whole(data)
    for path in (STREAMED, WHOLE):
        reader = await avireader.open_file(path)
        everything = await chunks(reader)
        everything = [(kind, time_ms, len(got)) for kind, time_ms, got in everything]
        shown = [(number, each[1]) for number, each in enumerate(everything) if each[0] == PICTURE]
        for _ in range(60):
            ms = made.randrange(-50, at + 1000)
            await reader.seek(ms)
            wanted = [number for number, time_ms in shown if time_ms <= ms][-1] if ms > 0 else shown[0][0]
            for expected in everything[wanted : wanted + 4]:
                kind = await reader.next()
                while kind and not reader.size:
                    kind = await reader.next()
                assert (kind, reader.time_ms, reader.size) == expected, ms
    filestore.unmount()


async def test_a_file_that_ends_anywhere_plays_until_there():
    data, _ = streamed(TIMES, ADPCM)
    everything = await chunks(await opened(data))
    for cut in range(aviformat.HEADER_BYTES, len(data), 61):
        found = await chunks(await opened(data[:cut]))
        assert found == everything[: len(found)]
    for cut in range(0, aviformat.HEADER_BYTES - 4, 7):
        try:
            await opened(data[:cut])
        except KioskError as exc:
            assert exc.args[0] == "format"
        else:
            raise AssertionError(cut)


async def test_a_full_file_system_ends_it_at_a_chunk():
    file = _File()
    writer = aviwriter.AviWriter(file, 64, 48, PCM, 6100)
    number = 0
    try:
        while True:
            writer.begin_picture(100 * number, 200)
            writer.write(memoryview(bytes(200)))
            writer.end_picture()
            number += 1
    except KioskError as exc:
        assert exc.args[0] == "no space"
    writer.write_sound(memoryview(bytes(3000)))
    writer.close(100 * number)
    assert len(file.kept) <= 6100 and len(await pictures(await opened(file.kept))) == number == writer.pictures > 5


def test_more_bytes_than_were_told_are_refused():
    writer = aviwriter.AviWriter(_File(), 64, 48)
    writer.begin_picture(0, 10)
    try:
        writer.write(memoryview(bytes(11)))
    except ValueError:
        writer.close()
    else:
        raise AssertionError


def _chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)


def _list(name, *parts):
    return _chunk(b"LIST", name + b"".join(parts))


def _file(parts, streams=None, more=b""):
    """As others make them: `parts` of the list movi."""
    video = struct.pack("<4s4s10I4H", b"vids", b"mjpg", 0, 0, 0, 1001, 30000, 0, 9, 0, 0, 0, 0, 0, 64, 48)
    form = struct.pack("<IiiHH4s5I", 40, 64, -48, 1, 24, b"mjpg", 0, 0, 0, 0, 0)
    strl = _list(b"strl", _chunk(b"strh", video), _chunk(b"strf", form))
    header = _list(b"hdrl", _chunk(b"avih", bytes(56)), *(streams or (strl,)))
    return _chunk(b"RIFF", b"AVI " + _list(b"INFO", b"odd") + header + _list(b"movi", *parts) + more)


def _shape(reader):
    header = reader.header
    return header.width, header.height, header.frame_us, header.sound


async def test_what_others_make():
    one, two, three = (_chunk(b"00dc", picture(number)) for number in range(3))
    expected = [picture(number) for number in range(3)]
    empty = _chunk(b"00dc", b"")
    second = _chunk(b"RIFF", b"AVIX" + _list(b"movi", three))
    for data in (
        _file((one, two, three)),
        _file((_list(b"rec ", one, two), _chunk(b"JUNK", b"xyz"), _chunk(b"ix00", bytes(24)), three)),
        _file((one, two)) + second,
        _file((one, two), more=_chunk(b"idx1", bytes(32))) + second,
        _file((one, _chunk(b"01wb", b"none of ours"), _chunk(b"05dc", b"nor this"), two, three)),
    ):
        reader = await opened(data)
        assert _shape(reader) == (64, 48, 33366, None)
        assert [got for _, got in await pictures(reader)] == expected
    reader = await opened(_file((one,) + 300 * (empty,) + (two,)))
    assert [time_ms for time_ms, _ in await pictures(reader)] == [0, 301 * 33366 // 1000]


async def test_an_index_whose_offsets_count_from_the_files_beginning():
    one, two = (_chunk(b"00dc", picture(number)) for number in range(2))
    bare = _file((one, two))
    first = bare.find(b"00dc")
    for base in (first, 4):
        entries = ((b"00dc", 16, base, len(picture(0))), (b"00dc", 16, base + len(one), len(picture(1))))
        index = _chunk(b"idx1", b"".join(struct.pack("<4s3I", *entry) for entry in entries))
        reader = await opened(_file((one, two), more=index))
        assert await reader.has_index()
        await reader.seek(40)
        assert await pictures(reader) == [(33, picture(1))]


async def test_what_is_no_video_here_says_so():
    text = struct.pack("<4s4s10I4H", b"vids", b"H264", 0, 0, 0, 1, 25, 0, 9, 0, 0, 0, 0, 0, 64, 48)
    form = struct.pack("<IiiHH4s5I", 40, 64, 48, 1, 24, b"H264", 0, 0, 0, 0, 0)
    other = _list(b"strl", _chunk(b"strh", text), _chunk(b"strf", form))
    large = form[:4] + struct.pack("<ii", 9000, 48) + form[12:16] + b"MJPG" + form[20:]
    still = text[:20] + bytes(8) + text[28:]
    for data, part in (
        (b"", "the file is empty"),
        (b"RIFF\0\0\0\0WAVEfmt ", "no AVI"),
        (_file((), (other,)), "H264"),
        (_file((), (_list(b"strl", _chunk(b"strh", text), _chunk(b"strf", large)),)), "9000x48"),
        (_file((), (_list(b"strl", _chunk(b"strh", still), _chunk(b"strf", form)),)), "its head"),
        (_file((), (_chunk(b"JUNK", b""),)), "without pictures"),
    ):
        try:
            await opened(data)
        except KioskError as exc:
            assert exc.args[0] == "format" and part in exc.reason, exc.reason
        else:
            raise AssertionError(part)


async def _survives(data):
    """Every outcome but a KioskError of the format's is a fault."""
    try:
        reader = await opened(data)
    except KioskError as exc:
        assert exc.args[0] == "format"
        return False
    view = memoryview(bytearray(64))
    steps = 0
    for ms in (None, 900, 0, 10**7):
        if ms is not None:
            await reader.seek(ms)
        while await reader.next():
            assert reader.size <= len(data)
            while await reader.read_into(view):
                pass
            steps += 1
            assert steps < len(data), "it does not end"
    await reader.measure()
    return True


async def test_hostile_bytes_are_survived():
    filestore.mount_in_a_file(256)
    await _made_whole(streamed(TIMES, ADPCM, 2500)[0])
    with open(WHOLE, "rb") as file:
        data = file.read()
    made = random
    made.seed(11)
    places = [at for at in range(len(data)) if at < 360 or at > len(data) - 700]
    for at in (data.find(b"00dc"), data.find(b"01wb")):
        places.extend(range(at, at + 8))
    read = 0
    for _ in range(500):
        broken = bytearray(data)
        for _ in range(made.randrange(1, 6)):
            broken[made.choice(places)] = made.choice((0, 1, 127, 128, 255, made.randrange(256)))
        if made.randrange(4) == 0:
            broken = broken[: made.randrange(len(broken))]
        read += await _survives(bytes(broken))
    assert read > 50
    filestore.unmount()
