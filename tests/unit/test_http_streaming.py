"""kiosk.net.http with bodies that are never in memory as a whole: what uploads and downloads will stand on."""

import asyncio

from kiosk.errors import KioskError
from kiosk.net import body, http
from kiosk.net.stream import Stream
from kiosk.net.trace import Trace
from kiosk.net.url import parse
from tests.fakes.fakesocket import FakeSocket
from tests.fakes.httpserver import Loopback, ok, replies

_LARGE = const(190)  # times 64 KB: more than the buffers of both ends take


class Pieces:
    """A body source that makes its content up as it goes."""

    data = None

    def __init__(self, count, size, fail_at=None):
        self.count = count
        self.size = size
        self.length = count * size
        self.fail_at = fail_at
        self.begun = 0

    async def send(self, stream):
        self.begun += 1
        for index in range(self.count):
            if index == self.fail_at:
                raise OSError(5)
            await stream.write(bytes([65 + index]) * self.size)


class Counting:
    """A handler and sink that keeps nothing but the sum and the largest piece."""

    def __init__(self, buffer_size, fail_after=None):
        self.view = memoryview(bytearray(buffer_size))
        self.sum = self.bytes = self.largest = 0
        self.fail_after = fail_after

    def check(self, url):
        pass

    def sink(self, response):
        return self

    def room(self, count):
        return self.view

    def filled(self, count):
        self.bytes += count
        self.sum += sum(self.view[:count])
        self.largest = max(self.largest, count)
        if self.fail_after is not None and self.bytes > self.fail_after:
            raise KioskError("no space")


def _request(net, source, method="POST"):
    return http.Request(method, parse(net.url + "/up"), {"X": "y"}, source)


async def test_a_body_in_pieces():
    async with Loopback(replies(ok(b"done"))) as net:
        source, handler, trace = Pieces(20, 700), Counting(100), Trace()
        response = await http.fetch(_request(net, source), handler, trace)
        assert response.status == 200 and handler.bytes == 4
        assert net.bodies[0] == b"".join([bytes([65 + index]) * 700 for index in range(20)])
        assert trace.sent == 14000 + len("\r\n".join(net.heads[0])) + 4


async def test_a_source_is_sent_again_from_its_beginning():
    for status in ("307 X", "308 X"):
        async with Loopback(replies(ok(b"", "Location: /else", status=status), ok(b""))) as net:
            source = Pieces(3, 500)
            await http.fetch(_request(net, source), Counting(100), Trace())
            assert source.begun == 2 and net.bodies[0] == net.bodies[1] and len(net.bodies[1]) == 1500


async def test_a_source_that_fails():
    async with Loopback(replies(ok(b""))) as net:
        try:
            await http.fetch(_request(net, Pieces(5, 500, fail_at=2)), Counting(100), Trace())
            raise AssertionError
        except OSError as exc:
            assert exc.args[0] == 5  # the file's own error, not the network's


async def test_a_large_body_through_a_small_buffer():
    body = bytes(range(256)) * 60
    for reply in (
        ok(body),
        b"HTTP/1.1 200 OK\r\n\r\n" + body,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body),
    ):
        async with Loopback(replies(reply)) as net:
            handler, trace = Counting(512), Trace()
            await http.fetch(_request(net, None, "GET"), handler, trace)
            assert handler.bytes == len(body) and handler.sum == sum(body) and handler.largest <= 512
            assert trace.received == len(reply) and trace.body_bytes >= len(body)


async def test_a_sink_that_fails():
    async with Loopback(replies(ok(bytes(20000)))) as net:
        try:
            await http.fetch(_request(net, None, "GET"), Counting(512, fail_after=2000), Trace())
            raise AssertionError
        except KioskError as exc:
            assert exc.args[0] == "no space"


async def test_a_server_that_answers_before_it_has_read_everything():
    async def play(connection):
        await connection.stream.readline()
        await connection.send(ok(b"enough", status="413 X"))
        await asyncio.sleep_ms(100)

    async with Loopback(play) as net:
        handler = Counting(100)
        response = await http.fetch(_request(net, Pieces(40, 1000)), handler, Trace())
        assert response.status == 413 and handler.bytes == 6


async def test_a_server_that_stops_reading_holds_up_nobody_else():
    async def play(connection):
        await connection.stream.readline()
        await asyncio.sleep_ms(400)

    async with Loopback(play) as net:
        source = Pieces(_LARGE, 1 << 16)
        trace = Trace()
        try:
            await asyncio.wait_for_ms(http.fetch(_request(net, source), Counting(100), trace), 250)
            raise AssertionError
        except asyncio.TimeoutError:
            assert 0 < trace.sent < source.length, trace.sent


async def test_an_interim_response_in_bytes_stops_nobody_from_sending():
    async def play(connection):
        while len(await connection.stream.readline()) > 2:
            pass
        for byte in b"HTTP/1.1 100 Continue\r\n\r\n":
            await connection.send(bytes((byte,)))
            await asyncio.sleep_ms(1)
        left = _LARGE << 16
        while left:
            left -= len(await connection.stream.read(min(left, 8192)))
        await connection.send(ok(b"done"))
        await connection.stream.read(1)

    async with Loopback(play) as net:
        handler = Counting(100)
        response = await http.fetch(_request(net, Pieces(_LARGE, 1 << 16)), handler, Trace())
        assert response.status == 200 and handler.bytes == 4


async def test_a_connection_that_breaks_under_a_body_is_the_reason():
    sock = FakeSocket([b""], [None, None, OSError(104)])

    async def connected(url, times):
        return Stream(sock)

    real, http.connect = http.connect, connected
    sock.takes = [1000, 500, OSError(104)]
    try:
        await http.fetch(http.Request("POST", parse("http://h/"), {}, Pieces(40, 1000)), Counting(10), Trace())
        raise AssertionError
    except KioskError as exc:
        assert exc.args == ("network", "net::ERR_CONNECTION_RESET") and sock.closed == 1
    finally:
        http.connect = real


def test_a_body_needs_room_for_what_it_becomes():
    class Gc:
        free = 0
        collected = 0

        @classmethod
        def collect(cls):
            cls.collected += 1

        @classmethod
        def mem_free(cls):
            return cls.free

    real, body.gc = body.gc, Gc
    try:
        assert len(body.allocate(4096)) == 4096  # so little is not asked about
        Gc.free = 2 * 5000 + 8192
        assert len(body.allocate(5000)) == 5000 and not Gc.collected
        Gc.free -= 1
        try:
            body.allocate(5000)
            raise AssertionError
        except KioskError as exc:
            assert exc.args[0] == "oom" and Gc.collected == 1
    finally:
        body.gc = real
