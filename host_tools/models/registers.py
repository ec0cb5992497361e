"""A chip on I2C that is a set of registers: the first byte written is where, and it counts up."""

from host_tools.models.wires import I2cModel


class Registers(I2cModel):
    """Subclasses say what a register holds.  is_silent: the chip does not acknowledge."""

    def __init__(self):
        self.is_silent = False
        self._at = None

    def start(self, reading: bool) -> bool:
        """The chip is addressed."""
        if self.is_silent:
            return False
        if not reading:
            self._at = None
        return True

    def write(self, value: int) -> bool:
        """Where, then what."""
        if self._at is None:
            self._at = value
        else:
            self.put(self._at, value)
            self._at = self._at + 1 & 0xFF
        return True

    def read(self) -> int:
        """The next register."""
        at = self._at or 0
        self._at = at + 1 & 0xFF
        return self.get(at)

    def stop(self) -> None:
        """The transaction is over."""

    def get(self, register: int) -> int:
        """What a register holds."""
        raise NotImplementedError

    def put(self, register: int, value: int) -> None:
        """Set one."""
        raise NotImplementedError
