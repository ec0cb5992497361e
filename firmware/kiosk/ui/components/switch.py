"""<switch>: on or off, as a knob that slides or a box with a tick.  144 bytes of heap."""

from kiosk.ui import expression
from kiosk.ui.components import checkbox
from kiosk.ui.components.control import Control, cover
from kiosk.ui.items import rgb

_GREEN = const(0xFF05E0)  # 04BE02
_EDGE = const(0xDFDFDF)
_OFF = const(0xFDFDFD)
_WHITE = const(0xFFFFFF)


class Component(Control):
    """is_on: bool; tint: its color, as styles have it."""

    given = "checked"

    def read(self):
        """The color."""
        self.tint = self.color("color", _GREEN)

    def take(self, value):
        """On or off."""
        self.is_on = expression.true(value if value is not None else False)

    def result(self):
        """bool."""
        return self.is_on

    def draw(self, surface, place, look, opacity):
        """As large as its box."""
        if self.node.get("type") == "checkbox":
            checkbox.draw(self, surface, place, opacity)
            return
        x, y, width, height = place
        if width < 8 or height < 8:
            return
        opacity = opacity // 2 if self.flag("disabled") else opacity
        knob = height - 2
        if self.is_on:
            color = self.tint
            surface.rounded_rect(x, y, width, height, height // 2, rgb(color), cover(color, opacity))
            surface.rounded_rect(x + width - 1 - knob, y + 1, knob, knob, knob // 2, _WHITE, opacity)
        else:
            surface.rounded_rect(x, y, width, height, height // 2, _EDGE, opacity)
            surface.rounded_rect(x + 1, y + 1, width - 2, height - 2, height // 2 - 1, _OFF, opacity)
            surface.rounded_rect(x + 1, y + 1, knob, knob, knob // 2, _EDGE, opacity)
            surface.rounded_rect(x + 2, y + 2, knob - 2, knob - 2, knob // 2 - 1, _WHITE, opacity)

    def tapped(self, x, y):
        """The other way."""
        if not self.flag("disabled"):
            self.is_on = not self.is_on
            self.repaint()
            self.tell("change", {"value": self.is_on})
        return True
