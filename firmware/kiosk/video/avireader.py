"""
AVI files, chunk after chunk as they lie in the file, from a byte source that may have to wait (kiosk/media/bytesource.py).

Read are those that the kiosk records, whole or broken off, and what ffmpeg and cameras make: rec lists, OpenDML's further
RIFFs, an index with offsets from either place, or none; then places are found by going over the chunks.  An AVI has no times:
a picture's is its number, that of sound how much came before it.  A file ends where it is cut off, at its last whole chunk.

    async with await avireader.open_file(path) as reader:    # KioskError("format") says what is wrong with it
        while True:
            kind = await reader.next()                       # of time_ms and size
            if not kind:
                break
            count = await reader.read_into(view)             # of this chunk, again and again; 0 at its end

Memory: 900 bytes.  Nothing of the index or the file is held.
"""

import asyncio
import struct

from kiosk.files.content import close_again
from kiosk.video.aviheader import STREAM_BYTES, UNKNOWN, Header, described, wrong
from kiosk.video.aviplace import Place

PICTURE = const(1)
SOUND = const(2)
_INDEX_ENTRY = const(16)
_PIECE = const(512)  # of the index, read at once
_MOST_CHUNKS = const(1000)  # of the head
_TURN = const(64)  # chunks between two turns of the loop
_LARGEST = const(0x3FFFFFFF)  # a place in a file of which nobody knows how long it is
_WINDOW_BYTES = const(64)  # in which what follows empty chunks is found without another read


async def open_file(path):
    """An opened AviReader of a file on the flash.  KioskError (format), OSError."""
    reader = AviReader(FileBytes(path))
    try:
        return await reader.open()
    except BaseException:  # cancelled, too
        reader.close()
        raise


class FileBytes:
    """A file on the flash as a byte source; for files of the mini-program's see bytesource.LocalBytes.  OSError."""

    ahead = None

    def __init__(self, path):
        self._file = open(path, "rb")
        self.size = self._file.seek(0, 2)
        self._file.seek(0)
        self.readinto, self.seek = self._file.readinto, self._file.seek

    async def changed(self):
        """A file never waits."""

    def close(self):
        """Close the file; again, too."""
        close_again(self._file)


class AviReader:
    """source: a byte source, closed by close().  `await open()` before all else.

    header (aviheader.Header); frames: places in the row of pictures, of which many may be empty, and duration_ms; both None if
    the file does not say, until measure() has gone over it.  source; is_streamed: it comes over the network.

    Of the chunk that next() has come to: size; time_ms, of its beginning; place, of its data in the file.
    position: how far the file has been read, in bytes.
    """

    def __init__(self, source):
        self.source = source
        self.is_streamed = source.ahead is not None
        self.header = Header()
        self._window = memoryview(bytearray(_WINDOW_BYTES))
        self._first = self._filled = 0  # what of the file is in the window
        self.frames = self.duration_ms = None
        self.position = self.size = self.time_ms = self.place = 0
        self._next = 0  # where the next chunk begins
        self._pictures = self._sounded = 0  # pictures, and bytes of sound, before the next chunk
        self._least = 0  # the number of the first picture that is wanted
        self._left = 0
        self._damaged_at = None

    # Reading.

    async def _fill(self, offset, view):
        """As much of a view as there are bytes for at a place; how many."""
        source, done = self.source, 0
        if offset > (_LARGEST if source.size is None else source.size):
            return 0
        if offset != self.position:
            source.seek(offset)
            self.position = offset
        while done < len(view):
            count = source.readinto(view[done:])
            if count is None:
                await source.changed()
                continue
            if not count:
                break
            done += count
            self.position += count
        return done

    async def _look(self, place, count):
        """Where in the window these bytes of the file are; None if the file has no so many."""
        if self._first <= place and place + count <= self._first + self._filled:
            return place - self._first
        kept = self._filled if place == self._first else 0
        self._first, self._filled = place, kept
        # What comes over the network is not read ahead, as going back may be another request.
        wanted = count if self.is_streamed else _WINDOW_BYTES
        self._filled += await self._fill(place + kept, self._window[kept:wanted])
        return 0 if self._filled >= count else None

    async def _step(self):
        """Come to the next chunk: (name, size); None where the file ends, or has something else: garbage, or what is cut off.

        Lists of chunks are gone into (movi, rec and further RIFFs); other lists are chunks.
        """
        window, end = self._window, self.source.size
        while True:
            at = await self._look(self._next, 8)
            if at is None:
                return None
            name, size = struct.unpack_from("<4sI", window, at)
            if name in (b"LIST", b"RIFF"):
                at = await self._look(self._next, 12)
                if at is None:
                    return None
                if bytes(window[at + 8 : at + 12]) in (b"movi", b"rec ", b"AVIX"):
                    self._next += 12
                    continue
            elif not all(32 <= letter < 127 for letter in name):
                if self._next < self._end:
                    self._damaged_at = self._next
                return None
            if end is not None and size > end - self._next - 8:
                return None
            self.place = self._next + 8
            self._next = self.place + size + (size & 1)
            return name, size

    # The head.

    async def open(self):
        """Read the head; returns this.  KioskError "format": it is none that is played, and what it is instead."""
        window = self._window
        count = await self._fill(0, window[:12])
        if count < 12 or window[:4] != b"RIFF" or window[8:12] != b"AVI ":
            raise wrong("no AVI: " + described(bytes(window[:count])))
        self._end = 8 + struct.unpack_from("<I", window, 4)[0]
        at = 12
        for _ in range(_MOST_CHUNKS):
            where = await self._look(at, 8)
            if where is None:
                break
            name, size = struct.unpack_from("<4sI", window, where)
            inside = b""
            if name == b"LIST":
                where = await self._look(at, 12)
                inside = bytes(window[where + 8 : where + 12]) if where is not None else b""
            if inside == b"movi":
                self._begin(at, size)
                return self
            if inside in (b"hdrl", b"strl"):
                if inside == b"strl":
                    self.header.begin_stream()
                at += 12
                continue
            if name in (b"strh", b"strf"):
                data = memoryview(bytearray(min(size, STREAM_BYTES)))
                if await self._fill(at + 8, data) < len(data):
                    break
                self.header.take(name, data)
            at += 8 + size + (size & 1)
        raise wrong("the AVI has no pictures: it is cut off, or damaged")

    def _begin(self, at, size):
        header = self.header
        if header.picture_id is None:
            raise wrong("an AVI without pictures in it")
        self._movi = self._next = at + 12
        self._index = at + 8 + size + (size & 1) if 4 < size < UNKNOWN else None
        there = self.source.size
        if header.frames and (there is None or header.frames <= there // 8):
            self._set_frames(header.frames)

    def _set_frames(self, frames):
        self.frames = frames
        self.duration_ms = frames * self.header.frame_us // 1000

    # Chunks.

    async def next(self):
        """Go to the next chunk: PICTURE, SOUND, or 0 at the end; check() says whether it should be."""
        header = self.header
        self._left = turn = 0
        while True:
            found = await self._step()
            if found is None:
                break
            name, self.size = found
            number, kind = name[:2], name[2:]
            if number == header.picture_id and kind in (b"dc", b"db"):
                self.time_ms = self._pictures * header.frame_us // 1000
                self._pictures += 1
                if self._pictures > self._least:
                    self._left = self.size
                    return PICTURE
            elif number == header.sound_id and kind == b"wb":
                self.time_ms = header.sound.time_ms(self._sounded)
                self._sounded += self.size
                self._left = self.size
                return SOUND
            turn += 1
            if turn % _TURN == 0:
                await asyncio.sleep_ms(0)
        self.time_ms = self._pictures * header.frame_us // 1000
        self.size = 0
        return 0

    def check(self):
        """KioskError (format) if it was no chunk, within the file, where next() has ended."""
        if self._damaged_at is not None:
            raise wrong("the AVI is damaged at byte %d" % self._damaged_at)

    async def read_into(self, view):
        """What comes of the chunk: fills `view`, or as much of it as there is; how many bytes, 0 at its end."""
        view = view[: self._left]
        count = await self._fill(self.place + self.size - self._left, view) if view else 0
        self._left -= count
        return count

    def rewind(self):
        """Go on with the first chunk."""
        self._go((self._movi, 0, 0))

    def _go(self, start, least=0):
        self._next, self._pictures, self._sounded = start
        self._least, self._left = least, 0
        self._damaged_at = None

    async def measure(self):
        """Go over a file that was broken off, to know `frames` and `duration_ms`; rewinds it."""
        if self.frames is None:
            self.rewind()
            while await self.next():
                pass
            self._set_frames(self._pictures)
        self.rewind()

    # Seeking.

    async def seek(self, ms, pictures=True, sound=True):
        """Go on where the picture that is seen at this time begins, or the sound; of both, with that which lies before the other.

        No picture before that one is given, but sound may be; of sound beyond the end there is none.
        """
        ms = max(0, ms)
        wanted = ms * 1000 // self.header.frame_us
        self.rewind()
        if wanted:
            wanted = wanted if pictures else None
            ms = ms if sound and self.header.sound else None
            self._go(*(await self._look_up(Place(self, wanted, ms)) or await self._walk(Place(self, wanted, ms))))

    async def has_index(self):
        """bool: whether there is one that fits."""
        return await self._base() is not None

    async def _base(self):
        """What its offsets are counted from, the word movi or the file's beginning; None without an index."""
        entry = memoryview(bytearray(8 + _INDEX_ENTRY))
        if self._index is None or await self._fill(self._index, entry) < len(entry) or entry[:4] != b"idx1":
            return None
        self._index_bytes = struct.unpack_from("<I", entry, 4)[0]
        self._entry = entry[8:]
        name, _, offset, _ = struct.unpack_from("<4s3I", self._entry)
        if self.is_streamed:  # to look there would be another request
            return self._movi - 4 if offset < self._movi - 4 else 0
        for base in (self._movi - 4, 0):
            if await self._name(base + offset) == (b"LIST" if name == b"rec " else name):
                return base
        return None

    async def _name(self, place):
        """What is there in the first list of chunks; b"" outside it."""
        at = await self._look(place, 8) if self._movi <= place < self._index else None
        return b"" if at is None else bytes(self._window[at : at + 4])

    async def _look_up(self, place):
        """By the index: what Place.found() gives; None if there is none that can be believed."""
        base = await self._base()
        if base is None:
            return None
        at, left = self._index + 8 + _INDEX_ENTRY, self._index_bytes - _INDEX_ENTRY
        name, _, offset, size = struct.unpack_from("<4s3I", self._entry)
        is_found = place.passes(name, base + offset, size)
        piece = memoryview(bytearray(_PIECE))
        while not is_found and left > 0:
            count = await self._fill(at, piece[: min(left, _PIECE)]) // _INDEX_ENTRY
            if not count:
                break
            for entry in range(0, count * _INDEX_ENTRY, _INDEX_ENTRY):
                name, _, offset, size = struct.unpack_from("<4s3I", piece, entry)
                is_found = place.passes(name, base + offset, size)
                if is_found:
                    break
            at += count * _INDEX_ENTRY
            left -= count * _INDEX_ENTRY
            await asyncio.sleep_ms(0)
        size = self.source.size
        if not is_found and (size is None or size > at + 12):
            return None  # of another list, which has an index of its own
        start, least = place.found(self._index)
        return (start, least) if await self._is_ours(start[0]) else None

    async def _is_ours(self, place):
        """bool: whether one can begin there: at a chunk of pictures or sound, or behind all of them."""
        if place == self._index:
            return True
        if self.is_streamed:
            return self._movi <= place < self._index
        return (await self._name(place))[:2] in (self.header.picture_id, self.header.sound_id)

    async def _walk(self, place):
        """The same from chunk to chunk, from the first one on."""
        turn = 0
        while True:
            begins = self._next
            found = await self._step()
            if found is None or place.passes(found[0], self.place - 8, found[1]):
                return place.found(begins)
            turn += 1
            if turn % _TURN == 0:
                await asyncio.sleep_ms(0)

    def close(self):
        """Close the source; at any moment, again too."""
        self.source.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *args):
        self.close()
