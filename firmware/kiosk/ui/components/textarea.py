"""<textarea>: lines of text.  450 bytes of heap, its text, and 8 bytes for each line; the keyboard while it has the focus."""

from kiosk.ui import boxes
from kiosk.ui.components import lines
from kiosk.ui.components.control import cover
from kiosk.ui.components.field import Field
from kiosk.ui.items import rgb


class Component(Field):
    """More lines than fit are scrolled, by a finger too, so that the caret is seen."""

    default_confirm = "return"

    def __init__(self, node, view):
        self._starts = None  # of the lines, as wide as _width
        self._width = self._top = self._count = 0
        self._from = 0  # where the finger that scrolls was last
        super().__init__(node, view)

    def text_changed(self):
        """Other lines, and another height if it grows by itself."""
        self._starts = None
        if self.node.style and self.node.w >= 0:
            count = len(self._lines())
            if count != self._count:
                if self.flag("auto-height"):
                    self.view.moved(self.node)
                if self.is_focused:
                    line = self._line_64()
                    height = count * line >> 6
                    self.tell(
                        "linechange",
                        {"lineCount": count, "height": height, "heightRpx": height * 750 // self.view.screen.width},
                    )
            self._count = count
            self.caret_moved()

    def _line_64(self):
        """Height of a line in 1/64 px."""
        values = self.node.style.values
        height = values.get("line-height", "normal")
        if not isinstance(height, int):
            ascent, descent = self.view.screen.line(boxes.font_of(values))
            return int((ascent + descent) * 64)
        return (values["font-size"] >> 1) * (height >> 1) >> 6 if height & 1 else height >> 1

    def _shown(self):
        return self.text[: self.caret] + self.spelt + self.text[self.caret :] if self.spelt else self.text

    def _lines(self):
        """list of int: where the lines begin; with what is spelt."""
        width = self.inner()[2]
        if self._starts is None or self._width != width:
            self._starts, self._width = lines.starts(self._shown(), width, self.measure), width
        return self._starts

    def composing(self, text):
        """What is spelt may be on another line."""
        self._starts = None
        super().composing(text)
        self.caret_moved()

    def height(self, width):
        """That of its lines, at least one."""
        self._starts, self._width = lines.starts(self._shown(), width >> 6, self.measure), width >> 6
        self._count = len(self._starts)
        return self._count * self._line_64()

    def _line_of(self, at):
        """Which line a character is on."""
        starts = self._lines()
        low, high = 0, len(starts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if starts[middle] <= at:
                low = middle
            else:
                high = middle - 1
        return low

    def _text_of(self, number):
        """str: a line, without what ends it."""
        starts = self._lines()
        end = starts[number + 1] if number + 1 < len(starts) else None
        text = self._shown()[starts[number] : end]
        return text[:-1] if text.endswith("\n") else text

    def _far(self):
        """How far it can be scrolled, in px."""
        return max(0, (len(self._lines()) * self._line_64() >> 6) - self.inner()[3])

    def caret_moved(self):
        """Scroll to the caret's line."""
        if self.node.style and self.node.w >= 0:
            line = self._line_64()
            number = self._line_of(self.caret + len(self.spelt))
            height = self.inner()[3]
            self._top = max(min(self._top, number * line >> 6), ((number + 1) * line >> 6) - height, 0)
            self._top = min(self._top, self._far())

    def draw(self, surface, place, look, opacity):
        """The lines that are seen, and the caret."""
        x, y, width, height = self.inner(place)
        before = surface.clip(x, y, width, height)
        line = self._line_64()
        lead = ((line >> 6) - look.face.height) // 2
        starts = self._lines()
        if not self.text and not self.spelt:
            text, color = self.placeholder()
            surface.text(x, y + lead, text, look.face, rgb(color), cover(color, opacity))
        first = (self._top << 6) // line if line else 0
        for number in range(first, min(len(starts), first + ((height << 6) // line if line else 0) + 2)):
            at = y + (number * line >> 6) - self._top + lead
            surface.text(x, at, self._text_of(number), look.face, rgb(look.ink), cover(look.ink, opacity))
        if self.is_focused:
            at = self.caret + len(self.spelt)
            number = self._line_of(at)
            across = self.measure(self._shown()[starts[number] : at])
            at = y + (number * line >> 6) - self._top + lead
            if self.spelt:
                begin = max(starts[number], self.caret)
                begin = self.measure(self._shown()[starts[number] : begin])
                surface.fill_rect(x + begin, at + look.face.ascent + 2, across - begin, 1, rgb(look.ink), opacity)
            self.draw_caret(surface, x + min(int(across), width - 2), at, look.face.height, opacity)
        surface.unclip(before)

    def tapped(self, x, y):
        """The keyboard, and the caret where the finger is."""
        if self.flag("disabled"):
            return True
        self.focus()
        if self.is_focused and not self.spelt:
            left, top, _, _ = self.inner()
            starts = self._lines()
            number = max(0, min(((y - top + self._top) << 6) // max(self._line_64(), 1), len(starts) - 1))
            self.put_caret(starts[number] + self.nearest(self._text_of(number), x - left))
        return True

    def drags(self, is_down, x, y):
        """Up and down, where there are more lines than fit."""
        self._from = y
        return is_down and self._far() > 0

    def dragged(self, x, y):
        """Scroll."""
        self._top = max(0, min(self._top + self._from - y, self._far()))
        self._from = y
        self.repaint()

    def confirmed(self):
        """A new line, unless the markup asks for another key."""
        if (self.node.get("confirm-type") or self.default_confirm) == "return":
            self.typed("\n")
        else:
            super().confirmed()
