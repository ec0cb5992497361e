"""A keyboard for tests: a layer that keeps what it was told, for MicroPython.  `install()` puts it where the fields import theirs."""

import sys

from kiosk.ui.layers import KEYBOARD

opened = []  # those that are open, the latest last


class Keyboard:
    """Half of the screen, at its lower end."""

    is_modal = False

    def __init__(self, screen, type, confirm_type, listener):
        self.screen = screen
        self.type = type
        self.confirm_type = confirm_type
        self.listener = listener
        self.height = screen.height // 2
        self.box = (0, screen.height - self.height, screen.width, self.height)

    letters = ""  # that are being composed

    def open(self, level=KEYBOARD):
        """Show it."""
        self.screen.layers.put(self, level)
        opened.append(self)

    def spell_out(self):
        """Type the letters as they are."""
        letters, self.letters = self.letters, ""
        if letters:
            self.listener.typed(letters)

    def close(self):
        """Show it no longer; its listener hears of nothing."""
        self.screen.layers.take(self)
        opened.remove(self)

    def draw(self, surface):
        """A grey box."""
        surface.fill_rect(*self.box, 0xCCCCCC)

    def touched(self, phase, x, y):
        """It has no keys."""


class _Module:
    """What stands for the package of the keyboard."""

    Keyboard = Keyboard


def install():
    """From now on fields open this one; the list of those that are open."""
    sys.modules["kiosk.ui.keyboard"] = _Module
    return opened
