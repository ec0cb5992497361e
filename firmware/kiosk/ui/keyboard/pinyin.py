"""
From what is spelt in Latin letters to what may be meant in Chinese.

    table = Table(DATA)             # host_tools/pinyin/table.py has the form
    table.candidates("nihao", 30)   # [("你好", 5), ("你", 2), ("尼", 2) ...]: a text and how many letters it takes

A syllable may be spelt by its beginning at the end of what is spelt ("niha"), and by its initial anywhere ("nh"); an
apostrophe parts syllables ("xi'an").  The table is read where it lies; what is held are the candidates.
"""

LETTERS = const(24)  # spelt at once; more is nothing that one means
_TEXT = const(6)
_HEAD = const(8)
_INITIALS = (
    "b",
    "p",
    "m",
    "f",
    "d",
    "t",
    "n",
    "l",
    "g",
    "k",
    "h",
    "j",
    "q",
    "x",
    "zh",
    "ch",
    "sh",
    "r",
    "z",
    "c",
    "s",
    "y",
    "w",
)
_LONGEST = const(4)  # syllables of a word
_KEPT = const(3)  # ways to part what is spelt, for each place in it
# What a syllable costs: one that is spelt out, one that is begun at the end, an initial.  The cheapest ways are kept.
_WHOLE = const(10)
_BEGUN = const(16)
_INITIAL = const(30)
_NEAR = const(12)  # as much dearer than the cheapest way, and what another one means is as likely


class Table:
    """data: bytes.  ValueError if it is no table."""

    def __init__(self, data):
        if len(data) < _HEAD or data[:4] != b"KP\x01\x00":
            raise ValueError("this is no table of pinyin")
        self._data = data
        self.count = data[4] | data[5] << 8
        self._offsets = _HEAD + _TEXT * self.count
        if len(data) < self._offsets + 4 * (self.count + 1) or self._offset(self.count) != len(data):
            raise ValueError("the table of pinyin is cut off")

    def _offset(self, number):
        at = self._offsets + 4 * number
        data = self._data
        return data[at] | data[at + 1] << 8 | data[at + 2] << 16 | data[at + 3] << 24

    def _first(self, text):
        """The number of the first syllable that is not less than `text` (bytes)."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) >> 1
            at = _HEAD + _TEXT * middle
            if self._data[at : at + _TEXT] < text:
                low = middle + 1
            else:
                high = middle
        return low

    def syllables(self, start):
        """(first, end): the numbers of the syllables that begin with `start` (str)."""
        text = start.encode()
        return self._first(text), self._first(text + b"\x7f")

    def syllable(self, text):
        """The number of a syllable, -1 for none."""
        number = self._first(text.encode())
        at = _HEAD + _TEXT * number
        padded = text.encode() + bytes(_TEXT - len(text))
        return number if number < self.count and self._data[at : at + _TEXT] == padded else -1

    def candidates(self, letters, most):
        """list of (text, int: how many of `letters` it takes), the likeliest first; empty for what is no pinyin."""
        letters = letters[:LETTERS]
        ways = self._ways(letters)
        found, known = [], set()
        near = [way for cost, way in ways if cost <= ways[0][0] + _NEAR]
        for part in (near, [way for _, way in ways]):
            self._longest_first(part, known, found, most)
            for way in part:
                self._characters(way[0], known, found, most)
        return found

    def _longest_first(self, ways, known, found, most):
        """Append the words that these ways may mean."""
        for length in range(_LONGEST, 1, -1):
            words = []
            for way in ways:
                if len(way) >= length:
                    self._words(way[:length], words)
            words.sort(reverse=True)
            for _, text, taken in words:
                if text not in known and len(found) < most:
                    known.add(text)
                    found.append((text, taken))

    # How what is spelt falls into syllables.

    def _ways(self, letters):
        """list of (cost, tuple of (first syllable, end of the syllables that it may be, place behind it)), the cheapest first."""
        ways = [[] for _ in range(len(letters) + 1)]
        ways[0].append((0, ()))
        furthest = 0
        for at in range(len(letters)):
            if letters[at] == "'":
                for way in ways[at]:
                    _keep(ways[at + 1], way)
                    furthest = at + 1
                continue
            open_ways = [way for way in ways[at] if len(way[1]) < _LONGEST]
            if not open_ways:
                continue
            for end in range(at + 1, min(at + _TEXT, len(letters)) + 1):
                for cost, first, after in self._meant(letters[at:end], end == len(letters)):
                    for before, syllables in open_ways:
                        _keep(ways[end], (before + cost, syllables + ((first, after, end),)))
                    furthest = max(furthest, end)
        return [way for way in ways[furthest] if way[1]]

    def _meant(self, text, is_last):
        """list of (cost, first syllable, end of the syllables) that `text` may stand for."""
        meant = []
        number = self.syllable(text)
        if number >= 0:
            meant.append((_WHOLE, number, number + 1))
        if is_last or (number < 0 and text in _INITIALS):
            first, after = self.syllables(text)
            if first + len(meant) < after:
                meant.append((_BEGUN if is_last else _INITIAL, first, after))
        return meant

    # What they may mean.

    def _words(self, syllables, found):
        """Append (how usual, text, letters taken) of the words of these syllables."""
        data = self._data
        length = len(syllables)
        first, end, _ = syllables[0]
        low, high, taken = syllables[1]
        for number in range(first, end):
            at, stop = self._offset(number), self._offset(number + 1)
            characters = at + 1
            at = characters + 2 * data[at]
            while at < stop:
                size = (data[at] >> 6) + 2
                if size == length and low <= data[at + 2] | data[at + 3] << 8 < high and self._fits(at, syllables):
                    found.append((data[at] & 63, self._text(characters, at, size), syllables[-1][2]))
                at += 3 * size - 1

    def _fits(self, at, syllables):
        data = self._data
        for place in range(2, len(syllables)):
            here = at + 3 * place - 1
            if not syllables[place][0] <= data[here] | data[here + 1] << 8 < syllables[place][1]:
                return False
        return True

    def _text(self, characters, at, size):
        data = self._data
        text = self._character(characters, data[at + 1])
        for place in range(1, size):
            here = at + 3 * place - 1
            group = self._offset(data[here] | data[here + 1] << 8)
            text += self._character(group + 1, data[here + 2])
        return text

    def _character(self, characters, place):
        at = characters + 2 * place
        return chr(self._data[at] | self._data[at + 1] << 8)

    def _characters(self, syllable, known, found, most):
        """Append the characters of one syllable; of one that is only begun the most usual few of each."""
        first, end, taken = syllable
        each = 255 if end == first + 1 else 2
        for number in range(first, end):
            group = self._offset(number)
            for place in range(min(self._data[group], each)):
                text = self._character(group + 1, place)
                if len(found) >= most:
                    return
                if text not in known:
                    known.add(text)
                    found.append((text, taken))


def _keep(ways, way):
    """Put a way among those to a place, in the order of their costs."""
    at = len(ways)
    while at and ways[at - 1][0] > way[0]:
        at -= 1
    ways.insert(at, way)
    del ways[_KEPT:]
