"""
WAV files: read as a stream of int16 samples, and written.

Source: "Multimedia Programming Interface and Data Specifications 1.0", IBM and Microsoft, 1991; "Multiple Channel Audio
Data and WAVE Files", Microsoft, 2007 (WAVE_FORMAT_EXTENSIBLE).  Read are PCM of 8, 16, 24 and 32 bits and IMA ADPCM, mono and
stereo.  Whatever is wrong with a file is KioskError("format"); one that is cut short is read as far as it goes.
"""

import struct

from kiosk.errors import KioskError
from kiosk.media import pcm

_PCM = const(1)
_IMA_ADPCM = const(17)
_EXTENSIBLE = const(0xFFFE)
_UNKNOWN = const(0x7FFFF000)  # sizes from here on are what encoders write into a pipe
_HIGHEST_HZ = const(384000)
_FORMAT_BYTES = const(40)
_RAW_BYTES = const(768)  # of 24 or 32 bits, read at once: whole frames of each
_HEADER = const(44)
_SYNC_BYTES = const(32768)  # what a power cut takes at most


def _wrong(what):
    return KioskError("format", "no WAV file: " + what)


class WavReader:
    """file: `readinto`, and `seek` (of which one that is only streamed has none); closed by close().

    rate_hz, channels (1 or 2), bits (as in the file; 4 for ADPCM), align (bytes that are read together), frames and duration_ms (int, or None if nobody knows).
    """

    def __init__(self, file):
        self._file = file
        self._can_seek = hasattr(file, "seek")
        self._length = file.seek(0, 2) if self._can_seek else 0
        if self._can_seek:
            file.seek(0)
        self._at = 0  # frame
        self._position = 0  # byte
        self._blocks = None
        self._unwanted = 0  # frames of a block, before the place that was sought
        self.rate_hz = 0
        head = bytearray(12)
        if self._fill(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
            raise _wrong("it does not begin like one")
        self._start = self._find_data(head)
        self._raw = None if self.bits in (4, 16) else bytearray(_RAW_BYTES)

    def _find_data(self, head):
        """Go over the chunks; return where the samples begin."""
        view, in_fact = memoryview(head)[:8], None
        while True:
            if self._fill(view) < 8:
                raise _wrong("no samples")
            name, size = bytes(head[:4]), struct.unpack_from("<I", head, 4)[0]
            if name == b"data":
                break
            taken = 0
            if name == b"fmt ":
                taken = self._read_format(size)
            elif name == b"fact" and size >= 4:
                taken = self._fill(memoryview(head)[:4])
                in_fact = struct.unpack_from("<I", head)[0]
            self._skip(size + (size & 1) - taken)
        if not self.rate_hz:
            raise _wrong("no format before the samples")
        self._measure(size, in_fact)
        return self._position

    def _read_format(self, size):
        text = bytearray(min(size, _FORMAT_BYTES))
        if size < 16 or self._fill(text) < len(text):
            raise _wrong("its format is cut short")
        tag, channels, rate_hz, _, align, bits = struct.unpack_from("<HHIIHH", text)
        if tag == _EXTENSIBLE:
            if len(text) < _FORMAT_BYTES:
                raise _wrong("its format is cut short")
            tag = struct.unpack_from("<H", text, 24)[0]
        if channels not in (1, 2) or not 0 < rate_hz <= _HIGHEST_HZ:
            raise _wrong("%d channels of %d Hz" % (channels, rate_hz))
        if tag == _IMA_ADPCM and bits == 4:
            from kiosk.media import adpcm

            self._blocks = adpcm.Blocks(self._read_block, align, channels)
        elif tag != _PCM or bits not in (8, 16, 24, 32) or align != channels * bits // 8:
            raise _wrong("format %d, %d bits, frames of %d bytes" % (tag, bits, align))
        else:
            self._blocks = None
        self.rate_hz, self.channels, self.bits, self.align = rate_hz, channels, bits, align
        return len(text)

    def _measure(self, size, in_fact):
        """How long it is.  A header that was never finished says 0 or the largest number there is."""
        if self._can_seek:
            there = self._length - self._position
            size = there if not size or size > there else size
        elif not size or size >= _UNKNOWN:
            self._data = self.frames = self.duration_ms = None
            return
        self._data = size
        self.frames = size // self.align
        if self._blocks:
            from kiosk.media.adpcm import frames_in

            self.frames = self.frames * self._blocks.frames + frames_in(size % self.align, self.channels)
            if in_fact and in_fact < self.frames:
                self.frames = in_fact  # the last block is filled up
        self.duration_ms = self.frames * 1000 // self.rate_hz

    # The door to the file.

    def _fill(self, view):
        """As much of a buffer as there are bytes for; how many."""
        done = 0
        while done < len(view):
            count = self._file.readinto(memoryview(view)[done:])
            if not count:
                break
            done += count
        self._position += done
        return done

    def _skip(self, count):
        if self._can_seek:
            if count > self._length - self._position:
                raise _wrong("no samples")
            self._position += count
            self._file.seek(self._position)
            return
        scratch = memoryview(bytearray(64))
        while count > 0:
            done = self._fill(scratch[: min(64, count)])
            if not done:
                raise _wrong("no samples")
            count -= done

    def _read_block(self, block):
        """For adpcm.Blocks, which must not take what follows the samples for some."""
        if self._data is None:
            return self._fill(block)
        return self._fill(memoryview(block)[: min(len(block), self._start + self._data - self._position)])

    def read_into(self, view) -> int:
        """Fill a memoryview of bytes with int16 frames; return how many bytes, 0 at the end."""
        frames = len(view) // (2 * self.channels)
        if self.frames is not None:
            frames = min(frames, self.frames - self._at)
        if frames <= 0:
            return 0
        if self._blocks:
            scratch = bytearray(256) if self._unwanted else None
            while self._unwanted:
                self._unwanted -= self._blocks.decode(scratch, min(self._unwanted, 64)) or self._unwanted
            done = self._blocks.decode(view, frames)
        elif self.bits == 16:
            done = self._fill(view[: frames * self.align]) // self.align
        else:
            done = self._read_narrowed(view, frames)
        self._at += done
        if not done:
            self.frames = self._at  # it was cut while we read it
        return done * 2 * self.channels

    def _read_narrowed(self, view, frames):
        width, done, raw = self.bits // 8, 0, memoryview(self._raw)
        while done < frames:
            wanted = min((frames - done) * self.align, _RAW_BYTES)
            got = self._fill(raw[:wanted]) // self.align
            pcm.narrow(view[done * 2 * self.channels :], self._raw, got * self.channels, width, 0, width)
            done += got
            if got * self.align < wanted:
                break
        return done

    @property
    def position_ms(self) -> int:
        """Of what is read next."""
        return self._at * 1000 // self.rate_hz

    @property
    def buffered_ms(self):
        """Up to where it can be played without waiting: a file is all there."""
        return self.duration_ms

    def seek_ms(self, ms: int) -> None:
        """Read on from there; beyond the end means the end.  OSError from a file that is only streamed."""
        if not self._can_seek:
            raise OSError(29, "a stream cannot seek")  # ESPIPE
        self._at = max(0, min(self.frames, ms * self.rate_hz // 1000))
        each = self._blocks.frames if self._blocks else 1
        self._position = self._start + self._at // each * self.align
        self._file.seek(self._position)
        if self._blocks:
            self._blocks.forget()
            self._unwanted = self._at % each

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class WavWriter:
    """PCM of 16 bits into a new file, which is closed by close().  frames: how many will come, if that is known.

    The header says "unknown" until close() writes it anew, and every 32 KB are made safe: after a power cut the file is
    played as far as it goes.  Where `frames` was right, nothing is written anew: littlefs copies a file whose head changes.
    """

    def __init__(self, file, rate_hz: int, channels: int, frames=None):
        self._file = file
        self._rate_hz, self._channels = rate_hz, channels
        self._said = -1 if frames is None else frames * 2 * channels
        self.size = 0  # bytes of samples
        self._safe = 0
        file.write(self._header(self._said))

    def _header(self, size):
        total = size + _HEADER - 8 if size >= 0 else 0xFFFFFFFF
        frame = 2 * self._channels
        text = struct.pack(
            "<4sI8sIHHII", b"RIFF", total, b"WAVEfmt ", 16, _PCM, self._channels, self._rate_hz, self._rate_hz * frame
        )
        return text + struct.pack("<HH4sI", frame, 16, b"data", size if size >= 0 else 0xFFFFFFFF)

    def write(self, view) -> None:
        """Whole frames, int16, as bytes.  OSError of the file; what was written before stays."""
        done = self._file.write(view)
        if done != len(view):
            raise OSError(28, "the file system is full")  # ENOSPC
        self.size += done
        if self.size - self._safe >= _SYNC_BYTES:
            self._file.flush()
            self._safe = self.size

    def close(self) -> None:
        """Finish the header and close the file."""
        try:
            if self.size != self._said:
                self._file.flush()
                self._file.seek(0)
                self._file.write(self._header(self.size))
        finally:
            self._file.close()
