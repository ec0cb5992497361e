"""What fingers scroll, what goes on without them, and what the page hears of it; the clock is the test's own."""

import asyncio
import sys

sys.path.insert(0, "drivers")

from display.fake import Display
from touch.fake import Touch

from kiosk import app
from kiosk.ui import scrolling
from kiosk.ui.boardscreen import BoardScreen

_HIGH = ("height", 1000 << 9)
_AUTO = ("overflow-x", "auto", "overflow-y", "auto")
_RULES = (
    (100, ((".high",),), _HIGH, ()),
    (100, ((".inner",),), ("height", 50 << 9), _AUTO),
    (100, ((".rows",),), ("height", 120 << 9), ()),
)
clock = [1000]


class Page:
    """A page that keeps what it hears."""

    route = "index"

    def __init__(self):
        self.data = {}
        self.heard = []

    def onPageScroll(self, event):
        self.heard.append(event.scrollTop)

    def onReachBottom(self):
        self.heard.append("bottom")

    def onPullDownRefresh(self):
        self.heard.append("pulled")

    def note(self, event):
        self.heard.append(event.type)


def box(name, *children, handlers=()):
    """A view of a class."""
    return ("view", ("class", name), (), handlers, children, 0)


async def opened(*nodes, height=100, **window):
    """(page, screen, fingers, root) of a page in a mini-program whose bars are out of the way."""

    class Module:
        NODES = nodes
        TEMPLATES = READS = ()
        RULES = _RULES

    sys.modules["index_wxml"] = Module
    window.setdefault("navigationStyle", "custom")
    config = {"pages": ["index"], "window": window}
    app.current = app.MiniProgram("/nowhere", config, {"appid": "a"}, {"path": "index"})
    scrolling.ticks_ms = lambda: clock[0]
    screen = BoardScreen(Display(60, height), Touch())
    page = Page()
    screen.opened(page)
    await asyncio.sleep_ms(2)
    screen._fingers.watching.cancel()  # the test says itself what the fingers do
    return page, screen, screen._fingers, screen.shown[1].tree.root


def drag(fingers, *places, x=5):
    """A finger comes down and is at these y, 20 ms each."""
    for number, y in enumerate(places):
        fingers.see([(0, x, y)])
        if not number:
            fingers._down[0].since_ms = clock[0]
        clock[0] += 20


async def rest(screen):
    """Until nothing moves."""
    while screen.mover._motion:
        clock[0] += 16
        await asyncio.sleep_ms(17)


async def test_a_finger_that_is_gone_leaves_it_in_motion():
    page, screen, fingers, root = await opened(box("high"))
    drag(fingers, 90, 70, 50, 30)
    assert root.scroll == (0, 60)
    fingers.see([])
    await rest(screen)
    # 1 px a ms, see test_motion.py
    assert 60 + 473 <= root.scroll[1] <= 60 + 475, root.scroll
    assert page.heard == sorted(page.heard) and page.heard[-1] == root.scroll[1]
    drag(fingers, 10, 30, 50, 70)
    fingers.see([])
    await rest(screen)
    assert root.scroll == (0, 0)


async def test_a_finger_that_rests_leaves_it_where_it_is():
    _, screen, fingers, root = await opened(box("high"))
    drag(fingers, 90, 70, 50)
    clock[0] += 200
    fingers.see([])
    assert root.scroll == (0, 40) and screen.mover._motion is None


async def test_a_touch_stops_it_and_is_no_tap():
    page, screen, fingers, root = await opened(box("high", handlers=("tap", 0, "note")))
    drag(fingers, 90, 70, 50, 30)
    fingers.see([])
    await asyncio.sleep_ms(20)
    clock[0] += 100
    await asyncio.sleep_ms(20)
    fingers.see([(0, 5, 50)])
    at = root.scroll
    clock[0] += 100
    await asyncio.sleep_ms(20)
    fingers.see([])
    assert at[1] > 60 and root.scroll == at and "tap" not in page.heard
    fingers.see([(0, 5, 50)])
    fingers.see([])
    assert page.heard[-1] == "tap"


async def test_it_ends_with_the_page_and_says_so_once():
    page, screen, fingers, root = await opened(box("high"), onReachBottomDistance=100)
    for _ in range(4):
        drag(fingers, 90, 50, 10)
        fingers.see([])
        await rest(screen)
    assert root.scroll == (0, 900) and page.heard.count("bottom") == 1
    assert page.heard[page.heard.index("bottom") - 1] >= 800
    drag(fingers, 10, 30, 200)
    clock[0] += 200
    fingers.see([])
    drag(fingers, 200, 100, 10)
    assert page.heard.count("bottom") == 2  # it had left


async def test_a_page_that_is_closed_or_left_stands_still():
    page, screen, fingers, root = await opened(box("high"))
    drag(fingers, 90, 70, 50, 30)
    fingers.see([])
    other = Page()
    other.route = "other"
    screen.opened(other)
    assert screen.mover._motion is None and root.scroll == (0, 60)
    screen.opened(page)
    drag(fingers, 90, 70, 50, 30)
    fingers.see([])
    screen.closed(page)
    clock[0] += 50
    await asyncio.sleep_ms(40)
    assert screen.mover._motion is None


async def test_the_innermost_that_can_be_moved_there_is():
    page, screen, fingers, root = await opened(box("inner", box("rows")), box("high"))
    inner = root.children[0]
    drag(fingers, 45, 30, 10)
    clock[0] += 200
    fingers.see([])
    assert inner.scroll == (0, 35) and not root.scroll
    inner.scroll = (0, 70)  # its end
    drag(fingers, 45, 30, 10)
    clock[0] += 200
    fingers.see([])
    assert inner.scroll == (0, 70) and root.scroll == (0, 35)
    drag(fingers, 10, 30, 40)  # there it is again
    clock[0] += 200
    fingers.see([])
    assert inner.scroll == (0, 40) and root.scroll == (0, 35)


async def test_who_catches_touchmove_keeps_what_is_around_it_still():
    for kind, wanted in ((0, (0, 40)), (1, None), (3, None)):  # bind, catch, capture-catch
        page, screen, fingers, root = await opened(box("high", handlers=("touchmove", kind, "note")))
        drag(fingers, 90, 70, 50)
        assert root.scroll == wanted and page.heard.count("touchmove") == 2
        fingers.see([])
    page, screen, fingers, root = await opened(
        box("inner", box("rows"), handlers=("touchmove", 1, "note")), box("high")
    )
    drag(fingers, 45, 30, 10)
    assert root.children[0].scroll == (0, 35)  # but not what scrolls in it


async def test_scrolling_cancels_no_touch():
    names = ("touchstart", "touchmove", "touchend", "touchcancel", "tap")
    handlers = tuple([part for name in names for part in (name, 0, "note")])
    page, screen, fingers, _ = await opened(box("high", handlers=handlers))
    drag(fingers, 90, 70, 50)
    clock[0] += 200
    fingers.see([])
    assert [heard for heard in page.heard if isinstance(heard, str)] == [
        "touchstart",
        "touchmove",
        "touchmove",
        "touchend",
    ]


async def test_disable_scroll():
    _, screen, fingers, root = await opened(box("high"), disableScroll=True, enablePullDownRefresh=True)
    drag(fingers, 50, 20)
    fingers.see([])
    drag(fingers, 20, 90)
    fingers.see([])
    assert not root.scroll


async def test_a_page_is_pulled_down_half_as_far_as_the_finger():
    page, screen, fingers, root = await opened(box("high"), enablePullDownRefresh=True)
    drag(fingers, 10, 50)
    assert root.scroll == (0, -20)
    drag(fingers, 70, 60)
    assert root.scroll == (0, -25)
    assert screen.layers.shown == [screen.bars.pull_down] and screen.bars.pull_down.box == (0, 0, 60, 25)
    fingers.see([])
    await rest(screen)
    assert root.scroll == (0, 0) and page.heard == [] and screen.layers.shown == []
    drag(fingers, 10, 300)
    assert root.scroll == (0, -80)  # no further
    fingers.see([])
    await rest(screen)
    assert root.scroll == (0, -40) and page.heard == ["pulled"]
    screen.bars.of(page).is_refreshing = False
    scrolling.settle(screen.shown[1])
    await rest(screen)
    assert root.scroll == (0, 0) and screen.layers.shown == []


async def test_what_is_pulled_is_scrolled_when_the_finger_comes_back():
    page, screen, fingers, root = await opened(box("high"), enablePullDownRefresh=True)
    drag(fingers, 50, 70, 20)
    assert root.scroll == (0, 30) and screen.layers.shown == []
    drag(fingers, 90)  # over the top in one step
    assert root.scroll == (0, -20)
    fingers.see([])
    await rest(screen)
    assert root.scroll == (0, 0) and "pulled" not in page.heard


async def test_a_page_that_has_become_shorter_is_not_scrolled_beyond_its_end():
    page, screen, fingers, root = await opened(box("high"))
    view = screen.shown[1]
    scrolling.scroll_to(view, 5000, 0)
    assert root.scroll == (0, 900) and page.heard == [900, "bottom"]
    root.h = 500 << 6
    scrolling.keep_in(view)
    assert root.scroll == (0, 400)


async def test_a_slide_ends_at_once_when_another_page_comes():
    page, screen, _, root = await opened(box("high"))
    scrolling.scroll_to(screen.shown[1], 300, 300)
    other = Page()
    other.route = "other"
    screen.opened(other)
    assert root.scroll == (0, 300) and page.heard == [300]
