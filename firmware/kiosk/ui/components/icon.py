"""
<icon>: nine signs, drawn as a canvas draws.

Heap: some 500 bytes; while icons are painted what kiosk/ui/canvas/replay.py takes, 9 KB, given back afterwards.
"""

import gc

from kiosk.ui import canvas, colors
from kiosk.ui.canvas.displaylist import DisplayList
from kiosk.ui.components.component import Base
from kiosk.ui.ticks import Ticks

_TURN = 6.2832
_COLORS = {
    "success": "#09BB07", "success_no_circle": "#09BB07", "info": "#10AEFF", "warn": "#F76260", "waiting": "#10AEFF",
    "cancel": "#F43530", "download": "#09BB07", "search": "#B2B2B2", "clear": "#B2B2B2",
}  # fmt: skip
# In hundredths of the size.  A list of numbers is a line through these places; what follows the disc is white.
_SIGNS = {
    "success": (True, ((28, 52, 44, 67, 73, 35),)),
    "success_no_circle": (False, ((14, 54, 38, 77, 87, 25),)),
    "info": (True, ((50, 45, 50, 75), (50, 27, 50, 33))),
    "warn": (True, ((50, 25, 50, 57), (50, 69, 50, 75))),
    "waiting": (True, ((50, 24, 50, 54, 68, 66),)),
    "cancel": (False, ((34, 34, 66, 66), (66, 34, 34, 66))),
    "download": (True, ((50, 24, 50, 70), (32, 53, 50, 71, 68, 53))),
    "search": (False, ((68, 68, 92, 92),)),
    "clear": (True, ((34, 34, 66, 66), (66, 34, 34, 66))),
}


class Component(Base):
    """Attributes: type, size, color."""

    def __init__(self, node, view):
        super().__init__(node, view)
        self._shapes = None
        self._after = Ticks()
        self._size()

    def changed(self):
        """Another sign, size or color."""
        self._shapes = None
        self._size()
        self.view.restyled(self.node)

    def close(self):
        """Nothing is painted any longer."""
        self._after.stop()

    def _size(self):
        size = max(1 << 6, min(self.length("size", 23 << 6), 500 << 6))
        self.node.own = (("width", size << 3, "height", size << 3), ())

    def draw(self, surface, place, look, opacity):
        """Draw it in the middle of the box."""
        kind = self.node.get("type")
        side = min(place[2], place[3])
        if kind not in _SIGNS or side < 1:
            return
        if self._shapes is None or self._shapes.width != side:
            gc.collect()
            color = self.color("color", colors.color(_COLORS[kind]))
            self._shapes = DisplayList(side, side).followed_by(_actions(kind, side, color), False)
        from kiosk.ui.canvas import replay

        if not self._after.is_running():
            self._after.soon(canvas.release)
        replay.draw(self._shapes, surface, place[0] + (place[2] - side) // 2, place[1] + (place[3] - side) // 2)


def _actions(kind, side, color):
    """What a canvas's context would have recorded."""
    has_disc, lines = _SIGNS[kind]
    white = colors.color("white")
    yield "scale", side / 100, side / 100
    yield "set", "fill_style", color
    yield "set", "stroke_style", white if has_disc else color
    yield "set", "line_width", 8
    if has_disc:
        yield ("begin_path",)
        yield "arc", 50, 50, 46, 0, _TURN
        yield ("fill",)
    elif kind in ("cancel", "search"):
        yield ("begin_path",)
        yield ("arc", 50, 50, 43, 0, _TURN) if kind == "cancel" else ("arc", 43, 43, 32, 0, _TURN)
        yield ("stroke",)
    for line in lines:
        yield ("begin_path",)
        for at in range(0, len(line), 2):
            yield ("line_to" if at else "move_to", line[at], line[at + 1])
        yield ("stroke",)
