"""The display and its touch controller, made when they are first wanted; which pin is which: pins.csv.

The port's SPI.write() returns when all has gone out: there is no sender.
"""

from machine import I2C, PWM, SPI, Pin

_TURNS = const(1)  # the glass lies on its side


def size():
    """Width and height in pixels, without switching it on."""
    return 320, 240


def display():
    """The ST7789; its reset is the board's."""
    from display.st7789 import ST7789

    return ST7789(
        SPI(1, sck=Pin(21), mosi=Pin(47)),
        cs=Pin(14, Pin.OUT, value=1),
        dc=Pin(1, Pin.OUT),
        backlight=Pin(48, Pin.OUT, value=0),
        turns=_TURNS,
        pwm=lambda pin, freq_hz: PWM(pin, freq=freq_hz, duty_u16=0),
    )


def touch():
    """The FT6x36; its reset is the board's."""
    from touch.ft6x36 import FT6X36

    return FT6X36(I2C(0, scl=Pin(5), sda=Pin(4), freq=400000), Pin(3, Pin.IN, Pin.PULL_UP), turns=_TURNS)
