"""
A mini-program's files: its own folders on the flash, and its package to read.

May touch data_folder/<appid>/{usr,tmp,store,uploads} and, reading, the package.  By job: paths (the confinement), content and
entries (operations), descriptors, saved, archive, quota, sweep.

An operation is a function of (files, path as the mini-program says it, ...).  One that may take long is a generator
that yields after each piece of 512 bytes: now() runs it in one go, gently() lets the loop turn in between.
"""

import asyncio

import board
from kiosk import app
from kiosk.errors import KioskError
from kiosk.files import paths, tree
from kiosk.files.quota import Quota
from kiosk.files.reasons import explain
from kiosk.files.sweep import sweep

_LIMIT = const(200 * 1024 * 1024)  # bytes of usr and store, WeChat's own (wx-rules.md, rule 23)
_current = None


def current():
    """Files: those of the running mini-program, made when first asked for."""
    global _current
    program = app.current
    if _current is None or _current.program is not program:
        limit_bytes = getattr(board, "files_limit_bytes", _LIMIT)
        _current = Files(board.data_folder + "/" + program.appid, program.root, limit_bytes, program)
        program.at_close += (_current.close,)
    return _current


class Files:
    """The files below `folder` (str) and the package in `root` (str); usr, store and uploads may take `limit_bytes`."""

    def __init__(self, folder, root, limit_bytes, program=None):
        self.folder = folder
        self.root = root
        self.program = program
        counted = [folder + "/" + area for area in (paths.USER, paths.SAVED, paths.UPLOADS)]
        self.quota = Quota(counted, limit_bytes)
        self.descriptors = {}  # fd (str) -> descriptors.Descriptor
        self.held = []  # paths of open files, once for each time
        self._count = 0
        sweep(folder + "/" + paths.TEMPORARY)  # what a power cut has left
        tree.make(folder + "/" + paths.USER)

    def close(self):
        """The mini-program closes: open files are closed, temporary ones are gone."""
        if self.descriptors:
            from kiosk.files import descriptors

            descriptors.close_all(self)
        sweep(self.folder + "/" + paths.TEMPORARY)

    def number(self):
        """int: one that has not been given before."""
        self._count += 1
        return self._count

    def readable(self, url):
        """str: the path of what a mini-program may read."""
        return paths.resolve(url, self.folder, self.root)[1]

    def writable(self, url):
        """str: the path of what a mini-program may write: what is in usr, not usr itself."""
        area, path = paths.resolve(url, self.folder, self.root)
        if area != paths.USER:
            raise KioskError("file permission", paths.shown(url))
        if path == self.folder + "/" + area:
            raise KioskError("file operation", paths.shown(url))
        return path

    def new(self, url, holders=0):
        """str: the path of a file to be written, which may be there: no folder, in a folder, opened by nobody else."""
        path = self.writable(url)
        parent = tree.look(path.rpartition("/")[0])
        if parent is None:
            raise KioskError("no file", paths.shown(url))
        if not tree.is_folder(parent):
            raise KioskError("not a folder", paths.shown(url))
        status = tree.look(path)
        if status is not None and tree.is_folder(status):
            raise KioskError("is a folder", paths.shown(url))
        self.check_idle(path, url, holders)
        return path

    def check_idle(self, path, url, holders=0):
        """Raise if `path`, or anything in it, is open: FAT would not stand its removal, littlefs two writers."""
        for held in self.held:
            if held == path or held.startswith(path + "/"):
                holders -= 1
        if holders < 0:
            raise KioskError("file operation", paths.shown(url))

    def look(self, path, url):
        """Return os.stat() of what is there; KioskError (no file) when nothing is."""
        status = tree.look(path)
        if status is None:
            raise KioskError("no file", paths.shown(url))
        return status

    def file_size(self, path, url):
        """int: bytes of a file; KioskError when it is none."""
        status = self.look(path, url)
        if tree.is_folder(status):
            raise KioskError("is a folder", paths.shown(url))
        return status[6]

    def temporary(self, suffix=""):
        """Return URL and path of a temporary file of the kiosk's making, which is not there yet."""
        folder = self.folder + "/" + paths.TEMPORARY
        tree.make(folder)
        name = "/%d%s" % (self.number(), suffix)
        return paths.SCHEME + paths.TEMPORARY + name, folder + name


def number(value, least=0):
    """int: a count or a place; JavaScript has no integers.  KioskError (file argument) for what is none."""
    if not isinstance(value, int) and (value != value or abs(value) > 1 << 40 or value != int(value)):
        raise KioskError("file argument", str(value))
    if value < least:
        raise KioskError("file argument", str(value))
    return int(value)


def now(operation, files, *args):
    """Do what `operation` does and return what it returns; its OSErrors are explained."""
    try:
        result = operation(files, *args)
        if not hasattr(result, "send"):
            return result
        while True:
            try:
                next(result)
            except StopIteration as exc:
                return exc.value
    except OSError as exc:
        raise explain(exc, args[0] if args else "")


async def gently(operation, files, *args):
    """The same with a generator, letting the loop turn after each piece."""
    pieces = operation(files, *args)
    try:
        while True:
            try:
                next(pieces)
            except StopIteration as exc:
                return exc.value
            await asyncio.sleep_ms(0)
    except OSError as exc:
        raise explain(exc, args[0])
    finally:
        pieces.close()  # cancelled: its own `finally` clears up
