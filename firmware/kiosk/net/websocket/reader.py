"""
From the bytes of a stream to messages.  Touches the stream it is given, and asks how much heap is free.
"""

import gc

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

_PIECE_BYTES = const(4096)  # taken for a message at a time, and the most that what is only announced can take
_SMALL_PIECE_BYTES = const(1024)  # the same where memory is tight: it fits into the gaps
_UNCHECKED_BYTES = const(16384)  # to look through the whole heap for its free bytes takes longer than to take these
_MARGIN_BYTES = const(8192)  # what must be left for others
_FRAMES_MAX = const(65535)  # of one message: empty ones could go on for ever


class Reader:
    """Messages and control frames as they come.  Holds no more of a message than has come, and a piece of 4 KB."""

    def __init__(self, stream):
        self._stream = stream
        self._head = memoryview(bytearray(8))
        self._begin()

    def _begin(self):
        self._opcode = 0  # of the message that is being received
        self._state = 0  # of check()
        self._frames = 0
        self._size = 0  # bytes of the message, as far as its frames announce them
        self._granted = 0  # bytes that there is known to be memory for
        self._piece = _PIECE_BYTES
        self._pieces = []  # str or bytes
        self._buffer = b""  # bytearray: the piece that is being filled
        self._filled = 0

    async def next(self):
        """(opcode, data) of a message or a control frame; data is str for TEXT, else bytes.

        Raises EOFError at the end of the stream, wherever it comes; Refused for what is not to be taken.
        """
        head = self._head
        while True:
            await self._fill(head[:2])
            first, length = head[0], head[1]
            check_head(first, length, self._frames > 0)
            opcode = first & 15
            if opcode >= CLOSE:
                data = bytearray(length)
                await self._fill(memoryview(data))
                return opcode, bytes(data)
            if length >= 126:
                length = await self._long_length(length)
            try:
                await self._fragment(opcode, length, first & FINAL)
                if first & FINAL:
                    return self._finished()
            except MemoryError:
                raise _too_big()

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

    async def _fragment(self, opcode, length, final):
        if not self._frames:
            self._opcode = opcode
            self._granted = _UNCHECKED_BYTES if final else _PIECE_BYTES
        self._frames += 1
        if self._frames > _FRAMES_MAX:
            raise Refused(TOO_BIG, "too many fragments")
        self._size += length
        if self._size > self._granted:
            self._grant(length)
        while length:
            room = self._room(length)
            count = await self._stream.readinto(room)
            if not count:
                raise EOFError
            if self._opcode == TEXT:  # at once, not at the end: of what is no text no more than this is taken
                self._state = check(room, count, self._state)
                if self._state < 0:
                    raise Refused(NOT_UTF8, "a text is not UTF-8")
            self._filled += count
            length -= count

    def _grant(self, length):
        # What is still to come, in pieces, and as much again as all of it: the message is put together from them.
        size, ample = self._size, 2
        if size != length:  # in fragments: who knows how many
            size, ample = (size + _UNCHECKED_BYTES - 1) & -_UNCHECKED_BYTES, 8
        needed = length + size + _MARGIN_BYTES
        if gc.mem_free() < ample * needed:
            self._piece = _SMALL_PIECE_BYTES
            gc.collect()
            if gc.mem_free() < needed:
                raise _too_big()
        self._granted = size

    def _room(self, count):
        # memoryview: where the next bytes go, at most `count`.
        if self._filled == len(self._buffer):
            if self._filled < self._piece:
                larger = bytearray(min(count, self._piece) if not self._filled else self._piece)
                larger[: self._filled] = self._buffer
                self._buffer = larger
            else:
                self._put_aside()
        return memoryview(self._buffer)[self._filled : self._filled + count]

    def _put_aside(self):
        # Whole characters only; what has come of the next one is the beginning of the next piece.
        view = memoryview(self._buffer)
        end = self._filled
        if self._state:
            end -= 1
            while view[end] & 0xC0 == 0x80:
                end -= 1
        if self._piece == _SMALL_PIECE_BYTES and len(self._pieces) & 3 == 0:
            gc.collect()  # the pieces come to lie side by side, and leave room for the whole
        self._pieces.append(self._converted(view[:end]))
        rest = bytes(view[end : self._filled])
        if len(view) > self._piece:
            self._buffer = bytearray(self._piece)
        self._filled = len(rest)
        self._buffer[: len(rest)] = rest

    def _converted(self, view):
        return str(view, "utf-8") if self._opcode == TEXT else bytes(view)

    def _finished(self):
        if self._state:
            raise Refused(NOT_UTF8, "a text ends within a character")
        data = self._converted(memoryview(self._buffer)[: self._filled])
        opcode, pieces = self._opcode, self._pieces
        self._begin()
        if pieces:
            pieces.append(data)
            data = ("" if opcode == TEXT else b"").join(pieces)
        return (TEXT if opcode == TEXT else BINARY), data


def _too_big():
    return Refused(TOO_BIG, "message too big")
