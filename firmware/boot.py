"""Runs before main.py on a board: from here on Ctrl-C is a byte like any other, so no host can leave it half booted."""

import micropython

micropython.kbd_intr(-1)
