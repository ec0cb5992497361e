"""
Toasts and loadings: one widget, which shows what was asked for last (wx-rules.md, rule 20).

The task beside it turns the loading mark, of which nothing else is painted, and takes a toast away when its time is over.
"""

import asyncio
import time

from kiosk import app
from kiosk.errors import KioskError
from kiosk.ui.dialogs import marks, shortened
from kiosk.ui.layers import TOAST
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit, wrap

_FILL = const(0x4C4C4C)
_INK = const(0xFFFFFF)
_SIDE = const(44)  # px of a mark or a picture
_WIDTH = const(136)
_HEIGHT = const(120)
_MARK_TOP = const(24)
_TEXT_TOP = const(80)
_PADDING = const(12)
_RADIUS = const(8)
_LINES = const(2)  # of a toast without a mark
_TURN_MS = const(100)

_shown = None  # the Toast on the screen
_end_ms = None  # ticks; None: until it is hidden
_watch = None  # the task


class Toast:
    """kind: "toast" or "loading"; icon: "success", "error", "loading", "none" or a marks.Picture; mask: whether the page cannot be touched."""

    def __init__(self, on, kind, title, icon, mask):
        self.kind = kind
        self.is_modal = mask
        self.icon = icon
        self.turn = 0
        self._face = font.face(14)
        title = shortened(title)
        if icon == "none":
            self._lines = wrap(title, self._face, min(on.width - 64, 240) - 2 * _PADDING, _LINES, True)
            width = max(taken for _, taken in self._lines) + 2 * _PADDING
            height = len(self._lines) * self._face.height + 2 * _PADDING
        else:
            self._lines = (fit(title.replace("\n", " "), self._face, _WIDTH - 2 * _PADDING),)
            width, height = _WIDTH, _HEIGHT
        self.box = ((on.width - width) // 2, (on.height - height) // 2, width, height)
        self.mark = (self.box[0] + (width - _SIDE) // 2, self.box[1] + _MARK_TOP, _SIDE, _SIDE)

    def touched(self, phase, x, y):
        """See layers.py.  Nothing happens."""

    def draw(self, surface):
        """See layers.py."""
        x, y, width, height = self.box
        surface.rounded_rect(x, y, width, height, _RADIUS, _FILL)
        top = y + _PADDING
        if self.icon != "none":
            top = y + _TEXT_TOP
            if not surface.is_hidden(*self.mark):
                self._draw_mark(surface)
        for line, taken in self._lines:
            surface.text(x + (width - taken) // 2, top, line, self._face, _INK)
            top += self._face.height

    def _draw_mark(self, surface):
        x, y, _, _ = self.mark
        if self.icon == "success":
            marks.draw_success(surface, x, y, _SIDE, _INK)
        elif self.icon == "error":
            marks.draw_error(surface, x, y, _SIDE, _INK)
        elif self.icon == "loading":
            marks.draw_loading(surface, x, y, _SIDE, _INK, self.turn)
        else:
            surface.image(*self.mark, self.icon)


def show(on, kind, title, icon, mask, duration_ms=None):
    """Show a "toast" or a "loading" on a screen instead of what there is; duration_ms None: until it is hidden."""
    global _shown, _end_ms, _watch
    made = Toast(on, kind, title, icon, mask)
    if _shown:
        on.layers.take(_shown)
    _shown = made
    on.layers.put(made, TOAST)
    _end_ms = None if duration_ms is None else time.ticks_add(time.ticks_ms(), int(duration_ms))
    if _watch is None:
        _watch = asyncio.create_task(_tend(on.layers))
        app.current.at_close += (_watch.cancel,)


def hide(kind=None):
    """Take away what is shown, or only a "toast" or a "loading".  Nothing shown is no error."""
    global _shown
    if _shown and kind in (None, _shown.kind):
        from kiosk import ui

        ui.screen.layers.take(_shown)
        _shown = None


async def _tend(layers):
    # Of one toast after the other: a hundred of them in one handler are no hundred tasks.
    while True:
        await asyncio.sleep_ms(_TURN_MS)
        if _shown is None:
            continue
        if _end_ms is not None and time.ticks_diff(_end_ms, time.ticks_ms()) <= 0:
            hide()
        elif _shown.icon == "loading":
            _shown.turn = (_shown.turn + 1) % marks.SPOKES
            layers.changed(_shown, _shown.mark)


def picture(path):
    """The picture of a toast: path (str) of the package, or wxfile://.  KioskError: it is not there, or no picture."""
    from kiosk import files

    own = files.current()
    real = own.readable(path)
    own.file_size(real, path)  # which says what is wrong with it
    try:
        return marks.Picture(open(real, "rb"), _SIDE, _FILL)
    except ValueError as exc:
        raise KioskError("parameter", "parameter.image: %s;" % exc)
