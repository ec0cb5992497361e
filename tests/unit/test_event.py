"""Events on their way through a page, what handlers are given, and what a finger touches."""

import io
import sys

from kiosk import log
from kiosk.ui import event, stacking
from kiosk.ui.node import Node, Text
from kiosk.ui.style import Sheet

_BIND, _CATCH, _CAPTURE, _CAPTURE_CATCH, _MUT, _MODEL = range(6)


class Page:
    """Notes what it is told."""

    route = "pages/index/index"

    def __init__(self):
        self.heard = []
        self.data = {}

    def __getattr__(self, name):
        if len(name) > 2:
            raise AttributeError(name)
        return lambda event: self.heard.append((name, event.target.id, event.currentTarget.id))

    def setData(self, data):
        self.data.update(data)


def _chain(*handlers):
    """Elements in each other, the outermost first, called a, b, c; the page and the innermost."""
    node = root = Node(None, ("page", (), (), (), (), 0))
    for number, each in enumerate(handlers):
        inner = Node(node, ("view", ("id", "abc"[number], "data-itemId", number), (), each, (), 0))
        node.children = [inner]
        node = inner
    return root, node


def _heard(name, *handlers):
    page = Page()
    _, node = _chain(*handlers)
    event.dispatch(page, node, name)
    return page.heard


def test_it_bubbles_to_the_page():
    assert _heard("tap", ("tap", _BIND, "f1"), (), ("tap", _BIND, "f3")) == [("f3", "c", "c"), ("f1", "c", "a")]


def test_catch_ends_it():
    heard = _heard("tap", ("tap", _BIND, "f1"), ("tap", _CATCH, "f2"), ("tap", _BIND, "f3"))
    assert heard == [("f3", "c", "c"), ("f2", "c", "b")]
    assert _heard("tap", ("tap", _BIND, "f1"), ("tap", _CATCH, ""), ()) == []


def test_the_capture_phase_comes_first_from_above():
    handlers = ("tap", _CAPTURE, "f1", "tap", _BIND, "b1"), ("tap", _CAPTURE, "f2"), ("tap", _BIND, "f3")
    assert [each[0] for each in _heard("tap", *handlers)] == ["f1", "f2", "f3", "b1"]
    handlers = ("tap", _CAPTURE, "f1", "tap", _BIND, "b1"), ("tap", _CAPTURE_CATCH, "f2"), ("tap", _CAPTURE, "f3")
    assert [each[0] for each in _heard("tap", *handlers)] == ["f1", "f2"]


def test_of_those_that_exclude_each_other_the_first_is_called():
    handlers = ("tap", _MUT, "f1"), ("tap", _BIND, "f2"), ("tap", _MUT, "f3")
    assert [each[0] for each in _heard("tap", *handlers)] == ["f3", "f2"]


def test_a_components_own_event_does_not_bubble():
    assert _heard("input", ("input", _BIND, "f1"), (), ("input", _BIND, "f3")) == [("f3", "c", "c")]
    assert _heard("touchmove", ("touchmove", _BIND, "f1"), (), ()) == [("f1", "c", "a")]


def test_what_a_handler_is_given():
    given = []

    class Tapped(Page):
        """Keeps the event."""

        def f1(self, event):
            given.append(event)

    _, node = _chain(("tap", _BIND, "f1"), ())
    node.x, node.y, node.parent.y = 3 << 6, 4 << 6, 10 << 6
    node.children = [Text(node, "x")]
    touches = [{"identifier": 0, "pageX": 5, "pageY": 6}]
    assert event.dispatch(Tapped(), node.children[0], "tap", {"x": 5, "y": 6}, touches, time_ms=77) == 1
    (tap,) = given
    assert (tap.type, tap.timeStamp, tap.detail, tap.touches) == ("tap", 77, {"x": 5, "y": 6}, touches)
    assert tap.changedTouches == touches
    assert tap["target"]["dataset"] == {"itemId": 1}
    assert (tap.target.id, tap.target.offsetLeft, tap.target.offsetTop) == ("b", 3, 14)
    assert (tap.currentTarget.id, tap.currentTarget.dataset.itemId) == ("a", 0)


def test_dynamic_values_are_in_the_dataset_and_may_name_the_handler():
    page = Page()
    _, node = _chain(("tap", _BIND, ""))
    node.values = {"@tap": "go", "data-big": [1, 2], "class": "x"}
    event.dispatch(page, node, "tap")
    assert page.heard == [("go", "a", "a")]
    assert event.dataset(node) == {"itemId": 0, "big": [1, 2]}


def test_a_handler_that_is_missing_is_told():
    log.err = io.StringIO()
    page = Page()
    _, node = _chain(("tap", _BIND, "outer"), ("tap", _BIND, "missing"))
    assert event.dispatch(page, node, "tap") == 0
    told, log.err = log.err.getvalue(), sys.stderr
    assert 'pages/index/index: no function "missing" to handle event "tap"' in told, told


def test_an_input_sets_the_data_that_it_is_a_model_of():
    page = Page()
    _, node = _chain(("input", _MODEL, "name=value"))
    event.dispatch(page, node, "input", {"value": "typed"})
    assert page.data == {"name": "typed"}


def _placed(parent, name, x, y, w, h, **style):
    node = Node(parent, ("view", ("id", name), (), (), (), 0))
    node.x, node.y, node.w, node.h = [each << 6 for each in (x, y, w, h)]
    node.children = []
    if parent:
        parent.children.append(node)
    Sheet((), 320, 240).of(node).values.update({key.replace("_", "-"): value for key, value in style.items()})
    return node


def _touched(root, x, y):
    node = stacking.hit(root, x, y)
    return node and node.get("id")


def test_a_finger_touches_what_lies_on_top():
    root = _placed(None, "root", 0, 0, 100, 100)
    root.style.kids = None
    one = _placed(root, "one", 0, 0, 50, 50)
    one.style = Sheet((), 1, 1)._made(root.style, one)
    one.style.values.update({"position": "relative", "z-index": 2 << 6})
    two = _placed(root, "two", 20, 0, 50, 50)
    two.style = Sheet((), 1, 1)._made(root.style, two)
    assert [_touched(root, *at) for at in ((10, 10), (30, 10), (60, 10), (90, 90), (100, 0))] == [
        "one", "one", "two", "root", None,
    ]  # fmt: skip
    one.style.values["z-index"] = -64
    assert [_touched(root, *at) for at in ((10, 10), (30, 10))] == ["one", "two"]
    two.style.values["pointer-events"] = "none"
    assert _touched(root, 30, 10) == "one"
    inner = _placed(one, "inner", 0, 0, 200, 10)
    inner.style = Sheet((), 1, 1)._made(one.style, inner)
    assert _touched(root, 150, 5) == "inner"
    one.style.values["overflow-x"] = "hidden"
    assert _touched(root, 150, 5) is None
    one.scroll = (0, 8)
    assert _touched(root, 10, 1) == "inner"
    assert _touched(root, 10, 3) == "one"
