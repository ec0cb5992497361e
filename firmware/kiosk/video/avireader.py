"""
AVI files as they are played: pictures (Motion JPEG) and sound (PCM, IMA ADPCM) in the order in which they lie in the file.

Read are those that the kiosk records, whole or broken off, and what ffmpeg and cameras make: rec lists, OpenDML's further
RIFFs, an index with offsets from either place, or none; then places are found by going over the chunks.  The first
stream of pictures and the first of sound count; sound in another format is none.

    reader = avireader.open(path)               # KioskError("format") says what is wrong with it
    while True:
        kind, time_ms, size = reader.next()     # a handful of reads of the file
        if kind == "picture" or kind == "sound":
            count = reader.read_into(view)      # of this chunk, again and again; 0 at its end
        elif kind is None: break                # the end
        # "": so far nothing but empty chunks and others; let the loop turn and go on
    reader.seek_ms(5000)                        # next() gives the picture at or before that, and what follows it

Memory: 900 bytes.
"""

import builtins
import struct
from array import array

from kiosk.errors import KioskError
from kiosk.video import aviformat
from kiosk.video.aviwalk import Walk

_MOST_SIDE = const(8192)
_MOST_CHUNKS = const(200)  # of a header; and those that next() goes over
_MARKS = const(32)
_ENTRIES = const(16)  # of the index, read at once


def _wrong(what):
    return KioskError("format", "no video that is known: " + what)


def open(path):
    """Return an AviReader of a file.  KioskError (format), OSError."""
    file = builtins.open(path, "rb")
    try:
        return AviReader(file)
    except Exception:
        file.close()
        raise


class AviReader:
    """file: `seek`, `readinto`; closed by close().

    width, height; frame_us: from one place in the row of pictures to the next; frames: places in the row, of which many may
    be empty, and duration_ms; both None in a file that was broken off, until measure() has gone over it.
    sound: aviformat.Sound or None; has_sound, rate_hz, channels: its, 0 without.  has_index: seeking is fast.
    """

    def __init__(self, file):
        self._file = file
        self._length = file.seek(0, 2)
        head = self._at(0, 12)
        if head[:4] != b"RIFF" or head[8:12] != b"AVI ":
            raise _wrong("it does not begin like an AVI file")
        self.sound = None
        self.width = 0
        self._names = [None, None]  # of the chunks of pictures, and of sound: the first two letters
        self._lengths = [0, 0]
        movi, size = self._read_header()
        if not self.width:
            raise _wrong("no Motion JPEG")
        self._start = movi + 4
        has_sound = self.has_sound = self.sound is not None
        self.rate_hz = self.sound.rate_hz if has_sound else 0
        self.channels = self.sound.channels if has_sound else 0
        self._find_index(movi, size)
        self.frames = self.duration_ms = None
        if self._lengths[0] and size and self._lengths[0] <= self._length // 8:
            self._set_frames(self._lengths[0])
        self._walk = Walk(file, self._start, self._length)
        self._frame = self._sounded = 0  # places and bytes of sound before what comes next
        self._place = self._left = 0  # of the chunk that is read
        # Where seeking may begin: places in the row, bytes of sound, and where that is in the index, or else in the file.
        self._marks = array("I", (0, 0, self._entry(0) if self.has_index else self._start))
        self._apart = 8  # places between two of them

    # The header.

    def _read_header(self):
        """Go over the lists; where the word movi is, and the size of its list."""
        at, end, count = 12, self._length, 0
        stream = number = -1
        while count < _MOST_CHUNKS:
            count += 1
            text = self._at(at, 12)
            if len(text) < 12:
                break
            name, size = struct.unpack_from("<4sI", text)
            if name == b"LIST":
                inside = bytes(text[8:12])
                if inside == b"movi":
                    return at + 8, size
                if inside in (b"hdrl", b"strl"):
                    number += inside == b"strl"
                    stream = -1
                    at += 12
                    continue
            elif name == b"strh":
                stream = self._read_stream(self._at(at + 8, min(size, 56)), number)
            elif name == b"strf" and stream >= 0:
                self._read_form(self._at(at + 8, min(size, 40)), stream, number)
            at += 8 + size + (size & 1)
            if at > end:
                break
        raise _wrong("it has no pictures")

    def _read_stream(self, text, number):
        """0 of pictures, 1 of sound, if it is the first of its kind; -1."""
        if len(text) < 36 or not 0 <= number < 100:
            return -1
        kind = 0 if text[:4] == b"vids" else 1 if text[:4] == b"auds" else -1
        if kind < 0 or self._names[kind]:
            return -1
        scale, rate, _, length = struct.unpack_from("<4I", text, 20)
        self._lengths[kind] = length
        if kind == 0:
            if not (scale and rate):
                raise _wrong("%d / %d pictures a second" % (rate, scale))
            self.frame_us = scale * 1000000 // rate
            if not 1000 <= self.frame_us <= 60000000:
                raise _wrong("a picture every %d us" % self.frame_us)
        return kind

    def _read_form(self, text, kind, number):
        if kind == 0:
            if len(text) < 20:
                raise _wrong("its header is cut short")
            width, height = struct.unpack_from("<ii", text, 4)
            if bytes(text[16:20]).upper() not in (b"MJPG", b"JPEG"):
                raise _wrong("its pictures are no JPEGs")
            if not (0 < width <= _MOST_SIDE and 0 < abs(height) <= _MOST_SIDE):
                raise _wrong("pictures of %dx%d" % (width, height))
            self.width, self.height = width, abs(height)
        else:
            self.sound = _sound(text)
            if not self.sound:
                return
        self._names[kind] = b"%02d" % number

    def _find_index(self, movi, size):
        """Where idx1 is, and what its offsets are counted from."""
        self.has_index = False
        at = movi + size + (size & 1)
        text = self._at(at, 24) if size else b""
        if len(text) < 24 or text[:4] != b"idx1":
            return
        self._index = at + 8
        self._index_end = self._index + min(struct.unpack_from("<I", text, 4)[0], self._length - self._index) // 16 * 16
        offset = struct.unpack_from("<I", text, 16)[0]
        for base in (movi, 0):
            if self._at(base + offset, 4) == text[8:12]:
                self._base = base
                self.has_index = True
                return

    def _at(self, place, count):
        self._file.seek(min(place, self._length))
        text = bytearray(count)
        return text[: self._file.readinto(text) or 0]

    def _set_frames(self, frames):
        self.frames = frames
        self.duration_ms = frames * self.frame_us // 1000

    # Playing.

    def next(self):
        """(kind, time_ms, size) of the chunk that follows: "picture" or "sound"; "": none yet, ask again; None: the end."""
        walk = self._walk
        self._left = 0
        for _ in range(_MOST_CHUNKS):
            if not walk.step():
                return None, self._time_ms(), 0
            kind = self._kind(walk.name)
            if kind is None:
                continue
            if kind == "sound":
                time_ms = self.sound.time_ms(self._sounded)
                self._sounded += walk.size
            else:
                time_ms = self._time_ms()
                self._frame += 1
            if walk.size:
                self._place, self._left = walk.place, walk.size
                return kind, time_ms, walk.size
        return "", self._time_ms(), 0

    def read_into(self, view) -> int:
        """Fill a memoryview with what follows in the chunk that next() has come to; how many bytes, 0 at its end."""
        count = min(len(view), self._left)
        if not count:
            return 0
        self._file.seek(self._place)
        count = self._file.readinto(view[:count])
        self._place += count
        self._left = self._left - count if count else 0
        return count

    def seek_ms(self, ms: int) -> None:
        """next() gives the picture that is seen at `ms`, the first before there is one, the last beyond the end."""
        for _ in self.seeking(ms):
            pass

    def seeking(self, ms: int):
        """The same, a generator: the loop may turn at each of its steps."""
        wanted = max(0, ms * 1000 // self.frame_us)
        marks = self._marks
        at = len(marks) - 3
        while at and marks[at] > wanted:
            at -= 3
        frame, sounded, place = marks[at : at + 3]
        steps = self._in_index(place) if self.has_index else self._in_file(place)
        found = None
        count = 0
        for kind, size, chunk, place in steps:
            if kind == "sound":
                sounded += size
                continue
            if kind == "picture":
                if frame > wanted and found:
                    break
                if size:
                    self._mark(frame, sounded, place)
                    found = frame, sounded, chunk
                frame += 1
            count += 1
            if count % _MOST_CHUNKS == 0:
                yield
        if found is None:  # no picture at all
            found = 0, 0, self._start
        self._frame, self._sounded, place = found
        self._left = 0
        self._walk.go(place)

    def measure(self):
        """A generator: go over a file that was broken off, to know `frames` and `duration_ms`."""
        if self.frames is not None:
            return
        frames = 0
        for number, chunk in enumerate(self.chunks()):
            frames += chunk[0] == "picture"
            if number % _MOST_CHUNKS == _MOST_CHUNKS - 1:
                yield
        self._set_frames(frames)

    def chunks(self):
        """A generator: kind ("picture" or "sound"), size and place in the file of every chunk, from the first on."""
        for kind, size, place, _ in self._in_file(self._start):
            if kind:
                yield kind, size, place + 8

    def read_at(self, place: int, view) -> None:
        """Fill a memoryview with what is there in the file.  KioskError (file io) if it is not."""
        self._file.seek(place)
        if self._file.readinto(view) != len(view):
            raise KioskError("file io", "of the video")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def _time_ms(self):
        return self._frame * self.frame_us // 1000

    def _kind(self, name):
        if name[2:] in (b"dc", b"db") and name[:2] == self._names[0]:
            return "picture"
        if name[2:] == b"wb" and name[:2] == self._names[1]:
            return "sound"
        return None

    # Looking for places.  What is given: kind, size, where the chunk is, and what to begin with to come to it again.

    def _in_file(self, place):
        walk = Walk(self._file, place, self._length)
        while walk.step():
            yield self._kind(walk.name), walk.size, walk.place - 8, walk.place - 8

    def _in_index(self, place):
        text = bytearray(16 * _ENTRIES)
        while place < self._index_end:
            self._file.seek(place)
            count = self._file.readinto(memoryview(text)[: min(len(text), self._index_end - place)]) // 16
            if not count:
                return
            for number in range(count):
                name, _, offset, size = struct.unpack_from("<4s3I", text, 16 * number)
                if offset > self._length - self._base:
                    return
                yield self._kind(name), size, self._base + offset, place + 16 * number
            place += 16 * count

    def _entry(self, number):
        return self._index + 16 * number

    def _mark(self, frame, sounded, place):
        """Remember a place now and then; every other one is forgotten when there are too many."""
        marks = self._marks
        if frame < marks[len(marks) - 3] + self._apart or max(sounded, place) > 0xFFFFFFFF:
            return
        if len(marks) >= 3 * _MARKS:
            kept = array("I")
            for at in range(0, len(marks), 6):
                kept.extend(marks[at : at + 3])
            self._marks = marks = kept
            self._apart *= 2
        marks.extend(array("I", (frame, sounded, place)))


def _sound(text):
    """Sound of a WAVEFORMAT; None for what is not played here."""
    if len(text) < 16:
        return None
    tag, channels, rate_hz, _, block, bits = struct.unpack_from("<HHIIHH", text)
    if channels not in (1, 2) or not 4000 <= rate_hz <= 96000:
        return None
    if tag == aviformat.PCM and bits in (8, 16) and block == channels * bits // 8:
        return aviformat.Sound(tag, rate_hz, channels, bits, block)
    if tag == aviformat.ADPCM and bits == 4 and 4 * channels < block <= 8192 and block % (4 * channels) == 0:
        return aviformat.Sound(tag, rate_hz, channels, bits, block)
    return None
