"""
What is in the album, the newest first.

The kiosk numbers what it saves (kiosk-000012.jpg), as a board may not know what day it is.  What somebody else has put there is older
than that, the latest first, and of the same time by its name.  Names that end otherwise are left out, with a warning; whether a file is
what its name says is found out when it is seen (thumbs.py).

An album may hold thousands: so a Shelf holds forty names, and goes through the folder again for others.
"""

import os

from kiosk import album, log
from kiosk.files import paths, tree

_TAG = "album"
PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp")
VIDEOS = (".avi",)
_OWN = "kiosk-"
_DIGITS = const(6)
_HELD = const(40)  # names
_STEP = const(20)


def is_of(name, endings):
    """Whether a file is of a kind, by its name."""
    return paths.suffix(name).lower() in endings


def next_name(suffix):
    """str: the name of what is saved next."""
    most = 0
    for name in _names():
        most = max(most, _number(name) or 0)
    return "%s%06d%s" % (_OWN, most + 1, suffix)


def _names():
    if tree.look(album.folder()) is not None:
        for entry in os.ilistdir(album.folder()):
            if not entry[1] & 0x4000 and entry[0][:1] != ".":
                yield entry[0]


def _number(name):
    """int: of what the kiosk has saved; None: it has not."""
    digits = name[len(_OWN) : len(_OWN) + _DIGITS]
    if name.startswith(_OWN) and name[len(_OWN) + _DIGITS :][:1] == "." and digits.isdigit():
        return int(digits)
    return None


class Shelf:
    """endings: PICTURES or VIDEOS.  count (int): how many there are."""

    def __init__(self, endings):
        self._endings = endings
        self._first = 0  # place of the first that is held
        self.count = 0
        strange = ""
        for name in _names():
            if is_of(name, endings):
                self.count += 1
            elif not is_of(name, PICTURES + VIDEOS):
                strange = name
        if strange:
            log.warn(_TAG, "not everything in the album is a picture or a video, by its name: %s", strange)
        self._keys = self._beside(None, False, _HELD)

    def name(self, place):
        """str: the one at a place, 0 for the newest; None: it has gone meanwhile."""
        while place < self._first:
            found = self._beside(self._keys[0], True, min(_STEP, self._first))
            if not found:
                return None
            found.reverse()
            self._keys = found + self._keys[: _HELD - len(found)]
            self._first -= len(found)
        while place >= self._first + len(self._keys):
            found = self._beside(self._keys[-1], False, _STEP) if self._keys else None
            if not found:
                return None
            drop = max(len(self._keys) + len(found) - _HELD, 0)
            self._keys = self._keys[drop:] + found
            self._first += drop
        return self._keys[place - self._first][2]

    def _beside(self, key, is_newer, count):
        """List of the `count` keys that are next to `key`, the nearest first: newer ones, or older; None: the newest."""
        found = []
        for name in _names():
            if not is_of(name, self._endings):
                continue
            number = _number(name)
            each = (0, os.stat(album.folder() + "/" + name)[8], name) if number is None else (1, number, name)
            if key is not None and (each <= key if is_newer else each >= key):
                continue
            place = len(found)
            while place and (each < found[place - 1]) == is_newer:
                place -= 1
            if place < count:
                found.insert(place, each)
                if len(found) > count:
                    found.pop()
        return found
