"""
<scroll-view>: what a page says of scrolling; fingers scroll it in kiosk/ui/scrolling.py.  300 bytes of heap.

Not there: refresher-*, enhanced.  enable-flex changes nothing: `display: flex` holds with and without.
"""

from kiosk import log
from kiosk.api import Result
from kiosk.ui import scrolling
from kiosk.ui.animation import eased
from kiosk.ui.components.component import Base
from kiosk.ui.node import position
from kiosk.ui.ticks import Ticks

_SLIDE_MS = const(300)


class Component(Base):
    """
    Attributes: scroll-x, scroll-y, scroll-top, scroll-left, scroll-into-view, scroll-with-animation, upper-threshold, lower-threshold.

    Events: scroll, scrolltoupper, scrolltolower (direction).  scroll-top and the like do something when they change.
    """

    def __init__(self, node, view):
        super().__init__(node, view)
        self._given = {}
        self._sliding = Ticks()
        if self.flag("refresher-enabled"):
            log.warn(view.page.route, "<scroll-view refresher-enabled> refreshes nothing")
        if any(node.get(name) for name in ("scroll-top", "scroll-left", "scroll-into-view")):
            self._sliding.soon(self.changed)  # when it has been laid out

    def changed(self):
        """Scroll to where another attribute says."""
        left, top = self.node.scroll or (0, 0)
        old = left, top
        if self._is_other("scroll-left"):
            left = int(self.number("scroll-left", left))
        if self._is_other("scroll-top"):
            top = int(self.number("scroll-top", top))
        if self._is_other("scroll-into-view"):
            child = self._inner(self.node.get("scroll-into-view"))
            if child:
                x, y = position(child)
                here_x, here_y = position(self.node)
                left = old[0] + ((x - here_x) >> 6) if self.flag("scroll-x") else left
                top = old[1] + ((y - here_y) >> 6) if self.flag("scroll-y") else top
        if (left, top) == old:
            return
        if not self.flag("scroll-with-animation"):
            self._sliding.stop()
            self._go(left, top)
            return

        def step(ms):
            share = eased("ease-out", min(ms / _SLIDE_MS, 1))
            self._go(int(old[0] + (left - old[0]) * share), int(old[1] + (top - old[1]) * share))
            return ms < _SLIDE_MS

        self._sliding.start(step)

    def _is_other(self, name):
        value = self.node.get(name)
        if value is None or value == "" or self._given.get(name) == value:
            return False
        self._given[name] = value
        return True

    def _inner(self, wanted):
        waiting = list(self.node.children)
        while waiting:
            node = waiting.pop()
            if node.tag != "#text" and node.w >= 0:
                if node.get("id") == wanted:
                    return node
                waiting.extend(node.children)
        return None

    def _go(self, left, top):
        x, y = self.node.scroll or (0, 0)
        scrolling.scroll(self.view, self.node, x - left, y - top)

    def drags(self, is_down, x, y):
        """A finger stops what slides."""
        self._sliding.stop()
        return False

    def scrolled(self, old, width, height):
        """Tell of the edges that have been reached."""
        left, top = self.node.scroll
        upper, lower = self.number("upper-threshold", 50, 0), self.number("lower-threshold", 50, 0)
        for before, now, far, first, last in (
            (old[0], left, width - (self.node.w >> 6), "left", "right"),
            (old[1], top, height - (self.node.h >> 6), "top", "bottom"),
        ):
            if now <= upper < before:
                self.tell("scrolltoupper", Result(direction=first))
            if before < far - lower <= now:
                self.tell("scrolltolower", Result(direction=last))

    def close(self):
        """Stop sliding."""
        self._sliding.stop()
