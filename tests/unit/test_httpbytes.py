"""kiosk.media.httpbytes and what is read over it: waiting, other places, servers that stop, lie or have no ranges."""

import asyncio
import struct

from kiosk.errors import KioskError
from kiosk.media import bytesource, sources
from kiosk.media.httpbytes import HttpBytes
from kiosk.media.ring import SIZE
from tests.fakes.httpserver import Loopback, ok

CONTENT = b"".join(bytes((at * 7 + part) & 255 for at in range(250)) for part in range(200))


def _asked(lines):
    """Where a request wants to begin and end, or None."""
    for line in lines:
        if line.startswith("Range: bytes="):
            first, _, last = line[13:].partition("-")
            return int(first), int(last) if last else None
    return None


async def send(connection, head, body):
    """Send a response whose Content-Length the head lacks, in pieces, as there is no memory for another copy."""
    await connection.send(head[:-2] + b"Content-Length: %d\r\n\r\n" % len(body))
    for at in range(0, len(body), 2000):
        await connection.send(body[at : at + 2000])


def head(status, *lines):
    """bytes: of a response."""
    return ("HTTP/1.1 %s\r\n" % status + "".join(line + "\r\n" for line in lines) + "\r\n").encode()


def ranged(content, cuts=(), etag='"1"'):
    """A play: a server with ranges, which cuts the connection after so many bytes of the first bodies."""
    left = list(cuts)
    content = memoryview(content)

    async def play(connection):
        while True:
            lines = await connection.request()
            if not lines:
                return
            asked = _asked(lines)
            body, told = content, head("200 OK", "Accept-Ranges: bytes", "ETag: " + etag)
            if asked:
                first, last = asked
                body = content[first : len(content) if last is None else last + 1]
                span = "Content-Range: bytes %d-%d/%d" % (first, first + len(body) - 1, len(content))
                told = head("206 Partial", span, "ETag: " + etag)
            cut = left.pop(0) if left else None
            if cut is None:
                await send(connection, told, body)
            else:
                await connection.send(told[:-2] + b"Content-Length: %d\r\n\r\n" % len(body))
                await connection.send(body[:cut])
                return

    return play


async def _read(source, first, count):
    """Read so many bytes, which are those of CONTENT from `first` on; how many there were."""
    view = memoryview(bytearray(700))
    done = 0
    while done < count:
        got = source.readinto(view[: min(700, count - done)])
        if got is None:
            await source.changed()
        elif not got:
            break
        else:
            assert view[:got] == memoryview(CONTENT)[first + done : first + done + got], (first, done, got)
            done += got
    return done


async def _fails(words, work, errno=10002):
    try:
        await work
    except KioskError as exc:
        assert exc.errno == errno and words in exc.reason, (exc.errno, exc.reason)
        return
    raise AssertionError(words)


async def test_a_body_is_read_while_it_comes_and_never_held_whole():
    async with Loopback(ranged(CONTENT)) as net:
        source = HttpBytes(net.url)
        assert source.readinto(memoryview(bytearray(1))) is None
        assert await _read(source, 0, 10) == 10
        await asyncio.sleep_ms(50)
        assert source.ahead <= SIZE and source.size == len(CONTENT)
        assert await _read(source, 10, 60000) == 49990
        assert source.readinto(memoryview(bytearray(1))) == 0
        source.close()
        assert len(net.heads) == 1


async def test_other_places_take_a_request_only_if_they_are_far():
    async with Loopback(ranged(CONTENT)) as net:
        source = HttpBytes(net.url)
        assert await _read(source, 0, 3000) == 3000
        source.seek(4000)
        assert await _read(source, 4000, 100) == 100
        source.seek(12000)
        assert await _read(source, 12000, 100) == 100
        assert len(net.heads) == 1
        source.seek(40000)
        assert await _read(source, 40000, 100) == 100
        source.seek(100)
        assert await _read(source, 100, 20000) == 20000
        assert [_asked(head) for head in net.heads] == [None, (40000, None), (100, None)]
        source.seek(50000)
        assert await _read(source, 50000, 10) == 0 and len(net.heads) == 3
        source.seek(49990)
        assert await _read(source, 49990, 100) == 10
        source.close()


async def test_a_piece_elsewhere_leaves_the_reading_where_it_is():
    async with Loopback(ranged(CONTENT)) as net:
        source = HttpBytes(net.url)
        assert await _read(source, 0, 10) == 10
        view = bytearray(100)
        assert await bytesource.fill_at(source, 30000, memoryview(view)) == 100 and view == CONTENT[30000:30100]
        assert await bytesource.fill_at(source, 49950, memoryview(view)) == 50 and view[:50] == CONTENT[49950:]
        assert await bytesource.fill_at(source, 50000, memoryview(view)) == 0
        assert await bytesource.fill_at(source, 60, memoryview(view)) == 100 and view == CONTENT[60:160]
        assert await _read(source, 10, 10) == 10
        assert [_asked(head) for head in net.heads] == [None, (30000, 30099), (49950, 49999)]
        source.close()


async def test_a_server_without_ranges_sends_all_of_it_again():
    async def play(connection):
        while await connection.request():
            await send(connection, head("200 OK"), memoryview(CONTENT))

    async with Loopback(play) as net:
        source = HttpBytes(net.url)
        source.seek(40000)
        assert await _read(source, 40000, 100) == 100
        source.seek(200)
        assert await _read(source, 200, 100) == 100
        await _fails("gives no parts", bytesource.fill_at(source, 30000, memoryview(bytearray(10))))
        source.close()


async def test_a_connection_that_breaks_is_taken_up_once():
    async with Loopback(ranged(CONTENT, (20000,))) as net:
        source = HttpBytes(net.url)
        assert await _read(source, 0, 60000) == 50000
        assert [_asked(head) for head in net.heads] == [None, (20000, None)]
        assert 'If-Range: "1"' in net.heads[1]
        source.close()
    async with Loopback(ranged(CONTENT, (20000, 10000))) as net:
        source = HttpBytes(net.url)
        assert await _read(source, 0, 30000) == 30000
        await _fails("net::ERR_", _read(source, 30000, 100))
        source.close()


async def test_what_a_server_can_say_instead():
    for reply, words in (
        (ok(b"x", status="404 None"), "HTTP 404"),
        (ok(b"x", status="500 Broken"), "HTTP 500"),
        (ok(b"x", "Content-Encoding: gzip"), "compressed"),
        (ok(b"xxxx", "Content-Range: bytes 5-8/9", status="206 Partial"), "another part"),
        (ok(b"", "Location: ftp://a/b", status="302 Gone"), "invalid url"),
        (b"nonsense", "net::ERR_INVALID_HTTP_RESPONSE"),
        (b"", "net::ERR_EMPTY_RESPONSE"),
    ):

        async def play(connection, reply=reply):
            await connection.request()
            await connection.send(reply)

        async with Loopback(play) as net:
            await _fails(words, sources.open_source(net.url + "/a.mp3"))
    async with Loopback(ranged(CONTENT)) as net:
        await _fails("invalid url", sources.open_source("http:///x"))
        await _fails("net::ERR_CONNECTION_REFUSED", sources.open_source("http://127.0.0.1:1/x"))
        await _fails("no sound that is known", sources.open_source(net.url), 10004)


async def test_a_redirect_is_followed():
    async def play(connection):
        while True:
            lines = await connection.request()
            if not lines:
                return
            there = lines[0].startswith("GET /there")
            await connection.send(ok(CONTENT[:200]) if there else ok(b"", "Location: /there", status="302 Found"))

    async with Loopback(play) as net:
        source = HttpBytes(net.url + "/here")
        assert await _read(source, 0, 100) == 100
        source.close()


async def test_a_server_that_says_nothing_more_is_an_error_after_a_while():
    from kiosk.media import httpbytes

    now = [0]
    httpbytes.ticks_ms = lambda: now[0]

    async def play(connection):
        await connection.request()
        await connection.send(ok(CONTENT[:100], length=1000))
        await connection.stream.read(1)  # the client hangs up

    async with Loopback(play) as net:
        source = HttpBytes(net.url)
        assert await _read(source, 0, 100) == 100
        now[0] = 19000
        view = memoryview(bytearray(10))
        assert source.readinto(view) is None
        now[0] = 21000
        try:
            source.readinto(view)
        except KioskError as exc:
            assert exc.errno == 10002 and "20 s" in exc.reason
        else:
            raise AssertionError
        source.close()


async def test_of_a_file_that_has_changed_nothing_is_mixed_in():
    first = ranged(CONTENT, (20000,))
    second = ranged(memoryview(CONTENT)[:30000], etag='"2"')

    async def play(connection):
        await (first if connection.number == 1 else second)(connection)

    async with Loopback(play) as net:
        source = HttpBytes(net.url)
        assert await _read(source, 0, 20000) == 20000
        await _fails("another one", _read(source, 20000, 100))
        source.close()


def wav(samples, channels=1, more=b"", size=None):
    """A WAV file of 8 kHz."""
    size = len(samples) if size is None else size
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, 8000, 16000 * channels, 2 * channels, 16)
    return b"RIFF\0\0\0\0WAVE" + more + form + b"data" + struct.pack("<I", size) + samples


async def _all(reader, piece=300):
    found, view = b"", memoryview(bytearray(piece))
    while True:
        count = reader.read_into(view)
        if count is None:
            await asyncio.sleep_ms(1)
        elif count:
            found += bytes(view[:count])
        else:
            return found


async def test_a_wav_is_played_while_it_comes():
    samples = CONTENT[:12000]
    cover = b"LIST" + struct.pack("<I", 9001) + bytes(9002)
    for more, size in ((b"", None), (cover, None), (b"", 0), (b"", 0xFFFFFFFF)):
        async with Loopback(ranged(wav(samples, 2, more, size))) as net:
            reader = await sources.open_source(net.url)
            assert (reader.rate_hz, reader.channels, reader.duration_ms) == (8000, 2, 375)
            assert 0 <= reader.buffered_ms <= 375
            assert await _all(reader) == samples
            reader.seek_ms(250)
            assert reader.position_ms == 250
            assert await _all(reader) == samples[8000:]
            reader.close()


async def test_a_wav_of_unknown_length_is_played_to_its_end():
    samples = CONTENT[:9001]

    async def play(connection):
        await connection.request()
        await connection.send(b"HTTP/1.0 200 OK\r\n\r\n" + wav(samples, 1, b"", 0xFFFFFFFF))

    async with Loopback(play) as net:
        reader = await sources.open_source(net.url)
        assert reader.duration_ms is None
        assert await _all(reader) == samples[:9000]
        reader.close()


async def test_a_wav_that_drips_is_whole():
    samples = CONTENT[:400]
    file = wav(samples, 2)

    async def play(connection):
        await connection.request()
        reply = ok(file)
        for at in range(0, len(reply), 3):
            await connection.send(reply[at : at + 3])
            await asyncio.sleep_ms(0)

    async with Loopback(play) as net:
        reader = await sources.open_source(net.url)
        assert await _all(reader) == samples
        reader.close()
