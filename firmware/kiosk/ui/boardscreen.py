"""
The pages on a board's display: laid out with the fonts of the image, painted when the loop turns next, touched.

    ui.screen = BoardScreen(display, touch)

What is painted is what has changed since; several setData in one handler are one paint.  A paint that takes long lets the loop turn:
what changes meanwhile is painted as it is by then, and what had been painted of it once more.
"""

import asyncio
import gc

from kiosk import log
from kiosk.ui import scrolling
from kiosk.ui.bars import Bars
from kiosk.ui.fingers import Fingers
from kiosk.ui.items import items, rgb, stick_out
from kiosk.ui.layers import Layers
from kiosk.ui.node import pixels
from kiosk.ui.pages import Pages
from kiosk.ui.paint import font
from kiosk.ui.paint.painter import Painter

_TAG = "screen"
_WHITE = const(0xFFFFFF)
_OVERHANG = const(2)  # px: a letter may reach beyond its own width
_BRIGHT = const(100)


class BoardScreen(Pages):
    """
    display: as in drivers/display; touch: as in drivers/touch, or None.  Both are this screen's until close().

    shown: (page, View) of what is seen, None for a page without markup; layers: what lies over it; bars: those around it;
    mover: what of it moves by itself.
    """

    def __init__(self, display, touch):
        super().__init__(display.width, display.height, self._measure, self._line, self._spoil)
        self._display = display
        self._faces = {}
        self._painter = Painter(_WHITE)
        self._prunes = True  # see _may_prune(); None: not known yet
        self._painting = None  # the task that will paint
        self._is_lit = False
        self.shown = None
        self.layers = Layers(self.spoil)
        self.bars = Bars(self)
        self.mover = scrolling.Mover()
        self._fingers = Fingers(self, touch) if touch else None

    def opened(self, page):
        """`page` is the visible one now."""
        if self.focused:
            self.focused.leave()
        if self._fingers:
            self._fingers.cancel()
        self.mover.stop()
        if self.shown and self.shown[0] is not page:
            self.shown[1].hidden()
        self.shown = None
        was_there = page in self.views
        super().opened(page)
        view = self.views.get(page)
        if view:
            if was_there:
                view.fit()
            self.shown = (page, view)
        self.bars.opened(page)
        self._spoil_all()

    def window(self, page):
        """(top, height) in px: the part of the screen that is the page's."""
        return self.bars.window(page)

    def is_shown(self, view):
        """bool: whether that is what is seen."""
        return self.shown is not None and self.shown[1] is view

    def keep_in(self, view):
        """A page that is scrolled may have become shorter."""
        scrolling.keep_in(view)

    def closed(self, page):
        """`page` is gone for good."""
        super().closed(page)
        self.bars.closed(page)
        if font.families:
            from kiosk.ui import fontfaces

            fontfaces.page_closed(page)

    def _forget(self, page):
        if self.shown and self.shown[0] is page:
            if self._fingers:
                self._fingers.forget()
            self.shown = None
        super()._forget(page)
        self._painter.is_stale = True

    def close(self):
        """Switch the display off."""
        self.mover.cancel()
        self.bars.close()
        if self.focused:
            self.focused.close()
        for task in (self._painting, self._fingers and self._fingers.watching):
            if task:
                task.cancel()
        self._display.deinit()
        if self._fingers:
            self._fingers.close()

    @property
    def is_painting(self):
        """bool: whether something is out of date, or has been painted in part."""
        return self._painting is not None

    # Fonts, for layout.

    def fonts_changed(self):
        """Families have come or gone: the pages are laid out and painted anew."""
        self._faces.clear()
        self.measure_anew()
        self._spoil_all()

    def _face(self, of):
        if of not in self._faces:
            self._faces[of] = font.face(int(of[0] + 0.5), *of[1:])
        return self._faces[of]

    def _measure(self, text, of):
        return self._face(of).measure(text)

    def _line(self, of):
        face = self._face(of)
        return face.ascent, face.height - face.ascent

    # Painting.

    def _spoil(self, nodes):
        """What is in `nodes` is out of date."""
        if self.shown is None:
            return
        for node in nodes:
            if node.parent is None:
                self._spoil_all()
                return
            self.shown[1].transform(node)
            if self._may_prune() and stick_out(node):
                self._prunes = False
            if not self._prunes:
                self._spoil_all()
                return
            if node.w >= 0 and _is_in(node, self.shown[1].tree.root):
                left, top, width, height = self._seen(node)
                top += self.shown[1].top
                self._painter.damage.add(left - _OVERHANG, top, width + 2 * _OVERHANG, height)
        self._paint_soon()

    def _seen(self, node):
        """(left, top, width, height) in px of the page: where a node of the page that is shown is."""
        if self.shown[1].is_transformed:
            from kiosk.ui import transformed

            return transformed.bounds(node)
        return pixels(node)

    def transformed(self, view, node, matrix):
        """A node gets another transform: what it was on, and what it is on then, with all in it, is out of date."""
        from kiosk.ui import transformed

        before = transformed.bounds(node, True) if self.is_shown(view) else None
        node.transform = matrix
        if before:
            self._prunes = self._may_prune() and not stick_out(node.parent)
            for left, top, width, height in (before, transformed.bounds(node, True)):
                self.spoil(left - _OVERHANG, top + view.top, width + 2 * _OVERHANG, height)

    def scrolled(self, view, node):
        """What is in `node` of a View has been scrolled: it is where it was, and all that is seen of it is out of date."""
        if not self.is_shown(view):
            return
        if node.parent is None:
            self.spoil(0, view.top, self.width, view.height)
        elif self._may_prune():
            left, top, width, height = self._seen(node)
            self.spoil(left, top + view.top, width, height)
        else:
            self._spoil_all()

    def spoil(self, x, y, width, height):
        """This part of the screen, in px, is out of date."""
        self._painter.damage.add(x, y, width, height)
        self._paint_soon()

    def _spoil_all(self):
        if self.shown:
            self.shown[1].transform(self.shown[1].tree.root)
        self._prunes = None
        self._painter.damage.add(0, 0, self.width, self.height)
        self._paint_soon()

    def _may_prune(self):
        """bool: whether what is in a box lies within it.  Found when it is asked for, so after the first frame of a page."""
        if self._prunes is None:
            self._prunes = self.shown is None or not stick_out(self.shown[1].tree.root)
        return self._prunes

    def _paint_soon(self):
        self._painter.is_stale = True
        if self._painting is None and self._painter.damage.boxes:
            self._painting = asyncio.create_task(self._paint())

    async def _paint(self):
        painter = self._painter
        try:
            while painter.damage.boxes:
                for _ in painter.steps(self._display, self._items):
                    await asyncio.sleep_ms(0)
                if not self._is_lit:
                    self._is_lit = True
                    self._display.backlight(_BRIGHT)
            self._may_prune()  # the next change has it ready
        except (OSError, MemoryError) as exc:  # the page goes on; the next change paints all of it
            log.exception(_TAG, exc)
            gc.collect()
        finally:
            self._painting = None

    def seen_of(self, component):
        """
        Where the box of a component is, for who paints it by itself (liverows.py), or None where nothing of it is seen.

        The display; (x, y, width, height) of all of the box; the same of what is seen of it; list of the items that lie over it.  In px.
        """
        left, top, width, height = pixels(component.node)
        found = self._items((left, top + self.shown[1].top, width, height))
        for at, item in enumerate(found):
            if getattr(item, "component", None) is component:
                return self._display, item.place, item.box, found[at + 1 :]
        return None

    def over(self, layer):
        """The display, and the layers that lie over one: for who paints that by itself (liverows.py); None where it is not shown."""
        shown = self.layers.shown
        return (self._display, shown[shown.index(layer) + 1 :]) if layer in shown else None

    def _items(self, area):
        """What there is to paint in `area` as things are now."""
        painter = self._painter
        painter.background = _WHITE
        found = []
        if self.shown:
            view = self.shown[1]
            root = view.tree.root
            is_whole = area[2] * area[3] == self.width * self.height
            # All of a page that ends on the screen is painted sooner than it is known what may be left out.
            prunes = self._prunes if is_whole and not _is_long(root, self.height) else self._may_prune()
            found = items(root, area, self._face, prunes, view.top)
            fill = root.style.values.get("background-color", 0)
            if fill >> 16:
                painter.background = rgb(fill)
        found.extend(self.layers.shown)
        return found


def _is_long(root, height):
    """bool: whether a page goes on below a screen of `height` px."""
    return root.y + root.h > height << 6


def _is_in(node, root):
    while node.parent is not None:
        node = node.parent
    return node is root
