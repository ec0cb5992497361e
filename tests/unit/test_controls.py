"""Checkboxes, radios, switches, sliders, labels and forms: what a finger does, what the page hears, what is sent."""

import io
import sys

from kiosk import log
from tests.fakes.controls import Stage, element


def boxes(tag, group, **more):
    """A group of two controls with the values a and b."""
    inner = [element(tag, dict(id=name, value=name, **more)) for name in "ab"]
    return element(group, {"id": "group", "name": "group"}, *inner, hears="change")


async def test_a_group_tells_which_boxes_are_ticked():
    stage = Stage([boxes("checkbox", "checkbox-group")])
    stage.tap(*stage.place("b"))
    assert stage.told() == [("change", {"value": ["b"]})]
    stage.tap(*stage.place("a"))
    assert stage.told() == [("change", {"value": ["a", "b"]})]
    stage.tap(*stage.place("b"))
    assert stage.told() == [("change", {"value": ["a"]})]
    assert stage.find("group").result() == ["a"]


async def test_a_tick_is_painted_and_nothing_else():
    stage = Stage([boxes("checkbox", "checkbox-group")], sees=(80, 40))
    await stage.windows()
    x, y = stage.place("a")
    before = bytes(stage.display.pixels)
    stage.tap(x, y)
    (window,) = await stage.windows()
    assert window[2] <= 30 and window[3] <= 26, window
    assert bytes(stage.display.pixels) != before
    stage.tap(x, y)
    await stage.windows()
    assert bytes(stage.display.pixels) == before


async def test_of_the_radios_of_a_group_one_is_chosen():
    stage = Stage([boxes("radio", "radio-group")])
    stage.tap(*stage.place("b"))
    stage.tap(*stage.place("b"))
    stage.tap(*stage.place("a"))
    assert stage.told() == [("change", {"value": "b"}), ("change", {"value": "a"})]
    assert (stage.find("a").is_on, stage.find("b").is_on) == (True, False)


async def test_what_is_disabled_stays_as_it_is():
    nodes = [boxes("checkbox", "checkbox-group", disabled=True, checked=True)]
    nodes += [element(tag, {"id": tag, "disabled": True}, hears="change changing") for tag in ("switch", "slider")]
    stage = Stage(nodes)
    for name in ("a", "switch", "slider"):
        stage.tap(*stage.place(name))
    x, y = stage.place("slider", 0.1)
    stage.drag((x, y), (x + 50, y), (x + 90, y))
    assert stage.told() == []
    assert stage.find("group").result() == ["a", "b"] and not stage.find("switch").is_on


async def test_set_data_checks_and_unchecks_and_nobody_is_told():
    stage = Stage([element("switch", {"id": "s"}, bound=[("checked", 0)], hears="change")], v0=True)
    switch = stage.find("s")
    assert switch.is_on
    stage.tap(*stage.place("s"))
    assert not switch.is_on and stage.told() == [("change", {"value": False})]
    stage.page.setData({"v0": False})
    stage.page.setData({"v0": True})
    assert switch.is_on and stage.told() == []
    stage.page.setData({"v0": None})
    assert not switch.is_on


async def test_a_label_taps_the_control_in_it_or_that_it_names():
    text = element("text", {"id": "text"}, "Agree")
    far = element("label", {"id": "far", "for": "s"}, "Switch")
    none = element("label", {"id": "none", "for": "nobody"}, "Nobody")
    stage = Stage(
        [
            element("label", {"id": "label"}, boxes("checkbox", "checkbox-group"), text),
            element("view", (), far),
            element("view", (), none),
            element("switch", {"id": "s"}, hears="change"),
        ]
    )
    stage.tap(*stage.place("text"))
    assert stage.told() == [("change", {"value": ["a"]})]
    stage.tap(*stage.place("b"))  # the control itself: once
    assert stage.told() == [("change", {"value": ["a", "b"]})]
    stage.tap(*stage.place("far"))
    assert stage.told() == [("change", {"value": True})]
    stage.tap(*stage.place("none"))
    assert stage.told() == []


async def test_a_label_on_two_lines_takes_no_taps_beside_its_text():
    first = element("label", (), element("checkbox", {"id": "first", "value": "1"}), "one")
    wraps = element("label", (), element("checkbox", {"id": "wraps", "value": "2"}), "another line")
    group = element("checkbox-group", {"class": "narrow"}, first, wraps, hears="change")
    stage = Stage([group], ((100, ((".narrow",),), ("width", 90 << 9), ()),))
    x, y = stage.place("first")
    assert stage.place("wraps")[1] < stage.find("wraps").node.parent.h >> 6
    stage.tap(x + 20, y)  # the text, which is within the box around the other label
    assert stage.told() == [("change", {"value": ["1"]})]
    stage.tap(20, y + 29)
    assert stage.told() == [("change", {"value": ["1", "2"]})]


async def test_a_slider_goes_in_steps():
    stage = Stage(
        [element("slider", {"id": "s", "min": "50", "max": 200, "step": "50", "value": 60}, hears="change changing")]
    )
    slider = stage.find("s")
    assert slider.now == 60  # as the markup has it
    x, y = stage.place("s", 0)
    stage.tap(x + 318, y)
    assert stage.told() == [("change", {"value": 200})]
    stage.drag((x + 300, y), (x + 120, y), (x + 121, y), (x - 5, y))
    assert stage.told() == [("changing", {"value": 100}), ("changing", {"value": 50}), ("change", {"value": 50})]
    stage.drag((x + 10, y), (x + 11, y + 60))  # up and down is the page's
    assert stage.told() == []


async def test_a_slider_with_fractions_has_short_numbers():
    stage = Stage([element("slider", {"id": "s", "min": 0, "max": 1, "step": 0.1}, hears="change")])
    x, y = stage.place("s", 0)
    stage.tap(x + 14 + 292 * 3 // 10, y)
    (told,) = stage.told()
    assert abs(told[1]["value"] - 0.3) < 1e-6 and len(str(told[1]["value"])) < 9


async def test_sliders_with_wrong_numbers_say_so_and_stay_whole():
    for attributes, what in (
        ({"min": 10, "max": 5}, "max below its min"),
        ({"step": 0}, "not above 0"),
        ({"step": "-3"}, "not above 0"),
        ({"value": "many"}, "<slider value> wants a number, not many"),
        ({"max": {}}, "<slider max> wants a number, not [object Object]"),
        ({"block-size": "1e400"}, "block-size"),
        ({"activeColor": "greenish"}, "activeColor"),
    ):
        log.err, before = io.StringIO(), log.err
        stage = Stage([element("slider", dict(attributes, id="s"), hears="change")])
        await stage.windows()
        told, log.err = log.err.getvalue(), before
        assert what in told, (what, told)
        x, y = stage.place("s", 0)
        for place in (0, 5, 160, 319):
            stage.tap(x + place, y)
        slider = stage.find("s")
        assert slider._low <= slider.now <= slider._high
        await stage.windows()
        stage.screen.close()


async def test_a_form_sends_what_has_a_name_and_sets_it_back():
    stage = Stage(
        [
            element(
                "form",
                {"id": "form", "report-submit": True},
                boxes("checkbox", "checkbox-group"),
                element("switch", {"id": "s", "name": "s", "checked": True}),
                element("slider", {"id": "slider", "name": "slider", "value": 30}),
                element("switch", {"id": "nameless"}),
                element("button", {"id": "send", "form-type": "submit"}, "Send"),
                element("button", {"id": "clear", "form-type": "reset"}, "Clear"),
                element("button", {"id": "dull", "form-type": "submit", "disabled": True}, "Send"),
                hears="submit reset",
            )
        ],
        size=(320, 480),
    )
    stage.tap(*stage.place("a"))
    stage.tap(*stage.place("s"))
    stage.tap(*stage.place("slider", 0.99))
    stage.told()
    stage.tap(*stage.place("dull"))
    assert stage.told() == []
    stage.tap(*stage.place("send"))
    ((name, detail),) = stage.told()
    assert name == "submit" and detail["value"] == {"group": ["a"], "s": False, "slider": 100} and detail["formId"]
    stage.tap(*stage.place("clear"))
    assert stage.told() == [("reset", {})]
    assert stage.find("form").result() == {"group": [], "s": True, "slider": 30}


async def test_what_a_control_takes_is_what_its_module_says():
    import gc

    if sys.maxsize > 1 << 40:
        return  # a board's bytes are those of the 32-bit build
    for tag, most in (("checkbox", 144), ("radio", 144), ("switch", 144), ("slider", 240), ("checkbox-group", 128), ("radio-group", 128), ("label", 80), ("form", 96)):  # fmt: skip
        stage = Stage([element(tag, {"id": "one"})])
        node = stage.find("one").node
        make = type(node.component)
        kept = []
        gc.collect()
        before = gc.mem_alloc()
        for _ in range(20):
            kept.append(make(node, stage.view))
        gc.collect()
        taken = (gc.mem_alloc() - before - 128) // 20
        assert taken <= most, (tag, taken)
        stage.screen.close()
