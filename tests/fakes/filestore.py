"""A flash chip with a mini-program's files on it, and short ways to work on them; for the tests of kiosk.files."""

import gc
import os
from binascii import hexlify

import vfs

from kiosk import files
from kiosk.errors import KioskError
from kiosk.files import content, tree
from tests.fakes import emulator
from tests.fakes.ramblockdev import RAMBlockDev

MOUNT = "/flash"
FOLDER = MOUNT + "/shop"
ROOT = MOUNT + "/app"
USR = "wxfile://usr/"
_SIZE = const(80 * 1024)  # littlefs takes 8 KB for a folder
_memory = []  # of every chip in here, once there is one


def mounted(kind=vfs.VfsLfs2):
    """A chip with an empty file system of this kind, mounted, and a package of one file."""
    if not _memory:
        _memory.append(bytearray(_SIZE))
    chip = RAMBlockDev(block_size=512 if kind is vfs.VfsFat else 4096, data=_memory[0])
    kind.mkfs(chip)
    vfs.mount(kind(chip), MOUNT)
    tree.make(ROOT)
    put(ROOT + "/a.txt", b"package")
    return chip


def mount_in_a_file(size_kb=160):
    """The same where it takes no memory: in a nameless file of the host; on a board a folder of its own flash.

    Skips a test that wants a smaller one than boards have.
    """
    try:
        from flashfile import FlashFile
    except ImportError:
        if size_kb < 1024:
            emulator.only("wants a flash of %d KB" % size_kb)
        unmount()
        tree.make(ROOT)
    else:
        name = "/tmp/mpkiosk-%s" % hexlify(os.urandom(8)).decode()
        chip = FlashFile(name, size_kb * 1024)
        os.remove(name)
        vfs.VfsLfs2.mkfs(chip)
        vfs.mount(vfs.VfsLfs2(chip), MOUNT)
        tree.make(ROOT)
    put(ROOT + "/a.txt", b"package")


def unmount():
    """Let go of what mounted() or mount_in_a_file() made."""
    try:
        vfs.umount(MOUNT)
    except OSError:  # a folder, or nothing
        tree.remove(MOUNT)


def again(limit_bytes=30000):
    """The store of the mini-program, as a new launch finds it."""
    return files.Files(FOLDER, ROOT, limit_bytes)


def on_both(test):
    """Run a test on littlefs and on FAT."""
    for kind in (vfs.VfsLfs2, vfs.VfsFat):
        mounted(kind)
        test(again())
        vfs.umount(MOUNT)
        gc.collect()


def put(path, data):
    """Write a file past the store."""
    with open(path, "wb") as file:
        file.write(data)


def fails(row, operation, *args):
    """Assert that an operation fails with this row of the error table; return the error."""
    try:
        result = files.now(operation, *args)
    except KioskError as exc:
        assert exc.args[0] == row, (row, exc, args[1:])
        return exc
    raise AssertionError((row, args[1:], result))


def read(store, url, *args):
    """Contents of a file of the store."""
    return files.now(content.read_file, store, url, *args)


def write(store, url, data, *args):
    """Write a file of the store."""
    files.now(content.write_file, store, url, data, *args)
