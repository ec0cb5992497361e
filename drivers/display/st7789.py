"""
Sitronix ST7789 and ST7789V: 240x320, and smaller glasses on a part of that memory.

Source: ST7789V data sheet, version 1.4.  The chip starts with voltages and a gamma curve that glasses work with.

    display = ST7789(SPI(0), cs=Pin(5, Pin.OUT), dc=Pin(15, Pin.OUT), reset=Pin(25, Pin.OUT), turns=1)
    display.begin(0, 0, 320, 240)
    display.write(pixels)
    display.end()
"""

from display.panel import Panel


class ST7789(Panel):
    """As Panel.  is_ips: IPS glasses show the negative of what others do, and most that are sold are IPS."""

    def __init__(self, spi, cs, dc, is_ips=True, **rest):
        self.inverted = is_ips
        super().__init__(spi, cs, dc, **rest)
