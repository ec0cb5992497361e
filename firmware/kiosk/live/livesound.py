"""
Sound that comes when it comes: a small store, and samples out of it for the mixer.

What has come is held until there is enough to go on for a while (min-cache), and no more than what there is room for (max-cache): who is behind
hears a gap and is up to date again.  Nothing waits in here.

Samples is of L16 and PCMU, FramedSound of frames of MP3 or of AAC with ADTS, decoded as kiosk/media/decoded.py does.
"""

import asyncio

from kiosk.live import g711
from kiosk.media import frames
from kiosk.media.decoded import Decoded
from kiosk.media.framed import Framed

_MOST_BYTES = const(8192)
_LEAST_BYTES = const(2048)
_LOOK_MS = const(20)


class Cache:
    """byte_rate: of the sound, a second; min_ms, max_ms: what is to be held.

    ahead (int): bytes that have come and were not taken; dropped (int): pieces for which there was no room.
    """

    def __init__(self, byte_rate, min_ms, max_ms):
        size = max(_LEAST_BYTES, min(byte_rate * max_ms // 1000, _MOST_BYTES)) & ~7
        self._view = memoryview(bytearray(size))
        self._start = min(byte_rate * min_ms // 1000, size // 2)
        self._at = self.ahead = self.dropped = 0
        self._is_dry = True
        self.byte_rate = byte_rate
        self.is_over = False

    def put(self, data):
        """All of a piece (bytes-like), or nothing of it.  bool: whether there was room."""
        count, size = len(data), len(self._view)
        if self.ahead + count > size:
            self.dropped += 1
            return False
        at = (self._at + self.ahead) % size
        part = min(count, size - at)
        self._view[at : at + part] = data[:part]
        if part < count:
            self._view[: count - part] = data[part:]
        self.ahead += count
        return True

    def take(self, view):
        """Move bytes into a memoryview: how many; 0 when it is over, None while there is not enough."""
        if self.is_over:
            return 0
        if self._is_dry and self.ahead < max(1, self._start):
            return None
        count = min(len(view), self.ahead)
        self._is_dry = not count
        if not count:
            return None
        part = min(count, len(self._view) - self._at)
        view[:part] = self._view[self._at : self._at + part]
        if part < count:
            view[part:count] = self._view[: count - part]
        self._at = (self._at + count) % len(self._view)
        self.ahead -= count
        return count

    def clear(self):
        """What has come is not wanted."""
        self.ahead = 0
        self._is_dry = True

    def ahead_ms(self):
        """int: how long that lasts."""
        return self.ahead * 1000 // max(1, self.byte_rate)


class Samples:
    """What the mixer wants, of RTP's payloads.  name: "L16" or "PCMU"."""

    def __init__(self, name, rate_hz, channels, min_ms, max_ms):
        self.rate_hz, self.channels = rate_hz, channels
        self._is_mu = name == "PCMU"
        self._frame = channels * (1 if self._is_mu else 2)
        self.cache = Cache(rate_hz * self._frame, min_ms, max_ms)

    def put(self, data):
        """A payload (memoryview); what is not whole frames of it is left out."""
        return self.cache.put(data[: len(data) // self._frame * self._frame])

    def read_into(self, view):
        """See kiosk/media/track.py."""
        most = len(view) // (2 * self.channels) * self._frame
        count = self.cache.take(view[:most])
        if not count:
            return count
        if self._is_mu:
            g711.from_mu(view, view, count)
            return 2 * count
        g711.swap(view, view, count // 2)
        return count

    def close(self):
        """There is no more."""
        self.cache.is_over = True


class FramedSound:
    """What the mixer wants, of frames that are put one by one; `await open()` when the first has come."""

    def __init__(self, first, byte_rate, min_ms, max_ms):
        """first: a whole frame.  ValueError if it is none."""
        self._frame = frames.parse(first) if len(first) >= frames.HEADER else None
        if not self._frame:
            raise ValueError("no frame of MP3 or AAC")
        self.cache = Cache(byte_rate, min_ms, max_ms)
        self._decoded = None

    def put(self, data):
        """A whole frame."""
        return self.cache.put(data)

    async def open(self):
        """Decode the first frame.  KioskError: format, sound system."""
        self._decoded = Decoded(Framed(_Bytes(self.cache), 0, self._frame, None))
        await self._decoded.open()

    @property
    def rate_hz(self):
        """Of what is decoded."""
        return self._decoded.rate_hz

    @property
    def channels(self):
        """Of what is decoded."""
        return self._decoded.channels

    def read_into(self, view):
        """See kiosk/media/track.py."""
        return 0 if self.cache.is_over else self._decoded.read_into(view)

    def close(self):
        """There is no more; the decoder's memory is free."""
        self.cache.is_over = True
        if self._decoded:
            self._decoded.close()


class _Bytes:
    """A byte source (kiosk/media/bytesource.py) that cannot go back."""

    size = None

    def __init__(self, cache):
        self._cache = cache

    @property
    def ahead(self):
        return self._cache.ahead

    def readinto(self, view):
        return self._cache.take(view)

    def seek(self, offset):
        """It is where it is."""

    async def changed(self):
        await asyncio.sleep_ms(_LOOK_MS)

    def close(self):
        """Nothing is open."""
