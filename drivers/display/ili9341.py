"""
Ilitek ILI9341: 240x320.

Source: ILI9341 data sheet, version 1.11 ("ILI").  Its glasses are mounted with red and blue, left and right exchanged.
Voltages and gamma are those that the makers of modules give; Linux's mi0283qt and ili9341 drivers set about the same.

    display = ILI9341(SPI(0), cs=Pin(5, Pin.OUT), dc=Pin(15, Pin.OUT), reset=Pin(25, Pin.OUT), turns=1)
"""

import errno
import time

from display.panel import Panel

_IDENTITY = const(0xD3)  # ILI 8.3.23: a dummy, 00, 93, 41
_READ_INDEX = const(0xD9)  # which of them a serial read gives; in no data sheet, in every driver that reads
_READ_HZ = const(6000000)  # ILI 18.3.4: 150 ns a read cycle


class ILI9341(Panel):
    """As Panel.  has_miso: whether the chip can be asked who it is."""

    freq_hz = (
        40000000  # ILI 18.3.4 says 100 ns a write cycle; modules take four times that, as Linux and others drive them
    )
    orders = (0x48, 0x28, 0x88, 0xE8)
    setup = (
        b"\xc0\x01\x23"  # power: GVDD 4.6 V
        b"\xc1\x01\x10"
        b"\xc5\x02\x3e\x28"  # VCOM 4.25 V, -1.5 V
        b"\xc7\x01\x86"
        b"\xb1\x02\x00\x18"  # 79 frames a second
        b"\xb6\x03\x08\x82\x27"
        b"\x26\x01\x01"
    )

    def __init__(self, spi, cs, dc, has_miso=True, **rest):
        self._has_miso = has_miso
        super().__init__(spi, cs, dc, **rest)

    def _identify(self):
        if not self._has_miso:
            return
        found = bytes(self._read(_IDENTITY, index) for index in (1, 2, 3))
        self._claim()
        if found != b"\x00\x93\x41":
            raise OSError(errno.ENODEV, "no ILI9341: it says %02x %02x %02x" % tuple(found))

    def _read(self, command, index):
        self._spi.init(baudrate=_READ_HZ, polarity=1, phase=1)
        self._command(_READ_INDEX, bytes((0x10 + index,)))
        self._one[0] = command
        self._dc(0)
        self._cs(0)
        self._spi.write(self._one)
        self._dc(1)
        time.sleep_us(1)
        self._spi.readinto(self._one)
        self._cs(1)
        return self._one[0]
