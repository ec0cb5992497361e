"""Servers that break off, drip, stall, bomb or send in circles: the exact failure, nothing left behind, life goes on."""

import asyncio
import gc
from binascii import crc32
from time import ticks_diff, ticks_ms

from tests.fakes.httpserver import Loopback, failed, ok, replies

_ERR = "net::ERR_"
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


def _breaking(reply, count, with_reset):
    async def play(connection):
        await connection.request()
        await connection.send(reply[:count])
        if with_reset:
            # A reset overtakes what has not been read yet: give the client a turn.
            await asyncio.sleep_ms(1)
            connection.reset()

    return play


async def _breaks(reply, expected, with_reset):
    async with Loopback(None) as net:
        for count in range(len(reply)):
            net.play = _breaking(reply, count, with_reset)
            failed(await net.get(), _ERR + expected(count))
            assert net.connections == count + 1
        await net.settle()


async def test_an_end_at_every_byte_with_a_length():
    reply = ok(b"hello")
    head = len(reply) - 5

    def expected(count):
        return "EMPTY_RESPONSE" if not count else "CONNECTION_CLOSED" if count < head else "CONTENT_LENGTH_MISMATCH"

    await _breaks(reply, expected, False)


async def test_an_end_at_every_byte_in_chunks():
    head = _CHUNKED.find(b"\r\n\r\n") + 4

    def expected(count):
        return "EMPTY_RESPONSE" if not count else "CONNECTION_CLOSED" if count < head else "INCOMPLETE_CHUNKED_ENCODING"

    await _breaks(_CHUNKED, expected, False)


async def test_a_reset_at_every_byte():
    await _breaks(ok(b"hello"), lambda count: "CONNECTION_RESET", True)
    await _breaks(_CHUNKED, lambda count: "CONNECTION_RESET", True)


def _dripping(reply):
    async def play(connection):
        await connection.request()
        for index in range(len(reply)):
            await connection.send(reply[index : index + 1])
            await asyncio.sleep_ms(0)
        await connection.request()

    return play


async def test_one_byte_at_a_time():
    for reply in (ok(b"hello", "X-Long: " + "y" * 300), _CHUNKED):
        async with Loopback(_dripping(reply)) as net:
            assert (await net.get())["data"] == "hello"


async def test_a_slow_server_fails_at_the_time_limit():
    def stalling(reply):
        async def play(connection):
            await connection.request()
            await connection.send(reply)
            await connection.request()  # which never comes

        return play

    async with Loopback(None) as net:
        for reply in (b"", b"HTTP/1.1 200 OK\r\nContent-Le", ok(b"half", length=8), _CHUNKED[:-4], ok(length=0)[:-2]):
            net.play = stalling(reply)
            started = ticks_ms()
            failed(await net.get(timeout=60), "timeout", 5)
            assert 55 <= ticks_diff(ticks_ms(), started) < 500, ticks_diff(ticks_ms(), started)
            await net.settle()


async def test_a_dripping_server_fails_at_the_time_limit():
    async def play(connection):
        await connection.request()
        await connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await connection.send(b"x")
            await asyncio.sleep_ms(5)

    async with Loopback(play) as net:
        failed(await net.get(timeout=100), "timeout", 5)


async def test_endless_redirects():
    async def play(connection):
        while await connection.request():
            await connection.send(ok(b"gone", "Location: /again", status="302 Found"))

    async with Loopback(play) as net:
        failed(await net.get(), "exceed max redirection count 5", 600008)
        assert len(net.heads) == 6 and net.connections == 1


# What CPython's zlib makes (level 9) of "hello " * 50 as gzip; of _TEXT as gzip, as zlib and bare; and of 64 KB of "x"
# up to a full flush, after which the same bytes may follow any number of times.
_HELLO = bytes.fromhex("1f8b0800000000000203cb48cdc9c957c81825892001c14842592c010000")
_TEXT = '{"a": "%s"}' % ("é" * 400)
_BARE = bytes.fromhex("ab564a54b252503abc72148ec251880b2ad50200")
_GZIP = bytes.fromhex("1f8b0800000000000203") + _BARE + bytes.fromhex("649fbc6829030000")
_ZLIB = bytes.fromhex("78da") + _BARE + bytes.fromhex("99253b1a")
_BOMB_PIECE = bytes.fromhex("ecc101010000008090dbcdef080a") + bytes(63) + bytes.fromhex("6a000000ffff")


async def test_a_gzip_bomb_is_not_inflated():
    # 6 KB that stand for 4.9 MB, which the trailer admits in the first and denies in the second.
    blocks = _HELLO[:10] + _BOMB_PIECE * 75 + b"\x03\x00" + bytes(4)
    for size in (75 * 65536, 100):
        bomb = ok(blocks + size.to_bytes(4, "little"), "Content-Encoding: gzip")
        async with Loopback(replies(bomb, ok(_HELLO, "Content-Encoding: gzip"))) as net:
            failed(await net.get(), "out of memory", 111)
            assert (await net.get())["data"] == "hello " * 50


async def test_a_body_that_does_not_fit_is_refused_by_its_length():
    async def play(connection):
        while await connection.request():
            await connection.send(ok(b"", length=100 * 1024 * 1024))

    async with Loopback(play) as net:
        failed(await net.get(), "out of memory", 111)


async def test_a_body_without_an_end_fails_when_the_memory_ends():
    async def play(connection):
        await connection.request()
        await connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await connection.send(b"x" * 1024)

    async with Loopback(play) as net:
        failed(await net.get(), "out of memory", 111)


async def test_compressed_bodies():
    for body, coding in (
        (_GZIP, "gzip"), (_GZIP, "x-gzip"), (_GZIP, "GZIP"), (_ZLIB, "deflate"), (_BARE, "deflate"),
    ):  # fmt: skip
        async with Loopback(replies(ok(body, "Content-Encoding: " + coding))) as net:
            result = await net.get(dataType="text")
            assert result["data"] == _TEXT, (coding, result)
    async with Loopback(replies(ok(b"", "Content-Encoding: gzip"), ok(b"as is", "Content-Encoding: br"))) as net:
        assert (await net.get())["data"] == ""
        assert (await net.get())["data"] == "as is"


async def test_what_follows_a_compressed_body_is_no_part_of_it():
    # 400 bytes as they are and a reference 400 bytes back, by CPython's zlib: more than the window that the last four
    # bytes would ask for, were they the size.
    text = b"".join([b"%04d" % index for index in range(100)])
    blocks = b"\x00\x90\x01\x6f\xfe" + text + bytes.fromhex("33188d8f41151f00")
    whole = _GZIP[:10] + blocks + crc32(text + text).to_bytes(4, "little") + (800).to_bytes(4, "little")
    for body in (whole, whole + (100).to_bytes(4, "little"), whole + bytes(9)):
        async with Loopback(replies(ok(body, "Content-Encoding: gzip"))) as net:
            assert (await net.get(responseType="arraybuffer"))["data"] == text + text


async def test_damaged_compressed_bodies():
    flipped = bytearray(_GZIP)
    flipped[20] ^= 1
    for body in (_GZIP[:-1], _GZIP[:-9], _GZIP[:12], _GZIP[:5], b"\x1f", b"no gzip at all, not nearly", bytes(flipped)):
        async with Loopback(replies(ok(body, "Content-Encoding: gzip"))) as net:
            failed(await net.get(), _ERR + "CONTENT_DECODING_FAILED")


def _endless(start, piece):
    async def play(connection):
        await connection.request()
        await connection.send(start)
        while True:
            await connection.send(piece)

    return play


async def _bounded(play, reason, errno=600001, **options):
    # The failure, and that on the way to it no more than 48 KB of heap are taken, however much is sent.
    async with Loopback(play) as net:
        gc.collect()
        before = peak = gc.mem_alloc()
        call = asyncio.create_task(net.hear(**options))
        while not call.done():
            await asyncio.sleep_ms(0)
            if gc.mem_alloc() > peak:
                gc.collect()
                peak = max(peak, gc.mem_alloc())
        failed(await call, reason, errno)
        assert peak - before < 48 * 1024, peak - before


async def test_heads_without_an_end():
    too_big = _ERR + "RESPONSE_HEADERS_TOO_BIG"
    await _bounded(_endless(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 4096), too_big)  # a header of any length
    await _bounded(_endless(b"HTTP/1.1 200 ", b"O" * 4096), too_big)  # a status line
    await _bounded(_endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 500), too_big)  # lines: ten thousand and more
    await _bounded(_endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), too_big)  # interim responses
    await _bounded(_endless(b"", b"HTTP/1.1 102 Processing\r\nX: " + b"a" * 2000 + b"\r\n\r\n"), too_big)
    await _bounded(_endless(b"\r\n", b"\r\n" * 2000), _ERR + "INVALID_HTTP_RESPONSE")  # empty lines


async def test_chunks_without_an_end():
    encoding = _ERR + "INVALID_CHUNKED_ENCODING"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    await _bounded(_endless(head, b"1" * 4096), encoding)  # a size
    await _bounded(_endless(head + b"5", b";x=y" * 1000), encoding)  # extensions
    await _bounded(_endless(head + b"0\r\n", b"X: y\r\n" * 500), encoding)  # trailers
    await _bounded(_endless(head, b"1\r\nx\r\n" * 500), "timeout", 5, timeout=150, enableChunked=True)


async def test_a_server_that_reads_no_further():
    async def play(connection):
        await connection.stream.readline()
        await asyncio.sleep_ms(400)

    for size in (60000, 1000):
        async with Loopback(play) as net:
            failed(await net.hear(method="POST", data=bytes(size), timeout=150), "timeout", 5)


async def test_a_body_that_stops_and_a_body_that_drips():
    def play_for(pause_ms, piece):
        async def play(connection):
            await connection.request()
            await connection.send(ok(b"", length=100000))
            while True:
                await connection.send(piece)
                await asyncio.sleep_ms(pause_ms)

        return play

    for pause_ms, piece in ((10, b"x"), (400, b"x" * 5000)):
        await _bounded(play_for(pause_ms, piece), "timeout", 5, timeout=150, enableChunked=True)


async def test_a_bomb_by_its_ratio():
    # 1,032 to 1, the most that deflate can, is what a file of zeros has: so all of these are honest about their size
    # or lie, are whole or cut, nested or not; what they would become does not matter, as it does not fit.
    blocks = _HELLO[:10] + _BOMB_PIECE * 40
    end = b"\x03\x00" + bytes(4)
    whole = blocks + end + (40 * 65536).to_bytes(4, "little")
    for body, coding in (
        (whole, "gzip"),
        (blocks + end + (65536).to_bytes(4, "little"), "gzip"),
        (blocks, "gzip"),
        (blocks[10:], "deflate"),
        (whole + whole, "gzip"),
    ):
        async with Loopback(replies(ok(body, "Content-Encoding: " + coding))) as net:
            failed(await net.hear(), "out of memory", 111)
    # Compressed twice is undone once, or not at all: nobody asked for it.
    async with Loopback(replies(ok(_HELLO, "Content-Encoding: gzip, gzip"))) as net:
        assert (await net.hear(responseType="arraybuffer"))["data"] == _HELLO


async def test_responses_ahead_of_their_requests():
    # What comes after a response is not the response to the next request, whether it comes with it or after it.
    async def play(connection):
        await connection.request()
        await connection.send(ok(b"first") + net.surplus)
        while await connection.request():
            await connection.send(ok(b"second"))

    async with Loopback(play) as net:
        for surplus in (ok(b"forged"), b"H", b"\r\n", b"\0", ok(b"forged") * 20):
            net.surplus = surplus
            assert (await net.hear())["data"] == "first"
            net.surplus = b""
            assert (await net.hear("/next"))["data"] == "first", surplus  # on a connection of its own
            await net.settle()
