"""
<picker-view>: columns of elements that a finger turns, those in the middle chosen.  176 bytes of heap, and 112 for each column.

Its height is that of its style, in px or rpx, else five rows; the rows are as high as indicator-style says, else 34 px.
"""

from kiosk.ui import boxes, declarations, expression
from kiosk.ui.components.control import Control, within

_ROW = const(34 << 6)
_ROWS = const(5)
_LINE = const(0xE5E5E5)


class Component(Control):
    """row: the height of an item in 1/64 px; value: list of int, which item each column is at."""

    def __init__(self, node, view):
        self.row = _ROW
        self._value = []
        super().__init__(node, view)

    def read(self):
        """How high the rows are."""
        style = self.node.get("indicator-style")
        self.row = _ROW
        if isinstance(style, str) and style:
            for name, value in _pairs(declarations.parse(style)[0]):
                if name == "height" and value != "auto" and value & 7 < 2:
                    px = value >> 3
                    self.row = max(64, px * self.view.screen.width // 750 if value & 7 else px)

    def take(self, value):
        """A list of numbers; what is none is 0."""
        numbers = [expression.number(each) for each in value] if isinstance(value, (list, tuple)) else []
        self._value = [int(each) if 0 <= each < 1e9 else 0 for each in numbers]
        if self.node.style:
            for column in self._columns():
                column.turn()

    def result(self):
        """list of int."""
        return [column.at() for column in self._columns()]

    def wanted(self, column):
        """int: which item the markup wants a column to be at."""
        columns = self._columns()
        number = columns.index(column) if column in columns else -1
        return self._value[number] if 0 <= number < len(self._value) else 0

    def _columns(self):
        return within(self.node, ("picker-view-column",))

    def inner_height(self):
        """Of the columns, in 1/64 px."""
        values = self.node.style.values
        height = boxes.outer_size(values, "height", None, 0)
        if height is None:
            return _ROWS * self.row
        if values.get("box-sizing") == "border-box":
            edges = boxes.edges(values, 0)
            height -= edges[0] + edges[2]
        return max(0, height)

    def height(self, width):
        """Lay out the columns beside each other, all as wide."""
        layout = self.view.layout
        height = self.inner_height()
        edges = boxes.edges(self.node.style.values, 0)
        columns = [child for child, values in layout.kids(self.node) if values is not None]
        x = edges[3]
        for number, child in enumerate(columns):
            each = width * (number + 1) // len(columns) - width * number // len(columns)
            layout.box(child, each, height, each, height)
            child.x, child.y = x, edges[0]
            x += each
        return height

    def draw(self, surface, place, look, opacity):
        """Two lines around what is chosen."""
        x, y, width, height = place
        row = self.row >> 6
        middle = y + (height - row) // 2
        surface.fill_rect(x, middle, width, 1, _LINE, opacity)
        surface.fill_rect(x, middle + row - 1, width, 1, _LINE, opacity)


def _pairs(flat):
    for at in range(0, len(flat), 2):
        yield flat[at], flat[at + 1]
