"""
Where the bytes of a sound come from: what the parsers of formats read, be it a file, a response or a playlist.

A byte source has

    size                  int, or None while nobody knows
    readinto(view)        the next bytes: how many, 0 at the end, None if there are none yet
    seek(offset)          go on there; what follows may take its time, and readinto() says None meanwhile
    read_at(offset, view) as many as there are of `view`, wherever the reading is, or None: ask again for the same
    changed()             awaitable: after a None, until it is worth asking again
    ahead                 bytes that can be read without a wait; None: all
    close()               at any moment, as often as you like

Raises the rows of kiosk/errors.py for sound, never an OSError: "sound file", "sound network".
"""

from kiosk import files
from kiosk.errors import KioskError, from_exception
from kiosk.files.content import close_again
from kiosk.files.reasons import explain

_FILES = const(1300000)  # errno of the rows about files, from here on


class LocalBytes:
    """A file of the mini-program's or its package, by the name that it has there.  It cannot be removed meanwhile."""

    ahead = None

    def __init__(self, src):
        try:
            self._files = files.current()
            path = self._files.readable(src)
            self.size = self._files.file_size(path, src)
            self._file = open(path, "rb")
        except (KioskError, OSError) as exc:
            raise _wrong(exc, src)
        self._src = src
        self._held = path
        self._files.held.append(path)

    def readinto(self, view) -> int:
        """See above."""
        try:
            return self._file.readinto(view)
        except (OSError, ValueError) as exc:
            raise _wrong(exc, self._src)

    def seek(self, offset, whence=0) -> int:
        """See above; as files have it."""
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError) as exc:
            raise _wrong(exc, self._src)

    def read_at(self, offset, view) -> int:
        """See above."""
        position = self.seek(0, 1)
        self.seek(offset)
        count = self.readinto(view)
        self.seek(position)
        return count

    async def changed(self) -> None:
        """A file never waits."""

    def close(self) -> None:
        """Close the file; from now on it may be removed."""
        if self._held:
            self._files.held.remove(self._held)
            self._held = None
            close_again(self._file)


async def fill_at(source, offset, view) -> int:
    """read_at(), waiting for the bytes."""
    view = memoryview(view)
    while True:
        count = source.read_at(offset, view)
        if count is not None:
            return count
        await source.changed()


async def load(source, offset, view) -> int:
    """Go to a place and look at what is there: as much of `view` as there are bytes for; how many."""
    source.seek(offset)
    return await fill_at(source, offset, view)


def _wrong(exc, src):
    if isinstance(exc, OSError):
        exc = explain(exc, src)
    exc = from_exception(exc)
    return KioskError("sound file" if exc.errno > _FILES else "sound system", exc.reason)
