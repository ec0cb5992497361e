"""
A whole AVI file of one that was only streamed: lengths in the header, and an index.

What there is is copied, since littlefs copies it anyway when the head of a file changes, and then in one go: an erase of
45 ms for each 4 KB.  Chunks are counted first, and gone over again for the index, so nothing is held of them: 4 KB of heap,
whatever the length.  A chunk that is cut off is left out, and so is what is neither pictures nor sound.
"""

import asyncio
import os
import struct

from kiosk.errors import KioskError
from kiosk.files.content import close_again, discard
from kiosk.video import aviformat, avireader

_PIECE_BYTES = const(2048)
_STEPS = const(32)  # entries of the index, written at once
_MOST_BYTES = const(0x3FFFFFFF)


async def repair(path):
    """Make the file at `path` whole if it is not.

    KioskError (format, no space), OSError: it is as it was.
    """
    async with await avireader.open_file(path) as reader:
        if await reader.has_index():
            return
    part = path + ".part"
    is_complete = False
    try:
        await copy_whole(path, part)
        os.rename(part, path)
        is_complete = True
    finally:
        if not is_complete:
            discard(part)


async def copy_whole(path, target, apart_ms=0):
    """The same, into another file.  One that is left by a failure is the caller's to remove.

    apart_ms: pictures that come sooner after another are left out, which is what makes a video smaller here.
    """
    async with await avireader.open_file(path) as reader:
        plan = _Plan(reader, apart_ms)
        await plan.count()
        written = open(target, "wb")
        try:
            await plan.write(written)
            written.close()
            await asyncio.sleep_ms(0)
        finally:
            close_again(written)


class _Plan:
    """What the copy shall have: the header, the chunks, the index."""

    def __init__(self, reader, apart_ms):
        self._reader = reader
        self._apart = apart_ms * 1000 // reader.header.frame_us
        self._piece = memoryview(bytearray(_PIECE_BYTES))

    def _rewind(self):
        self._reader.rewind()
        self._frame, self._last = 0, -self._apart

    async def _chunk(self):
        """Name and size in the copy of the next chunk; None at the end."""
        reader = self._reader
        kind = await reader.next()
        if not kind:
            return None
        size = reader.size
        if kind == avireader.SOUND:
            return b"01wb", size
        if size and self._frame - self._last < self._apart:
            size = 0
        elif size:
            self._last = self._frame
        self._frame += 1
        return b"00dc", size

    async def count(self):
        """Go over the chunks, so that the header is known."""
        self._movi, self._number, self._sound_bytes, self._largest = 4, 0, 0, 0
        self._rewind()
        while True:
            chunk = await self._chunk()
            if not chunk:
                break
            name, size = chunk
            if name == b"01wb":
                self._sound_bytes += size
            else:
                self._largest = max(self._largest, size)
            self._movi += 8 + size + (size & 1)
            self._number += 1
        self._frames = self._frame

    async def write(self, file):
        """KioskError (format, no space)."""
        _put(file, self._header())
        await self._write_chunks(file)
        await self._write_index(file)

    def _header(self):
        header = self._reader.header
        total = aviformat.HEADER_BYTES - 4 + self._movi + 8 + 16 * self._number
        if total > _MOST_BYTES:
            raise KioskError("format", "a video of %d bytes" % total)
        blocks = self._sound_bytes // header.sound.block if header.sound else 0
        size = header.width, header.height, header.frame_us
        return aviformat.header(*size, header.sound, self._frames, blocks, self._largest, self._movi, total)

    async def _write_chunks(self, file):
        """Each in pieces; empty ones are gathered."""
        piece, held = self._piece, 0
        self._rewind()
        while True:
            chunk = await self._chunk()
            if not chunk:
                break
            struct.pack_into("<4sI", piece, held, *chunk)
            held += 8
            left = chunk[1]
            while True:
                count = min(left, _PIECE_BYTES - held)
                if count and await self._reader.read_into(piece[held : held + count]) != count:
                    raise KioskError("file io", "of the video")
                left -= count
                held += count
                if held > _PIECE_BYTES - 10:
                    _put(file, piece[:held])
                    await asyncio.sleep_ms(0)
                    held = 0
                if not left:
                    break
            if chunk[1] & 1:
                piece[held] = 0
                held += 1
        _put(file, piece[:held])

    async def _write_index(self, file):
        """The chunks once more."""
        piece = self._piece
        struct.pack_into("<4sI", piece, 0, b"idx1", 16 * self._number)
        held, offset = 8, 4  # counted from the word movi
        self._rewind()
        while True:
            chunk = await self._chunk()
            if not chunk:
                break
            name, size = chunk
            struct.pack_into("<4s3I", piece, held, name, aviformat.WHOLE, offset, size)
            held += 16
            offset += 8 + size + (size & 1)
            if held > 16 * _STEPS:
                _put(file, piece[:held])
                await asyncio.sleep_ms(0)
                held = 0
        _put(file, piece[:held])


def _put(file, piece):
    if file.write(piece) != len(piece):
        raise KioskError("no space")
