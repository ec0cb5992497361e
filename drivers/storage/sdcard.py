"""
SD card in SPI mode: SDSC, SDHC and SDXC.

Source: SD Specifications, Part 1, Physical Layer Simplified Specification 6.00 ("PLSS"), chapters 4.6 and 7.
Blocks for at most 1 s while the card starts, 0.1 s for a block read and 0.5 s for one written (PLSS 4.6.2).

    card = SDCard(SPI(0), Pin(5, Pin.OUT, value=1))
    vfs.mount(vfs.VfsFat(card), "/sd")
"""

import errno
import time
from array import array

_BLOCK = const(512)
_START_MS = const(1000)
_READ_MS = const(100)
_WRITE_MS = const(500)
_COMMAND_BYTES = const(8)  # in which an answer comes, PLSS 7.5.4

_GO_IDLE = const(0)
_SEND_IF_COND = const(8)
_SEND_CSD = const(9)
_STOP_TRANSMISSION = const(12)
_SET_BLOCKLEN = const(16)
_READ_SINGLE = const(17)
_READ_MULTIPLE = const(18)
_WRITE_SINGLE = const(24)
_WRITE_MULTIPLE = const(25)
_APP_CMD = const(55)
_READ_OCR = const(58)
_SD_SEND_OP_COND = const(41)  # after _APP_CMD

_R1_IDLE = const(0x01)
_R1_ILLEGAL = const(0x04)
_TOKEN_START = const(0xFE)
_TOKEN_START_MULTIPLE = const(0xFC)
_TOKEN_STOP = const(0xFD)
_ACCEPTED = const(0x05)


class SDCard:
    """spi: the bus, given to the card for as long as this object lives.  cs: chip select, an output.

    baudrate: Hz once the card has started; it starts at 400 kHz or less.
    """

    def __init__(self, spi, cs, baudrate: int = 10_000_000):
        self._spi = spi
        self._cs = cs
        self._frame = bytearray(6)
        self._byte = bytearray(1)
        self._four = bytearray(4)
        self._checksum = bytearray(2)
        self._table = _crc16_table()
        cs(1)
        spi.init(baudrate=400_000, polarity=0, phase=0)
        self._start()
        self.blocks = self._read_size()
        spi.init(baudrate=baudrate)

    def deinit(self) -> None:
        """Let go of the card."""
        self._cs(1)

    # The door to the bus.

    def _select(self):
        self._cs(0)

    def _release(self):
        self._cs(1)
        self._spi.readinto(self._byte, 0xFF)  # the card lets go of MISO with the next clock

    def _next(self):
        self._spi.readinto(self._byte, 0xFF)
        return self._byte[0]

    def _wait_for(self, value, timeout_ms):
        """Read until `value` comes; return the first byte that is not what the card says meanwhile, or None."""
        meanwhile = 0xFF if value == _TOKEN_START else 0x00
        start = time.ticks_ms()
        while True:
            expired = time.ticks_diff(time.ticks_ms(), start) > timeout_ms
            got = self._next()
            if got == value or (value == _TOKEN_START and got != meanwhile):
                return got
            if expired:  # looked at once more after the time was over: the program may have been held up
                return None

    def _command(self, number, argument):
        """Send a command, chip selected; return R1."""
        if number != _STOP_TRANSMISSION and self._wait_for(0xFF, _WRITE_MS) is None:
            raise OSError(errno.ETIMEDOUT, "SD card stays busy")
        frame = self._frame
        frame[0] = 0x40 | number
        frame[1] = argument >> 24 & 0xFF
        frame[2] = argument >> 16 & 0xFF
        frame[3] = argument >> 8 & 0xFF
        frame[4] = argument & 0xFF
        frame[5] = _crc7(frame)
        self._spi.write(frame)
        if number == _STOP_TRANSMISSION:
            self._next()  # a byte without meaning, PLSS 7.3.1.3
        for _ in range(_COMMAND_BYTES + 1):
            r1 = self._next()
            if not r1 & 0x80:
                return r1
        raise OSError(errno.ENODEV, "no SD card")

    def _ask(self, number, argument=0, answer=None):
        """A command by itself; `answer` is filled with what follows R1."""
        self._select()
        try:
            r1 = self._command(number, argument)
            if answer is not None:
                self._spi.readinto(answer, 0xFF)
            return r1
        finally:
            self._release()

    # Starting, PLSS 7.2.1.

    def _start(self):
        for _ in range(10):
            self._next()  # 74 clocks and more, not selected
        start = time.ticks_ms()
        if self._ask(_GO_IDLE) != _R1_IDLE:
            raise OSError(errno.ENODEV, "no SD card")
        is_new = not self._ask(_SEND_IF_COND, 0x1AA, self._four) & _R1_ILLEGAL
        if is_new and (self._four[2] & 0x0F != 1 or self._four[3] != 0xAA):
            raise OSError(errno.ENODEV, "SD card does not take this voltage")
        while True:
            expired = time.ticks_diff(time.ticks_ms(), start) > _START_MS
            self._ask(_APP_CMD)
            r1 = self._ask(_SD_SEND_OP_COND, 0x40000000 if is_new else 0)
            if r1 == 0:
                break
            if r1 & ~_R1_IDLE:
                raise OSError(errno.ENODEV, "not an SD card")
            if expired:
                raise OSError(errno.ETIMEDOUT, "SD card does not start")
            time.sleep_ms(1)
        self._ask(_READ_OCR, 0, self._four)
        self._unit = 1 if self._four[0] & 0x40 else _BLOCK  # of an address
        if self._ask(_SET_BLOCKLEN, _BLOCK):
            raise OSError(errno.EIO, "SD card does not take blocks of 512 bytes")

    def _read_size(self):
        """The number of blocks, from the CSD (PLSS 5.3)."""
        csd = bytearray(16)
        self._select()
        try:
            if self._command(_SEND_CSD, 0):
                raise OSError(errno.EIO, "SD card does not say its size")
            self._read_data(csd)
        finally:
            self._release()
        if csd[0] >> 6 == 1:
            return ((csd[7] & 0x3F) << 16 | csd[8] << 8 | csd[9]) * 1024 + 1024
        size = (csd[6] & 0x03) << 10 | csd[7] << 2 | csd[8] >> 6
        multiplier = (csd[9] & 0x03) << 1 | csd[10] >> 7
        return (size + 1) << (multiplier + 2 + (csd[5] & 0x0F) - 9)

    # Blocks.

    def _read_data(self, buffer):
        token = self._wait_for(_TOKEN_START, _READ_MS)
        if token is None:
            raise OSError(errno.ETIMEDOUT, "SD card sends nothing")
        if token != _TOKEN_START:
            raise OSError(errno.EIO, "SD card cannot read: %02x" % token)
        self._spi.readinto(buffer, 0xFF)
        self._spi.readinto(self._checksum, 0xFF)
        if _crc16(buffer, self._table) != self._checksum[0] << 8 | self._checksum[1]:
            raise OSError(errno.EIO, "SD card: wrong checksum")

    def _write_data(self, token, buffer):
        if self._wait_for(0xFF, _WRITE_MS) is None:
            raise OSError(errno.ETIMEDOUT, "SD card stays busy")
        self._byte[0] = token
        self._spi.write(self._byte)
        self._spi.write(buffer)
        self._spi.write(b"\xff\xff")  # no checksum: it is off in SPI mode
        answer = self._next() & 0x1F
        if answer == 0x1F:
            raise OSError(errno.ENODEV, "SD card is gone")
        if answer != _ACCEPTED:
            raise OSError(errno.EIO, "SD card refuses to write: %02x" % answer)

    def _finish_write(self):
        """The card has really written when it is no longer busy."""
        if self._wait_for(0xFF, _WRITE_MS) is None:
            raise OSError(errno.ETIMEDOUT, "SD card stays busy")

    def _check(self, block, buffer):
        count, rest = divmod(len(buffer), _BLOCK)
        if rest or not count:
            raise OSError(errno.EINVAL, "not whole blocks")
        if block < 0 or block + count > self.blocks:
            raise OSError(errno.EINVAL, "no such block")
        return count

    def readblocks(self, block: int, buffer) -> None:
        """Read as many blocks as the buffer holds."""
        count = self._check(block, buffer)
        view = memoryview(buffer)
        self._select()
        try:
            if self._command(_READ_SINGLE if count == 1 else _READ_MULTIPLE, block * self._unit):
                raise OSError(errno.EIO, "SD card does not read there")
            try:
                for index in range(count):
                    self._read_data(view[index * _BLOCK : (index + 1) * _BLOCK])
            finally:
                if count > 1:
                    self._command(_STOP_TRANSMISSION, 0)
        finally:
            self._release()

    def writeblocks(self, block: int, buffer) -> None:
        """Write the blocks of the buffer; they are on the card when this returns."""
        count = self._check(block, buffer)
        view = memoryview(buffer)
        self._select()
        try:
            if self._command(_WRITE_SINGLE if count == 1 else _WRITE_MULTIPLE, block * self._unit):
                raise OSError(errno.EIO, "SD card does not write there")
            if count == 1:
                self._write_data(_TOKEN_START, view)
            else:
                self._write_several(count, view)
            self._finish_write()
        finally:
            self._release()

    def _write_several(self, count, view):
        try:
            for index in range(count):
                self._write_data(_TOKEN_START_MULTIPLE, view[index * _BLOCK : (index + 1) * _BLOCK])
        finally:
            self._wait_for(0xFF, _WRITE_MS)
            self._byte[0] = _TOKEN_STOP
            self._spi.write(self._byte)
            self._next()  # busy shows one byte later

    def ioctl(self, operation: int, argument: int):
        """As vfs asks: 4 the number of blocks, 5 their size; 1, 2, 3 there is nothing to do."""
        if operation == 4:
            return self.blocks
        if operation == 5:
            return _BLOCK
        return 0 if operation < 4 else None


def _crc7(frame):
    """The checksum of a command's first five bytes, with its end bit."""
    value = 0
    for index in range(5):
        value ^= frame[index]
        for _ in range(8):
            value = value << 1 ^ 0x12 if value & 0x80 else value << 1
            value &= 0xFF
    return value | 1


def _crc16_table():
    """For each value of four bits, what it does to the checksum of blocks (x^16 + x^12 + x^5 + 1)."""
    table = array("H", range(16))
    for index in range(16):
        value = index << 12
        for _ in range(4):
            value = value << 1 ^ 0x1021 if value & 0x8000 else value << 1
        table[index] = value & 0xFFFF
    return table


def _crc16(data, table):
    """The checksum of a block."""
    value = 0
    for byte in data:
        value = (value << 4 & 0xFFFF) ^ table[value >> 12 ^ byte >> 4]
        value = (value << 4 & 0xFFFF) ^ table[value >> 12 ^ byte & 0x0F]
    return value
