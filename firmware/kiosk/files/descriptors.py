"""
Open files.  A descriptor is a string; what has been written is on the flash when write() returns.

A file that is open is neither removed, renamed nor written in another way, and only one may have it open for writing.
"""

import os

from kiosk.errors import KioskError
from kiosk.files import content, number, paths, tree
from kiosk.files.entries import facts

_FLAGS = ("r", "r+", "w", "wx", "w+", "wx+", "a", "ax", "a+", "ax+", "as", "as+")
_MOST = const(8)  # open at a time: each holds a buffer of the file system


class Descriptor:
    """An open file; `file` is None while it is being truncated."""

    def __init__(self, file, path, url, flag):
        self.file = file
        self.path = path
        self.url = url
        self.can_read = flag[0] == "r" or "+" in flag
        self.can_write = flag != "r"
        self.at_end = flag[0] == "a"
        self.position = 0


def open_file(files, url, flag="r"):
    """Return a descriptor (str).  flag: as in Node; "s" (synchronous) is what all are."""
    if flag not in _FLAGS:
        raise KioskError("file argument", "flag " + paths.shown(flag))
    if len(files.descriptors) >= _MOST:
        raise KioskError("file system", "too many open files")
    path = files.readable(url) if flag == "r" else files.new(url)
    if "x" in flag and tree.look(path) is not None:
        raise KioskError("file exists", paths.shown(url))
    if flag[0] == "r":
        files.file_size(path, url)
    file = _open(files, path, flag)
    fd = str(files.number())
    files.descriptors[fd] = Descriptor(file, path, url, flag)
    files.held.append(path)
    return fd


def _open(files, path, flag):
    if flag == "r":
        return open(path, "rb")
    if flag[0] == "w" or tree.look(path) is None:
        file = files.quota.change(-content.old_size(path), open, path, "w+b")
        try:
            file.flush()  # empty from now on, for everybody
        except OSError:
            content.close_again(file)
            raise
        return file
    return open(path, "r+b")


def close(files, fd):
    """Close an open file."""
    descriptor = _find(files, fd)
    del files.descriptors[fd]
    files.held.remove(descriptor.path)
    descriptor.file.close()


def close_all(files):
    """Close what the mini-program has left open."""
    for descriptor in files.descriptors.values():
        if descriptor.file:
            content.close_again(descriptor.file)
    files.descriptors.clear()
    files.held.clear()


def read(files, fd, buffer, offset=None, length=None, position=None):
    """Read into `buffer` (bytearray or memoryview): up to `length` bytes, to `offset`; returns their number and it.

    position: where in the file, which then leaves the descriptor where it is.
    """
    descriptor = _find(files, fd)
    if not descriptor.can_read:
        raise KioskError("file permission", paths.shown(descriptor.url))
    if isinstance(buffer, bytes):
        raise KioskError("file argument", "arrayBuffer")  # cannot be written into
    part = _part(buffer, offset, length)
    descriptor.file.seek(descriptor.position if position is None else number(position))
    count = descriptor.file.readinto(part)
    if position is None:
        descriptor.position += count
    return count, buffer


def write(files, fd, data, offset=None, length=None, encoding=None, position=None):
    """Write `data` (str, or `length` bytes from `offset` of bytes); returns the number of bytes."""
    descriptor = _find(files, fd)
    if not descriptor.can_write:
        raise KioskError("file permission", paths.shown(descriptor.url))
    part = content.to_bytes(data, encoding)
    if not isinstance(data, str):
        part = _part(part, offset, length)
    size = os.stat(descriptor.path)[6]
    start = descriptor.position if position is None else number(position)
    if descriptor.at_end:
        start = size
    files.quota.change(max(0, start + len(part) - size), _write, descriptor.file, size, start, part)
    if position is None:
        descriptor.position = start + len(part)
    return len(part)


def _write(file, size, start, part):
    file.seek(min(size, start))
    while size < start:  # not left to the file system: what FAT puts there is what others have deleted
        count = min(content.PIECE, start - size)
        file.write(bytes(count))
        size += count
    file.write(part)
    file.flush()


def fstat(files, fd):
    """Return the facts of an open file, as entries.stat()."""
    return facts(os.stat(_find(files, fd).path))


def ftruncate(files, fd, length=0):
    """Make an open file `length` bytes long.  In pieces; meanwhile the descriptor is of no use."""
    descriptor = _find(files, fd)
    if not descriptor.can_write:
        raise KioskError("file permission", paths.shown(descriptor.url))
    descriptor.file.close()
    descriptor.file = None
    try:
        yield from content.resize(files, descriptor.path, descriptor.url, length, 1)
    finally:
        descriptor.file = open(descriptor.path, "r+b")


def _find(files, fd):
    descriptor = files.descriptors.get(fd)
    if descriptor is None or descriptor.file is None:
        raise KioskError("file descriptor")
    return descriptor


def _part(buffer, offset, length):
    offset = number(offset or 0)
    length = len(buffer) - offset if length is None else number(length)
    if offset + length > len(buffer) or length < 0:
        raise KioskError("file argument", "offset %d length %d" % (offset, length))
    return memoryview(buffer)[offset : offset + length]
