"""
FocalTech FT6206, FT6236 and FT6336 capacitive touch controllers (I2C).

Source: FocalTech's application note "FT6x06 register list", version 1.0, and FT6236 data sheet, version 1.0.

    touch = FT6X36(I2C(0, freq=400000), interrupt=Pin(27, Pin.IN, Pin.PULL_UP), reset=Pin(28, Pin.OUT), turns=1)
    for finger, x, y in touch.touches[:touch.poll()]:
"""

import errno
import time

from touch.glass import Glass

_ADDRESS = const(0x38)
_STATUS = const(0x02)
_MODE = const(0xA4)
_FOCALTECH = const(0xA8)
_FOCALTECH_ID = const(0x11)
_POLLING = b"\x00"  # INT stays low while the glass is touched
_TOUCH = const(6)  # bytes each
_LIFTED = const(1)  # of the event flags: down, lifted, on the glass, nothing
_START_MS = const(300)  # data sheet, table 3-5: Tris


class FT6X36(Glass):
    """i2c: up to 400 kHz.  reset: a Pin, output, or None.  Blocks for 0.3 s at first."""

    points = 2

    def __init__(self, i2c, interrupt=None, reset=None, width=240, height=320, turns=0):
        super().__init__(width, height, turns, interrupt)
        self._i2c = i2c
        self._buffer = bytearray(1 + 2 * _TOUCH)
        if reset:
            reset(0)
            time.sleep_ms(5)  # Trst
            reset(1)
            time.sleep_ms(_START_MS)
        one = bytearray(1)
        try:
            i2c.readfrom_mem_into(_ADDRESS, _FOCALTECH, one)
            i2c.writeto_mem(_ADDRESS, _MODE, _POLLING)
        except OSError:
            raise OSError(errno.ENODEV, "no FT6x36")
        if one[0] != _FOCALTECH_ID:
            raise OSError(errno.ENODEV, "no FT6x36: it says %02x" % one[0])

    def poll(self) -> int:
        """How many fingers are on the glass; `touches` says where."""
        buffer = self._buffer
        self._i2c.readfrom_mem_into(_ADDRESS, _STATUS, buffer)
        fingers = buffer[0] & 0x0F
        found = 0
        if fingers > 2:  # FF while the chip starts
            return 0
        for at in (1, 1 + _TOUCH):
            event = buffer[at] >> 6
            if found < fingers and event not in (_LIFTED, 3):
                x = (buffer[at] & 0x0F) << 8 | buffer[at + 1]
                y = (buffer[at + 2] & 0x0F) << 8 | buffer[at + 3]
                self._put(found, buffer[at + 2] >> 4, x, y)
                found += 1
        return found
