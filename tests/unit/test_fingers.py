"""From fingers to events, in the order in which WeChat has them."""

import asyncio
import io
import sys

sys.path.insert(0, "drivers")

from display.fake import Display
from touch.fake import Touch

from kiosk import log
from kiosk.ui.boardscreen import BoardScreen

_NAMES = ("touchstart", "touchmove", "touchend", "touchcancel", "tap", "longpress", "longtap")
_BIND, _CATCH = 0, 1


def handlers(names=_NAMES, kind=_BIND, function="heard"):
    return tuple([part for name in names for part in (name, kind, function)])


class Page:
    """A page that keeps what it hears."""

    route = "index"

    def __init__(self):
        self.data = {}
        self.events = []

    def heard(self, event):
        self.events.append(event)

    def inner(self, event):
        self.events.append("inner " + event.type)

    def fails(self, event):
        raise SystemExit("a handler")

    def names(self):
        found = [event if isinstance(event, str) else event.type for event in self.events]
        self.events.clear()
        return found


_BOX = ("width", 30 << 9, "height", 20 << 9)
_RULES = (
    (100, ((".box",),), _BOX, ("background-color", 0xFFF800)),
    (100, ((".box", ":active"),), (), ("background-color", 0xFF07E0)),
)


async def touched(own, children=(), rules=_RULES):
    """(page, fingers, display, screen) for one box with these handlers, at 0,0 to 29,19."""

    class Module:
        NODES = (("view", ("class", "box", "id", "outer", "data-n", 7), (), own, children, 0),)
        TEMPLATES = ()
        READS = ()
        RULES = rules

    sys.modules["index_wxml"] = Module
    display = Display(60, 40)
    screen = BoardScreen(display, Touch())
    page = Page()
    screen.opened(page)
    await asyncio.sleep_ms(2)  # after what is painted
    screen._fingers.watching.cancel()  # the test says itself what the fingers do
    return page, screen._fingers, display, screen


async def test_a_tap():
    page, fingers, _, _ = await touched(handlers())
    fingers.see([(0, 5, 6)])
    fingers.see([(0, 5, 6)])
    fingers.see([(0, 7, 6)])
    fingers.see([])
    start, _, end, tap = page.events
    assert page.names() == ["touchstart", "touchmove", "touchend", "tap"]
    assert start.touches == start.changedTouches and len(start.touches) == 1
    first = start.touches[0]
    assert (first.identifier, first.clientX, first.clientY, first.pageX, first.pageY) == (0, 5, 6, 5, 6)
    assert end.touches == [] and end.changedTouches[0].clientX == 7
    assert tap.detail == {"x": 7, "y": 6}
    assert tap.target.id == tap.currentTarget.id == "outer" and tap.currentTarget.dataset.n == 7
    fingers.see([])
    assert page.names() == []


async def test_beside_the_box_nobody_hears():
    page, fingers, _, _ = await touched(handlers())
    fingers.see([(0, 40, 30)])
    fingers.see([])
    assert page.names() == []


async def test_a_finger_that_moves_makes_no_tap_and_stays_with_its_element():
    page, fingers, _, _ = await touched(handlers())
    fingers.see([(0, 5, 5)])
    fingers.see([(0, 50, 30)])
    fingers.see([])
    assert page.names() == ["touchstart", "touchmove", "touchend"]


async def test_a_long_press_is_no_tap_if_somebody_hears_it():
    for names, wanted in (
        (_NAMES, ["touchstart", "longpress", "longtap", "touchend"]),
        (("tap", "longtap"), ["longtap", "tap"]),
    ):
        page, fingers, _, _ = await touched(handlers(names))
        fingers.see([(0, 5, 5)])
        fingers._down[0].since_ms -= 400
        fingers.see([(0, 5, 5)])
        fingers.see([(0, 5, 5)])
        fingers.see([])
        assert page.names() == wanted, wanted


async def test_two_fingers():
    page, fingers, _, _ = await touched(handlers())
    fingers.see([(0, 5, 5)])
    fingers.see([(0, 5, 5), (1, 9, 9)])
    assert len(page.events[1].touches) == 2 and len(page.events[1].changedTouches) == 1
    fingers.see([(1, 9, 9)])
    fingers.see([])
    assert page.names() == ["touchstart", "touchstart", "touchend", "touchend", "tap"]


async def test_bubbling_and_catch():
    child = ("view", ("class", "box"), (), handlers(("tap",), function="inner"), (), 0)
    page, fingers, _, _ = await touched(handlers(("tap",)), (child,))
    fingers.see([(0, 5, 5)])
    fingers.see([])
    assert page.names() == ["inner tap", "tap"]
    child = ("view", ("class", "box"), (), handlers(("tap",), _CATCH, "inner"), (), 0)
    page, fingers, _, _ = await touched(handlers(("tap",)), (child,))
    fingers.see([(0, 5, 5)])
    fingers.see([])
    assert page.names() == ["inner tap"]


async def test_active_is_seen_while_the_finger_is_there():
    _, fingers, display, _ = await touched(())
    assert display.pixel(3, 3) == 0xF800
    fingers.see([(0, 5, 5)])
    await asyncio.sleep_ms(2)  # after what is painted
    assert display.pixel(3, 3) == 0x07E0
    fingers.see([])
    await asyncio.sleep_ms(2)  # after what is painted
    assert display.pixel(3, 3) == 0xF800


async def test_another_page_cancels_and_a_closed_one_hears_nothing():
    page, fingers, _, screen = await touched(handlers())
    other = Page()
    other.route = "nothing"
    fingers.see([(0, 5, 5)])
    screen.opened(other)
    fingers.see([(0, 6, 6)])
    fingers.see([])
    assert page.names() == ["touchstart", "touchcancel"]
    screen.opened(page)
    fingers.see([(0, 5, 5)])
    screen.closed(page)
    screen.opened(other)
    fingers.see([])
    assert page.names() == ["touchstart"] and other.names() == []


async def test_a_controller_that_fails_is_asked_again():
    page, fingers, _, _ = await touched(handlers())
    touch = fingers._touch
    log.err = io.StringIO()
    touch.fail = 5
    touch.script = [[(0, 5, 5)], []]
    fingers.watching = asyncio.create_task(fingers._watch())
    for _ in range(400):
        await asyncio.sleep_ms(10)
        if len(page.events) == 3:
            break
    told, log.err = log.err.getvalue(), sys.stderr
    assert "does not answer" in told, told
    assert page.names() == ["touchstart", "touchend", "tap"]


async def test_a_finger_scrolls_the_page_to_its_ends():
    high = (200, ((".box",),), ("height", 100 << 9), ())
    padded = (1, (("page",),), ("padding-bottom", 20 << 9), ())
    page, fingers, display, _ = await touched(handlers(("tap",)), rules=_RULES + (high, padded))
    scrolled = []
    page.onPageScroll = lambda event: scrolled.append(event.scrollTop)
    page.onReachBottom = lambda: scrolled.append("bottom")
    root = fingers._screen.shown[1].tree.root
    assert root.h == 120 << 6
    fingers.see([(0, 5, 35)])
    fingers.see([(0, 5, 15)])
    fingers.see([(0, 5, 5)])
    fingers.see([])
    fingers.see([(0, 5, 39)])
    fingers.see([(0, 5, -90)])
    await asyncio.sleep_ms(2)  # after what is painted
    assert root.scroll == (0, 80) and scrolled == [20, 30, "bottom", 80], scrolled
    assert (display.pixel(5, 19), display.pixel(5, 20)) == (0xF800, 0xFFFF)
    fingers.see([(0, 5, 200)])
    fingers.see([])
    await asyncio.sleep_ms(2)  # after what is painted
    assert root.scroll == (0, 0) and page.names() == []
    assert display.pixel(5, 39) == 0xF800
