"""kiosk.media.httpbytes and what is read over it: waiting, other places, servers that stop, lie or have no ranges."""

import asyncio

from kiosk.errors import KioskError
from kiosk.media import bytesource, sources
from kiosk.media.httpbytes import HttpBytes
from kiosk.media.ring import SIZE
from tests.fakes.httpserver import Loopback, ok
from tests.fakes.soundserver import asked_range, head, ranged, send

CONTENT = b"".join(bytes((at * 7 + part) & 255 for at in range(250)) for part in range(200))


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
        assert [asked_range(lines) for lines in net.heads] == [None, (40000, None), (100, None)]
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
        assert [asked_range(lines) for lines in net.heads] == [None, (30000, 30099), (49950, 49999)]
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
        assert [asked_range(lines) for lines in net.heads] == [None, (20000, None)]
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
        view = memoryview(bytearray(10))
        assert await bytesource.fill_at(source, 0, view) == 10
        now[0] = 19000
        assert source.readinto(view) is None
        now[0] = 21000
        try:
            source.readinto(view)
        except KioskError as exc:
            assert exc.errno == 10002 and "20 s" in exc.reason
        else:
            raise AssertionError
        source.close()


async def test_a_piece_elsewhere_that_never_comes_is_an_error_after_a_while():
    from kiosk.media import httpbytes

    now = [0]
    httpbytes.ticks_ms = lambda: now[0]
    good = ranged(CONTENT)

    async def play(connection):
        if connection.number == 1:
            await good(connection)
        else:
            await connection.request()
            await connection.stream.read(1)  # the client hangs up

    async with Loopback(play) as net:
        source = HttpBytes(net.url)
        assert await _read(source, 0, 100) == 100
        view = memoryview(bytearray(10))
        assert source.read_at(40000, view) is None
        await asyncio.sleep_ms(50)
        now[0] = 21000
        try:
            source.read_at(40000, view)
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
