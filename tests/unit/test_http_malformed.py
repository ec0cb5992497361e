"""Heads and chunks that other clients have been misled by: refused, or read in the one way that RFC 9112 has for them."""

from kiosk.net import pool
from tests.fakes.httpserver import Loopback, failed, ok, replies

_ERR = "net::ERR_"
_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_HI = b"2\r\nhi\r\n0\r\n\r\n"


async def _fail(reason, *all_replies):
    async with Loopback(None) as net:
        for reply in all_replies:
            net.play = replies(reply)
            result = await net.hear(dataType="text")
            assert result["errMsg"] == "request:fail " + _ERR + reason, (reply, result)
            failed(result, _ERR + reason)
            await net.settle()


async def _read(expected, kept, *all_replies):
    async with Loopback(None) as net:
        for reply in all_replies:
            net.play = replies(reply)
            result = await net.hear(dataType="text")
            assert result.get("data") == expected and len(pool._idle) == kept, (reply, result, pool._idle)
            await net.settle()


async def test_status_lines():
    rest = b"\r\nContent-Length: 2\r\n\r\nhi"
    for line in (
        b"HTTP/1.x 200 OK", b"HTTP/1. 200 OK", b"HTTP/1.10 200 OK", b"HTTP/11 200 OK", b"HTTP/2.0 200 OK",
        b"HTTP/0.9 200 OK", b"HTTP/1.1\t200 OK", b"HTTP/1.1  200 OK", b"HTTP/1.1 200\tOK", b"HTTP/1.1 200OK",
        b"HTTP/1.1 099 OK", b"HTTP/1.1 000 OK", b"HTTP/1.1 -20 OK", b"HTTP/1.1 +20 OK", b"HTTP/1.1 20a OK",
        b"HTTP/1.1 20", b"HTTP/1.1 2000", b"HTTP/1.1", b"HTTP/1.1 ", b"HTTP/1.1 \xb2\xb0\xb0 OK", b"http/1.1 200 OK",
        b"HTTP /1.1 200 OK", b" HTTP/1.1 200 OK", b"\r\nHTTP/1.1 200 OK", b"\nHTTP/1.1 200 OK", b"\xef\xbb\xbfHTTP/1.1 200 OK",
        b"ICY 200 OK", b"RTSP/1.0 200 OK", b"200 OK",
    ):  # fmt: skip
        await _fail("INVALID_HTTP_RESPONSE", line + rest)
    await _read(
        "hi",
        1,
        *[
            line + rest
            for line in (b"HTTP/1.1 200", b"HTTP/1.1 200 ", b"HTTP/1.1 299 \xff\xfe \x01", b"HTTP/1.9 999 X")
        ],
    )


async def test_other_protocols():
    await _fail(
        "INVALID_HTTP_RESPONSE",
        b"<html><body>an answer without a head, as HTTP/0.9 has it</body></html>",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff",  # a SETTINGS frame of HTTP/2
        b"\x15\x03\x01\0\x02\x02\x46",  # a TLS alert: protocol_version
        b"\x16\x03\x03\0\x7a\x02\0\0\x76\x03\x03" + b"r" * 112,  # a TLS ServerHello
        b"220 mail.example ESMTP\r\n",
        b"\0",
    )


async def test_ends_of_lines():
    await _read(
        "hi", 1,
        b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", b"HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nhi", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nhi",
        b"HTTP/1.1 200 OK\r\nX: y\nContent-Length: 2\r\n\r\nhi",
    )  # fmt: skip
    # The first empty line ends the head, whatever empty lines the body has.
    await _read(
        "a\r\n\r\nb",
        1,
        *[b"HTTP/1.1 200 OK" + end + b"Content-Length: 6" + end * 2 + b"a\r\n\r\nb" for end in (b"\n", b"\r\n")],
    )
    await _read(
        "a\n\nb",
        1,
        *[b"HTTP/1.1 200 OK" + end + b"Content-Length: 4" + end * 2 + b"a\n\nb" for end in (b"\n", b"\r\n")],
    )
    await _fail(
        "INVALID_HTTP_RESPONSE",
        _OK + b"X: a\rContent-Length: 2\r\n\r\nhi", _OK + b"X: a\r\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\r\nContent-Length: 2\r\n\r\nhi", b"HTTP/1.1 200\rOK\r\nContent-Length: 2\r\n\r\nhi",
        _OK + b"Content-Length: 2\r\rX: y\r\n\r\nhi", _OK + b"\rContent-Length: 2\r\n\r\nhi",
    )  # fmt: skip
    await _fail("CONNECTION_CLOSED", ok(b"hi").replace(b"\r\n", b"\r"), ok(b"hi").replace(b"\r\n", b"\r\r\n"))


async def test_header_lines():
    await _fail(
        "INVALID_HTTP_RESPONSE",
        *[_OK + line + b"\r\nContent-Length: 2\r\n\r\nhi" for line in (
            b"X: a\0b", b"X\0Y: a", b"X: \0", b"\0", b"X: a\r\n b", b"X: a\r\n\tb", b" X: a", b"\tX: a", b"X : a", b"X\t: a",
            b": a", b":", b"no colon", b"\x0bX: a",
        )],
    )  # fmt: skip
    await _read(
        "hi",
        1,
        *[
            _OK + line + b"\r\nContent-Length: 2\r\n\r\nhi"
            for line in (b"X:", b"X:a:b", b"X:\t \t", b"X: \xff\x01", b"keys: 1")
        ],
    )


async def test_lengths():
    await _fail(
        "INVALID_HTTP_RESPONSE",
        *[_OK + b"Content-Length: " + value + b"\r\n\r\nhi" for value in (
            b"-2", b"+2", b"0x2", b"2h", b"2.0", b"1 0", b"", b",", b"two", b"\xef\xbc\x92", b"\xb2", b"\x0b2", b"2\x0c",
            b"99999999999999999999", b"9" * 200, b"2;2", b'"2"',
        )],
    )  # fmt: skip
    await _fail(
        "RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH",
        *[_OK + b"Content-Length: 2\r\n" + line + b"\r\n\r\nhi" for line in (
            b"Content-Length: 3", b"content-length: 1", b"CONTENT-LENGTH: 02", b"Content-Length: 2, 3", b"Content-Length: ,2", b"Content-Length: -2",
        )],
    )  # fmt: skip
    await _read(
        "hi",
        1,
        *[
            _OK + b"Content-Length:" + value + b"\r\n\r\nhi"
            for value in (b"2", b" 002", b"\t2 ", b" 2, 2", b" 2\r\ncontent-length: 2")
        ],
    )
    for value in (b"1073741823", b"2147483648", b"4294967298", b"999999999999999"):
        async with Loopback(replies(_OK + b"Content-Length: " + value + b"\r\n\r\nhi")) as net:
            failed(await net.hear(), "out of memory", 111)


async def test_codings_of_the_transfer():
    await _fail(
        "INVALID_HTTP_RESPONSE",
        *[_OK + b"Transfer-Encoding: " + value + b"\r\n\r\n" + _HI for value in (
            b"xchunked", b"chunked,", b"gzip, chunked", b"chunked, gzip", b"chunked, identity", b"identity", b"", b"\x0bchunked",
            b"chunked\r\nTransfer-Encoding: chunked", b"chunked;q=1", b'"chunked"', b"chunked\x0c",
        )],
    )  # fmt: skip
    await _read("hi", 1, _CHUNKED + _HI, _OK + b"TRANSFER-encoding:\tCHUNKED \r\n\r\n" + _HI)
    # With a length beside it the chunks count, and nothing more is believed on that connection; nor is a 1.0 server.
    await _read(
        "hi", 0,
        _OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + _HI,
        _OK + b"Transfer-Encoding: chunked\r\nContent-Length: 500\r\n\r\n" + _HI,
        _OK + b"Transfer-Encoding: chunked\r\nContent-Length: x\r\n\r\n" + _HI,
        _CHUNKED.replace(b"1.1", b"1.0") + _HI,
    )  # fmt: skip


async def test_sizes_of_chunks():
    await _fail(
        "INVALID_CHUNKED_ENCODING",
        *[_CHUNKED + size + b"\r\nhi\r\n0\r\n\r\n" for size in (
            b"-2", b"+2", b"0x2", b"2h", b"2_0", b" 2", b"\x0b2", b"2\x0b", b"2 2", b"2\0", b"2\r", b"", b";", b"2,2", b"\xef\xbc\x92",
            b"0000000000002", b"f" * 13, b"2;" + b"x" * 300, b"2;a\nb", b"2\nh",
        )],
        _CHUNKED + b"2\r\nhi0\r\n\r\n", _CHUNKED + b"2\r\nhi\r\r\n0\r\n\r\n", _CHUNKED + b"2\r\nhi \r\n0\r\n\r\n",
        _CHUNKED + b"1\r\nhi\r\n0\r\n\r\n",
    )  # fmt: skip
    await _fail(
        "INCOMPLETE_CHUNKED_ENCODING",
        *[_CHUNKED + start for start in (
            b"ffffffffffff\r\nhi", b"7fffffff\r\nhi", b"80000000\r\nhi", b"3\r\nhi\r\n", b"2\rhi\r0\r\r", b"2\r\nhi\r\n0\r\n", b"2\r\nhi\r\n0\r\nX: y",
        )],
    )  # fmt: skip
    await _read(
        "hi", 1,
        *[_CHUNKED + size + b"\r\nhi\r\n000\r\n\r\n" for size in (b"2", b"2  ", b"2\t", b"000000000002", b'2;a="b;c"', b"2 ;a")],
        _CHUNKED + b"2\nhi\n0\n\n", _CHUNKED + b"2\r\nhi\r\n0\r\nContent-Length: 99\r\nX: y\r\n\r\n",
    )  # fmt: skip


async def test_what_has_no_body():
    async with Loopback(None) as net:
        for head in (
            b"HTTP/1.1 204 X\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"HTTP/1.1 304 X\r\nContent-Length: 9\r\n\r\n",
        ):
            net.play = replies(head + _HI)  # a body all the same: not read, and not the start of the next response
            assert (await net.hear())["data"] == "" and not pool._idle
    for interim in (b"Content-Length: 2\r\n\r\nhi", b"Transfer-Encoding: gzip\r\n\r\n"):
        await _fail("INVALID_HTTP_RESPONSE", b"HTTP/1.1 103 X\r\n" + interim + ok(b"hi"))
