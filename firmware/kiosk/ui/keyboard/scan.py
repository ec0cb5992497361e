"""
The loop over the words of a letter: some 1,000 for a stroke of a key.

In viper, and in plain Python for where that cannot be compiled, as kiosk/ui/paint/pixels.py has it; tests hold one against the other.
"""

import micropython

import kiosk

_VIPER = """
@micropython.viper
def scan(data: ptr8, at: int, end: int, length: int, bounds: ptr32) -> int:
    while at < end:
        each = 0
        while each < length:
            number = int(data[at + 2 * each]) | int(data[at + 2 * each + 1]) << 8
            if number < int(bounds[2 * each]) or number >= int(bounds[2 * each + 1]):
                break
            each += 1
        if each == length:
            return at
        at += 2 * length
    return end
"""


def plain(data, at: int, end: int, length: int, bounds) -> int:
    """Where the first word is that has each of its numbers within its bounds, or `end`."""
    while at < end:
        for each in range(length):
            number = data[at + 2 * each] | data[at + 2 * each + 1] << 8
            if not bounds[2 * each] <= number < bounds[2 * each + 1]:
                break
        else:
            return at
        at += 2 * length
    return end


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        return plain
    return scope["scan"]


if not hasattr(kiosk, "_scan"):  # a port does not give machine code back
    kiosk._scan = _compiled()

scan = kiosk._scan
