"""
An Ilitek ILI9341 on a TN glass, mounted with left and right, red and blue exchanged, as modules have it.

Source: ILI9341 data sheet, version 1.11; D9, which says what byte a serial read gives, is in none.

What it can be made to do wrong: `identity` is what it says of itself; b"" for a chip that does not drive MISO.
"""

from host_tools.models.panel import Panel

_IDENTITY, _INDEX = 0xD3, 0xD9


class Ili9341(Panel):
    """As Panel."""

    mirrored = swapped = True
    own = {
        0x26: 1, 0xB1: 2, 0xB5: 4, 0xB6: (3, 4), 0xB7: 1, 0xC0: 1, 0xC1: 1, 0xC5: 2, 0xC7: 1, 0xD3: (0, 1), 0xD9: 1, 0xE0: 15,
        0xE1: 15, 0xCB: 5, 0xCF: 3, 0xE8: 3, 0xEA: 2, 0xED: 4, 0xF2: 1, 0xF7: 1, 0x33: 6, 0x37: 2, 0x51: 1, 0x53: 1,
    }  # fmt: skip

    def __init__(self, identity: bytes = b"\x00\x93\x41", **rest):
        self.identity = identity
        self._index = 0
        super().__init__(**rest)

    def _act(self, parameters: bytes) -> None:
        if self._command == _INDEX:
            self._index = parameters[0] & 0x0F
        super()._act(parameters)

    def _answer(self) -> bytes:
        if self._command != _IDENTITY or not self.identity:
            return b""
        return (b"\0" + self.identity)[self._index : self._index + 1]  # the first is a dummy
