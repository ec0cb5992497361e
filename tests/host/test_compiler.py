"""WXML and WXSS to modules: what is refused, what is warned of and left out, each with file, line and column."""

import json

import pytest

from host_tools.compiler.app import compile_app
from host_tools.compiler.source import CompileError
from host_tools.package.pack import pack_folder


def compiled(folder, wxml, wxss="", **files):
    """(namespace of the page's module, warnings) of a mini-program with one page."""
    (folder / "p").mkdir(exist_ok=True)
    files = {"app.json": json.dumps({"pages": ["p/i"]}), "p/i.wxml": wxml, "p/i.wxss": wxss, **files}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    modules, warnings = compile_app(folder)
    page = modules["p/i_wxml.py"][0]
    namespace = {}
    exec(compile(page.replace("from kiosk.ui import expression as x", ""), "page", "exec"), namespace)
    return namespace, warnings


def refusal(folder, *args, **files):
    with pytest.raises(CompileError) as raised:
        compiled(folder, *args, **files)
    return str(raised.value)


@pytest.mark.parametrize(
    ("wxml", "complaint"),
    [
        ("<view>\n  <text>\n</view>", "3:1: </view> where </text> is due (opened at 2:3)"),
        ("<view>", "1:1: <view> is never closed"),
        ("a</view>", "1:2: </view> closes nothing"),
        ("<view", "1:1: the file ends within a tag"),
        ('<view class="a>', "1:13: a quote is never closed, or stands where none belongs"),
        ("<view class=a/>", "1:13: unexpected 'a/>'"),
        ("<view a='1' a='2'/>", "1:13: a is given twice"),
        ("a < b", "1:3: unexpected '<'"),
        ("x {{ a", "1:3: {{ is never closed"),
        ("<view id='{{a'/>", "1:11: {{ is never closed"),
        ("<view {{a}}/>", "1:7: {{ }} where an attribute's name is due"),
        ("<!-- a", "1:1: a comment is never closed"),
        ("\n<wxs>var a = 1 < 2</wxs>", "2:1: <wxs>: a kiosk runs Python, not JavaScript; compute it in the page"),
        ("<view>\n{{a b}}</view>", "2:5: unexpected 'b' in an expression"),
        ("<view class='{{m.f(1)}}'/>", "1:16: m.f(...): an expression cannot call functions (wxs is not supported)"),
        ("<view wx:else/>", "1:1: wx:elif or wx:else without a wx:if right before"),
        ("<view wx:if='{{a}}'/>b<view wx:else/>", "1:23: wx:elif or wx:else without a wx:if right before"),
        ("<view wx:for='{{a}}' wx:else/>", "1:1: wx:elif or wx:else without a wx:if right before"),
        ("<template/>", "1:1: <template> wants name or is"),
        ("<template name='a'/><template name='a'/>", "1:21: a second template of the name a"),
        ("<template name='a'><template is='a'/></template><template is='a'/>", "1:34: the template a contains itself"),
        ("<template name='a'/><template is='a' data='b'/>", "1:44: data wants one {{ }} with the members of an object"),
        ("<import/>", "1:1: <import> wants src with a path"),
        ("<import src='none.wxml'/>", "1:14: p/none.wxml cannot be read: No such file or directory"),
        ("<include src='../../etc/passwd'/>", "1:15: ../etc/passwd is outside of the mini-program"),
        ("<include src='i.wxml'/>", "1:15: p/i.wxml imports or includes itself"),
        ("<input model:value='{{a.b}}'/>", "1:21: model:value wants {{ }} with one name of the page's data"),
        ("<input model:value='a'/>", "1:21: model:value wants {{ }} with one name of the page's data"),
        ("<view>" * 30 + "</view>" * 30, "1:145: elements nested deeper than 24 levels"),
    ],
)
def test_broken_markup_is_refused_with_its_place(tmp_path, wxml, complaint):
    assert refusal(tmp_path, wxml) == f"p/i.wxml:{complaint}"


def test_files_that_import_each_other_are_refused(tmp_path):
    text = "<import src='i.wxml'/>"
    assert refusal(tmp_path, "<import src='b.wxml'/>", **{"p/b.wxml": text}) == (
        "p/b.wxml:1:14: p/i.wxml imports or includes itself"
    )
    sheet = '@import "b.wxss";'
    files = {"p/b.wxss": '\n @import "i.wxss";'}
    assert refusal(tmp_path, "", sheet, **files) == "p/b.wxss:2:2: p/i.wxss imports itself"


def test_a_fault_in_an_included_file_names_that_file(tmp_path):
    files = {"p/b.wxml": "<view>\n  {{ a + }}</view>"}
    assert refusal(tmp_path, "<include src='b.wxml'/>", **files) == "p/b.wxml:2:9: an expression ends too early"


def test_what_is_unknown_is_told_and_the_rest_is_there(tmp_path):
    wxml = (
        '<view foo="1" hidden="false"><marquee wx:if="{{a}}">b</marquee><template is="t"/><view wx:hidden=""/></view>'
    )
    page, warnings = compiled(tmp_path, wxml)
    assert warnings == [
        "p/i.wxml:1:30: unknown component <marquee>: shown like a <view>",
        "p/i.wxml:1:78: no template of the name t: nothing is shown",
        "p/i.wxml:1:88: <view> has no wx:hidden: it means nothing",
        "p/i.wxml:1:7: <view> has no foo: it means nothing",
        'p/i.wxml:1:15: hidden="false" hides: it is text, write {{false}}',
    ]
    (view,) = page["NODES"]
    assert [each[0] for each in view[4]] == [1, "view"]


@pytest.mark.parametrize(
    ("wxss", "warning"),
    [
        ("a { colour: red }", "1:5: colour: unknown property; it is left out"),
        ("a { width: 5 }", "1:5: width: 5 has no unit; it is left out"),
        ("a { background: red\n url(/a.png) no-repeat }", "1:5: background: a picture in the background is not painted; put an <image> there"),
        ("a { background-image: linear-gradient(red) }", "1:5: background-image: a gradient wants two colors; it is left out"),
        ("a { transform: perspective(1px) }", "1:5: transform: perspective() is not supported; it is left out"),
        ("a { width: -5px }", "1:5: width: -5px is negative; it is left out"),
        ("a {\n color: reddish }", "2:2: color: reddish is no color; it is left out"),
        ("a { display: grid }", "1:5: display: unknown value grid (known: block, inline, inline-block, flex, inline-flex, none); it is left out"),
        ("a { width: calc(100% - 5px) }", "1:5: width: calc(100% - 5px) is no length; it is left out"),
        ("a + b { width: 5px }", "1:1: a + b: no class, #id, element, descendant, > or :active; the rule is left out"),
        ("a:hover { width: 5px }", "1:1: a:hover: :hover is not supported; the rule is left out"),
        ("a[b] { width: 5px }", "1:1: a[b]: no class, #id, element, descendant, > or :active; the rule is left out"),
        (", a { width: 5px }", "1:1: an empty selector: nothing is selected; the rule is left out"),
        ("@media print { a { width: 5px } }", "1:1: @media is not supported and left out"),
    ],
)  # fmt: skip
def test_what_a_style_sheet_has_that_is_unknown_is_told(tmp_path, wxss, warning):
    page, warnings = compiled(tmp_path, "", wxss + "\n.z { height: 1px }")
    assert warnings == [f"p/i.wxss:{warning}"]
    assert (100, ((".z",),), ("height", 512), ()) in page["RULES"]


@pytest.mark.parametrize(
    ("wxss", "complaint"),
    [
        ("a { width }", "1:10: "),
        (".a { width: 5px", None),  # CSS: the end of the file closes what is open
        ("a } b", "1:5: "),
        ("a", "1:1: "),
        ("@import;", '1:1: @import wants one "path"'),
        ("a { b { width: 1px } }", "1:5: a rule within a rule"),
    ],
)
def test_a_broken_style_sheet_is_refused_with_its_place(tmp_path, wxss, complaint):
    if complaint is None:
        assert compiled(tmp_path, "", wxss)[0]["RULES"] == ((100, ((".a",),), ("width", 5 << 9), ()),)
    else:
        assert refusal(tmp_path, "", wxss).startswith(f"p/i.wxss:{complaint}")


def test_selectors_and_what_they_weigh(tmp_path):
    wxss = "view, .a.b #c > text:active { width: 1px; height: 2px !important; width: 3px }"
    assert compiled(tmp_path, "", wxss)[0]["RULES"] == (
        (1, (("view",),), ("width", 3 << 9), ()),
        (1 + (1 << 20), (("view",),), ("height", 2 << 9), ()),
        (10301, ((".a", ".b"), ("#c",), ">", ("text", ":active")), ("width", 3 << 9), ()),
        (10301 + (1 << 20), ((".a", ".b"), ("#c",), ">", ("text", ":active")), ("height", 2 << 9), ()),
    )


def test_sheets_are_imported_and_the_apps_is_a_module_of_its_own(tmp_path):
    files = {"p/b.wxss": ".b { width: 1px }", "c.wxss": ".c { width: 2px }", "app.wxss": '@import "/c.wxss";'}
    page, warnings = compiled(tmp_path, "", "@import 'b.wxss'; .a { width: 3px }", **files)
    assert [rule[1] for rule in page["RULES"]] == [((".b",),), ((".a",),)]
    assert not warnings
    modules, _ = compile_app(tmp_path)
    assert modules["app_wxss.py"] == ("RULES = ((100, (('.c',),), ('width', 1024), ()),)\n", "app.wxss")


def test_events_data_and_models(tmp_path):
    wxml = (
        '<view bindtap="a" catch:tap="b" capture-bind:touchstart="c" capture-catch:tap="d" mut-bind:tap="e" bindscroll="{{f}}" '
        'data-item-id="1" data-itemName="{{g}}"/><input model:value="{{h}}"/>'
    )
    page, warnings = compiled(tmp_path, wxml)
    view, field = page["NODES"]
    assert view[3] == (
        "tap", 0, "a", "tap", 1, "b", "touchstart", 2, "c", "tap", 3, "d", "tap", 4, "e", "scroll", 0, "",
    )  # fmt: skip
    assert view[1] == ("data-itemId", "1")
    assert view[2][::3] == ("@scroll", "data-itemname")
    assert field[3] == ("input", 5, "h=value")
    assert not warnings


def test_white_space_between_tags_is_the_writers_own(tmp_path):
    page, _ = compiled(tmp_path, "<view>\n  one\n  two &lt;\n</view>\n\n<text>a\\nb  c</text> <text> d </text>")
    assert [each[4] for each in page["NODES"]] == [("one two <",), ("a\nb  c",), (" d ",)]


def test_templates_see_their_own_file_and_what_it_imports_only(tmp_path):
    files = {
        "p/b.wxml": "<import src='c.wxml'/><template name='b'>b<template is='c'/></template>",
        "p/c.wxml": "<template name='c'>c</template>",
    }
    wxml = "<import src='b.wxml'/><template is='b'/><template is='c'/>"
    page, warnings = compiled(tmp_path, wxml, **files)
    assert warnings == ["p/i.wxml:1:55: no template of the name c: nothing is shown"]
    assert len(page["NODES"]) == 1
    assert page["TEMPLATES"][0][0] == "b"
    assert page["TEMPLATES"][1] == ("c",)


def test_packing_stops_at_a_fault_with_one_line(tmp_path):
    (tmp_path / "p").mkdir()
    (tmp_path / "app.json").write_text('{"pages": ["p/i"]}')
    (tmp_path / "p" / "i.py").write_text("Page({})")
    (tmp_path / "p" / "i.wxml").write_bytes(b"<view>\xff</view>")
    with pytest.raises(CompileError, match=r"^p/i.wxml: no UTF-8 at byte 6$"):
        pack_folder(tmp_path, tmp_path / "packed")


def test_a_script_may_not_have_the_name_of_what_markup_becomes(tmp_path):
    assert refusal(tmp_path, "a", **{"p/i_wxml.py": ""}) == "p/i_wxml.py: the name is taken by what the markup becomes"


CARD = {
    "p/i.json": '{\n  "usingComponents": {"my-card": "/c/card"}\n}',
    "c/card.json": '{"component": true}',
    "c/card.py": "@Component\nclass Card:\n    properties = {'someName': str}\n    externalClasses = ['my-class']\n",
    "c/card.wxml": "<view><slot name='top'/><view><slot/></view></view>",
}


def of_components(folder, wxml, **files):
    (folder / "c").mkdir(exist_ok=True)
    return compiled(folder, wxml, **{**CARD, **files})


def test_a_custom_component_is_an_element_with_slots(tmp_path):
    page, warnings = of_components(
        tmp_path,
        "<my-card id='a' some-name='{{n}}' my-class='x' bind:told='f' model:some-name='{{m}}' foo='1'>"
        "<text slot='top' wx:if='{{on}}'>t</text>{{n}}<view/></my-card>",
    )
    assert warnings == ["p/i.wxml:1:86: <my-card> has no foo: it means nothing"]
    tag, static, bindings, handlers, slots, reads, path = page["NODES"][0]
    assert (tag, path, static) == ("my-card", "c/card", ("id", "a", "my-class", "x", "foo", "1"))
    assert bindings[0] == "someName" and handlers == ("told", 0, "f", "", 5, "m=someName")
    top, named, levels, rest, other, more = slots
    assert (top, levels, rest, more) == ("top", 1, "", 1)
    assert named[0][0] == 1 and named[0][1][0][1] == (("text", (), (), (), ("t",), 0),)
    assert other[0][0] == 0 and other[1][0] == "view"
    assert page["READS"][reads] == ("m", "n", "on") and page["USES"] is True


def test_a_components_module_says_how_deep_it_is_and_whose_styles_hold(tmp_path):
    of_components(tmp_path, "<my-card/>", **{"c/card.wxss": ".a { color: red } :host { margin: 1px }"})
    modules, warnings = compile_app(tmp_path)
    source, name = modules["c/card_wxml.py"]
    assert (name, warnings) == ("c/card.wxml", [])
    assert "LEVELS = 2\nISOLATION = 'isolated'\n" in source and "((':host',),)" in source
    assert "(4, 'top', 0)" in source and "(4, '', 0)" in source


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"p/i.json": '{"usingComponents":\n {"a": "/c/b"}}'}, "p/i.json:2:3: a: there is no c/b.py"),
        ({"p/i.json": '{"usingComponents": {"a": "../../b"}}'}, "p/i.json:1:22: a: there is no ../b.py"),
        (
            {"p/i.json": '{"usingComponents": {"a": "plugin://b"}}'},
            "p/i.json:1:22: a: plugin://b: a kiosk has no plugins",
        ),
        ({"p/i.json": '{"usingComponents": ["a"]}'}, "p/i.json:1:2: usingComponents wants an object of paths"),
        ({"c/card.json": '{"component" true}'}, "c/card.json:1:14: Expecting ':' delimiter"),
        ({"c/card.py": "x = = 1"}, "c/card.py:1:5: SyntaxError: invalid syntax"),
        ({"c/card.wxml": "<view>"}, "c/card.wxml:1:1: <view> is never closed"),
        ({"c/card.wxml": "<slot name='{{a}}'/>"}, "c/card.wxml:1:13: a slot wants a name without {{ }}"),
        (
            {"c/card.json": '{"component": true, "usingComponents": {"me": "card"}}', "c/card.wxml": "<me/>"},
            "c/card.wxml:1:1: c/card contains itself without end: put it into a wx:if",
        ),
    ],
)
def test_broken_components_are_refused_with_their_place(tmp_path, files, complaint):
    with pytest.raises(CompileError) as raised:
        of_components(tmp_path, "<my-card/>", **files)
    assert str(raised.value) == complaint


@pytest.mark.parametrize(
    ("wxml", "files", "warning"),
    [
        ("<my-card/>", {"c/card.json": "{}"}, 'c/card.json: it wants "component": true'),
        ("<my-card/>", {"c/card.wxss": "view { color: red }"}, "c/card.wxss:1:1: view: a tag in a component's sheet"),
        ("<my-card/>", {"c/card.wxss": ".a #b { color: red }"}, "c/card.wxss:1:1: #b: an id in a component's sheet"),
        ("<my-card/>", {"c/card.wxml": "<marquee/>"}, "c/card.wxml:1:1: unknown component <marquee>"),
        ("<my-card/>", {"c/card.wxml": "<view foo='1'/>"}, "c/card.wxml:1:7: <view> has no foo: it means nothing"),
        ("<my-card/>", {"c/card.wxml": "<slot>a</slot>"}, "c/card.wxml:1:1: what is in a <slot> is never shown"),
        ("<slot/>", {}, "p/i.wxml:1:1: <slot>: only a component has one"),
        (
            "<my-card/>",
            {"c/card.py": "Component({\n'options': {'virtualHost': True}})"},
            "c/card.py:2:1: virtualHost: a kiosk's component is always an element of its own",
        ),
        (
            "<my-card/>",
            {"c/card.py": "Component({'options': {'styleIsolation': 'open'}})"},
            "c/card.json: styleIsolation 'open' is none of isolated, apply-shared, shared: isolated",
        ),
    ],
)
def test_what_is_odd_in_a_component_is_told(tmp_path, wxml, files, warning):
    warnings = of_components(tmp_path, wxml, **files)[1]
    assert [each[: len(warning)] for each in warnings] == [warning]


def test_a_component_may_contain_itself_under_a_condition(tmp_path):
    files = {
        "c/card.json": '{"component": true, "usingComponents": {"me": "card"}}',
        "c/card.wxml": "<view><me wx:if='{{a}}'/><view wx:for='{{b}}'><me/></view></view>",
    }
    assert of_components(tmp_path, "<my-card/>", **files)[1] == []


def test_slots_take_no_computed_names(tmp_path):
    with pytest.raises(CompileError, match="p/i.wxml:1:22: slot wants a name without {{ }}"):
        of_components(tmp_path, "<my-card><view slot='{{a}}'/></my-card>")
