"""
A Hynitron CST816S.

Source: CST816S data sheet, version 1.3, and Hynitron's register list, version 1.3.  Five seconds after the last touch (or the
start) it sleeps and does not acknowledge, unless FE was written; a reset or a touch wakes it.

What it can be made to do wrong: `is_silent`, `identity`.
"""

from host_tools.models.registers import Registers
from host_tools.models.touch import Fingers
from host_tools.models.wires import Wires

_SLEEPS_AFTER_NS = 5e9
_PULSE_NS = 1e6


class Cst816s(Fingers, Registers):
    """One finger; pins "int" and "reset"."""

    address = 0x15

    def __init__(self, width: int = 240, height: int = 240, turns: int = 0):
        Fingers.__init__(self, width, height, turns)
        Registers.__init__(self)
        self.identity = 0xB4
        self.stays_awake = False
        self._sleeps_ns = _SLEEPS_AFTER_NS

    def attach(self, wires: Wires) -> None:
        """It is there, and the interrupt high."""
        super().attach(wires)
        wires.drive("int", 1, 0)

    def _wake(self) -> None:
        self._sleeps_ns = self.wires.now_ns() + _SLEEPS_AFTER_NS

    def pin_changed(self, name: str, level: int) -> None:
        """A reset starts it anew."""
        if name == "reset":
            self.stays_awake = False
            self._wake()

    def start(self, reading: bool) -> bool:
        """Does it acknowledge?"""
        sleeps = not self.stays_awake and self.wires.now_ns() > self._sleeps_ns
        return not sleeps and super().start(reading)

    def changed(self) -> None:
        """A pulse for each report."""
        self._wake()
        self.wires.drive("int", 0, 0)
        self.wires.drive("int", 1, _PULSE_NS)

    def get(self, register: int) -> int:
        """What a register holds."""
        x, y = self.fingers.get(0, (0, 0))
        return {
            0x02: len(self.fingers),
            0x03: x >> 8,
            0x04: x & 0xFF,
            0x05: y >> 8,
            0x06: y & 0xFF,
            0xA7: self.identity,
            0xFE: int(self.stays_awake),
        }.get(register, 0)

    def put(self, register: int, value: int) -> None:
        """Set one."""
        if register == 0xFE:
            self.stays_awake = bool(value)
