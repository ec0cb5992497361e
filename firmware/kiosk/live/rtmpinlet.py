"""
A server that is played over RTMP: sound only, MP3 or AAC (flvsound.py).  Its pictures are H.264, which no board decodes.
"""

import asyncio

from kiosk.errors import KioskError
from kiosk.live import rtmp
from kiosk.live.flvsound import FlvSound

_FINISH_MS = const(1000)


class Inlet:
    """As rtspinlet.Inlet, without pictures."""

    has_picture = False
    has_sound = True
    lost = jitter_ms = 0

    def __init__(self, address, taker, min_ms, max_ms):
        self._flv = FlvSound(min_ms, max_ms)
        self._client = rtmp.Client(address.url, self._flv.take)
        self._is_playing = False

    @property
    def is_connected(self):
        """bool: whether there is, or was, a connection."""
        return self._client.stream is not None

    @property
    def left_out(self):
        """str: formats that are not played."""
        return self._flv.left_out or ("H264" if self._client.picture_bytes else "")

    @property
    def picture_bytes(self):
        """int: that have been passed over."""
        return self._client.picture_bytes

    @property
    def sound_bytes(self):
        """int: so far."""
        return self._flv.bytes

    def may_try_again(self, exc):
        """See rtspinlet.py."""
        return exc.args[0] not in ("oom", "unsupported")

    async def open(self):
        """Connect, and ask for the stream.  KioskError (network, url)."""
        await self._client.connect()
        self._is_playing = True

    async def open_sound(self):
        """See rtspinlet.py; waits until some has come."""
        return await self._flv.opened()

    async def run(self):
        """Returns only by raising: what has ended it."""
        await self._client.run()

    async def close(self):
        """Hang up."""
        try:
            if self._is_playing and not self._client.fault:
                self._is_playing = False
                await asyncio.wait_for_ms(self._client.finish(), _FINISH_MS)
        except (KioskError, asyncio.TimeoutError):
            self._is_playing = False  # it need not have the last word
        finally:
            self._client.close()
            self._flv.close()
