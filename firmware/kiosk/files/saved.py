"""
Saved files: temporary ones that a mini-program wants to keep, under a name of the kiosk's making.
"""

import binascii
import os

from kiosk.errors import KioskError
from kiosk.files import content, paths, tree
from kiosk.files.entries import unix_s


def save_file(files, url, new_url=None):
    """Move a temporary file to where it stays, `new_url` in usr if given; returns its new URL."""
    area, path = paths.resolve(url, files.folder, files.root)
    if area != paths.TEMPORARY:
        raise KioskError("file permission", paths.shown(url))
    size = files.file_size(path, url)
    files.check_idle(path, url)
    if new_url is not None:
        content.take_name(files, path, files.new(new_url), size)
        return new_url
    tree.make(files.folder + "/" + paths.SAVED)
    name = _new_name(files.folder + "/" + paths.SAVED, paths.suffix(url))
    content.take_name(files, path, files.folder + "/" + paths.SAVED + name, size)
    return paths.SCHEME + paths.SAVED + name


def _new_name(folder, suffix):
    # Chance is not enough: a board that has just started may have no more of it than at its last start.
    while True:
        name = "/" + binascii.hexlify(os.urandom(8)).decode() + suffix
        if tree.look(folder + name) is None:
            return name


def saved_list(files):
    """Return (URL, size in bytes, time in seconds since 1970) of each saved file."""
    folder = files.folder + "/" + paths.SAVED
    if tree.look(folder) is None:
        return []
    names = [entry[0] for entry in os.ilistdir(folder)]
    return [(paths.SCHEME + paths.SAVED + "/" + name,) + _facts(os.stat(folder + "/" + name)) for name in names]


def saved_info(files, url):
    """Return size (bytes) and time (seconds since 1970) of a saved file."""
    path = _path(files, url)
    files.file_size(path, url)
    return _facts(os.stat(path))


def remove_saved(files, url):
    """Remove a saved file."""
    path = _path(files, url)
    size = files.file_size(path, url)
    files.check_idle(path, url)
    files.quota.change(-size, os.remove, path)


def _facts(status):
    return status[6], unix_s(status[9])


def _path(files, url):
    area, path = paths.resolve(url, files.folder, files.root)
    if area != paths.SAVED:
        raise KioskError("file permission", paths.shown(url))
    return path
