"""
Files and folders by name: whether they are there, making, moving and removing them.  Nothing in here takes long.
"""

import os
import time

from kiosk.errors import KioskError
from kiosk.files import content, paths, tree

_EPOCH_S = const(946684800)  # 2000-01-01, where some ports begin to count


def unix_s(seconds):
    """int: a time of this port as seconds since 1970."""
    return seconds + _EPOCH_S if time.gmtime(0)[0] == 2000 else seconds


def facts(status):
    """Return (mode, size in bytes, last accessed and last modified in seconds since 1970) of an os.stat()."""
    if tree.is_folder(status):
        return 0o40755, 0, unix_s(status[7]), unix_s(status[8])
    return 0o100644, status[6], unix_s(status[7]), unix_s(status[8])


def access(files, url):
    """Raise KioskError (no file) when there is nothing under this name."""
    files.look(files.readable(url), url)


def stat(files, url, recursive=False):
    """Return the facts of one, or of a folder and all in it: a list of (path below it, facts), itself as "/"."""
    path = files.readable(url)
    status = files.look(path, url)
    if not recursive or not tree.is_folder(status):
        return facts(status)
    found = [("/", facts(status))]
    for below, _ in tree.walk(path):
        found.append((below, facts(os.stat(path + below))))
    return found


def mkdir(files, url, recursive=False):
    """Make a folder; with `recursive` also those above it, and one that is there is no error."""
    path = files.writable(url)
    status = tree.look(path)
    if status is not None:
        if recursive and tree.is_folder(status):
            return
        raise KioskError("file exists", paths.shown(url))
    if recursive:
        _make_down_to(path, len(files.folder) + len(paths.USER) + 2, url)
    else:
        files.new(url)
        os.mkdir(path)


def _make_down_to(path, start, url):
    for end in [i for i in range(start, len(path)) if path[i] == "/"] + [len(path)]:
        status = tree.look(path[:end])
        if status is None:
            os.mkdir(path[:end])
        elif not tree.is_folder(status):
            raise KioskError("not a folder", paths.shown(url))


def rmdir(files, url, recursive=False):
    """Remove a folder, which must be empty unless `recursive`."""
    path = files.writable(url)
    if not tree.is_folder(files.look(path, url)):
        raise KioskError("not a folder", paths.shown(url))
    files.check_idle(path, url)
    if recursive:
        files.quota.change(-tree.size_of(path), tree.remove, path)
    else:
        if os.listdir(path):
            raise KioskError("folder not empty", paths.shown(url))
        os.rmdir(path)


def readdir(files, url):
    """Return the names (list of str) in a folder, in no order."""
    path = files.readable(url)
    if not tree.is_folder(files.look(path, url)):
        raise KioskError("not a folder", paths.shown(url))
    return [entry[0] for entry in os.ilistdir(path)]


def rename(files, url, new_url):
    """Move a file or folder within usr.  A file gives way to a file; what is open stays where it is."""
    path = files.writable(url)
    folder = tree.is_folder(files.look(path, url))
    files.check_idle(path, url)
    new_path = files.writable(new_url)
    if new_path == path:
        return
    if new_path.startswith(path + "/"):  # littlefs would do it, and the folder would be gone for good
        raise KioskError("file argument", paths.shown(new_url))
    if folder and tree.look(new_path) is not None:
        raise KioskError("file exists", paths.shown(new_url))
    files.new(new_url)
    files.quota.change(-content.old_size(new_path), os.rename, path, new_path)


def unlink(files, url):
    """Remove a file."""
    path = files.writable(url)
    status = files.look(path, url)
    if tree.is_folder(status):
        raise KioskError("file operation", paths.shown(url))
    files.check_idle(path, url)
    files.quota.change(-status[6], os.remove, path)
