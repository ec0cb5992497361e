"""
The guard of an interpreter that has none in C: the same names, but it cannot raise in the code that holds the loop.

A soft timer still fires between that code's bytecodes, so what is left is to write where the time went and to start the
board anew, as the guard in C does at its third strike.
"""

import sys

import machine

_timer = machine.Timer(-1 if sys.platform == "rp2" else 0)


def arm(ms, exc):
    """Reset the board unless arm() or disarm() is called again within `ms`; `exc` is what the log says then."""

    def expired(timer):
        sys.print_exception(exc)
        machine.reset()

    _timer.init(mode=machine.Timer.ONE_SHOT, period=ms, callback=expired)


def disarm():
    """Stand down."""
    _timer.deinit()
