"""The camera, made when it is first wanted; which pin is which: pins.csv.  Its buses are the screen's, too."""

from machine import I2C, SPI, Pin

facings = ("back",)


def camera(facing):
    """The ArduCAM Mini 2MP Plus."""
    from camera.ov2640 import OV2640

    spi = SPI(0, sck=Pin(6), mosi=Pin(7), miso=Pin(4))
    return OV2640(spi, Pin(29, Pin.OUT, value=1), I2C(0, scl=Pin(13), sda=Pin(12), freq=400000))
