"""Sound on its way from a file to the mixer."""


class SoundQueue:
    """A byte source (kiosk/media/bytesource.py) of so many bytes.  ahead: how many are in it; is_over: no more will come."""

    size = None

    def __init__(self, size):
        self._view = memoryview(bytearray(size))
        self.clear()

    def clear(self):
        """Empty it."""
        self._at = self.ahead = 0
        self.is_over = False

    def room(self):
        """memoryview: where the next bytes go, to be added to `ahead`; empty if there is no room."""
        size = len(self._view)
        end = (self._at + self.ahead) % size
        return self._view[end : self._at if end < self._at else size] if self.ahead < size else self._view[:0]

    def readinto(self, view):
        """See bytesource.py."""
        count = min(len(view), self.ahead, len(self._view) - self._at)
        if not count:
            return 0 if self.is_over else None
        view[:count] = self._view[self._at : self._at + count]
        self._at = (self._at + count) % len(self._view)
        self.ahead -= count
        return count

    def close(self):
        """Nothing is open."""
