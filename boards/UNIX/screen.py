"""The emulator's display and touch controller: the drivers of the real chips, on the wires that the host has put there."""

from machine import I2C, PWM, SPI, Pin

import wired

_TURNS = const(1)  # the glass lies on its side


def size():
    """Width and height in pixels, without switching it on."""
    return (320, 240) if wired.is_wired("display") else (0, 0)


def display():
    """The ST7789, as the Nano Connect has it."""
    if not wired.is_wired("display"):
        from display import none

        return none.Display()
    from display.st7789 import ST7789

    return ST7789(
        SPI(0, sck=Pin(6), mosi=Pin(7), miso=Pin(4)),
        cs=Pin(5, Pin.OUT, value=1),
        dc=Pin(15, Pin.OUT),
        reset=Pin(25, Pin.OUT, value=1),
        backlight=Pin(26, Pin.OUT, value=0),
        turns=_TURNS,
        pwm=lambda pin, freq_hz: PWM(pin, freq=freq_hz, duty_u16=0),
    )


def touch():
    """The FT6x36, as the Nano Connect has it."""
    if not wired.is_wired("touch"):
        from touch import none

        return none.Touch()
    from touch.ft6x36 import FT6X36

    i2c = I2C(0, scl=Pin(13), sda=Pin(12), freq=400000)
    return FT6X36(i2c, Pin(27, Pin.IN, Pin.PULL_UP), reset=Pin(28, Pin.OUT, value=1), turns=_TURNS)
