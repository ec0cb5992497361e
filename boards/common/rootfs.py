"""What lies where in a board's flash: littlefs on all of it, mounted at /, and the kiosk's folders."""

import os
import sys

import vfs

apps_folder = "/apps"
ca_folder = "/ca"
data_folder = "/data"

_PAGE_BYTES = const(256)  # flash chips program whole pages


def mount(flash):
    """Mount a block device at /, formatted first when it holds no file system, and make the kiosk's folders."""
    try:
        root = vfs.VfsLfs2(flash, progsize=_PAGE_BYTES)
    except OSError:
        vfs.VfsLfs2.mkfs(flash, progsize=_PAGE_BYTES)
        root = vfs.VfsLfs2(flash, progsize=_PAGE_BYTES)
    vfs.mount(root, "/")
    make_folders()


def make_folders():
    """Make the kiosk's folders where they are missing."""
    os.chdir("/")
    for folder in (data_folder, apps_folder, ca_folder):
        if folder[1:] not in os.listdir("/"):
            os.mkdir(folder)
    del sys.modules[__name__]  # it has done its work
