"""The emulator's speaker and microphone: the drivers of the real chips, on the wires that the host has put there."""

import sys

from machine import Pin


def _is_wired(name):
    """Whether the command line (--wired NAME,NAME) says so: without a model a line would stand still."""
    arguments = sys.argv
    return "--wired" in arguments and name in arguments[arguments.index("--wired") + 1].split(",")


def speaker():
    """The amplifier."""
    if not _is_wired("speaker"):
        from audio import none

        return none.Speaker()
    from audio.max98357a import MAX98357A

    return MAX98357A(1, sck=Pin(19), ws=Pin(20), sd=Pin(21))


def microphone():
    """The microphone, on the left."""
    if not _is_wired("microphone"):
        from audio import none

        return none.Microphone()
    from audio.inmp441 import INMP441

    return INMP441(0, sck=Pin(16), ws=Pin(17), sd=Pin(18))
