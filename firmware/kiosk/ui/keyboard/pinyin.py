"""
From letters to hanzi: pinyin, read from a table where it lies in flash (host_tools/pinyin/table.py says its form).

    for text, taken in Pinyin(DATA).candidates("zhongg"):      # ("中国", 6), ...

Whole syllables ("xian", "xi'an"), beginnings ("zhongg") and first letters ("zg").  In the table the characters of a syllable follow
each other and the syllables go by the alphabet, so that all that a piece of the input may stand for is one range of numbers.
"""

from array import array

from kiosk.ui.keyboard.scan import scan

MOST_LETTERS = const(24)
_HEAD = const(12)
_LETTERS = const(6)
_WORD = const(4)  # characters of the longest words
_KEPT = const(3)  # ways to cut the input into syllables
_GUESS = const(100)  # what a piece that is no whole syllable costs; each piece costs 1
_INITIALS = ("zh", "ch", "sh")


class Pinyin:
    """data: the table.  ValueError if it is not one, or is damaged where that would lead astray."""

    def __init__(self, data):
        if len(data) < _HEAD or data[:4] != b"PY\1\0":
            raise ValueError("this is no table of pinyin")
        self._data = data
        self._count = self._u16(4)
        self._starts = _HEAD + _LETTERS * self._count
        self._characters = self._starts + 2 * self._count + 2
        self._index = self._characters + 2 * self._u16(6)
        words = self._index + 4 * 27 * 2
        if self._u16(8) | self._u16(10) << 16 != len(data) or words > len(data) or not self._count:
            raise ValueError("the table of pinyin is damaged: %d bytes" % len(data))
        self._words = []
        for length in range(1, _WORD + 1):
            self._words.append(words)
            words += 2 * length * self._u16(self._index + 54 * length - 2)
        if words != len(data) or self._u16(self._characters - 2) != self._u16(6):
            raise ValueError("the table of pinyin is damaged: its parts do not add up")

    def _u16(self, at):
        return self._data[at] | self._data[at + 1] << 8

    def _find(self, letters):
        """The first syllable that is not before `letters`."""
        key = letters.encode()
        low, high = 0, self._count
        while low < high:
            middle = (low + high) >> 1
            at = _HEAD + _LETTERS * middle
            if self._data[at : at + _LETTERS] < key:
                low = middle + 1
            else:
                high = middle
        return low

    def _piece(self, letters, is_last):
        """(cost, first character, behind the last one) of what a piece may stand for, or None."""
        low = self._find(letters)
        at = _HEAD + _LETTERS * low
        if low < self._count and self._data[at : at + _LETTERS].rstrip(b"\0") == letters.encode():
            return 1, self._start(low), self._start(low + 1)
        if is_last or len(letters) == 1 or letters in _INITIALS:
            high = self._find(letters + "{")  # what comes behind "z"
            if high > low:
                return _GUESS, self._start(low), self._start(high)
        return None

    def _start(self, syllable):
        return self._u16(self._starts + 2 * syllable)

    def cuts(self, letters: str):
        """Ways to cut the input, the best first: lists of (end in the letters, first character, behind the last one); [] if there is none."""
        ways = [[] for _ in letters]  # from each place on: (cost, end of the piece, its range, the way from there)
        ways.append([(0, 0, 0, 0, None)])
        for at in range(len(letters) - 1, -1, -1):
            if letters[at] == "'":
                ways[at] = ways[at + 1]
                continue
            found = ways[at]
            for end in range(min(at + _LETTERS, len(letters)), at, -1):
                if not ways[end] or "'" in letters[at:end]:
                    continue
                piece = self._piece(letters[at:end], end == len(letters) or letters[end] == "'")
                if piece:
                    for way in ways[end]:
                        found.append((piece[0] + way[0], end, piece[1], piece[2], way))
            found.sort(key=lambda way: way[0])
            del found[_KEPT:]
        cuts = []
        for way in ways[0] if letters else ():
            cut = []
            while way[4]:
                cut.append(way[1:4])
                way = way[4]
            if cut:
                cuts.append(cut)
        return cuts

    def candidates(self, letters: str):
        """Yield (text, how many of the letters it stands for), the likeliest first, no text twice.

        Letters that make no pinyin, and those beyond MOST_LETTERS, give nothing.
        """
        given = set()
        for candidate in self._all(letters):
            if candidate[0] not in given:
                given.add(candidate[0])
                yield candidate

    def _all(self, letters):
        letters = letters.lower()
        if len(letters) > MOST_LETTERS or not all("a" <= each <= "z" or each == "'" for each in letters):
            return
        cuts = self.cuts(letters)
        for cut in cuts:
            if len(cut) <= _WORD:
                yield from self._found(cut, letters)
        if cuts:
            for count in range(min(_WORD, len(cuts[0]) - 1), 1, -1):
                yield from self._found(cuts[0][:count], letters)
        for cut in cuts:
            yield from self._found(cut[:1], letters)
            end, first, behind = cut[0]
            for number in range(first, behind):
                yield self._character(number), end

    def _character(self, number):
        return chr(self._u16(self._characters + 2 * number))

    def _found(self, cut, letters):
        """The words of as many characters as there are pieces."""
        length = len(cut)
        bounds = array("i")
        for _, first, behind in cut:
            bounds.append(first)
            bounds.append(behind)
        index = self._index + 54 * (length - 1) + 2 * (ord(letters.lstrip("'")[0]) - 97)
        at = self._words[length - 1] + 2 * length * self._u16(index)
        end = self._words[length - 1] + 2 * length * self._u16(index + 2)
        while True:
            at = scan(self._data, at, end, length, bounds)
            if at >= end:
                return
            yield "".join(self._character(self._u16(at + 2 * each)) for each in range(length)), cut[-1][0]
            at += 2 * length
