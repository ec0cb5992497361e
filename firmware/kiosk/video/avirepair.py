"""
A whole AVI file of one that was only streamed: lengths in the header, and an index.

What there is is copied, since littlefs copies it anyway when the head of a file changes, and then in one go: an erase of
45 ms for each 4 KB.  Chunks are counted first, and gone over again for the index, so nothing is held of them: 3 KB of heap,
whatever the length.  A chunk that is cut off is left out.
"""

import os
import struct

from kiosk.errors import KioskError
from kiosk.files.content import close_again, discard
from kiosk.video import aviformat, avireader
from kiosk.video.aviwalk import Walk

_PIECE_BYTES = const(2048)
_STEPS = const(32)  # chunks, between two turns of the loop
_MOST_BYTES = const(0x3FFFFFFF)


def repair(path):
    """A generator: make the file at `path` whole, in pieces, if it is not.

    KioskError (format: broken, or not the kiosk's own; no space), OSError: it is as it was.
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


def copy_whole(path, target):
    """A generator: the same, into another file.  One that is left by a failure is the caller's to remove."""
    with open(path, "rb") as file:
        reader = avireader.AviReader(file)
        counts = _Counts(reader)
        yield from counts.count(file)
        header = counts.header(reader)
        written = open(target, "wb")
        try:
            _put(written, header)
            yield
            for piece in _pieces(file, counts.start, counts.end):
                _put(written, piece)
                yield
            _put(written, struct.pack("<4sI", b"idx1", 16 * counts.chunks))
            for entries in counts.index(file):
                _put(written, entries)
                yield
            written.close()
            yield
        finally:
            close_again(written)


class _Counts:
    """What is in a file: start, end (where its chunks are), chunks, frames, sound_bytes, largest (bytes of a picture)."""

    def __init__(self, reader):
        if not reader.is_plain:
            raise KioskError("format", "a video that was not recorded here")
        self.start = self.end = reader.start
        self.chunks = self.frames = self.sound_bytes = self.largest = 0

    def count(self, file):
        """A generator: go over the chunks."""
        walk = Walk(file, self.start, file.seek(0, 2))
        while walk.step():
            if walk.name == b"01wb":
                self.sound_bytes += walk.size
            elif walk.name == b"00dc":
                self.frames += 1
                self.largest = max(self.largest, walk.size)
            else:
                continue
            self.chunks += 1
            self.end = walk.next
            if self.chunks % _STEPS == 0:
                yield

    def header(self, reader):
        """bytes: that of the whole file."""
        movi = 4 + self.end - self.start
        total = aviformat.HEADER_BYTES - 4 + movi + 8 + 16 * self.chunks
        if total > _MOST_BYTES:
            raise KioskError("format", "a video of %d bytes" % total)
        sound = reader.sound
        blocks = self.sound_bytes // sound.block if sound else 0
        size = reader.width, reader.height, reader.frame_us
        return aviformat.header(*size, sound, self.frames, blocks, self.largest, movi, total)

    def index(self, file):
        """A generator of pieces of the index, going over the chunks again."""
        walk = Walk(file, self.start, self.end)
        entries = memoryview(bytearray(16 * _STEPS))
        count = 0
        while walk.step():
            if walk.name in (b"00dc", b"01wb"):
                # Counted from the word movi, which is four bytes before the first chunk.
                offset = walk.place - 8 - self.start + 4
                struct.pack_into("<4s3I", entries, 16 * count, walk.name, aviformat.WHOLE, offset, walk.size)
                count += 1
                if count == _STEPS:
                    yield entries
                    count = 0
        if count:
            yield entries[: 16 * count]


def _pieces(file, start, end):
    piece = memoryview(bytearray(_PIECE_BYTES))
    file.seek(start)
    while start < end:
        count = file.readinto(piece[: min(_PIECE_BYTES, end - start)])
        if not count:
            raise KioskError("file io", "of the video")
        start += count
        yield piece[:count]


def _put(file, data):
    if file.write(data) != len(data):
        raise KioskError("no space")
