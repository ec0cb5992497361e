"""
An XPT2046 on a resistive glass.

Source: XPT2046 data sheet, 2007.5: a control byte, then 12 bits, the highest one clock after it.

What it can be made to do wrong: `noise` counts either way of each reading, `spikes` of a hundred readings anywhere at all,
`pressure` of a finger; each the same in each run.
"""

import random

from host_tools.models.touch import Fingers
from host_tools.models.wires import Prepared, SpiModel, Wires

_X, _Z1, _Z2, _Y = 5, 3, 4, 1
_LOW, _HIGH = 200, 3895


class Xpt2046(Fingers, SpiModel):
    """One finger; pin "int" (PENIRQ)."""

    def __init__(self, noise: int = 0, spikes: int = 0, **glass):
        Fingers.__init__(self, **glass)
        self.noise = noise
        self.spikes = spikes
        self.pressure = 1200
        self._random = random.Random(1)

    def attach(self, wires: Wires) -> None:
        """It is there, and nobody touches it."""
        super().attach(wires)
        wires.drive("int", 1, 0)

    def select(self) -> Prepared:
        """A conversion may begin."""
        return Prepared(b"", 1)

    def shift(self, mosi: bytes) -> Prepared:
        """A control byte has its highest bit set; what comes while an answer goes out is its end, or the next one."""
        control = mosi[-1]
        if not control & 0x80:
            return Prepared(b"", 1)
        value = self._convert(control >> 4 & 7)
        return Prepared((value << 3).to_bytes(2, "big"), 2)

    def _convert(self, channel: int) -> int:
        if not self.fingers:
            return 4095 if channel == _Z2 else 0
        x, y = self.fingers[0]
        value = {
            _X: _LOW + (_HIGH - _LOW) * (2 * x + 1) // (2 * self.width),
            _Y: _LOW + (_HIGH - _LOW) * (2 * y + 1) // (2 * self.height),
            _Z1: self.pressure // 2,
            _Z2: 4095 - self.pressure // 2,
        }.get(channel, 0)
        if channel in (_X, _Y) and self._random.randrange(100) < self.spikes:
            return self._random.randrange(4096)
        return min(4095, max(0, value + self._random.randint(-self.noise, self.noise)))
