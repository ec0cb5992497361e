"""
What is to be sent on a socket: a queue with a limit, and the task that empties it.

Touches the stream it is given and the event loop.  A small frame goes at once if nothing is before it and the system
takes it; the task exists only while something has to wait.
"""

import asyncio
import os

from kiosk.errors import KioskError
from kiosk.net.websocket.frames import CLOSE, PONG, head
from kiosk.net.websocket.octets import mask

_QUEUED_BYTES_MAX = const(32768)
_ENTRY_BYTES = const(64)  # what a message takes in the queue besides its data
_PONGS_MAX = const(16)
_CHUNK_BYTES = const(4096)  # masked at a time; a multiple of 4
_HEAD_BYTES = const(16)  # room for a head before the data, which so begins at a whole word


class Outbox:
    """Frames to be sent, in this order: pongs, messages, a close frame.

    buffered (int): bytes of messages that the system has not taken yet.
    failed(exc) is called if it cannot go on for want of memory: a frame may have gone in part.
    """

    def __init__(self, stream, failed):
        self._stream = stream
        self._failed = failed
        self._rest = None  # memoryview: of a frame that the system has taken a part of
        self._rest_counts = 0  # in `buffered`, until that has gone
        self._queue = []  # opcode, data (str or bytes); one after the other
        self._pongs = []
        self._close = None
        self._task = None
        self.buffered = 0

    def message(self, opcode, data):
        """Send or queue a message; data (str or bytes-like) may change afterwards.

        KioskError "network" if the queue would get longer than 32 KB; a single message may be of any size.
        """
        length = len(memoryview(data))
        if not self._task and length <= _CHUNK_BYTES:
            self._post(opcode, data, length)
            return
        size = self.buffered + length + _ENTRY_BYTES * (len(self._queue) // 2 + 1)
        if self._task and size > _QUEUED_BYTES_MAX:
            raise KioskError("network", "send queue is full: %d bytes are waiting" % self.buffered)
        self._queue.append(opcode)
        self._queue.append(data if isinstance(data, (str, bytes)) else bytes(data))
        self.buffered += length
        self._wake()

    def pong(self, data):
        """Answer a ping.  Of those that have to wait, the last 16 are answered (RFC 6455, 5.5.3 asks for the last)."""
        if not self._task:
            self._post(PONG, data, 0)
            return
        if len(self._pongs) == _PONGS_MAX:
            self._pongs.pop(0)
        self._pongs.append(data)

    def close(self, data, at_once=False):
        """Send a close frame after what is queued, or instead of it."""
        if at_once:
            self._drop()
        if not self._task:
            self._post(CLOSE, data, 0)
        else:
            self._close = data

    async def flushed(self):
        """Wait until there is nothing left to send."""
        if self._task:
            await self._task

    def cancel(self):
        """Send nothing more."""
        if self._task:
            self._task.cancel()
            self._task = None
        self._broken_off()

    def farewell(self, data):
        """Send a close frame here and now if nothing is in the way: there is no later."""
        if not self._task:
            try:
                self._stream.write_now(_small(CLOSE, data))
            except KioskError:
                return

    def _post(self, opcode, data, counts):
        # A small frame, with nothing before it.
        frame = _small(opcode, data)
        try:
            taken = self._stream.write_now(frame)
        except KioskError:  # what has become of the connection is told by reading, which may still have something
            return
        if taken < len(frame):
            self._rest = frame[taken:]
            self._rest_counts = counts
            self.buffered += counts
            self._wake()

    def _drop(self):
        # But not the rest of a frame: after a part of it nothing else would be understood.
        self._queue.clear()
        self._pongs.clear()
        self.buffered = self._rest_counts

    def _broken_off(self):
        self._rest, self._rest_counts = None, 0
        self._drop()

    def _wake(self):
        if not self._task:
            self._task = asyncio.create_task(self._drain())

    async def _drain(self):
        try:
            while True:
                if self._rest is not None:
                    await self._stream.write(self._rest)
                    self._sent(self._rest_counts)
                    self._rest, self._rest_counts = None, 0
                elif self._pongs:
                    await send_frame(self._stream, PONG, self._pongs.pop(0))
                elif self._queue:
                    opcode, data = self._queue.pop(0), self._queue.pop(0)
                    await send_frame(self._stream, opcode, data)
                    self._sent(len(memoryview(data)))
                elif self._close is not None:
                    data, self._close = self._close, None
                    await send_frame(self._stream, CLOSE, data)
                else:
                    break
        except KioskError:  # as in _post()
            self._broken_off()
        except MemoryError as exc:
            self._broken_off()
            self._failed(exc)
        self._task = None

    def _sent(self, count):
        self.buffered = max(0, self.buffered - count)  # after a drop() it may count less


async def send_frame(stream, opcode, data):
    """Send a whole message or a control frame; data is str or bytes-like and left as it is meanwhile."""
    length = len(memoryview(data))
    if length <= _CHUNK_BYTES:
        await stream.write(_small(opcode, data))
        return
    data = memoryview(data)
    key = os.urandom(4)
    buffer = bytearray(_HEAD_BYTES + _CHUNK_BYTES)
    number = int.from_bytes(key, "little")
    start = _with_head(buffer, head(opcode, length, key))
    for at in range(0, length, _CHUNK_BYTES):
        await stream.write(_masked(buffer, start, data[at : at + _CHUNK_BYTES], number))
        start = _HEAD_BYTES


def _small(opcode, data):
    data = memoryview(data)
    key = os.urandom(4)
    buffer = bytearray(_HEAD_BYTES + len(data))
    start = _with_head(buffer, head(opcode, len(data), key))
    return _masked(buffer, start, data, int.from_bytes(key, "little"))


def _with_head(buffer, written):
    start = _HEAD_BYTES - len(written)
    buffer[start:_HEAD_BYTES] = written
    return start


def _masked(buffer, start, data, key):
    end = _HEAD_BYTES + len(data)
    view = memoryview(buffer)
    view[_HEAD_BYTES:end] = data
    mask(buffer, _HEAD_BYTES, end, key)
    return view[start:end]
