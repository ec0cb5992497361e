"""
What is to be sent on a socket: a queue with a limit, and the task that empties it.

Touches the stream it is given and the event loop.  The task exists only while there is something to send.
"""

import asyncio
import os

from kiosk.errors import KioskError
from kiosk.net.websocket.frames import CLOSE, PONG, head
from kiosk.net.websocket.octets import mask

_QUEUED_BYTES_MAX = const(32768)
_ENTRY_BYTES = const(64)  # what a message takes in the queue besides its data
_CHUNK_BYTES = const(1024)  # masked at a time; a multiple of 4
_HEAD_BYTES = const(16)  # room for a head before the data, which so begins at a whole word


class Outbox:
    """Frames to be sent, in this order: one pong, messages, a close frame.

    buffered (int): bytes of messages that the system has not taken yet.
    """

    def __init__(self, stream):
        self._stream = stream
        self._queue = []  # opcode, data (memoryview); one after the other
        self._pong = None
        self._close = None
        self._task = None
        self.buffered = 0

    def message(self, opcode, data):
        """Queue a message; data (memoryview) is left as it is until it has gone.

        KioskError "network" if the queue would get longer than 32 KB; a single message may be of any size.
        """
        size = self.buffered + len(data) + _ENTRY_BYTES * (len(self._queue) // 2 + 1)
        if self._task and size > _QUEUED_BYTES_MAX:
            raise KioskError("network", "send queue is full: %d bytes are waiting" % self.buffered)
        self._queue.append(opcode)
        self._queue.append(data)
        self.buffered += len(data)
        self._wake()

    def pong(self, data):
        """Answer a ping; one that has not been answered yet is forgotten, as RFC 6455, 5.5.3 allows."""
        self._pong = data
        self._wake()

    def close(self, data, at_once=False):
        """Send a close frame after what is queued, or instead of it."""
        if at_once:
            self._drop()
        self._close = data
        self._wake()

    async def flushed(self):
        """Wait until there is nothing left to send."""
        if self._task:
            await self._task

    def cancel(self):
        """Send nothing more."""
        if self._task:
            self._task.cancel()
            self._task = None
        self._drop()

    def farewell(self, data):
        """Send a close frame here and now if nothing is in the way: there is no later."""
        if not self._task:
            try:
                self._stream._write_some(_small(CLOSE, memoryview(data)))
            except KioskError:
                return

    def _drop(self):
        self._queue.clear()
        self._pong = None
        self.buffered = 0

    def _wake(self):
        if not self._task:
            self._task = asyncio.create_task(self._drain())

    async def _drain(self):
        try:
            while True:
                if self._pong is not None:
                    data, self._pong = self._pong, None
                    await self._send(PONG, memoryview(data))
                elif self._queue:
                    opcode, data = self._queue.pop(0), self._queue.pop(0)
                    await self._send(opcode, data)
                    self.buffered = max(0, self.buffered - len(data))  # a drop() counts none
                elif self._close is not None:
                    data, self._close = self._close, None
                    await self._send(CLOSE, memoryview(data))
                else:
                    break
        except KioskError:
            self._drop()  # what has become of the connection is told by reading, which may still have something
        self._task = None

    async def _send(self, opcode, data):
        if len(data) <= _CHUNK_BYTES:
            await self._stream.write(_small(opcode, data))
            return
        key = os.urandom(4)
        buffer = bytearray(_HEAD_BYTES + _CHUNK_BYTES)
        number = int.from_bytes(key, "little")
        start = _with_head(buffer, head(opcode, len(data), key))
        for at in range(0, len(data), _CHUNK_BYTES):
            await self._stream.write(_masked(buffer, start, data[at : at + _CHUNK_BYTES], number))
            start = _HEAD_BYTES


def _small(opcode, data):
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
