"""
An AVI file as it is recorded: Motion JPEG, and PCM or IMA ADPCM, chunk after chunk.

Times are on a grid of 40 ms.  The row of pictures has a place for every 40 ms from the beginning to the end, and one in which no
picture was taken is an empty chunk of 8 bytes: players go on showing the last one.  So the rate in the header is right
before the first picture is taken, whatever the camera manages, and a picture that is dropped moves no other; a
picture is shown at most 20 ms from when it was taken (one that comes too soon after another: up to 60).

Nothing is ever written anew, since littlefs copies all that follows.  So the file is whole up to its last chunk at any
moment, with a header that says 0 of lengths and sizes: this kiosk and ffmpeg play it, and know how long it is when they
get there.  avirepair.py makes a copy with lengths and an index.  It is made safe every 64 KB, at the end of a chunk; that
is what a power cut takes at most, a second of 320x240.

Memory: 600 bytes, and the header for a moment.
"""

import struct

from kiosk.errors import KioskError
from kiosk.files.content import close_again
from kiosk.video import aviformat

FRAME_MS = 40
_SYNC_BYTES = const(65536)
_LATE_MS = const(60)  # a picture that would be shown so much later than it was taken is left out
_SOUND_BYTES = const(4096)  # that a picture leaves of the room for the sound that belongs to it
_EMPTY = b"00dc\0\0\0\0" * 25
_ZEROS = bytes(64)


class AviWriter:
    """file: open for writing, new; closed by close().  sound: aviformat.Sound or None.  room: bytes that it may take.

    pictures, dropped (int): that were taken and that were not; frames: places of the grid that are written; size: bytes.
    sound_bytes (int).
    """

    def __init__(self, file, width: int, height: int, sound=None, room=None):
        self._file = file
        self._room = room
        self.sound = sound
        self.pictures = self.dropped = self.frames = self.sound_bytes = 0
        self.size = self._safe = self._extent = 0
        self._begun = None  # where the picture's chunk begins that is being written
        self._left = self._odd = 0
        self._put(aviformat.header(width, height, FRAME_MS * 1000, sound))

    @property
    def is_in_picture(self) -> bool:
        """Whether a picture has begun and not ended; no sound can be written then."""
        return self._begun is not None

    def begin_picture(self, time_ms: int, size: int) -> bool:
        """A picture of at most `size` bytes that was taken at `time_ms`.  False: there is one for that time already.

        KioskError (no space): it does not fit; what is there stays.
        """
        place = (time_ms + FRAME_MS // 2) // FRAME_MS
        if place < self.frames:
            place = self.frames
            if place * FRAME_MS - time_ms > _LATE_MS:
                self.dropped += 1
                return False
        self._require(8 * (place - self.frames) + 9 + size + (_SOUND_BYTES if self.sound else 0))
        self._fill(place)
        self._begun = self.size
        self._left, self._odd = size, size & 1
        self._put(struct.pack("<4sI", b"00dc", size))
        return True

    def write(self, view) -> None:
        """More of the picture's bytes (memoryview).  OSError of the file."""
        if len(view) > self._left:
            raise ValueError("a picture of more bytes than it was to have")
        self._left -= len(view)
        self._put(view)

    def end_picture(self, is_whole=True) -> None:
        """What it has less than `size` is filled with zeros, as JPEGs may have behind them; one that is not whole never was."""
        begun, self._begun = self._begun, None
        if not is_whole:
            self.dropped += 1
            self._file.seek(begun)
            self.size = begun
            return
        self._left += self._odd
        while self._left:
            part = min(self._left, len(_ZEROS))
            self._put(_ZEROS[:part])
            self._left -= part
        self.pictures += 1
        self.frames += 1
        self._make_safe()

    def write_sound(self, view) -> None:
        """A chunk of whole blocks (memoryview).  KioskError (no space), OSError."""
        size = len(view)
        self._require(9 + size)
        self._put(struct.pack("<4sI", b"01wb", size))
        self._put(view)
        if size & 1:
            self._put(b"\0")
        self.sound_bytes += size
        self._make_safe()

    def close(self, end_ms=0) -> None:
        """The last picture is seen until `end_ms`; close the file.  OSError; the file is closed then, too."""
        try:
            if self._begun is not None:
                self.end_picture(False)
            places = (end_ms + FRAME_MS - 1) // FRAME_MS
            if self._room is None or self.size + 8 * (places - self.frames) <= self._room:
                self._fill(places)
            if self.size < self._extent:  # behind a picture that never was
                self._put(struct.pack("<4sI", b"JUNK", max(0, self._extent - self.size - 8)))
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Close the file as it is, on the way out; again, too."""
        close_again(self._file)

    @property
    def sound_ms(self) -> int:
        """How long the sound is."""
        return self.sound.time_ms(self.sound_bytes) if self.sound else 0

    @property
    def duration_ms(self) -> int:
        """How long the pictures are to be seen."""
        return self.frames * FRAME_MS

    def _fill(self, places):
        while self.frames < places:
            count = min(places - self.frames, len(_EMPTY) // 8)
            self._put(_EMPTY[: 8 * count])
            self.frames += count

    def _require(self, size):
        if self._room is not None and self.size + size > self._room:
            raise KioskError("no space")

    def _put(self, data):
        if self._file.write(data) != len(data):
            raise KioskError("no space")
        self.size += len(data)
        self._extent = max(self._extent, self.size)

    def _make_safe(self):
        if self.size - self._safe >= _SYNC_BYTES:
            self._file.flush()
            self._safe = self.size
