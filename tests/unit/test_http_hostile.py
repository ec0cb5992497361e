"""Servers that break off, drip, stall, bomb or send in circles: the exact failure, nothing left behind, life goes on."""

import asyncio
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


async def test_damaged_compressed_bodies():
    flipped = bytearray(_GZIP)
    flipped[20] ^= 1
    for body in (_GZIP[:-1], _GZIP[:-9], _GZIP[:12], _GZIP[:5], b"\x1f", b"no gzip at all, not nearly", bytes(flipped)):
        async with Loopback(replies(ok(body, "Content-Encoding: gzip"))) as net:
            failed(await net.get(), _ERR + "CONTENT_DECODING_FAILED")
