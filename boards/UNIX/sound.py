"""The emulator's speaker and microphone: the drivers of the real chips, on the wires that the host has put there."""

from machine import Pin

import wired


def speaker():
    """The amplifier."""
    if not wired.is_wired("speaker"):
        from audio import none

        return none.Speaker()
    from audio.max98357a import MAX98357A

    return MAX98357A(1, sck=Pin(19), ws=Pin(20), sd=Pin(21))


def microphone():
    """The microphone, on the left."""
    if not wired.is_wired("microphone"):
        from audio import none

        return none.Microphone()
    from audio.inmp441 import INMP441

    return INMP441(0, sck=Pin(16), ws=Pin(17), sd=Pin(18))
