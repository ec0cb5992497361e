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
        SPI(0, sck=Pin(18), mosi=Pin(19), miso=Pin(16)),
        cs=Pin(17, Pin.OUT, value=1),
        dc=Pin(20, Pin.OUT),
        reset=Pin(21, Pin.OUT, value=1),
        backlight=Pin(22, Pin.OUT, value=0),
        turns=_TURNS,
        sender=DmaSender(0),
        pwm=lambda pin, freq_hz: PWM(pin, freq=freq_hz, duty_u16=0),
    )


def touch():
    """The FT6x36."""
    from touch.ft6x36 import FT6X36

    i2c = I2C(0, scl=Pin(5), sda=Pin(4), freq=400000)
    return FT6X36(i2c, Pin(6, Pin.IN, Pin.PULL_UP), reset=Pin(7, Pin.OUT, value=1), turns=_TURNS)
