"""Pages on a display that keeps its picture: what is painted, and how much of it after a change."""

import asyncio
import gc
import sys

sys.path.insert(0, "drivers")

from display.fake import Display

from kiosk.ui import expression as x
from kiosk.ui.boardscreen import BoardScreen

WHITE, RED, GREEN, BLUE, BLACK = 0xFFFF, 0xF800, 0x07E0, 0x001F, 0
_BOX = ("width", 20 << 9, "height", 10 << 9)


def element(name, *children, reads=0, bindings=()):
    """A view of a class."""
    return ("view", ("class", name), bindings, (), children, reads)


def rule(name, lengths=(), others=()):
    """A rule for a class."""
    return (100, (("." + name,),), lengths, others)


def filled(color):
    """The background as styles have it."""
    return ("background-color", 0xFF << 16 | color)


class Page:
    """An open page."""

    def __init__(self, **data):
        self.route = "index"
        self.data = data


class Broken(Display):
    """A display whose line stands still for a while."""

    fails = 0

    def write(self, view):
        if self.fails:
            self.fails -= 1
            raise OSError(110, "the display's line stands still")
        super().write(view)


async def painted(screen):
    """Wait until all has been painted."""
    while screen.is_painting:
        await asyncio.sleep_ms(0)


async def shown(nodes, rules, display=None, turn_ms=1 << 20, **data):
    """(screen, display, page) of a page with these nodes; with `turn_ms` 0 each strip is a turn, and nothing is painted yet."""

    class Module:
        NODES = tuple(nodes)
        TEMPLATES = ()
        READS = ((), ("a",), ("b",), ("a", "b"))
        RULES = tuple(rules)

        @staticmethod
        def value(number, d, v):
            return x.shown(x.member(d, ("a", "b")[number]))

    sys.modules["index_wxml"] = Module
    display = display or Display(60, 40)
    screen = BoardScreen(display, None)
    screen._painter.turn_ms = turn_ms
    page = Page(**data)
    screen.opened(page)
    if turn_ms:
        await painted(screen)
    return screen, display, page


async def changed(screen, display, page, **data):
    """What is painted after setData: the windows."""
    display.windows.clear()
    page.data.update(data)
    screen.changed(page, data)
    await painted(screen)
    return display.windows


async def test_boxes_are_where_layout_has_them():
    rules = (rule("one", _BOX, filled(RED)), rule("two", _BOX + ("margin-left", 5 << 9), filled(GREEN)))
    _, display, _ = await shown((element("one"), element("two")), rules)
    assert display.windows == [(0, 0, 60, 40)] and display.percent == 100
    for place, color in (((0, 0), RED), ((19, 9), RED), ((20, 9), WHITE), ((4, 10), WHITE), ((5, 10), GREEN), ((24, 19), GREEN), ((5, 20), WHITE)):  # fmt: skip
        assert display.pixel(*place) == color, (place, hex(display.pixel(*place)))


async def test_the_page_s_background_is_everywhere():
    _, display, _ = await shown((), ((1, (("page",),), (), filled(BLUE)),))
    assert (display.pixel(0, 0), display.pixel(59, 39)) == (BLUE, BLUE)


async def test_what_sticks_out_is_cut_only_where_overflow_says_so():
    inner = element("wide")
    rules = (
        rule("wide", ("width", 50 << 9, "height", 5 << 9), filled(RED)),
        rule("cut", _BOX, ("overflow-x", "hidden", "overflow-y", "hidden")),
        rule("open", _BOX),
    )
    _, display, _ = await shown((element("cut", inner), element("open", inner)), rules)
    assert (display.pixel(19, 0), display.pixel(20, 0), display.pixel(40, 10)) == (RED, WHITE, RED)


async def test_z_index_and_opacity():
    rules = (
        rule("high", _BOX + ("top", 0, "left", 0), ("position", "absolute", "z-index", 128) + filled(RED)),
        rule("low", _BOX + ("top", 0, "left", 10 << 9), ("position", "absolute", "z-index", 64) + filled(GREEN)),
        rule("faint", _BOX + ("top", 20 << 9, "left", 0), ("position", "absolute", "opacity", 32) + filled(BLACK)),
        rule("unseen", _BOX + ("top", 30 << 9, "left", 0), ("position", "absolute", "visibility", "hidden") + filled(BLACK)),
    )  # fmt: skip
    nodes = [element(name) for name in ("high", "low", "faint", "unseen")]
    _, display, _ = await shown(nodes, rules)
    assert (display.pixel(15, 5), display.pixel(25, 5), display.pixel(5, 35)) == (RED, GREEN, WHITE)
    assert 13 <= display.pixel(5, 25) & 31 <= 18


async def test_borders():
    sides = ("top", "right", "bottom", "left")
    widths = tuple([part for side in sides for part in ("border-%s-width" % side, 2 << 9)])
    styles = tuple([part for side in sides for part in ("border-%s-style" % side, "solid", "border-%s-color" % side, 0xFF << 16 | RED)])  # fmt: skip
    rules = (rule("all", _BOX + widths, styles), rule("below", _BOX + widths[4:6], styles[8:12]))
    _, display, _ = await shown((element("all"), element("below")), rules)
    assert (display.pixel(0, 0), display.pixel(23, 13), display.pixel(2, 2)) == (RED, RED, WHITE)
    assert (display.pixel(0, 23), display.pixel(5, 24), display.pixel(5, 25), display.pixel(0, 26)) == (WHITE, RED, RED, WHITE)  # fmt: skip


async def test_a_change_paints_its_own_box():
    bindings = ("class", 0, 1)
    nodes = (element("", bindings=bindings, reads=1), element("two"))
    rules = (rule("red", (), filled(RED)), rule("two", _BOX, filled(GREEN)), (10, (("view",),), _BOX, ()))
    screen, display, page = await shown(nodes, rules, a="")
    assert display.pixel(0, 0) == WHITE
    assert await changed(screen, display, page, a="red") == [(0, 0, 22, 10)]
    assert (display.pixel(0, 0), display.pixel(19, 9), display.pixel(0, 10)) == (RED, RED, GREEN)
    assert await changed(screen, display, page, other=1) == []


async def test_several_changes_are_one_paint():
    nodes = (
        ("view", ("class", "one"), (), (), ((0, 0, 1),), 1),
        ("view", ("class", "far"), (), (), ((0, 1, 2),), 2),
    )
    box = ("width", 20 << 9, "height", 24 << 9)
    rules = (rule("one", box), rule("far", box + ("margin-top", 100 << 9)))
    screen, display, page = await shown(nodes, rules, Display(60, 200), a="1", b="2")
    display.windows.clear()
    page.data.update(a="3", b="4")
    screen.changed(page, {"a": "3"})
    screen.changed(page, {"b": "4"})
    assert display.windows == []
    await painted(screen)
    assert display.windows == [(0, 0, 22, 24), (0, 124, 22, 24)]


async def test_where_something_sticks_out_nothing_is_left_behind():
    nodes = (element("low", element("tall", bindings=("class", 0, 1), reads=1), reads=1),)
    rules = (rule("low", ("height", 5 << 9)), rule("tall", _BOX, filled(RED)), rule("short", ("width", 5 << 9, "height", 5 << 9), filled(RED)))  # fmt: skip
    screen, display, page = await shown(nodes, rules, a="tall")
    assert display.pixel(5, 9) == RED
    await changed(screen, display, page, a="short")
    assert (display.pixel(5, 9), display.pixel(4, 4), display.pixel(5, 4)) == (WHITE, RED, WHITE)


async def test_another_page_is_painted_whole_and_a_hidden_one_is_not_painted():
    screen, display, page = await shown((element("one", reads=1, bindings=("class", 0, 1)),), (rule("one", _BOX, filled(RED)),), a="one")  # fmt: skip
    other = Page(a="none")
    other.route = "nothing"
    display.windows.clear()
    screen.opened(other)
    await painted(screen)
    assert display.windows == [(0, 0, 60, 40)] and display.pixel(0, 0) == WHITE
    assert await changed(screen, display, page, a="two") == []
    screen.closed(other)
    screen.opened(page)
    await painted(screen)
    assert display.windows == [(0, 0, 60, 40)]


async def test_a_display_that_fails_is_painted_whole_by_the_next_change():
    display = Broken(60, 40)
    nodes = (element("", bindings=("class", 0, 1), reads=1),)
    rules = (rule("red", (), filled(RED)), (10, (("view",),), _BOX, ()))
    screen, _, page = await shown(nodes, rules, display, a="")
    display.fails = 1
    await changed(screen, display, page, a="red")
    assert display.pixel(0, 0) == WHITE
    assert (await changed(screen, display, page, a=""))[-1:] == [(0, 0, 60, 40)]


async def test_what_changes_between_strips_is_seen_in_the_end():
    box = ("width", 60 << 9, "height", 100 << 9)
    nodes = [("view", ("class", "box"), ("class", at, at + 1), (), (), at + 1) for at in (0, 1)]
    rules = (rule("red", (), filled(RED)), rule("green", (), filled(GREEN)), (10, (("view",),), box, ()))
    screen, display, page = await shown(nodes, rules, Display(60, 200), 0, a="red", b="red")
    turns = 0
    while screen.is_painting:
        assert display._window is None  # the bus is nobody's meanwhile
        if turns == 2:  # of the five strips of 42 rows
            assert display.pixel(0, 0) == RED and display.pixel(0, 199) != RED
            page.data.update(a="green", b="green")
            screen.changed(page, {"a": "green"})
            screen.changed(page, {"b": "green"})
        turns += 1
        await asyncio.sleep_ms(0)
    assert turns > 6
    assert [display.pixel(0, y) for y in (0, 50, 99, 100, 150, 199)] == [GREEN] * 6


async def test_a_page_that_is_left_between_strips_is_painted_no_more():
    rules = (rule("red", (), filled(RED)), (10, (("view",),), ("width", 60 << 9, "height", 200 << 9), ()))
    screen, display, page = await shown((element("red"),), rules, Display(60, 200), 0)
    await asyncio.sleep_ms(0)
    await asyncio.sleep_ms(0)
    assert display.pixel(0, 0) == RED and screen.is_painting
    screen.closed(page)
    screen.opened(Page())  # without markup: that of the other went with it
    await painted(screen)
    assert display.pixel(0, 0) == display.pixel(0, 199) == WHITE


async def test_painting_again_and_again_leaves_nothing():
    nodes = (("view", ("class", "one"), (), (), ((0, 0, 1),), 1),)
    screen, display, page = await shown(nodes, (rule("one", _BOX, filled(GREEN)),), a="1")
    for number in range(40):
        if number == 20:
            gc.collect()
            before = gc.mem_alloc()
        await changed(screen, display, page, a=str(number))
        display.windows.clear()
    gc.collect()
    assert gc.mem_alloc() - before < 128, gc.mem_alloc() - before
