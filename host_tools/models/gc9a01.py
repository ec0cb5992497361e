"""
A Galaxycore GC9A01 on its round glass of 240x240.

Source: GC9A01A data sheet, preliminary version 1.0; the registers behind FE and EF are taken as they come.
"""

from PIL import Image, ImageDraw

from host_tools.models.panel import Panel


class Gc9a01(Panel):
    """As Panel.  image() has black corners: there is no glass."""

    memory_size = (240, 240)
    mirrored = swapped = negative = True
    own = {
        0xFE: 0, 0xEF: 0, 0xEB: 1, 0x70: 9, 0x74: 7, 0x90: 4, 0x98: 2, 0xAE: 1, 0xB6: (2, 4), 0xBC: 1, 0xBD: 1, 0xBE: 1,
        0xC3: 1, 0xC4: 1, 0xC9: 1, 0xCD: 1, 0xDF: 3, 0xE1: 2, 0xE8: 1, 0xED: 2, 0xF0: 6, 0xF1: 6, 0xF2: 6, 0xF3: 6, 0xFF: 3,
        0x62: 12, 0x63: 12, 0x64: 7, 0x66: 10, 0x67: 10, 0x51: 1, 0x53: 1, 0x33: 6, 0x37: 2, 0x44: 2,
        **dict.fromkeys(range(0x84, 0x90), 1),
    }  # fmt: skip

    def __init__(self, turns: int = 0):
        super().__init__(240, 240, turns=turns)

    def image(self) -> Image.Image:
        """What is seen through the round glass."""
        square = super().image()
        glass = Image.new("1", square.size)
        ImageDraw.Draw(glass).ellipse((0, 0, square.width - 1, square.height - 1), fill=1)
        return Image.composite(square, Image.new("RGB", square.size), glass)
