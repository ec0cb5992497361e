"""
A FocalTech FT6236.

Source: FocalTech's application note "FT6x06 register list", version 1.0.

What it can be made to do wrong: `is_silent`; `identity` another one's; `garbage` what a chip says while it starts.
"""

from host_tools.models.registers import Registers
from host_tools.models.touch import Fingers


class Ft6x36(Fingers, Registers):
    """Two fingers; pin "int" (and "reset", which it ignores)."""

    address = 0x38
    most = 2

    def __init__(self, **glass):
        Fingers.__init__(self, **glass)
        Registers.__init__(self)
        self.identity = 0x11
        self.garbage = False
        self.mode = 1
        self._seen = ()

    def get(self, register: int) -> int:
        """What a register holds; the touches are taken when their number is read, as the chip's shadow does."""
        if self.garbage:
            return 0xFF
        if register == 0x02:
            self._seen = tuple(sorted(self.fingers.items()))
            return len(self._seen)
        if 0x03 <= register <= 0x0E:
            index, byte = divmod(register - 3, 6)
            if index >= len(self._seen):
                return 0xFF
            finger, (x, y) = self._seen[index]
            return (0x80 | x >> 8, x & 0xFF, finger << 4 | y >> 8, y & 0xFF, 0x20, 0x10)[byte]
        return {0xA3: 0x36, 0xA4: self.mode, 0xA8: self.identity}.get(register, 0)

    def put(self, register: int, value: int) -> None:
        """Set one."""
        if register == 0xA4:
            self.mode = value
