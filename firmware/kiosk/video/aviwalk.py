"""
Going over the chunks of an AVI file, one after the other, however deep they lie and however the file ends.

Every step goes on by 8 bytes at least, so any file has an end.  Memory: 64 bytes, in which what follows empty chunks is found
without another read.
"""

import struct

_WINDOW_BYTES = const(64)


class Walk:
    """file: `seek`, `readinto`.  start, end: where in it.  Raises nothing but the file's OSError.

    name (bytes of four letters), size and place (of the data) are those of the chunk that step() has come to.
    """

    def __init__(self, file, start: int, end: int):
        self._file = file
        self._window = bytearray(_WINDOW_BYTES)
        self._first = self._filled = 0  # what of the file is in the window
        self.end = end
        self.go(start)

    def go(self, place: int) -> None:
        """Go on with the chunk whose name is there."""
        self.next = place
        self.name, self.size, self.place = b"", 0, place

    def step(self) -> bool:
        """Come to the next chunk; False where the file ends, or has something else: garbage, or a chunk that is cut off.

        Lists of chunks are gone into (movi, rec and further RIFFs); other lists are chunks.
        """
        while True:
            at = self._look(self.next)
            if at is None:
                return False
            self.name, self.size = struct.unpack_from("<4sI", self._window, at)
            self.place = self.next + 8
            if self.name in (b"LIST", b"RIFF") and self._is_open(at):
                self.next += 12
                continue
            if self.size > self.end - self.place or not _is_name(self.name):
                return False
            self.next = min(self.end, self.place + self.size + (self.size & 1))
            return True

    def _is_open(self, at):
        if self._filled < at + 12:
            at = self._look(self.next, 12)
            if at is None:
                return False
        return bytes(self._window[at + 8 : at + 12]) in (b"movi", b"rec ", b"AVIX")

    def _look(self, place, count=8):
        """Where in the window these bytes of the file are; None if the file has no so many."""
        if place + count > self.end:
            return None
        if not self._first <= place <= self._first + self._filled - count:
            self._file.seek(place)
            self._first, self._filled = place, self._file.readinto(self._window) or 0
            if self._filled < count:
                return None
        return place - self._first


def _is_name(name):
    return all(32 <= letter < 127 for letter in name)
