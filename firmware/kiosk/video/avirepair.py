"""
A whole AVI file of one that was only streamed: lengths in the header, and an index.

What there is is copied, since littlefs copies it anyway when the head of a file changes, and then in one go: an erase of
45 ms for each 4 KB.  Chunks are counted first, and gone over again for the index, so nothing is held of them: 4 KB of heap,
whatever the length.  A chunk that is cut off is left out, and so is what is neither pictures nor sound.
"""

import os
import struct

from kiosk.errors import KioskError
from kiosk.files.content import close_again, discard
from kiosk.video import aviformat, avireader

_PIECE_BYTES = const(2048)
_STEPS = const(32)  # chunks, between two turns of the loop
_MOST_BYTES = const(0x3FFFFFFF)


def repair(path):
    """A generator: make the file at `path` whole, in pieces, if it is not.

    KioskError (format, no space), OSError: it is as it was.
    """
    with avireader.open(path) as reader:
        if reader.has_index:
            return
    part = path + ".part"
    complete = False
    try:
        yield from copy_whole(path, part)
        os.rename(part, path)
        complete = True
    finally:
        if not complete:
            discard(part)


def copy_whole(path, target, apart_ms=0):
    """A generator: the same, into another file.  One that is left by a failure is the caller's to remove.

    apart_ms: pictures that come sooner after another are left out, which is what makes a video smaller here.
    """
    with open(path, "rb") as file:
        plan = _Plan(avireader.AviReader(file), apart_ms)
        yield from plan.count()
        written = open(target, "wb")
        try:
            for pieces in (plan.header, plan.movi, plan.index):
                for piece in pieces():
                    if written.write(piece) != len(piece):
                        raise KioskError("no space")
                    yield
            written.close()
            yield
        finally:
            close_again(written)


class _Plan:
    """What the copy shall have: the header, the chunks, the index, each a generator of pieces."""

    def __init__(self, reader, apart_ms):
        self._reader = reader
        self._apart = apart_ms * 1000 // reader.frame_us
        self._piece = memoryview(bytearray(_PIECE_BYTES))

    def _chunks(self):
        """Name, size and place in the file of each chunk."""
        frame, last = 0, -self._apart
        for kind, size, place in self._reader.chunks():
            if kind == "sound":
                yield b"01wb", size, place
                continue
            if size and frame - last < self._apart:
                size = 0
            elif size:
                last = frame
            frame += 1
            yield b"00dc", size, place

    def count(self):
        """A generator: go over the chunks, so that the header is known."""
        self._movi, self._number, self._frames, self._sound_bytes, self._largest = 4, 0, 0, 0, 0
        for name, size, _ in self._chunks():
            if name == b"01wb":
                self._sound_bytes += size
            else:
                self._frames += 1
                self._largest = max(self._largest, size)
            self._movi += 8 + size + (size & 1)
            self._number += 1
            if self._number % _STEPS == 0:
                yield

    def header(self):
        """In one piece."""
        reader = self._reader
        total = aviformat.HEADER_BYTES - 4 + self._movi + 8 + 16 * self._number
        if total > _MOST_BYTES:
            raise KioskError("format", "a video of %d bytes" % total)
        blocks = self._sound_bytes // reader.sound.block if reader.sound else 0
        size = reader.width, reader.height, reader.frame_us
        yield aviformat.header(*size, reader.sound, self._frames, blocks, self._largest, self._movi, total)

    def movi(self):
        """Each chunk in pieces; empty ones are gathered."""
        piece, held = self._piece, 0
        for name, size, place in self._chunks():
            struct.pack_into("<4sI", piece, held, name, size)
            held += 8
            left = size
            while True:
                count = min(left, _PIECE_BYTES - held)
                if count:
                    self._reader.read_at(place, piece[held : held + count])
                    place += count
                    left -= count
                    held += count
                if held > _PIECE_BYTES - 10:
                    yield piece[:held]
                    held = 0
                if not left:
                    break
            if size & 1:
                piece[held] = 0
                held += 1
        yield piece[:held]

    def index(self):
        """The chunks once more."""
        piece = self._piece
        struct.pack_into("<4sI", piece, 0, b"idx1", 16 * self._number)
        held, offset = 8, 4  # counted from the word movi
        for name, size, _ in self._chunks():
            struct.pack_into("<4s3I", piece, held, name, aviformat.WHOLE, offset, size)
            held += 16
            offset += 8 + size + (size & 1)
            if held > 16 * _STEPS:
                yield piece[:held]
                held = 0
        yield piece[:held]
