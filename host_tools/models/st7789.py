"""
A Sitronix ST7789V on an IPS glass, as most modules have it.

Source: ST7789V data sheet, version 1.4.
"""

from host_tools.models.panel import Panel


class St7789(Panel):
    """As Panel."""

    negative = True
    own = {
        0xB0: 2, 0xB2: 5, 0xB7: 1, 0xBB: 1, 0xC0: 1, 0xC2: (1, 2), 0xC3: 1, 0xC4: 1, 0xC6: 1, 0xD0: 2, 0xE0: 14, 0xE1: 14,
        0x30: 4, 0x33: 6, 0x37: 2, 0x44: 2, 0x51: 1, 0x53: 1, 0x55: 1,
    }  # fmt: skip
