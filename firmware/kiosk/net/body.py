"""
The body of an HTTP/1.1 response: taken from the stream as its head says, put into a sink.

A sink is an object with two methods.  `room(count)` returns a memoryview to fill, of any size above 0, where at most
`count` bytes are known to come (None: unknown); `filled(count)` says how many bytes were put there, and returns True
when that has taken long, so that the loop should turn, or an awaitable that ends when there is room for more.  So a
body goes from the socket to where it belongs without a copy.
Touches the stream and the sink.  Raises KioskError "network", and "oom" from MemorySink.
"""

import asyncio
import gc

from kiosk.errors import KioskError
from kiosk.net.reasons import failed

_FIRST_BYTES = const(1024)  # room for a body of unknown length
_UNCHECKED_BYTES = const(4096)  # below this asking for memory is cheaper than asking how much there is
_MARGIN_BYTES = const(8192)  # what must be left for others
_CHUNK_LINE_MAX = const(256)
_CHUNK_DIGITS_MAX = const(12)
_TRAILERS_MAX = const(8192)


class MemorySink:
    """Collects a body in one piece, of the exact size where that is known: the first `size` bytes of `buffer`."""

    def __init__(self, length):
        self.buffer = allocate(_FIRST_BYTES if length is None else length)
        self._view = memoryview(self.buffer)
        self.size = 0

    def room(self, count):
        """memoryview: the free end of the buffer, which grows by half when there is none."""
        if self.size == len(self.buffer):
            larger = allocate(self.size + max(self.size // 2, _FIRST_BYTES))
            larger[: self.size] = self.buffer
            self.buffer = larger
            self._view = memoryview(larger)
        return self._view[self.size :]

    def filled(self, count):
        """Note that `count` more bytes are in the buffer."""
        self.size += count

    def data(self):
        """memoryview: what has been collected."""
        return self._view[: self.size]


class NullSink:
    """Takes a body that nobody wants, up to a limit."""

    def __init__(self, limit):
        self._view = memoryview(bytearray(min(limit, 256)))
        self._left = limit

    def room(self, count):
        """memoryview: always the same."""
        return self._view

    def filled(self, count):
        """Count."""
        self._left -= count
        if self._left < 0:
            raise failed("FILE_TOO_BIG")


def allocate(size):
    """bytearray of `size` bytes, or KioskError "oom" if as much again and a margin would not be left beside it.

    As much again: a body becomes a str, bytes or parsed JSON before it is dropped.
    """
    if size > _UNCHECKED_BYTES:
        needed = 2 * size + _MARGIN_BYTES
        if gc.mem_free() < needed:
            gc.collect()
            if gc.mem_free() < needed:
                raise KioskError("oom")
    try:
        return bytearray(size)
    except MemoryError:
        raise KioskError("oom")


async def read(stream, response, sink):
    """Take the body of `response` (Response) from the stream, all of it and nothing more, into `sink`."""
    if response.chunked:
        await _read_chunked(stream, sink)
    elif response.length is None:
        await _read_to_end(stream, sink)
    else:
        await _read_exactly(stream, response.length, sink, last=True)


async def _read_exactly(stream, count, sink, too_short="CONTENT_LENGTH_MISMATCH", last=False):
    while count:
        room = sink.room(count)
        if len(room) > count:
            room = room[:count]
        got = stream.take(room) or await stream.readinto(room, last and len(room) == count)
        if not got:
            raise failed(too_short)
        pause = sink.filled(got)
        if pause:
            await (asyncio.sleep_ms(0) if pause is True else pause)
        count -= got


async def _read_to_end(stream, sink):
    while True:
        got = await stream.readinto(sink.room(None))
        if not got:
            return
        pause = sink.filled(got)
        if pause:
            await (asyncio.sleep_ms(0) if pause is True else pause)


async def _read_chunked(stream, sink):
    while True:
        size = _chunk_size(await _line(stream, _CHUNK_LINE_MAX))
        if not size:
            break
        await _read_exactly(stream, size, sink, "INCOMPLETE_CHUNKED_ENCODING")
        if await _line(stream, 1):
            raise failed("INVALID_CHUNKED_ENCODING")
    left = _TRAILERS_MAX
    while True:  # trailers: fields nobody asked for
        line = await _line(stream, left)
        if not line:
            return
        left -= len(line) + 2


async def _line(stream, limit):
    line = await stream.readline(limit)
    if line is None:
        raise failed("INVALID_CHUNKED_ENCODING" if stream.buffered() > limit else "INCOMPLETE_CHUNKED_ENCODING")
    if len(line) > limit:
        raise failed("INVALID_CHUNKED_ENCODING")
    return line


def _chunk_size(line):
    digits = bytes(line).split(b";", 1)[0].rstrip(b" \t")  # spaces that some servers pad with (RFC 9112, 7.1.1)
    if not 0 < len(digits) <= _CHUNK_DIGITS_MAX or any(byte not in b"0123456789abcdefABCDEF" for byte in digits):
        raise failed("INVALID_CHUNKED_ENCODING")
    return int(digits, 16)
