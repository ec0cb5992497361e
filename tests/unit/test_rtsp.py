"""The RTSP client and the outlet over it, with a server in the same loop that does what a test says."""

import asyncio
import binascii
import hashlib
import random
import struct
import time

from kiosk import log
from kiosk.errors import KioskError
from kiosk.live import auth, outgoing, rtsp
from kiosk.live.address import Address
from kiosk.live.rtsp import parameter
from kiosk.live.rtspoutlet import Outlet
from kiosk.net.stream import Stream
from tests.fakes.fakesocket import FakeSocket

log.level = len(log.LEVELS)
_PUBLIC = "Public: OPTIONS, ANNOUNCE, SETUP, RECORD, TEARDOWN, GET_PARAMETER"


class Server:
    """`answers(method, headers, body)` gives bytes or a list of header lines after "200 OK"; None: nothing.  asked: (method, target, headers, body)."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []
        self.packets = []
        self.connections = 0

    async def __aenter__(self):
        self.port = 0
        for port in range(28000, 28900):
            try:
                self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
            except OSError:
                continue
            self.port = port
            break
        return self

    async def __aexit__(self, *exc):
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self):
        return "rtsp://127.0.0.1:%d/live/a" % self.port

    async def _serve(self, reader, writer):
        self.connections += 1
        self.writer = writer
        try:
            while True:
                first = await reader.read(1)
                if not first:
                    break
                if first == b"$":
                    channel, size = struct.unpack(">BH", await reader.readexactly(3))
                    self.packets.append((channel, await reader.readexactly(size)))
                    continue
                if not await self._answer(first, reader, writer):
                    break
        except (EOFError, OSError):
            pass  # the client has hung up
        writer.close()
        await writer.wait_closed()  # MicroPython closes it here

    async def _answer(self, first, reader, writer):
        lines = [(first + await reader.readline()).decode().strip()]
        while lines[-1]:
            lines.append((await reader.readline()).decode().strip())
        if lines[0].startswith("RTSP/"):  # the answer to what was asked the other way round
            self.asked.append(lines)
            return True
        method, target, _ = lines[0].split(" ")
        headers = {line.partition(": ")[0]: line.partition(": ")[2] for line in lines[1:-1]}
        body = await reader.readexactly(int(headers.get("Content-Length", 0)))
        self.asked.append((method, target, headers, body))
        answer = self.answers(method, headers, body)
        if answer is None:
            return True
        if isinstance(answer, (list, tuple)):
            answer = "RTSP/1.0 200 OK\r\nCSeq: %s\r\n%s\r\n" % (
                headers["CSeq"],
                "".join(line + "\r\n" for line in answer),
            )
            answer = answer.encode()
        if answer == b"":
            return False
        writer.write(answer.replace(b"@CSEQ@", headers["CSeq"].encode()))
        await writer.drain()
        return True

    def methods(self):
        return [one[0] for one in self.asked]


def usual(method, headers, body):
    """What a server that likes everything says."""
    if method == "OPTIONS":
        return [_PUBLIC]
    if method == "SETUP":
        return [
            "Transport: " + headers["Transport"].replace("interleaved=2-3", "interleaved=4-5"),
            "Session: abc;timeout=60",
        ]
    return []


def _always(answer, method=None):
    # `answer` to this method, or to all.
    return lambda asked, *rest: answer if method in (None, asked) else usual(asked, *rest)


async def raises(awaitable, part, name="network"):
    try:
        await awaitable
    except KioskError as exc:
        assert exc.args[0] == name and part in exc.reason, exc.args
        return exc
    raise AssertionError("nothing raised")


async def until(condition):
    start = time.ticks_ms()
    while not condition():
        assert time.ticks_diff(time.ticks_ms(), start) < 60000
        await asyncio.sleep_ms(2)


def _jpeg(scan):
    tables = b"\xff\xdb\0\x84\0" + bytes(64) + b"\1" + bytes(64)
    return (
        b"\xff\xd8"
        + tables
        + b"\xff\xc0\0\x11\x08\0\x78\0\xa0\3\1\x22\0\2\x11\1\3\x11\1\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0"
        + scan
        + b"\xff\xd9"
    )


async def test_an_outlet_publishes_pictures_and_sound():
    async with Server(usual) as server:
        outlet = Outlet(Address(server.url), True, True)
        await outlet.open()
        assert server.methods() == ["OPTIONS", "ANNOUNCE", "SETUP", "SETUP", "RECORD"]
        description = server.asked[1][3].decode()
        assert "m=video 0 RTP/AVP 26\r\n" in description and "a=rtpmap:96 L16/16000/1\r\n" in description
        assert server.asked[2][1] == server.url + "/streamid=0" and server.asked[3][1] == server.url + "/streamid=1"
        assert server.asked[3][2]["Session"] == server.asked[4][2]["Session"] == "abc"
        job = asyncio.create_task(outlet.run())
        outlet.begin(time.ticks_ms())
        await outlet.write(memoryview(_jpeg(b"scan")))
        await outlet.end(True)
        await outlet.sound(memoryview(b"\1\2\3\4"), time.ticks_ms())
        await until(lambda: len(server.packets) >= 2)
        pictures = [data for channel, data in server.packets if channel == 0]
        sounds = [data for channel, data in server.packets if channel == 4]
        assert pictures[0][-4:] == b"scan" and sounds[0][12:] == b"\2\1\4\3"
        assert (outlet.frames, outlet.dropped, outlet.picture_bytes, outlet.sound_bytes) == (
            1,
            0,
            len(pictures[0]) - 12,
            4,
        )
        await until(lambda: outlet._client.fault is None)
        job.cancel()
        await outlet.close()
        assert server.methods()[-1] == "TEARDOWN"


async def test_low_sound_is_mu_law():
    async with Server(usual) as server:
        outlet = Outlet(Address(server.url), False, True, True)
        await outlet.open()
        assert b"a=rtpmap:0 PCMU/8000/1" in server.asked[1][3] and b"m=video" not in server.asked[1][3]
        await outlet.sound(memoryview(b"\0\0\xff\x7f\x00\x80"), time.ticks_ms())
        await until(lambda: server.packets)
        assert server.packets[0][1][12:] == b"\xff\x80\x00" and outlet.rate_hz == 8000
        await outlet.close()


async def test_receivers_tell_of_jitter():
    async with Server(usual) as server:
        outlet = Outlet(Address(server.url), True, False)
        await outlet.open()
        report = struct.pack(">BBHIIIIIII", 129, 201, 7, 5, outlet._picture.ssrc, 0, 0, 9000, 0, 0)
        server.writer.write(b"$\x01" + struct.pack(">H", len(report)) + report + b"$\x01\x10\x00" + bytes(4096))
        await server.writer.drain()
        await until(lambda: outlet.jitter_ms)
        assert outlet.jitter_ms == 100
        await outlet.close()
        assert server.methods()[-1] == "TEARDOWN"  # what was too long was read over


async def test_authentication():
    def guarded(challenge, check):
        def answers(method, headers, body):
            given = headers.get("Authorization")
            if given is None or not check(method, given):
                return b"RTSP/1.0 401 Unauthorized\r\nCSeq: @CSEQ@\r\nWWW-Authenticate: " + challenge + b"\r\n\r\n"
            return usual(method, headers, body)

        return answers

    def hashed(*parts):
        return binascii.hexlify(hashlib.md5(":".join(parts).encode()).digest()).decode()

    def is_digest(method, given):
        fields = auth._challenges(given)[0][1]
        one, two = hashed("us er", "r", "p:w"), hashed(method, fields["uri"])
        if "qop" in fields:
            return fields["response"] == hashed(one, fields["nonce"], fields["nc"], fields["cnonce"], "auth", two)
        return fields["response"] == hashed(one, "n1", two)

    basic = "Basic " + binascii.b2a_base64(b"us er:p:w").decode().strip()
    for challenge, check in (
        (b'Digest realm="r", nonce="n1"', is_digest),
        (b'Basic realm="r"', lambda method, given: given == basic),
        (b'Basic realm="r", Digest realm="r", nonce="n2", qop="auth-int, auth", opaque="o\\"x"', is_digest),
    ):
        async with Server(guarded(challenge, check)) as server:
            url = server.url.replace("127", "us%20er:p%3Aw@127")
            outlet = Outlet(Address(url), True, True)
            await outlet.open()
            assert server.methods()[:3] == ["OPTIONS", "OPTIONS", "ANNOUNCE"] and server.asked[0][1] == server.url
            await outlet.close()
            outlet = Outlet(Address(url.replace("p%3Aw", "wrong")), True, True)
            exc = await raises(outlet.open(), "RTSP 401 Unauthorized")
            assert exc.fields["status"] == 401
            await outlet.close()
            outlet = Outlet(Address(server.url), True, True)
            await raises(outlet.open(), "401")
            await outlet.close()
    async with Server(guarded(b"Negotiate", lambda method, given: False)) as server:
        outlet = Outlet(Address(server.url.replace("127", "a:b@127")), True, True)
        await raises(outlet.open(), "UNSUPPORTED_AUTH_SCHEME")
        await outlet.close()


async def test_redirections():
    async with Server(usual) as target:

        def moved(method, headers, body):
            return ("RTSP/1.0 302 Moved\r\nCSeq: @CSEQ@\r\nLocation: %s/new\r\n\r\n" % target.url).encode()

        async with Server(moved) as server:
            client = rtsp.Client(Address(server.url))
            await client.connect()
            assert client.address.text == target.url + "/new" and target.asked[0][1] == target.url + "/new"
            client.close()

    def again(method, headers, body):
        return ("RTSP/1.0 302 Moved\r\nCSeq: @CSEQ@\r\nLocation: %s\r\n\r\n" % endless.url).encode()

    async with Server(again) as endless:
        client = rtsp.Client(Address(endless.url))
        await raises(client.connect(), "5", "redirects")
        client.close()
        assert endless.connections == 6
    for place in (b"http://127.0.0.1/", b"", b"rtsp://[/"):
        async with Server(_always(b"RTSP/1.0 302 M\r\nCSeq: @CSEQ@\r\nLocation: " + place + b"\r\n\r\n")) as server:
            client = rtsp.Client(Address(server.url))
            await raises(client.connect(), "INVALID_REDIRECT")
            client.close()


async def test_a_session_is_kept_alive():
    def answers(method, headers, body):
        if method == "GET_PARAMETER":
            return b"RTSP/1.0 501 Not Implemented\r\nCSeq: @CSEQ@\r\n\r\n"
        return ["Session: s;timeout=2"] if method == "SETUP" else usual(method, headers, body)

    async with Server(answers) as server:
        outlet = Outlet(Address(server.url), True, False)
        await outlet.open()
        job = asyncio.create_task(outlet.run())
        await until(lambda: server.methods().count("OPTIONS") > 1)
        assert "GET_PARAMETER" in server.methods()
        job.cancel()
        await outlet.close()


async def test_a_server_may_ask_too():
    async with Server(usual) as server:
        client = rtsp.Client(Address(server.url))
        await client.connect()
        server.writer.write(
            b"\r\nOPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\nSET_PARAMETER * RTSP/1.0\r\nCSeq: 10\r\nContent-Length: 3\r\n\r\nabc"
        )
        await server.writer.drain()
        await until(lambda: len(server.asked) == 3)
        assert server.asked[1:] == [
            ["RTSP/1.0 200 OK", "CSeq: 9", ""],
            ["RTSP/1.0 501 Not Implemented", "CSeq: 10", ""],
        ]
        await client.request("OPTIONS")
        client.close()


async def test_over_udp_where_the_server_wants_it():
    import socket

    receivers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    ports = []
    for receiver in receivers:
        receiver.setblocking(False)
        for port in range(29000, 29400):
            try:
                receiver.bind(socket.getaddrinfo("127.0.0.1", port, 0, socket.SOCK_DGRAM)[0][-1])
            except OSError:
                continue
            ports.append(port)
            break

    def answers(method, headers, body):
        if method == "SETUP":
            if "TCP" in headers["Transport"]:
                return b"RTSP/1.0 461 Unsupported Transport\r\nCSeq: @CSEQ@\r\n\r\n"
            return ["Transport: %s;server_port=%d-%d" % ((headers["Transport"],) + tuple(ports)), "Session: u"]
        return usual(method, headers, body)

    async with Server(answers) as server:
        outlet = Outlet(Address(server.url), True, False)
        await outlet.open()
        outlet.begin(time.ticks_ms())
        await outlet.write(memoryview(_jpeg(b"over udp")))
        await outlet.end(True)
        data = receivers[0].recv(2000)
        assert data[0] == 128 and data[-8:] == b"over udp" and outlet.frames == 1
        await outlet.close()
    for receiver in receivers:
        receiver.close()


async def test_what_servers_refuse_and_get_wrong():
    for method, answer, part in (
        ("OPTIONS", b"RTSP/1.0 404 Not Found\r\nCSeq: @CSEQ@\r\n\r\n", "RTSP 404 Not Found"),
        ("ANNOUNCE", b"RTSP/1.0 403 Forbidden\r\nCSeq: @CSEQ@\r\n\r\n", "RTSP 403"),
        ("RECORD", b"RTSP/1.0 500 \r\nCSeq: @CSEQ@\r\n\r\n", "RTSP 500"),
        ("OPTIONS", b"", "CONNECTION_CLOSED"),
        ("SETUP", b"HTTP/1.0 200 OK\r\nCSeq: @CSEQ@\r\n\r\n", "INVALID_RESPONSE"),
        ("SETUP", b"\x00\x01\x02", "INVALID_RESPONSE"),
        ("SETUP", b"RTSP/1.0 2000 OK\r\nCSeq: @CSEQ@\r\n\r\n", "INVALID_RESPONSE"),
        ("SETUP", b"RTSP/1.0 200 OK\r\nCSeq: @CSEQ@\r\nContent-Length: 99999\r\n\r\n", "INVALID_RESPONSE"),
        ("SETUP", b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n", "INVALID_RESPONSE"),
        ("SETUP", b"RTSP/1.0 200 OK\r\nno header\r\n\r\n", "INVALID_HTTP_RESPONSE"),
        ("SETUP", b"RTSP/1.0 200 OK\r\n" + b"a: b\r\n" * 100 + b"\r\n", "TOO_BIG"),
        ("SETUP", b"RTSP/1.0 200 OK\r\na: " + b"x" * 20000, "TOO_BIG"),
        ("SETUP", b"RTSP/1.0 461 No\r\nCSeq: @CSEQ@\r\n\r\n", "RTSP 461"),
    ):
        async with Server(_always(answer, method)) as server:
            outlet = Outlet(Address(server.url), True, True)
            await raises(outlet.open(), part)
            assert outlet.is_connected and outlet.may_try_again(KioskError("network"))
            await outlet.close()
            assert not outlet.is_connected


async def test_a_server_that_says_nothing():
    rtsp.patience_ms = 100
    async with Server(lambda *_: None) as server:
        outlet = Outlet(Address(server.url), True, True)
        await raises(outlet.open(), "TIMED_OUT")
        await outlet.close()


async def test_a_server_that_takes_nothing_gets_fewer_frames():
    sock = FakeSocket(takes=[None] * 3)
    outgoing.stall_ms = 300
    out = outgoing.Outgoing(Stream(sock), 100)
    assert await out.send(b"x" * 50, 0) is False and sock.written == b""
    sock.takes = [20, None]
    assert await out.send(b"abcde" * 10, 0) is False and len(sock.written) == 20
    sock.takes = [None]
    assert await out.send(b"never", 0) is False  # the rest of the one before is still here
    sock.takes = []
    assert await out.send(b"next") is True
    assert sock.written == b"abcde" * 10 + b"next"
    await asyncio.sleep_ms(400)  # nothing was to be sent, and that is not the server's fault
    sock.takes = [None, None, 3]
    assert await out.send(b"later") is True
    sock.takes = [4] + [None] * 10
    job = asyncio.create_task(out.send(b"half of it"))
    await asyncio.sleep_ms(5)
    job.cancel()
    await asyncio.sleep_ms(0)
    sock.takes = []
    await out.send(b"!")
    assert sock.written.endswith(b"laterhalf of it!")
    sock.takes = [None] * 10000
    await raises(out.send(b"stalls"), "TIMED_OUT")


async def test_what_breaks_while_it_is_sent():
    async with Server(usual) as server:
        outlet = Outlet(Address(server.url), True, True)
        await outlet.open()
        await server.writer.wait_closed()
        await raises(outlet.run(), "CONNECTION_")
        outlet.begin(0)
        await outlet.write(memoryview(_jpeg(bytes(3000))))
        await outlet.end(True)
        assert outlet.is_failing(None)
        await outlet.close()


async def test_mutations_neither_hang_nor_crash():
    random.seed(8)
    rtsp.patience_ms = 150
    good = b"RTSP/1.0 200 OK\r\nCSeq: @CSEQ@\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\nSession: a;timeout=9\r\nContent-Length: 4\r\n\r\nbody$\0\0\x04abcd"

    def mutated(method, headers, body):
        data = bytearray(good.replace(b"@CSEQ@", headers["CSeq"].encode()))
        for _ in range(random.randrange(4)):
            at = random.randrange(len(data))
            kind = random.randrange(3)
            if kind == 0:
                data[at] = random.getrandbits(8)
            elif kind == 1:
                data = data[:at] + data[at + random.randrange(9) :]
            else:
                data = data[:at] + bytes((random.getrandbits(8),)) * random.randrange(5) + data[at:]
        return bytes(data)

    ends = []
    async with Server(mutated) as server:
        for _ in range(60):
            outlet = Outlet(Address(server.url), True, True)
            try:
                await outlet.open()
                ends.append("open")
            except KioskError as exc:
                ends.append(exc.args[0])
            outlet.abandon()
    assert "open" in ends and "network" in ends, ends


def test_addresses():
    found = Address("rtsp://u:p@host/a/b?c=d")
    assert (found.user, found.password, found.url.port, found.text) == ("u", "p", 554, "rtsp://host/a/b?c=d")
    assert Address("rtmp://host:99/a").url.port == 99 and Address("rtmp://h").url.port == 1935
    assert Address("RTSP://h").text == "rtsp://h" and Address("rtsp://h/").text == "rtsp://h/"
    assert Address("rtsp://a@b:c@h/").password == "c" or Address("rtsp://a@b:c@h/").user == "a@b"
    assert found.moved("rtsp://host:8554/x").user == "u" and found.moved("rtsp://other/x").user == ""
    for text in (
        "http://h/",
        "rtsp:/h",
        "rtsp://",
        "rtsp://a:b@/",
        "rtsp://%zz@h/",
        "rtsp://h:0/",
        "rtsp://%ff@h/",
        5,
        None,
        "",
    ):
        try:
            Address(text)
        except KioskError as exc:
            assert exc.args[0] == "url"
        else:
            raise AssertionError(text)


def test_parameters_of_transports():
    text = "RTP/AVP;unicast; client_port=5-6;server_port=70-71"
    assert parameter(text, "server_port") == (70, 71) and parameter(text, "client_port") == (5, 6)
    assert parameter("a;interleaved=4", "interleaved") == (4,)
    for text in ("", "interleaved", "interleaved=", "interleaved=a-b", "interleaved=1-2-3", "interleaved=1234567-8"):
        assert parameter(text, "interleaved") == ()
