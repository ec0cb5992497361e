"""
What the pages for a photo and for a video have in common: what the camera sees, the buttons beside it, and the picture that has come of it.

What is seen comes as the camera gives it (kiosk/ui/livepreview.py), straight to the screen.  Buttons lie to the right of it, and below it on a screen
that is higher than wide: one that leaves or begins anew, one that takes, one that turns the camera round or uses what has been taken.
"""

import asyncio

from kiosk import camera, log
from kiosk.album import smaller
from kiosk.album.shown import Shown, reason_of
from kiosk.errors import KioskError
from kiosk.files import content
from kiosk.tasks import finished, spawn
from kiosk.ui.dialogs.panel import NOTHING, Panel, draw_text
from kiosk.ui.livepreview import Preview
from kiosk.ui.paint import font
from kiosk.ui.paint.text import wrap

FIRST = const(0)  # the buttons
MIDDLE = const(1)
LAST = const(2)
LIVE = const(0)
TAKING = const(1)
BUSY = const(2)
REVIEW = const(3)
FAULT = const(4)
_BAR = const(72)  # px
_WHITE = const(0xFFFFFF)
_GREY = const(0xA0A0A0)
_RING = const(52)
_LINES = const(4)
_RETRY = "轻触按钮重试"
_BUSY_TEXT = "处理中…"


class _Eye(Preview):
    """A livepreview.Preview for a page in the place of an element."""

    def __init__(self, page):
        super().__init__(page.eyehole)
        self._page = page

    def failed(self, exc):
        super().failed(exc)
        self._page.fail(exc)


class _Eyehole:
    """What a Preview wants of its component: where it is, and what lies over it."""

    def __init__(self, page, screen):
        self.view = self
        self.screen = self
        self._page = page
        self._on = screen

    @property
    def is_painting(self):
        return self._on.is_painting

    def is_shown(self):
        return self._page.state in (LIVE, TAKING) and self._on.over(self._page) is not None

    def seen_of(self, component):
        display, layers = self._on.over(self._page)
        box = self._page.hole
        return display, box, box, layers

    def repaint(self):
        self._on.layers.changed(self._page, self._page.hole)


class CameraPage(Panel):
    """
    facing: the camera that looks at first.  hole: (x, y, width, height) of what it sees; state: LIVE and its kin.

    A subclass has press(), what the button in the middle does, is_marked(), how it looks, and caption(), a text over the picture.
    """

    def __init__(self, screen, facing):
        super().__init__(screen)
        self._screen = screen
        self.facing = facing if facing in camera.facings() else camera.facings()[0]
        self.state = BUSY
        self.reason = ""
        _, _, width, height = self.box
        self._is_wide = width >= height
        self.hole = (0, 0, width - _BAR, height) if self._is_wide else (0, 0, width, height - _BAR)
        self.eyehole = _Eyehole(self, screen)
        self._eye = _Eye(self)
        self._doing = None  # the task of what is under way
        self._shown = None  # of what has been taken
        self._face = font.face(16)

    # Its life.

    def show(self, chosen):
        """See Panel."""
        super().show(chosen)
        self.do(self._start())

    def close(self):
        """See Panel; the camera is free."""
        if self._doing:
            self._doing.cancel()
            self._doing = None
        camera.detach(self._eye)
        self._eye.close()
        self._drop()
        super().close()

    def do(self, coroutine):
        """Let this be done; what it fails with is said on the page."""
        self._doing = spawn(self._do(coroutine))

    async def _do(self, coroutine):
        try:
            await coroutine
        except (KioskError, OSError, ValueError, MemoryError) as exc:
            self.fail(exc)
        finally:
            if self._doing is asyncio.current_task():
                self._doing = None
            finished()

    def fail(self, exc):
        """Say why there is nothing."""
        self.reason = reason_of(exc)
        log.warn("album", "the camera's page: %s", self.reason)
        camera.detach(self._eye)
        self.become(FAULT)

    def become(self, state):
        """Be in another state."""
        self.state = state
        self._layers.changed(self)

    async def _start(self):
        _, _, width, height = self.hole
        await camera.attach(self._eye, self.facing, (width, height), "rgb565")
        self.become(LIVE)

    async def _turn(self):
        facings = camera.facings()
        self.facing = facings[(facings.index(self.facing) + 1) % len(facings)]
        await camera.use(self.facing)
        self.become(LIVE)

    async def review(self, url_path):
        """Show the picture at a path in the place of what the camera sees, which rests."""
        camera.detach(self._eye)
        path, is_ours = await smaller.to_show(url_path, False, *self.hole[2:])
        try:
            self._shown = Shown(self._screen, path, is_ours, self._not_painted)
            is_ours = False
        finally:
            if is_ours:
                content.discard(path)
        self.become(REVIEW)

    def _not_painted(self, reason):
        self._drop()
        self.reason = reason
        self._layers.changed(self)

    def _drop(self):
        shown, self._shown = self._shown, None
        if shown:
            shown.close()

    def discard(self):
        """What has been taken is not wanted."""

    # Fingers.

    def find(self, x, y):
        """See Panel."""
        left, top, width, height = self.box
        if (x < width - _BAR) if self._is_wide else (y < height - _BAR):
            return NOTHING
        return min(3 * y // height if self._is_wide else 3 * x // width, LAST)

    def place(self, button):
        """See Panel."""
        _, _, width, height = self.box
        if self._is_wide:
            third = height // 3
            return width - _BAR, button * third, _BAR, third
        third = width // 3
        return button * third, height - _BAR, third, _BAR

    def tapped(self, button):
        """See Panel."""
        if button == FIRST and self.state == REVIEW:
            self._drop()
            self.discard()
            self.become(BUSY)
            self.do(self._start())
        elif button == FIRST:
            self.choose(None)
        elif button == LAST and self.state == REVIEW:
            self.use()
        elif button == LAST and self.state == LIVE and len(camera.facings()) > 1:
            self.become(BUSY)
            self.do(self._turn())
        elif button == MIDDLE and self.state == FAULT:
            self.reason = ""
            self.become(BUSY)
            self.do(self._start())
        elif button == MIDDLE and self.state in (LIVE, TAKING):
            self.press()

    # Painting.

    def draw(self, surface):
        """See layers.py."""
        surface.fill_rect(*self.box, 0)
        x, y, width, height = self.hole
        if not surface.is_hidden(*self.hole):
            before = surface.clip(*self.hole)
            if self.state == REVIEW and self._shown:
                self._shown.draw(surface, *self.hole)
            elif self.state in (LIVE, TAKING):
                self._eye.draw(surface, self.hole)
            text = _BUSY_TEXT if self.state == BUSY else self.reason if not self._shown else ""
            if text:
                self._draw_text(surface, text + ("\n" + _RETRY if self.state == FAULT else ""))
            caption = self.caption()
            if caption:
                taken = self._face.measure(caption) + 20
                surface.rounded_rect(x + (width - taken) // 2, y + 6, taken, 24, 12, 0, 128)
                draw_text(surface, caption, self._face, x, y + 6, width, 24, _WHITE)
            surface.unclip(before)
        for button in (FIRST, MIDDLE, LAST):
            if not surface.is_hidden(*self.place(button)):
                self._draw_button(surface, button)

    def _draw_text(self, surface, text):
        x, y, width, height = self.hole
        lines = wrap(text, self._face, width - 32, _LINES, True)
        y += (height - len(lines) * self._face.height) // 2
        for line, taken in lines:
            surface.text(x + (width - taken) // 2, y, line, self._face, _GREY)
            y += self._face.height

    def _draw_button(self, surface, button):
        x, y, width, height = self.place(button)
        color = _GREY if self.pressed == button else _WHITE
        if button == MIDDLE:
            if self.state != REVIEW:
                x, y = x + (width - _RING) // 2, y + (height - _RING) // 2
                surface.border(x, y, _RING, _RING, _RING // 2, 4, color)
                self.draw_mark(surface, x + 8, y + 8, _RING - 16, color if self.state != BUSY else 0x505050)
            return
        if self.state == REVIEW:
            text = "重拍" if button == FIRST else "使用"
        elif button == FIRST:
            text = "取消"
        else:
            text = "翻转" if len(camera.facings()) > 1 and self.state == LIVE else ""
        draw_text(surface, text, self._face, x, y, width, height, color)

    def caption(self):
        """str: what stands over the picture."""
        return ""
