"""One photo into a temporary file, piece by piece as it comes from the camera."""

import asyncio

from kiosk import camera, files
from kiosk.errors import KioskError
from kiosk.files import content, room

_QUALITIES = (("high", 95), ("original", 95), ("normal", 80), ("low", 50))


def percent(quality: str) -> int:
    """What a word of takePhoto means.  KioskError (parameter) for what is none."""
    for word, value in _QUALITIES:
        if word == quality:
            return value
    raise KioskError("parameter", "parameter.quality should be high, normal or low;")


async def take(facing, size, quality) -> str:
    """URL of a JPEG.  size: (width, height), which another taker may have settled already; quality: percent.

    KioskError: as camera.attach() and a taker's failed() have it; no space.  The file is there when this returns, or never.
    """
    photo = _Photo(quality)
    try:
        await camera.attach(photo, facing, size)
        photo.prepare()  # now, while the sensor takes its frame: some 10 ms on an RP2040
        await photo.done.wait()
    except BaseException:
        photo.discard()
        raise
    finally:
        camera.detach(photo)
    if photo.fault:
        photo.discard()
        raise photo.fault
    return photo.url


class _Photo:
    """A taker of one whole frame."""

    def __init__(self, quality):
        self.quality = quality
        self.done = asyncio.Event()
        self.fault = None
        self._files = files.current()
        self.url = self._path = self._file = None

    def prepare(self):
        """Make the file.  OSError of the flash."""
        if self.done.is_set() or self._file:
            return
        if not self._path:
            self._room = room.left(self._files.folder)
            self.url, self._path = self._files.temporary(".jpg")
            self._files.held.append(self._path)
        self._file = open(self._path, "wb")
        self._is_empty = True

    def begin(self, size_bytes, at_ms):
        """Into an empty file, also after one that was broken off."""
        if self._file and not self._is_empty:
            self._close()
        self.prepare()
        if self._file and size_bytes > self._room:
            raise KioskError("no space")

    async def write(self, view):
        """As it comes."""
        if self._file:
            self._is_empty = False
            if self._file.write(view) != len(view):
                raise KioskError("no space")

    async def end(self, is_whole):
        """The first whole one is the photo."""
        if self._file:
            self._close()
            if is_whole:
                self._release()
                self.done.set()
                camera.detach(self)  # at once: there is no other frame to begin

    def failed(self, exc):
        """There will be none."""
        self.fault = exc
        self.done.set()

    def _close(self):
        file, self._file = self._file, None
        if file:
            file.close()

    def _release(self):
        if self._path in self._files.held:
            self._files.held.remove(self._path)

    def discard(self):
        """There shall be no such file."""
        try:
            self._close()
        except OSError:
            pass  # what is left of it goes now
        self._release()
        if self._path:
            content.discard(self._path)
