"""
The temporary file that a recording goes into, as it comes: samples as they are, as a WAV file, or encoded.

Touches the flash.  How much room there is, is asked at the beginning, and the recording ends before the flash is full
(kiosk/files/room.py).  It is made safe every 32 KB.
"""

import asyncio
import os

from kiosk import log
from kiosk.errors import KioskError
from kiosk.files import content, room
from kiosk.media import encoders
from kiosk.media.wav import WavWriter

_TAG = "recording"
_HEADER = const(44)  # bytes of a WAV file before its samples
_SYNC_BYTES = const(32768)
_PIECE_BYTES = const(4096)


def create(files, settings, on_frame):
    """Return the new file of a recording, open.  on_frame(bytes, is_last): hears what is written, if it is to be cut.

    KioskError: no space; unsupported, codec memory of the encoders.  OSError of the flash.
    """
    if settings.format == "wav":
        return WavFile(files, settings)
    frames = Frames(settings.frame_bytes, on_frame) if settings.frame_bytes else None
    return EncodedFile(files, settings, frames) if settings.is_encoded else PcmFile(files, settings, frames)


class Frames:
    """Cuts what is written into parts of `size` bytes.  One is told of when there is more, so the last has something in it."""

    def __init__(self, size, tell):
        self._tell = tell
        self._frame = bytearray(size)
        self._have = 0

    def add(self, view):
        """More bytes (memoryview)."""
        while len(view):
            if self._have == len(self._frame):
                full, self._frame, self._have = self._frame, bytearray(len(self._frame)), 0
                self._tell(full, False)
            count = min(len(view), len(self._frame) - self._have)
            self._frame[self._have : self._have + count] = view[:count]
            self._have += count
            view = view[count:]

    def finish(self, in_order):
        """There are no more.  in_order: False when a fault has ended it, then none is the last one."""
        if self._have or in_order:
            self._tell(self._frame[: self._have], in_order)


class PcmFile:
    """Samples as they are.  url, path (str); size: bytes written."""

    suffix = ".pcm"

    def __init__(self, files, settings, frames=None):
        self._files = files
        self._frames = frames
        self.settings = settings
        self._room = room.left(files.folder)
        if self._room <= 0:
            raise KioskError("no space")
        self.url, self.path = files.temporary(self.suffix)
        self._file = open(self.path, "wb")
        files.held.append(self.path)
        self.size = self._safe = 0

    @property
    def frames_max(self):
        """int: how many frames it is made for; fewer than were asked for where it is known that there is no room."""
        return self.settings.frames

    def write(self, view):
        """Samples (memoryview of bytes).  KioskError (no space); OSError of the flash."""
        if self.size + len(view) > self._room:
            raise KioskError("no space")
        self._put(view)

    def _put(self, view):
        if self._file.write(view) != len(view):
            raise KioskError("no space")
        self.size += len(view)
        if self.size - self._safe >= _SYNC_BYTES:
            self._file.flush()
            self._safe = self.size
        if self._frames:
            self._frames.add(view)

    async def finish(self, in_order):
        """Nothing more comes: make a whole file of it and close it.  in_order: False when a fault has ended it."""
        self._file.close()
        if self._frames:
            self._frames.finish(in_order)

    def release(self):
        """Let go of the file, whatever has happened to it.  Again: nothing."""
        try:
            self._file.close()
        except OSError as exc:
            log.warn(_TAG, "%s: %s", self.url, exc)
        if self.path in self._files.held:
            self._files.held.remove(self.path)

    def kept_bytes(self):
        """int: how many bytes are on the flash."""
        return os.stat(self.path)[6]

    def frames_in(self, kept, frames):
        """int: how many of the `frames` that were heard are in the `kept` bytes."""
        return min(frames, kept // self.settings.frame)

    def discard(self):
        """There shall be no such file."""
        self.release()
        content.discard(self.path)


class EncodedFile(PcmFile):
    """MP3, or AAC in ADTS."""

    def __init__(self, files, settings, frames=None):
        self.suffix = "." + settings.format
        self._encoder, self._output = encoders.create(settings)
        try:
            super().__init__(files, settings, frames)
        except Exception:
            self._encoder.close()
            raise

    def write(self, view):
        """As above; an encoder keeps samples until it has a frame of them."""
        while len(view):
            taken, given = self._encoder.encode(view, self._output)
            view = view[taken:]
            if given:
                super().write(self._output[:given])

    async def finish(self, in_order):
        """What is still in the encoder comes first."""
        while True:
            given = self._encoder.finish(self._output)
            if not given:
                break
            self._put(self._output[:given])
            await asyncio.sleep_ms(0)
        await super().finish(in_order)

    def frames_in(self, kept, frames):
        """int: nearly, where a fault has taken the last ones."""
        return frames if kept >= self.size else frames * kept // self.size

    def release(self):
        """The encoder's memory, too."""
        self._encoder.close()
        super().release()


class WavFile(PcmFile):
    """Its header says from the beginning how long it will be, so one that gets there is never touched again."""

    suffix = ".wav"

    def __init__(self, files, settings):
        super().__init__(files, settings)
        self._frames_max = min(settings.frames, max(0, self._room - _HEADER) // settings.frame)
        if not self._frames_max:
            self.discard()
            raise KioskError("no space")
        try:
            self._writer = WavWriter(self._file, settings.rate_hz, settings.channels, self._frames_max)
        except OSError:
            self.discard()
            raise
        self.size = _HEADER

    @property
    def frames_max(self):
        """int: see above."""
        return self._frames_max

    def write(self, view):
        """Samples, no more than it is made for."""
        self._writer.write(view)
        self.size += len(view)

    def frames_in(self, kept, frames):
        """int: see above."""
        return min(frames, max(0, kept - _HEADER) // self.settings.frame)

    async def finish(self, in_order):
        """One that is shorter than its header says is copied behind a right one.

        littlefs does that, too, when the head of a file is written again, but in one go: an erase of 45 ms for each 4 KB.
        Where there is no room for the copy the file stays, and is read as what it is: one that was cut short.
        """
        self._file.close()
        frames = self._writer.size // self.settings.frame
        if frames < self._frames_max and room.left(self._files.folder) > self.size:
            url, path = self._files.temporary(self.suffix)
            try:
                await self._copy(path, frames)
            except OSError as exc:
                log.warn(_TAG, "%s keeps the header that it has: %s", self.url, exc)
                content.discard(path)
                return
            self.discard()
            self._files.held.append(path)
            self.url, self.path = url, path

    async def _copy(self, path, frames):
        piece = memoryview(bytearray(_PIECE_BYTES))
        with open(self.path, "rb") as source, open(path, "wb") as file:
            source.seek(_HEADER)
            writer = WavWriter(file, self.settings.rate_hz, self.settings.channels, frames)
            while True:
                count = source.readinto(piece)
                if not count:
                    break
                writer.write(piece[:count])
                await asyncio.sleep_ms(0)
            writer.close()
