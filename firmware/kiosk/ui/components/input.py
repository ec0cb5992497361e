"""<input>: one line of text.  400 bytes of heap and its text; the keyboard while it has the focus."""

from kiosk.ui.components.control import cover
from kiosk.ui.components.field import Field
from kiosk.ui.items import rgb

_KINDS = ("text", "number", "idcard", "digit", "safe-password", "nickname")
_MIDDLE = {"center": 1, "right": 2, "end": 2}


class Component(Field):
    """Text longer than the field is scrolled so that the caret is seen."""

    def keys(self):
        """What the markup asks for."""
        kind = self.node.get("type")
        return kind if kind in _KINDS else "text"

    def _seen(self):
        """(str, caret): what is shown, with what is spelt; of a password no character."""
        text, caret = self.text, self.caret
        if self.spelt:
            text = text[:caret] + self.spelt + text[caret:]
            caret += len(self.spelt)
        if self.flag("password") or self.node.get("type") == "safe-password":
            text = "•" * len(text)
        return text, caret

    def draw(self, surface, place, look, opacity):
        """The text or the placeholder in the middle of the box's height, and the caret."""
        x, y, width, height = self.inner(place)
        before = surface.clip(x, y, width, height)
        text, caret = self._seen()
        first, shown = self.window(text, caret, width)
        y += (height - look.face.height) // 2
        if shown or self.is_focused and text:
            x += self._indent(shown, width)
            self.draw_line(surface, x, y, first, shown, look.face, rgb(look.ink), cover(look.ink, opacity))
        else:
            text, color = self.placeholder()
            x += self._indent(text, width)
            surface.text(x, y, text, look.face, rgb(color), cover(color, opacity))
            text = ""
        if self.is_focused:
            at = min(x + int(self.measure(text[first:caret])), place[0] + place[2] - 2)
            self.draw_caret(surface, at, y, look.face.height, opacity)
        surface.unclip(before)

    def _indent(self, shown, width):
        """Px before a text that is not as wide as the field."""
        part = _MIDDLE.get(self.node.style.values.get("text-align"), 0)
        return max(0, int(width - self.measure(shown)) * part // 2) if part and not self._first else 0

    def tapped(self, x, y):
        """The keyboard, and the caret where the finger is."""
        if self.flag("disabled"):
            return True
        self.focus()
        if self.is_focused and not self.spelt:
            left, _, width, _ = self.inner()
            text, caret = self._seen()
            first, shown = self.window(text, caret, width)
            self.put_caret(first + self.nearest(shown, x - left - self._indent(shown, width)))
        return True
