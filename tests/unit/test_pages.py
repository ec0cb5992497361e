"""The screen's side of a page: what is laid out and painted again when the data changes."""

import gc
import io
import sys

from kiosk import log
from kiosk.ui import expression as x
from kiosk.ui.pages import Pages


class Module:
    """What the compiler would make of two views, the first with class="{{look}}" and {{text}}."""

    NODES = (("view", (), ("class", 0, 1), (), ((0, 1, 2),), 3), ("view", (), (), (), ("below",), 0))
    TEMPLATES = ()
    READS = ((), ("look",), ("text",), ("look", "text"))
    RULES = (
        (100, ((".red",),), (), ("color", 0xFFF800)),
        (100, ((".tall",),), ("height", 50 << 9), ()),
        (100, ((".gone",),), (), ("display", "none")),
    )

    @staticmethod
    def value(number, d, v):
        return x.shown(x.member(d, ("look", "text")[number]))


class Page:
    """An open page."""

    def __init__(self, route="index"):
        self.route = route
        self.data = {"look": "", "text": "one"}


def _shown():
    sys.modules["index_wxml"] = Module
    painted = []
    screen = Pages(320, 240, lambda text, font: len(text) * 8, lambda font: (12, 4), painted.append)
    page = Page()
    screen.opened(page)
    root = screen.views[page].tree.root
    assert painted == [[root]]
    painted.clear()
    return screen, page, root, painted


def _set(screen, page, **data):
    page.data.update(data)
    screen.changed(page, data)


def test_a_color_is_painted_and_nothing_moves():
    screen, page, root, painted = _shown()
    screen.views[page].layout.box = None  # laying out would fail
    _set(screen, page, look="red")
    assert painted == [[root.children[0]]]
    assert root.children[0].style.values["color"] == 0xFFF800


def test_a_size_moves_what_is_below():
    screen, page, root, painted = _shown()
    assert root.children[1].y == 16 << 6
    _set(screen, page, look="tall")
    assert root.children[1].y == 50 << 6
    assert painted == [[root]]
    _set(screen, page, look="gone")
    assert (root.children[0].w, root.children[1].y) == (-1, 0)
    _set(screen, page, look="")
    assert (root.children[0].w, root.children[1].y) == (320 << 6, 16 << 6)


def test_a_text_is_painted_where_it_is():
    screen, page, root, painted = _shown()
    view = screen.views[page]
    lay_out, view.layout.box = view.layout.box, None  # it is as wide: nothing is laid out
    _set(screen, page, text="two")
    view.layout.box = lay_out
    assert painted == [[root.children[0]]]
    assert root.children[0].children[0].text == "two"
    painted.clear()
    _set(screen, page, other=1)
    assert painted == []


def test_a_page_without_markup_is_no_business_of_the_screen():
    screen, _, _, painted = _shown()
    page = Page("nothing")
    screen.opened(page)
    screen.changed(page, {"text": "x"})
    screen.closed(page)
    assert page not in screen.views
    assert painted == []


def test_a_page_that_does_not_fit_goes_on_without_being_shown():
    screen, page, root, painted = _shown()

    def measure(text, font):
        raise MemoryError

    screen.views[page].layout.measure = measure
    log.err = io.StringIO()
    _set(screen, page, text="too much")
    told, log.err = log.err.getvalue(), sys.stderr
    assert "index cannot be shown any longer" in told, told
    assert page.data["text"] == "too much"
    assert screen.views == {}
    _set(screen, page, text="later")
    screen.closed(page)
    assert "index_wxml" not in sys.modules


def test_two_pages_of_one_route_share_its_module_until_both_are_closed():
    screen, page, _, _ = _shown()
    other = Page()
    screen.opened(other)
    screen.closed(page)
    assert sys.modules["index_wxml"] is Module
    _set(screen, other, text="still here")
    screen.closed(other)
    assert "index_wxml" not in sys.modules


def test_a_thousand_pages_leave_nothing():
    screen, page, _, painted = _shown()
    screen.closed(page)
    for number in range(1010):
        if number == 10:
            gc.collect()
            before = gc.mem_alloc()
        sys.modules["index_wxml"] = Module
        page = Page()
        screen.opened(page)
        _set(screen, page, look="tall", text="two")
        screen.closed(page)
        painted.clear()
    gc.collect()
    assert gc.mem_alloc() - before < 256, gc.mem_alloc() - before
