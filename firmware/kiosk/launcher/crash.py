"""The page after a crash: which mini-program, and what was the matter in the words of the traceback's last line."""

from kiosk.ui.dialogs import shortened
from kiosk.ui.dialogs.marks import draw_error
from kiosk.ui.dialogs.panel import DARK, GREY, WHITE, Panel, draw_text
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit, wrap

_STOPPED = "小程序已停止运行"
_AGAIN = "多次启动失败，稍后重试"
_HINT = "轻触屏幕继续"
_RED = const(0xFA5151)
_SIDE = const(44)
_TOP = const(20)
_PADDING = const(20)
_GAP = const(8)
_LINES = const(4)
_HINT_HIGH = const(36)


class Crash(Panel):
    """name: str, the mini-program's, or ""; why: str, "" if it has not lasted several times.  Chosen is None, by any tap."""

    def __init__(self, screen, name, why):
        super().__init__(screen)
        width = self.box[2] - 2 * _PADDING
        self._title_face, self._face = font.face(16, True), font.face(14)
        self._title = _STOPPED if why else _AGAIN
        self._name = fit(shortened(name), self._face, width)[0]
        self._lines = wrap(shortened(why), self._face, width, _LINES, True)

    def tapped(self, button):
        """See Panel."""
        self.choose(None)

    def draw(self, surface):
        """See layers.py."""
        _, _, width, height = self.box
        surface.fill_rect(0, 0, width, height, WHITE)
        mark = ((width - _SIDE) // 2, _TOP, _SIDE, _SIDE)
        if not surface.is_hidden(*mark):
            surface.rounded_rect(*mark, _SIDE // 2, _RED)
            draw_error(surface, mark[0] + 8, mark[1] + 8, _SIDE - 16, WHITE)
        y = _TOP + _SIDE + _GAP
        high = self._title_face.height
        draw_text(surface, self._title, self._title_face, 0, y, width, high, DARK)
        y += high
        high = self._face.height
        if self._name:
            draw_text(surface, self._name, self._face, 0, y, width, high, DARK)
            y += high
        y += _GAP
        for line, taken in self._lines:
            surface.text((width - taken) // 2, y, line, self._face, GREY)
            y += high
        draw_text(surface, _HINT, self._face, 0, height - _HINT_HIGH, width, _HINT_HIGH, GREY)
