"""<progress>: a bar, by itself growing if it is `active`.  200 bytes of heap."""

from kiosk.api import Result
from kiosk.ui.components.component import Base
from kiosk.ui.items import rgb
from kiosk.ui.paint import font
from kiosk.ui.ticks import Ticks

_GREEN = const(0xFF0DC0)  # #09BB07
_GREY = const(0xFFEF5D)  # #EBEBEB
_GAP_PX = const(15)


class Component(Base):
    """
    Attributes: percent, show-info, font-size, stroke-width, color and activeColor, backgroundColor, border-radius, active,
    active-mode, duration (ms for one percent).  Events: activeend (curPercent).
    """

    def __init__(self, node, view):
        super().__init__(node, view)
        self._ticks = Ticks()
        self._percent = 0  # shown at the moment
        self._size()
        self._run(0)

    def changed(self):
        """Another percentage, or another look."""
        before = self._percent
        self._size()
        self.view.restyled(self.node)
        if self.node.get("percent") != self._given:
            self._run(before if self.node.get("active-mode") == "forwards" else 0)
        self.repaint()

    def close(self):
        """Stop growing."""
        self._ticks.stop()

    def _size(self):
        height = self._stroke()
        if self.flag("show-info"):
            height = max(height, self._face().height)
        self.node.own = (("height", height << 9), ())

    def _stroke(self):
        return max(1, min(self.length("stroke-width", 6 << 6) + 32 >> 6, 1000))

    def _face(self):
        return font.face(max(1, min(self.length("font-size", 16 << 6) + 32 >> 6, 100)))

    def _run(self, first):
        self._given = self.node.get("percent")
        last = self.number("percent", 0, 0, 100)
        if not self.flag("active") or last <= first:
            self._ticks.stop()
            self._percent = last
            return
        for_one_ms = self.number("duration", 30, 1, 60000)
        self._percent = first

        def step(ms):
            self._percent = min(first + ms / for_one_ms, last)
            self.repaint()
            if self._percent < last:
                return None
            self.tell("activeend", Result(curPercent=last))
            return False

        self._ticks.start(step)

    def draw(self, surface, place, look, opacity):
        """The bar, and what it says."""
        x, y, width, height = place
        if self.flag("show-info"):
            face = self._face()
            room = face.measure("100%")
            text = "%d%%" % int(self._percent)
            surface.text(x + width - room, y + (height - face.height) // 2, text, face, rgb(look.ink), opacity)
            width = max(0, width - room - _GAP_PX)
        stroke = self._stroke()
        y += (height - stroke) // 2
        radius = min(max(self.length("border-radius"), 0) >> 6, stroke // 2)
        back = self.color("backgroundColor", self.color("background-color", _GREY))
        active = self.color("activeColor", self.color("active-color", self.color("color", _GREEN)))
        surface.rounded_rect(x, y, width, stroke, radius, rgb(back), (back >> 16) * opacity // 255)
        done = int(width * self._percent / 100)
        surface.rounded_rect(x, y, done, stroke, radius, rgb(active), (active >> 16) * opacity // 255)
