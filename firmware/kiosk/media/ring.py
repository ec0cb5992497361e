"""
Bytes that come in over the network and are read by a parser, by their offsets: a ring of 8 KB, and who waits for it.

The writer is a body sink (see kiosk/net/body.py) that pauses while the ring is full.  Reading may go back to what has not
been overwritten, and ahead of what has come: then what is before that is dropped as it comes.
"""

import asyncio

SIZE = const(8192)
_ENOUGH_BYTES = const(4096)  # to begin with, and to go on with: better one wait than many
_PIECE_BYTES = const(1024)  # what may be under way into the ring while reading goes back


class Ring:
    """start(offset) before the first byte."""

    def __init__(self):
        self._view = memoryview(bytearray(SIZE))
        self._changed, self._room = asyncio.Event(), asyncio.Event()
        self.start(0)

    def start(self, offset):
        """What comes and what is read is from this offset on."""
        self.first = self.written = self.position = offset
        self._is_dry = True
        self._room.set()

    @property
    def ahead(self):
        """Bytes that have come and were not read."""
        return max(0, self.written - self.position)

    def ready(self, is_all):
        """Bytes that take() gives.  is_all: no more will come."""
        if self._is_dry and self.ahead < _ENOUGH_BYTES and not is_all:
            return 0
        return self.ahead

    def take(self, view, is_all):
        """read(), but once there was nothing not before there is enough to go on for a while."""
        if not self.ready(is_all):
            self._is_dry = True
            return 0
        self._is_dry = False
        return self.read(view)

    def has(self, offset):
        """Whether reading can go there without anything being asked for again."""
        back = max(self.first, self.written - SIZE + _PIECE_BYTES)
        return min(back, self.position) <= offset <= self.written

    def read(self, view):
        """How many bytes were moved into `view`, 0 if none are there."""
        count = self.look(self.position, view)
        if count:
            self.position += count
            self._room.set()
        return count

    def look(self, offset, view):
        """The same from another place, without moving on."""
        count = max(0, min(len(view), self.written - offset))
        at = offset % SIZE
        part = min(count, SIZE - at)
        view[:part] = self._view[at : at + part]
        if part < count:
            view[part:count] = self._view[: count - part]
        return count

    def move(self, offset):
        """Read on from there, which the ring has, or which is still to come."""
        self.position = offset
        self._room.set()

    def tell(self):
        """Wake whoever is in changed()."""
        self._changed.set()

    def changed(self):
        """Awaitable: until something comes, or tell() is called, from this very call on."""
        self._changed.clear()
        return self._changed.wait()

    # The sink's part.

    def room(self, count):
        """memoryview: where the next bytes go."""
        at = self.written % SIZE
        return self._view[at : min(SIZE, at + min(_PIECE_BYTES, SIZE - self.ahead))]

    def filled(self, count):
        """So many have come; what is returned is awaited before there is room for more."""
        self.written += count
        self._changed.set()
        if self.ahead < SIZE:
            return None
        self._room.clear()
        return self._wait()

    async def put(self, data):
        """Another way in: all of `data` (memoryview), waiting for room."""
        while data:
            await self._wait()
            room = self.room(None)
            count = min(len(room), len(data))
            room[:count] = data[:count]
            self.written += count
            self._changed.set()
            data = data[count:]

    async def _wait(self):
        while self.ahead >= SIZE:
            self._room.clear()
            await self._room.wait()
