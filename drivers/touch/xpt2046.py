"""
XPT2046 (and ADS7843, TSC2046): the converter of a resistive glass (SPI).

Source: Shenzhen XPTEK XPT2046 data sheet, 2007.5; TI TSC2046 data sheet, SBAS265F, for the pressure.

    touch = XPT2046(SPI(0), cs=Pin(14, Pin.OUT), interrupt=Pin(27, Pin.IN, Pin.PULL_UP), turns=1)
    touch.calibrate(((3800, 300), (210, 310), (2000, 3750)), ((20, 20), (220, 20), (120, 300)))

A resistive glass is noisy: each place is the median of five readings, and two medians that are far apart are no touch.
"""

import errno

from touch.glass import Glass

_FREQ_HZ = const(2000000)  # XPTEK: 2.5 MHz at most
_X = const(0xD0)  # 12 bits, differential, powered down afterwards, so that PENIRQ works
_Y = const(0x90)
_Z1 = const(0xB0)
_Z2 = const(0xC0)
_MOST = const(4095)
_READINGS = const(5)
_LEAST_PRESSURE = const(400)  # z1 + 4095 - z2: 0 of a glass that nobody touches
_FAR = const(160)  # of 4096: what no finger does within half a millisecond
_ONE = const(65536)
_EDGE = const(200)  # of the converter's range, that glasses do not reach
# Three places make an equation; below this they lie on one line (or are one place).
_LEAST_AREA = const(20000)


class XPT2046(Glass):
    """spi: the bus; it is set to this chip's rate and mode by poll().  cs: a Pin, output."""

    def __init__(self, spi, cs, interrupt=None, width=240, height=320, turns=0):
        super().__init__(width, height, turns, interrupt)
        self._spi = spi
        self._cs = cs
        self._ask = bytearray(3)
        self._answer = bytearray(3)
        self._values = [0] * _READINGS
        cs(1)
        span = _MOST - 2 * _EDGE
        x, y = width * _ONE // span, height * _ONE // span
        self._lines = [x, 0, -x * _EDGE, 0, y, -y * _EDGE]
        self._claim()
        # Nobody drives MISO of a chip that is not there: the bit before each answer, which is 0, is 1.
        if self._is_missing():
            raise OSError(errno.ENODEV, "no XPT2046")

    def _claim(self):
        self._spi.init(baudrate=_FREQ_HZ, polarity=0, phase=0)

    def _read(self, control):
        self._ask[0] = control
        self._cs(0)
        self._spi.write_readinto(self._ask, self._answer)
        self._cs(1)
        return (self._answer[1] << 8 | self._answer[2]) >> 3

    def _is_missing(self):
        return self._read(_X) > _MOST

    def _median(self, control):
        values = self._values
        for index in range(_READINGS):
            values[index] = self._read(control)
        values.sort()
        return values[_READINGS // 2]

    def _raw(self):
        """Where, in the converter's counts, or None when nobody presses."""
        if self._read(_Z1) + _MOST - self._read(_Z2) < _LEAST_PRESSURE:
            return None
        x = self._median(_X)
        y = self._median(_Y)
        if abs(self._median(_X) - x) > _FAR or abs(self._median(_Y) - y) > _FAR:
            return None
        return x, y

    def raw(self):
        """What calibration needs: (x, y) in counts, or None when nobody presses."""
        self._claim()
        return self._raw()

    def poll(self) -> int:
        """1 when the glass is pressed; `touches` says where."""
        found = self.raw() if self.is_pending() else None
        if found is None:
            return 0
        x, y = found
        a, b, c, d, e, f = self._lines
        self._put(0, 0, (a * x + b * y + c) >> 16, (d * x + e * y + f) >> 16)
        return 1

    def calibrate(self, seen, meant) -> None:
        """seen: three (x, y) as raw() gives them; meant: where they are on the glass, not turned.  ValueError if on one line."""
        (x0, y0), (x1, y1), (x2, y2) = seen
        area = (x0 - x2) * (y1 - y2) - (x1 - x2) * (y0 - y2)
        if abs(area) < _LEAST_AREA:
            raise ValueError("the three places lie on one line")
        lines = []
        for axis in (0, 1):
            p0, p1, p2 = (place[axis] * _ONE for place in meant)
            a = ((p0 - p2) * (y1 - y2) - (p1 - p2) * (y0 - y2)) // area
            b = ((x0 - x2) * (p1 - p2) - (x1 - x2) * (p0 - p2)) // area
            lines += (a, b, p0 - a * x0 - b * y0)
        self._lines = lines
