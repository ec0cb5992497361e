"""
What wx.setStorage keeps: a store of one mini-program, each value in a file of its own, in one folder of the flash.

May touch that folder and nothing else.

A file is one JSON document, `["key"\\n,value,"crc32"]`: the checksum is that of everything before it, so that rot, a
truncated file and a file under a wrong name are told from a value.  Its name is the key in a spelling that survives a
file system that takes `A` for `a` (FAT), with `.0` or `.1` at the end.  A new value goes into the file of the other
number; when that is complete, the old file is emptied.  Nothing is ever renamed: on FAT a power cut within a rename leaves
two names for one chain of clusters, and littlefs, too, pays more for it (progsize 256, means of 200 times 1,000 bytes):

    this                          3.0 programs  1.14 erases  387 reads
    temporary file and rename     4.0           1.40         753
    bare write (no exception      2.0           1.07         135
    may come in between)

An entry so short that littlefs keeps it in the folder itself is written over in place, which costs what a bare write
costs: writing it touches no flash before the file is closed, and closing is one commit, the old value or the new one.

What a power cut or an exception leaves behind is found when the folder is next looked at.  An empty file counts as none:
either it was emptied or its first write never ended, for both file systems write the size last.  Of a pair the intact one
stays, and either of two intact ones is as good as the other.  No other file is removed that nobody asked to remove.
"""

import errno
import json
import os

from kiosk import log
from kiosk.errors import KioskError
from kiosk.storage import files
from kiosk.storage.entry import Entry
from kiosk.storage.names import file_name, key_of

_TAG = "storage"
_NUMBERS = (".0", ".1")


class Storage:
    """The store in `folder`, which is made when something is first stored.  Sizes are bytes of the files' content.

    limit: bytes that all entries may take; entry_limit_bytes: what one value may take.  An object holds 160 bytes on a
    32-bit board, and no list of keys.  Writing takes 2 to 4 KB for a moment, however large the value.
    """

    def __init__(self, folder, limit_bytes, entry_limit_bytes=1024 * 1024):
        self.limit = limit_bytes
        self._folder = folder
        self._entry_limit = entry_limit_bytes
        self._used = None  # bytes; None: look at the folder first
        self._in_place = 0

    def set(self, key, value):
        """Store `value`: None, bool, int, float, str, and lists, tuples and dicts of these.

        A key of a dict that is no str becomes one, as in JSON.stringify.  A float keeps the digits that it is printed
        with.  Raises KioskError (parameter, entry size, quota), OSError (ENOSPC and what else a disk has); then the
        old value is still there.
        """
        name = file_name(key)
        entry = Entry(key, value, self._entry_limit)
        self._look()
        path, old_size = self._find(name)
        used = self._used - old_size
        if used + entry.weight > self.limit:
            raise KioskError("quota", "%d bytes" % self.limit)
        if not self._used:
            self._make_folder()
        self._used = None  # in doubt until all of it has gone well
        size = 0
        if entry.weight <= self._in_place:
            size = files.write_in_place(path or self._path(name + ".0"), entry, min(self._in_place, self.limit - used))
        if not size:
            other = self._path(name + (".1" if path and path.endswith(".0") else ".0"))
            size = self._write_beside(other, entry, self.limit - used)
            if path:
                files.empty(path)
        self._used = used + size

    def get(self, key):
        """Return the value, made anew.  Raises KioskError: "no data"; "system" when the file is damaged."""
        name = file_name(key)
        self._look()
        path, _ = self._find(name)
        if path is None:
            raise KioskError("no data")
        with open(path, "rb") as file:
            if files.is_intact(file):
                file.seek(0)
                entry = json.load(file)
                if entry[0] == key:
                    return entry[1]
        raise KioskError("system", "the stored data is damaged: %s" % path)

    def remove(self, key):
        """Forget one key; one that is not there is no error."""
        name = file_name(key)
        self._look()
        _, size = self._find(name)
        used, self._used = self._used - size, None
        for number in _NUMBERS:
            path = self._path(name + number)
            if files.size_of(path) is not None:
                os.remove(path)
        self._used = used

    def clear(self):
        """Forget all keys."""
        self._used = None
        for name in [name for name, _ in self._files()]:
            os.remove(self._path(name))

    def keys(self):
        """list of str: the keys, in no order.  A damaged file whose name does not say its key is left out, and logged."""
        self._look()
        found = []
        for name, size in self._files():
            if files.counts(name, size):
                key = self._read_key(name) if name[0] == "@" else key_of(name)
                if key is not None and (name[-1] == "0" or key not in found):  # both of a pair are damaged
                    found.append(key)
        return found

    def size_bytes(self):
        """int: bytes that all entries take."""
        self._look()
        return self._used

    # The folder.

    def _path(self, name):
        return self._folder + "/" + name

    def _files(self):
        """Yield name and size of each file that has a name of this module's making."""
        try:
            entries = os.ilistdir(self._folder)
        except OSError as exc:
            if exc.errno != errno.ENOENT:
                raise
            return
        while True:
            try:
                entry = next(entries, None)
            except UnicodeError:
                continue  # FAT links a new sector to a folder before it clears it: a cut in between leaves noise
            if entry is None:
                return
            if entry[0][-2:] in _NUMBERS:
                yield entry[0], entry[3]

    def _find(self, name):
        """Return path and size of an entry, or None and 0."""
        for number in _NUMBERS:
            path = self._path(name + number)
            size = files.size_of(path)
            if size:
                return path, size
        return None, 0

    def _look(self):
        """Count what is stored and resolve pairs: at first use, and after anything that went wrong."""
        if self._used is not None:
            return
        self._in_place = files.in_place_limit(self._folder)
        used = 0
        pairs = []
        for name, size in self._files():
            if files.counts(name, size):
                if name.endswith(".1") and files.size_of(self._path(name[:-2] + ".0")):
                    pairs.append(name[:-2])
                else:
                    used += size
        for name in pairs:
            used += self._resolve(self._path(name + ".0"), self._path(name + ".1"))
        self._used = used

    def _resolve(self, first, second):
        """Remove one of a pair if the other is intact; returns what that changes in the sum, in which `first` is."""
        if files.file_is_intact(first):
            loser, more = second, 0
        elif files.file_is_intact(second):
            loser, more = first, files.size_of(second) - files.size_of(first)
        else:
            return 0
        log.warn(_TAG, "removed %s, left by a write that never ended", loser)
        os.remove(loser)
        return more

    def _make_folder(self):
        try:
            os.stat(self._folder)
        except OSError:
            end = self._folder.find("/", 1)
            while end > 0:
                files.make_folder(self._folder[:end])
                end = self._folder.find("/", end + 1)
            files.make_folder(self._folder)

    def _read_key(self, name):
        with open(self._path(name), "rb") as file:
            if files.is_intact(file):
                file.seek(1)
                return json.loads(file.readline())
        log.warn(_TAG, "%s is damaged", self._path(name))
        return None

    def _write_beside(self, path, entry, room):
        complete = False
        try:
            size = files.write(path, entry, room)
            if not size:
                raise KioskError("quota", "%d bytes" % self.limit)
            complete = True
            return size
        finally:
            if not complete:
                files.discard(path)
