"""The DNS client against name servers of the test's own, in the same process, that answer as they are told."""

import asyncio
import socket
import struct
from asyncio import core

from kiosk.errors import KioskError
from kiosk.net import dns

HOST = "127.0.0.1"


class Server:
    """Answers each question with what `play(query)` returns: bytes, a list of bytes, or None for silence."""

    def __init__(self, play):
        self.play = play
        self.asked = []

    async def __aenter__(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        port = 20000
        while True:
            try:
                self.sock.bind(socket.getaddrinfo(HOST, port)[0][-1])
                break
            except OSError:
                port += 1
        self.sock.setblocking(False)
        self.address = (HOST, port)
        self.task = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *exc_info):
        self.task.cancel()
        await asyncio.sleep_ms(0)
        self.sock.close()

    async def _serve(self):
        while True:
            await _readable(self.sock)
            query, peer = self.sock.recvfrom(512)
            self.asked.append(query)
            replies = self.play(query)
            for reply in replies if isinstance(replies, list) else [replies]:
                if reply is not None:
                    self.sock.sendto(reply, peer)


def _readable(sock):
    yield core._io_queue.queue_read(sock)


def reply(query, records, code=0, flags=0x8180, identity=None):
    """A response to `query` with records of (type, ttl, data)."""
    head = struct.pack("!HHHHHH", identity or struct.unpack("!H", query)[0], flags | code, 1, len(records), 0, 0)
    return (
        head
        + query[12:]
        + b"".join([b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data for kind, ttl, data in records])
    )


async def _fails(reason, *args):
    try:
        await dns.ask(*args)
    except KioskError as exc:
        assert exc.args == ("network", "net::ERR_" + reason), exc.args
    else:
        raise AssertionError("no error")


async def test_addresses_and_the_smallest_ttl():
    records = [(5, 60, b"\x03www\xc0\x0c"), (1, 100, b"\x01\x02\x03\x04"), (1, 200, b"\x05\x06\x07\x08")]
    async with Server(lambda query: reply(query, records)) as server:
        assert await dns.ask("example.com", dns.A, [server.address]) == (["1.2.3.4", "5.6.7.8"], 60)
        query = server.asked[0]
        assert query[2:12] == b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"  # recursion desired, one question
        assert query[12:] == b"\x07example\x03com\x00\x00\x01\x00\x01"


async def test_ipv6():
    records = [(28, 10, bytes(range(16)))]
    async with Server(lambda query: reply(query, records)) as server:
        found = await dns.ask("example.com", dns.AAAA, [server.address])
        assert found == (["1:203:405:607:809:a0b:c0d:e0f"], 10)


async def test_a_name_that_is_not_there():
    async with Server(lambda query: reply(query, [], code=3)) as server:
        assert await dns.ask("no.such", dns.A, [server.address]) == ([], 0)
    async with Server(lambda query: reply(query, [], code=2)) as server:
        await _fails("NAME_NOT_RESOLVED", "example.com", dns.A, [server.address])
    await _fails("NAME_NOT_RESOLVED", "example.com", dns.A, [])


async def test_names_that_cannot_be_asked_for():
    async with Server(lambda query: None) as server:
        for name in ("", ".", "a..b", "x" * 64 + ".com", "中文.com", ".".join(["a" * 60] * 5)):
            await _fails("NAME_NOT_RESOLVED", name, dns.A, [server.address])
        assert not server.asked


async def test_answers_to_somebody_else_are_left():
    right = [(1, 5, b"\x09\x09\x09\x09")]

    def play(query):
        wrong = reply(query, [(1, 5, b"\x06\x06\x06\x06")], identity=struct.unpack("!H", query)[0] ^ 1)
        other = reply(query.replace(b"example", b"exbmple"), [(1, 5, b"\x06\x06\x06\x06")])
        question = query[:2] + b"\x01" + query[3:]
        return [wrong, other, question, b"", b"\x00" * 3, reply(query, right)]

    async with Server(play) as server:
        assert (await dns.ask("example.com", dns.A, [server.address]))[0] == ["9.9.9.9"]


async def test_a_silent_server_gives_way_to_the_next():
    answering = Server(lambda query: reply(query, [(1, 5, b"\x01\x01\x01\x01")]))
    async with Server(lambda query: None) as silent, answering as server:
        found = await dns.ask("example.com", dns.A, [silent.address, server.address])
        assert found[0] == ["1.1.1.1"] and len(silent.asked) == 1


async def test_the_loop_turns_and_the_time_limit_is_the_callers():
    turns = []

    async def count():
        while True:
            turns.append(1)
            await asyncio.sleep_ms(5)

    counter = asyncio.create_task(count())
    async with Server(lambda query: None) as silent:
        try:
            await asyncio.wait_for_ms(dns.ask("example.com", dns.A, [silent.address]), 200)
        except asyncio.TimeoutError:
            pass
        else:
            raise AssertionError("no timeout")
    counter.cancel()
    assert len(turns) > 10
    assert not [entry for entry in core._io_queue.map.values() if entry[2] is not silent.sock]


async def test_no_answer_at_all():
    dns_try, dns.asyncio = dns.asyncio, Hurried
    try:
        async with Server(lambda query: None) as silent:
            await _fails("DNS_TIMED_OUT", "example.com", dns.A, [silent.address])
            assert len(silent.asked) == 3
    finally:
        dns.asyncio = dns_try


class Hurried:
    """asyncio with little patience."""

    TimeoutError = asyncio.TimeoutError

    @staticmethod
    def wait_for_ms(coroutine, timeout_ms):
        return asyncio.wait_for_ms(coroutine, timeout_ms // 50)


async def test_damaged_answers():
    whole = [(1, 5, b"\x01\x01\x01\x01")]
    damaged = [(whole, cut) for cut in range(12 + 17 + 1, 12 + 17 + 16)]
    damaged += [([(1, 5, data)], None) for data in (b"\x01\x02\x03", b"\x01\x02\x03\x04\x05", b"")]

    def play(query):
        records, cut = damaged[-1]
        return reply(query, records)[:cut]

    async with Server(play) as server:
        while damaged:
            await _fails("DNS_MALFORMED_RESPONSE", "example.com", dns.A, [server.address])
            damaged.pop()
