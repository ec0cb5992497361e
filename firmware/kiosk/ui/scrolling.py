"""What a finger scrolls: the page, or the box with `overflow` auto or scroll that it is on, with an end on each side."""

from kiosk import page as pages
from kiosk.api import Result
from kiosk.ui import boxes
from kiosk.ui.event import dispatch

_REACH_PX = const(50)  # WeChat's onReachBottomDistance


def scroller(node, is_down, height):
    """The element that a finger on `node` scrolls up and down (is_down) or sideways, or None; height: of the screen in px."""
    while node is not None:
        if node.parent is None:
            return node if is_down and _far(node, is_down, height) else None
        values = node.style.values
        overflow = values.get("overflow-y" if is_down else "overflow-x", "visible")
        if overflow in ("auto", "scroll") and _is_asked(node, is_down) and _far(node, is_down, height):
            return node
        node = node.parent
    return None


def scroll(page, node, x, y, height):
    """Move what is in `node` by (x, y) px, as far as it goes; whether it has moved.  Tells the page of it."""
    old = node.scroll or (0, 0)
    left = max(0, min(old[0] - x, _far(node, False, height)))
    top = max(0, min(old[1] - y, _far(node, True, height)))
    if (left, top) == old:
        return False
    node.scroll = (left, top)
    if node.parent is not None:
        size = _size(node)
        dispatch(page, node, "scroll", Result(scrollLeft=left, scrollTop=top, scrollWidth=size[0], scrollHeight=size[1],
                                              deltaX=old[0] - left, deltaY=old[1] - top))  # fmt: skip
        if node.component:
            node.component.scrolled(old, *size)
        return True
    pages.hook(page, "onPageScroll", Result(scrollTop=top))
    reach = _far(node, True, height) - _REACH_PX
    if old[1] < reach <= top:
        pages.hook(page, "onReachBottom")
    return True


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


def _far(node, is_down, height):
    """How far an element can be scrolled, in px."""
    if node.parent is None:
        return max(0, ((node.y + node.h + 63) >> 6) - height) if is_down else 0
    edge = boxes.borders(node.style.values)
    if is_down:
        return max(0, _size(node)[1] - ((node.h - edge[2]) >> 6))
    return max(0, _size(node)[0] - ((node.w - edge[1]) >> 6))
