"""
wx.previewImage: one picture at a time over all of the screen.  A stroke sideways turns, a tap closes.

Nothing follows the finger: a picture is decoded anew wherever it is painted.  One from a server is fetched when it is turned to, into a
temporary file that goes when it is turned away from.
"""

import asyncio

from kiosk import album, app, files, log
from kiosk.album import smaller
from kiosk.album.shown import Shown, reason_of
from kiosk.errors import KioskError
from kiosk.files import content
from kiosk.tasks import finished, spawn
from kiosk.ui.dialogs.panel import Panel, draw_text
from kiosk.ui.images import source
from kiosk.ui.layers import PICKER
from kiosk.ui.paint import font
from kiosk.ui.paint.text import wrap

_LOADING = "加载中…"
_WHITE = const(0xFFFFFF)
_GREY = const(0xA0A0A0)
_STROKE_PX = const(40)
_MOVED_PX = const(10)
_FOOT = const(28)
_MARGIN = const(16)
_LINES = const(5)

_shown = None  # Preview


def show(screen, urls, place):
    """Show a picture of urls (list of str), the others beside it; in the place of what is shown already."""
    global _shown
    if _shown:
        _shown.close()
    _shown = Preview(screen, urls)
    album.hold()
    app.current.at_close = (_shown.close,) + app.current.at_close  # before temporary files are swept
    screen.layers.put(_shown, PICKER)
    try:
        _shown.turn(place)
    except MemoryError:
        _shown.close()
        raise


class Preview(Panel):
    """See show().  place (int): of the picture in urls; message (str): in its place."""

    def __init__(self, screen, urls):
        super().__init__(screen)
        self._screen = screen
        self._urls = urls
        self._picture = self._loading = None
        self._from = None  # where the finger came down
        self._face = font.face(16)
        self.place = 0
        self.message = _LOADING

    def turn(self, place):
        """Show another one; there need not be one there."""
        if not 0 <= place < len(self._urls):
            return
        self._drop()
        self.place = place
        self.message = _LOADING
        self._layers.changed(self)
        self._loading = spawn(self._load(self._urls[place]))

    async def _load(self, url):
        path, is_ours = None, False
        try:
            path, is_ours = await source.fetch(url)
            path, is_ours = await smaller.to_show(path, is_ours, *self.box[2:])
            self._picture = Shown(self._screen, path, is_ours, self._fail)
            is_ours = False  # it is the picture's
            self.message = ""
        except (KioskError, OSError, ValueError, MemoryError) as exc:
            self._fail(reason_of(exc))
        finally:
            if is_ours:  # cancelled, too
                content.discard(path)
            if self._loading is asyncio.current_task():  # else another one is on its way
                self._loading = None
            finished()
        self._layers.changed(self)

    def _fail(self, reason):
        log.warn("album", "%s is not shown: %s", files.paths.shown(self._urls[self.place]), reason)
        if self._picture:
            self._picture.close()
            self._picture = None
        self.message = reason
        self._layers.changed(self)

    def _drop(self):
        loading, self._loading = self._loading, None
        if loading:
            loading.cancel()
        if self._picture:
            self._picture.close()
            self._picture = None

    def close(self):
        """Be gone.  Again: nothing."""
        global _shown
        if self is not _shown:
            return
        _shown = None
        self._drop()
        super().close()
        if app.current:
            app.current.at_close = tuple([each for each in app.current.at_close if each != self.close])
        album.let_go()

    def touched(self, phase, x, y):
        """See layers.py."""
        if phase == "start":
            self._from = x, y
        elif phase == "end" and self._from:
            across, down = x - self._from[0], y - self._from[1]
            if abs(across) >= _STROKE_PX and abs(across) > abs(down):
                self.turn(self.place + (1 if across < 0 else -1))
            elif abs(across) + abs(down) <= _MOVED_PX:
                self.close()

    def draw(self, surface):
        """See layers.py."""
        _, _, width, height = self.box
        surface.fill_rect(0, 0, width, height, 0)
        if self._picture:
            self._picture.draw(surface, 0, 0, width, height)
        else:
            lines = wrap(self.message, self._face, width - 2 * _MARGIN, _LINES, True)
            y = (height - len(lines) * self._face.height) // 2
            for line, taken in lines:
                surface.text((width - taken) // 2, y, line, self._face, _GREY)
                y += self._face.height
        if len(self._urls) > 1:
            text = "%d / %d" % (self.place + 1, len(self._urls))
            taken = self._face.measure(text) + 20
            surface.rounded_rect((width - taken) // 2, height - _FOOT, taken, 24, 12, 0, 128)
            draw_text(surface, text, self._face, 0, height - _FOOT, width, 24, _WHITE)
