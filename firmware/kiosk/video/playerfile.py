"""
An AVI file as it is played: chunk after chunk, from a byte source that may have to wait (kiosk/media/bytesource.py).

Source: "AVI RIFF File Reference", Microsoft, 1996; "OpenDML AVI File Format Extensions" 1.02, Matrox, 1996 (of which only the
further RIFF lists of large files).  Read are the first stream of pictures in JPEG and the first of sound.  An AVI has no times:
the time of a picture is its number, that of a sound how much came before it.  So a place is sought in the index, or without one
from chunk to chunk; nothing of it is held.
"""

import asyncio
import struct

from kiosk.errors import KioskError

PICTURE = const(1)
SOUND = const(2)
_ADPCM = const(17)
_INDEX_ENTRY = const(16)
_PIECE = const(512)  # of the index, read at once
_FORMAT_BYTES = const(40)
_MOST_CHUNKS = const(1000)  # of the head
_TURN = const(64)  # chunks or pieces between two turns of the loop
_UNKNOWN = const(0x7FFFF000)  # a size from here on was never filled in
_LARGEST_SIDE = const(2048)
_APART = const(100)  # pictures that the sound of one may lie behind it
_MANY = const(0x3FFFFFFF)
_JPEG = (b"MJPG", b"JPEG", b"DMB1", b"AVRN", b"JPGL")


def _wrong(what):
    return KioskError("format", what)


class AviFile:
    """source: a byte source, closed by close().  `await open()` before all else.

    width, height; frame_us: from picture to picture; frames, duration_ms: None if the file does not say; has_sound, rate_hz,
    channels, format: the chunk "fmt " of a WAV file; align: bytes of sound that are read together.  is_streamed: it comes over the network.

    Of the chunk that next() went to: size; time_ms, of its beginning.  position: how far the file has been read, in bytes.
    """

    def __init__(self, source):
        self._source = source
        self.is_streamed = source.ahead is not None
        self._head = memoryview(bytearray(8))
        self._streams = 0
        self._picture_id = self._sound_id = None  # first two letters of their chunks
        self._movi_end = self._first_end = 0  # of the list that is read, of the first one
        self._movi = self._index = None  # where they begin
        self.has_sound = False
        self.frames = self.duration_ms = None
        self.format = b""
        self.align = self.rate_hz = 0
        self.channels = 1
        self._block_frames = 1
        self.position = self.size = self.time_ms = 0
        self._next = 0  # where the next chunk begins
        self._pictures = self._sounded = 0  # pictures, and bytes of sound, before the next chunk

    # Reading.

    async def _fill(self, offset, view):
        """As much of a view as there are bytes for at a place; how many."""
        source, done = self._source, 0
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

    async def _chunk(self, offset):
        """(name, size, list's kind or b"") of the chunk at a place, None at the end of the file."""
        head = self._head
        if await self._fill(offset, head) < 8:
            return None
        name, size = bytes(head[:4]), struct.unpack("<I", head[4:])[0]
        kind = b""
        if name in (b"RIFF", b"LIST"):
            if await self._fill(offset + 8, head[:4]) < 4:
                return None
            kind = bytes(head[:4])
        return name, size, kind

    def _limit(self, end):
        """A size that was never filled in, or is beyond the file, ends with the file."""
        size = self._source.size
        return end if size is None else min(end, size)

    # The head.

    async def open(self):
        """Read the head; returns this.  KioskError "format": it is none that is played, and what it is instead."""
        first = memoryview(bytearray(12))
        count = await self._fill(0, first)
        if count < 12 or first[:4] != b"RIFF" or first[8:] != b"AVI ":
            raise _wrong("no AVI: " + _described(bytes(first[:count])))
        at, ends = 12, []
        for _ in range(_MOST_CHUNKS):
            while ends and at >= ends[-1]:
                at = ends.pop()
            found = await self._chunk(at)
            if found is None:
                break
            name, size, kind = found
            if kind == b"movi":
                self._begin(at, size)
                return self
            if kind in (b"hdrl", b"strl"):
                if kind == b"strl":
                    self._streams += 1
                    self._kind = b""
                ends.append(at + 8 + size + (size & 1))
                at += 12
                continue
            if name in (b"strh", b"strf") and self._streams:
                data = memoryview(bytearray(min(size, 56)))
                if await self._fill(at + 8, data) < len(data):
                    break
                self._read_stream(name, data)
            at += 8 + size + (size & 1)
        raise _wrong("the AVI has no pictures: it is cut off, or damaged")

    def _read_stream(self, name, data):
        number = b"%02d" % (self._streams - 1)
        if name == b"strh" and len(data) >= 48:
            self._kind = bytes(data[:4])
            self._scale, self._rate = struct.unpack("<II", data[20:28])
            self._length = struct.unpack("<I", data[32:36])[0]
        elif name == b"strf" and self._kind == b"vids" and self._picture_id is None:
            self._read_picture_format(number, data)
        elif name == b"strf" and self._kind == b"auds" and self._sound_id is None:
            self._read_sound_format(number, data)

    def _read_picture_format(self, number, data):
        if len(data) < 20 or not self._scale or not self._rate:
            raise _wrong("the AVI is damaged: its head")
        self.width, height = struct.unpack("<ii", data[4:12])
        self.height = abs(height)
        codec = bytes(data[16:20])
        if codec.upper() not in _JPEG:
            raise _wrong("an AVI whose pictures are %s; Motion JPEG is played" % _printable(codec))
        if not (0 < self.width <= _LARGEST_SIDE and 0 < self.height <= _LARGEST_SIDE):
            raise _wrong("a video of %dx%d; up to %d a side are played" % (self.width, self.height, _LARGEST_SIDE))
        frame_us = 1000000 * self._scale // self._rate
        if not 1000 <= frame_us <= 60000000:
            raise _wrong("an AVI with a picture every %d us" % frame_us)
        self.frame_us = frame_us
        if 0 < self._length < _UNKNOWN:
            self.frames = self._length
            self.duration_ms = self.frames * frame_us // 1000
        self._picture_id = number

    def _read_sound_format(self, number, data):
        if len(data) < 16:
            raise _wrong("the AVI is damaged: its head")
        tag, channels, rate_hz, _, align, bits = struct.unpack("<HHIIHH", data[:16])
        if not align or channels not in (1, 2) or not 0 < rate_hz <= 384000:
            raise _wrong("an AVI whose sound has %d channels of %d Hz" % (channels, rate_hz))
        if tag not in (1, _ADPCM, 0xFFFE):
            raise _wrong("an AVI whose sound is of format %d; PCM and IMA ADPCM are played" % tag)
        if tag == _ADPCM:
            from kiosk.media.adpcm import frames_in

            self._block_frames = frames_in(align, channels)
        self.channels, self.rate_hz, self.align = channels, rate_hz, align
        self.format = struct.pack("<4sI", b"fmt ", min(len(data), _FORMAT_BYTES)) + bytes(data[:_FORMAT_BYTES])
        self.has_sound = True
        self._sound_id = number

    def _begin(self, at, size):
        if self._picture_id is None:
            raise _wrong("an AVI without pictures in it")
        self._movi = at + 12
        self._movi_end = self._first_end = self._limit(at + 8 + size if 4 < size < _UNKNOWN else _MANY)
        if self._source.size is None or self._movi_end + 8 < self._source.size:
            self._index = self._movi_end + (self._movi_end & 1)
        self._next = self._movi

    # Chunks.

    def _time_of(self, sounded):
        """Milliseconds that so many bytes of sound last."""
        return sounded // self.align * self._block_frames * 1000 // self.rate_hz

    def _count(self, name, size):
        """PICTURE, SOUND or 0 of a chunk, of which `time_ms` is set, and that is counted."""
        number = name[:2]
        if number == self._picture_id and name[2:] in (b"dc", b"db"):
            self.time_ms = self._pictures * self.frame_us // 1000
            self._pictures += 1
            return PICTURE
        if number == self._sound_id and name[2:] == b"wb":
            self.time_ms = self._time_of(self._sounded)
            self._sounded += size
            return SOUND
        return 0

    async def next(self):
        """Go to the next chunk: PICTURE, SOUND, or 0 at the end.  KioskError: what comes is no chunk."""
        for turn in range(_MANY):
            at = self._next
            if at + 8 > self._movi_end and not await self._next_riff():
                return 0
            at = self._next
            found = await self._chunk(at)
            if found is None:
                return 0
            name, size, kind = found
            if kind == b"rec ":
                self._next = at + 12
                continue
            if not all(32 <= letter < 127 for letter in name):
                raise _wrong("the AVI is damaged at byte %d" % at)
            self._next = at + 8 + size + (size & 1)
            found = self._count(name, size)
            if found:
                self._body = at + 8
                self.size = min(size, max(0, self._movi_end - at - 8))
                self._left = self.size
                return found
            if turn % _TURN == _TURN - 1:
                await asyncio.sleep_ms(0)
        return 0

    async def _next_riff(self):
        """A large file goes on in another list."""
        at = self._movi_end + (self._movi_end & 1)
        for _ in range(_MOST_CHUNKS):
            found = await self._chunk(at)
            if found is None:
                return False
            name, size, kind = found
            if kind == b"movi":
                self._movi_end = self._limit(at + 8 + size)
                self._next = at + 12
                return True
            at += 12 if kind == b"AVIX" else 8 + size + (size & 1)
        return False

    async def read_into(self, view):
        """What comes of the chunk: fills `view`, or as much of it as there is; how many bytes, 0 at its end."""
        view = view[: self._left]
        count = await self._fill(self._body + self.size - self._left, view) if view else 0
        self._left -= count
        return count

    # Seeking.

    async def seek(self, ms, pictures=True, sound=True):
        """Go on where the picture of this time begins, or the sound of it; of both, where that one is that lies before the other.

        What next() gives may be of before it; beyond the end is the end.
        """
        ms = max(0, ms)
        wanted = ms * 1000 // self.frame_us
        self._movi_end = self._first_end
        start = (self._movi, 0, 0)
        if wanted:
            place = _Place(self, wanted if pictures else None, ms if sound and self.has_sound else None)
            start = await self._look_up(place) or await self._walk(place)
        self._next, self._pictures, self._sounded = start

    async def _look_up(self, place):
        """(place, pictures before, bytes of sound before) out of the index; None if there is none that can be used."""
        if self._index is None:
            return None
        found = await self._chunk(self._index)
        if not found or found[0] != b"idx1":
            return None
        left = min(found[1], max(0, (self._source.size or _MANY) - self._index - 8))
        at, base = self._index + 8, None
        piece = memoryview(bytearray(_PIECE))
        for turn in range(1, _MANY):
            count = await self._fill(at, piece[: min(left, _PIECE)]) // _INDEX_ENTRY
            if not count:
                break
            for entry in range(0, count * _INDEX_ENTRY, _INDEX_ENTRY):
                name, _, offset, size = struct.unpack_from("<4sIII", piece, entry)
                if base is None:  # offsets are from the list's kind, or from the beginning of the file
                    base = self._movi - 4 if offset < self._movi - 4 else 0
                if place.passes(name, base + offset, size):
                    if self._movi <= place.start[0] < self._movi_end:
                        return place.start
                    place.reset()
                    return None
            at += count * _INDEX_ENTRY
            left -= count * _INDEX_ENTRY
            if turn % 4 == 0:
                await asyncio.sleep_ms(0)
        return self._movi_end, place.pictures, place.sounded

    async def _walk(self, place):
        """The same from chunk to chunk, from the first one on."""
        at = self._movi
        for turn in range(1, _MANY):
            found = await self._chunk(at) if at + 8 <= self._movi_end else None
            if found is None:
                break
            name, size, kind = found
            if kind == b"rec ":
                at += 12
                continue
            if place.passes(name, at, size):
                return place.start
            at += 8 + size + (size & 1)
            if turn % _TURN == 0:
                await asyncio.sleep_ms(0)
        return at, place.pictures, place.sounded

    def close(self):
        """Close the source; at any moment, again too."""
        self._source.close()


class _Place:
    """Finds where to begin among chunks that pass by: start, (place, pictures before, bytes of sound before).

    picture: number of the one that is wanted; ms: of the sound; None: not that.
    """

    def __init__(self, avi, picture, ms):
        self._avi = avi
        self._picture, self._ms = picture, ms
        self.reset()

    def reset(self):
        """From the first chunk again."""
        self._of_picture = self._of_sound = self.start = None
        self.pictures = self.sounded = 0

    def passes(self, name, offset, size):
        """bool: whether this is the last one that has to be looked at."""
        avi, wanted, ms = self._avi, self._picture, self._ms
        if name[:2] == avi._picture_id:
            if self.pictures == wanted:
                self._of_picture = (offset, wanted, self.sounded)
            self.pictures += 1
        elif name[:2] == avi._sound_id and not self._of_sound:
            if ms is not None and avi._time_of(self.sounded + size) > ms:
                self._of_sound = (offset, self.pictures, self.sounded)
            else:
                self.sounded += size
        if wanted is not None and not self._of_picture:
            return False
        if ms is not None and not self._of_sound and (wanted is None or self.pictures < wanted + _APART):
            return False
        self.start = min(self._of_picture or self._of_sound, self._of_sound or self._of_picture)
        return True


def _printable(name):
    return "".join(chr(letter) if 32 < letter < 127 else "?" for letter in name)


def _described(head):
    """What a file seems to be instead, for whoever looks for the reason."""
    if not head:
        return "the file is empty"
    if head[4:8] == b"ftyp":
        return "MP4 or QuickTime, whose codecs are not decoded here"
    for mark, name in (
        (b"\x1a\x45\xdf\xa3", "Matroska or WebM, whose codecs are not decoded here"),
        (b"FLV", "FLV"),
        (b"#EXTM3U", "an HLS playlist"),
        (b"RIFF", "a RIFF file of another kind"),
        (b"OggS", "Ogg"),
        (b"\0\0\1\xba", "MPEG"),
        (b"0&\xb2u", "WMV"),
        (b"<", "a page of HTML or XML"),
        (b"{", "JSON"),
    ):
        if head.startswith(mark):
            return name
    return "it begins with " + " ".join("%02x" % byte for byte in head[:8])
