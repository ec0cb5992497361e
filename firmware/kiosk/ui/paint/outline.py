"""
Characters of TrueType fonts, in any size, by the module fonts (firmware/cmodules/fonts); what such a font lacks comes from the image's.

    family = Family()
    family.put(False, fonts.Font(file))
    face = family.face(20, False, font.face(20))     # as font.Face

Nothing of this is loaded before the first font is.
"""

from array import array

from fonts import MOST_SIZE

from kiosk import log
from kiosk.ui.paint import pixels

_ORIGIN = const(32768)  # as in font.py
_TAG = "font"


class OutlineFace:
    """A fonts.Font in one size; beside: the font.Face for what it lacks.  The rest is as in font.Face.

    A font that cannot be read any longer is one that lacks everything: the log says why.
    """

    def __init__(self, font, size: int, is_bold: bool, beside):
        self.size = size
        self.ascent, self.height = font.metrics(size)
        self.box = beside.box
        self.missed = []
        self._font = font
        self._is_bold = is_bold
        self._beside = beside
        self._state = array("i", bytes(64))

    def find(self, code: int) -> int:
        """How many pixels a character takes."""
        width = -1 if pixels.is_hidden(code) else self._width(code)
        return self._beside.find(code) if width < 0 else width

    def _width(self, code):
        try:
            return self._font.find(code, self.size, self._is_bold) if self._font else -1
        except (OSError, ValueError) as exc:
            self._lose(exc)
            return -1

    def _lose(self, exc):
        log.exception(_TAG, exc)
        self._font = None

    def measure(self, text: str) -> int:
        """How many pixels a line takes."""
        self._state[8] = 0
        end = self.run(None, text, 0, 0, self._state)
        self.missed.clear()
        return end

    def run(self, buffer, text: str, x: int, y: int, state) -> int:
        """As font.Face.run()."""
        beside = self._beside
        while text:
            taken = 0
            if self._font:
                state[0] = x + _ORIGIN
                state[1] = y + self.ascent + _ORIGIN
                state[9] = self.size
                state[10] = self._is_bold
                state[11] = 0
                state[12] = len(text)
                try:
                    taken = self._font.run(buffer, text, state)
                except (OSError, ValueError) as exc:
                    self._lose(exc)
                    continue
                x = state[0] - _ORIGIN
                if taken == len(text):
                    break
            end = taken + 1
            while end < len(text) and self._width(ord(text[end])) < 0:
                end += 1
            x = beside.run(buffer, text[taken:end], x, y + self.ascent - beside.ascent, state)
            self.missed.extend(beside.missed)
            beside.missed.clear()
            text = text[end:]
        return x


class Family:
    """The fonts of one name, a normal and a bold one, either of which stands in for the other."""

    def __init__(self):
        self.fonts = {}  # is_bold -> fonts.Font
        self._faces = {}

    def put(self, is_bold: bool, font) -> None:
        """Another font, or with None one less."""
        self._faces.clear()
        if font is None:
            del self.fonts[is_bold]
        else:
            self.fonts[is_bold] = font

    def face(self, size: int, is_bold: bool, beside) -> OutlineFace:
        """Kept, as many as are asked for; each is some 300 bytes.  A normal font is made bold if there is no bold one."""
        size = max(1, min(size, MOST_SIZE))
        key = size if is_bold else -size
        if key not in self._faces:
            font = self.fonts.get(is_bold) or self.fonts[not is_bold]
            makes_bold = is_bold and True not in self.fonts and not font.is_bold
            self._faces[key] = OutlineFace(font, size, makes_bold, beside)
        return self._faces[key]
