"""
WAV over the network: wav.py's reader, which knows no waiting, is only asked for what has come.

The chunks before the samples are read here, and it is given a short head with what matters of them.
"""

import struct

from kiosk.errors import KioskError
from kiosk.media import bytesource
from kiosk.media.wav import WavReader

_CHUNKS = const(100)
_LARGEST_FORMAT = const(40)
_UNKNOWN = const(0x7FFFF000)  # see wav.py
_NOTHING = memoryview(bytearray(0))


async def open_streamed(source):
    """StreamedWav, of a byte source that may wait."""
    offset, kept, head = 12, b"", bytearray(8)
    for _ in range(_CHUNKS):
        if await bytesource.load(source, offset, head) < 8:
            raise KioskError("format", "no WAV file: no samples")
        name, size = bytes(head[:4]), struct.unpack_from("<I", head, 4)[0]
        offset += 8
        if name == b"data":
            source.seek(offset)
            return StreamedWav(source, offset, size, kept)
        if name in (b"fmt ", b"fact"):
            chunk = bytearray(min(size, _LARGEST_FORMAT))
            count = await bytesource.load(source, offset, chunk)
            kept += struct.pack("<4sI", name, count) + chunk[:count] + bytes(count & 1)
        offset += size + (size & 1)
    raise KioskError("format", "no WAV file: no samples in %d chunks" % _CHUNKS)


class StreamedWav(WavReader):
    """See sources.py."""

    def __init__(self, source, start, size, chunks):
        if source.size is not None:
            left = max(0, source.size - start)
            size = left if not size or size > left else size
        head = b"RIFF\0\0\0\0WAVE" + chunks + b"data" + struct.pack("<I", min(size, 0xFFFFFFFF))
        is_known = 0 < size < _UNKNOWN
        self._source = source
        super().__init__((_Seekable if is_known else _Body)(source, head, start, size))

    def read_into(self, view):
        """See wav.py; None while nothing has come."""
        ahead = self._source.ahead
        has_left = self._blocks and self._blocks.has_left()  # of a block that has come
        if ahead < self.align and not has_left and self._source.readinto(_NOTHING) is None:
            return None
        if not self._blocks and ahead >= self.align:
            view = view[: ahead // self.align * 2 * self.channels]
        return super().read_into(view)

    def seek_ms(self, ms: int) -> None:
        """See wav.py; what has no end that is known stays where it is."""
        if self._can_seek:
            super().seek_ms(ms)

    @property
    def buffered_ms(self):
        """Up to where it can be played without waiting, about."""
        frames = self._source.ahead // self.align * (self._blocks.frames if self._blocks else 1)
        return self.position_ms + frames * 1000 // self.rate_hz


class _Body:
    """A file as wav.py reads it: a head, then the samples."""

    def __init__(self, source, head, start, size):
        self._source, self._head = source, head
        self._start, self._size = start, size
        self._at = 0

    def readinto(self, view):
        if self._at < len(self._head):
            count = min(len(view), len(self._head) - self._at)
            view[:count] = self._head[self._at : self._at + count]
        else:
            count = self._source.readinto(view) or 0
        self._at += count
        return count

    def close(self):
        self._source.close()


class _Seekable(_Body):
    def seek(self, offset, whence=0):
        if whence:
            return len(self._head) + self._size
        self._at = offset
        if offset >= len(self._head):
            self._source.seek(self._start + offset - len(self._head))
        return offset
