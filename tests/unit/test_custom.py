"""Custom components in MicroPython: what a script hands over, what properties become, who hears of changes and events."""

import io
import sys

from kiosk import log, tasks, ui
from kiosk.ui import custom, event, markup, query
from kiosk.ui import expression as x
from kiosk.ui.custom.definition import Definition
from kiosk.ui.pages import Pages


class Markup:
    """What the compiler makes of `<view bindtap="hit">{{a}}</view><slot/>`."""

    NODES = (("view", (), (), ("tap", 0, "hit"), ((0, 0, 1),), 1), (4, "", 0))
    TEMPLATES = ()
    READS = ((), ("a",))
    RULES = ()
    LEVELS = 1
    ISOLATION = "isolated"

    @staticmethod
    def value(n, d, v):
        return x.member(d, "a")


class PageMarkup:
    """Of `<card id="c" a="{{a}}" b="5" model:m="{{m}}" bind:told="heard">{{a}}</card>`."""

    NODES = (("card", ("id", "c", "b", "5"), ("a", 0, 1), ("", 5, "m=m", "told", 0, "heard"), ("", ((0, 0, 1),), 0), 1, "c/card"),)  # fmt: skip
    TEMPLATES = ()
    READS = ((), ("a",))
    RULES = ()
    USES = True
    value = Markup.value


class Page:
    """An open page."""

    route = "index"

    heard = None

    def __init__(self):
        self.data = {"a": 1, "m": 0}

    def setData(self, data):
        self.data.update(data)
        ui.screen.changed(self, data)


def _definition(given):
    return Definition("c/card", given, Markup, custom._Behavior)


def _shown(given):
    """(page, its View, the component on it)."""
    sys.modules["index_wxml"] = PageMarkup
    custom._definitions["c/card"] = _definition(given)
    custom._is_known = True
    page = Page()
    ui.screen = Pages(320, 240, lambda text, font: len(text) * 8, lambda font: (12, 4), lambda nodes: None)
    ui.screen.opened(page)
    view = ui.screen.views[page]
    node = view.tree.root.children[0]
    return page, view, node.custom.instance


def _warned(function):
    log.err, before = io.StringIO(), log.err
    try:
        function()
        return log.err.getvalue()
    finally:
        log.err = before


def test_properties_become_what_they_are_declared_as():
    made = _definition({"properties": {"s": str, "n": int, "f": float, "b": bool, "o": dict, "l": list, "any": None,
                                       "two": {"type": int, "value": 3, "optionalTypes": [str]}}})  # fmt: skip
    assert made.make().data == {"s": "", "n": 0, "f": 0, "b": False, "o": None, "l": [], "any": None, "two": 3}
    for name, given, wanted in (
        ("s", 5, "5"), ("s", True, "true"), ("n", "7", 7), ("f", "1.5", 1.5), ("n", True, 1), ("b", "", False),
        ("b", "false", True), ("o", {"a": 1}, {"a": 1}), ("l", [1], [1]), ("any", "x", "x"), ("two", "7", "7"),
        ("two", 4, 4), ("s", x.undefined, ""), ("two", x.undefined, 3), ("any", x.undefined, None),
    ):  # fmt: skip
        found = made.converted(name, given)
        assert found == wanted and type(found) is type(wanted), (name, given, found)
    for name, given, wanted in (
        ("n", "x", 0),
        ("n", None, 0),
        ("s", None, ""),
        ("s", [1], ""),
        ("l", "x", []),
        ("o", 5, None),
    ):
        warned = _warned(lambda name=name, given=given, wanted=wanted: _same(made.converted(name, given), wanted))
        assert warned.startswith("warn c/card: property %s: " % name), warned


def _same(found, wanted):
    assert found == wanted, found


def test_a_property_of_no_type_is_refused():
    for wrong in ("String", 5, {"type": "Number"}, {"optionalTypes": [set]}):
        try:
            _definition({"properties": {"p": wrong}})
            raise AssertionError(wrong)
        except ValueError as exc:
            assert "properties.p: a type is str, int, float" in str(exc)


def test_behaviors_come_first_and_once():
    said = []
    deep = custom.Behavior({"lifetimes": {"attached": lambda self: said.append("deep")}, "data": {"o": {"a": 1, "b": 1}},
                            "methods": {"m": lambda self: "deep", "n": lambda self: "deep"}})  # fmt: skip

    @custom.Behavior
    class Middle:
        behaviors = [deep]
        properties = {"p": str}

        def attached(self):
            said.append("middle")

        def m(self):
            return "middle"

    class Own:
        behaviors = [deep, Middle]
        data = {"o": {"b": 2}}

        class lifetimes:  # noqa: N801  as WeChat calls it
            def attached(self):
                said.append("own")

        def own(self):
            return self.m() + self.n()

    made = _definition(Own).make()
    assert made.data == {"o": {"a": 1, "b": 2}, "p": ""} and made.own() == "middledeep" and made.properties is made.data
    made._lifetime("attached")
    assert said == ["deep", "middle", "own"]
    assert made.hasBehavior(deep) and not made.hasBehavior(5)
    assert "behavior wx://form-field is not known" in _warned(lambda: _definition({"behaviors": ["wx://form-field"]}))


def test_observers_hear_of_what_they_name():
    said = []

    def observer(name):
        return lambda self, *values: said.append((name, values))

    made = _definition({
        "data": {"a": 1, "o": {"p": [1, 2]}},
        "observers": {"a, b": observer("ab"), "o.p[1]": observer("deep"), "o.**": observer("any"), "**": observer("all")},
    }).make()  # fmt: skip
    made.setData({"a": 2})
    assert said[0] == ("ab", (2, None)) or said[1] == ("ab", (2, None)), said
    assert sorted(name for name, _ in said) == ["ab", "all"]
    said.clear()
    made.setData({"o.p[1]": 5})
    assert sorted(name for name, _ in said) == ["all", "any", "deep"] and ("deep", (5,)) in said
    said.clear()
    made.setData({"o.q": 5})
    assert sorted(name for name, _ in said) == ["all", "any"]
    said.clear()
    made.setData({"o": {}})
    assert ("deep", (None,)) in said


def test_observers_without_end_are_stopped():
    made = _definition({"data": {"a": 0}, "observers": {"a": lambda self, a: self.setData({"a": a + 1})}}).make()
    assert "error c/card: observers set what they observe, without end" in _warned(lambda: made.setData({"a": 1}))
    assert 5 < made.data["a"] < 20


def test_a_users_list_stays_the_users():
    made = _definition({"properties": {"l": list}}).make()
    theirs = [1, 2]
    made._given("l", theirs, {})
    assert made.data["l"] is theirs
    made.setData({"l[0]": 5})
    assert theirs == [1, 2] and made.data["l"] == [5, 2]


def test_set_data_of_a_component_changes_what_reads_it():
    page, view, card = _shown({"properties": {"a": int, "b": int, "m": int}})
    assert card.data == {"a": 1, "b": 5, "m": 0}
    inner, slotted = view.tree.root.children[0].children
    assert (inner.children[0].text, slotted.text) == ("1", "1")
    card.setData({"a": 7})
    assert (inner.children[0].text, slotted.text) == ("7", "1")
    page.setData({"a": 2})
    assert (inner.children[0].text, slotted.text) == ("2", "2") and card.data["a"] == 2
    card.setData({"m": 9})
    assert page.data["m"] == 9  # model:m
    for wrong in (5, None, "a"):
        try:
            card.setData(wrong)
            raise AssertionError(wrong)
        except TypeError:
            pass
    try:
        card.setData({"a": 5, "a[x]": 1})
        raise AssertionError
    except ValueError:
        assert card.data["a"] == 2


def test_handlers_are_the_components_and_targets_those_that_the_listener_knows():
    heard = []
    page, view, card = _shown({"methods": {"hit": lambda self, event: heard.append((self, event.target.id))}})
    host = view.tree.root.children[0]
    event.dispatch(page, host.children[0], "tap")
    assert heard == [(card, "")]
    page.heard = lambda event: heard.append(event)
    card.triggerEvent("told", 5)
    assert heard[1].type == "told" and heard[1].detail == 5 and heard[1].target.id == "c"
    assert query.components(page, "#c") == [card] and query.components(page, "view, text") == []
    assert [node.tag for node in query.find(page, host.custom, query.parse("view"))] == ["view"]


def test_what_a_component_raises_is_told_to_it_and_to_the_program():
    told, raised = [], []
    tasks.on_error = lambda exc, quiet: raised.append(type(exc))

    def fail(self, *args):
        raise KeyError("k")

    page, view, card = _shown({"properties": {"a": {"type": int, "observer": fail}}, "created": fail, "attached": fail,
                               "error": lambda self, exc: told.append(type(exc))})  # fmt: skip
    assert raised == told == [KeyError] * 3 and card.data["a"] == 1
    ui.screen.closed(page)
    assert card._custom is None


def test_what_is_gone_does_no_harm():
    page, view, card = _shown(
        {"properties": {"a": int, "m": int}, "detached": lambda self: self.setData({"a": 3, "m": 5})}
    )
    ui.screen.closed(page)
    assert card.data["a"] == 3 and page.data == {"a": 1, "m": 0}
    card.triggerEvent("told")
    assert (card.id, card.dataset, card.selectComponent("view"), card.getPageId()) == ("", {}, None, "")
    assert custom._definitions["c/card"].module is None and custom._definitions["c/card"].count == 0


def test_selectors():
    assert query.parse("a.b#c > d, e >>> .f") == [
        [(" ", ["a", ".b", "#c"]), (">", ["d"])], [(" ", ["e"]), (">>>", [".f"])],
    ]  # fmt: skip
    for wrong in ("", " ", "a,", "> a", "a >", "a > > b", "a[b]", "a:b", ".", "a.", "*"):
        try:
            query.parse(wrong)
            raise AssertionError(wrong)
        except ValueError:
            pass
    assert markup.of("nothing") is None
