"""
Blocks as they are seen: lines of text in boxes, so many px wide.  Touches the fonts of the image.

    laid = lay(block, width)
    laid.height
    laid.draw(surface, x, y)

What has been laid out holds its lines, nothing of the fonts.
"""

from kiosk.documents import blocks
from kiosk.ui.paint import font
from kiosk.ui.paint.text import may_break

DARK = const(0x191919)
_GREY = const(0x7F7F7F)
_LINE = const(0xD9D9D9)
_SIDE = const(10)  # px beside a text
_STEP = const(8)  # of an indent
_GAP = const(8)  # before a paragraph
_CELL = const(4)  # px around what is in a cell
_SIZE = const(16)
_SMALL = const(12)
_HEADINGS = (16, 20, 20, 16, 16, 16, 16, 24)  # px, by style; all but the first are bold


def lay(block, width):
    """What a block (bytes) looks like."""
    kind = block[0]
    if kind == blocks.PARAGRAPH:
        return Paragraph(block, width)
    if kind == blocks.ROW:
        return Row(block, width)
    return Grid(block)


class Lines:
    """A text in lines of at most `width` px.  size: of the fonts; height: px."""

    def __init__(self, text, size, width, is_bold=False):
        self._size = size
        self._segments = []  # (line, x, text, whether it is bold)
        text, places, bold = _switches(text, is_bold)
        self._count = 0
        for start, end in self._broken(text, places, bold, max(width, size)):
            self._put(text, places, bold, start, end)
            self._count += 1
        self.height = self._count * self._high()

    def _high(self):
        return font.face(self._size).height + 2

    def _broken(self, text, places, bold, width):
        """Yield (start, end) of the lines."""
        faces = font.face(self._size), font.face(self._size, True)
        start = index = x = 0
        after, at_after, end = (
            -1,
            0,
            0,
        )  # the last place to break: the next line's start, the px before it, this line's end
        turn = 0
        before = ""
        for character in text:
            while turn < len(places) and places[turn] <= index:
                turn += 1
                bold = not bold
            if character == "\n":
                yield start, index
                start, x, after, before = index + 1, 0, -1, ""
                index += 1
                continue
            advance = faces[bold].find(ord(character))
            if character == " ":
                if before != " ":
                    end = index
                after, at_after = index + 1, x + advance
            else:
                if before and before != " " and may_break(before, character):
                    end = after = index
                    at_after = x
                if x + advance > width and index > start:
                    if after > start:
                        yield start, end
                        start, x = after, x - at_after
                    else:
                        yield start, index
                        start, x = index, 0
                    after = -1
            x += advance
            before = character
            index += 1
        yield start, index

    def _put(self, text, places, bold, start, end):
        x = 0
        at = start
        for place in places:
            if place <= start:
                bold = not bold
        for place in [place for place in places if start < place < end] + [end]:
            piece = text[at:place]
            if piece:
                self._segments.append((self._count, x, piece, bold))
                x += font.face(self._size, bold).measure(piece)
            bold = not bold
            at = place

    def draw(self, surface, x, y, color=DARK):
        """Draw them from (x, y) on."""
        high = self._high()
        for line, left, text, bold in self._segments:
            surface.text(x + left, y + line * high, text, font.face(self._size, bold), color)


def _switches(text, is_bold):
    """(text without its switches, the places at which it turns bold or plain, whether it begins bold)."""
    places = []
    now = is_bold
    pieces = text.replace(blocks.PLAIN, blocks.BOLD + blocks.PLAIN).split(blocks.BOLD)
    plain = pieces[0]
    for piece in pieces[1:]:
        is_plain = piece[:1] == blocks.PLAIN
        if now == is_plain and not is_bold:
            now = not now
            places.append(len(plain))
        plain += piece[1:] if is_plain else piece
    return plain, places, is_bold


class Paragraph:
    """Text with a marker before it."""

    def __init__(self, block, width):
        style, indent, gap, marker = block[1], block[2], block[3], block[4]
        size = _HEADINGS[style] if style < len(_HEADINGS) else _SIZE
        self._left = _SIDE + indent * _STEP
        self._top = _GAP if gap else 0
        self._color = _GREY if style == blocks.NOTE else DARK
        self._marker = str(block[5 : 5 + marker], "utf-8")
        self._size = size
        text = str(block[5 + marker :], "utf-8")
        self._lines = Lines(text, size, width - self._left - _SIDE, 0 < style <= blocks.TITLE)
        self.height = self._top + self._lines.height

    def draw(self, surface, x, y):
        """Draw it from (x, y) on."""
        y += self._top
        if self._marker:
            face = font.face(self._size)
            surface.text(x + self._left - 6 - face.measure(self._marker), y, self._marker, face, self._color)
        self._lines.draw(surface, x + self._left, y, self._color)


class Row:
    """Cells beside each other, each as wide as its part of the table."""

    def __init__(self, block, width):
        self._cells = []  # (x, width, Lines)
        room = width - 2 * _SIDE
        shares = 0
        at = 2
        high = 0
        for _ in range(block[1]):
            size = block[at + 1] | block[at + 2] << 8
            text = str(block[at + 3 : at + 3 + size], "utf-8")
            left = _SIDE + room * shares // 255
            shares = min(shares + block[at], 255)
            right = _SIDE + room * shares // 255
            lines = Lines(text, _SIZE if block[1] <= 4 else _SMALL, right - left - 2 * _CELL)
            self._cells.append((left, right - left, lines))
            high = max(high, lines.height)
            at += 3 + size
        self.height = high + 2 * _CELL

    def draw(self, surface, x, y):
        """Draw it from (x, y) on; the line above is that of the row before."""
        for left, width, lines in self._cells:
            surface.border(x + left, y - 1, width + 1, self.height + 1, 0, 1, _LINE)
            before = surface.clip(x + left, y, width, self.height)
            lines.draw(surface, x + left + _CELL, y + _CELL)
            surface.unclip(before)


class Grid:
    """A row of a sheet: one line, in columns that the page knows (sheet.py)."""

    height = 24

    def __init__(self, block):
        self.number = block[1] | block[2] << 8 | block[3] << 16
        self.cells = []  # (column, whether at the right, text)
        at = 4
        while at < len(block):
            size = block[at + 2]
            self.cells.append((block[at], block[at + 1], str(block[at + 3 : at + 3 + size], "utf-8")))
            at += 3 + size
