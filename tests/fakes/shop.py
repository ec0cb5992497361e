"""A mini-program with files on a flash and a server to talk to.  Runs in MicroPython."""

import gc
import os

import board
from kiosk import files
from kiosk.files import tree
from tests.fakes import filestore
from tests.fakes.httpserver import Loopback


class Shop(Loopback):
    """A server, and a mini-program with files on a flash."""

    def __init__(self, play, size_kb=160, **settings):
        super().__init__(play, **settings)
        self._size_kb = size_kb

    async def __aenter__(self):
        filestore.mount_in_a_file(self._size_kb)
        board.data_folder = filestore.MOUNT
        await super().__aenter__()
        self.program.root = filestore.ROOT
        self.files = files.current()
        tree.make(self.files.folder + "/tmp")
        self.free = self.room()
        return self

    async def __aexit__(self, *exc):
        await super().__aexit__(*exc)
        filestore.unmount()
        gc.collect()

    def room(self):
        """int: free blocks of the flash."""
        return os.statvfs(filestore.MOUNT)[3]

    def temporary(self):
        """Names in wxfile://tmp."""
        folder = filestore.MOUNT + "/test/tmp"
        return os.listdir(folder) if tree.look(folder) else []

    def nothing_left(self):
        """Assert that the flash is as it was."""
        assert self.temporary() == [] and self.files.held == []


def noise(size):
    """bytearray: content that is different at each place."""
    data = bytearray(size)
    for i in range(size):
        data[i] = i * 7 + (i >> 8)
    return data


async def send(connection, head, body):
    """Send a response without putting it together."""
    await connection.send(head)
    await connection.send(body)
