"""The emulator's camera: the driver of the real chip, on the wires that the host has put there."""

from machine import I2C, SPI, Pin

import wired

facings = ("back",) if wired.is_wired("camera") else ()


def camera(facing):
    """The ArduCAM Mini 2MP Plus, as the Nano Connect has it."""
    if not wired.is_wired("camera"):
        from camera import none

        return none.Camera()
    from camera.ov2640 import OV2640

    spi = SPI(0, sck=Pin(6), mosi=Pin(7), miso=Pin(4))
    return OV2640(spi, Pin(29, Pin.OUT, value=1), I2C(0, scl=Pin(13), sda=Pin(12), freq=400000))
