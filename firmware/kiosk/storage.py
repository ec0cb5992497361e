"""
What wx.setStorage keeps: a store of one mini-program, each value in a file of its own, in one folder of the flash.

May touch that folder and nothing else.

A file is one JSON document, `["key"\\n,value,"crc32"]`: the checksum is that of everything before it, so rot, a
truncated file or a file under a wrong name is told from a value.  Its name is the key in a spelling that survives a file
system that does not tell `A` from `a` (FAT), with `.0` or `.1` at the end.  A new value goes into the file of the other
number, and the old file is removed when the new one is complete.  Nothing is ever renamed: on FAT a power cut within a
rename leaves two names for one chain of clusters, and a rename costs littlefs 4 times the reads of this.

What a power cut or an exception leaves behind is put in order when the folder is next looked at: an empty file is one
whose first write never ended (both file systems write the size last); of a pair the complete one stays, and either of
two complete ones is as good as the other.

An entry so short that littlefs keeps it in the folder itself is written over in place, for a third of the price: there
the file system itself swaps old for new in one commit, and writing such a file touches no flash before that commit.
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
_DEPTH = const(64)  # levels of a value; neither writing nor reading recurses, so this only tells a cycle from a value
_NAME_MAX = const(96)  # letters of a file name before the key is hashed; FAT and littlefs both have 255
_IN_PLACE = const(128)  # bytes of an entry: the least that littlefs keeps in the folder with any board's cache size
_C_DEPTH = const(8)  # levels that C, which recurses, may make into JSON in one go
_PIECE = const(256)  # bytes that a value must have at least to be made into JSON piece by piece
_GROUP = const(8)  # items, each less than that, that are made into JSON in one go
_TRAILER = const(12)  # bytes of `,"01234567"]`


class Storage:
    """The store in `folder`, which is made when something is first stored.  Sizes are bytes of the files' content.

    limit: bytes that all entries may take; entry_limit_bytes: what one value may take.  An object holds 176 bytes on a
    32-bit board and no list of keys.  Writing takes about 3 KB for a moment, whatever the size of the value.
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
        weight, apart = _weigh(value, self._entry_limit)
        self._look()
        path, old_size = self._find(name)
        used = self._used - old_size
        if used + weight > self.limit:
            raise KioskError("quota", "%d bytes" % self.limit)
        if not self._used:
            self._make_folder()
        self._used = None  # in doubt until all of it has gone well
        size = 0
        if max(weight, old_size) <= self._in_place:
            size = self._write_in_place(path, name, old_size, key, value, apart)
        self._used = used + (size or self._write_beside(path, name, key, value, apart, self.limit - used))

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
        path, size = self._find(name)
        if path:
            used, self._used = self._used - size, None
            os.remove(path)
            self._used = used

    def clear(self):
        """Forget all keys."""
        self._look()
        if self._used:
            self._used = None
            for name in os.listdir(self._folder):
                os.remove(self._path(name))
            self._used = 0

    def keys(self):
        """list of str: the keys, in no order.  A damaged file whose name does not say its key is left out, and logged."""
        self._look()
        found = []
        for entry in self._entries():
            key = _key_of(entry[0]) if entry[0][0] != "@" else self._read_key(entry[0])
            if key is not None:
                found.append(key)
        return found

    def size_bytes(self):
        """int: bytes that all entries take."""
        self._look()
        return self._used

    # The folder.

    def _path(self, name):
        return self._folder + "/" + name

    def _entries(self):
        try:
            return os.ilistdir(self._folder)
        except OSError as exc:
            if exc.errno != errno.ENOENT:
                raise
            return ()

    def _find(self, name):
        """Return path and size of an entry, or None and 0."""
        for number in (".0", ".1"):
            size = _size(self._path(name + number))
            if size is not None:
                return self._path(name + number), size
        return None, 0

    def _look(self):
        """Count what is stored and put in order what a cut or an exception has left; at first use and after a fault."""
        if self._used is not None:
            return
        self._in_place = _in_place_limit(self._folder)
        used = 0
        leftovers = []
        pairs = []
        for name, _, _, size in self._entries():
            # FAT: the short name of a file is what a power cut within its removal can leave of it.
            if size == 0 or "~" in name:
                leftovers.append(name)
            else:
                used += size
                if name.endswith(".1") and _size(self._path(name[:-1] + "0")):
                    pairs.append(name)
        for name in leftovers:
            log.warn(_TAG, "removed %s, a write or a removal that never ended", self._path(name))
            os.remove(self._path(name))
        for name in pairs:
            used -= self._remove_one_of(self._path(name[:-1] + "0"), self._path(name))
        self._used = used

    def _remove_one_of(self, first, second):
        loser = first if _file_is_intact(second) and not _file_is_intact(first) else second
        size = _size(loser)
        log.warn(_TAG, "removed %s, half of a write that never ended", loser)
        os.remove(loser)
        return size

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

    # One file.

    def _write_in_place(self, path, name, old_size, key, value):
        """Write an entry over the old one; returns its size, or 0 if it turns out too long for that."""
        text = io.BytesIO()
        size = _write_entry(text, key, value, apart, self._in_place)
        if 0 < size < old_size:
            # Nothing is cut off, because a file opened with "w" and then closed by an exception is empty.
            text = io.BytesIO()
            size = _write_entry(text, key, value, apart, self._in_place, " " * (old_size - size))
        if size:
            _write_file(path or self._path(name + ".0"), "r+b" if path else "wb", lambda file: file.write(text.getvalue()))
        return size

    def _write_beside(self, old, name, key, value, apart, room):
        path = self._path(name + (".1" if old and old.endswith(".0") else ".0"))
        complete = False
        try:
            size = _write_file(path, "wb", lambda file: _write_entry(file, key, value, apart, room))
            if not size:
                raise KioskError("quota", "%d bytes" % self.limit)
            complete = True
        finally:
            if not complete:
                _discard(path)
        if old:
            os.remove(old)
        return size


def _write_file(path, mode, write):
    # A file left open is closed by the collector some time later, which writes: the value of a set() that has failed
    # would come back.  So it is closed here, and again when it was the closing that an exception went through.
    file = open(path, mode)  # noqa: SIM115
    try:
        size = write(file)
        file.close()
        return size
    finally:
        try:
            file.close()
        except OSError:
            pass  # on the way out already, with the first reason


def _write_entry(file, key, value, apart, room, padding=""):
    """Write a whole entry; returns its size in bytes, or 0 as soon as it is over `room`."""
    size = crc = 0
    for piece in _entry_pieces(key, value, apart, padding):
        crc = binascii.crc32(piece, crc)
        size += file.write(piece)
        if size + _TRAILER > room:
            return 0
    return size + file.write(_trailer(crc))


def _trailer(crc):
    return b',"%08x"]' % crc


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
        os.mkdir(folder)
    except OSError as exc:
        if exc.errno != errno.EEXIST:
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


# JSON.  C does most of it; Python takes apart what would be too deep for C's stack or too long for the heap.


def _weigh(value, limit):
    """Check that JSON can hold `value`, within `limit` bytes.

    Returns the bytes that its text takes at least, and the ids of the containers in it that must be taken apart.
    """
    weight = 0
    apart = set()
    levels = []  # (the items still to come one level up, the container, the weight before it)
    items = iter((value,))
    while True:
        for item in items:
            if type(item) is str:
                weight += len(memoryview(item))
            elif isinstance(item, (dict, list, tuple)):
                break
            else:
                weight += _weigh_scalar(item)
        else:
            if not levels:
                return weight, apart
            items, item, before = levels.pop()
            if weight - before > _PIECE or id(item) in apart:
                apart.add(id(item))
                if levels:
                    apart.add(id(levels[-1][1]))
            continue
        levels.append((items, item, weight))
        weight += 2
        if isinstance(item, dict):
            weight += _weigh_keys(item, apart)
        if weight > limit:
            raise KioskError("entry size", "%d bytes" % limit)
        if len(levels) > _C_DEPTH or type(item) not in (dict, list, tuple):
            apart.add(id(item))
            if len(levels) > _DEPTH:
                raise KioskError("parameter", "parameter.data should not be nested more than %d deep;" % _DEPTH)
        items = iter(item.values() if isinstance(item, dict) else item)


def _weigh_keys(container, apart):
    weight = 0
    for key in container:
        if type(key) is str:
            weight += len(memoryview(key))
        else:
            weight += _weigh_scalar(key)
            if type(key) is float:
                apart.add(id(container))  # for the sake of _text_key()
    return weight


def _weigh_scalar(item):
    if item is None or type(item) in (int, bool):
        return 1
    if type(item) is float and item - item == 0:
        return 3
    name = type_name(item) if type(item) is not float else "NaN" if item != item else "Infinity"
    raise KioskError("parameter", "parameter.data should hold what JSON can hold instead of %s;" % name)


def _entry_pieces(key, value, apart, padding):
    yield "["
    yield from _string_pieces(key)
    yield "\n" + padding + ","
    yield from _value_pieces(value, apart)


def _value_pieces(value, apart):
    levels = []  # (the items still to come, whether they are a dict's)
    while True:
        if id(value) in apart:
            is_dict = isinstance(value, dict)
            levels.append((iter(value.items() if is_dict else value), is_dict))
            yield "{" if is_dict else "["
            comma = ""
        else:
            yield from _string_pieces(value) if type(value) is str else (_text(value),)
            comma = ","
        while levels:
            items, is_dict = levels[-1]
            group, large = _next_group(items, is_dict, apart)
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
            yield from _string_pieces(_text_key(large[0]))
            yield ":"
        value = large[1] if is_dict else large


def _next_group(items, is_dict, apart):
    """Return up to _GROUP of the items that C may make into text, and the item after them if it is none of those."""
    group = {} if is_dict else []
    for item in items:
        value = item[1] if is_dict else item
        if id(value) in apart or (type(value) is str and len(value) > _PIECE):
            return group, item
        if is_dict:
            group[_text_key(item[0])] = value
        else:
            group.append(value)
        if len(group) == _GROUP:
            break
    return group, None


def _text_key(key):
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
