"""
A server that is published to over RTMP: sound only, AAC or MP3 as FLV has it (Adobe, "Video File Format Specification", 10.1, E.4.2).

Common servers take no pictures but H.264, which no board encodes.  The encoder is the first that this image has and this board
is fast enough for: AAC of 16 kHz, AAC of 8 kHz, MP3 of 8 kHz; audio-quality "low" leaves the first out.
"""

import asyncio
from time import ticks_diff

from kiosk.errors import KioskError
from kiosk.live import rtmp
from kiosk.media import encoders, recordingformat

HAS_PICTURE = False
_FORMATS = (("aac", 16000, 48000), ("aac", 8000, 32000), ("mp3", 8000, 32000))
_AAC = 0xAF  # FLV wants it to say 44 kHz and stereo, whatever it is
_MP3_8 = 0xE2  # 8 kHz, 16 bits, one channel
_RATES_HZ = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)  # ISO 14496-3, 1.6.3.4
_BLOCK = const(512)
_DRIFT_MS = const(300)
_FINISH_MS = const(1000)


class Outlet:
    """As rtspoutlet.Outlet, without pictures."""

    frames = dropped = picture_bytes = jitter_ms = 0
    size = (0, 0)
    has_picture = False
    fault = ""
    block = _BLOCK

    def __init__(self, address, has_picture, has_sound, is_low=False):
        if not has_sound:
            raise KioskError("unsupported", "RTMP is for sound, and there is no microphone")
        self.rate_hz = self.sound_bytes = 0
        self._is_low = is_low
        self._client = rtmp.Client(address.url)
        self._encoder = self._start_ms = None
        self._samples = 0
        self._is_publishing = False

    @property
    def is_connected(self):
        """bool: whether there is, or was, a connection."""
        return self._client.stream is not None

    def may_try_again(self, exc):
        """See rtspoutlet.py."""
        return exc.args[0] not in ("unsupported", "oom", "codec memory")

    def is_failing(self, exc):
        """See rtspoutlet.py."""
        client = self._client
        if isinstance(exc, KioskError) and exc.args[0] == "network" and not client.fault:
            client.fault = exc
            client._came.set()
        return client.fault is not None

    async def open(self):
        """Choose an encoder, connect and begin to publish.  KioskError: network, unsupported, codec memory."""
        settings = await self._chosen()
        self._encoder, self._output = encoders.create(settings)
        self._is_aac = settings.format == "aac"
        self.rate_hz = settings.rate_hz
        await self._client.connect()
        if self._is_aac:
            config = 2 << 11 | _RATES_HZ.index(self.rate_hz) << 7 | 1 << 3
            await self._client.send(rtmp.AUDIO, 0, bytes((_AAC, 0, config >> 8, config & 255)))
        self._is_publishing = True

    async def _chosen(self):
        fault = None
        for kind, rate_hz, bit_rate in _FORMATS[self._is_low :]:
            options = {"format": kind, "sampleRate": rate_hz, "numberOfChannels": 1, "encodeBitRate": bit_rate}
            options.update({"duration": 60000, "frameSize": None, "audioSource": "auto"})
            settings = recordingformat.Settings(options)
            try:
                await encoders.require_speed(settings)
                return settings
            except KioskError as exc:
                fault = fault or exc
        raise fault

    async def run(self):
        """Returns only by raising: what has ended it."""
        await self._client.run()

    async def close(self):
        """End what is published, if the server still listens, and hang up."""
        try:
            if self._is_publishing and not self._client.fault:
                self._is_publishing = False
                await asyncio.wait_for_ms(self._client.finish(), _FINISH_MS)
        except (KioskError, asyncio.TimeoutError):
            self._is_publishing = False  # it need not have the last word
        finally:
            self.abandon()

    def abandon(self):
        """Hang up at once."""
        self._client.close()
        if self._encoder:
            self._encoder.close()
            self._encoder = self._output = None

    async def sound(self, view, at_ms):
        """Some int16 (memoryview) that was heard until at_ms (ticks_ms)."""
        count = len(view) // 2
        if self._start_ms is None:
            self._start_ms = at_ms
        passed_ms = ticks_diff(at_ms, self._start_ms)
        if abs(passed_ms - self._samples * 1000 // self.rate_hz) > _DRIFT_MS:  # after a pause
            self._samples = passed_ms * self.rate_hz // 1000
        while len(view):
            taken, given = self._encoder.encode(view, self._output)
            view = view[taken:]
            if given:
                await self._send(self._output[:given])
            elif not taken:
                raise KioskError("system", "the encoder takes nothing")
        self._samples += count

    async def _send(self, frame):
        at_ms = self._samples * 1000 // self.rate_hz
        if self._is_aac:
            head = 7 if frame[1] & 1 else 9  # ADTS, without or with a checksum
            data = b"\xaf\x01" + bytes(frame[head:])
        else:
            data = bytes((_MP3_8,)) + bytes(frame)
        self.sound_bytes += len(data)
        await self._client.send(rtmp.AUDIO, at_ms, data)

    # A picture is nothing to it.

    def begin(self, at_ms):
        """Nothing."""

    async def write(self, view):
        """Nothing."""
        return False

    async def end(self, is_whole):
        """Nothing."""
