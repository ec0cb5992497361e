"""A picture of a live stream as a temporary file of the mini-program's."""

import asyncio
import os

from kiosk import files, log
from kiosk.errors import from_exception


class Snapshot:
    """A frame that goes to a file, too.  url (str); done (asyncio.Event); fault: a KioskError or None."""

    def __init__(self):
        self.url, self._path = files.current().temporary(".jpg")
        self.done = asyncio.Event()
        self.fault = self._file = None

    def begin(self):
        """A frame begins."""
        self._safely(lambda: setattr(self, "_file", open(self._path, "wb")))

    def write(self, view):
        """Some of it."""
        if self._file:
            self._safely(lambda: self._file.write(view))

    def end(self, is_whole):
        """It is over; one that is not whole is followed by another."""
        if not is_whole:
            self.close()
        elif self._file:
            self._safely(self._file.close)
            self._file = None
            self.done.set()

    def _safely(self, function):
        try:
            function()
        except OSError as exc:
            self.fault = from_exception(exc)
            self.close()
            self.done.set()

    def close(self):
        """What has been written, but is no picture yet, is gone."""
        if self._file:
            try:
                self._file.close()
                os.remove(self._path)
            except OSError as exc:
                log.warn("live", "a snapshot stays behind: %s", exc)
            self._file = None
