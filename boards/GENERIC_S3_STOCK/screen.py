"""The display and its touch controller, made when they are first wanted; which pin is which: pins.csv.

The port's SPI.write() returns when all has gone out: there is no sender.
"""

from machine import I2C, PWM, SPI, Pin

_TURNS = const(1)  # the glass lies on its side


def size():
    """Width and height in pixels, without switching it on."""
    return 320, 240


def display():
    """The ST7789."""
    from display.st7789 import ST7789

    return ST7789(
        SPI(1, sck=Pin(12), mosi=Pin(11), miso=Pin(13)),
        cs=Pin(10, Pin.OUT, value=1),
        dc=Pin(9, Pin.OUT),
        reset=Pin(8, Pin.OUT, value=1),
        backlight=Pin(7, Pin.OUT, value=0),
        turns=_TURNS,
        pwm=lambda pin, freq_hz: PWM(pin, freq=freq_hz, duty_u16=0),
    )


def touch():
    """The FT6x36."""
    from touch.ft6x36 import FT6X36

    i2c = I2C(0, scl=Pin(2), sda=Pin(1), freq=400000)
    return FT6X36(i2c, Pin(21, Pin.IN, Pin.PULL_UP), reset=Pin(42, Pin.OUT, value=1), turns=_TURNS)
