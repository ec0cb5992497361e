"""
<rich-text>: HTML, or nodes that say the same, as nodes of the page.

Heap: what nodes take, some 200 bytes for each element and 64 for each text; texts of up to 32 KB.  Nothing in it hears of fingers.
"""

from kiosk.ui.components.component import Base
from kiosk.ui.pages import has_room
from kiosk.ui.richtext import Builder, build


class Component(Base):
    """Attributes: nodes (list, or a text with HTML), space."""

    def __init__(self, node, view):
        super().__init__(node, view)
        self._build()

    def changed(self):
        """Other nodes."""
        if self.node.style:
            self.node.style.kids = None  # styles are known by their templates, which go
        self._build()
        self.view.let_go()
        self.view.moved(self.node)

    def _build(self):
        self.node.children = ()
        build(self.node.get("nodes"), Builder(self.node, self.view.component, has_room, bool(self.node.get("space"))))
