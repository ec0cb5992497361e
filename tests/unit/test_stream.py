"""kiosk.net.stream on a socket that takes and gives what it likes, and on real ones that cannot be reached."""

import asyncio
import errno

from kiosk.errors import KioskError
from kiosk.net import stream, trust
from kiosk.net.resolve import ip_text, resolve
from kiosk.net.stream import Stream, connect
from kiosk.net.url import parse
from tests.fakes.fakesocket import FakeSocket


async def _raises(name, detail, awaitable):
    try:
        await awaitable
    except KioskError as exc:
        assert exc.args == (name, detail), exc.args
        return
    raise AssertionError("nothing raised")


async def test_partial_writes():
    sock = FakeSocket(takes=[1, None, 2, None, None, 3])
    connection = Stream(sock)
    await connection.write(b"0123456789")
    assert sock.written == b"0123456789" and connection.sent == 10
    await connection.write(memoryview(b"abc"))
    await connection.write(b"")
    assert sock.written == b"0123456789abc"


async def test_lines():
    connection = Stream(FakeSocket([b"a\r", b"\nbc\n\n", None, b"d\r\re\r\nrest"]))
    lines = []
    for _ in range(4):
        lines.append(bytes(await connection.readline(100)))
    assert lines == [b"a", b"bc", b"", b"d\r\re"], lines
    assert connection.buffered() == 4 and await connection.readline(100) is None
    assert connection.received == 17


async def test_the_limit_of_a_line():
    connection = Stream(FakeSocket([b"x" * 3000 + b"\ny"]))
    assert await connection.readline(1000) is None and connection.buffered() > 1000
    assert len(await connection.readline(8000)) == 3000
    connection.rest()
    assert len(connection._buffer) == 1024
    # The end of the buffer in the middle of a line.
    connection = Stream(FakeSocket([b"x" * 700, b"\n" + b"y" * 700, b"\nz"]))
    assert len(await connection.readline(1000)) == 700
    assert bytes(await connection.readline(1000)) == b"y" * 700


async def test_reading_into():
    connection = Stream(FakeSocket([b"ab\n" + b"x" * 10, None, b"y" * 3000]))
    await connection.readline(10)
    target = memoryview(bytearray(4000))
    assert await connection.readinto(target) == 10  # what is buffered first
    assert await connection.readinto(target) == 3000 and bytes(target[:2]) == b"yy"  # then past the buffer
    assert await connection.readinto(target) == 0
    connection = Stream(FakeSocket([b"abc"]))
    small = memoryview(bytearray(2))
    assert await connection.readinto(small) == 2 and bytes(small) == b"ab"
    assert await connection.readinto(small) == 1 and await connection.readinto(small) == 0


async def test_a_fast_peer_does_not_starve_the_loop():
    turns = [0]

    async def count():
        while True:
            turns[0] += 1
            await asyncio.sleep_ms(0)

    counter = asyncio.create_task(count())
    connection = Stream(FakeSocket([b"x" * 1024] * 64))
    target = memoryview(bytearray(1024))
    while await connection.readinto(target):
        pass
    read = turns[0]
    assert read >= 4
    connection._sock.write = len
    for _ in range(64):
        await connection.write(target)
    assert turns[0] >= read + 3
    counter.cancel()


async def test_errors_have_the_names_of_chromium():
    for number, name in (
        (errno.ECONNRESET, "CONNECTION_RESET"), (32, "CONNECTION_RESET"), (errno.ECONNREFUSED, "CONNECTION_REFUSED"),
        (errno.EHOSTUNREACH, "ADDRESS_UNREACHABLE"), (errno.ETIMEDOUT, "CONNECTION_TIMED_OUT"), (77, "FAILED (77)"),
        (-errno.ECONNRESET, "CONNECTION_RESET"),
    ):  # fmt: skip
        await _raises("network", "net::ERR_" + name, Stream(FakeSocket([OSError(number)])).fill())
        await _raises("network", "net::ERR_" + name, Stream(FakeSocket(takes=[OSError(number)])).write(b"x"))
    await _raises("oom", "", Stream(FakeSocket([OSError(errno.ENOMEM)])).fill())


async def test_is_idle():
    assert Stream(FakeSocket([None])).is_idle()
    for given in (b"", b"x", OSError(104)):
        assert not Stream(FakeSocket([given])).is_idle()
    connection = Stream(FakeSocket([b"x", None]))
    await connection.fill()
    assert not connection.is_idle()


class FakeParty:
    """A trust.Party whose TLS object is `wrapped`; an exception is raised instead."""

    def __init__(self, wrapped):
        self.wrapped = wrapped
        self.successes = 0

    def wrap(self, sock):
        if isinstance(self.wrapped, Exception):
            raise self.wrapped
        return self.wrapped

    def succeeded(self):
        self.successes += 1

    def failed(self, exc):
        return KioskError("tls", repr(exc))


async def test_the_first_write_makes_the_handshake():
    raw, secure = FakeSocket(), FakeSocket([b"hi"], takes=[None, None, 3])
    party = FakeParty(secure)
    connection = Stream(raw)
    connection.secure(party)
    assert not connection.secured_at and not party.successes
    await connection.write(b"hello")
    assert connection.secured_at and secure.written == b"hello" and raw.written == b""
    assert party.successes == 1
    await connection.fill()
    assert bytes(connection.peek(5)) == b"hi"
    connection.close()
    connection.close()
    assert secure.closed == 1 and raw.closed == 1


async def test_a_failed_handshake():
    for error in (ValueError("The certificate has expired"), OSError(104), MemoryError()):
        connection = Stream(FakeSocket())
        connection.secure(FakeParty(FakeSocket(takes=[None, error])))
        await _raises("tls", repr(error), connection.write(b"x"))
        connection = Stream(FakeSocket())
        try:
            connection.secure(FakeParty(error))
            raise AssertionError
        except KioskError as exc:
            assert exc.args == ("tls", repr(error))


async def test_names_and_literals():
    for host in ("127.0.0.1", "::1"):
        found = await resolve(host, 80)
        assert len(found) == 1 and ip_text(found[0][1]) == host
    found = await resolve("localhost", 80)
    assert ip_text(found[0][1]) in ("127.0.0.1", "::1")
    assert ip_text(("1.2.3.4", 80)) == "1.2.3.4"


async def test_names_are_asked_for_once_and_kept_for_their_time():
    import board
    from kiosk.net import dns

    asked = []
    answers = {("a.test", dns.A): (["127.0.0.2"], 1000), ("b.test", dns.AAAA): (["::1"], 0)}

    async def ask(name, kind, servers):
        asked.append((name, kind))
        assert servers is board.name_servers()
        return answers.get((name, kind), ([], 0))

    original, dns.ask = dns.ask, ask
    try:
        for _ in range(2):
            assert ip_text((await resolve("a.test", 80))[0][1]) == "127.0.0.2"
            assert ip_text((await resolve("b.test", 80))[0][1]) == "::1"
        await _raises("network", "net::ERR_NAME_NOT_RESOLVED", resolve("no.such.name", 80))
    finally:
        dns.ask = original
    b_test = [("b.test", dns.A), ("b.test", dns.AAAA)]
    assert asked == [("a.test", dns.A)] + b_test + b_test + [("no.such.name", dns.A), ("no.such.name", dns.AAAA)]


async def test_the_next_address_is_tried():
    server = await asyncio.start_server(_hold, "127.0.0.1", 19876)
    real = stream.resolve

    async def two(host, port):
        return await real("127.0.0.1", 1) + await real("127.0.0.1", 19876)

    async def dead(host, port):
        return await real("127.0.0.1", 1) + await real("127.0.0.1", 2)

    stream.resolve = two
    try:
        connection = await connect(parse("http://name/"), {})
        assert connection.peer_ip == "127.0.0.1" and connection.connect_ms >= 0
        connection.close()
        stream.resolve = dead
        await _raises("network", "net::ERR_CONNECTION_REFUSED", connect(parse("http://name/"), {}))
    finally:
        stream.resolve = real
        server.close()
        await server.wait_closed()


async def _hold(reader, writer):
    await reader.read(1)
    reader.s.close()


def test_too_little_memory_for_tls():
    class Gc:
        collect = staticmethod(lambda: None)
        mem_free = staticmethod(lambda: 48 * 1024 - 1)

    real = trust.gc
    trust.gc = Gc
    try:
        trust.check()
        raise AssertionError
    except KioskError as exc:
        assert exc.args[0] == "oom" and exc.errno == 111
    finally:
        trust.gc = real
