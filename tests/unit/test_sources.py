"""kiosk.media.sources: what a src leads to, and what is said when it leads nowhere."""

import struct

from kiosk import app
from kiosk import files as kiosk_files
from kiosk.errors import KioskError
from kiosk.media import sources
from tests.fakes.filestore import FOLDER, MOUNT, ROOT, mounted, put

SAMPLES = struct.pack("<400h", *range(400))
WAV = (
    struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 836, b"WAVEfmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", len(SAMPLES))
    + SAMPLES
)


def _store():
    """The files of a mini-program that runs."""
    mounted()
    app.current = app.MiniProgram(ROOT, {}, {"appid": "shop"}, {})
    kiosk_files._current = store = kiosk_files.Files(FOLDER, ROOT, 30000, app.current)
    return store


def _all(reader):
    found, view = b"", memoryview(bytearray(300))
    while True:
        count = reader.read_into(view)
        if not count:
            return found
        found += bytes(view[:count])


async def _fails(errno, words, src):
    try:
        await sources.open_source(src)
    except KioskError as exc:
        assert exc.errno == errno and words in exc.reason, (src, exc.errno, exc.reason)
        return
    raise AssertionError(src)


async def test_a_wav_is_opened_wherever_it_is():
    store = _store()
    put(ROOT + "/a.wav", WAV)
    put(FOLDER + "/usr/b.mp3", WAV)  # the name says nothing
    for src in ("a.wav", "/a.wav", "wxfile://usr/b.mp3"):
        reader = await sources.open_source(src)
        assert (reader.rate_hz, reader.channels, reader.duration_ms, reader.buffered_ms) == (8000, 1, 50, 50)
        assert len(store.held) == 1
        assert _all(reader) == SAMPLES
        reader.seek_ms(25)
        assert reader.position_ms == 25 and _all(reader) == SAMPLES[400:]
        reader.close()
        reader.close()
        assert not store.held


async def test_what_is_no_file_says_why():
    store = _store()
    for src, words in (
        ("none.wav", "no such file or directory none.wav"),
        ("wxfile://usr", "directory"),
        ("wxfile://usr/../a", "permission denied"),
        ("file:///etc/passwd", "permission denied"),
        ("", "src is empty"),
        (None, "src is empty"),
        (7, "src is empty"),
    ):
        await _fails(10003, words, src)
    assert not store.held


async def test_what_is_no_sound_says_what_it_is():
    store = _store()
    for data, words in (
        (b"", "the file is empty"),
        (b"R", "52"),
        (b"OggS" + bytes(100), "Ogg"),
        (b"<!DOCTYPE html>", "HTML"),
        (bytes(5000), "00 00 00 00 00 00 00 00"),
        (WAV[:30], "WAV"),
        (WAV[:4] + bytes(1000), "52 49 46 46"),
    ):
        put(ROOT + "/x.wav", data)
        await _fails(10004, words, "x.wav")
        assert not store.held


async def test_a_file_system_that_goes_away_is_a_file_error():
    import vfs

    _store()
    put(ROOT + "/a.wav", WAV)
    reader = await sources.open_source("a.wav")
    reader._file._file.close()
    try:
        reader.read_into(memoryview(bytearray(10)))
    except KioskError as exc:
        assert exc.errno in (10001, 10003)
    else:
        raise AssertionError
    vfs.umount(MOUNT)
    await _fails(10003, "no such file", "a.wav")
