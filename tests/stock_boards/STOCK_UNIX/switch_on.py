"""
What a board's port does when it is switched on, for the Unix port: `micropython switch_on.py FLASH`.

The file FLASH becomes /, with littlefs on it; /main.py is run if it is there, else a raw REPL is served: the Unix port
has none of its own.  The protocol is that of docs.micropython.org, "The MicroPython Interactive Interpreter Mode".
"""

import os
import sys

import vfs

_BLOCK = const(4096)
_WINDOW = const(2048)


class Flash:
    """A block device in a file, each block written through at once."""

    def __init__(self, path):
        self._file = open(path, "r+b")  # noqa: SIM115  as long as the board is on
        self._blocks = os.stat(path)[6] // _BLOCK

    def readblocks(self, number, buffer, offset=0):
        """Fill the buffer."""
        self._file.seek(number * _BLOCK + offset)
        self._file.readinto(buffer)

    def writeblocks(self, number, buffer, offset=0):
        """Write the buffer."""
        self._file.seek(number * _BLOCK + offset)
        self._file.write(buffer)

    def ioctl(self, operation, argument):
        """Count and size of the blocks; nothing to erase."""
        return {4: self._blocks, 5: _BLOCK}.get(operation, 0)


class RawRepl:
    """Enter, exec, and raw paste."""

    def __init__(self):
        self._read = sys.stdin.buffer.read
        self._write = sys.stdout.buffer.write
        self._names = {"__name__": "__main__"}

    def serve(self):
        """Until the line is closed."""
        code = bytearray()
        while True:
            byte = self._read(1)
            if not byte:
                return
            if byte == b"\x01":
                self._write(b"raw REPL; CTRL-B to exit\r\n>")
            elif byte == b"\x02":
                self._write(b"\r\nstock\r\n>>> ")
            elif byte == b"\x05" and self._read(2) == b"A\x01":
                code.extend(self._pasted())
                self._execute(b"\x04", code)
            elif byte == b"\x04":
                self._execute(b"OK", code)
            elif byte not in b"\x03\r":
                code.extend(byte)
                continue
            code = bytearray()

    def _pasted(self):
        self._write(b"R\x01" + _WINDOW.to_bytes(2, "little") + b"\x01")
        code = bytearray()
        while True:
            byte = self._read(1)
            if byte == b"\x04":
                return code
            code.extend(byte)
            if len(code) % _WINDOW == 0:
                self._write(b"\x01")

    def _execute(self, accepted, code):
        self._write(accepted)
        error = None
        try:
            exec(code.decode(), self._names)
        except Exception as exc:  # noqa: BLE001  it is the REPL
            error = exc
        self._write(b"\x04")
        if error:
            sys.print_exception(error, sys.stdout)
        self._write(b"\x04>")


def switch_on(path):
    """Mount, run main.py, and serve the console when there is none or it has ended."""
    flash = Flash(path)
    try:
        root = vfs.VfsLfs2(flash)
    except OSError:
        vfs.VfsLfs2.mkfs(flash)
        root = vfs.VfsLfs2(flash)
    vfs.umount("/")
    vfs.mount(root, "/")
    os.chdir("/")
    sys.path[:] = ["", ".frozen", "/lib"]
    if "main.py" in os.listdir("/"):
        with open("/main.py") as file:
            code = file.read()
        exec(code, {"__name__": "__main__"})
    RawRepl().serve()


switch_on(sys.argv[1])
