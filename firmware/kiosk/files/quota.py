"""
What the files of a mini-program may take.  Touches its folders when it counts.
"""

from kiosk.errors import KioskError
from kiosk.files import tree


class Quota:
    """A limit on what several folders hold together (bytes of content), counted once and then kept up to date."""

    def __init__(self, folders, limit_bytes):
        self.limit_bytes = limit_bytes
        self._folders = folders
        self._used = None  # bytes; None: count first

    def used(self):
        """int: bytes that are taken."""
        if self._used is None:
            self._used = sum([tree.size_of(folder) for folder in self._folders])
        return self._used

    def check(self, more):
        """Raise KioskError (file quota) if `more` bytes would be too many; less is always welcome."""
        if more > 0 and self.used() + more > self.limit_bytes:
            raise KioskError("file quota")

    def change(self, more, function, *args):
        """Do what makes `more` bytes of difference.  If that fails, they are counted anew at the next use."""
        self.check(more)
        used, self._used = self.used(), None
        result = function(*args)
        self._used = used + more
        return result

    def recount(self):
        """Count anew at the next use: something has gone past change()."""
        self._used = None
