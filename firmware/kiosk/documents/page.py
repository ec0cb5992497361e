"""
The page that a document is read on, a layer over the mini-program's page: a title, a way back, what is read, and a way through its pages.

A finger scrolls, sideways too where there are columns; else a stroke sideways turns the page, as do the arrows below.
"""

import asyncio
from time import ticks_ms

from kiosk import errors, log
from kiosk.documents.flow import Flow
from kiosk.documents.layout import DARK
from kiosk.errors import KioskError
from kiosk.ui.bars import title_px
from kiosk.ui.bars.navigation import chevron
from kiosk.ui.dialogs.panel import draw_text
from kiosk.ui.layers import PICKER
from kiosk.ui.motion import Glide, Speed
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit, wrap

_TAG = "documents"
_LOADING = "加载中…"
_RETRY = "轻触重试"
_EMPTY = "（空白）"
_TO_TOP = "回到开头"
_TO_LAST = "跳到最后一页"
_WHITE = const(0xFFFFFF)
_BAR = const(0xEDEDED)
_LINE = const(0xD5D5D5)
_GREY = const(0x7F7F7F)
_MOVED_PX = const(8)
_STROKE_PX = const(50)  # that turns a page
_SIZE = const(16)
_MARGIN_PX = const(16)
_LINES = const(6)  # of a message


class DocumentPage:
    """screen: BoardScreen; document: a prepared Local or Remote; title: str; has_menu: bool; closed: called when it has been left."""

    is_modal = True

    def __init__(self, screen, document, title, has_menu, closed):
        self._screen = screen
        self._document = document
        self._closed = closed
        self._bar = high = title_px(screen.height)
        self.box = (0, 0, screen.width, screen.height)
        self._has_menu = has_menu
        self._title = fit(" ".join(title[:100].split()), font.face(_SIZE, True), screen.width - 2 * high - 8)
        self._foot = high if document.count > 1 else 0
        self._columns = None
        if document.columns:
            from kiosk.documents.sheet import HEAD_PX, Columns

            self._columns = Columns(document.columns)
        head = HEAD_PX if self._columns else 0
        self._view = (0, high + head, screen.width, screen.height - high - head - self._foot)
        self.number = 0  # of the page
        self.message = ""  # in the place of a page
        self._source = self._flow = None
        self._turning = self._reading = self._asking = None  # tasks
        self._pressed = ""
        self._finger = None  # where it was last, while it is down
        self._way = ""  # "down" or "across", once it has moved

    # Its life.

    async def begin(self):
        """Show it with its first page; whatever keeps that from being read is raised, and nothing is shown."""
        await self._read(0)
        self._screen.layers.put(self, PICKER)

    def close(self, is_left=False):
        """Be gone, and let go of everything; is_left: somebody has left it."""
        for task in (self._turning, self._reading, self._asking):
            if task and task is not asyncio.current_task():
                task.cancel()
        self._screen.mover.cancel()
        self._screen.layers.take(self)
        self._drop()
        if is_left:
            self._document.leave()
        self._document.close()
        self._closed(self)

    def _drop(self):
        if self._source:
            self._source.close()
        self._source = self._flow = None

    async def _read(self, number):
        self._drop()
        source = await self._document.source(number, self._view[2])
        self._source = source
        self.number = number
        if self._columns:
            self._columns.offset = self._columns.last = 0
        self._flow = Flow(source, self._view[3])
        self._see()
        self.message = "" if self._flow.seen else _EMPTY
        source.failed = self._fail

    # Pages.

    def turn(self, number):
        """Show another page; what is wrong with it is said in its place."""
        if not 0 <= number < self._document.count:
            return
        if self._turning:
            self._turning.cancel()
        if self._reading:
            self._reading.cancel()
            self._reading = None
        self._screen.mover.cancel()
        self._drop()
        self.number = number
        self.message = _LOADING
        self._changed()
        self._turning = asyncio.create_task(self._turn(number))

    async def _turn(self, number):
        try:
            await self._read(number)
        except (KioskError, OSError, ValueError, MemoryError) as exc:
            self._fail(str(exc) if isinstance(exc, ValueError) else errors.from_exception(exc).reason)
        self._turning = None
        self._changed()

    def _fail(self, reason):
        """The page cannot be shown."""
        log.warn(_TAG, "page %d is not shown: %s", self.number + 1, reason)
        self._drop()
        self.message = reason + "\n" + _RETRY
        self._changed()

    def _read_on(self):
        if self._source and self._reading is None and self._flow.seen and self._source.wants(self._flow.seen[-1][1]):
            self._reading = asyncio.create_task(self._reads())

    async def _reads(self):
        source, flow = self._source, self._flow
        await source.more(flow.seen[-1][1])
        self._reading = None
        if flow is self._flow and flow.fill():
            self._see()
            self._changed(True)

    def _see(self):
        if self._columns:
            for _, _, grid in self._flow.seen:
                self._columns.seen(grid)
        self._read_on()

    # Fingers.

    def touched(self, phase, x, y):
        """See layers.py."""
        if phase == "start":
            self._finger = x, y
            self._first = x, y
            self._way = ""
            self._speed = Speed()
            self._speed.note(ticks_ms(), y)
            self._press(self._key_at(x, y))
        elif phase == "move":
            if self._pressed and self._key_at(x, y) != self._pressed:
                self._press("")
            self._move(x, y)
        else:
            pressed = self._pressed
            self._press("")
            if phase == "end":
                self._lifted(pressed, x, y)
            self._finger = None

    def _key_at(self, x, y):
        """str: what can be pressed there."""
        width, height = self.box[2:]
        if y < self._bar:
            if x < self._bar:
                return "back"
            return "menu" if self._has_menu and x >= width - self._bar else ""
        if self._foot and y >= height - self._foot:
            if x < 2 * self._foot:
                return "previous"
            return "next" if x >= width - 2 * self._foot else ""
        return "view"

    def _press(self, key):
        if key != self._pressed:
            self._pressed = key
            self._screen.layers.changed(self, (0, 0, self.box[2], self._bar))
            if self._foot:
                self._screen.layers.changed(self, (0, self.box[3] - self._foot, self.box[2], self._foot))

    def _move(self, x, y):
        across, down = abs(x - self._first[0]), abs(y - self._first[1])
        if not self._way:
            if max(across, down) <= _MOVED_PX or not self._view[1] <= self._first[1] < self._view[1] + self._view[3]:
                return
            self._way = "across" if across > down else "down"
        by_x, by_y = self._finger[0] - x, self._finger[1] - y
        self._finger = x, y
        self._speed.note(ticks_ms(), y)
        if self._way == "down":
            self.scroll(by_y)
        elif self._columns and self._columns.move(by_x, self._view[2]):
            self._changed()

    def _lifted(self, pressed, x, y):
        if self._way == "down":
            glide = Glide(self._speed.at(ticks_ms()))
            if glide.duration_ms:
                self._screen.mover.start(_Gliding(self, glide))
        elif self._way == "across":
            far = x - self._first[0]
            if not self._columns and abs(far) >= _STROKE_PX:
                self.turn(self.number + (1 if far < 0 else -1))
        elif pressed == self._key_at(x, y):
            self._tapped(pressed)

    def _tapped(self, key):
        if key == "back":
            self.close(True)
        elif key == "menu":
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask())
        elif key in ("previous", "next"):
            self.turn(self.number + (1 if key == "next" else -1))
        elif key == "view" and self.message.endswith(_RETRY):
            self.turn(self.number)

    async def _ask(self):
        from kiosk.ui import dialogs
        from kiosk.ui.dialogs.sheet import ActionSheet

        try:
            items = [_TO_TOP] + ([_TO_LAST] if self._document.count > 1 else [])
            chosen = await dialogs.answer(ActionSheet(self._screen, items))
        finally:
            self._asking = None
        if chosen == 1:
            self.turn(self._document.count - 1)
        elif chosen == 0 and self.number:
            self.turn(0)
        elif chosen == 0 and self._flow:
            self._flow.to_top()
            self._changed()

    def scroll(self, by):
        """Move what is read up by so many px; bool: whether it has moved."""
        if not self._flow or not by:
            return False
        moved = self._flow.move(by)
        self._see()
        if moved:
            self._changed(True)
        return moved != 0

    # Painting.

    def _changed(self, is_view=False):
        if is_view:
            self._screen.layers.changed(self, self._view)
        else:
            self._screen.layers.changed(self)

    def draw(self, surface):
        """See layers.py."""
        _, _, width, height = self.box
        self._draw_title(surface, width)
        if self._foot:
            self._draw_foot(surface, width, height)
        x, y, _, high = self._view
        if self._columns:
            self._columns.draw_head(surface, x, self._bar, width)
        if surface.is_hidden(*self._view):
            return
        before = surface.clip(*self._view)
        surface.fill_rect(*self._view, _WHITE)
        if self._flow and self._flow.seen:
            top = y - self._flow.above
            for _, _, laid in self._flow.seen:
                if not surface.is_hidden(x, top - 1, width, laid.height + 1):
                    if self._columns:
                        self._columns.draw_row(surface, laid, x, top, width)
                    else:
                        laid.draw(surface, x, top)
                top += laid.height
            self._draw_place(surface)
        else:
            self._draw_message(surface)
        surface.unclip(before)

    def _draw_title(self, surface, width):
        high = self._bar
        if surface.is_hidden(0, 0, width, high):
            return
        surface.fill_rect(0, 0, width, high, _BAR)
        chevron(surface, high // 2, high // 2, DARK, 128 if self._pressed == "back" else 255)
        text, taken = self._title
        face = font.face(_SIZE, True)
        surface.text((width - taken) // 2, (high - face.height) // 2, text, face, DARK)
        if self._has_menu:
            alpha = 128 if self._pressed == "menu" else 255
            for dot in (-7, 0, 7):
                surface.rounded_rect(width - high // 2 + dot - 2, high // 2 - 2, 4, 4, 2, DARK, alpha)
        surface.fill_rect(0, high - 1, width, 1, _LINE)

    def _draw_foot(self, surface, width, height):
        top, high = height - self._foot, self._foot
        if surface.is_hidden(0, top, width, high):
            return
        surface.fill_rect(0, top, width, high, _BAR)
        surface.fill_rect(0, top, width, 1, _LINE)
        count = "%d / %d" % (self.number + 1, self._document.count)
        name = self._document.label(self.number)
        face = font.face(_SIZE)
        room = width - 4 * high
        if name:
            room -= face.measure("  " + count)
            count = fit(name, face, max(room, _SIZE))[0] + "  " + count
        draw_text(surface, count, face, 0, top, width, high, DARK)
        for key, x, sign, is_there in (
            ("previous", high, "‹", self.number > 0),
            ("next", width - high, "›", self.number + 1 < self._document.count),
        ):
            alpha = 60 if not is_there else 128 if self._pressed == key else 255
            _arrow(surface, x, top + high // 2, sign, alpha)

    def _draw_place(self, surface):
        """Where in it one is."""
        x, y, width, height = self._view
        first, last = self._flow.span()
        if last - first < 1000:
            size = max((last - first) * height >> 10, 12)
            at = min(first * height >> 10, height - size)
            surface.rounded_rect(x + width - 4, y + at, 3, size, 1, 0, 60)

    def _draw_message(self, surface):
        x, y, width, height = self._view
        face = font.face(_SIZE)
        lines = wrap(self.message, face, width - 2 * _MARGIN_PX, _LINES, True)
        top = y + (height - len(lines) * face.height) // 2
        for line, taken in lines:
            surface.text(x + (width - taken) // 2, top, line, face, _GREY)
            top += face.height


def _arrow(surface, x, y, sign, alpha):
    # Not navigation.chevron(), whose soft edges shine through where it is pale.
    for row in range(-8, 9):
        left = x - 4 + abs(row) if sign == "‹" else x + 4 - abs(row)
        surface.fill_rect(left, y + row, 2, 1, DARK, alpha)
        surface.fill_rect(left - 1, y + row, 1, 1, DARK, alpha // 2)
        surface.fill_rect(left + 2, y + row, 1, 1, DARK, alpha // 2)


class _Gliding:
    """What a finger has left in motion (scrolling.Mover says what it is)."""

    stops_at_touch = True

    def __init__(self, page, glide):
        self._page = page
        self._glide = glide
        self._gone = 0

    def step(self, ms):
        """Be where it is after so many ms; bool: whether it goes on."""
        by = self._glide.at(ms) - self._gone
        self._gone += by
        return (not by or self._page.scroll(-by)) and ms < self._glide.duration_ms

    def end(self):
        """Something else moves now: it stops where it is."""
