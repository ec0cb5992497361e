"""
What goes out over one connection by several hands: messages one after the other, and none that waits for longer than it may.

Picture after picture goes over the same connection as the sound and the requests.  Whoever is not patient enough for a slow
server leaves the rest of its message here, which goes out before the next one; a message that was begun is always finished.
"""

import asyncio
from time import ticks_diff, ticks_ms

from kiosk.net.reasons import failed

_RETRY_MS = const(4)  # a socket that takes nothing is asked again
stall_ms = 10000  # a server that takes nothing for so long is gone


class Outgoing:
    """stream: kiosk.net.stream.Stream.  rest_max: bytes of the longest message of somebody impatient."""

    def __init__(self, stream, rest_max):
        self._stream = stream
        self._lock = asyncio.Lock()
        self._rest = bytearray(rest_max)
        self._rest_at = self._rest_end = 0
        self._is_stuck = False  # whether the server has taken nothing of what was last tried
        self._taken_at = ticks_ms()  # until when it has, or nothing was to be taken

    async def send(self, data, patience_ms=None):
        """Send all of `data` (bytes-like); None: for as long as it takes.  False: nothing of it was sent, or its rest follows later, too late.

        KioskError (network): the connection has failed, or the server has taken nothing for 10 s.
        """
        async with self._lock:
            start = ticks_ms()
            if not self._is_stuck:
                self._taken_at = start
            view = memoryview(self._rest)
            while self._rest_at < self._rest_end:
                count = self._write(view[self._rest_at : self._rest_end])
                self._rest_at += count
                if not count and await self._is_late(start, patience_ms):
                    return False
            at = 0
            try:
                while at < len(data):
                    count = self._write(memoryview(data)[at:])
                    at += count
                    if not count and await self._is_late(start, patience_ms):
                        return False
                return True
            finally:  # somebody late, or cancelled, leaves the rest
                if 0 < at < len(data) and len(data) - at <= len(view):
                    self._rest_at, self._rest_end = 0, len(data) - at
                    view[: self._rest_end] = memoryview(data)[at:]

    def _write(self, view):
        count = self._stream.write_now(view)
        self._is_stuck = not count
        if count:
            self._taken_at = ticks_ms()
        return count

    async def _is_late(self, start, patience_ms):
        now = ticks_ms()
        if ticks_diff(now, self._taken_at) > stall_ms:
            raise failed("CONNECTION_TIMED_OUT")
        if patience_ms is not None and ticks_diff(now, start) >= patience_ms:
            return True
        await asyncio.sleep_ms(_RETRY_MS)
        return False
