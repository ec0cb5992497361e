"""Components without a board: their sizes, their states, what they tell."""

import asyncio
import sys

sys.path.insert(0, "drivers")

from display.fake import Display
from touch.fake import Touch

from kiosk.ui import richtext
from kiosk.ui.boardscreen import BoardScreen
from kiosk.ui.node import Node
from kiosk.ui.ticks import Ticks


class Page:
    """A page that keeps what it hears."""

    route = "index"

    def __init__(self):
        self.data = {}
        self.events = []

    def heard(self, event):
        self.events.append((event.type, event.detail))


async def shown(*nodes):
    """(page, root node, display, fingers) of a page with these nodes."""

    class Module:
        NODES = nodes
        TEMPLATES = READS = RULES = ()

    sys.modules["index_wxml"] = Module
    page, display = Page(), Display(100, 80)
    screen = BoardScreen(display, Touch())
    screen.opened(page)
    screen._fingers.watching.cancel()
    await asyncio.sleep_ms(5)
    return page, screen.views[page].tree.root, display, screen._fingers


def element(tag, *static, children=(), events=()):
    handlers = tuple([part for name in events for part in (name, 0, "heard")])
    return tag, static, (), handlers, children, 0


async def test_attributes_are_read_as_they_are_meant():
    _, root, _, _ = await shown(
        element(
            "progress",
            "percent",
            "45.5",
            "stroke-width",
            "20rpx",
            "color",
            "red",
            "show-info",
            "false",
            "font-size",
            "x",
        )
    )
    bar = root.children[0].component
    assert bar.number("percent", 0) == 45.5 and bar.number("percent", 0, 0, 10) == 10 and bar.number("none", 7) == 7
    assert bar.number("color", 3) == 3  # no number
    assert bar.length("stroke-width") == 20 * 64 * 100 // 750 and bar.length("font-size", 5) == 5
    assert bar.color("color", 1) == 0xFFF800 and bar.color("percent", 1) == 1 and bar.color("none", 2) == 2
    assert bar.flag("show-info") and not bar.flag("active")


async def test_a_swipers_items_lie_around_the_current_one():
    items = tuple([element("swiper-item", "item-id", str(number)) for number in range(4)])
    for circular, current, wanted in (
        (False, 0, [0, 100, None, None]),
        (False, 2, [None, -100, 0, 100]),
        (True, 0, [0, 100, None, -100]),
        (True, 3, [100, None, -100, 0]),
    ):
        _, root, _, _ = await shown(element("swiper", "current", current, "circular", circular, children=items))
        places = [child.x >> 6 if child.w >= 0 else None for child in root.children[0].children]
        assert places == wanted, (circular, current, places)
    _, root, _, _ = await shown(
        element("swiper", "display-multiple-items", 2, "previous-margin", "10px", "next-margin", "20px", children=items)
    )
    assert [(child.x >> 6, child.w >> 6) for child in root.children[0].children[:2]] == [(10, 35), (45, 35)]


async def test_a_swiper_goes_back_unless_it_was_pulled_far():
    items = tuple([element("swiper-item") for _ in range(3)])
    page, root, _, _ = await shown(element("swiper", "duration", 0, children=items, events=("change",)))
    swiper = root.children[0].component
    for far, current in ((10, 0), (90, 1), (-90, 0), (-90, 0)):
        assert swiper.drags(False, 50, 10) and not swiper.drags(True, 50, 10)
        swiper._grabbed = (swiper._grabbed[0], swiper._grabbed[1] - 1000, swiper._grabbed[2])  # no flick
        swiper.dragged(50 - far, 10)
        swiper.dropped(50 - far, 10)
        assert swiper._current == current and root.children[0].scroll is None
    assert [detail.current for _, detail in page.events] == [1, 0]


async def _stands(items):
    _, root, _, _ = await shown(
        element("swiper", "circular", True, "autoplay", True, "indicator-dots", True, children=items)
    )
    assert root.children[0].h == 80 << 6 or root.children[0].h == 150 << 6
    assert not root.children[0].component.drags(False, 5, 5)


async def test_a_swiper_without_items_stands():
    await _stands(())
    await _stands(("a text",))


async def test_a_swiper_of_one_item_stands():
    await _stands((element("swiper-item"),))


async def test_form_type_calls_the_form_around():
    done = []

    class Form:
        is_deaf = draws_over = False

        def submit(self):
            done.append("submit")

    Form.lay_out = lambda self, edges, width, height: None
    Form.widths = lambda self: None
    Form.draw = lambda self, *args: None
    Form.drags = Form.tapped = lambda self, *args: False
    page, root, _, fingers = await shown(
        element("form", children=(element("button", "form-type", "submit", children=("send",), events=("tap",)),)),
    )
    root.children[0].component = Form()
    fingers.see([(0, 50, 10)])
    fingers.see([])
    assert done == ["submit"] and page.events[0][0] == "tap"


async def test_what_ticks_ends_when_it_is_said_or_stopped():
    ticks, seen = Ticks(), []
    ticks.start(lambda ms: seen.append(ms) or len(seen) < 3, 1)
    for _ in range(200):
        await asyncio.sleep_ms(1)
        if not ticks.is_running():
            break
    assert len(seen) == 3 and not ticks.is_running()
    ticks.soon(lambda: seen.append("soon"))
    ticks.stop()
    ticks.soon(lambda: (seen.append("now"), ticks.stop()))
    await asyncio.sleep_ms(20)
    assert seen[3:] == ["now"]


def test_html_becomes_nodes_that_share_what_is_alike():
    root = Node(None, ("rich-text", (), (), (), (), 0))
    richtext.build(
        "<p>a</p><p>b</p><p style='color:red'>c</p>", richtext.Builder(root, lambda node: None, lambda: True)
    )
    one, two, three = root.children
    assert one.template is two.template and one.template is not three.template
    assert [each.children[0].text for each in root.children] == ["a", "b", "c"]


def test_without_room_nothing_more_is_made():
    root = Node(None, ("rich-text", (), (), (), (), 0))
    richtext.build("<p>a</p>" * 200, richtext.Builder(root, lambda node: None, lambda: False))
    assert 0 < len(root.children) < 32
