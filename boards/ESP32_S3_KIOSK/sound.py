"""The speaker and the microphone, made when they are first wanted; which pin is which: pins.csv."""

from machine import Pin


def speaker():
    """The amplifier; its SD is open, so there is no pin to switch it off."""
    from audio.max98357a import MAX98357A

    return MAX98357A(1, sck=Pin(39), ws=Pin(40), sd=Pin(38))


def microphone():
    """The microphone, on the left."""
    from audio.inmp441 import INMP441

    return INMP441(0, sck=Pin(41), ws=Pin(42), sd=Pin(2))
