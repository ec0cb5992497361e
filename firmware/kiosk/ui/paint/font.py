"""
Characters from the fonts of the image (host_tools/fonts), which are read where they lie: on a board that is flash.

    face = font.face(16)
    width = face.measure("Grüße, 你好")

A face is a list of fonts: a character comes from the first that has it, and is a box if none does.
"""

from array import array

from kiosk.ui.fonts import BOLD_SIZES, CJK_SIZE, SIZES
from kiosk.ui.paint import pixels

_ORIGIN = const(32768)  # viper reads no sign
_faces = {}
families = {}  # name -> outline.Family: what wx.loadFontFace has loaded
_spots = array("H", bytes(4 * 64))


class Font:
    """data: bytes in the form of host_tools/fonts/bitmap.py.  ValueError if it is not."""

    def __init__(self, data):
        if len(data) < 12 or data[0] != 75 or data[1] != 70 or data[2] != 1 or data[3] not in (1, 4):  # "KF"
            raise ValueError("this is no font")
        self.data = data
        self.count = data[8] | data[9] << 8
        self.size = data[4]
        self.ascent = data[5]
        self.height = data[5] + data[6]
        if len(data) < 12 + 10 * self.count:
            raise ValueError("the font is cut off")


class Face:
    """fonts: of about one size, the first of which says how high a line is; fonts of half a size or less are scaled up.

    box: how many pixels the box for a missing character takes.  missed: where run() found such ones.
    """

    def __init__(self, fonts, size: int):
        self.size = size
        self.ascent = fonts[0].ascent
        self.height = fonts[0].height
        self.box = size * 5 // 8
        self.missed = []
        self._fonts = []
        self._state = array("i", bytes(64))
        for font in fonts:
            self._add(font)

    def _add(self, font):
        scale = max(1, (self.size + font.size // 2) // font.size)
        self._fonts.append((font.data, font.count, scale, self.ascent - font.ascent * scale))

    def find(self, code: int) -> int:
        """How many pixels a character takes."""
        if pixels.is_hidden(code):
            return 0
        if code < 65536:
            for data, count, scale, _ in self._fonts:
                place = pixels.find(data, count, code)
                if place:
                    return data[place + 2] * scale
        return self.box

    def has(self, code: int) -> bool:
        """Whether a character is in one of the fonts, and no box."""
        return code < 65536 and any(pixels.find(data, count, code) for data, count, _, _ in self._fonts)

    def measure(self, text: str) -> int:
        """How many pixels a line takes."""
        self._state[8] = 0
        end = self.run(None, text, 0, 0, self._state)
        self.missed.clear()
        return end

    def run(self, buffer, text: str, x: int, y: int, state) -> int:
        """Draw a line into a strip, or with the opacity 0 only go along it; returns where it ends.

        state: as pixels.locate() wants it, with the clip, the stride, the colour and the opacity in their places.
        """
        left = len(text)
        state[0] = x + _ORIGIN
        state[11] = state[13] = 0
        which = 0
        while left:
            data, count, scale, drop = self._fonts[which]
            state[1] = y + drop + _ORIGIN
            state[9] = count
            state[10] = scale
            state[12] = left
            state[14] = which
            taken = pixels.locate(data, text, state, _spots)
            if state[15]:
                pixels.draw(buffer, data, _spots, state)
            left -= taken
            if taken:
                which = 0
            elif which + 1 < len(self._fonts):
                which += 1
            else:
                self.missed.append(state[0] - _ORIGIN)
                state[12] = 1
                state[13] = self.box
                left -= pixels.locate(data, text, state, _spots)
                state[13] = which = 0
        return state[0] - _ORIGIN

    def add(self, data) -> None:
        """Another font, for the characters that those before lack: what an application brings."""
        self._add(Font(data))


def _data(name):
    return __import__("kiosk.ui.fonts." + name, None, None, ("DATA",)).DATA


def face(size: int, bold: bool = False, family: str = ""):
    """The face of a family that is loaded, in any size, else the image's that is next to a size in pixels (the smaller one of two).

    Kept, as many as are asked for; each is some 300 bytes.
    """
    if family in families:
        return families[family].face(size, bold, face(size, bold))
    sizes = BOLD_SIZES if bold else SIZES
    best = sizes[0]
    for each in sizes:
        if abs(each - size) < abs(best - size):
            best = each
    key = best if bold else -best
    if key not in _faces:
        fonts = [Font(_data(("bold%d" if bold else "regular%d") % best))]
        if CJK_SIZE:
            fonts.append(Font(_data("cjk%d" % CJK_SIZE)))
        _faces[key] = Face(fonts, best)
    return _faces[key]
