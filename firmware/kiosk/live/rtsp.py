"""
RTSP: a client for both directions, over one TCP connection (RFC 2326).

    client = Client(Address("rtsp://server/stream"), heard)
    await client.connect()
    answer = await client.request("DESCRIBE", headers=("Accept: application/sdp",))

Authenticates itself when it is asked to, follows redirections, keeps its session alive while keep_alive() runs.  Packets that come
between the answers go to `heard(channel, view)`, a coroutine function; those of over _PACKET bytes are left out.

Raises KioskError: "network" for what is wrong with the connection and for what the server refuses, whose `fields` have its
`status`.
"""

import asyncio
from time import ticks_diff, ticks_ms

from kiosk.errors import KioskError, from_exception
from kiosk.live import auth
from kiosk.live.outgoing import Outgoing
from kiosk.net.message import Response
from kiosk.net.reasons import failed
from kiosk.net.stream import connect

patience_ms = 10000  # for a connection, and for an answer
_REDIRECTS_MAX = const(5)
_HEAD_BYTES_MAX = const(8192)
_LINES_MAX = const(64)
_BODY_BYTES_MAX = const(16384)
_PACKET = const(2048)
_REST = const(1408)  # of rtpjpeg.py's packets
_SESSION_S = const(60)
_DOLLAR = const(36)


class Answer:
    """status (int), reason (str), body (bytes); get(name): a header by its name in lower case (bytes), "" without one."""

    def __init__(self, status, reason, head, body):
        self.status = status
        self.reason = reason
        self.get = head.get
        self.body = body


class Client:
    """address (address.Address): where it has got, after redirections; stream, out (Outgoing): of the connection.

    session (str), session_s (int): once there is one.  fault (KioskError): why the connection is over, or None.
    """

    def __init__(self, address, heard=None):
        self.address = address
        self.stream = self.out = self.fault = None
        self.session = ""
        self.session_s = _SESSION_S
        self.methods = ()
        self._heard = heard
        self._task = self._challenge = self._wanted = None
        self._number = 0
        self._came = asyncio.Event()
        self._asking = asyncio.Lock()

    async def connect(self):
        """Connect, and ask what the server can do (`methods`)."""
        await self._open()
        answer = await self.request("OPTIONS")
        self.methods = tuple([name.strip() for name in answer.get(b"public").split(",") if name.strip()])

    async def _open(self):
        try:
            self.stream = await asyncio.wait_for_ms(connect(self.address.url, {}), patience_ms)
        except asyncio.TimeoutError:
            raise failed("CONNECTION_TIMED_OUT")
        self.out = Outgoing(self.stream, _REST)
        self.fault = self._challenge = None
        self.session = ""
        self._task = asyncio.create_task(self._read(self.stream))

    def close(self):
        """Hang up, in any state."""
        if self._task:
            self._task.cancel()
            self._task = None
        if self.stream:
            self.stream.close()
            self.stream = None

    # Requests.

    async def request(self, method, target=None, headers=(), body=b""):
        """Answer: of a request about `target` (str; the stream itself without one) with more `headers` (each "Name: value").

        A challenge is answered, a redirection of the first request followed.
        """
        moved = 0
        async with self._asking:
            while True:
                answer = await self._exchange(method, target or self.address.text, headers, body)
                if answer.status == 401 and self.address.user and self._may_answer(answer):
                    continue
                if answer.status in (301, 302, 303, 305, 307) and not self.session and target is None:
                    moved += 1
                    if moved > _REDIRECTS_MAX:
                        raise KioskError("redirects", _REDIRECTS_MAX)
                    await self._move(answer.get(b"location"))
                    continue
                break
        if not 200 <= answer.status < 300:
            text = "RTSP %d %s" % (answer.status, answer.reason)
            raise KioskError("network", text, status=answer.status)
        session, _, rest = answer.get(b"session").partition(";")
        if session:
            self.session = session.strip()
            rest = rest.strip()
            if rest.startswith("timeout=") and rest[8:].isdigit() and len(rest) < 14:
                self.session_s = max(2, int(rest[8:]))
        return answer

    def _may_answer(self, answer):
        found = auth.challenge(answer.get(b"www-authenticate"))
        if self._challenge and not found.is_stale:
            return False  # it has been answered, and that was wrong
        self._challenge = found
        return True

    async def _move(self, location):
        try:
            address = self.address.moved(location)
            if address.url.scheme != "rtsp":
                raise KioskError("url", location)
        except KioskError:
            raise failed("INVALID_REDIRECT")
        self.close()
        self.address = address
        await self._open()

    async def _exchange(self, method, target, headers, body):
        self._number += 1
        lines = ["%s %s RTSP/1.0" % (method, target), "CSeq: %d" % self._number, "User-Agent: mpkiosk"]
        if self.session:
            lines.append("Session: " + self.session)
        if self._challenge:
            user, password = self.address.user, self.address.password
            lines.append("Authorization: " + self._challenge.answer(method, target, user, password))
        lines.extend(headers)
        if body:
            lines.append("Content-Length: %d" % len(body))
        self._wanted, self._answer = self._number, None
        self._came.clear()
        if self.fault:
            raise self.fault
        await self.out.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        try:
            await asyncio.wait_for_ms(self._came.wait(), patience_ms)
        except asyncio.TimeoutError:
            raise failed("CONNECTION_TIMED_OUT")
        finally:
            self._wanted = None
        if self._answer is None:
            raise self.fault
        return self._answer

    async def keep_alive(self):
        """Ask for nothing as often as the session wants it, for ever; returns only by raising."""
        method = "GET_PARAMETER" if "GET_PARAMETER" in self.methods else "OPTIONS"
        asked_at = ticks_ms()
        while True:
            await asyncio.sleep_ms(200)
            if self.fault:
                raise self.fault
            if ticks_diff(ticks_ms(), asked_at) < self.session_s * 500:
                continue
            try:
                await self.request(method, self.address.text)
            except KioskError as exc:
                if "status" not in exc.fields:
                    raise
                if exc.fields["status"] == 454:  # the session is gone
                    raise
                method = "OPTIONS"
            asked_at = ticks_ms()

    # What comes.

    async def _read(self, stream):
        try:
            while True:
                if not stream.buffered() and not await stream.fill():
                    raise failed("CONNECTION_CLOSED")
                if stream.peek(1)[0] == _DOLLAR:
                    await self._packet(stream)
                else:
                    await self._message(stream)
        except Exception as exc:  # noqa: BLE001  a supervisor: whoever asks next hears of it
            self.fault = from_exception(exc)
            self._came.set()

    async def _exactly(self, stream, view):
        at = 0
        while at < len(view):
            count = await stream.readinto(view[at:])
            if not count:
                raise failed("CONNECTION_CLOSED")
            at += count

    async def _packet(self, stream):
        if self._heard is None:
            raise failed("INVALID_RESPONSE")
        if not hasattr(self, "_room"):
            self._room = memoryview(bytearray(_PACKET))
        room = self._room
        await self._exactly(stream, room[:4])
        channel, size = room[1], room[2] << 8 | room[3]
        is_short = size <= _PACKET
        while size > _PACKET:
            await self._exactly(stream, room)
            size -= _PACKET
        if size:
            await self._exactly(stream, room[:size])
        if is_short:
            await self._heard(channel, room[:size])

    async def _message(self, stream):
        while True:
            if stream.peek(1) in (b"\r", b"\n"):  # between messages there may be empty lines
                stream.take(memoryview(bytearray(1)))
                if not stream.buffered():
                    return
                continue
            start = stream.peek(5)
            if bytes(start) != b"RTSP/"[: len(start)] and not all(65 <= byte <= 95 for byte in start):
                raise failed("INVALID_RESPONSE")
            block = stream.until_empty_line()
            if block is not None:
                break
            if stream.buffered() > _HEAD_BYTES_MAX:
                raise failed("RESPONSE_HEADERS_TOO_BIG")
            if not await stream.fill():
                raise failed("CONNECTION_CLOSED")
        lines = bytes(block).split(b"\n")
        if len(lines) > _LINES_MAX:
            raise failed("RESPONSE_HEADERS_TOO_BIG")
        first = lines.pop(0).strip()
        head = Response(0, True)
        head.add(lines)
        size = head.get(b"content-length") or "0"
        if not size.isdigit() or len(size) > 6 or int(size) > _BODY_BYTES_MAX:
            raise failed("INVALID_RESPONSE")
        body = bytearray(int(size))
        await self._exactly(stream, memoryview(body))
        if first.startswith(b"RTSP/1."):
            self._take(first, head, body)
        else:
            await self._refuse(first, head)

    def _take(self, first, head, body):
        parts = first.split(None, 2)
        if len(parts) < 2 or len(parts[1]) != 3 or not parts[1].isdigit():
            raise failed("INVALID_RESPONSE")
        number = head.get(b"cseq")
        if self._wanted is None or number != str(self._wanted):
            return  # the answer to what nobody waits for any longer
        reason = parts[2] if len(parts) > 2 else b""
        text = "".join(chr(byte) for byte in reason[:80] if 32 <= byte < 127)
        self._answer = Answer(int(parts[1]), text, head, bytes(body))
        self._came.set()

    async def _refuse(self, first, head):
        # Servers may ask, too (RFC 2326, 10): what for is not of interest here, but they wait for an answer.
        number = head.get(b"cseq")
        if first.split(None, 1)[-1:] == [first] or not number.isdigit():
            raise failed("INVALID_RESPONSE")
        status = "200 OK" if first.startswith(b"OPTIONS ") else "501 Not Implemented"
        await self.out.send(("RTSP/1.0 %s\r\nCSeq: %s\r\n\r\n" % (status, number)).encode())


def parameter(transport, name):
    """tuple of int: the one or two numbers of a parameter of a Transport header, such as of interleaved=0-1; () without it."""
    for part in transport.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            numbers = value.split("-")
            if len(numbers) <= 2 and all(number.isdigit() and len(number) < 6 for number in numbers):
                return tuple([int(number) for number in numbers])
    return ()
