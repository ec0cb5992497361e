"""
RTMP: a client that publishes or plays.  Source: Adobe, "Real Time Messaging Protocol (RTMP) Specification", 1.0, 2012 ("RTMP").

    client = Client(url)
    await client.connect()              # handshake, connect, createStream, publish; play, if somebody hears
    await client.send(AUDIO, ms, data)
    await client.run()                  # answers the server until it hangs up

Raises KioskError "network"; one that the server refuses has `status` among its fields.
"""

import asyncio
import os
import struct

from kiosk.errors import KioskError, from_exception
from kiosk.live import amf
from kiosk.live.outgoing import Outgoing
from kiosk.net.reasons import failed
from kiosk.net.stream import connect

AUDIO = const(8)
_VIDEO = const(9)
DATA = const(18)
_SET_CHUNK_SIZE = const(1)
_ABORT = const(2)
_ACKNOWLEDGE = const(3)
_CONTROL = const(4)
_WINDOW = const(5)
_BANDWIDTH = const(6)
_COMMAND = const(20)
_PING = const(6)
_PONG = const(7)

_HANDSHAKE = const(1536)
_PIECE = const(256)
_CHUNK = const(4096)  # of ours: a message of sound fits into one
_MESSAGE_MAX = const(4096)  # of the server's
_STREAMS_MAX = const(8)
patience_ms = 10000  # for a connection, and for an answer
_CONTROL_STREAM = const(2)
_COMMAND_STREAM = const(3)
_SOUND_STREAM = const(4)
_EXTENDED = const(0xFFFFFF)
_LASTING = ("publish", "play")  # what is answered by a status
_OVER = ("NetStream.Play.Stop", "NetStream.Play.UnpublishNotify", "NetStream.Play.Complete")


class _Incoming:
    # One chunk stream of the server's: the head of its last message, and what has come of the one that is on its way.
    def __init__(self):
        self.length = self.kind = 0
        self.is_extended = False
        self.data = None
        self.filled = 0


class Client:
    """url (Url): rtmp://host/application/name.  heard(data): of a client that plays, gets each message of sound.

    stream, fault: as rtsp.Client has them.  picture_bytes (int): of pictures, which are passed over.
    """

    def __init__(self, url, heard=None):
        path = url.target.partition("?")[0]
        slash = path.rfind("/")
        self._application = path[1:slash] if slash > 0 else ""
        self._name = url.target[slash + 1 :]
        if not self._application or not self._name:
            raise KioskError("url", url.scheme + "://" + url.authority + url.target)
        self.url = url
        self.picture_bytes = 0
        self.stream = self.fault = None
        self._heard = heard
        self._task = None
        self._answers = []  # (name, transaction, values) of the server's commands
        self._came = asyncio.Event()
        self._incoming = {}
        self._chunk = 128
        self._window = self._acknowledged = 0
        self._stream_id = 0

    async def connect(self):
        """Everything up to where sound may be sent."""
        try:
            self.stream = await asyncio.wait_for_ms(connect(self.url, {}), patience_ms)
            await asyncio.wait_for_ms(self._shake_hands(), patience_ms)
        except asyncio.TimeoutError:
            raise failed("CONNECTION_TIMED_OUT")
        self._out = Outgoing(self.stream, 1)
        self._task = asyncio.create_task(self._read())
        await self._message(_CONTROL_STREAM, _SET_CHUNK_SIZE, 0, struct.pack(">I", _CHUNK))
        about = {
            "app": self._application,
            "type": "nonprivate",
            "flashVer": "FMLE/3.0 (compatible; mpkiosk)",
            "tcUrl": self.url.scheme + "://" + self.url.authority + "/" + self._application,
        }
        await self._call("connect", 1, 0, about)
        values = await self._call("createStream", 2, 0, None)
        if not values or not isinstance(values[-1], float) or not 0 < values[-1] < 1 << 31:
            raise failed("INVALID_RESPONSE")
        self._stream_id = int(values[-1])
        if self._heard:
            await self._call("play", 3, self._stream_id, None, self._name, -2)
        else:
            await self._call("publish", 3, self._stream_id, None, self._name, "live")

    def close(self):
        """Hang up, in any state."""
        if self._task:
            self._task.cancel()
            self._task = None
        if self.stream:
            self.stream.close()
            self.stream = None

    async def send(self, kind, at_ms, data):
        """A message of the stream that is published."""
        await self._message(_SOUND_STREAM, kind, at_ms, data, self._stream_id)

    async def finish(self):
        """Tell the server that it is over."""
        data = amf.encode("deleteStream", 4, None, self._stream_id)
        await self._message(_COMMAND_STREAM, _COMMAND, 0, data)

    async def run(self):
        """Returns only by raising: why the connection is over."""
        while not self.fault:
            for name, _, values in self._answers:
                if name == "onStatus":
                    _check_status(values)
                    if _is_over(values):
                        raise failed("CONNECTION_CLOSED")
            del self._answers[:]
            self._came.clear()
            await self._came.wait()
        raise self.fault

    # To the server.

    async def _shake_hands(self):
        stream = self.stream
        piece = memoryview(bytearray(_PIECE))
        piece[:] = os.urandom(_PIECE)
        await stream.write(b"\x03" + bytes(8) + bytes(piece[8:]))
        for _ in range(_HANDSHAKE // _PIECE - 1):
            await stream.write(piece)
        await self._exactly(piece[:1])
        if piece[0] != 3:
            raise failed("INVALID_RESPONSE")
        for _ in range(_HANDSHAKE // _PIECE):  # what it says first goes back to it
            await self._exactly(piece)
            await stream.write(piece)
        for _ in range(_HANDSHAKE // _PIECE):
            await self._exactly(piece)

    async def _call(self, name, transaction, stream_id, *values):
        # The values of the server's answer.
        del self._answers[:]
        await self._message(_COMMAND_STREAM, _COMMAND, 0, amf.encode(name, transaction, *values), stream_id)
        try:
            return await asyncio.wait_for_ms(self._answer_to(name, transaction), patience_ms)
        except asyncio.TimeoutError:
            raise failed("CONNECTION_TIMED_OUT")

    async def _answer_to(self, name, transaction):
        while True:
            while self._answers:
                answer, number, values = self._answers.pop(0)
                if answer == "_error" and number == transaction:
                    raise _refusal(values)
                if answer == "_result" and number == transaction and name not in _LASTING:
                    return values
                if answer == "onStatus":
                    _check_status(values)
                    if name in _LASTING:
                        return values
            if self.fault:
                raise self.fault
            self._came.clear()
            await self._came.wait()

    async def _message(self, stream, kind, at_ms, data, stream_id=0):
        # In one piece (RTMP 5.3.1): our chunks are long enough for all that we send but an endless name.
        extended = at_ms >= _EXTENDED
        head = struct.pack(
            ">BIHB", stream, (_EXTENDED if extended else at_ms) << 8 | len(data) >> 16, len(data) & 0xFFFF, kind
        )
        head += struct.pack("<I", stream_id) + (struct.pack(">I", at_ms & 0xFFFFFFFF) if extended else b"")
        if len(data) > (_CHUNK if kind != _SET_CHUNK_SIZE else 128):
            raise failed("MSG_TOO_BIG")
        await self._out.send(head + bytes(data))

    # From the server.

    async def _read(self):
        try:
            while True:
                await self._chunk_in()
                if self._window and self.stream.received - self._acknowledged >= self._window // 2:
                    self._acknowledged = self.stream.received
                    await self._message(
                        _CONTROL_STREAM, _ACKNOWLEDGE, 0, struct.pack(">I", self._acknowledged & 0xFFFFFFFF)
                    )
        except Exception as exc:  # noqa: BLE001  a supervisor: whoever waits hears of it
            self.fault = from_exception(exc)
            self._came.set()

    async def _exactly(self, view):
        at = 0
        while at < len(view):
            count = await self.stream.readinto(view[at:])
            if not count:
                raise failed("CONNECTION_CLOSED")
            at += count

    async def _pass_over(self, count):
        self.picture_bytes += count
        view = memoryview(bytearray(min(count, _PIECE)))
        while count:
            await self._exactly(view[: min(count, len(view))])
            count -= min(count, len(view))

    async def _bytes(self, count):
        data = bytearray(count)
        await self._exactly(memoryview(data))
        return data

    async def _chunk_in(self):
        incoming = await self._chunk_head()
        if incoming.data is None:
            is_unwanted = incoming.kind == _VIDEO and self._heard
            if incoming.length > _MESSAGE_MAX and not is_unwanted:
                raise failed("MSG_TOO_BIG")
            incoming.data, incoming.filled = bytearray(0 if is_unwanted else incoming.length), 0
        count = min(self._chunk, incoming.length - incoming.filled)
        if count and not incoming.data:
            await self._pass_over(count)
        elif count:
            await self._exactly(memoryview(incoming.data)[incoming.filled : incoming.filled + count])
        incoming.filled += count
        if incoming.filled == incoming.length:
            data, incoming.data = incoming.data, None
            await self._take(incoming.kind, data)

    async def _chunk_head(self):
        # The _Incoming that the next chunk is of.
        first = (await self._bytes(1))[0]
        form, number = first >> 6, first & 63
        if number < 2:
            more = await self._bytes(number + 1)
            number = more[0] + 64 + (more[1] << 8 if number else 0)
        incoming = self._incoming.get(number)
        if incoming is None:
            if form or len(self._incoming) == _STREAMS_MAX:
                raise failed("INVALID_RESPONSE")
            incoming = self._incoming[number] = _Incoming()
        if form < 3:
            head = await self._bytes((11, 7, 3)[form])
            if incoming.data is not None:
                raise failed("INVALID_RESPONSE")
            incoming.is_extended = head[0:3] == b"\xff\xff\xff"
            if form < 2:
                incoming.length, incoming.kind = head[3] << 16 | head[4] << 8 | head[5], head[6]
        if incoming.is_extended:
            await self._bytes(4)
        return incoming

    async def _take(self, kind, data):
        if kind == _COMMAND:
            self._command(data)
        elif kind == AUDIO and self._heard:
            self._heard(data)
        elif kind in (_SET_CHUNK_SIZE, _ABORT, _WINDOW, _BANDWIDTH):
            if len(data) < 4:
                raise failed("INVALID_RESPONSE")
            value = struct.unpack(">I", data[:4])[0]
            if kind == _SET_CHUNK_SIZE:
                if not 0 < value < 1 << 31:
                    raise failed("INVALID_RESPONSE")
                self._chunk = value
            elif kind == _WINDOW:
                self._window = value
            elif kind == _BANDWIDTH:
                await self._message(_CONTROL_STREAM, _WINDOW, 0, data[:4])
            elif value in self._incoming:
                self._incoming[value].data = None
        elif kind == _CONTROL and len(data) >= 6 and data[0] << 8 | data[1] == _PING:
            await self._message(_CONTROL_STREAM, _CONTROL, 0, struct.pack(">H", _PONG) + data[2:6])

    def _command(self, data):
        try:
            values = amf.decode(data)
        except ValueError:
            raise failed("INVALID_RESPONSE")
        if len(values) < 2 or not isinstance(values[0], str):
            raise failed("INVALID_RESPONSE")
        if len(self._answers) < _STREAMS_MAX:
            self._answers.append((values[0], values[1], values[2:]))
        self._came.set()


def _check_status(values):
    found = values[-1] if values else None
    if isinstance(found, dict) and found.get("level") == "error":
        raise _refusal(values)


def _is_over(values):
    found = values[-1] if values else None
    return isinstance(found, dict) and found.get("code") in _OVER


def _refusal(values):
    found = values[-1] if values else None
    text = "refused"
    if isinstance(found, dict):
        text = "%s %s" % (found.get("code", text), found.get("description", ""))
    return KioskError("network", "RTMP " + text[:200].strip(), status=0)
