"""What the client makes of responses, good and bad, served by a scripted server (tests/fakes/httpserver.py)."""

import asyncio

from tests.fakes.httpserver import Loopback, failed, ok, replies

_ERR = "net::ERR_"


async def _data(reply, **options):
    async with Loopback(replies(reply)) as net:
        result = await net.get(**options)
    assert result["errMsg"] == "request:ok", result
    return result["data"]


async def _fails(reply, reason, **options):
    async with Loopback(replies(reply)) as net:
        result = await net.get(**options)
    failed(result, _ERR + reason)


async def test_the_body_by_its_content_length():
    assert await _data(ok(b"hello")) == "hello"
    assert await _data(ok(b"")) == ""
    body = bytes(range(256)) * 20
    assert await _data(ok(body), responseType="arraybuffer") == body


async def test_the_body_up_to_the_end():
    assert await _data(b"HTTP/1.1 200 OK\r\n\r\nhello") == "hello"
    assert await _data(b"HTTP/1.0 200\r\n\r\n" + b"x" * 5000) == "x" * 5000
    assert await _data(b"HTTP/1.1 200 OK\r\n\r\n") == ""


async def test_the_body_in_chunks():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert await _data(head + b'5\r\nhello\r\n6;a=b;c="d"\r\n world\r\n0\r\n\r\n') == "hello world"
    assert await _data(head + b"0\r\n\r\n") == ""
    assert await _data(head + b"A\r\n0123456789\r\n00\r\nTrailer: x\r\nOther: y\r\n\r\n") == 123456789
    assert await _data(head + b"5 \r\nhello\r\n0\r\n\r\n") == "hello"
    assert await _data(head + b"5\nhello\n0\n\n") == "hello"
    big = b"%x\r\n%s\r\n" % (3000, b"y" * 3000)
    assert await _data(head + big * 3 + b"0\r\n\r\n") == "y" * 9000


async def test_bad_chunks_fail():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for body in (
        b"x\r\n",
        b"-1\r\n",
        b"\r\n",
        b"5\r\nhelloXX\r\n",
        b"5\r\nhelloX\r\n0\r\n",
        b"1" * 13 + b"\r\n",
        b"5;" + b"a" * 300,
        b"0x5\r\nhello",
    ):
        await _fails(head + body + b"\r\n" * 3, "INVALID_CHUNKED_ENCODING")
    for body in (
        b"",
        b"5",
        b"5\r\n",
        b"5\r\nhel",
        b"5\r\nhello",
        b"5\r\nhello\r\n",
        b"5\r\nhello\r\n0\r\n",
        b"0\r\nA: b\r\n",
    ):
        await _fails(head + body, "INCOMPLETE_CHUNKED_ENCODING")
    await _fails(head + b"0\r\n" + b"A: bcdefghijklmnopqrstuvw\r\n" * 400, "INVALID_CHUNKED_ENCODING")


async def test_responses_without_a_body():
    for status in ("204 No Content", "304 Not Modified"):
        async with Loopback(replies(ok(b"", status=status, length=5), ok(b"next"))) as net:
            result = await net.get()
            assert result["statusCode"] == int(status[:3]) and result["data"] == ""
            assert (await net.get())["data"] == "next" and net.connections == 1
    async with Loopback(replies(ok(b"", length=500), ok(b"next"))) as net:
        result = await net.get(method="HEAD")
        assert result["data"] == "" and result["header"]["Content-Length"] == "500"
        assert (await net.get())["data"] == "next" and net.connections == 1


async def test_interim_responses_are_skipped():
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    async with Loopback(replies(interim + ok(b"final"))) as net:
        result = await net.get()
        assert result["data"] == "final" and "Link" not in result["header"]
    await _fails(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "INVALID_HTTP_RESPONSE")
    await _fails(
        b"HTTP/1.1 100 Continue\r\nX: " + b"a" * 1000 + b"\r\n\r\n" * 1 + interim * 200, "RESPONSE_HEADERS_TOO_BIG"
    )


async def test_headers():
    lines = ("Content-type:text/plain", "X-One:  a  ", "x-one: b", "X-ONE:\tc\t", "X-Empty:", "X-Colon: a:b: c")
    lines += ("Set-Cookie: a=1; Path=/", "set-cookie: b=2", "X-Utf: é")
    async with Loopback(replies(ok(b"x", *lines))) as net:
        result = await net.get()
    header = result["header"]
    assert header["X-One"] == "a, b, c" and header["X-Empty"] == "" and header["X-Colon"] == "a:b: c"
    assert header["Content-type"] == "text/plain" and header["X-Utf"] == "é"
    assert result["cookies"] == ["a=1; Path=/", "b=2"] and header["Set-Cookie"] == "a=1; Path=/,b=2"
    async with Loopback(replies(b"HTTP/1.1 200 OK\r\nX-Latin: \xe9\r\nCONTENT-LENGTH: 1\r\n\r\nx")) as net:
        result = await net.get()
        assert result["header"]["X-Latin"] == "é" and result["data"] == "x"


async def test_a_head_with_bare_line_feeds():
    assert await _data(b"HTTP/1.1 200 OK\nContent-Length: 2\nX: y\n\nhi") == "hi"


async def test_bad_heads_fail():
    for start in (
        b"hello\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 20\r\n\r\n",
        b"HTTP/1.1 2000 x\r\n\r\n",
    ):
        await _fails(start, "INVALID_HTTP_RESPONSE")
    for start in (
        b"HTTP/1.1  200 OK\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"\r\n\r\n",
        b"HTTP/1.1200 OK\r\n\r\n",
        b"\0" * 2000,
    ):
        await _fails(start, "INVALID_HTTP_RESPONSE")
    for line in (b"no colon", b": no name", b" X: folded", b"X : space", b"\tX: tab", b"X: a\r\n continued"):
        await _fails(b"HTTP/1.1 200 OK\r\n" + line + b"\r\n\r\n", "INVALID_HTTP_RESPONSE")
    for value in (b"-1", b"x", b"", b"1x", b"+1", b"1.0", b"9" * 16, b"0x10"):
        await _fails(b"HTTP/1.1 200 OK\r\nContent-Length: " + value + b"\r\n\r\n", "INVALID_HTTP_RESPONSE")
    await _fails(ok(b"xx", "Transfer-Encoding: gzip, chunked"), "INVALID_HTTP_RESPONSE")


async def test_two_lengths():
    assert await _data(ok(b"hi", "content-length: 2")) == "hi"
    await _fails(ok(b"hi", "Content-Length: 3"), "RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH")


async def test_both_framings_are_chunked_and_the_connection_ends():
    smuggled = ok(b"5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked")
    async with Loopback(replies(smuggled, ok(b"2"))) as net:
        assert (await net.get())["data"] == "hello"
        assert (await net.get())["data"] == 2 and net.connections == 2


async def test_the_limits_of_a_head():
    # 8192 bytes, status line and ends of lines included, and 64 header lines.
    fixed = len(ok(b"ok", "X: "))
    assert await _data(ok(b"ok", "X: " + "a" * (8192 + 2 - fixed))) == "ok"
    await _fails(ok(b"ok", "X: " + "a" * (8192 + 3 - fixed)), "RESPONSE_HEADERS_TOO_BIG")
    lines = ["X-%d: y" % number for number in range(63)]
    assert await _data(ok(b"ok", *lines)) == "ok"
    await _fails(ok(b"ok", "X-63: y", *lines), "RESPONSE_HEADERS_TOO_BIG")
    await _fails(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 30000, "RESPONSE_HEADERS_TOO_BIG")
    await _fails(b"HTTP/1.1 200 " + b"O" * 30000, "RESPONSE_HEADERS_TOO_BIG")


async def test_lies_about_the_length():
    await _fails(ok(b"short", length=6), "CONTENT_LENGTH_MISMATCH")
    await _fails(ok(b"short", length=3000), "CONTENT_LENGTH_MISMATCH")
    async with Loopback(replies(ok(b"longer than that", length=6), ok(b"next"))) as net:
        assert (await net.get())["data"] == "longer"
        assert (await net.get())["data"] == "next" and net.connections == 2


async def test_surplus_that_comes_late_is_not_the_next_response():
    async def play(connection):
        await connection.request()
        await connection.send(ok(b"first"))
        await asyncio.sleep_ms(20)
        await connection.send(ok(b"forged"))
        while await connection.request():
            await connection.send(ok(b"second"))

    async with Loopback(play) as net:
        assert (await net.get())["data"] == "first"
        await asyncio.sleep_ms(60)
        net.play = replies(ok(b"second"))
        assert (await net.get())["data"] == "second" and net.connections == 2


async def test_no_response_at_all():
    await _fails(b"", "EMPTY_RESPONSE")
    await _fails(b"HT", "CONNECTION_CLOSED")
    await _fails(b"HTTP/1.1 200 OK\r\nContent-Le", "CONNECTION_CLOSED")
    async with Loopback(replies()) as net:
        net.url = "http://127.0.0.1:1"
        failed(await net.get(), _ERR + "CONNECTION_REFUSED")
        net.url = "http://127.0.0.1:%d" % net.port
