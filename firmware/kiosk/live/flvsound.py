"""
Sound as FLV and RTMP have it: messages with a byte in front that says what is in them.  MP3, AAC, and what is none of the two.

Source: Adobe, "Video File Format Specification", 10.1, E.4.2; ISO 14496-3, 1.6.2.1 (AudioSpecificConfig), 1.A.2.2 (ADTS).
"""

import asyncio

from kiosk.live.livesound import FramedSound

_AAC = const(10)
_MP3 = (2, 14)
_RATES = const(13)
_ABOUT_BYTES = const(6000)  # a second: of 48 kbit/s, as nobody says how many there are


class FlvSound:
    """min_ms, max_ms: what is to be held.  bytes (int): so far; left_out (str): the format that is not played."""

    def __init__(self, min_ms, max_ms):
        self.bytes = 0
        self.left_out = ""
        self._cache_ms = min_ms, max_ms
        self._config = None  # (profile, rate, channels) of AAC
        self._sound = None
        self._came = asyncio.Event()

    def take(self, data):
        """A message (bytearray)."""
        self.bytes += len(data)
        if len(data) < 3:
            return
        form = data[0] >> 4
        if form == _AAC:
            frame = self._aac(data)
        elif form in _MP3:
            frame = data[1:]
        else:
            self.left_out = "sound of FLV's format %d" % form
            frame = None
        if frame:
            self._put(frame)

    def _put(self, frame):
        if self._sound is None:
            try:
                self._sound = FramedSound(frame, _ABOUT_BYTES, *self._cache_ms)
            except ValueError:
                self.left_out = "sound without frames"
                return
            self._came.set()
        self._sound.put(frame)

    def _aac(self, data):
        # A frame with its ADTS head, or None.
        if data[1] == 0:
            self._configure(data)
            return None
        size = len(data) + 5
        if not self._config or size > 0x1FFF:
            return None
        profile, rate, channels = self._config
        head = bytes((
            0xFF, 0xF1, profile << 6 | rate << 2 | channels >> 2, (channels & 3) << 6 | size >> 11, size >> 3 & 255,
            (size & 7) << 5 | 0x1F, 0xFC,
        ))  # fmt: skip
        return head + data[2:]

    def _configure(self, data):
        if len(data) < 4:
            return
        value = data[2] << 8 | data[3]
        kind, rate, channels = value >> 11, value >> 7 & 15, value >> 3 & 15
        if kind in (2, 5) and rate < _RATES and 1 <= channels <= 2:  # low complexity, alone or below SBR
            self._config = 1, rate, channels
        else:
            self.left_out = "AAC of type %d" % kind

    async def opened(self):
        """FramedSound, once the first frame has come.  KioskError: format, sound system."""
        await self._came.wait()
        await self._sound.open()
        return self._sound

    def ahead_ms(self):
        """int: how much is held."""
        return self._sound.cache.ahead_ms() if self._sound else 0

    def close(self):
        """There is no more."""
        if self._sound:
            self._sound.close()
