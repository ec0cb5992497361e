"""
Uploads on the flash, from the call that made them until a server has taken them.

Touches the folder `uploads` of a mini-program.  An entry is two files: `<id>.bin`, the content, and `<id>.json`, what is
to be done with it, which comes last and goes first: whatever a power cut leaves is a whole entry or none.
"""

import json
import os

from kiosk.errors import KioskError
from kiosk.files import content, paths, tree

_ENTRIES_MAX = const(100)


class Shelf:
    """The entries of one mini-program; `store` is its Files.  Holds their numbers, the oldest first."""

    def __init__(self, store):
        self._store = store
        self._folder = store.folder + "/" + paths.UPLOADS
        self.ids = []
        self._last = 0
        if tree.look(self._folder) is not None:
            self._tidy()

    def _tidy(self):
        names = [entry[0] for entry in os.ilistdir(self._folder)]
        for name in names:
            number, _, kind = name.partition(".")
            if kind == "json" and number.isdigit() and self._is_whole(number):
                self.ids.append(int(number))
        for name in names:
            number, _, kind = name.partition(".")
            if number.isdigit() and (int(number) not in self.ids or kind == "new"):
                content.discard(self._folder + "/" + name)  # of an entry that was never finished, or has been sent
        if self.ids:
            self.ids.sort()
            self._last = self.ids[-1]

    def _is_whole(self, number):
        # FAT, unlike littlefs, may keep a part of what was written when the power went.
        try:
            with open(self._name(number, "json"), "rb") as file:
                json.load(file)
            return tree.look(self._name(number, "bin")) is not None
        except ValueError:
            return False

    def add(self, url, order):
        """Take the file `url` in with `order` (dict, JSON's types only); int: the entry's id.  A generator of pieces.

        A temporary file is moved, any other copied.  Raises KioskError for what cannot be read, and what has no room.
        """
        store = self._store
        area, path = paths.resolve(url, store.folder, store.root)
        size = store.file_size(path, url)
        if len(self.ids) >= _ENTRIES_MAX:
            raise KioskError("too many uploads", _ENTRIES_MAX)
        tree.make(self._folder)
        self._last = number = self._last + 1
        source = path
        try:
            self._write_new(number, order)
            if area != paths.TEMPORARY:
                _, source = store.temporary(".part")
                yield from content.write_pieces(store, source, content.read_pieces(path, size))
            store.check_idle(path, url)
            store.quota.check(size)
            os.rename(source, self.path(number))
            self._commit(number)
        except BaseException:  # cancelled, too: what was there is there again
            if source != path:
                content.discard(source)
                content.discard(self.path(number))
            elif tree.look(path) is None:
                os.rename(self.path(number), path)
            content.discard(self._name(number, "new"))
            raise
        self.ids.append(number)
        return number

    def path(self, number):
        """str: the content of an entry."""
        return self._name(number, "bin")

    def order(self, number):
        """dict: what is to be done with an entry; KioskError for a number that is none."""
        self._check(number)
        with open(self._name(number, "json"), "rb") as file:
            return json.load(file)

    def change(self, number, order):
        """Put another order in place of an entry's."""
        self._check(number)
        self._write_new(number, order)
        self._commit(number)

    def size(self, number):
        """int: bytes of an entry's content."""
        return os.stat(self.path(number))[6]

    def remove(self, number):
        """Remove an entry; KioskError for a number that is none."""
        self._check(number)
        os.remove(self._name(number, "json"))
        self.ids.remove(number)
        os.remove(self.path(number))
        self._store.quota.recount()

    def _check(self, number):
        if number not in self.ids:
            raise KioskError("no upload", number)

    def _write_new(self, number, order):
        file = open(self._name(number, "new"), "wb")
        try:
            file.write(json.dumps(order).encode())
            file.close()
        finally:
            content.close_again(file)

    def _commit(self, number):
        os.rename(self._name(number, "new"), self._name(number, "json"))
        self._store.quota.recount()

    def _name(self, number, kind):
        return "%s/%s.%s" % (self._folder, number, kind)
