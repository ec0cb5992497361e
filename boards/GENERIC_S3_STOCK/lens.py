"""The camera, made when it is first wanted; which pin is which: pins.csv.  Its buses are the screen's, too."""

from machine import I2C, SPI, Pin

facings = ("back",)


def camera(facing):
    """The ArduCAM Mini 2MP Plus."""
    from camera.ov2640 import OV2640

    spi = SPI(1, sck=Pin(12), mosi=Pin(11), miso=Pin(13))
    return OV2640(spi, Pin(14, Pin.OUT, value=1), I2C(0, scl=Pin(2), sda=Pin(1), freq=400000))
