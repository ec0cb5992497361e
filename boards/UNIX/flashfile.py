"""
A flash chip kept in a file of the host: blocks of 4096 bytes that are erased to ones before they are programmed.

Counts what it does, as `reads`, `programs` and `erases`, for the bench.
"""

_BLOCK = const(4096)


class FlashFile:
    """The extended block device interface (offset within a block, erase by ioctl) over one file."""

    def __init__(self, path, size_bytes):
        try:
            self._file = open(path, "r+b")
        except OSError:
            self._file = open(path, "w+b")
        held = self._file.seek(0, 2)
        self._blocks = (held or size_bytes) // _BLOCK
        if not held:
            self._file.seek(self._blocks * _BLOCK - 1)
            self._file.write(b"\xff")
        self._erased = b"\xff" * 256
        self.reads = self.programs = self.erases = 0

    def readblocks(self, block, buffer, offset=0):
        """Fill `buffer` from a block."""
        self.reads += 1
        self._file.seek(block * _BLOCK + offset)
        self._file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=None):
        """Program a block; without an offset it is erased before, which is what FAT expects."""
        if offset is None:
            offset = 0
            self.ioctl(6, block)
        self.programs += 1
        self._file.seek(block * _BLOCK + offset)
        self._file.write(buffer)

    def ioctl(self, operation, argument):
        """4: number of blocks; 5: bytes in a block; 6: erase one."""
        if operation == 4:
            return self._blocks
        if operation == 5:
            return _BLOCK
        if operation == 6:
            self.erases += 1
            self._file.seek(argument * _BLOCK)
            for _ in range(_BLOCK // 256):
                self._file.write(self._erased)
            return 0
        return None
