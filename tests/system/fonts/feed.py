"""In MicroPython: one of the jobs below with fonts."""

import gc
import sys
from array import array

import fonts

TEXT = "The quick brown fox jumps over the lazy dog, ÄÖÜ 0123456789."
_SIDE = 60


def opened(path):
    """The font in a file."""
    return fonts.Font(open(path, "rb"))


def draw(font, text, size):
    """How many characters of a text are drawn, into pixels that nobody sees."""
    pixels = bytearray(_SIDE * _SIDE * 2)
    places = (32768, 32768 + _SIDE * 3 // 4, 0, 0, _SIDE, _SIDE, _SIDE, 0x7E0F81F, 32, size, 0, 0, len(text), 0, 0, 0)
    return font.run(pixels, text, array("i", places))


def widths(path, size, *codes):
    """Print the width of each code."""
    font = opened(path)
    for code in codes:
        print(font.find(int(code), int(size), 0))


def memory(path):
    """Print what the heap lacks for a font that is open, for one that has drawn, and its own number for that."""
    file = open(path, "rb")  # noqa: SIM115  the font closes it
    gc.collect()
    before = gc.mem_alloc()
    font = fonts.Font(file)
    gc.collect()
    opened = gc.mem_alloc() - before
    for size in (12, 16, 20, 24):
        for character in TEXT:
            draw(font, character, size)
    gc.collect()
    print(opened, gc.mem_alloc() - before, font.state_bytes)
    font.close()
    gc.collect()
    assert font.state_bytes == 0


def scarce(path):
    """Say whether a text was drawn; after a MemoryError the font must do for a character what it can."""
    try:
        font = opened(path)
    except MemoryError:
        print("no font: MemoryError")
        return
    try:
        for character in TEXT:
            draw(font, character, 48)
        print("drawn")
    except MemoryError:
        gc.collect()
        try:
            assert font.find(0x41, 16, 0) == 10
        finally:
            print("MemoryError")


def hostile(*paths):
    """Say of each font what came of it; all memory must come back."""
    for path in paths:
        gc.collect()
        try:
            font = opened(path)
            for size in (9, 16, 100):
                font.metrics(size)
                for character in TEXT:
                    draw(font, character, size)
                    draw(font, "é", size)
            assert font.state_bytes <= 60 * 1024
            font.close()
            assert font.state_bytes == 0
            print("drawn")
        except ValueError as exc:
            print("ValueError:", exc)


globals()[sys.argv[1]](*sys.argv[2:])
