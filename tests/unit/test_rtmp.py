"""AMF0, and the RTMP client with a server in the same loop that does what a test says."""

import asyncio
import random
import struct
import time

from kiosk import log
from kiosk.errors import KioskError
from kiosk.live import amf, rtmp
from kiosk.net.url import parse

log.level = len(log.LEVELS)


def chunk(stream, kind, data, message_stream=0, size=128, at_ms=0, form=0):
    """A message in chunks, as servers send them."""
    head = struct.pack(">BIHB", form << 6 | stream, at_ms << 8 | len(data) >> 16, len(data) & 0xFFFF, kind)
    out = head + struct.pack("<I", message_stream)
    for at in range(0, max(1, len(data)), size):
        out += (bytes((0xC0 | stream,)) if at else b"") + data[at : at + size]
    return out


def command(*values):
    return chunk(3, 20, amf.encode(*values))


CONNECTED = command("_result", 1, {"fmsVer": "x"}, {"level": "status", "code": "NetConnection.Connect.Success"})
CREATED = command("_result", 2, None, 1)
STARTED = command("onStatus", 0, None, {"level": "status", "code": "NetStream.Publish.Start"})


class Server:
    """`answers` (dict): command -> bytes.  messages: (kind, message stream, timestamp, data) of all that came."""

    def __init__(self, answers=None, greeting=b"\x03", limit=None):
        self.answers = {"connect": CONNECTED, "createStream": CREATED, "publish": STARTED}
        self.answers.update(answers or {})
        self.greeting = greeting
        self.messages = []
        self.limit = limit

    async def __aenter__(self):
        for self.port in range(26000, 26900):
            try:
                self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
                break
            except OSError:
                continue
        self.url = parse("rtmp://127.0.0.1:%d/live/kiosk?key=1" % self.port)
        return self

    async def __aexit__(self, *exc):
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        self.writer = writer
        try:
            assert await reader.readexactly(1) == b"\x03"
            first = await reader.readexactly(1536)
            said = bytes(range(256)) * 6
            writer.write(self.greeting + said + first)
            await writer.drain()
            self.echo = await reader.readexactly(1536) == said
            while True:
                await self._message(reader, writer)
        except (EOFError, OSError):
            pass  # the client has hung up
        await writer.wait_closed()

    async def _message(self, reader, writer):
        head = await reader.readexactly(12)
        assert head[0] >> 6 == 0
        at_ms, size = head[1] << 16 | head[2] << 8 | head[3], head[4] << 16 | head[5] << 8 | head[6]
        if at_ms == 0xFFFFFF:
            at_ms = struct.unpack(">I", await reader.readexactly(4))[0]
        data = await reader.readexactly(size)
        self.messages.append((head[7], struct.unpack("<I", head[8:12])[0], at_ms, data))
        if head[7] == 20:
            answer = self.answers.get(amf.decode(data)[0])
            if answer:
                writer.write(answer)
                await writer.drain()


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


async def test_publishing():
    async with Server() as server:
        client = rtmp.Client(server.url)
        await client.connect()
        commands = [amf.decode(data) for kind, _, _, data in server.messages if kind == 20]
        assert commands[0][0] == "connect" and commands[0][2]["app"] == "live"
        assert commands[0][2]["tcUrl"] == "rtmp://127.0.0.1:%d/live" % server.port
        assert commands[1] == ["createStream", 2.0, None] and commands[2] == [
            "publish",
            3.0,
            None,
            "kiosk?key=1",
            "live",
        ]
        assert server.echo and server.messages[0][0] == 1
        await client.send(rtmp.AUDIO, 5, b"sound")
        await client.send(rtmp.AUDIO, 0x1234567, memoryview(b"later"))
        await until(lambda: len(server.messages) == 6)
        assert server.messages[4:] == [(8, 1, 5, b"sound"), (8, 1, 0x1234567, b"later")]
        await raises(client.send(rtmp.AUDIO, 5, bytes(5000)), "TOO_BIG")
        await client.finish()
        client.close()


async def test_what_servers_ask_for():
    extra = (
        chunk(2, 5, struct.pack(">I", 3000))
        + chunk(2, 6, struct.pack(">IB", 2500000, 2))
        + chunk(2, 4, struct.pack(">HI", 6, 77))
    )
    extra += chunk(2, 1, struct.pack(">I", 4096)) + chunk(4, 18, bytes(3000), size=4096)
    async with Server({"connect": extra + CONNECTED}) as server:
        client = rtmp.Client(server.url)
        await client.connect()
        assert (4, 0, 0, struct.pack(">HI", 7, 77)) in server.messages
        assert (5, 0, 0, struct.pack(">I", 2500000)) in server.messages
        await until(lambda: any(kind == 3 for kind, _, _, _ in server.messages))  # what it has received
        client.close()


async def test_refusals():
    error = {"level": "error", "code": "NetConnection.Connect.Rejected", "description": "no such app"}
    for name, answer, part in (
        ("connect", command("_error", 1, None, error), "RTMP NetConnection.Connect.Rejected no such app"),
        ("connect", command("_error", 1), "RTMP refused"),
        ("createStream", command("_result", 2, None, "x"), "INVALID_RESPONSE"),
        ("createStream", command("_result", 2, None, -1), "INVALID_RESPONSE"),
        ("publish", command("onStatus", 0, None, {"level": "error", "code": "NetStream.Publish.BadName"}), "BadName"),
        ("connect", chunk(3, 20, b"\x02\0\x05ab"), "INVALID_RESPONSE"),
        ("connect", chunk(3, 20, amf.encode(5, 6)), "INVALID_RESPONSE"),
        ("connect", chunk(3, 18, bytes(5000)), "TOO_BIG"),
        ("connect", b"\xc9" + bytes(20), "INVALID_RESPONSE"),
        ("connect", chunk(2, 1, bytes(4)), "INVALID_RESPONSE"),
        ("connect", chunk(2, 1, b"x"), "INVALID_RESPONSE"),
        ("connect", chunk(3, 20, bytes(300))[:140] + chunk(3, 20, b""), "INVALID_RESPONSE"),
    ):
        async with Server({name: answer}) as server:
            client = rtmp.Client(server.url)
            await raises(client.connect(), part)
            client.close()
    async with Server(greeting=b"H") as server:
        client = rtmp.Client(server.url)
        await raises(client.connect(), "INVALID_RESPONSE")
        client.close()
    rtmp.patience_ms = 100
    async with Server({"publish": b""}) as server:
        client = rtmp.Client(server.url)
        await raises(client.connect(), "TIMED_OUT")
        client.close()
    for text in ("rtmp://h/", "rtmp://h/a", "rtmp://h/a/"):
        try:
            rtmp.Client(parse(text))
        except KioskError as exc:
            assert exc.args[0] == "url"
        else:
            raise AssertionError(text)


async def test_the_end_of_a_stream():
    async with Server() as server:
        client = rtmp.Client(server.url)
        await client.connect()
        job = asyncio.create_task(client.run())
        server.writer.write(command("onStatus", 0, None, {"level": "error", "code": "NetStream.Failed"}))
        await server.writer.drain()
        await raises(job, "NetStream.Failed")
        client.close()
        client = rtmp.Client(server.url)
        await client.connect()
        job = asyncio.create_task(client.run())
        await server.writer.wait_closed()
        await raises(job, "CONNECTION_")
        client.close()


async def test_mutations_neither_hang_nor_crash():
    random.seed(5)
    rtmp.patience_ms = 120
    good = {"connect": CONNECTED, "createStream": CREATED, "publish": STARTED}
    ends = []
    for _ in range(50):
        answers = {}
        for name, data in good.items():
            data = bytearray(data)
            for _ in range(random.randrange(3)):
                data[random.randrange(len(data))] = random.getrandbits(8)
            answers[name] = bytes(data)
        async with Server(answers) as server:
            client = rtmp.Client(server.url)
            try:
                await client.connect()
                ends.append("open")
            except KioskError as exc:
                ends.append(exc.args[0])
            client.close()
    assert "open" in ends and "network" in ends, ends


def test_amf():
    values = ["a", 1.5, True, False, None, {"k": {"deep": "x"}, "n": -2.0}, ""]
    assert amf.decode(amf.encode(*values)) == values
    assert amf.decode(b"\x08\0\0\0\x01\0\x01a\x05\0\0\x09" + b"\x06" + b"\x0a\0\0\0\x02\x05\x01\x01") == [
        {"a": None},
        None,
        [None, True],
    ]
    assert amf.decode(b"\x0c\0\0\0\x02hi" + b"\x0b" + bytes(10)) == ["hi", 0.0]
    for data in (
        b"\0",
        b"\x02\0\x05ab",
        b"\x03\0\x01a",
        b"\x11",
        b"\x0a\xff\xff\xff\xff",
        b"\x02\0\x01\xff",
        b"\x03\0\x01a" * 40 + b"\x05",
        b"\x05" * 200,
    ):
        try:
            amf.decode(data)
        except ValueError:
            continue
        raise AssertionError(data)
    random.seed(6)
    good = amf.encode(*values)
    for _ in range(1000):
        data = bytearray(good)
        for _ in range(3):
            data[random.randrange(len(data))] = random.getrandbits(8)
        try:
            amf.decode(bytes(data))
        except ValueError:
            continue


async def test_playing():
    """Pictures are passed over however long they are; sound is handed on; the end of what is published is the end."""
    over = command("onStatus", 0, None, {"level": "status", "code": "NetStream.Play.UnpublishNotify"})
    stream = chunk(6, 9, bytes(9000)) + chunk(7, 8, b"\x2fsound") + chunk(6, 9, b"") + chunk(7, 8, b"\x2fmore") + over
    heard = []
    async with Server({"play": command("onStatus", 0, None, {"level": "status", "code": "x"}) + stream}) as server:
        client = rtmp.Client(server.url, lambda data: heard.append(bytes(data)))
        await client.connect()
        asked = [amf.decode(data) for kind, _, _, data in server.messages if kind == 20]
        assert asked[2] == ["play", 3.0, None, "kiosk?key=1", -2.0]
        await raises(asyncio.wait_for_ms(client.run(), 20000), "CONNECTION_CLOSED")
        client.close()
        assert heard == [b"\x2fsound", b"\x2fmore"] and client.picture_bytes == 9000
    missing = command("onStatus", 0, None, {"level": "error", "code": "NetStream.Play.StreamNotFound"})
    async with Server({"play": missing}) as server:
        client = rtmp.Client(server.url, heard.append)
        await raises(client.connect(), "NetStream.Play.StreamNotFound")
        client.close()
