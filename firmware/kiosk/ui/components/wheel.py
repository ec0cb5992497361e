"""A column of texts that a finger turns, the one in the middle chosen.  224 bytes of heap, however many texts there are."""

from kiosk.ui.components.flick import Flick
from kiosk.ui.paint.text import fit

ROW_PX = const(34)  # WeChat's indicator is as high
_INK = const(0x000000)
_PALE = const(0x999999)


class Wheel:
    """
    box: (x, y, width, height) in px; count: of texts; text(number): str; at: the number of the chosen one.

    A finger calls begin(y), move(y) and end(y); the latter's answer is whether another one is chosen.
    """

    def __init__(self, box, count, text, at=0):
        self.box = box
        self.text = text
        self._by = 0  # px that the texts are off their rows
        self._flick = None
        self.set(count, at)

    def set(self, count, at):
        """Another number of texts, another one chosen: what is too large is the last one."""
        self.count = count
        self.at = max(0, min(at, count - 1))

    def begin(self, y):
        """A finger comes down."""
        self._flick = Flick(y)

    def move(self, y):
        """It moves."""
        by = self.at * ROW_PX + self._by - self._flick.move(y)
        self._by = max(-ROW_PX // 2, min(by, (self.count - 1) * ROW_PX + ROW_PX // 2)) - self.at * ROW_PX

    def end(self, y, is_tap):
        """It is gone.  A tap chooses the text that it is on; a finger that was fast when it left goes on."""
        if is_tap:
            _, top, _, height = self.box
            rows = (y - top - (height - ROW_PX) // 2) // ROW_PX
        else:
            rows = (self._by - self._flick.rest() + ROW_PX // 2) // ROW_PX
        self._by, self._flick = 0, None
        before = self.at
        self.at = max(0, min(self.at + rows, self.count - 1))
        return self.at != before

    def draw(self, surface, face):
        """The texts around the chosen one."""
        x, y, width, height = self.box
        before = surface.clip(x, y, width, height)
        place = self.at * ROW_PX + self._by
        middle = y + (height - ROW_PX) // 2
        first = max(0, (place - height // 2) // ROW_PX)
        for number in range(first, min(self.count, (place + height // 2) // ROW_PX + 2)):
            top = middle + number * ROW_PX - place
            if not surface.is_hidden(x, top, width, ROW_PX):
                text, taken = fit(self.text(number)[:200], face, width - 8)
                is_chosen = abs(top - middle) < ROW_PX // 2
                surface.text(
                    x + (width - taken) // 2,
                    top + (ROW_PX - face.height) // 2,
                    text,
                    face,
                    _INK if is_chosen else _PALE,
                )
        surface.unclip(before)
