"""
What modal dialogs and the launcher have in common: they have the whole screen, buttons that a finger presses, and a part that scrolls.

A panel's own part is find(), which button is at a place; place(), where it is; tapped(), what it does; and draw().
"""

from kiosk.ui.layers import DIALOG

WHITE = const(0xFFFFFF)
PRESSED = const(0xECECEC)
LINE = const(0xE5E5E5)
DARK = const(0x191919)
GREY = const(0x7F7F7F)
NOTHING = const(-1)  # find(): the panel, but none of its buttons
BESIDE = const(-2)  # the mask around it
_MASK = const(153)  # of 255
_MOVED_PX = const(8)


class Panel:
    """screen: what dialogs.screen() gives.  view: (x, y, width, height) in px of the part that scrolls; length: px of what is in it."""

    is_modal = True
    view = (0, 0, 0, 0)
    length = 0
    offset = 0  # px that it is scrolled by
    pressed = NOTHING

    def __init__(self, screen):
        self.box = (0, 0, screen.width, screen.height)
        self._layers = screen.layers
        self._chosen = None
        self._first_y = self._last_y = 0
        self._scrolls = self._moved = False

    def show(self, chosen):
        """Lie on top of what there is; chosen(value) is called once, when the panel is gone."""
        self._chosen = chosen
        self._layers.put(self, DIALOG)

    def close(self):
        """Be gone; nothing is chosen."""
        self._layers.take(self)

    def choose(self, value):
        """Be gone; this is chosen.  Nothing happens if it is gone already."""
        if self in self._layers.shown:
            self.close()
            self._chosen(value)

    def find(self, x, y):
        """int: the button at a place, NOTHING or BESIDE."""
        return NOTHING

    def place(self, button):
        """(x, y, width, height) in px of a button."""
        return self.box

    def tapped(self, button):
        """A finger came down on a button and left it there; also for NOTHING and BESIDE."""

    def touched(self, phase, x, y):
        """See layers.py."""
        if phase == "start":
            left, top, width, height = self.view
            self._scrolls = self.length > height and left <= x < left + width and top <= y < top + height
            self._moved = False
            self._first_y = self._last_y = y
            self._press(self.find(x, y))
        elif phase == "move":
            self._move(x, y)
        else:
            button = self.pressed
            self._press(NOTHING)
            if phase == "end" and not self._moved:
                self.tapped(button)

    def _move(self, x, y):
        if not self._scrolls:
            if self.pressed != NOTHING and self.find(x, y) != self.pressed:
                self._press(NOTHING)
            return
        if not self._moved and abs(y - self._first_y) <= _MOVED_PX:
            return
        self._moved = True
        self._press(NOTHING)
        offset = min(max(self.offset + self._last_y - y, 0), self.length - self.view[3])
        self._last_y = y
        if offset != self.offset:
            self.offset = offset
            self._layers.changed(self, self.view)

    def _press(self, button):
        before, self.pressed = self.pressed, button
        for each in (before, button):
            if each >= 0 and before != button:
                self._layers.changed(self, self.place(each))

    def is_covered(self):
        """bool: whether another panel lies over this one, which is then not painted: its mask would make the page darker still."""
        for layer in reversed(self._layers.shown):
            if isinstance(layer, Panel):
                return layer is not self
        return False

    def draw_mask(self, surface):
        """Darken the screen."""
        surface.fill_rect(*self.box, 0, _MASK)

    def draw_bar(self, surface):
        """Where in it the scrolled part is."""
        x, y, width, height = self.view
        if self.length > height:
            size = max(height * height // self.length, 8)
            at = self.offset * (height - size) // (self.length - height)
            surface.rounded_rect(x + width - 4, y + at, 3, size, 1, 0, 60)


def draw_text(surface, text, face, x, y, width, height, color):
    """One line of text in the middle of a box."""
    taken = face.measure(text)
    surface.text(x + (width - taken) // 2, y + (height - face.height) // 2, text, face, color)
