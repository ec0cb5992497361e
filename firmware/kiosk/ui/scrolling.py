"""
What a finger scrolls: the page, or the box with `overflow` auto or scroll that it is on, with an end on each side.

A finger that scrolls is a Drag; what it leaves in motion, and what wx.pageScrollTo asks for, is moved by the screen's Mover.
A page whose top is pulled down (enablePullDownRefresh) has a negative scroll.
"""

import asyncio
from time import ticks_diff, ticks_ms

from kiosk import log
from kiosk import page as pages
from kiosk.api import Result
from kiosk.ui import boxes
from kiosk.ui.event import catches, dispatch
from kiosk.ui.motion import Glide, Slide, Speed

_TAG = "scrolling"
_FRAME_MS = const(16)  # and what painting takes: the loop paints between two steps
_HOLD_PX = const(40)  # a page that is refreshed stands so far down
_MOST_PULL_PX = const(80)
_RETURN_MS = const(200)


def scroller(view, node, is_down, by):
    """
    The element that a finger on `node` scrolls up and down (is_down) or sideways when it moves by so many px, or None.

    The innermost that can be moved there, else the innermost that can be moved at all.  What is around an element with
    `catchtouchmove` stays where it is, as in WeChat.
    """
    found = None
    while node is not None:
        if _is_scrolled(view, node, is_down):
            if _goes(view, node, is_down, by):
                return node
            found = found or node
        if catches(node, "touchmove"):
            break
        node = node.parent
    return found


def _is_scrolled(view, node, is_down):
    if node.parent is None:
        settings = view.screen.bars.of(view.page)
        return is_down and not settings.is_fixed and bool(settings.pulls or _far(view, node, True))
    if node.tag == "#text":
        return False
    overflow = node.style.values.get("overflow-y" if is_down else "overflow-x", "visible")
    return overflow in ("auto", "scroll") and _is_asked(node, is_down) and _far(view, node, is_down) > 0


def _goes(view, node, is_down, by):
    at = (node.scroll or (0, 0))[1 if is_down else 0]
    if by > 0:
        return at > 0 or (node.parent is None and view.screen.bars.of(view.page).pulls)
    return at < _far(view, node, is_down)


def scroll(view, node, x, y):
    """Move what is in `node` by (x, y) px, as far as it goes; whether it has moved.  Paints it, and tells the page of it."""
    old = node.scroll or (0, 0)
    left = max(0, min(old[0] - x, _far(view, node, False)))
    top = max(0, min(old[1] - y, _far(view, node, True)))
    if (left, top) == old:
        return False
    put(view, node, left, top)
    if node.parent is not None:
        size = _size(node)
        dispatch(view.page, node, "scroll", Result(scrollLeft=left, scrollTop=top, scrollWidth=size[0], scrollHeight=size[1],
                                                   deltaX=old[0] - left, deltaY=old[1] - top))  # fmt: skip
        if node.component:
            node.component.scrolled(old, *size)
        return True
    pages.hook(view.page, "onPageScroll", Result(scrollTop=top))
    _tell_of_bottom(view, top, top > old[1])
    return True


def put(view, node, left, top):
    """Have what is in `node` scrolled to there, and painted, without telling anybody."""
    node.scroll = (left, top)
    if node.parent is None:
        view.screen.bars.show_pull()
    view.screen.scrolled(view, node)


def _tell_of_bottom(view, top, goes_down):
    """onReachBottom: once as it comes near the page's end, and again when the page has become longer or has been left."""
    if view.tree is None:
        return
    settings = view.screen.bars.of(view.page)
    far = _far(view, view.tree.root, True)
    if top < far - settings.reach_px:
        settings.told_at = -1
    elif goes_down and settings.told_at != far:
        settings.told_at = far
        pages.hook(view.page, "onReachBottom")


def keep_in(view):
    """The page has become shorter: it does not stay scrolled beyond its end."""
    root = view.tree.root
    if root.scroll and root.scroll[1] > 0:
        top = min(root.scroll[1], _far(view, root, True))
        if top != root.scroll[1]:
            root.scroll = (0, top)


class Drag:
    """
    A finger that scrolls.

    view, node: what; is_down: up and down, or sideways; since_ms: when it came down.
    """

    def __init__(self, view, node, is_down, since_ms):
        self._view = view
        self._node = node
        self._is_down = is_down
        self._speed = Speed()
        self._place = 0
        self._speed.note(since_ms, 0)
        self._pulled = 2 * _pulled(node)  # px of the finger: the page goes half as far

    def moved(self, by_x, by_y):
        """It has moved by so many px."""
        by = by_y if self._is_down else by_x
        self._place += by
        self._speed.note(ticks_ms(), self._place)
        if self._node.parent is None:
            by = self._pull(by)
        if by and self._view.tree:
            scroll(self._view, self._node, 0 if self._is_down else by, by if self._is_down else 0)

    def _pull(self, by):
        """Pull the page down, or less so; what is left of `by` for scrolling."""
        node = self._node
        at = 0 if self._pulled else max((node.scroll or (0, 0))[1], 0)
        if not self._view.screen.bars.of(self._view.page).pulls or (not self._pulled and by <= at):
            return by
        pulled = self._pulled + by - at
        self._pulled = max(0, min(pulled, 2 * _MOST_PULL_PX))
        if at:
            scroll(self._view, node, 0, at)
        put(self._view, node, 0, -(self._pulled // 2))
        return min(pulled, 0)

    def dropped(self):
        """It is gone: what it has pulled goes back or is refreshed, what it has moved goes on."""
        if self._view.tree is None:
            return
        if self._pulled:
            if self._pulled // 2 >= _HOLD_PX:
                refresh(self._view)
            else:
                settle(self._view)
            return
        speed = self._speed.at(ticks_ms())
        if Glide(speed).duration_ms:
            self._view.screen.mover.start(_Gliding(self._view, self._node, self._is_down, speed))


def _pulled(root):
    return max(0, -root.scroll[1]) if root.scroll and root.parent is None else 0


def refresh(view):
    """Pull the page of a View down, show that it is refreshed, and tell it so, unless that has been done already."""
    settings = view.screen.bars.of(view.page)
    begins = not settings.is_refreshing
    settings.is_refreshing = True
    settle(view)
    view.screen.bars.tick()
    if begins:
        pages.hook(view.page, "onPullDownRefresh")


def settle(view):
    """Let a page that has been pulled down go to where it belongs."""
    settings = view.screen.bars.of(view.page)
    slide_to(view, -_HOLD_PX if settings.is_refreshing else 0, _RETURN_MS)


def scroll_to(view, top, duration_ms):
    """Scroll the page of a View to `top` px, as far as that goes, within this time; it is told as if a finger had."""
    slide_to(view, max(0, min(top, _far(view, view.tree.root, True))), duration_ms)


def slide_to(view, top, duration_ms):
    """Move the page of a View in this time, above its top (negative) too."""
    at = (view.tree.root.scroll or (0, 0))[1]
    motion = _Sliding(view, Slide(at, top, duration_ms))
    if duration_ms and at != top and view.screen.is_shown(view):
        view.screen.mover.start(motion)
    else:
        view.screen.mover.stop()
        motion.end()


class _Gliding:
    """What a finger has let go of."""

    stops_at_touch = True

    def __init__(self, view, node, is_down, speed):
        self._view = view
        self._node = node
        self._is_down = is_down
        self._glide = Glide(speed)
        self._gone = 0

    def step(self, ms):
        """Be where it is after so many ms; bool: whether it goes on."""
        if self._view.tree is None:
            return False
        by = self._glide.at(ms) - self._gone
        self._gone += by
        if by and not scroll(self._view, self._node, 0 if self._is_down else by, by if self._is_down else 0):
            return False  # at the end
        return ms < self._glide.duration_ms

    def end(self):
        """Something else moves now: it stops where it is."""


class _Sliding:
    """A page that goes to a place."""

    stops_at_touch = False

    def __init__(self, view, slide):
        self._view = view
        self._slide = slide

    def step(self, ms):
        """Be where it is after so many ms; bool: whether it goes on."""
        if self._view.tree is None:
            return False
        root = self._view.tree.root
        top, at = self._slide.at(ms), (root.scroll or (0, 0))[1]
        if min(top, at) < 0:
            put(self._view, root, 0, top)
        else:
            scroll(self._view, root, 0, at - top)
        return ms < self._slide.duration_ms

    def end(self):
        """Nobody looks any more: it is there."""
        self.step(self._slide.duration_ms)


class Mover:
    """What moves by itself on a screen: one thing at a time."""

    def __init__(self):
        self._motion = None
        self._task = None

    def start(self, motion):
        """Move it, instead of what moved so far."""
        if motion.stops_at_touch:
            self.stop()
        else:  # from where it is
            self._cancel()
        self._motion = motion
        self._task = asyncio.create_task(self._run(motion))

    def touched(self):
        """A finger comes down: bool, whether it has stopped something."""
        if self._motion is None or not self._motion.stops_at_touch:
            return False
        self._cancel()
        return True

    def stop(self):
        """Another page is shown, or something else decides where this one is: what goes to a place is there."""
        motion = self._motion
        self._cancel()
        if motion:
            motion.end()

    def cancel(self):
        """A finger takes over: what moves stays where it is."""
        self._cancel()

    def _cancel(self):
        self._motion = None
        if self._task and self._task is not asyncio.current_task():
            self._task.cancel()
        self._task = None

    async def _run(self, motion):
        began = ticks_ms()
        try:
            while self._motion is motion and motion.step(ticks_diff(ticks_ms(), began)):
                await asyncio.sleep_ms(_FRAME_MS)
        except MemoryError as exc:  # it stays where it is
            log.exception(_TAG, exc)
        finally:
            if self._motion is motion:
                self._motion = self._task = None


def _is_asked(node, is_down):
    """A scroll-view says itself in which direction."""
    if node.tag != "scroll-view":
        return True
    value = node.get("scroll-y" if is_down else "scroll-x", False)
    return value not in (False, "false", None)


def _size(node):
    """(width, height) in px of what is in an element, its padding included."""
    right = bottom = 0
    for child in node.children:
        if child.w >= 0:
            right, bottom = max(right, child.x + child.w), max(bottom, child.y + child.h)
    return (right + 63) >> 6, (bottom + 63) >> 6


def _far(view, node, is_down):
    """How far an element can be scrolled, in px."""
    if node.parent is None:
        return max(0, ((node.y + node.h + 63) >> 6) - view.height) if is_down else 0
    edge = boxes.borders(node.style.values)
    if is_down:
        return max(0, _size(node)[1] - ((node.h - edge[2]) >> 6))
    return max(0, _size(node)[0] - ((node.w - edge[1]) >> 6))
