"""
An SD card in SPI mode, whose blocks are a file.

Source: SD Specifications, Part 1, Physical Layer Simplified Specification 6.00 ("PLSS"), chapter 7; section numbers below.
Commands: CMD0, 8, 9, 10, 12, 13, 16, 17, 18, 24, 25, 55, 58, 59, ACMD23, 41.  A card of more than 2 GB or `high_capacity`
is addressed by blocks (SDHC), another one by bytes (SDSC).

Misbehaving, on demand and from any thread:

    present = False       no card in the slot; insert() puts it back, as new from the power
    remove_in_write(n)    taken out in the middle of the n-th block that is written from now on
    write_errors = n      the next n blocks are refused with "write error", and not written
    read_errors = n       the next n blocks that are read come as an error token ("card ECC failed")
    bad_reads = n         the next n blocks that are read have a bit that is not what their checksum says
    never_ready = True    initialisation does not end; after a write the card stays busy
"""

import binascii
from pathlib import Path
from typing import Callable, Dict, Tuple

from host_tools.models.wires import Prepared, SpiModel

BLOCK = 512
_LARGEST_SDSC = 2 * 1024**3

# R1, 7.3.2.1.
_IDLE, _ILLEGAL, _BAD_CRC, _BAD_ADDRESS, _BAD_PARAMETER = 0x01, 0x04, 0x08, 0x20, 0x40
# Tokens, 7.3.3.
_START, _START_MULTIPLE, _STOP = 0xFE, 0xFC, 0xFD
_ACCEPTED, _CRC_REFUSED, _WRITE_REFUSED = 0xE5, 0xEB, 0xED
_ECC_FAILED = 0x04
_BUSY, _QUIET = b"\x00", b"\xff"

_STOP_COMMAND = bytes.fromhex("4c0000000061")
_PIECE = 8  # bytes; as late as that, 7.5.4, an answer may come

_BUSY_NS = 1e6
_POLLS = 3  # ACMD41s until the card is ready


def crc7(data: bytes) -> int:
    """The checksum of commands (4.5), with the end bit behind it as it is sent."""
    value = 0
    for byte in data:
        for bit in range(7, -1, -1):
            carry = (value >> 6) ^ (byte >> bit) & 1
            value = (value << 1) & 0x7F
            if carry & 1:
                value ^= 0x09
    return value << 1 | 1


def crc16(data: bytes) -> bytes:
    """The checksum of blocks (4.5)."""
    return binascii.crc_hqx(data, 0).to_bytes(2, "big")


class SdCard(SpiModel):
    """path: the file that keeps the blocks; its size is the card's, and a multiple of 512 KB.

    written, read: blocks so far.
    """

    def __init__(self, path: Path, high_capacity: bool = False):
        self.path = Path(path)
        size = self.path.stat().st_size
        if not size or size % (512 * 1024):
            raise ValueError(f"{path}: {size} bytes are no multiple of 512 KB")
        self.blocks = size // BLOCK
        self.high_capacity = high_capacity or size > _LARGEST_SDSC
        self.present = True
        self.write_errors = 0
        self.read_errors = 0
        self.bad_reads = 0
        self.never_ready = False
        self.written = 0
        self.read = 0
        self._remove_in = 0
        self._busy_until_ns = 0.0
        self._commands: Dict[int, Callable[[int], bytes]] = {
            0: self._go_idle,
            8: lambda argument: self._r1(0) + (argument & 0xFFF).to_bytes(4, "big"),
            9: lambda _: self._r1(0) + self._block_out(self._csd()),
            10: lambda _: self._r1(0) + self._block_out(self._cid()),
            12: self._stop_reading,
            13: lambda _: self._r1(0) + b"\x00",
            16: lambda length: self._r1(0 if length == BLOCK else _BAD_PARAMETER),
            17: lambda address: self._begin_read(address, False),
            18: lambda address: self._begin_read(address, True),
            24: lambda address: self._begin_write(address, False),
            25: lambda address: self._begin_write(address, True),
            55: self._app_command,
            58: lambda _: self._r1(0) + self._ocr().to_bytes(4, "big"),
            59: self._set_crc,
        }
        self._power_up()

    def remove_in_write(self, count: int = 1) -> None:
        """The card is taken out in the middle of the `count`-th block that is written from now on."""
        self._remove_in = count

    def insert(self) -> None:
        """The card is in its slot again."""
        self._power_up()
        self.present = True

    def _power_up(self) -> None:
        self._is_idle = True
        self._spi_mode = False
        self._checks_crc = False
        self._polls = _POLLS
        self._is_app_command = False
        self._reading = -1  # the next block of a multiple read
        self._stream = b""  # what is left of it
        self._tail = b""  # what the host has sent meanwhile
        self._writing: Tuple[int, bool] = (-1, False)  # the next block, and whether more may follow
        self._next: Callable[[bytes], Prepared] = self._wait

    # The wire.  Each answer lasts until the next question, so that the two stay in step; _next is what is asked then.

    def select(self) -> Prepared:
        """A transaction begins; a read or a write of several blocks goes on in it."""
        if not self.present:
            return Prepared()
        self._next = self._wait
        return self._quiet()

    def shift(self, mosi: bytes) -> Prepared:
        """As many bytes have come as were asked for."""
        return self._next(mosi) if self.present else Prepared()

    def deselect(self, mosi: bytes) -> None:
        """The transaction is over; half a block or half a command is dropped."""

    def _is_busy(self) -> bool:
        return self.wires.now_ns() < self._busy_until_ns

    def _say(self, data: bytes) -> Prepared:
        self._next = self._wait
        return Prepared(data, len(data))

    def _quiet(self) -> Prepared:
        """One byte that says nothing but whether the card is busy."""
        return self._say(_BUSY if self._is_busy() else _QUIET)

    def _wait(self, mosi: bytes) -> Prepared:
        value = mosi[-1]
        if value >> 6 == 0b01:
            self._index = value
            self._next = self._command
            return Prepared(b"", 5)
        if self._reading >= 0:
            self._stream = self._block_read()
            return self._stream_on(mosi)
        if self._writing[0] >= 0 and not self._is_busy():
            start, stop = (_START_MULTIPLE, _STOP) if self._writing[1] else (_START, None)
            if value == start:
                self._next = self._data
                return Prepared(b"", BLOCK + 2)
            if value == stop:
                self._writing = (-1, False)
                self._be_busy()
                return self._say(_QUIET + _BUSY)
        return self._quiet()

    def _stream_on(self, mosi: bytes) -> Prepared:
        """A block of a multiple read goes out in pieces, in any of which the command to stop may come."""
        self._tail = (self._tail + mosi)[-_PIECE - 6 :]
        if _STOP_COMMAND in self._tail:
            self._tail = b""
            return self._say(_QUIET + self._stop_reading(0))
        piece, self._stream = self._stream[:_PIECE], self._stream[_PIECE:]
        prepared = self._say(piece)
        if self._stream:
            self._next = self._stream_on
        return prepared

    def _command(self, mosi: bytes) -> Prepared:
        number = self._index & 0x3F
        if not self._spi_mode and number != 0:
            return self._quiet()
        checked = self._checks_crc or number in (0, 8)
        if checked and crc7(bytes([self._index]) + mosi[:4]) != mosi[4]:
            return self._answer(self._r1(_BAD_CRC))
        argument = int.from_bytes(mosi[:4], "big")
        self._reading, self._writing, self._tail = -1, (-1, False), b""
        is_app_command, self._is_app_command = self._is_app_command, False
        if is_app_command and number in (23, 41):
            return self._answer(self._operate(argument) if number == 41 else self._r1(0))
        command = self._commands.get(number)
        if command is None or (self._is_idle and number not in (0, 8, 55, 58, 59)):
            return self._answer(self._r1(_ILLEGAL))
        return self._answer(command(argument))

    def _answer(self, data: bytes) -> Prepared:
        """After a byte of silence (N_CR, 7.5.4)."""
        return self._say(_QUIET + data)

    def _r1(self, errors: int) -> bytes:
        return bytes([errors | (_IDLE if self._is_idle else 0)])

    # Commands.

    def _go_idle(self, _: int) -> bytes:
        self._power_up()
        self._spi_mode = True
        return self._r1(0)

    def _app_command(self, _: int) -> bytes:
        self._is_app_command = True
        return self._r1(0)

    def _operate(self, argument: int) -> bytes:
        if self.high_capacity and not argument & 1 << 30:
            return self._r1(0)  # the host does not say that it knows such cards: never ready, 7.2.1
        self._polls -= 1
        if self._polls <= 0 and not self.never_ready:
            self._is_idle = False
        return self._r1(0)

    def _set_crc(self, argument: int) -> bytes:
        self._checks_crc = bool(argument & 1)
        return self._r1(0)

    def _ocr(self) -> int:
        ready = 0 if self._is_idle else 1 << 31
        return 0x00FF8000 | ready | (1 << 30 if self.high_capacity and ready else 0)

    def _csd(self) -> bytes:
        """5.3.2 and 5.3.3; only what tells the size is not a constant."""
        csd = bytearray.fromhex(
            "400e00325b590000000000000a400000" if self.high_capacity else "002600325b59000000000000"
        )
        if self.high_capacity:
            csd[7:10] = (self.blocks // 1024 - 1).to_bytes(3, "big")
        else:
            shift = 0  # C_SIZE has 12 bits
            while (self.blocks >> (2 + shift)) > 4096:
                shift += 1
            length = 9 + max(0, shift - 7)  # C_SIZE_MULT has 3 bits: larger blocks, up to 2 GB
            multiplier = shift - (length - 9)
            count = (self.blocks >> (2 + shift)) - 1
            csd = csd.ljust(16, b"\0")
            csd[5] = csd[5] & 0xF0 | length
            csd[6:9] = (count << 6).to_bytes(3, "big")
            csd[9:11] = (multiplier << 7).to_bytes(2, "big")
        csd[15] = crc7(bytes(csd[:15]))
        return bytes(csd)

    def _cid(self) -> bytes:
        """5.2."""
        cid = b"\x03MPMODEL\x10\x00\x00\x00\x01\x01\x9b"
        return cid[:15] + bytes([crc7(cid[:15])])

    def _block_of(self, address: int) -> int:
        """The number of a block; -1 when there is none at the address."""
        if not self.high_capacity:
            if address % BLOCK:
                return -1
            address //= BLOCK
        return address if address < self.blocks else -1

    def _begin_read(self, address: int, is_multiple: bool) -> bytes:
        block = self._block_of(address)
        if block < 0:
            return self._r1(_BAD_ADDRESS)
        if is_multiple:
            self._reading = block
            return self._r1(0)
        return self._r1(0) + self._load(block)

    def _block_read(self) -> bytes:
        """The next block of a multiple read."""
        block = self._reading
        self._reading += 1
        return self._load(block) if block < self.blocks else bytes([_ECC_FAILED << 1])

    def _stop_reading(self, _: int) -> bytes:
        self._reading = -1
        return _QUIET + self._r1(0)  # after the stuff byte, 7.3.1.3

    def _load(self, block: int) -> bytes:
        if self.read_errors:
            self.read_errors -= 1
            return bytes([_ECC_FAILED])
        with self.path.open("rb") as file:
            file.seek(block * BLOCK)
            data = file.read(BLOCK)
        self.read += 1
        sent = self._block_out(data)
        if self.bad_reads:
            self.bad_reads -= 1
            sent = sent[:10] + bytes([sent[10] ^ 0x10]) + sent[11:]
        return sent

    @staticmethod
    def _block_out(data: bytes) -> bytes:
        return _QUIET + bytes([_START]) + data + crc16(data)

    def _begin_write(self, address: int, is_multiple: bool) -> bytes:
        block = self._block_of(address)
        if block < 0:
            return self._r1(_BAD_ADDRESS)
        self._writing = (block, is_multiple)
        return self._r1(0)

    def _data(self, mosi: bytes) -> Prepared:
        if self._remove_in:
            self._remove_in -= 1
            if not self._remove_in:
                self.present = False
                return Prepared()
        block, is_multiple = self._writing
        answer = self._store(block, mosi[:BLOCK], mosi[BLOCK:])
        self._writing = (block + 1, True) if is_multiple else (-1, False)
        return self._say(bytes([answer]) + (_BUSY if answer == _ACCEPTED else _QUIET))

    def _store(self, block: int, data: bytes, checksum: bytes) -> int:
        if self._checks_crc and checksum != crc16(data):
            return _CRC_REFUSED
        if self.write_errors or block >= self.blocks:
            self.write_errors = max(0, self.write_errors - 1)
            return _WRITE_REFUSED
        with self.path.open("r+b") as file:
            file.seek(block * BLOCK)
            file.write(data)
        self.written += 1
        self._be_busy()
        return _ACCEPTED

    def _be_busy(self) -> None:
        self._busy_until_ns = float("inf") if self.never_ready else self.wires.now_ns() + _BUSY_NS
