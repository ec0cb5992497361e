"""A question in a white box over the darkened page: showModal, and the kiosk's own about permissions."""

from kiosk.ui.dialogs import shortened
from kiosk.ui.dialogs.panel import BESIDE, DARK, GREY, LINE, NOTHING, PRESSED, WHITE, Panel, draw_text
from kiosk.ui.paint import font
from kiosk.ui.paint.text import wrap

CONFIRM_COLOR = const(0x576B95)
_CANCEL = const(0)
_CONFIRM = const(1)
_WIDTH = const(280)
_MARGIN = const(16)  # px to the screen's edges
PADDING = const(20)
BUTTON = const(44)  # px high
_RADIUS = const(12)
_TITLE_LINES = const(2)
GAP = const(8)


class Modal(Panel):
    """
    title, content: str, either may be empty; confirm, cancel: (text, 0xRRGGBB) of the buttons, cancel None for no such button.

    Chosen is a bool: whether it was confirmed.  text: what has been typed, "" for here nothing is.
    """

    text = ""

    def __init__(self, screen, title, content, confirm=("确定", CONFIRM_COLOR), cancel=("取消", 0)):
        super().__init__(screen)
        self._buttons = (cancel, confirm) if cancel else (confirm,)
        _, _, full_width, full_height = self.box
        width = min(_WIDTH, full_width - 2 * _MARGIN)
        inner = width - 2 * PADDING
        self._title_face, self._face, self._button_face = font.face(16, True), font.face(16), font.face(16, True)
        self._title = wrap(shortened(title), self._title_face, inner, _TITLE_LINES, True) if title else ()
        self._lines = wrap(shortened(content), self._face, inner) if content else ()
        self.length = len(self._lines) * self._face.height
        around = 2 * PADDING + len(self._title) * self._title_face.height + BUTTON
        if self._title and self._lines:
            around += GAP
        shown = min(self.length, full_height - 2 * _MARGIN - around)
        height = around + shown
        x, y = (full_width - width) // 2, (full_height - height) // 2
        self.frame = (x, y, width, height)
        self.view = (x, y + height - BUTTON - PADDING - shown, width, shown)

    def find(self, x, y):
        """See Panel."""
        left, top, width, height = self.frame
        if not (left <= x < left + width and top <= y < top + height):
            return BESIDE
        if y < top + height - BUTTON:
            return NOTHING
        return (x - left) * len(self._buttons) // width

    def place(self, button):
        """See Panel."""
        left, top, width, height = self.frame
        first = left + width * button // len(self._buttons)
        end = left + width * (button + 1) // len(self._buttons)
        return first, top + height - BUTTON, end - first, BUTTON

    def tapped(self, button):
        """See Panel.  Beside it nothing happens: it wants an answer."""
        if button >= 0:
            self.choose(button == len(self._buttons) - 1)

    def draw(self, surface):
        """See layers.py."""
        if self.is_covered():
            return
        self.draw_mask(surface)
        x, y, width, height = self.frame
        if surface.is_hidden(x, y, width, height):
            return
        surface.rounded_rect(x, y, width, height, _RADIUS, WHITE)
        self._draw_head(surface)
        self._draw_content(surface)
        self._draw_buttons(surface)

    def _draw_head(self, surface):
        x, y, width, _ = self.frame
        y += PADDING
        for line, taken in self._title:
            surface.text(x + (width - taken) // 2, y, line, self._title_face, DARK)
            y += self._title_face.height

    def _draw_content(self, surface):
        x, y, width, height = self.view
        if surface.is_hidden(x, y, width, height):
            return
        before = surface.clip(x, y, width, height)
        step = self._face.height
        _, top, _, bottom = surface.clipped()
        first = max(top - y + self.offset, 0) // step
        for at in range(first, min(len(self._lines), (bottom - y + self.offset + step - 1) // step)):
            line, taken = self._lines[at]
            color = GREY if self._title else DARK
            surface.text(x + (width - taken) // 2, y + at * step - self.offset, line, self._face, color)
        self.draw_bar(surface)
        surface.unclip(before)

    def _draw_buttons(self, surface):
        x, y, width, height = self.frame
        for button, (text, color) in enumerate(self._buttons):
            place = self.place(button)
            if button == self.pressed:
                before = surface.clip(*place)
                surface.rounded_rect(x, y, width, height, _RADIUS, PRESSED)
                surface.unclip(before)
            draw_text(surface, text, self._button_face, *place, color)
        surface.fill_rect(x, y + height - BUTTON, width, 1, LINE)
        if len(self._buttons) > 1:
            surface.fill_rect(x + width // 2, y + height - BUTTON, 1, BUTTON, LINE)
