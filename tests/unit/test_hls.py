"""HLS: what is kept of a playlist, what comes out of a transport stream, and neither minds what it is given."""

import random

from kiosk.errors import KioskError
from kiosk.media.playlist import Playlist
from kiosk.media.ring import SIZE, Ring
from kiosk.media.transport import PACKET, Transport


def _read(text, *where, piece=256):
    playlist = Playlist(*where)
    for at in range(0, len(text), piece):
        part = text[at : at + piece]
        playlist.room(None)[: len(part)] = part
        playlist.filled(len(part))
    playlist.finish()
    return playlist


_HEAD = b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:10\n"
_TEN = b"".join(b"#EXTINF:2.5,t\r\ns%d.ts\r\n" % number for number in range(10))
_END = b"#EXT-X-ENDLIST"


def test_a_finished_playlist_is_told_from_its_head():
    for piece in (1, 7, 256):
        playlist = _read(_HEAD + _TEN + _END, piece=piece)
        assert playlist.is_over and playlist.duration_ms == 25000 and playlist.target_ms == 4000
        assert playlist.segments[0] == (10, 0, 2500, "s0.ts") and len(playlist.segments) == 6
        assert playlist.first == 10 and playlist.variant is None


def test_what_follows_and_what_is_sought_is_found():
    playlist = _read(_HEAD + _TEN + _END, 16)
    assert [segment[0] for segment in playlist.segments] == [16, 17, 18, 19]
    for ms, number in ((0, 10), (2499, 10), (2500, 11), (24999, 19)):
        assert _read(_HEAD + _TEN + _END, None, ms).segments[0][0] == number, ms
    assert _read(_HEAD + _TEN + _END, None, 25000).segments == []
    assert _read(_HEAD + _TEN + _END, 20).segments == []


def test_a_live_one_begins_near_its_end():
    playlist = _read(_HEAD + _TEN)
    assert not playlist.is_over and [segment[3] for segment in playlist.segments] == ["s7.ts", "s8.ts", "s9.ts"]
    assert [segment[0] for segment in _read(_HEAD + _TEN, 18).segments] == [18, 19]


def test_attributes_with_commas_in_them():
    text = b'#EXTM3U\n#EXT-X-STREAM-INF:CODECS="a,BANDWIDTH=1",BANDWIDTH=%d\n%s\n'
    assert _read(text % (5, b"a") + (text % (3, b"b"))[8:] + (text % (4, b"c"))[8:]).variant == "b"


def _fails(words, text):
    try:
        _read(text)
    except KioskError as exc:
        assert exc.errno == 10004 and words in exc.reason, exc.reason
        return
    raise AssertionError(text[:50])


def test_what_is_no_playlist_is_refused():
    _fails("is empty", b"")
    _fails("is none", b"hello\n")
    _fails("is none", b"<html>")
    _fails("more than 2 KB", b"#EXTM3U\n" + b"x" * 2049)
    _fails("duration", b"#EXTM3U\n#EXTINF:x,\n")
    _fails("duration", b"#EXTM3U\n#EXTINF:1e9,\n")
    _fails("duration", b"#EXTM3U\n#EXTINF:9999999,\n")
    _fails("number", b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:-1\n")
    _fails("encrypted", b'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="x"\n')
    assert _read(b"\xef\xbb\xbf#EXTM3U\n#EXT-X-KEY:METHOD=NONE\n" + _TEN).segments


def test_no_mutation_of_a_playlist_does_more_than_fail():
    random.seed(20261121)
    original = _HEAD + b'#EXT-X-STREAM-INF:BANDWIDTH=10,CODECS="a,b"\nv.m3u8\n' + _TEN + _END
    read = 0
    for _ in range(1500):
        text = bytearray(original)
        for _ in range(random.randint(1, 5)):
            at = random.randint(0, len(text) - 1)
            if random.randint(0, 2):
                text[at] = random.choice(b'\0\n\r",=:#9-x\xff')
            else:
                text[at : at + random.randint(0, 30)] = text[: random.randint(0, 20)]
        try:
            playlist = _read(bytes(text), random.choice((None, 12)), None)
            assert len(playlist.segments) <= 6 and len(playlist._line) <= 2048
            read += 1
        except KioskError as exc:
            assert exc.errno == 10004
    assert 300 < read < 1500


def _packet(pid, data, begins=False, room=0):
    """A packet; the stuffing is in an adaptation field."""
    head = bytes((0x47, (0x40 if begins else 0) | pid >> 8, pid & 255))
    left = PACKET - 4 - len(data)
    if not left:
        return head + b"\x10" + data
    return head + b"\x30" + bytes((left - 1,)) + (b"\0" + b"\xff" * (left - 2) if left > 1 else b"") + data


def _tables(kind=15):
    programs = b"\0\0\xb0\x0d\0\1\xc1\0\0\0\1\xe1\0\0\0\0\0"
    entries = b"\x1b\xe1\1\xf0\0" + bytes((kind,)) + b"\xe1\2\xf0\3abc"
    size = 9 + len(entries) + 4
    sections = b"\0\2\xb0" + bytes((size,)) + b"\0\1\xc1\0\0\xe1\1\xf0\0" + entries + bytes(4)
    return _packet(0, programs, True) + _packet(0x100, sections, True)


def _sound(data):
    stream = _packet(0x102, b"\0\0\1\xc0\0\0\x80\x80\5\x21\0\1\0\1" + data[:100], True)
    for at in range(100, len(data), 184):
        stream += _packet(0x101, bytes(184)) + _packet(0x102, data[at : at + 184])
    return stream


def _demultiplexed(stream):
    transport, found = Transport(), b""
    for at in range(0, len(stream) - PACKET + 1, PACKET):
        found += bytes(transport.payload(memoryview(stream)[at : at + PACKET]))
    return found


def test_the_sound_comes_out_of_a_transport_stream():
    data = bytes(at * 5 & 255 for at in range(1000))
    for kind in (15, 3, 4):
        assert _demultiplexed(_tables(kind) + _sound(data)) == data
    assert _demultiplexed(_sound(data)) == b""  # nobody has said what it is
    assert _demultiplexed(_tables() + _sound(data) + _tables() + _sound(data)) == 2 * data
    try:
        _demultiplexed(_tables(0x81))
    except KioskError as exc:
        assert exc.errno == 10004 and "27, 129" in exc.reason
    else:
        raise AssertionError


def test_no_mutation_of_a_transport_stream_does_more_than_fail():
    random.seed(20261121)
    original = _tables() + _sound(bytes(600))
    read = 0
    for _ in range(1500):
        stream = bytearray(original)
        for _ in range(random.randint(1, 8)):
            packet = random.randint(0, len(stream) // PACKET - 1) * PACKET
            stream[packet + random.choice((1, 2, 3, 4, 5, random.randint(0, PACKET - 1)))] = random.randint(0, 255)
        try:
            assert len(_demultiplexed(bytes(stream))) <= len(stream)
            read += 1
        except KioskError as exc:
            assert exc.errno == 10004
    assert 300 < read < 1500


def test_a_ring_gives_back_what_came_and_never_more():
    random.seed(1)
    ring, content = Ring(), bytes(random.getrandbits(8) for _ in range(5000)) * 8
    offset, view = 0, memoryview(bytearray(3000))
    while offset < 30000:
        room = ring.room(None)
        if ring.ahead < SIZE:
            count = random.randint(1, len(room))
            room[:count] = content[ring.written : ring.written + count]
            ring.filled(count)
        if random.randint(0, 3) == 0:
            back = offset - random.randint(0, 4000)
            if back >= 0 and ring.has(back):
                ring.move(back)
                offset = back
        got = ring.read(view[: random.randint(1, 1500)])
        assert view[:got] == content[offset : offset + got] and 0 <= ring.ahead <= SIZE
        offset += got
