"""
From fingers on the glass to what happens on a page: touchstart, touchmove, touchend, touchcancel, tap, longpress.

A finger belongs to the element that it came down on until it leaves (so WeChat has it).  One that has moved makes no tap, but
scrolls, or drags a component; one that stays for 350 ms is a long press, and no tap if somebody heard of it.  What lies
over the page (layers.py) has its fingers to itself.
"""

import asyncio
import time

from kiosk import log
from kiosk.api import Result
from kiosk.ui import scrolling
from kiosk.ui.event import dispatch
from kiosk.ui.node import pixels
from kiosk.ui.stacking import hit

_TAG = "touch"
_POLL_MS = const(20)
_LONG_MS = const(350)  # WeChat's documents, "event types"
_MOVED_PX = const(10)
_PAUSE_MS = const(1000)  # after the controller has failed


class _Finger:
    """
    A finger on the glass; x, y are px of the page.

    page: the Page that it came down on, None when what it does is of no interest any more, or is a layer's.
    """

    def __init__(self, number, page, view, node, x, y):
        self.number = number
        self.page = page
        self.view = view
        self.node = node
        self.x = self.first_x = x
        self.y = self.first_y = y
        self.since_ms = time.ticks_ms()
        self.moved = False
        self.is_long = False  # longpress has been told of
        self.was_heard = False  # by somebody
        self.scrolls = None  # the scrolling.Drag that it is
        self.drags = None  # the component that has taken it
        self.layer = None


class Fingers:
    """screen: has `shown`, the (page, View) that is seen, or None; touch: a controller, as in drivers/touch."""

    def __init__(self, screen, touch):
        self._screen = screen
        self._touch = touch
        self._down = []
        self.watching = asyncio.create_task(self._watch())

    async def _watch(self):
        touch = self._touch
        while True:
            await asyncio.sleep_ms(_POLL_MS)
            if not self._down and not touch.is_pending():
                continue
            try:
                count = touch.poll()
            except OSError as exc:
                log.error(_TAG, "the touch controller does not answer: %s", exc)
                await asyncio.sleep_ms(_PAUSE_MS)
                continue
            try:
                self.see(touch.touches[:count])
            except MemoryError as exc:  # this touch is lost
                log.exception(_TAG, exc)
                self.forget()
            except BaseException:  # a handler's SystemExit, the guard: they end this task, but not touching
                self.watching = asyncio.create_task(self._watch())
                raise

    def see(self, touches):
        """Fingers are where `touches` says, a list of (id, x, y), and nowhere else."""
        for finger in list(self._down):
            if not any(number == finger.number for number, _, _ in touches):
                self._down.remove(finger)
                self._lift(finger)
        for number, x, y in touches:
            finger = self._find(number)
            if finger is None:
                self._press(number, x, y)
            elif finger.layer:
                self._move_on_layer(finger, x, y)
            else:
                y -= finger.view.top if finger.view else 0
                if (finger.x, finger.y) != (x, y):
                    self._move(finger, x, y)
        self._look_for_long()

    def cancel(self):
        """Another page is shown: the fingers that are down are of no interest any more."""
        for finger in self._down:
            if finger.page:
                self._tell(finger, "touchcancel")
        self.forget()

    def forget(self):
        """The page is gone: nobody is told of the fingers that are down."""
        for finger in self._down:
            if finger.page and finger.view.tree:
                finger.view.touch(finger.node, False)
            finger.page = finger.view = finger.node = finger.scrolls = finger.drags = None

    def close(self):
        """Let go of the controller."""
        self._down.clear()
        self._touch.deinit()

    def _find(self, number):
        for finger in self._down:
            if finger.number == number:
                return finger
        return None

    def _press(self, number, x, y):
        layer = self._screen.layers.at(x, y)
        page, view = (None, None) if layer else self._screen.shown or (None, None)
        if view:
            y -= view.top
        node = (hit(view.tree.root, x, y) or view.tree.root) if view else None
        finger = _Finger(number, page, view, node, x, y)
        finger.was_heard = self._screen.mover.touched()  # one that stops what glides is no tap, as on phones
        self._down.append(finger)
        if layer:
            finger.layer = layer
            layer.touched("start", x, y)
        if page:
            if len(self._down) == 1:
                view.touch(node, True)
            self._tell(finger, "touchstart")

    def _move(self, finger, x, y):
        by_x, by_y = x - finger.x, y - finger.y
        finger.x, finger.y = x, y
        if not finger.page:
            return
        far_x, far_y = abs(x - finger.first_x), abs(y - finger.first_y)
        if not finger.moved and far_x + far_y > _MOVED_PX:
            finger.moved = True
            finger.view.touch(finger.node, False)
            if len(self._down) == 1:
                finger.drags = _dragged(finger, far_y >= far_x)
                by_x, by_y = x - finger.first_x, y - finger.first_y
                if not finger.drags:
                    self._begin_scrolling(finger, far_y >= far_x, by_x, by_y)
        self._tell(finger, "touchmove")
        if finger.drags:
            finger.drags.dragged(x, y)
        elif finger.scrolls and finger.page:
            finger.scrolls.moved(by_x, by_y)

    def _begin_scrolling(self, finger, is_down, by_x, by_y):
        node = scrolling.scroller(finger.view, finger.node, is_down, by_y if is_down else by_x)
        if node:
            mover = self._screen.mover
            mover.cancel() if node.parent is None else mover.stop()
            finger.scrolls = scrolling.Drag(finger.view, node, is_down, finger.since_ms)

    def _move_on_layer(self, finger, x, y):
        if finger.layer not in self._screen.layers.shown:
            self._lift(finger)
            finger.layer = None
        elif (finger.x, finger.y) != (x, y):
            finger.x, finger.y = x, y
            finger.layer.touched("move", x, y)

    def _lift(self, finger):
        if finger.layer:
            shown = finger.layer in self._screen.layers.shown
            finger.layer.touched("end" if shown else "cancel", finger.x, finger.y)
        if not finger.page:
            return
        if not finger.moved:
            finger.view.touch(finger.node, False)
        self._tell(finger, "touchend")
        if finger.drags:
            finger.drags.dropped(finger.x, finger.y)
        elif finger.scrolls:
            finger.scrolls.dropped()
        if not finger.page or finger.moved or finger.was_heard or self._down or _is_deaf(finger.node):
            return
        if self._screen.focused:
            self._screen.focused.elsewhere(finger.node)
        if finger.page:  # a handler may have closed it
            self._tell(finger, "tap", _place(finger))
        _tap_components(finger)

    def _look_for_long(self):
        if len(self._down) != 1:
            return
        finger = self._down[0]
        if finger.moved or finger.is_long or not finger.page:
            return
        if time.ticks_diff(time.ticks_ms(), finger.since_ms) >= _LONG_MS:
            finger.is_long = True
            finger.was_heard = self._tell(finger, "longpress", _place(finger)) > 0 or finger.was_heard
            if finger.page:
                self._tell(finger, "longtap", _place(finger))

    def _tell(self, finger, name, detail=None):
        """Dispatch an event; how many functions heard of it."""
        own = [_described(finger)]
        touches = [_described(each) for each in self._down if each.page]
        if name in ("tap", "longpress", "longtap"):
            touches = own
        return dispatch(finger.page, finger.node, name, detail, touches, own)


def _dragged(finger, is_down):
    """The innermost component that takes a finger that has begun to move, or None."""
    node = finger.node
    while node is not None:
        if node.component and node.component.drags(is_down, finger.first_x, finger.first_y):
            return node.component
        node = node.parent
    return None


def _is_deaf(node):
    while node is not None:
        if node.component and node.component.is_deaf:
            return True
        node = node.parent
    return False


def _tap_components(finger):
    node = finger.node
    while node is not None and finger.page:  # a handler may have closed the page
        if node.component and node.component.tapped(finger.x, finger.y):
            return
        node = node.parent


def _place(finger):
    touch = _described(finger)
    return Result(x=touch["pageX"], y=touch["pageY"])


def _described(finger):
    """A Touch, as WeChat has it: on the screen (client) and on the page, which may have been scrolled."""
    x, y = finger.x, finger.y
    left, top = finger.view.tree.root.scroll or (0, 0)
    touch = Result(identifier=finger.number, clientX=x, clientY=y, pageX=x + left, pageY=y + top, force=1)
    if finger.node.tag == "canvas":  # whose touches are told from its corner
        left, top, _, _ = pixels(finger.node)
        touch["x"], touch["y"] = x - left, y - top
    return touch
