"""
Reading and writing whole files.  Touches what kiosk.files has resolved.

A file gets its new content as a temporary file, which then takes its name: on littlefs that is one commit, so what a
power cut or a full flash leaves is the old content or the new.  FAT has no such commit: there the old file goes first, and
a power cut in between loses it.
"""

import errno
import os

from kiosk.errors import KioskError
from kiosk.files import number, paths

PIECE = const(512)  # bytes between two turns of the loop


def read_file(files, url, encoding=None, position=None, length=None):
    """Return the content (bytearray), or text if an encoding is given; `length` bytes from `position`, in pieces."""
    if encoding is not None:
        from kiosk.files import encoding as encodings

        encodings.check(encoding)
    path = files.readable(url)
    left = files.file_size(path, url) - number(position or 0)
    if left < 0:
        raise KioskError("file argument", "position %d" % position)
    data = bytearray(left if length is None else min(left, number(length, 1)))
    view = memoryview(data)
    done = 0
    with open(path, "rb") as file:
        file.seek(number(position or 0))
        while done < len(data):
            count = file.readinto(view[done : done + PIECE])
            if not count:
                raise KioskError("file io", paths.shown(url))  # it has become shorter meanwhile
            done += count
            yield
    return data if encoding is None else encodings.decode(data, encoding)


def write_file(files, url, data, encoding="utf8"):
    """Put `data` (str or bytes) in place of what the file holds; it is made if need be.  In pieces."""
    yield from replace(files, url, _cut(to_bytes(data, encoding)))


def append_file(files, url, data, encoding="utf8"):
    """Add `data` to a file, which must be there.  In pieces; one that fails half-way may leave some of it on FAT."""
    data = to_bytes(data, encoding)
    path = files.new(url)
    files.file_size(path, url)
    files.quota.check(len(data))
    files.held.append(path)
    try:
        file = open(path, "ab")
        try:
            for piece in _cut(data):
                files.quota.change(len(piece), file.write, piece)
                yield
            file.close()
        finally:
            close_again(file)
    finally:
        files.held.remove(path)


def copy_file(files, url, new_url):
    """Copy a file; one that is there gives way.  In pieces."""
    path = files.readable(url)
    size = files.file_size(path, url)
    files.quota.check(size - old_size(files.new(new_url)))
    yield from replace(files, new_url, read_pieces(path, size))


def truncate(files, url, length=0):
    """Make a file `length` bytes long: the rest goes, what is missing is zero.  In pieces."""
    path = files.writable(url)
    yield from resize(files, path, url, length)


def resize(files, path, url, length, holders=0):
    """truncate() of a file that so many have opened."""
    length = number(length or 0)
    size = files.file_size(path, url)
    files.check_idle(path, url, holders)
    if length != size:
        files.quota.check(length - size)
        yield from replace(files, url, read_pieces(path, length), holders)


def get_file_info(files, url, algorithm=None):
    """Return the size (bytes), and if asked for the digest: hexadecimal, of md5 or sha1.  In pieces."""
    path = files.readable(url)
    size = files.file_size(path, url)
    if algorithm is None:
        return (size,)
    import binascii
    import hashlib

    if algorithm not in ("md5", "sha1"):
        raise KioskError("file argument", "digestAlgorithm " + paths.shown(algorithm))
    if not hasattr(hashlib, algorithm):
        raise KioskError("unsupported", algorithm)
    digest = getattr(hashlib, algorithm)()
    for piece in read_pieces(path, size):
        digest.update(piece)
        yield
    return size, binascii.hexlify(digest.digest()).decode()


def replace(files, url, pieces, holders=0):
    """Write a file anew from a generator of its pieces; until the last one is written the old content stays."""
    path = files.new(url, holders)
    _, part = files.temporary(".part")
    complete = False
    try:
        size = yield from write_pieces(files, part, pieces, old_size(path))
        files.new(url, holders)  # it may have been opened, or become a folder, meanwhile
        take_name(files, part, path, size)
        complete = True
    finally:
        if not complete:
            discard(part)


def write_pieces(files, path, pieces, credit=0):
    """Write a file that does not count yet; returns its bytes.  It may take the quota's room, and `credit` more."""
    size = 0
    file = open(path, "wb")
    try:
        yield  # opening and closing may each erase a block, as may a piece
        for piece in pieces:
            size += len(piece)
            files.quota.check(size - credit)
            file.write(piece)
            yield
        file.close()
        yield
        return size
    finally:
        close_again(file)
        pieces.close()


def take_name(files, source, path, size):
    """A file of `size` bytes that does not count yet becomes `path`, which may be there."""
    files.quota.change(size - old_size(path), os.rename, source, path)


def old_size(path):
    """int: bytes of a file, 0 when there is none."""
    try:
        return os.stat(path)[6]
    except OSError as exc:
        if exc.errno != errno.ENOENT:
            raise
        return 0


def to_bytes(data, encoding):
    """bytes or a memoryview of what a mini-program wants written."""
    if not isinstance(data, str):
        return memoryview(data)
    if encoding in (None, "utf8", "utf-8"):
        return data.encode()
    from kiosk.files import encoding as encodings

    return encodings.encode(data, encoding)


def _cut(data):
    view = memoryview(data)
    for start in range(0, len(view), PIECE):
        yield view[start : start + PIECE]


def read_pieces(path, length):
    """Yield the first `length` bytes of a file, all in one buffer; zeros where it ends too early."""
    buffer = bytearray(PIECE)
    view = memoryview(buffer)
    with open(path, "rb") as file:
        while length > 0:
            size = min(length, PIECE)
            count = file.readinto(view[:size])
            buffer[count:size] = bytes(size - count)
            length -= size
            yield view[:size]


def close_again(file):
    """Close what an exception may have left open, so that the collector does not do it some time later."""
    try:
        file.close()
    except OSError:
        return  # on the way out already, for the first reason


def discard(path):
    """Remove a file on the way out of a failure."""
    try:
        os.remove(path)
    except OSError:
        return  # on the way out already; what stays is swept
