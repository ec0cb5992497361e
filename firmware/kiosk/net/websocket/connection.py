"""
One WebSocket from its first byte to its last: connecting, open, closing, closed.

Touches the network through stream, and the event loop.  What happens is told to an owner, an object with
`opened(header)`, `message(data)` (str or bytes), which returns the Tasks (tuple) that work on it, and, last and once,
`closed(code, reason, error)`: error is the KioskError that the connection failed with, or None.
"""

import asyncio
from asyncio import core

from kiosk.errors import KioskError, from_exception
from kiosk.net.stream import connect
from kiosk.net.websocket.frames import (
    ABNORMAL,
    BINARY,
    CLOSE,
    GOING_AWAY,
    NO_STATUS,
    NORMAL,
    PING,
    PONG,
    TEXT,
    Refused,
    close_data,
    parse_close,
)
from kiosk.net.websocket.handshake import open_websocket
from kiosk.net.websocket.inbox import Inbox
from kiosk.net.websocket.octets import check
from kiosk.net.websocket.outbox import Outbox
from kiosk.net.websocket.reader import Reader

CONNECTING = const(0)
OPEN = const(1)
CLOSING = const(2)
CLOSED = const(3)

_CLOSE_MS = const(5000)  # for what is queued, the peer's answer and the end of the connection
_LINGER_MS = const(1000)  # once both have said goodbye, for the server to end the connection (RFC 6455, 7.1.1)
_BUSY_MS = const(10)  # between looks whether listeners are done with enough to read on
_TIMEOUT_MS_MAX = const(86400000)  # a day; asyncio's clock wraps after twelve
_NOT_CONNECTED = "WebSocket is not connected"


class Connection:
    """A WebSocket; start() makes it.  state is one of CONNECTING, OPEN, CLOSING, CLOSED."""

    def __init__(self, url, header, protocols, owner):
        self.state = CONNECTING
        self._opening = (url, header, protocols)
        self._owner = owner
        self._stream = None
        self._outbox = None
        self._task = None
        self._started = False
        self._timer = None
        self._cause = None  # KioskError that the connection ends for, unless something else ends it
        self._late = False  # the time for closing is over
        self._outcome = (ABNORMAL, "abnormal closure")
        self._wish = None  # code, reason: what close() was called with
        self._forced = None  # code, reason: what the owner hears, whatever the peer says

    @property
    def buffered(self):
        """int: bytes of messages that have not been sent."""
        return self._outbox.buffered if self._outbox else 0

    def start(self, timeout_ms):
        """Begin to connect; that takes at most timeout_ms."""
        self._limit(timeout_ms)
        # Not by tasks.spawn(): closing the mini-program would wait for it first, instead of ending it.
        self._task = asyncio.create_task(self._run())

    def send(self, data):
        """Queue a message: str as text, bytes-like as binary.  KioskError "network", "invalid data"."""
        if self.state != OPEN:
            raise KioskError("network", _NOT_CONNECTED)
        if isinstance(data, str):
            view = memoryview(data)
            if check(view, len(view), 0):
                raise KioskError("invalid data", "parameter.data is not valid UTF-8")
            self._outbox.message(TEXT, data)
        else:
            self._outbox.message(BINARY, data)

    def close(self, code, reason):
        """Begin to close.  While connecting, that ends the attempt.  Nothing happens where it closes already."""
        if self.state == CONNECTING:
            self._give_up(KioskError("network", "WebSocket is closed before the connection is established"))
        elif self.state == OPEN:
            self._wish = (code, reason)
            self._say_close(code, reason)

    def interrupt(self, reason):
        """Close for the kiosk's own reasons: whatever the peer says, the owner hears (1000, reason)."""
        self._forced = (NORMAL, reason)
        if self.state == CONNECTING:
            self._give_up(KioskError("interrupted"))
        else:
            self.close(NORMAL, reason)

    def abandon(self, reason):
        """End now, without telling the owner: the mini-program is gone."""
        if self.state == OPEN:
            self._outbox.farewell(close_data(NORMAL, reason))
        self._owner = None
        if self._started:
            self._task.cancel()
        self._release()

    async def _run(self):
        self._started = True
        error = self._cause
        try:
            if self._owner and not error:
                header = await self._connect()
                self._owner.opened(header)
                await self._converse()
        except (KioskError, OSError, MemoryError) as exc:
            error = from_exception(exc)
        except asyncio.CancelledError:
            if not self._cause and not self._late:
                raise
        finally:
            self._release()
        self._tell(error or self._cause)

    def _tell(self, error):
        owner, self._owner = self._owner, None
        if owner:
            code, reason = self._forced or self._outcome
            if code == NORMAL and not reason:
                reason = "normal closure"
            owner.closed(code, reason, error)

    def _release(self):
        # In this order: the poller must know of no task any more when the socket goes.
        self.state = CLOSED
        self._stop_timer()
        if self._outbox:
            self._outbox.cancel()
        if self._stream:
            self._stream.close()
        self._opening = None

    async def _connect(self):
        url, header, protocols = self._opening
        self._stream = await connect(url, {})
        answer = await open_websocket(self._stream, url, header, protocols)
        self._opening = None
        self._stop_timer()
        self._outbox = Outbox(self._stream, self._end)
        self.state = OPEN
        return answer

    async def _converse(self):
        # Until the connection has ended.
        try:
            await self._receive(Reader(self._stream))
        except EOFError:
            if self.state == OPEN:
                self._outcome = (GOING_AWAY, "Stream end encountered")
            return
        except Refused as exc:
            self._cause = KioskError("network", exc.reason)
            self._outcome = (exc.code, exc.reason)
            self._say_close(exc.code, exc.reason, True)
        await self._outbox.flushed()
        self._limit(_LINGER_MS)
        try:
            await self._drain()
        except (KioskError, asyncio.CancelledError) as exc:  # all has been said: how the connection ends is no news
            if isinstance(exc, asyncio.CancelledError) and not self._late:
                raise

    async def _receive(self, reader):
        # Until the peer closes.
        inbox = Inbox()
        heard = 0
        while True:
            opcode, data = await reader.next()
            if opcode == PING:
                if self.state == OPEN:
                    self._outbox.pong(data)
            elif opcode == CLOSE:
                self._closed_by_peer(*parse_close(data))
                return
            elif opcode != PONG and self.state == OPEN:
                heard += 1
                if not heard & 7:  # what listeners have called of the API gets its turn, however fast messages come
                    await asyncio.sleep_ms(0)
                    if self.state != OPEN:
                        continue
                begun = self._owner.message(data)
                if begun:
                    inbox.add(begun, data)
                    # Not by awaiting one of them: whatever cancels a task that waits for another cancels the other.
                    while self.state == OPEN and inbox.full:
                        await asyncio.sleep_ms(_BUSY_MS)

    def _closed_by_peer(self, code, reason):
        if self.state == OPEN:
            self._outcome = (code, reason)
            self._say_close(code, "")
        elif self._wish:
            # An answer need repeat neither the code nor the reason.
            self._outcome = (self._wish[0] if code == NO_STATUS else code, reason or self._wish[1])

    async def _drain(self):
        rest = memoryview(bytearray(64))
        while await self._stream.readinto(rest):
            pass

    def _say_close(self, code, reason, at_once=False):
        if self.state == OPEN:
            self.state = CLOSING
            self._outbox.close(close_data(code, reason), at_once)
            self._limit(_CLOSE_MS)

    def _end(self, exc):
        # From another task.
        self._cause = self._cause or from_exception(exc)
        self._task.cancel()

    def _give_up(self, error):
        # End the attempt to connect, never from within its own task: nobody is told of anything before it is over.
        if not self._cause:
            self._cause = error
            if self._started:
                self._task.cancel()

    def _limit(self, time_ms):
        self._stop_timer()
        self._timer = asyncio.create_task(self._expire(int(min(time_ms, _TIMEOUT_MS_MAX))))

    def _stop_timer(self):
        timer, self._timer = self._timer, None
        if timer and not timer.done():
            core._task_queue.remove(timer)  # as it only ever sleeps; cancel() would cost a turn of the loop

    async def _expire(self, time_ms):
        await asyncio.sleep_ms(time_ms)
        self._timer = None
        if self.state == CONNECTING:
            self._give_up(KioskError("timeout"))
        else:
            self._late = True
            self._task.cancel()
