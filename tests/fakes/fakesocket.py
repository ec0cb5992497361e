"""A nonblocking socket that takes and gives what a test tells it to.  Runs in MicroPython; the poller takes it, too."""

import io


class FakeSocket(io.IOBase):
    """Gives the next of `gives` (bytes, None for "would block", an exception to raise), takes `takes` bytes a time."""

    def __init__(self, gives=(), takes=()):
        self.gives = list(gives)
        self.takes = list(takes)
        self.written = b""
        self.closed = 0

    def readinto(self, view):
        """Give."""
        item = self.gives.pop(0) if self.gives else b""
        if item is None:
            return None
        if isinstance(item, Exception):
            raise item
        count = min(len(view), len(item))
        view[:count] = item[:count]
        if count < len(item):
            self.gives.insert(0, item[count:])
        return count

    def write(self, data):
        """Take; what was taken is in `written`."""
        count = self.takes.pop(0) if self.takes else len(data)
        if count is None:
            return None
        if isinstance(count, Exception):
            raise count
        self.written += bytes(data[:count])
        return min(count, len(data))

    def ioctl(self, request, arg):
        """MP_STREAM_POLL is 3: ready for whatever is asked."""
        return arg if request == 3 else 0

    def close(self):
        """Count, in `closed`."""
        self.closed += 1
