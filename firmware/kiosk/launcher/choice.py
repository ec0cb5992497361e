"""The list of the mini-programs, which scrolls; chosen is the appid of the one that was tapped."""

from kiosk import log
from kiosk.launcher import shelf
from kiosk.ui.dialogs.marks import Picture
from kiosk.ui.dialogs.panel import DARK, LINE, NOTHING, PRESSED, WHITE, Panel, draw_text
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit

_TITLE = "选择小程序"
_HEAD = const(40)  # px high
_ROW = const(50)
_SIDE = const(32)  # px of an icon
_PADDING = const(16)
_GROUND = const(0xEDEDED)
_MOST_ICONS = const(12)  # 2 KB each
# Of those that have no icon: by turns.
_COLORS = (0x07C160, 0x10AEFF, 0xFA9D3B, 0x6467F0, 0xFA5151)


class Choice(Panel):
    """programs: list of shelf.Program."""

    def __init__(self, screen, programs):
        super().__init__(screen)
        _, _, width, height = self.box
        self._programs = programs
        self._face, self._title_face = font.face(16), font.face(16, True)
        room = width - 3 * _PADDING - _SIDE
        self._names = [fit(program.name, self._face, room)[0] for program in programs]
        self._icons = [_icon(program) if at < _MOST_ICONS else None for at, program in enumerate(programs)]
        self.view = (0, _HEAD, width, height - _HEAD)
        self.length = len(programs) * _ROW

    def find(self, x, y):
        """See Panel."""
        button = (y - _HEAD + self.offset) // _ROW
        return button if y >= _HEAD and button < len(self._programs) else NOTHING

    def place(self, button):
        """See Panel."""
        x, top, width, height = self.view
        y = top + button * _ROW - self.offset
        return x, max(y, top), width, min(y + _ROW, top + height) - max(y, top)

    def tapped(self, button):
        """See Panel."""
        if button >= 0:
            self.choose(self._programs[button].appid)

    def draw(self, surface):
        """See layers.py."""
        x, y, width, height = self.view
        surface.fill_rect(0, 0, width, _HEAD, _GROUND)
        draw_text(surface, _TITLE, self._title_face, 0, 0, width, _HEAD, DARK)
        before = surface.clip(x, y, width, height)
        surface.fill_rect(x, y, width, height, WHITE)
        _, top, _, bottom = surface.clipped()
        first = max(top - y + self.offset, 0) // _ROW
        for number in range(first, min(len(self._programs), (bottom - y + self.offset + _ROW - 1) // _ROW)):
            self._draw_row(surface, number, y + number * _ROW - self.offset, width)
        self.draw_bar(surface)
        surface.unclip(before)

    def _draw_row(self, surface, number, y, width):
        if number == self.pressed:
            surface.fill_rect(0, y, width, _ROW, PRESSED)
        place = (_PADDING, y + (_ROW - _SIDE) // 2, _SIDE, _SIDE)
        icon, name = self._icons[number], self._names[number]
        if icon:
            surface.image(*place, icon)
        else:
            surface.rounded_rect(*place, 6, _COLORS[number % len(_COLORS)])
            draw_text(surface, name[:1].upper(), self._title_face, *place, WHITE)
        left = 2 * _PADDING + _SIDE
        surface.text(left, y + (_ROW - self._face.height) // 2, name, self._face, DARK)
        surface.fill_rect(left, y + _ROW - 1, width - left, 1, LINE)


def _icon(program):
    if not program.icon:
        return None
    try:
        return Picture(shelf.open_icon(program), _SIDE, WHITE)
    except (OSError, ValueError, MemoryError) as exc:
        log.warn("launcher", "the icon of %s cannot be shown: %s", program.appid, exc)
        return None
