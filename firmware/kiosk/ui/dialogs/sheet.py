"""A list to choose from, at the lower edge of the screen: showActionSheet."""

from kiosk.ui.dialogs import shortened
from kiosk.ui.dialogs.panel import BESIDE, DARK, GREY, LINE, NOTHING, PRESSED, WHITE, Panel, draw_text
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit

_ROW = const(44)  # px high
_ALERT = const(36)
_GAP = const(6)  # px between the items and the button that cancels
_GROUND = const(0xF2F2F2)
_RADIUS = const(12)
_FREE = const(20)  # px of the page that are seen above it
_PADDING = const(16)
_CANCEL_TEXT = "取消"


class ActionSheet(Panel):
    """items: list of str; color: 0xRRGGBB of theirs; alert: str above them.  Chosen is the item's number, or None: cancelled."""

    def __init__(self, screen, items, color=0, alert=""):
        super().__init__(screen)
        _, _, width, height = self.box
        self._face, self._alert_face = font.face(16), font.face(14)
        self._items = [fit(shortened(item), self._face, width - 2 * _PADDING)[0] for item in items]
        self._color = color
        self._alert = fit(shortened(alert), self._alert_face, width - 2 * _PADDING)[0]
        head = _ALERT if alert else 0
        self.length = len(items) * _ROW
        shown = min(self.length, height - _FREE - head - _GAP - _ROW)
        self._top = height - head - shown - _GAP - _ROW
        self.view = (0, self._top + head, width, shown)

    def find(self, x, y):
        """See Panel.  The button that cancels is the one after the items."""
        if y < self._top:
            return BESIDE
        _, top, _, height = self.view
        if y >= self.box[3] - _ROW:
            return len(self._items)
        if not top <= y < top + height:
            return NOTHING
        return min((y - top + self.offset) // _ROW, len(self._items) - 1)

    def place(self, button):
        """See Panel."""
        x, y, width, height = self.view
        if button == len(self._items):
            return x, self.box[3] - _ROW, width, _ROW
        top = y + button * _ROW - self.offset
        return x, max(top, y), width, min(top + _ROW, y + height) - max(top, y)

    def tapped(self, button):
        """See Panel."""
        if button != NOTHING:
            self.choose(button if 0 <= button < len(self._items) else None)

    def draw(self, surface):
        """See layers.py."""
        if self.is_covered():
            return
        self.draw_mask(surface)
        _, _, width, height = self.box
        if surface.is_hidden(0, self._top, width, height):
            return
        surface.rounded_rect(0, self._top, width, height, _RADIUS, WHITE)  # its lower corners are below the screen
        x, y, _, shown = self.view
        if self._alert:
            draw_text(surface, self._alert, self._alert_face, 0, self._top, width, _ALERT, GREY)
        self._draw_items(surface)
        surface.fill_rect(0, y + shown, width, _GAP, _GROUND)
        place = self.place(len(self._items))
        surface.fill_rect(*place, PRESSED if self.pressed == len(self._items) else WHITE)
        draw_text(surface, _CANCEL_TEXT, self._face, *place, DARK)

    def _draw_items(self, surface):
        x, y, width, shown = self.view
        if surface.is_hidden(x, y, width, shown):
            return
        before = surface.clip(x, y, width, shown)
        for number, text in enumerate(self._items):
            top = y + number * _ROW - self.offset
            if surface.is_hidden(x, top, width, _ROW):
                continue
            if number == self.pressed:
                self._draw_pressed(surface, top)
            if number or self._alert:
                surface.fill_rect(x, top, width, 1, LINE)
            draw_text(surface, text, self._face, x, top, width, _ROW, self._color)
        self.draw_bar(surface)
        surface.unclip(before)

    def _draw_pressed(self, surface, top):
        # What is the sheet's own rounded corner stays one.
        _, _, width, height = self.box
        before = surface.clip(0, top, width, _ROW)
        surface.rounded_rect(0, self._top, width, height, _RADIUS, PRESSED)
        surface.unclip(before)
