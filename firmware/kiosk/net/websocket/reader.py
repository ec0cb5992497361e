"""
From the bytes of a stream to messages.  Touches the stream it is given, and asks how much heap is free.
"""

import gc

from kiosk.errors import KioskError
from kiosk.net.body import MemorySink
from kiosk.net.websocket.frames import (
    BINARY,
    CLOSE,
    FINAL,
    NOT_UTF8,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    Refused,
    check_head,
)
from kiosk.net.websocket.octets import check

_UNCHECKED_BYTES = const(4096)  # below this asking for memory is cheaper than asking how much there is
_MARGIN_BYTES = const(8192)  # what must be left for others
_FRAMES_MAX = const(65535)  # of one message: empty ones could go on for ever


class Reader:
    """Messages and control frames as they come.  Holds no more than the message that is being received."""

    def __init__(self, stream):
        self._stream = stream
        self._head = memoryview(bytearray(8))
        self._sink = None  # MemorySink of a message that has begun
        self._opcode = 0
        self._state = 0  # of check()
        self._frames = 0

    async def next(self):
        """(opcode, data) of a message or a control frame; data is str for TEXT, else bytes.

        Raises EOFError at the end of the stream, wherever it comes; Refused for what is not to be taken.
        """
        head = self._head
        while True:
            await self._fill(head[:2])
            first, length = head[0], head[1]
            check_head(first, length, self._sink is not None)
            opcode = first & 15
            if opcode >= CLOSE:
                data = bytearray(length)
                await self._fill(memoryview(data))
                return opcode, bytes(data)
            if length >= 126:
                length = await self._long_length(length)
            await self._fragment(opcode, length)
            if first & FINAL:
                return self._finished()

    async def _long_length(self, kind):
        digits = self._head[: 2 if kind == 126 else 8]
        await self._fill(digits)
        if kind == 127 and digits[0] & 0x80:
            raise Refused(PROTOCOL_ERROR, "invalid length")
        return int.from_bytes(digits, "big")

    async def _fill(self, view):
        while view:
            count = await self._stream.readinto(view)
            if not count:
                raise EOFError
            view = view[count:]

    async def _fragment(self, opcode, length):
        sink = self._sink
        self._frames += 1
        _check_size(length + (sink.size if sink else 0))
        if self._frames > _FRAMES_MAX:
            raise Refused(TOO_BIG, "too many fragments")
        try:
            if not sink:
                self._opcode = opcode
                sink = self._sink = MemorySink(length)
            while length:
                length -= await self._piece(sink, length)
        except KioskError as exc:
            raise _too_big() if exc.args[0] == "oom" else exc

    async def _piece(self, sink, length):
        room = sink.room(length)
        if len(room) > length:
            room = room[:length]
        count = await self._stream.readinto(room)
        if not count:
            raise EOFError
        if self._opcode == TEXT:  # at once, not at the end: of what is no text no more than this is taken
            self._state = check(room, count, self._state)
            if self._state < 0:
                raise Refused(NOT_UTF8, "a text is not UTF-8")
        sink.filled(count)
        return count

    def _finished(self):
        if self._state:
            raise Refused(NOT_UTF8, "a text ends within a character")
        data = self._sink.data()
        self._sink = None
        self._frames = 0
        try:
            return (TEXT, str(data, "utf-8")) if self._opcode == TEXT else (BINARY, bytes(data))
        except MemoryError:
            raise _too_big()


def _check_size(size):
    # As much again: a message becomes a str or bytes before its buffer is dropped.
    if size > _UNCHECKED_BYTES:
        needed = 2 * size + _MARGIN_BYTES
        if gc.mem_free() < needed:
            gc.collect()
            if gc.mem_free() < needed:
                raise _too_big()


def _too_big():
    return Refused(TOO_BIG, "message too big")
