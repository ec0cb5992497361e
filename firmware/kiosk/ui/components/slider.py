"""<slider>: a number between two, by a finger.  240 bytes of heap."""

from kiosk import log
from kiosk.ui import boxes, expression
from kiosk.ui.components.control import Control, cover
from kiosk.ui.items import rgb
from kiosk.ui.node import pixels

_TRACK_PX = const(2)
_GAP_PX = const(8)
_ACTIVE = const(0xFF1D63)  # 1AAD19
_GROUND = const(0xFFEF5D)  # E9E9E9
_BLOCK = const(0xFFFFFF)  # alpha and RGB565, as styles have it
_SHADE = const(0xC8C8C8)
_TEXT = const(0x888888)


class Component(Control):
    """now: the value, low to high in steps."""

    now = 0

    def read(self):
        """The limits; wrong ones make a slider that stays where it is, or goes by ones."""
        self._low = self.number("min", 0)
        self._high = self.number("max", 100)
        if self._high < self._low:
            log.warn("page", "<slider> has a max below its min")
            self._high = self._low
        self._step = self.number("step", 1)
        if self._step <= 0:
            log.warn("page", "<slider> has a step that is not above 0")
            self._step = 1
        self._block = int(max(12, min(28, self.number("block-size", 28))))
        self._ground = self.color("backgroundColor", self.color("color", _GROUND))
        self._active = self.color("activeColor", self.color("selected-color", _ACTIVE))
        self._knob = self.color("block-color", _BLOCK)
        self.now = self._limited(self.now)

    def take(self, value):
        """As far as it goes; the attribute need not be on a step."""
        self.now = self._limited(self.number("value", self._low))

    def result(self):
        """The number."""
        return self.now

    def draw(self, surface, place, look, opacity):
        """The track, what of it is behind the block, the block, and the number if that is asked for."""
        x, y, width, height = place
        top, right, bottom, left = [edge >> 6 for edge in boxes.edges(self.node.style.values, self.node.w)]
        first, length = self._track(width)
        first += x
        middle = y + top + (height - top - bottom) // 2
        at = first + self._behind(length)
        ground, active, block = self._ground, self._active, self._knob
        line = middle - _TRACK_PX // 2
        surface.fill_rect(first, line, length, _TRACK_PX, rgb(ground), cover(ground, opacity))
        surface.fill_rect(first, line, at - first, _TRACK_PX, rgb(active), cover(active, opacity))
        size = self._block
        opacity = opacity // 2 if self.flag("disabled") else opacity
        surface.rounded_rect(at - size // 2, middle - size // 2, size, size, size // 2, _SHADE, opacity)
        surface.rounded_rect(
            at - size // 2 + 1,
            middle - size // 2 + 1,
            size - 2,
            size - 2,
            size // 2 - 1,
            rgb(block),
            cover(block, opacity),
        )
        if self.flag("show-value"):
            face = look.face
            x = first + length + self._block // 2 + _GAP_PX
            surface.text(x, middle - face.height // 2, expression.string(self.now), face, _TEXT, opacity)

    def _track(self, width):
        """(first px in the box, px): where the block's middle may be."""
        edges = boxes.edges(self.node.style.values, self.node.w)
        first = (edges[3] >> 6) + self._block // 2
        length = width - ((edges[1] + edges[3]) >> 6) - self._block
        if self.flag("show-value"):
            font = boxes.font_of(self.node.style.values)
            measure = self.view.screen.measure
            length -= 2 * _GAP_PX + int(
                max(measure(expression.string(each), font) for each in (self._low, self._high, self.now))
            )
        return first, max(length, 1)

    def _behind(self, length):
        span = self._high - self._low
        return int((self.now - self._low) * length / span + 0.5) if span else 0

    def _limited(self, value):
        return max(self._low, min(self._high, value))

    def _slid(self, x):
        """Put the block below a finger; whether the number is another."""
        left, _, width, _ = pixels(self.node)
        first, length = self._track(width)
        part = max(0, min(1, (x - left - first) / length))
        steps = int(part * (self._high - self._low) / self._step + 0.5)
        now = self._limited(self._low + steps * self._step)
        if isinstance(now, float):
            now = expression.number("%.6f" % now)
        if now == self.now:
            return False
        self.now = now
        self.repaint()
        return True

    def tapped(self, x, y):
        """The block goes there."""
        if not self.flag("disabled") and self._slid(x):
            self.tell("change", {"value": self.now})
        return True

    def drags(self, is_down, x, y):
        """Sideways."""
        return not is_down and not self.flag("disabled")

    def dragged(self, x, y):
        """The block follows."""
        if self._slid(x):
            self.tell("changing", {"value": self.now})

    def dropped(self, x, y):
        """It stays where it is."""
        self.tell("change", {"value": self.now})
