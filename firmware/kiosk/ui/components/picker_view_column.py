"""<picker-view-column>: elements below each other, one of them in the middle; a finger turns them.  112 bytes of heap."""

from kiosk.ui.components.component import Base
from kiosk.ui.components.control import enclosing
from kiosk.ui.components.flick import Flick
from kiosk.ui.node import pixels


class Component(Base):
    """Its items are as wide as it is, and as high as the rows of the picker-view that it is in."""

    def __init__(self, node, view):
        super().__init__(node, view)
        self._flick = None
        self._was = None  # the item that was in the middle before

    def _view(self):
        return enclosing(self.node, "picker-view")

    def _count(self):
        return sum([1 for child in self.node.children if child.w >= 0 and child.tag != "#text"])

    def at(self):
        """int: which item is in the middle."""
        row = self._view().row if self._view() else 0
        top = self.node.scroll[1] if self.node.scroll else 0
        return min(((top << 6) + row // 2) // row, max(0, self._count() - 1)) if row else 0

    def height(self, width):
        """Lay out the items; None, as any box, where it is in no picker-view."""
        holder = self._view()
        if not holder:
            return None
        layout = self.view.layout
        height = holder.inner_height()
        y = (height - holder.row) // 2
        for child, values in layout.kids(self.node):
            if values is not None:
                layout.box(child, width, holder.row, width, holder.row)
                child.x, child.y = 0, y
                y += holder.row
        if self.node.scroll is None:
            self._scroll_to(holder.wanted(self))
        else:
            self._scroll_to(self.at())  # there may be fewer items
        return height

    def turn(self):
        """Go to the item that the markup wants."""
        self._scroll_to(self._view().wanted(self))
        self.repaint()

    def _scroll_to(self, number):
        number = max(0, min(number, self._count() - 1))
        self.node.scroll = (0, (number * self._view().row + 32) >> 6)

    def drags(self, is_down, x, y):
        """Up and down."""
        holder = self._view()
        if not (is_down and holder and self._count()):
            return False
        self._flick, self._was = Flick(y), None
        return True

    def dragged(self, x, y):
        """The items follow."""
        holder = self._view()
        if self._was is None:
            self._was = self.at()
            holder.tell("pickstart", {})
            if not self.view.tree:
                return
        most = (self._count() - 1) * holder.row >> 6
        self.node.scroll = (0, max(0, min(self.node.scroll[1] - self._flick.move(y), most)))
        self.repaint()

    def dropped(self, x, y):
        """An item comes to the middle."""
        row = self._view().row
        top = self.node.scroll[1] - self._flick.rest()
        self._settle(((top << 6) + row // 2) // row, self._was)
        if self.view.tree:
            self._view().tell("pickend", {})

    def tapped(self, x, y):
        """The item that is tapped comes to the middle."""
        holder = self._view()
        if not holder or not self._count():
            return False
        _, top, _, _ = pixels(self.node)
        above = (holder.inner_height() - holder.row) // 2
        self._settle((((y - top + self.node.scroll[1]) << 6) - above) // holder.row, self.at())
        return True

    def _settle(self, number, before):
        """Item `number` comes to the middle; the page is told if `before` was another."""
        self._scroll_to(number)
        self.repaint()
        if self.at() != before:
            holder = self._view()
            holder.tell("change", {"value": holder.result()})
