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

import binascii
import errno
import hashlib
import io
import json
import os

import vfs

from kiosk import log
from kiosk.api import type_name
from kiosk.errors import KioskError

_TAG = "storage"
_ENOSPC = const(28)  # MicroPython's errno has no name for it
_NUMBERS = (".0", ".1")
_DEPTH = const(64)  # levels of a value; neither writing nor reading recurses, so this only tells a cycle from a value
_NAME_MAX = const(96)  # letters of a file name before the key is hashed; FAT and littlefs both have 255
_IN_PLACE = const(128)  # bytes of an entry: the least that littlefs keeps in the folder with any board's cache size
_C_DEPTH = const(8)  # levels that C, which recurses, may make into JSON in one go
_PIECE = const(256)  # bytes that a value must have at least to be made into JSON piece by piece
_GROUP = const(8)  # items, each less than that, that are made into JSON in one go
_TRAILER = const(12)  # bytes of `,"01234567"]`


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
        name = _file_name(key)
        entry = _Entry(key, value, self._entry_limit)
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
            size = _write_in_place(path or self._path(name + ".0"), entry, min(self._in_place, self.limit - used))
        if not size:
            other = self._path(name + (".1" if path and path.endswith(".0") else ".0"))
            size = self._write_beside(other, entry, self.limit - used)
            if path:
                _empty(path)
        self._used = used + size

    def get(self, key):
        """Return the value, made anew.  Raises KioskError: "no data"; "system" when the file is damaged."""
        name = _file_name(key)
        self._look()
        path, _ = self._find(name)
        if path is None:
            raise KioskError("no data")
        with open(path, "rb") as file:
            if _is_intact(file):
                file.seek(0)
                entry = json.load(file)
                if entry[0] == key:
                    return entry[1]
        raise KioskError("system", "the stored data is damaged: %s" % path)

    def remove(self, key):
        """Forget one key; one that is not there is no error."""
        name = _file_name(key)
        self._look()
        _, size = self._find(name)
        used, self._used = self._used - size, None
        for number in _NUMBERS:
            path = self._path(name + number)
            if _size(path) is not None:
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
            if _counts(name, size):
                key = self._read_key(name) if name[0] == "@" else _key_of(name)
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
            size = _size(path)
            if size:
                return path, size
        return None, 0

    def _look(self):
        """Count what is stored and resolve pairs: at first use, and after anything that went wrong."""
        if self._used is not None:
            return
        self._in_place = _in_place_limit(self._folder)
        used = 0
        pairs = []
        for name, size in self._files():
            if _counts(name, size):
                if name.endswith(".1") and _size(self._path(name[:-2] + ".0")):
                    pairs.append(name[:-2])
                else:
                    used += size
        for name in pairs:
            used += self._resolve(self._path(name + ".0"), self._path(name + ".1"))
        self._used = used

    def _resolve(self, first, second):
        """Remove one of a pair if the other is intact; returns what that changes in the sum, in which `first` is."""
        if _file_is_intact(first):
            loser, more = second, 0
        elif _file_is_intact(second):
            loser, more = first, _size(second) - _size(first)
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
                _make(self._folder[:end])
                end = self._folder.find("/", end + 1)
            _make(self._folder)

    def _read_key(self, name):
        with open(self._path(name), "rb") as file:
            if _is_intact(file):
                file.seek(1)
                return json.loads(file.readline())
        log.warn(_TAG, "%s is damaged", self._path(name))
        return None

    def _write_beside(self, path, entry, room):
        complete = False
        try:
            size = _write(path, entry, room)
            if not size:
                raise KioskError("quota", "%d bytes" % self.limit)
            complete = True
            return size
        finally:
            if not complete:
                _discard(path)


# One file.


def _write_in_place(path, entry, room):
    """Write a file over, if there is one; returns its size, or 0, with nothing done, if it is more than `room`."""
    text = io.BytesIO()
    size = entry.write(text, room)
    if size:
        text = text.getvalue()
        # From here to close() the file is empty for whoever closes it.  There is no jump, so no pending exception is
        # raised, nothing allocates, and so few bytes go to littlefs's buffer: no exception can get in.
        file = open(path, "wb")
        file.write(text)
        try:
            file.close()
        finally:
            _close_again(file)
    return size


def _write(path, entry, room):
    file = _create(open, path, "wb")
    try:
        size = entry.write(file, room)
        file.close()
        return size
    finally:
        _close_again(file)


def _empty(path):
    file = open(path, "wb")
    try:
        file.close()
    finally:
        _close_again(file)


def _close_again(file):
    # A file that an exception has left open is closed by the collector, some time later: then the value of a set() that
    # has failed would take the place of what has been set since.
    try:
        file.close()
    except OSError:
        pass  # on the way out already, for the first reason


def _trailer(crc):
    return b',"%08x"]' % crc


def _counts(name, size):
    # "~": the short name that FAT gives a file of ours beside the long one, and that a power cut within a removal can
    # leave alone.  It is in nobody's way, so it is not worth the risk of removing what was not asked for.
    return size and "~" not in name


def _file_is_intact(path):
    with open(path, "rb") as file:
        return _is_intact(file)


def _is_intact(file):
    left = file.seek(0, 2) - _TRAILER
    file.seek(0)
    buffer = memoryview(bytearray(256))
    crc = 0
    while left > 0:
        count = file.readinto(buffer[: min(left, 256)])
        if not count:
            return False
        crc = binascii.crc32(buffer[:count], crc)
        left -= count
    return left == 0 and file.read() == _trailer(crc)


def _size(path):
    try:
        return os.stat(path)[6]
    except OSError as exc:
        if exc.errno != errno.ENOENT:
            raise
        return None


def _make(folder):
    try:
        _create(os.mkdir, folder)
    except OSError as exc:
        if exc.errno != errno.EEXIST:
            raise


def _create(function, *args):
    try:
        return function(*args)
    except OSError as exc:
        if exc.errno == errno.EACCES:
            raise OSError(_ENOSPC, "no room for a name")  # what FAT means when a folder cannot grow
        raise


def _discard(path):
    try:
        os.remove(path)
    except OSError:
        pass  # on the way out already; what stays is put in order at the next use


def _in_place_limit(folder):
    best = ""
    kind = None
    for fs, mount in vfs.mount():
        if len(mount) > len(best) and (folder + "/").startswith(mount.rstrip("/") + "/"):
            best, kind = mount, type(fs)
    return min(_IN_PLACE, os.statvfs(best)[0] // 8) if kind is vfs.VfsLfs2 else 0


# Keys and file names.


def _file_name(key):
    """Lower-case letters, digits and `-` `_` stand for themselves, `+a` for A, `=2f` for any other byte."""
    if not key:
        raise KioskError("parameter", "parameter.key should not be an empty String;")
    data = key.encode()
    if len(data) <= _NAME_MAX:
        name = "".join([_spelled(byte) for byte in data])
        if len(name) <= _NAME_MAX:
            return name
    return "@" + binascii.hexlify(hashlib.sha256(data).digest()[:16]).decode()


def _spelled(byte):
    char = chr(byte)
    if "a" <= char <= "z" or "0" <= char <= "9" or char in "-_":
        return char
    return "+" + char.lower() if "A" <= char <= "Z" else "=%02x" % byte


def _key_of(name):
    data = bytearray()
    i = 0
    while i < len(name) - 2:
        char = name[i]
        if char == "=":
            data.append(int(name[i + 1 : i + 3], 16))
            i += 2
        elif char == "+":
            i += 1
            data.append(ord(name[i].upper()))
        else:
            data.append(ord(char))
        i += 1
    return data.decode()


# JSON.


class _Entry:
    """A key and a value on their way into a file.

    json.dump() alone cannot do it: it writes bytes as if they were text and other types as what is no JSON, without a
    word; it recurses; it writes letter by letter, which a checksum cannot follow.  So Python looks at each item once
    and takes apart what would be too long for the heap or too deep for C's stack; C makes the text of the rest.
    """

    def __init__(self, key, value, limit):
        self.weight = 0  # bytes that the text of the value takes at least
        self._key = key
        self._value = value
        self._apart = set()  # the ids of the containers that are to be taken apart
        self._weigh(limit)

    def write(self, file, room):
        """Write all of it; returns the size in bytes, or 0 as soon as that is more than `room`."""
        size = crc = 0
        for piece in self._pieces():
            crc = binascii.crc32(piece, crc)
            size += file.write(piece)
            if size + _TRAILER > room:
                return 0
        return size + file.write(_trailer(crc))

    def _weigh(self, limit):
        apart = self._apart
        levels = []  # (the items still to come one level up, the container, the weight before it)
        items = iter((self._value,))
        while True:
            container = self._weigh_items(items)
            if self.weight > limit:
                raise KioskError("entry size", "%d bytes" % limit)
            if container is not None:
                levels.append((items, container, self.weight))
                items = self._enter(container, len(levels))
            elif levels:
                items, container, before = levels.pop()
                if self.weight - before > _PIECE:
                    apart.add(id(container))
                if levels and id(container) in apart:
                    apart.add(id(levels[-1][1]))
            else:
                return

    def _weigh_items(self, items):
        """Weigh scalars up to the next container, and return that."""
        weight = self.weight
        try:
            for item in items:
                kind = type(item)
                if kind is str:
                    length = len(item)
                    weight += length if length < _PIECE else len(memoryview(item))
                elif kind is int or kind is bool or item is None:
                    weight += 1
                elif kind is float and item - item == 0:
                    weight += 3
                elif isinstance(item, (dict, list, tuple)):
                    return item
                else:
                    _refuse(item)
        finally:
            self.weight = weight
        return None

    def _enter(self, container, level):
        self.weight += 2
        if level > _DEPTH:
            raise KioskError("parameter", "parameter.data should not be nested more than %d deep;" % _DEPTH)
        if level > _C_DEPTH or type(container) not in (dict, list, tuple):
            self._apart.add(id(container))
        if not isinstance(container, dict):
            return iter(container)
        if self._weigh_items(iter(container)) is not None:
            _refuse(())
        for key in container:
            if type(key) is float:
                self._apart.add(id(container))  # for the sake of _key_text()
        return iter(container.values())

    def _pieces(self):
        yield "["
        yield from _string_pieces(self._key)
        yield "\n,"
        levels = []  # (the items still to come, whether they are a dict's)
        value = self._value
        while True:
            if id(value) in self._apart:
                is_dict = isinstance(value, dict)
                levels.append((iter(value.items() if is_dict else value), is_dict))
                yield "{" if is_dict else "["
                comma = ""
            else:
                yield from _string_pieces(value) if type(value) is str else (_text(value),)
                comma = ","
            while levels:
                items, is_dict = levels[-1]
                group, large = self._next_group(items, is_dict)
                if group:
                    yield comma + _text(group)[1:-1]
                    comma = ","
                if large is not None:
                    break
                if len(group) < _GROUP:
                    yield "}" if is_dict else "]"
                    comma = ","
                    levels.pop()
            else:
                return
            yield comma
            if is_dict:
                yield from _string_pieces(_key_text(large[0]))
                yield ":"
            value = large[1] if is_dict else large

    def _next_group(self, items, is_dict):
        """Return up to _GROUP of the items that C may make into text, and the item after them if it is none of those."""
        group = {} if is_dict else []
        for item in items:
            value = item[1] if is_dict else item
            if id(value) in self._apart or (type(value) is str and len(value) > _PIECE):
                return group, item
            if is_dict:
                group[_key_text(item[0])] = value
            else:
                group.append(value)
            if len(group) == _GROUP:
                break
        return group, None


def _refuse(item):
    name = type_name(item)
    if name == "Number":
        name = "NaN" if item != item else "Infinity"
    raise KioskError("parameter", "parameter.data should hold what JSON can hold instead of %s;" % name)


def _key_text(key):
    """str of a dict's key, as JavaScript has it: with one kind of number, `2.0` is `2`."""
    if type(key) is str:
        return key
    if type(key) is float and key == int(key):
        key = int(key)
    return _text(key)


def _string_pieces(text):
    view = memoryview(text)
    if len(view) <= _PIECE:
        yield _text(text)
        return
    yield '"'
    start = 0
    while start < len(view):
        end = min(start + _PIECE, len(view))
        while end < len(view) and view[end] & 0xC0 == 0x80:
            end -= 1  # not in the middle of a character
        yield _text(str(view[start:end], "utf-8"))[1:-1]
        start = end
    yield '"'


def _text(value):
    return json.dumps(value, separators=(",", ":"))
