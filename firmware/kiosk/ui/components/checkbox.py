"""<checkbox>: a box with a tick.  Its group hears of it.  144 bytes of heap."""

from kiosk.ui import expression
from kiosk.ui.components import marks
from kiosk.ui.components.control import Control, cover, enclosing
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
        """Ticked or not."""
        self.is_on = expression.true(value if value is not None else False)

    def result(self):
        """Its value if it is ticked, for the group."""
        return expression.shown(self.node.get("value"))

    def draw(self, surface, place, look, opacity):
        """A square as large as fits."""
        draw(self, surface, place, opacity)

    def tapped(self, x, y):
        """Tick it, or no longer."""
        if not self.flag("disabled"):
            self.is_on = not self.is_on
            self.repaint()
            group = enclosing(self.node, "checkbox-group")
            if group:
                group.tell("change", {"value": group.result()})
        return True


def draw(control, surface, place, opacity):
    """A box with a tick where `control.is_on`, as a switch of the type checkbox has it, too."""
    x, y, width, height = place
    size = min(width, height) - 2
    if size < 4:
        return
    x += (width - size) // 2
    y += (height - size) // 2
    is_dull = control.flag("disabled")
    surface.rounded_rect(x, y, size, size, 3, _EDGE, opacity)
    surface.rounded_rect(x + 1, y + 1, size - 2, size - 2, 2, _DULL if is_dull else _WHITE, opacity)
    if control.is_on:
        color = control.tint
        marks.tick(surface, x, y, size, _GREY if is_dull else rgb(color), cover(color, opacity))
