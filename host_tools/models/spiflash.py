"""
A serial NOR flash, whose bytes are a file.

Source: Winbond W25Q128JV data sheet, revision F; the times are its typical ones (9.6).  Sizes are 64 KB to 16 MB.
Instructions: 03, 0B read; 02 program; 20, 52, D8, C7/60 erase; 06, 04 write enable; 05, 35 status; 9F, 90 identity;
B9, AB power down; 66 99 reset.  Programming clears bits and never sets one; a page wraps at its end; a chip that is busy
hears nothing but the status instructions.

Misbehaving, on demand: cut_after(n) cuts its power in the middle of the n-th program or erase from now on, which is
left half done; the chip is silent until power_on().  `never_ready` keeps it busy after the next one.
"""

from pathlib import Path
from typing import Callable, Dict

from host_tools.models.wires import Prepared, SpiModel

PAGE = 256
SECTOR = 4096

_MANUFACTURER, _TYPE = 0xEF, 0x40
_BUSY, _ENABLED = 0x01, 0x02
_STREAM = 256  # bytes of a read that are sent ahead

_PROGRAM_NS = 0.4e6
_CHIP_NS = 40e9 / (16 * 1024 * 1024)  # a byte


class SpiFlash(SpiModel):
    """path: the file that keeps the bytes; one that is not there is made, of `size` erased bytes.

    erased: sectors so far, programmed: pages so far.
    """

    def __init__(self, path: Path, size: int = 2 * 1024 * 1024):
        self.path = Path(path)
        if not self.path.exists():
            self.path.write_bytes(b"\xff" * size)
        self.size = self.path.stat().st_size
        if self.size & (self.size - 1) or not 64 * 1024 <= self.size <= 16 * 1024 * 1024:
            raise ValueError(f"{path}: {self.size} bytes are no size of such a chip")
        self.erased = 0
        self.programmed = 0
        self.never_ready = False
        self._cut_in = 0
        self._has_power = True
        self._instructions: Dict[int, Callable[[], Prepared]] = {
            0x03: lambda: self._address_first(0, self._read),
            0x0B: lambda: self._address_first(1, self._read),
            0x02: lambda: self._address_first(0, self._take_page),
            0x05: lambda: self._status(0),
            0x35: lambda: self._status(1),
            0x9F: lambda: Prepared(bytes([_MANUFACTURER, _TYPE, self.size.bit_length() - 1])),
            0x90: lambda: Prepared(bytes([0xFF, 0xFF, 0xFF, _MANUFACTURER, self.size.bit_length() - 2])),
            0xAB: lambda: Prepared(bytes([0xFF, 0xFF, 0xFF, self.size.bit_length() - 2])),
        }
        self._at_end: Dict[int, Callable[[bytes], None]] = {
            0x06: lambda _: self._enable(True),
            0x04: lambda _: self._enable(False),
            0x02: self._program,
            0x20: lambda data: self._erase(data, SECTOR, 45e6),
            0x52: lambda data: self._erase(data, 32 * 1024, 120e6),
            0xD8: lambda data: self._erase(data, 64 * 1024, 150e6),
            0xC7: lambda _: self._erase(bytes(3), self.size, self.size * _CHIP_NS),
            0x60: lambda _: self._erase(bytes(3), self.size, self.size * _CHIP_NS),
            0xB9: lambda _: self._sleep(True),
            0xAB: lambda _: self._sleep(False),
            0x99: lambda _: self.power_on(),
        }
        self.power_on()

    def cut_after(self, count: int) -> None:
        """Cut the power in the middle of the `count`-th program or erase from now on."""
        self._cut_in = count

    def power_on(self) -> None:
        """The power is there (again); also what the reset instruction does."""
        self._has_power = True
        self._is_enabled = False
        self._sleeps = False
        self._busy_until_ns = 0.0

    # The wire.

    def select(self) -> Prepared:
        """A transaction begins."""
        self._instruction = -1
        self._seen = bytearray()
        self._step: Callable[[bytes], Prepared] = self._begin
        return Prepared(b"", 1) if self._has_power else Prepared()

    def shift(self, mosi: bytes) -> Prepared:
        """As many bytes have come as were asked for."""
        return self._step(mosi)

    def deselect(self, mosi: bytes) -> None:
        """The transaction is over, which is when the chip acts."""
        self._seen += mosi
        action = self._at_end.get(self._instruction)
        if action and self._has_power:
            action(bytes(self._seen))

    def _is_busy(self) -> bool:
        return self.wires.now_ns() < self._busy_until_ns

    def _begin(self, mosi: bytes) -> Prepared:
        deaf = self._is_busy() and mosi[0] not in (0x05, 0x35) or self._sleeps and mosi[0] != 0xAB
        if deaf:
            return Prepared()
        self._instruction = mosi[0]
        return self._instructions.get(mosi[0], Prepared)()

    def _address_first(self, dummies: int, then: Callable[[int], Prepared]) -> Prepared:
        def step(mosi: bytes) -> Prepared:
            self._seen += mosi
            return then(int.from_bytes(mosi[:3], "big") % self.size)

        self._step = step
        return Prepared(b"", 3 + dummies)

    def _read(self, address: int) -> Prepared:
        with self.path.open("rb") as file:
            file.seek(address)
            data = file.read(_STREAM)
        following = (address + len(data)) % self.size
        self._step = lambda _: self._read(following)
        return Prepared(data, len(data))

    @staticmethod
    def _take_page(_: int) -> Prepared:
        return Prepared()

    def _status(self, which: int) -> Prepared:
        status = (_BUSY if self._is_busy() else 0) | (_ENABLED if self._is_enabled else 0)
        self._step = lambda _: self._status(which)
        return Prepared(bytes([0 if which else status]), 1)

    # What the chip does when it is let go.

    def _enable(self, on: bool) -> None:
        self._is_enabled = on

    def _sleep(self, on: bool) -> None:
        self._sleeps = on

    def _change(self, address: int, data: bytes, duration_ns: float) -> bool:
        """Write bytes, or half of them if the power goes; whether it stayed."""
        self._is_enabled = False
        self._busy_until_ns = float("inf") if self.never_ready else self.wires.now_ns() + duration_ns
        if self._cut_in:
            self._cut_in -= 1
            if not self._cut_in:
                self._has_power = False
                data = data[: len(data) // 2]
        with self.path.open("r+b") as file:
            file.seek(address)
            file.write(data)
        return self._has_power

    def _program(self, data: bytes) -> None:
        if not self._is_enabled or len(data) < 4:
            return
        address = int.from_bytes(data[:3], "big") % self.size
        page, offset = address - address % PAGE, address % PAGE
        with self.path.open("rb") as file:
            file.seek(page)
            content = bytearray(file.read(PAGE))
        for index, value in enumerate(data[3:]):
            content[(offset + index) % PAGE] &= value
        self.programmed += self._change(page, bytes(content), _PROGRAM_NS)

    def _erase(self, address: bytes, length: int, duration_ns: float) -> None:
        if not self._is_enabled or len(address) != 3:
            return
        start = int.from_bytes(address, "big") % self.size
        start -= start % length
        if self._change(start, b"\xff" * length, duration_ns):
            self.erased += length // SECTOR
