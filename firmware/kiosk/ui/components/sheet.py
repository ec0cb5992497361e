"""
The layer of a <picker>: from below, with a head to confirm or cancel, and wheels.

720 bytes of heap with three wheels, given back when it is closed.
"""

from kiosk.ui.components.wheel import ROW_PX, Wheel
from kiosk.ui.layers import PICKER
from kiosk.ui.paint import font

_HEAD_PX = const(40)
_ROWS = const(5)
_EDGE_PX = const(16)
_MOVED_PX = const(5)
_WHITE = const(0xFFFFFF)
_LINE = const(0xE5E5E5)
_GREY = const(0x888888)
_GREEN = const(0x07C160)
_INK = const(0x000000)
_CANCEL = "取消"
_CONFIRM = "确定"


class Sheet:
    """
    screen: the BoardScreen; title: str; wheels: list of (count, text(number), chosen); listener: turned(number of the wheel)
    when another text is chosen, confirmed(), cancelled().

    wheels: list of Wheel.  A finger beside it cancels.
    """

    is_modal = True

    def __init__(self, screen, title, wheels, listener):
        self._screen = screen
        self._title = title
        self._listener = listener
        self._face = font.face(16)
        self._held = None  # the wheel that a finger turns
        self._first = (0, 0)
        self._moved = False
        height = min(_HEAD_PX + _ROWS * ROW_PX, screen.height)
        self.box = (0, screen.height - height, screen.width, height)
        self.wheels = []
        self.put(wheels)

    def put(self, wheels):
        """Other wheels in the place of those that there are."""
        _, top, width, height = self.box
        each = width // max(1, len(wheels))
        self.wheels = [
            Wheel((number * each, top + _HEAD_PX, each, height - _HEAD_PX), *wheel)
            for number, wheel in enumerate(wheels)
        ]
        self._held = None

    def open(self):
        """Show it."""
        self._screen.layers.put(self, PICKER)

    def close(self):
        """Show it no longer."""
        self._screen.layers.take(self)

    def changed(self):
        """Paint the wheels again."""
        x, top, width, height = self.box
        self._screen.layers.changed(self, (x, top + _HEAD_PX, width, height - _HEAD_PX))

    def draw(self, surface):
        """Head, wheels, and two lines around what is chosen."""
        x, y, width, height = self.box
        face = self._face
        surface.fill_rect(x, y, width, height, _WHITE)
        text_y = y + (_HEAD_PX - face.height) // 2
        surface.text(x + _EDGE_PX, text_y, _CANCEL, face, _GREY)
        surface.text(x + width - _EDGE_PX - face.measure(_CONFIRM), text_y, _CONFIRM, face, _GREEN)
        if self._title:
            surface.text(x + (width - face.measure(self._title)) // 2, text_y, self._title, face, _INK)
        surface.fill_rect(x, y + _HEAD_PX - 1, width, 1, _LINE)
        for wheel in self.wheels:
            wheel.draw(surface, face)
        middle = y + _HEAD_PX + (height - _HEAD_PX - ROW_PX) // 2
        surface.fill_rect(x, middle, width, 1, _LINE)
        surface.fill_rect(x, middle + ROW_PX, width, 1, _LINE)

    def touched(self, phase, x, y):
        """Turn a wheel, or confirm, or cancel."""
        if phase == "start":
            self._first, self._moved = (x, y), False
            self._held = self._wheel_at(x, y)
            if self._held:
                self._held.begin(y)
            return
        self._moved = self._moved or abs(x - self._first[0]) + abs(y - self._first[1]) > _MOVED_PX
        held = self._held
        if phase == "move":
            if held and self._moved:
                held.move(y)
                self._paint(held)
            return
        self._held = None
        if held:
            if held.end(y, not self._moved and phase == "end"):
                self._listener.turned(self.wheels.index(held))
            self._paint(held)
        elif phase == "end" and not self._moved:
            self._tapped(x, y)

    def _tapped(self, x, y):
        _, top, width, _ = self.box
        if y < top or x < width // 3:
            self._listener.cancelled()
        elif x >= width - width // 3:
            self._listener.confirmed()

    def _wheel_at(self, x, y):
        for wheel in self.wheels:
            left, top, width, height = wheel.box
            if left <= x < left + width and top <= y < top + height:
                return wheel
        return None

    def _paint(self, wheel):
        self._screen.layers.changed(self, wheel.box)
