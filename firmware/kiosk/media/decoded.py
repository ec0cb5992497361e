"""
Compressed sound as samples: a container gives frames, the C module `codecs` decodes them.

A container (framed.py, mp4.py) has

    name, rate_hz, channels, frame_samples
    lead          frames that the decoder takes in before the first sound comes out, at the head and after a seek
    preroll       frames that have to be decoded before the one that is wanted is right
    delay         samples at the head that belong to no sound
    samples       of the sound, or None; exact: whether that is more than an estimate
    byte_rate     about how many bytes a second
    is_live       whether nobody knows where it ends: there are no places to go to but its beginning
    source        the byte source
    read(view)    what the decoder is to be fed: how many bytes, 0 at the end, None if there is nothing yet
    find(number)  go to a frame: the number of the one that is read next; None: not found yet, ask again

Holds 6 KB beside the decoder's own state, however long the sound is.
"""

import asyncio

from kiosk.errors import KioskError
from kiosk.media import pcm

_INPUT_BYTES = const(1024)
_STEPS = const(24)  # of the decoder in one call, then the loop turns
_NO_SOUND_BYTES = const(65536)  # without a frame: this is none
_POLL_MS = const(5)
_NO_SOUND_FRAMES = const(50)  # without one that is right


def _wrong(what):
    return KioskError("format", what)


class Decoded:
    """What a Player wants (see kiosk/media/wav.py's WavReader), of a container.  open() first."""

    def __init__(self, container):
        try:
            import codecs

            self._decoder = codecs.Decoder(container.name)
            self._pcm = memoryview(bytearray(codecs.PCM_BYTES))
        except ImportError:
            raise _wrong("this image has no codecs")
        except ValueError as exc:  # an image without the GPL's libraries
            raise _wrong(str(exc))
        self._container = container
        self._input = memoryview(bytearray(_INPUT_BYTES))
        self.rate_hz, self.channels = container.rate_hz, container.channels
        self._at = self._target = container.delay  # the sample that is given next; what is before it is dropped
        self._sought = None
        self._frames = 0  # decoded
        self._restart(0)

    async def open(self):
        """Decode the first frame, which says more than headers do; returns the reader.  KioskError if there is none."""
        while not self._left and not self._over:
            if self._read(None) is None:
                await asyncio.sleep_ms(_POLL_MS)
        if not self._frames:
            raise _wrong("there is no frame of %s in it that could be decoded" % self._container.name)
        return self

    @property
    def duration_ms(self):
        """Int; an estimate where neither a header nor the frames have told.  None: nobody knows."""
        samples = self._container.samples
        return None if samples is None else samples * 1000 // self.rate_hz

    @property
    def position_ms(self) -> int:
        """Of what is read next."""
        return max(0, self._at - self._container.delay) * 1000 // self.rate_hz

    @property
    def buffered_ms(self):
        """Up to where it can be played without waiting, about."""
        ahead = self._container.source.ahead
        if ahead is None:
            return self.duration_ms
        ms = self.position_ms + ahead * 1000 // max(1, self._container.byte_rate)
        return ms if self.duration_ms is None else min(ms, self.duration_ms)

    def read_into(self, view):
        """Fill a memoryview of bytes with int16 frames; how many bytes, 0 at the end, None if there is nothing yet."""
        return self._read(view)

    def seek_ms(self, ms: int) -> None:
        """Read on from there; beyond the end means the end.  Does not wait: read_into() gives None until it is found."""
        container = self._container
        if container.is_live and ms > 0:
            return
        at = max(0, ms) * self.rate_hz // 1000
        if container.samples is not None and container.exact:
            at = min(at, container.samples)
        self._sought = self._at = self._target = at + container.delay
        self._left = 0

    def close(self) -> None:
        """Give back the decoder's memory and close the source."""
        self._decoder.close()
        self._container.source.close()
        self._left, self._over, self._sought = 0, True, None

    def _read(self, view):
        try:
            if self._sought is not None and not self._go():
                return None
            for _ in range(_STEPS):
                if self._left:
                    return self._give(view) if view else 0
                if self._over:
                    return 0
                if not self._decode():
                    return None
            return None
        except MemoryError:
            raise KioskError("sound system", "out of memory")

    def _go(self):
        container = self._container
        wanted = max(0, self._sought // container.frame_samples - container.preroll - container.lead)
        number = container.find(wanted)
        if number is None:
            return False
        self._sought = None
        self._decoder.reset()
        self._restart(number)
        return True

    def _restart(self, number):
        self._place = (number + self._container.lead) * self._container.frame_samples
        self._start = self._end = 0  # of the input
        self._first = self._left = 0  # of the samples, in bytes
        self._silent = 0  # bytes fed since the last frame
        self._drained = self._over = False

    def _decode(self):
        """One step; False when there is nothing to decode yet."""
        if self._start == self._end and not self._drained:
            count = self._container.read(self._input)
            if count is None:
                return False
            self._start, self._end = 0, count
            self._drained = count == 0
        decoder = self._decoder
        taken, given = decoder.feed(self._input[self._start : self._end], self._pcm)
        self._start += taken
        if given:
            self._silent = 0
            self._frames += 1
            self._take(given)
        elif self._drained:
            self._over = True
            if not taken:
                self._container.ended(self._place)
        else:
            self._silent += taken
            if self._silent > _NO_SOUND_BYTES:
                raise _wrong("there is no frame of %s in 64 KB" % self._container.name)
        return True

    def _take(self, size):
        """A frame has come: leave out what belongs to no sound."""
        decoder, container = self._decoder, self._container
        if decoder.damaged == self._frames >= _NO_SOUND_FRAMES:
            raise _wrong("none of %d frames of %s could be decoded" % (self._frames, container.name))
        frames = size // (2 * decoder.channels)
        if self._frames == 1:
            self.rate_hz, self.channels = decoder.rate_hz, decoder.channels
        elif decoder.rate_hz != self.rate_hz:
            raise _wrong("the rate changes to %d Hz in the middle" % decoder.rate_hz)
        elif decoder.channels < self.channels:
            pcm.spread(self._pcm, frames)
        elif decoder.channels > self.channels:
            pcm.fold(self._pcm, frames)
        place, self._place = self._place, self._place + frames
        first = min(frames, max(0, self._target - place))
        if container.exact and container.samples is not None:
            frames = max(0, min(frames, container.delay + container.samples - place))
            self._over = self._over or not frames
        self._first = first * 2 * self.channels
        self._left = max(0, frames - first) * 2 * self.channels

    def _give(self, view):
        frame = 2 * self.channels
        size = min(len(view) // frame * frame, self._left)
        view[:size] = self._pcm[self._first : self._first + size]
        self._first += size
        self._left -= size
        self._at += size // frame
        return size
