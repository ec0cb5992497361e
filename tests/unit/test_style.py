"""The cascade, inheritance and units; declarations as the kiosk reads them; the limit of setData."""

from kiosk.ui import datasize, declarations
from kiosk.ui.colors import color
from kiosk.ui.node import Node
from kiosk.ui.style import Sheet


def _element(parent, **attributes):
    flat = []
    for name, value in attributes.items():
        flat += (name.replace("class_", "class"), value)
    return Node(parent, ("view", tuple(flat), (), (), (), 0))


def _rules(*sheet):
    """Rules as the compiler writes them, of (weight, selector, declarations)."""
    return tuple((weight, selector) + declarations.parse(text) for weight, selector, text in sheet)


def _styled(rules, *nodes, width=375):
    sheet = Sheet((rules,), width, 200)
    return [sheet.of(node).values for node in nodes]


def test_the_heavier_rule_holds_and_among_equals_the_later_one():
    rules = _rules(
        (10000, (("#x",),), "width: 4px"),
        (100, ((".a",),), "width: 1px; height: 1px"),
        (100, ((".b",),), "height: 2px"),
        (1, (("view",),), "width: 3px; top: 3px"),
    )
    (values,) = _styled(rules, _element(None, class_="b a", id="x"))
    assert (values["width"], values["height"], values["top"]) == (4 << 7, 2 << 7, 3 << 7)


def test_selectors_look_upwards():
    top = _element(None, class_="top")
    middle = _element(top)
    inner = _element(middle, class_="in")
    rules = _rules(
        (200, ((".top",), (".in",)), "left: 1px"),
        (200, ((".top",), ">", (".in",)), "left: 2px"),
        (3, (("view",), ">", ("view",), ("view",)), "top: 5px"),
        (101, ((".in", "view"),), "right: 6px"),
    )
    _, other, values = _styled(rules, top, middle, inner)
    assert (values["left"], values["top"], values["right"]) == (1 << 7, 5 << 7, 6 << 7)
    assert not {"left", "top", "right"} & set(other)


def test_some_properties_are_inherited():
    rules = _rules(
        (100, ((".a",),), "color: red; width: 5px; font-size: 20px"), (100, ((".b",),), "font-size: 1.5em; width: 2em")
    )
    top = _element(None, class_="a")
    _, values = _styled(rules, top, _element(top, class_="b"))
    assert (values["color"], values["font-size"], values["width"]) == (color("red"), 30 << 7, 60 << 7)


def test_units():
    rules = _rules(
        (1, (("view",),), "width: 100rpx; height: 50%; top: 2rem; left: 10vw; right: 10vh; margin-top: auto")
    )
    (values,) = _styled(rules, _element(None))
    assert (values["width"], values["height"], values["margin-top"]) == (50 << 7, 50 << 7 | 1, "auto")
    assert (values["top"], values["left"], values["right"]) == (37 * 128 + 64, 37 * 128 + 64, 20 << 7)


def test_a_finger_makes_it_active_and_hidden_is_not_displayed():
    rules = _rules((100, ((".a", ":active"),), "opacity: .5"))
    node = _element(None, class_="a")
    assert "opacity" not in _styled(rules, node)[0]
    node.active, node.style = True, None
    assert _styled(rules, node)[0]["opacity"] == 32
    assert _styled(rules, _element(None, hidden=True))[0]["display"] == "none"


def test_rows_share_a_style_and_their_own_is_theirs():
    top = _element(None)
    template = ("view", (), ("style", 0, 0), (), (), 0)
    one, two, bare = Node(top, template), Node(top, template), _element(top)
    other = Node(top, bare.template)
    one.values, two.values = {"style": "width: 5px"}, {"style": "width: 6px; nonsense: 3"}
    _, first, second, third, fourth = _styled((), top, one, two, bare, other)
    assert (first["width"], second["width"]) == (5 << 7, 6 << 7)
    assert third is fourth


def test_a_button_that_a_value_enables_is_no_longer_pale():
    top = _element(None)
    node = Node(top, ("button", (), (), (), (), 0))
    node.values = {"disabled": True}
    assert _styled((), top, node)[1]["opacity"] == 32
    node.values["disabled"], node.style = False, None
    assert "opacity" not in _styled((), node)[0]
    node.values["type"], node.style = "primary", None
    assert _styled((), node)[0]["color"] == color("white")


def test_class_names_without_end_are_not_all_kept():
    top = _element(None)
    sheet = Sheet(((),), 100, 100)
    sheet.of(top)
    for number in range(200):
        node = Node(top, ("view", (), ("class", 0, 0), (), (), 0))
        node.values = {"class": "c%d" % number}
        sheet.of(node)
    assert len(top.style.kids) <= 64


def test_shorthands():
    for text, lengths in (
        ("margin: 1px 2px", (1, 2, 1, 2)),
        ("margin: 1px 2px 3px", (1, 2, 3, 2)),
        ("margin: 1px 2px 3px 4px", (1, 2, 3, 4)),
        ("margin: 7px", (7, 7, 7, 7)),
    ):
        made, _ = declarations.parse(text)
        assert list(made)[1::2] == [each << 9 for each in lengths], text
        assert list(made)[::2] == ["margin-top", "margin-right", "margin-bottom", "margin-left"]
    lengths, others = declarations.parse("flex: 2")
    assert (lengths, others) == (("flex-basis", 0), ("flex-grow", 128, "flex-shrink", 64))
    assert declarations.parse("flex: 0 0 25%")[0] == ("flex-basis", 25 << 9 | 2)


def test_what_is_no_declaration_is_refused_and_the_rest_holds():
    refused = []
    lengths, _ = declarations.parse(
        "width; color: #12; margin: 1px red; height: ; left: 1e9px; top: 1px; flex: 1 2 3 4; gap: x",
        lambda name, reason: refused.append((name, reason)),
    )
    assert lengths == ("top", 512)
    assert refused == [
        ("width", "no value"), ("color", "#12 is no color"), ("margin", "red is no length"), ("height", "no value"),
        ("left", "1e9px is too much"), ("flex", "1 2 3 4 is no flex"), ("gap", "x is no length"),
    ], refused  # fmt: skip


def test_colors():
    for text, packed in (
        ("#fff", 0xFFFFFF), ("#000", 0xFF0000), ("#f008", 0x88F800), ("RED", 0xFFF800), ("rgb(0, 255, 0)", 0xFF07E0),
        ("rgba(0,0,255,.5)", 0x80001F), ("rgb(0 0 100% / 0)", 0x00001F), ("transparent", 0), ("rebeccapurple", 0xFF6193),
    ):  # fmt: skip
        assert color(text) == packed, (text, hex(color(text)))
    for text in ("", "re", "red blue", "#ggg", "#12345", "rgb(1,2)", "rgb(a,b,c)", "ff0000", "hsl(1,2%,3%)"):
        try:
            color(text)
        except ValueError:
            continue
        raise AssertionError(text)


def test_setdata_takes_a_megabyte():
    row = "x" * 1000
    datasize.check({"a": [row] * 1000})
    for data in ({"a": [row] * 1100}, {"a": [{"b": [{"c": row}] * 40}] * 40}, {"a": [[0] * 1000] * 300}):
        try:
            datasize.check(data)
        except ValueError as exc:
            assert str(exc) == "setData: more than 1024 KB of data at once"
            continue
        raise AssertionError(len(data["a"]))
