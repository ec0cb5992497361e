"""
The other end of a WebSocket, scripted: a play for tests/fakes/httpserver.py, and a client whose events are noted.

    async def play(peer):
        await peer.send(TEXT, b"hello")

    async with Sockets(websocket(play)) as net:
        client = await Client(net).opened()

Runs in MicroPython.
"""

import asyncio
import binascii
import hashlib

import wx
from kiosk.net.websocket import sockets
from tests.fakes.httpserver import HOST, Loopback

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_WAIT_MS = 8000


def frame(opcode, data=b"", final=True, bits=0, length=None, mask=False):
    """bytes: a frame as a server sends it, or as none may."""
    size = len(data) if length is None else length
    first = bytes(((0x80 if final else 0) | bits | opcode,))
    masked = 0x80 if mask else 0
    if size < 126:
        return first + bytes((masked | size,)) + data
    if size < 65536:
        return first + bytes((masked | 126,)) + size.to_bytes(2, "big") + data
    return first + bytes((masked | 127,)) + size.to_bytes(8, "big") + data


def closing(code, reason=b""):
    """bytes: a close frame."""
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


def header_of(lines, name):
    """str: a header of a request (list of lines), or None."""
    for line in lines:
        if line.lower().startswith(name.lower() + ":"):
            return line.partition(":")[2].strip()
    return None


def accepted(lines, *more):
    """bytes: the answer to a request that makes a WebSocket."""
    key = header_of(lines, "Sec-WebSocket-Key").encode()
    value = binascii.b2a_base64(hashlib.sha1(key + _GUID).digest()).strip().decode()
    head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
    head += "Sec-WebSocket-Accept: %s\r\n" % value
    return (head + "".join(line + "\r\n" for line in more) + "\r\n").encode()


class Peer:
    """The server's end of a WebSocket."""

    def __init__(self, connection):
        self.connection = connection
        self.keys = []  # the masking keys that came last

    async def raw(self, data):
        """Send bytes."""
        await self.connection.send(data)

    async def send(self, opcode, data=b"", **how):
        """Send a frame."""
        await self.raw(frame(opcode, data, **how))

    async def receive(self):
        """(opcode, data) of the next frame; EOFError when the client has hung up."""
        read = self.connection.stream.readexactly
        first, second = await read(2)
        assert first & 0x70 == 0 and first & 0x80, first
        assert second & 0x80, "not masked"
        length = second & 127
        if length >= 126:
            length = int.from_bytes(await read(2 if length == 126 else 8), "big")
        key = await read(4)
        self.keys = self.keys[-99:] + [key]
        data = bytearray(await read(length))
        for at in range(length):
            data[at] ^= key[at & 3]
        return first & 15, bytes(data)

    async def until_close(self):
        """The data of the close frame that comes, whatever comes before it."""
        while True:
            opcode, data = await self.receive()
            if opcode == CLOSE:
                return data


def websocket(play, *more):
    """A play of HTTP: make the handshake, then let `play(peer)` go on; it may end with the client hanging up."""

    async def serve(connection):
        lines = await connection.request()
        if not header_of(lines, "Sec-WebSocket-Key"):  # the request after the test
            return
        await connection.send(accepted(lines, *more))
        try:
            await play(Peer(connection))
        except EOFError:
            return

    return serve


async def echo(peer):
    """Play: send back what comes, until the client closes."""
    while True:
        opcode, data = await peer.receive()
        await peer.send(opcode, data)
        if opcode == CLOSE:
            return


class Sockets(Loopback):
    """A Loopback that ends the sockets that a test has left open before it looks at what is left."""

    async def __aexit__(self, exc_type, exc, traceback):
        if exc_type is None:
            sockets.close_all()
        return await super().__aexit__(exc_type, exc, traceback)


class Client:
    """wx.connectSocket to a Loopback; `heard` has ("open", header), ("message", data), ("error", errMsg), ("close", (code, reason))."""

    def __init__(self, net, path="/", **options):
        options["url"] = "ws://%s:%d%s" % (HOST, net.port, path)
        self.heard = []
        self.task = wx.connectSocket(options)
        self.task.onOpen(lambda res: self.heard.append(("open", res.header)))
        self.task.onMessage(lambda res: self.heard.append(("message", res.data)))
        self.task.onError(lambda res: self.heard.append(("error", res.errMsg)))
        self.task.onClose(lambda res: self.heard.append(("close", (res.code, res.reason))))

    async def until(self, name, count=1):
        """Wait for `count` events of a name; return what came with the last one."""
        waited = 0
        while True:
            found = [value for kind, value in self.heard if kind == name]
            if len(found) >= count:
                return found[count - 1]
            assert waited < _WAIT_MS and (name == "close" or not self.ended()), (name, count, self.heard[-5:])
            await asyncio.sleep_ms(2)
            waited += 2

    def ended(self):
        """bool: whether the socket is closed."""
        return bool(self.heard) and self.heard[-1][0] == "close"

    async def opened(self):
        """Wait until it is open; returns itself."""
        await self.until("open")
        return self

    async def closed(self):
        """Wait until it is closed; (code, reason, list of errors)."""
        code, reason = await self.until("close")
        await asyncio.sleep_ms(5)
        kinds = [kind for kind, _ in self.heard]
        assert kinds.count("close") == 1 and kinds[-1] == "close" and kinds.count("error") <= 1, kinds
        assert self.task.readyState == self.task.CLOSED
        return code, reason, [value for kind, value in self.heard if kind == "error"]

    def messages(self):
        """What has been received."""
        return [value for kind, value in self.heard if kind == "message"]
