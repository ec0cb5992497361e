"""<radio>: a round box with a tick, one in its group.  144 bytes of heap."""

from kiosk.ui import expression
from kiosk.ui.components import marks
from kiosk.ui.components.control import Control, cover, enclosing, within
from kiosk.ui.items import rgb

_GREEN = const(0xFF0DC1)  # 09BB07
_GREY = const(0xADADAD)
_EDGE = const(0xD1D1D1)
_DULL = const(0xE1E1E1)
_WHITE = const(0xFFFFFF)


class Component(Control):
    """is_on: bool; tint: its color, as styles have it."""

    given = "checked"

    def read(self):
        """The color."""
        self.tint = self.color("color", _GREEN)

    def take(self, value):
        """Chosen or not; of a group the last one that is set is."""
        self.is_on = expression.true(value if value is not None else False)
        if self.is_on and self.node.style:  # later than when the page was made
            self._alone()

    def result(self):
        """Its value, for the group."""
        return expression.shown(self.node.get("value"))

    def draw(self, surface, place, look, opacity):
        """A circle as large as fits."""
        x, y, width, height = place
        size = min(width, height) - 2
        if size < 4:
            return
        x += (width - size) // 2
        y += (height - size) // 2
        is_dull = self.flag("disabled")
        if not self.is_on or is_dull:
            surface.rounded_rect(x, y, size, size, size, _EDGE, opacity)
            surface.rounded_rect(x + 1, y + 1, size - 2, size - 2, size, _DULL if is_dull else _WHITE, opacity)
        else:
            color = self.tint
            surface.rounded_rect(x, y, size, size, size, rgb(color), cover(color, opacity))
        if self.is_on:
            marks.tick(surface, x, y, size, _GREY if is_dull else _WHITE, opacity)

    def tapped(self, x, y):
        """Choose it; what is chosen stays."""
        if not self.flag("disabled") and not self.is_on:
            self.is_on = True
            self.repaint()
            group = self._alone()
            if group:
                group.tell("change", {"value": self.result()})
        return True

    def _alone(self):
        """No other of the group is chosen; the group's component, or None."""
        group = enclosing(self.node, "radio-group")
        for other in within(group.node, ("radio",)) if group else ():
            if other.is_on and other is not self:
                other.is_on = False
                other.repaint()
        return group
