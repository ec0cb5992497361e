"""The letters of pinyin that are being typed, and the pages of hanzi to choose from."""

from kiosk.ui.keyboard.layouts import BACK, NEXT
from kiosk.ui.keyboard.pinyin import MOST_LETTERS, Pinyin

_ARROW_PX = const(36)
_LEAST_PX = const(30)
_GAP_PX = const(12)
_MOST = const(120)  # candidates that are kept and offered


class Composer:
    """data: the table of pinyin; face: of the candidates.  What it has no picture of is not offered."""

    def __init__(self, data, face):
        self._pinyin = Pinyin(data)
        self._face = face
        self.letters = ""
        self.spell("")

    def spell(self, letters: str) -> bool:
        """Compose these letters; False, and nothing changes, if they are too many."""
        if len(letters) > MOST_LETTERS:
            return False
        self.letters = letters
        self._source = self._pinyin.candidates(letters)
        self._found = []
        self._at = 0
        self._before = []
        self._behind = 0  # the first one of the next page
        return True

    def _get(self, index):
        """(text, letters it stands for), or None."""
        while self._source and index >= len(self._found):
            if len(self._found) >= _MOST:
                self._source = None
                break
            candidate = next(self._source, None)
            if candidate is None:
                self._source = None
            elif self._is_drawn(candidate[0]):
                self._found.append(candidate)
        return self._found[index] if index < len(self._found) else None

    def _is_drawn(self, text):
        return all(self._face.has(ord(each)) for each in text)

    def first(self):
        """The likeliest (text, letters it stands for), or None."""
        return self._get(0)

    def turn(self, is_next: bool) -> None:
        """Go to the next page, or the one before."""
        if is_next and self._get(self._behind):
            self._before.append(self._at)
            self._at = self._behind
        elif not is_next and self._before:
            self._at = self._before.pop()

    def keys(self, width: int, y: int, height: int):
        """The keys of the page: (x, y, width, height, candidate), and the arrows."""
        keys = []
        x, index = 0, self._at
        room = width - 2 * _ARROW_PX
        while True:
            candidate = self._get(index)
            if not candidate:
                break
            across = max(_LEAST_PX, self._face.measure(candidate[0]) + _GAP_PX)
            if x + across > room:
                break
            keys.append((x, y, across, height, candidate))
            x += across
            index += 1
        self._behind = index
        if self._before:
            keys.append((room, y, _ARROW_PX, height, BACK))
        if candidate:
            keys.append((room + _ARROW_PX, y, _ARROW_PX, height, NEXT))
        return keys
