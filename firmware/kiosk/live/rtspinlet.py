"""
A server that is played over RTSP: DESCRIBE, SETUP of picture and sound, PLAY; packets interleaved with the answers (RFC 2326, 10.12).

Pictures are RTP/JPEG (RFC 2435), sound L16 or PCMU; what else a server has is left out, and `left_out` names it.
"""

import asyncio

from kiosk.errors import KioskError
from kiosk.live import rtp, sdp
from kiosk.live.jpegframes import Frames
from kiosk.live.livesound import Samples
from kiosk.live.rtsp import Client, parameter
from kiosk.net.reasons import failed

_REPORT_MS = const(5000)
_TEARDOWN_MS = const(1000)
_HIGHEST_HZ = const(48000)


class Inlet:
    """address: address.Address; taker: of the pictures, see jpegframes.py; min_ms, max_ms: what is to be held of the sound.

    has_picture, has_sound (bool): once it is open; left_out (str): formats that are not played; picture_bytes, sound_bytes (int): so far; lost
    (int): pictures that are missing; jitter_ms (int).
    """

    def __init__(self, address, taker, min_ms, max_ms):
        self._client = Client(address, self._heard)
        self._taker = taker
        self._cache_ms = min_ms, max_ms
        self._picture = self._sound = self._frames = self.samples = None
        self._whole = ""
        self._is_playing = False
        self.left_out = ""

    async def open(self):
        """Connect and let it play.  KioskError (network, url, redirects, unsupported)."""
        client = self._client
        await client.connect()
        answer = await client.request("DESCRIBE", None, ("Accept: application/sdp",))
        base = answer.get(b"content-base") or answer.get(b"content-location") or client.address.text
        self._whole, found = sdp.parse(answer.body, base.strip())
        names = []
        for media in found:
            if not await self._set_up(media):
                names.append(media.name or media.kind)
        self.left_out = ", ".join(names)[:80]
        if not self.has_picture and not self.has_sound:
            raise KioskError("unsupported", self.left_out or "there is nothing to play")
        await client.request("PLAY", self._whole, ("Range: npt=0.000-",))
        self._is_playing = True

    async def _set_up(self, media):
        # bool: whether it is played.
        if media.kind == "video" and media.name == "JPEG" and not self._picture:
            self._picture = rtp.Reception(90000, await self._ask(media))
            self._frames = Frames(self._taker)
            return True
        is_sound = media.name in ("L16", "PCMU") and 0 < media.rate_hz <= _HIGHEST_HZ and 0 < media.channels <= 2
        if media.kind == "audio" and is_sound and not self._sound:
            self._sound = rtp.Reception(media.rate_hz, await self._ask(media))
            self.samples = Samples(media.name, media.rate_hz, media.channels, *self._cache_ms)
            return True
        return False

    async def _ask(self, media):
        # The channel that the server gives.
        first = 2 if self._picture or self._sound else 0
        wanted = "Transport: RTP/AVP/TCP;unicast;interleaved=%d-%d" % (first, first + 1)
        answer = await self._client.request("SETUP", media.control, (wanted,))
        if "tcp" not in answer.get(b"transport").lower():
            raise failed("INVALID_RESPONSE")
        channels = parameter(answer.get(b"transport"), "interleaved")
        return channels[0] if channels else first

    async def open_sound(self):
        """Samples: what is to be heard; None if there is nothing."""
        return self.samples

    async def run(self):
        """Keep the session, tell the server what has come; returns only by raising: what has ended it."""
        reports = asyncio.create_task(self._report())
        try:
            await self._client.keep_alive()
        finally:
            reports.cancel()

    async def _report(self):
        try:
            while True:
                await asyncio.sleep_ms(_REPORT_MS)
                for reception in (self._picture, self._sound):
                    data = reception and reception.report()
                    if data:
                        await self._client.out.send(data)
        except KioskError as exc:
            self._client.fault = exc

    async def close(self):
        """End it, if the server still listens, and hang up."""
        try:
            if self._is_playing and not self._client.fault:
                self._is_playing = False
                await asyncio.wait_for_ms(self._client.request("TEARDOWN", self._whole), _TEARDOWN_MS)
        except (KioskError, asyncio.TimeoutError):
            self._is_playing = False  # it need not have the last word
        finally:
            self._client.close()
            if self.samples:
                self.samples.close()

    async def _heard(self, channel, view):
        for reception in (self._picture, self._sound):
            if reception and channel == reception.channel:
                found = rtp.payload(view)
                if not found:
                    return
                reception.take(view, found)
                if reception is self._picture:
                    await self._frames.packet(found)
                else:
                    self.samples.put(found[3])

    @property
    def has_picture(self):
        """bool: see above."""
        return self._picture is not None

    @property
    def has_sound(self):
        """bool: see above."""
        return self._sound is not None

    @property
    def is_connected(self):
        """bool: whether there is, or was, a connection."""
        return self._client.stream is not None

    def may_try_again(self, exc):
        """bool: whether another try after this KioskError may have another outcome."""
        return exc.args[0] not in ("oom", "unsupported")

    @property
    def picture_bytes(self):
        """int: see above."""
        return self._picture.octets if self._picture else 0

    @property
    def sound_bytes(self):
        """int: see above."""
        return self._sound.octets if self._sound else 0

    @property
    def lost(self):
        """int: see above."""
        return self._frames.lost if self._frames else 0

    @property
    def jitter_ms(self):
        """int: of the pictures' packets, or else of the sound's."""
        reception = self._picture or self._sound
        return reception.jitter * 1000 // reception.rate_hz if reception else 0
