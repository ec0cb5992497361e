"""
A server that is played over HTTP: pictures one behind the other (multipart/x-mixed-replace, Motion JPEG), or FLV with sound.

What is wrong with what comes is KioskError (network); another type of content is "unsupported".
"""

import asyncio

from kiosk.errors import KioskError, from_exception
from kiosk.live import auth
from kiosk.live.flvsound import FlvSound
from kiosk.media.httpbytes import get
from kiosk.net.reasons import failed

_ROOM_BYTES = const(1024)
_OPEN_MS = const(10000)


class Inlet:
    """As rtspinlet.Inlet: pictures or sound, and never both."""

    has_picture = has_sound = is_connected = False
    left_out = ""
    lost = jitter_ms = 0

    def __init__(self, address, taker, min_ms, max_ms):
        self._address = address
        self._taker = taker
        self._cache_ms = min_ms, max_ms
        self._answer = None  # to the server's challenge
        self._flv = self._parser = self._fault = self._task = None
        self._view = memoryview(bytearray(_ROOM_BYTES))
        self._opened = asyncio.Event()
        self._over = asyncio.Event()
        self._wanted = asyncio.Event()
        self._received = 0

    async def open(self):
        """Ask for it.  KioskError (network, tls, url, unsupported)."""
        self._task = asyncio.create_task(self._run())
        try:
            await asyncio.wait_for_ms(self._opened.wait(), _OPEN_MS)
        except asyncio.TimeoutError:
            raise failed("CONNECTION_TIMED_OUT")
        if self._fault:
            raise self._fault

    async def _run(self):
        fault = failed("CONNECTION_CLOSED")
        try:
            await self._get()
            if self._answer and not self.is_connected:
                await self._get()
        except Exception as exc:  # noqa: BLE001  a supervisor: whoever waits hears of it
            fault = from_exception(exc)
        self._fault = fault
        self._opened.set()
        self._over.set()

    async def _get(self):
        header = {"Authorization": self._answer} if self._answer else {}
        url = self._address.url
        await get(url.scheme + "://" + url.authority + url.target, header, self._take)

    def _take(self, response):
        # The sink of the body.
        address = self._address
        if response.status == 401 and address.user and not self._answer:
            found = auth.challenge(response.get(b"www-authenticate"))
            self._answer = found.answer("GET", address.url.target, address.user, address.password)
            return None
        if response.status != 200:
            raise KioskError("network", "HTTP %d" % response.status, status=response.status)
        content = response.get(b"content-type")
        kind = content.partition(";")[0].strip().lower()
        if kind == "multipart/x-mixed-replace":
            from kiosk.live.mixedreplace import Parts

            self._parser = Parts(content, self._taker)
            self.has_picture = True
        elif kind in ("video/x-flv", "video/flv"):
            from kiosk.live.flvstream import Tags

            self._flv = FlvSound(*self._cache_ms)
            self._parser = Tags(self._flv)
            self.has_sound = True
        else:
            raise KioskError("unsupported", (kind or "a stream of no type")[:80])
        self.is_connected = True
        self._opened.set()
        return self

    def room(self, count):
        """See kiosk/net/body.py."""
        return self._view

    def filled(self, count):
        """See kiosk/net/body.py."""
        self._received += count
        if not self._wanted.is_set():
            return self._first(count)
        return self._parser.feed(self._view[:count])

    async def _first(self, count):
        await self._wanted.wait()
        feeding = self._parser.feed(self._view[:count])
        if feeding:
            await feeding

    async def open_sound(self):
        """See rtspinlet.py."""
        return await self._flv.opened() if self._flv else None

    async def run(self):
        """Returns only by raising: what has ended it."""
        self._wanted.set()
        await self._over.wait()
        raise self._fault

    async def close(self):
        """Hang up."""
        if self._task:
            self._task.cancel()
            self._task = None
        if self._flv:
            self._flv.close()

    def may_try_again(self, exc):
        """See rtspinlet.py."""
        return exc.args[0] not in ("oom", "unsupported")

    @property
    def picture_bytes(self):
        """int: so far."""
        return self._received if self.has_picture else 0

    @property
    def sound_bytes(self):
        """int: so far."""
        return self._flv.bytes if self._flv else 0
