"""How a sheet's rows are drawn: columns that a finger moves sideways, their letters above, the rows' numbers beside them."""

from kiosk.documents.layout import DARK
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit

HEAD_PX = const(18)
_NUMBERS_PX = const(36)
_ROW_PX = const(24)
_CELL_PX = const(4)
_LINE = const(0xD9D9D9)
_GROUND = const(0xF2F2F2)
_GREY = const(0x7F7F7F)
_MOST_COLUMNS = const(255)
_SIZE = const(16)
_SMALL = const(12)


class Columns:
    """width(column): px, 0 for one that is not shown.  offset: px that they are moved by; last: the column that is the last with something in it."""

    def __init__(self, width):
        self._width = width
        self.offset = 0
        self.last = 0

    def seen(self, grid):
        """A row has been laid out: it may be longer than those before."""
        if grid.cells:
            self.last = max(self.last, grid.cells[-1][0])

    def move(self, by, room):
        """Move them by so many px, as far as they go in a room of so many; bool: whether they have moved."""
        length = sum(self._width(column) for column in range(self.last + 1))
        offset = max(0, min(self.offset + by, length + _NUMBERS_PX - room))
        moved, self.offset = offset != self.offset, offset
        return moved

    def draw_head(self, surface, x, y, width):
        """The letters of the columns."""
        surface.fill_rect(x, y, width, HEAD_PX, _GROUND)
        face = font.face(_SMALL)
        before = surface.clip(x + _NUMBERS_PX, y, width - _NUMBERS_PX, HEAD_PX)
        for column, left, own in self._shown(x, width):
            letters = name(column)
            surface.text(left + (own - face.measure(letters)) // 2, y + 1, letters, face, _GREY)
            surface.fill_rect(left + own - 1, y, 1, HEAD_PX, _LINE)
        surface.unclip(before)
        surface.fill_rect(x, y + HEAD_PX - 1, width, 1, _LINE)

    def draw_row(self, surface, grid, x, y, width):
        """A row's number and cells.  A text runs on over empty cells, as in office programs."""
        if surface.is_hidden(x, y, width, _ROW_PX):
            return
        surface.fill_rect(x, y, _NUMBERS_PX, _ROW_PX, _GROUND)
        small, face = font.face(_SMALL), font.face(_SIZE)
        number = str(grid.number)
        surface.text(x + _NUMBERS_PX - _CELL_PX - small.measure(number), y + 4, number, small, _GREY)
        surface.fill_rect(x, y + _ROW_PX - 1, width, 1, _LINE)
        before = surface.clip(x + _NUMBERS_PX, y, width - _NUMBERS_PX, _ROW_PX)
        for _, left, own in self._shown(x, width):
            surface.fill_rect(left + own - 1, y, 1, _ROW_PX, _LINE)
        for place, (column, is_right, text) in enumerate(grid.cells):
            left = x + _NUMBERS_PX - self.offset + sum(self._width(each) for each in range(column))
            own = room = self._width(column)
            end = grid.cells[place + 1][0] if place + 1 < len(grid.cells) else _MOST_COLUMNS
            if left >= x + width:
                break
            shown, taken = fit(text, face, own - 2 * _CELL_PX)
            if shown != text and not is_right:
                following = column + 1
                while following < end and room < width:
                    room += self._width(following)
                    following += 1
                shown, taken = fit(text, face, room - 2 * _CELL_PX)
                surface.fill_rect(left + 1, y, min(taken + _CELL_PX, room - 1), _ROW_PX - 1, 0xFFFFFF)
            at = left + own - _CELL_PX - taken if is_right else left + _CELL_PX
            surface.text(at, y + (_ROW_PX - face.height) // 2, shown, face, DARK)
        surface.unclip(before)

    def _shown(self, x, width):
        """Yield (column, x, px) of the columns that are seen."""
        left = x + _NUMBERS_PX - self.offset
        for column in range(_MOST_COLUMNS):
            own = self._width(column)
            if left + own > x + _NUMBERS_PX and own:
                yield column, left, own
            left += own
            if left >= x + width:
                return


def name(column):
    """str: "A", "Z", "AA"."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
