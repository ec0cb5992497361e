"""
Hynitron CST816S capacitive touch controller (I2C).

Source: CST816S data sheet, version 1.3, and Hynitron's register list, version 1.3.  Left alone for some seconds the chip
sleeps and does not answer; the driver asks it not to.

    touch = CST816S(I2C(0, freq=400000), interrupt=Pin(27, Pin.IN, Pin.PULL_UP), reset=Pin(28, Pin.OUT))
"""

import errno
import time

from touch.glass import Glass

_ADDRESS = const(0x15)
_FINGERS = const(0x02)
_CHIP = const(0xA7)
_CHIPS = (0xB4, 0xB5, 0xB6)  # CST816S, T and D
_INTERRUPTS = const(0xFA)
_WHILE_TOUCHED = b"\x60"  # EnTouch, EnChange
_NO_SLEEP = const(0xFE)
_START_MS = const(50)


class CST816S(Glass):
    """i2c: up to 400 kHz.  reset: a Pin, output, or None; without it a chip that sleeps is not found until touched."""

    def __init__(self, i2c, interrupt=None, reset=None, width=240, height=240, turns=0):
        super().__init__(width, height, turns, interrupt)
        self._i2c = i2c
        self._buffer = bytearray(5)
        if reset:
            reset(0)
            time.sleep_ms(10)
            reset(1)
            time.sleep_ms(_START_MS)
        one = bytearray(1)
        try:
            i2c.readfrom_mem_into(_ADDRESS, _CHIP, one)
            i2c.writeto_mem(_ADDRESS, _NO_SLEEP, b"\x01")
            i2c.writeto_mem(_ADDRESS, _INTERRUPTS, _WHILE_TOUCHED)
        except OSError:
            raise OSError(errno.ENODEV, "no CST816S")
        if one[0] not in _CHIPS:
            raise OSError(errno.ENODEV, "no CST816S: it says %02x" % one[0])

    def is_pending(self) -> bool:
        """Its interrupt is a pulse for each report, no level: asking is the only way to know."""
        return True

    def poll(self) -> int:
        """How many fingers are on the glass; `touches` says where."""
        buffer = self._buffer
        self._i2c.readfrom_mem_into(_ADDRESS, _FINGERS, buffer)
        if buffer[0] != 1:  # FF while the chip starts
            return 0
        self._put(0, 0, (buffer[1] & 0x0F) << 8 | buffer[2], (buffer[3] & 0x0F) << 8 | buffer[4])
        return 1
