"""What may be meant by what is spelt: the row above the keys, in which a finger chooses."""

from kiosk.ui.keyboard.pinyin import LETTERS

_MOST = const(60)
_GAP_PX = const(14)
_INK = const(0x000000)
_SOFT = const(0x808080)
_PAPER = const(0xFFFFFF)
_NEXT = "▶"


class Candidates:
    """
    table: pinyin.Table; face: font.Face of the row; width: of the row in px.

    spelt: str, the letters that wait.  Held: what may be meant by them, at most 60 texts (3 KB).
    """

    def __init__(self, table, face, width):
        self._table = table
        self._face = face
        self._width = width
        self._found = []
        self._from = 0  # the first that is seen
        self._seen = []  # (x, width, number) of those that are seen
        self.spelt = ""

    def spell(self, letters):
        """Other letters wait; more than anybody means are cut off."""
        self.spelt = letters[:LETTERS]
        self._found = self._table.candidates(self.spelt, _MOST) if letters else []
        self._from = 0
        self._lay_out()

    def choose(self, number=0):
        """Take a candidate: its text, or None for one that is not there.  What it does not take of the letters waits on."""
        if not 0 <= number < len(self._found):
            return None
        text, taken = self._found[number]
        self.spell(self.spelt[taken:])
        return text

    def tap(self, x):
        """A finger has tapped the row: the text that it chose, or None."""
        if x >= self._next_x() and self._has_more():
            self._from = self._seen[-1][2] + 1 if self._seen else 0
            self._lay_out()
            return None
        for left, width, number in self._seen:
            if left - _GAP_PX // 2 <= x < left + width + _GAP_PX // 2:
                return self.choose(number)
        return None

    def _next_x(self):
        return self._width - 2 * _GAP_PX

    def _has_more(self):
        return bool(self._seen) and (self._seen[-1][2] + 1 < len(self._found) or self._from > 0)

    def _lay_out(self):
        self._seen = []
        if self._from >= len(self._found):
            self._from = 0
        x = _GAP_PX + self._face.measure(self.spelt)
        x += _GAP_PX
        for number in range(self._from, len(self._found)):
            width = self._face.measure(self._found[number][0])
            if x + width > self._next_x():
                break
            self._seen.append((x, width, number))
            x += width + _GAP_PX

    def draw(self, surface, y, height):
        """Paint the row, whose upper edge is at `y` px of the screen."""
        face = self._face
        surface.fill_rect(0, y, self._width, height, _PAPER)
        line = y + (height - face.height) // 2
        surface.text(_GAP_PX // 2, line, self.spelt, face, _SOFT)
        for x, _, number in self._seen:
            surface.text(x, line, self._found[number][0], face, _INK)
        if self._has_more():
            surface.text(self._next_x() + _GAP_PX // 2, line, _NEXT, face, _SOFT)
