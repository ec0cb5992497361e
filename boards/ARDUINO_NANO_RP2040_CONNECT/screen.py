"""The display and its touch controller, made when they are first wanted; which pin is which: pins.csv."""

from machine import I2C, PWM, SPI, Pin

_TURNS = const(1)  # the glass lies on its side


def size():
    """Width and height in pixels, without switching it on."""
    return 320, 240


def display():
    """The ST7789; a picture goes out by DMA."""
    from display.st7789 import ST7789
    from dmasender import DmaSender

    return ST7789(
        SPI(0, sck=Pin(6), mosi=Pin(7), miso=Pin(4)),
        cs=Pin(5, Pin.OUT, value=1),
        dc=Pin(15, Pin.OUT),
        reset=Pin(25, Pin.OUT, value=1),
        backlight=Pin(26, Pin.OUT, value=0),
        turns=_TURNS,
        sender=DmaSender(0),
        pwm=lambda pin, freq_hz: PWM(pin, freq=freq_hz, duty_u16=0),
    )


def touch():
    """The FT6x36."""
    from touch.ft6x36 import FT6X36

    i2c = I2C(0, scl=Pin(13), sda=Pin(12), freq=400000)
    return FT6X36(i2c, Pin(27, Pin.IN, Pin.PULL_UP), reset=Pin(28, Pin.OUT, value=1), turns=_TURNS)
