"""
Serial NOR flash of 64 KB to 16 MB: Winbond W25Q and those that take the same instructions.

Source: Winbond W25Q128JV data sheet, revision F ("DS"); times are its longest ones (9.6).
Blocks for at most 3 ms for each page of 256 bytes and 0.4 s for each sector of 4 KB that is erased.

    flash = SPIFlash(SPI(0), Pin(5, Pin.OUT, value=1))
    vfs.VfsLfs2.mkfs(flash)
    vfs.mount(vfs.VfsLfs2(flash), "/ext")
"""

import errno
import time

_PAGE = const(256)
_SECTOR = const(4096)
_PROGRAM_MS = const(3)
_ERASE_MS = const(400)
_PATIENCE_MS = const(50)  # on top: the clock is one of whole milliseconds, and others may take the processor

_PROGRAM = const(0x02)
_READ = const(0x03)
_STATUS = const(0x05)
_WRITE_ENABLE = const(0x06)
_ERASE_SECTOR = const(0x20)
_IDENTITY = const(0x9F)
_RELEASE_POWER_DOWN = const(0xAB)

_BUSY = const(0x01)
_ENABLED = const(0x02)


class SPIFlash:
    """spi: the bus, set up; clock mode 0 or 3.  cs: chip select, an output."""

    def __init__(self, spi, cs):
        self._spi = spi
        self._cs = cs
        self._head = bytearray(4)
        self._one = memoryview(self._head)[:1]
        self._status_byte = bytearray(1)
        cs(1)
        self._instruct(_RELEASE_POWER_DOWN)
        time.sleep_us(5)  # tRES1 is 3 us
        identity = bytearray(3)
        self._instruct(_IDENTITY, identity)
        if identity[0] in (0x00, 0xFF):
            raise OSError(errno.ENODEV, "no SPI flash")
        if not 16 <= identity[2] <= 24:
            raise OSError(errno.ENODEV, "SPI flash of an unknown size: %02x" % identity[2])
        self.size = 1 << identity[2]

    def deinit(self) -> None:
        """Let go of the chip."""
        self._cs(1)

    # The door to the bus.

    def _instruct(self, instruction, answer=None):
        self._head[0] = instruction
        self._cs(0)
        self._spi.write(self._one)
        if answer is not None:
            self._spi.readinto(answer)
        self._cs(1)

    def _address(self, instruction, address):
        """Begin an instruction with an address; the chip stays selected."""
        head = self._head
        head[0] = instruction
        head[1] = address >> 16
        head[2] = address >> 8 & 0xFF
        head[3] = address & 0xFF
        self._cs(0)
        self._spi.write(head)

    def _status(self):
        self._instruct(_STATUS, self._status_byte)
        return self._status_byte[0]

    def _enable(self):
        self._instruct(_WRITE_ENABLE)
        status = self._status()
        if status & (_BUSY | _ENABLED) != _ENABLED:
            raise OSError(errno.EIO, "SPI flash does not take a write: %02x" % status)

    def _wait(self, timeout_ms):
        start = time.ticks_ms()
        while True:
            expired = time.ticks_diff(time.ticks_ms(), start) > timeout_ms + _PATIENCE_MS
            status = self._status()
            if not status & _BUSY:
                return
            if expired:
                raise OSError(errno.ETIMEDOUT, "SPI flash stays busy")

    # Blocks.

    def _check(self, block, offset, length):
        start = block * _SECTOR + offset
        if block < 0 or offset < 0 or start + length > self.size:
            raise OSError(errno.EINVAL, "beyond the SPI flash")
        return start

    def readblocks(self, block: int, buffer, offset: int = 0) -> None:
        """Fill the buffer from `offset` bytes into a block on."""
        self._address(_READ, self._check(block, offset, len(buffer)))
        self._spi.readinto(buffer)
        self._cs(1)

    def writeblocks(self, block: int, buffer, offset=None) -> None:
        """Without an offset erase the blocks and write them; with one only program, which clears bits."""
        address = self._check(block, offset or 0, len(buffer))
        if offset is None:
            if len(buffer) % _SECTOR:
                raise OSError(errno.EINVAL, "not whole blocks")
            for index in range(len(buffer) // _SECTOR):
                self._erase(block + index)
        view = memoryview(buffer)
        done = 0
        while done < len(buffer):
            count = min(len(buffer) - done, _PAGE - (address + done) % _PAGE)
            self._enable()
            self._address(_PROGRAM, address + done)
            self._spi.write(view[done : done + count])
            self._cs(1)
            self._wait(_PROGRAM_MS)
            done += count

    def _erase(self, block):
        address = self._check(block, 0, _SECTOR)
        self._enable()
        self._address(_ERASE_SECTOR, address)
        self._cs(1)
        self._wait(_ERASE_MS)

    def ioctl(self, operation: int, argument: int):
        """As vfs asks: 4 the number of blocks, 5 their size, 6 erase one; 1, 2, 3 there is nothing to do."""
        if operation == 4:
            return self.size // _SECTOR
        if operation == 5:
            return _SECTOR
        if operation == 6:
            self._erase(argument)
        return 0 if operation <= 6 else None
