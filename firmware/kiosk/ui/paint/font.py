"""
Characters from the fonts of the image (host_tools/fonts), which are read where they lie: on a board that is flash.

    face = font.face(16)
    width = face.measure("Grüße, 你好")

A face is a list of fonts: a character comes from the first that has it, and is a box if none does.
"""

from kiosk.ui.paint import pixels

SIZES = (12, 14, 16, 18, 20, 24, 32, 48)
BOLD_SIZES = (14, 16, 20, 24, 32)
_CJK = const(16)
_faces = {}


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

    What find() has found: data, place (0: nothing), scale, drop (where its line begins below the face's).
    """

    def __init__(self, fonts, size: int):
        self.size = size
        self.ascent = fonts[0].ascent
        self.height = fonts[0].height
        self._fonts = []
        for font in fonts:
            scale = max(1, (size + font.size // 2) // font.size)
            self._fonts.append((font.data, font.count, scale, self.ascent - font.ascent * scale))
        self.data = None
        self.place = 0
        self.scale = 1
        self.drop = 0

    def find(self, code: int) -> int:
        """Look for a character; returns how many pixels it takes.  Controls and what joins take none."""
        if code < 32 or 0x200B <= code <= 0x200F or 0xFE00 <= code <= 0xFE0F or code == 0xFEFF:
            return 0
        for data, count, scale, drop in self._fonts:
            place = pixels.find(data, count, code) if code < 65536 else 0
            if place:
                self.data = data
                self.place = place
                self.scale = scale
                self.drop = drop
                return data[place + 2] * scale
        self.place = 0
        return self.size * 5 // 8

    def measure(self, text: str) -> int:
        """How many pixels a line takes."""
        total = 0
        find = self.find
        for character in text:
            total += find(ord(character))
        return total

    def add(self, data) -> None:
        """Another font, for the characters that those before lack: what an application brings."""
        font = Font(data)
        scale = max(1, (self.size + font.size // 2) // font.size)
        self._fonts.append((font.data, font.count, scale, self.ascent - font.ascent * scale))


def _data(name):
    return __import__("kiosk.ui.fonts." + name, None, None, ("DATA",)).DATA


def face(size: int, bold: bool = False) -> Face:
    """The image's face that is next to a size in pixels (the smaller one of two).  Kept, as many as are asked for; each is some 300 bytes."""
    sizes = BOLD_SIZES if bold else SIZES
    best = sizes[0]
    for each in sizes:
        if abs(each - size) < abs(best - size):
            best = each
    key = best if bold else -best
    if key not in _faces:
        fonts = [Font(_data(("bold%d" if bold else "regular%d") % best)), Font(_data("cjk%d" % _CJK))]
        _faces[key] = Face(fonts, best)
    return _faces[key]
