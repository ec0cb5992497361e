"""Inputs and textareas: typing, the caret, the keyboard's coming and going, what the page hears."""

import asyncio
import gc
import io
import sys

from kiosk import log
from kiosk.ui.components import lines
from tests.fakes import keys
from tests.fakes.controls import Stage, element

keys.install()
_ALL = "input focus blur confirm keyboardheightchange linechange"


def one(attributes=None, tag="input", bound=(), **data):
    """(stage, component) of a page with one field."""
    stage = Stage([element(tag, dict(attributes or {}, id="f"), hears=_ALL, bound=bound)], **data)
    return stage, stage.find("f")


def names(stage):
    """Of the events."""
    return [name for name, _ in stage.told()]


async def test_a_tap_opens_the_keyboard_and_one_elsewhere_closes_it():
    stage, field = one({"type": "number", "confirm-type": "search"})
    stage.tap(*stage.place("f"))
    (board,) = keys.opened
    assert (board.type, board.confirm_type) == ("number", "search") and stage.screen.focused is field
    assert stage.told() == [
        ("focus", {"value": "", "height": 120}),
        ("keyboardheightchange", {"height": 120, "duration": 0}),
    ]
    stage.tap(*stage.place("f"))  # the field itself
    stage.tap(5, 200)  # the keyboard
    assert keys.opened == [board] and stage.told() == []
    stage.tap(5, 100)
    assert keys.opened == [] and stage.screen.focused is None and stage.screen.layers.shown == []
    assert stage.told() == [
        ("blur", {"value": "", "cursor": 0}),
        ("keyboardheightchange", {"height": 0, "duration": 0}),
    ]


async def test_what_is_typed_is_in_the_text_at_the_caret():
    stage, field = one({"value": "ac"})
    stage.tap(*stage.place("f", 0.99))
    (board,) = keys.opened
    stage.told()
    field.put_caret(1)
    board.listener.typed("b")
    board.listener.typed("你好")
    board.listener.erased()
    assert stage.told() == [
        ("input", {"value": "abc", "cursor": 2, "keyCode": 98}),
        ("input", {"value": "ab你好c", "cursor": 4, "keyCode": 0x597D}),
        ("input", {"value": "ab你c", "cursor": 3, "keyCode": 8}),
    ]
    field.put_caret(0)
    board.listener.erased()
    assert stage.told() == [] and field.result() == "ab你c"
    board.listener.confirmed()
    assert names(stage) == ["confirm", "blur", "keyboardheightchange"] and keys.opened == []


async def test_what_a_function_returns_is_the_text():
    stage, field = one()
    stage.tap(*stage.place("f"))
    stage.page.answer = "REPLACED"
    keys.opened[0].listener.typed("x")
    assert (field.text, field.caret) == ("REPLACED", 8)
    stage.page.answer = {"value": "four", "cursor": 2}
    keys.opened[0].listener.typed("x")
    assert (field.text, field.caret) == ("four", 2)
    for stage.page.answer in (5, {"value": 7}, {"cursor": 1}, None):
        keys.opened[0].listener.typed("y")
    assert field.text == "foyyyyur"


async def test_model_value_is_in_the_pages_data():
    node = element("input", {"id": "f"}, bound=[("value", 0)])
    node = node[:3] + (("input", 5, "v0=value"),) + node[4:]
    stage = Stage([node], v0="a")
    field = stage.find("f")
    stage.tap(*stage.place("f", 0.9))
    keys.opened[0].listener.typed("b")
    assert stage.page.data["v0"] == "ab" and (field.text, field.caret) == ("ab", 2)
    stage.page.setData({"v0": "other"})
    assert field.text == "other"


async def test_letters_being_composed_are_put_in_when_the_field_loses_the_keyboard():
    for leave in ("blur", "leave", "closed"):
        stage, field = one({"value": "ab", "maxlength": 4})
        field.focus()
        keys.opened[0].listener.composing("nih")
        keys.opened[0].letters = "nih"
        stage.told()
        getattr(field, leave)()
        assert field.text == "abni" and field.spelt == "" and keys.opened == []
        told = stage.told()
        assert told[:2] == [
            ("input", {"value": "abni", "cursor": 4, "keyCode": 105}),
            ("blur", {"value": "abni", "cursor": 4}),
        ]


async def test_maxlength_and_long_texts():
    stage, field = one({"maxlength": 3, "value": "abcdef"})
    assert field.text == "abc"
    stage.tap(*stage.place("f"))
    keys.opened[0].listener.typed("x")
    assert field.text == "abc" and "input" not in names(stage)
    keys.opened[0].listener.erased()
    keys.opened[0].listener.typed("xyz")
    assert len(field.text) == 3
    log.err, before = io.StringIO(), log.err
    stage, field = one({"maxlength": -1}, bound=[("value", 0)], v0="")
    size = 1000000 if gc.mem_free() > 3000000 else 20000  # what the heap has room for
    stage.page.setData({"v0": "m" * size})
    told, log.err = log.err.getvalue(), before
    assert len(field.text) == 10000 and "holds 10000 of %d characters" % size in told
    assert len(stage.page.data["v0"]) == size
    stage.tap(*stage.place("f"))
    field.put_caret(10000)
    await asyncio.sleep_ms(2)  # it is painted
    assert 9900 < field._first < 10000


async def test_no_focus_where_there_is_none():
    stage, field = one({"disabled": True, "focus": True})
    stage.tap(*stage.place("f"))
    await asyncio.sleep_ms(2)
    assert keys.opened == [] and stage.told() == [] and not field.is_focused


async def test_a_keyboard_that_does_not_fit_leaves_the_page_as_it_was():
    stage, field = one(bound=[("focus", 0)], v0=False)

    def full(*args):
        raise MemoryError

    module, before = sys.modules["kiosk.ui.keyboard"], log.err
    original, module.Keyboard, log.err = module.Keyboard, full, io.StringIO()
    stage.tap(*stage.place("f"))
    stage.page.setData({"v0": True})
    await asyncio.sleep_ms(2)
    told, log.err = log.err.getvalue(), before
    assert "MemoryError" in told and stage.told() == [] and stage.screen.focused is None and stage.view.tree
    module.Keyboard = original
    stage.tap(*stage.place("f"))
    assert field.is_focused and len(keys.opened) == 1


async def test_two_that_want_the_focus_the_last_has_it():
    nodes = [element("input", {"id": name, "focus": True}, hears=_ALL) for name in "ab"]
    stage = Stage(nodes)
    await asyncio.sleep_ms(2)
    assert len(keys.opened) == 1 and stage.screen.focused is stage.find("b")
    heard = names(stage)
    assert heard.count("focus") == 2 and heard.count("blur") == 1


async def test_the_attribute_focus_opens_and_closes():
    stage, field = one(bound=[("focus", 0)], v0=False)
    stage.page.setData({"v0": True})
    await asyncio.sleep_ms(2)
    assert field.is_focused
    stage.page.setData({"v0": False})
    assert not field.is_focused and keys.opened == []


async def test_another_page_closes_the_keyboard_and_tells():
    stage, field = one()
    stage.tap(*stage.place("f"))
    stage.told()
    other = stage.new_page()
    stage.screen.opened(other)
    assert keys.opened == [] and stage.screen.layers.shown == [] and names(stage) == ["blur", "keyboardheightchange"]
    field.focus()  # not seen: no keyboard
    assert keys.opened == []


async def test_a_page_that_closes_takes_the_keyboard_with_it():
    stage, field = one({"focus": True})
    await asyncio.sleep_ms(2)
    assert len(keys.opened) == 1
    stage.told()
    stage.screen.closed(stage.page)
    assert keys.opened == [] and stage.screen.focused is None and stage.told() == []


def closing(stage, event):
    """A function of the page that closes it at this event."""

    def heard(told):
        if told.type == event:
            stage.screen.closed(stage.page)
        return "x"

    return heard


async def test_a_function_may_close_the_page_at_any_event():
    for event in ("focus", "input", "blur", "confirm"):
        stage, field = one()
        stage.page.heard = closing(stage, event)
        stage.tap(*stage.place("f"))
        if field.view.tree:
            field.typed("a")
        if field.view.tree:
            field.confirmed()
        assert keys.opened == [] and stage.screen.focused is None and field.view.tree is None, event
        stage.screen.close()


async def test_fields_that_are_taken_away_give_the_keyboard_back():
    module = element("view", {"id": "around"}, element("input", {"id": "f"}, hears=_ALL))
    stage = Stage([module])
    stage.tap(*stage.place("f"))
    assert len(keys.opened) == 1
    stage.find("f").close()
    assert keys.opened == [] and stage.screen.focused is None


async def test_the_page_moves_up_and_down_again():
    rules = ((100, ((".low",),), ("margin-top", 180 << 9), ()),)
    stage = Stage([element("input", {"id": "f", "class": "low", "cursor-spacing": "10"}, hears=_ALL)], rules)
    x, y = stage.place("f")
    stage.tap(x, y)
    assert stage.view.top == -(180 + 22 + 10 - 120)
    assert stage.place("f")[1] == y - 92
    stage.tap(*stage.place("f"))
    assert keys.opened
    keys.opened[0].listener.closed()
    assert stage.view.top == 0 and names(stage)[-2:] == ["blur", "keyboardheightchange"]
    for spacing, more in (("24px", 24), ("75rpx", 32), ("wide px", 0), ("-5", 0), ("", 0), ("many", 0)):
        stage = Stage([element("input", {"id": "f", "class": "low", "cursor-spacing": spacing})], rules)
        log.err, before = io.StringIO(), log.err
        stage.tap(x, y)
        log.err = before
        assert stage.view.top == -(180 + 22 + more - 120), (spacing, stage.view.top)
        stage.screen.close()
    assert keys.opened == []
    stage = Stage([element("input", {"id": "f", "class": "low", "adjust-position": False})], rules)
    stage.tap(x, y)
    assert keys.opened and stage.view.top == 0


async def test_the_caret_alone_is_painted_when_it_blinks():
    stage, field = one({"value": "abc"})
    stage.tap(*stage.place("f"))
    await stage.windows()
    stage.screen.spoil(*field._caret_box)
    (window,) = await stage.windows()
    assert window[2] * window[3] < 100, window
    assert len(field._tasks) == 1
    field.blur()
    assert field._tasks == [] and field._caret_box is None


async def test_a_tap_sets_the_caret():
    stage, field = one({"value": "abcdef"})
    stage.tap(*stage.place("f"))
    left = stage.place("f", 0)[0]
    for at in (0, 1, 3, 6):
        stage.tap(left + int(field.measure("abcdef"[:at])) + 1, stage.place("f")[1])
        assert field.caret == at, (field.caret, at)


async def test_what_is_spelt_is_no_text_yet():
    stage, field = one({"value": "a"})
    stage.tap(*stage.place("f"))
    stage.told()
    keys.opened[0].listener.composing("ni")
    assert field._seen() == ("ani", 3) and field.text == "a" and stage.told() == []
    keys.opened[0].listener.typed("你")
    assert field._seen() == ("a你", 2)


async def test_a_password_shows_no_character():
    stage, field = one({"value": "secret", "password": True})
    assert field._seen()[0] == "••••••" and field.result() == "secret"


def test_lines_break_after_spaces_and_where_they_must():
    def begun(text, width):
        return lines.starts(text, width, lambda character: 1)

    assert begun("", 5) == [0]
    assert begun("one two three", 5) == [0, 4, 8]
    assert begun("abcdefgh", 3) == [0, 3, 6]
    assert begun("a\n\nb\n", 9) == [0, 2, 3, 5]
    assert begun("你好吗再见", 2) == [0, 2, 4]
    assert begun("ab     cd", 3) == [0, 7]
    assert begun("xy", 0) == [0, 1]


async def test_lines_of_a_textarea():
    stage, field = one({"auto-height": True}, "textarea")
    stage.tap(*stage.place("f"))
    low = field.node.h
    stage.told()
    keys.opened[0].listener.confirmed()
    keys.opened[0].listener.typed("b")
    assert field.text == "\nb" and field.node.h == 2 * low
    heard = stage.told()
    assert [name for name, _ in heard] == ["linechange", "input", "input"] and heard[0][1]["lineCount"] == 2
    assert keys.opened
    stage.tap(*stage.place("f"))
    keys.opened[0].listener.erased()
    keys.opened[0].listener.erased()
    assert field.node.h == low and field.text == ""


async def test_a_textarea_scrolls_to_its_caret_and_by_a_finger():
    stage, field = one({"value": "\n".join("line %d" % n for n in range(15)), "maxlength": -1}, "textarea")
    assert field.node.h == 150 << 6 and field._far() > 50
    stage.tap(150, 5)
    field.put_caret(len(field.text))
    assert field._top == field._far()
    stage.drag((150, 40), (150, 70), (150, 95))
    assert field._top == field._far() - 55 and field.is_focused
    top = field._top
    stage.tap(150, 30)
    assert field._line_of(field.caret) == ((30 + top) << 6) // field._line_64() and field._top == top


async def test_a_thousand_fields_leave_nothing():
    before = 0
    for number in range(310):
        stage, field = one({"focus": True})
        await asyncio.sleep_ms(0)
        stage.screen.closed(stage.page)
        stage.screen.close()
        if number == 10:
            gc.collect()
            before = gc.mem_alloc()
    assert keys.opened == []
    await asyncio.sleep_ms(2)
    gc.collect()
    assert gc.mem_alloc() - before < 1024, gc.mem_alloc() - before


async def test_what_a_field_takes_is_what_its_module_says():
    if sys.maxsize > 1 << 40:
        return  # a board's bytes are those of the 32-bit build
    for tag, most in (("input", 400), ("textarea", 450)):
        stage, field = one(tag=tag)
        kept = []
        gc.collect()
        before = gc.mem_alloc()
        for _ in range(20):
            kept.append(type(field)(field.node, stage.view))
        gc.collect()
        taken = (gc.mem_alloc() - before - 128) // 20
        assert taken <= most, (tag, taken)
        stage.screen.close()
