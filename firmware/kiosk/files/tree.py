"""
Folders as a whole: looking at one, walking through it, removing it.  Touches the paths that it is given.
"""

import errno
import os

_FOLDER = const(0x4000)
_ENOTDIR = const(20)  # MicroPython's errno module leaves it out


def look(path):
    """Return what os.stat() tells of a file or folder, None when there is none."""
    try:
        return os.stat(path)
    except OSError as exc:
        if exc.errno not in (errno.ENOENT, _ENOTDIR):
            raise
        return None


def is_folder(status):
    """bool: whether look() has seen a folder."""
    return status[0] & _FOLDER != 0


def walk(folder):
    """Yield (path below `folder` with "/" before it, whether it is a folder), each folder before what is in it."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        for entry in os.ilistdir(folder + below):
            path = below + "/" + entry[0]
            if entry[1] & _FOLDER:
                waiting.append(path)
            yield path, entry[1] & _FOLDER != 0


def size_of(folder):
    """int: bytes that the files in a folder hold; 0 when there is no such folder."""
    if look(folder) is None:
        return 0
    return sum([os.stat(folder + path)[6] for path, folder_too in walk(folder) if not folder_too])


def remove(folder):
    """Remove a folder with all that is in it; none is no error."""
    if look(folder) is None:
        return
    paths = list(walk(folder))  # a list: what goes while a folder is being read makes some file systems skip
    for path, folder_too in reversed(paths):
        (os.rmdir if folder_too else os.remove)(folder + path)
    os.rmdir(folder)


def make(folder):
    """Make a folder and those above it; one that is there is no error.  OSError as a disk has them."""
    end = folder.find("/", 1)
    while end > 0:
        _make_one(folder[:end])
        end = folder.find("/", end + 1)
    _make_one(folder)


def _make_one(folder):
    if look(folder) is None:
        os.mkdir(folder)
