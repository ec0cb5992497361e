"""In MicroPython: draw.py FONT SIZE BOLD SIDE CODE... prints metrics and widths, and writes each character's pixels, white on black, to stdout.

A line "ascent height glyphs", then for each code a line with its width, and if the font has it SIDE rows of SIDE pixels as hex digits of green.
The character begins at (SIDE // 4, SIDE // 4 * 3).
"""

import sys
from array import array

import fonts

path, size, bold, side = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
font = fonts.Font(open(path, "rb"))  # noqa: SIM115  the font closes it
ascent, height = font.metrics(size)
print(ascent, height, font.glyphs)
state = array("i", bytes(64))
pixels = bytearray(side * side * 2)
empty = bytes(side * 2)
for code in sys.argv[5:]:
    code = int(code)
    width = font.find(code, size, bold)
    print(width)
    if width >= 0:
        for row in range(side):
            pixels[row * side * 2 : (row + 1) * side * 2] = empty
        places = (32768 + side // 4, 32768 + side // 4 * 3, 0, 0, side, side, side, 0x7E0F81F, 32, size, bold, 0, 1)
        for at, place in enumerate(places):
            state[at] = place
        # In two strips, as a display is painted.
        half = side // 2 * side * 2
        strip = memoryview(pixels)
        state[5] = side // 2
        taken = font.run(strip[:half], chr(code), state)
        state[0], state[1], state[5], state[11], state[12] = places[0], places[1] - side // 2, side - side // 2, 0, 1
        assert font.run(strip[half:], chr(code), state) == taken == 1
        assert state[0] == places[0] + width and state[11] == len(chr(code).encode())
        for row in range(side):
            print(
                "".join(
                    [
                        "%02x" % ((pixels[2 * at] << 3 | pixels[2 * at + 1] >> 5) & 63)
                        for at in range(row * side, row * side + side)
                    ]
                )
            )
font.close()
