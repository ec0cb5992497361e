"""
One file of the store: written so that an exception at any moment leaves the old content or the new one, and checked.

Touches the files that it is told to and nothing else.
"""

import binascii
import errno
import io
import os

import vfs

from kiosk.storage.entry import TRAILER, trailer

_ENOSPC = const(28)  # MicroPython's errno has no name for it
_IN_PLACE = const(128)  # bytes of an entry: the least that littlefs keeps in the folder with any board's cache size


def write_in_place(path, entry, room):
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


def write(path, entry, room):
    """Write a new file; returns its size, or 0 if it were more than `room`.  OSError as a disk has them."""
    file = _create(open, path, "wb")
    try:
        size = entry.write(file, room)
        file.close()
        return size
    finally:
        _close_again(file)


def empty(path):
    """Make a file empty, which is as good as none."""
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
        return  # on the way out already, for the first reason


def counts(name, size):
    """bool: whether a file is an entry."""
    # "~": the short name that FAT gives a file of ours beside the long one, and that a power cut within a removal can
    # leave alone.  It is in nobody's way, so it is not worth the risk of removing what was not asked for.
    return size and "~" not in name


def file_is_intact(path):
    """bool: whether a file is complete and unharmed, by its checksum."""
    with open(path, "rb") as file:
        return is_intact(file)


def is_intact(file):
    """bool: the same of an open file."""
    left = file.seek(0, 2) - TRAILER
    file.seek(0)
    buffer = memoryview(bytearray(256))
    crc = 0
    while left > 0:
        count = file.readinto(buffer[: min(left, 256)])
        if not count:
            return False
        crc = binascii.crc32(buffer[:count], crc)
        left -= count
    return left == 0 and file.read() == trailer(crc)


def size_of(path):
    """int: bytes in a file, None when there is none."""
    try:
        return os.stat(path)[6]
    except OSError as exc:
        if exc.errno != errno.ENOENT:
            raise
        return None


def make_folder(folder):
    """Make a folder; one that is there is no error."""
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


def discard(path):
    """Remove a file on the way out of a failure."""
    try:
        os.remove(path)
    except OSError:
        return  # on the way out already; what stays is put in order at the next use


def in_place_limit(folder):
    """int: bytes of the largest entry that the file system of `folder` swaps in one commit; 0 for none."""
    best = ""
    kind = None
    for fs, mount in vfs.mount():
        if len(mount) > len(best) and (folder + "/").startswith(mount.rstrip("/") + "/"):
            best, kind = mount, type(fs)
    return min(_IN_PLACE, os.statvfs(best)[0] // 8) if kind is vfs.VfsLfs2 else 0
