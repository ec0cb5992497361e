"""What the chips on a bus see of a whole transaction of the emulator's: SPI byte by byte, I2C with its acknowledgements."""

import errno
from typing import Dict, Optional, Sequence

from host_tools.models.wires import I2cModel, Prepared, SpiModel
from host_tools.models.wiring import I2cWiring

_NOBODY = 0xFF  # MISO when nobody drives it


class SpiChip:
    """A chip on an SPI bus and its chip select."""

    def __init__(self, model: SpiModel):
        self.selected = False
        self._model = model
        self._mosi = bytearray()
        self._miso = bytearray()
        self._ask_after = 0

    def set_select(self, level: int) -> None:
        """The chip select is at a level; low selects."""
        if level and self.selected:
            self.selected = False
            self._model.deselect(bytes(self._mosi))
        elif not level:
            self.selected = True
            self._mosi.clear()
            self._miso.clear()
            self._take(self._model.select())

    def _take(self, prepared: Prepared) -> None:
        self._miso += prepared.miso
        self._ask_after = prepared.ask_after

    def exchange(self, mosi: bytes) -> bytes:
        """Bytes go by, as many each way; the model is asked where it wanted to be."""
        answered = bytearray()
        while len(answered) < len(mosi):
            count = len(mosi) - len(answered)
            if self._ask_after:
                count = min(count, self._ask_after - len(self._mosi))
            self._mosi += mosi[len(answered) : len(answered) + count]
            answered += self._miso[:count].ljust(count, bytes([_NOBODY]))
            del self._miso[:count]
            if self._ask_after and len(self._mosi) >= self._ask_after:
                seen = bytes(self._mosi)
                self._mosi.clear()
                self._take(self._model.shift(seen))
        return bytes(answered)


class I2cBus:
    """The chips on an I2C bus.  A transaction that has not been stopped goes on with the next start."""

    NOBODY = -errno.ENODEV  # has acknowledged the address

    def __init__(self, wirings: Sequence[I2cWiring]):
        self._chips: Dict[int, I2cModel] = {wiring.model.address: wiring.model for wiring in wirings}
        self._talking: Optional[I2cModel] = None

    def _start(self, address: int, reading: bool) -> bool:
        model = self._chips.get(address)
        if self._talking is not None and self._talking is not model:
            self.stop()
        if model is None or not model.start(reading):
            self.stop()
            return False
        self._talking = model
        return True

    def stop(self) -> None:
        """Whatever was going on is over."""
        if self._talking is not None:
            self._talking.stop()
            self._talking = None

    def write(self, address: int, data: bytes, stop: bool) -> int:
        """Bytes that were acknowledged; NOBODY when the address was not."""
        if not self._start(address, False):
            return self.NOBODY
        acknowledged = 0
        for value in data:
            if not self._talking.write(value):
                stop = True
                break
            acknowledged += 1
        if stop:
            self.stop()
        return acknowledged

    def read(self, address: int, count: int, stop: bool) -> Optional[bytes]:
        """What the chip sends; None when it does not acknowledge its address."""
        if not self._start(address, True):
            return None
        data = bytes(self._talking.read() for _ in range(count))
        if stop:
            self.stop()
        return data
