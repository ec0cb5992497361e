"""Pickers: what the wheels hold, where a finger turns them, what the page hears."""

import asyncio
import gc
import io
import sys

from kiosk import log
from kiosk.ui.components import dates, flick
from kiosk.ui.components.wheel import ROW_PX, Wheel
from tests.fakes.controls import Stage, element


class Clock:
    """The time of fingers, which stands still."""

    now = 0

    @classmethod
    def ticks_ms(cls):
        return cls.now

    @staticmethod
    def ticks_diff(late, early):
        return late - early


flick.time = Clock
_HEARS = "change cancel columnchange"
_TOP = 240 - 40 - 5 * 34
_MIDDLE = _TOP + 40 + 5 * 17
CONFIRM, CANCEL = (300, _TOP + 20), (20, _TOP + 20)


def one(attributes, bound=(), **data):
    """(stage, component) of a page with one picker, open."""
    inner = element("view", {"id": "inner"}, "Choose")
    stage = Stage([element("picker", dict(attributes, id="p"), inner, hears=_HEARS, bound=bound)], **data)
    stage.tap(*stage.place("inner"))
    return stage, stage.find("p")


def texts(picker, number=0):
    """Those of a wheel."""
    wheel = picker._sheet.wheels[number]
    return [wheel.text(at) for at in range(wheel.count)]


def turn(stage, rows, x=160):
    """A slow finger turns the wheel at `x` by some rows."""
    stage.drag((x, _MIDDLE), (x, _MIDDLE - 12), (x, _MIDDLE - rows * ROW_PX), (x, _MIDDLE - rows * ROW_PX))


def step(stage, rows, x=160):
    """A tap on a text that is `rows` below the middle."""
    stage.tap(x, _MIDDLE + rows * ROW_PX)


def warned(attributes):
    """(stage, component, what is warned of meanwhile)."""
    before, log.err = log.err, io.StringIO()
    try:
        return one(attributes) + (log.err.getvalue(),)
    finally:
        log.err = before


async def test_one_of_a_list():
    stage, picker = one({"range": ["red", "green", "blue"], "value": 1})
    assert texts(picker) == ["red", "green", "blue"] and picker._sheet.wheels[0].at == 1
    step(stage, 1)
    assert stage.told() == [] and len(stage.screen.layers.shown) == 1
    stage.tap(*CONFIRM)
    assert stage.told() == [("change", {"value": 2})] and picker.result() == 2
    assert stage.screen.layers.shown == [] and stage.screen.focused is None and picker._sheet is None


async def test_cancelled_all_is_as_it_was():
    for place in (CANCEL, (160, 5)):  # the key, and beside it
        stage, picker = one({"range": ["a", "b"], "value": 1})
        step(stage, -1)
        stage.tap(*place)
        assert stage.told() == [("cancel", {})] and picker.result() == 1
        assert stage.screen.layers.shown == []


async def test_items_of_objects_by_their_key():
    items = [{"id": 1, "name": "one"}, {"id": 2}, {"id": 3, "name": 3}]
    _, picker = one({"range": items, "range-key": "name"})
    assert texts(picker) == ["one", "", "3"]


async def test_ten_thousand_items_cost_nothing():
    items = range(10000)  # as a list of the page would be, without its memory
    stage, picker = one({"range": ["1"]})
    gc.collect()
    before = gc.mem_alloc()
    picker._sheet.wheels[0].text = str
    picker._sheet.wheels[0].set(len(items), 9999)
    picker._sheet.changed()
    await asyncio.sleep_ms(2)
    gc.collect()
    assert gc.mem_alloc() - before < 2000
    step(stage, 2)
    assert picker._sheet.wheels[0].at == 9999
    step(stage, -2)
    assert picker._sheet.wheels[0].at == 9997


async def test_many_lists_tell_of_each_turn_and_take_other_ranges():
    stage, picker = one(
        {"mode": "multiSelector"}, [("range", 0), ("value", 1)], v0=[["a", "b"], ["1", "2", "3"]], v1=[0, 2]
    )
    assert [wheel.at for wheel in picker._sheet.wheels] == [0, 2]
    step(stage, 1, 80)
    assert stage.told() == [("columnchange", {"column": 0, "value": 1})]
    stage.page.setData({"v0": [["a", "b"], ["4", "5"]]})
    assert [wheel.at for wheel in picker._sheet.wheels] == [1, 1] and texts(picker, 1) == ["4", "5"]
    stage.page.setData({"v1": [0, 0]})
    assert [wheel.at for wheel in picker._sheet.wheels] == [0, 0]
    stage.page.setData({"v0": [["x"], ["y"], ["z"]], "v1": [0, 0, 0]})
    assert len(picker._sheet.wheels) == 3
    stage.tap(*CONFIRM)
    assert stage.told() == [("change", {"value": [0, 0, 0]})]


async def test_a_time_within_its_limits():
    stage, picker = one({"mode": "time", "value": "12:30", "start": "09:15", "end": "13:05"})
    assert [wheel.at for wheel in picker._sheet.wheels] == [12, 30]
    step(stage, 1, 80)
    assert [wheel.at for wheel in picker._sheet.wheels] == [13, 5]  # the end
    stage.tap(*CONFIRM)
    assert stage.told() == [("change", {"value": "13:05"})]


async def test_a_date_with_the_days_that_its_month_has():
    stage, picker = one({"mode": "date", "value": "2024-01-31", "start": "2020-01-01", "end": "2030-12-31"})
    assert (picker._sheet.wheels[0].count, texts(picker)[0], picker._sheet.wheels[2].count) == (11, "2020年", 31)
    step(stage, 1)
    assert [wheel.at for wheel in picker._sheet.wheels] == [4, 1, 28] and picker._sheet.wheels[2].count == 29
    step(stage, 1, 50)
    assert picker._sheet.wheels[2].count == 28
    stage.tap(*CONFIRM)
    assert stage.told() == [("change", {"value": "2025-02-28"})]


async def test_years_and_months_alone():
    for fields, value in (("year", "2016"), ("month", "2016-09")):
        stage, picker = one({"mode": "date", "value": "2016-09-01", "fields": fields})
        assert len(picker._sheet.wheels) == {"year": 1, "month": 2}[fields]
        stage.tap(*CONFIRM)
        assert stage.told() == [("change", {"value": value})]


async def test_dates():
    assert dates.date("2024-02-29") == (2024, 2, 29) and dates.date("2016") == (2016, 1, 1)
    for wrong in ("2023-02-29", "2023-13-01", "today", "", "1-2-3-4", "12345-01-01", "-1-01-01", None, 5):
        assert dates.date(wrong) is None, wrong
    assert dates.clock("00:00") == (0, 0) and dates.clock("23:59") == (23, 59)
    for wrong in ("24:00", "12", "12:60", "noon", "1:2:3", None):
        assert dates.clock(wrong) is None, wrong
    assert [dates.days(year, 2) for year in (1900, 2000, 2023, 2024)] == [28, 29, 28, 29]


async def test_wrong_values_are_said_and_it_opens_all_the_same():
    for attributes, what in (
        ({"mode": "date", "value": "2023-02-30"}, '"2023-02-30"'),
        ({"mode": "time", "value": "25:00"}, '"25:00"'),
        ({"mode": "date", "start": "2030-01-01", "end": "2020-01-01"}, "ends before it starts"),
    ):
        stage, picker, told = warned(attributes)
        assert what in told and picker._sheet, told
        stage.tap(*CONFIRM)
        assert stage.told()[0][0] == "change"
    for attributes in ({"range": 5}, {"range": []}, {}, {"mode": "multiSelector", "range": ["ab", 3]}, {"range": ["a"], "value": "x"}, {"range": ["a"], "value": 99}):  # fmt: skip
        stage, picker = one(attributes)
        await stage.windows()
        step(stage, 1)
        turn(stage, -3)
        stage.tap(*CONFIRM)
        assert stage.told()[-1][0] == "change", attributes


async def test_regions_are_refused_and_what_is_disabled_stays_shut():
    _, _, told = warned({"mode": "region"})
    assert 'has no mode "region"' in told
    stage, picker = one({"range": ["a"], "disabled": True})
    assert picker._sheet is None and stage.screen.layers.shown == []


async def test_another_page_and_a_page_that_closes_take_the_wheels():
    stage, picker = one({"range": ["a"]})
    stage.screen.opened(stage.new_page())
    assert stage.screen.layers.shown == [] and stage.told() == [("cancel", {})]
    stage, picker = one({"range": ["a"]})
    stage.screen.closed(stage.page)
    assert stage.screen.layers.shown == [] and stage.told() == [] and stage.screen.focused is None


async def test_the_wheel_that_turns_alone_is_painted():
    stage, picker = one({"mode": "time", "value": "12:30"})
    await stage.windows()
    step(stage, 1, 80)
    windows = await stage.windows()
    assert all(y >= _TOP + 40 for _, y, _, _ in windows), windows
    stage.screen._fingers.see([(0, 80, _MIDDLE)])
    stage.screen._fingers.see([(0, 80, _MIDDLE - 20)])
    (window,) = await stage.windows()
    assert window[0] == 0 and window[2] == 160
    stage.screen._fingers.see([])


def test_a_wheel_turns_by_rows_and_a_fast_finger_goes_on():
    wheel = Wheel((0, 0, 50, 170), 20, str, 10)
    wheel.begin(100)
    for y in (95, 80, 66):
        wheel.move(y)
    Clock.now += 100  # and stays before it leaves
    assert wheel.end(66, False) and wheel.at == 11
    wheel.begin(100)
    wheel.move(90)
    wheel.move(66)
    assert wheel.end(66, False) and wheel.at == 16  # a row, and 24 px times 6
    wheel.begin(0)
    wheel.move(-5000)
    assert wheel.end(-5000, False) and wheel.at == 19
    wheel.begin(0)
    wheel.move(9000)
    assert wheel.end(9000, False) and wheel.at == 0
    wheel.begin(10)
    assert not wheel.end(10, True) and wheel.at == 0  # above the first


def columns(*counts, **more):
    """A picker-view with columns of so many items."""
    inner = [
        element(
            "picker-view-column", {"id": "c%d" % number}, *[element("view", (), "item %d" % at) for at in range(count)]
        )
        for number, count in enumerate(counts)
    ]
    return element(
        "picker-view", dict({"id": "v"}, **more), *inner, hears="change pickstart pickend", bound=[("value", 0)]
    )


async def test_a_picker_view_has_columns_side_by_side():
    stage = Stage([columns(5, 3)], v0=[3, 1])
    view, first, second = stage.find("v"), stage.find("c0"), stage.find("c1")
    assert (view.node.h, first.node.w, second.node.x) == (5 * 34 << 6, 160 << 6, 160 << 6)
    assert view.result() == [3, 1] and first.node.scroll == (0, 102)
    assert first.node.children[0].y == 2 * 34 << 6 and first.node.children[1].h == 34 << 6
    stage.page.setData({"v0": [0, 99]})
    assert view.result() == [0, 2]


async def test_a_picker_view_is_turned():
    stage = Stage([columns(5, 3)], v0=[])
    x, y = stage.place("c0")
    stage.drag((x, y), (x, y - 20), (x, y - 60), (x, y - 66), (x, y - 66))
    # The finger's last step was 6 px: 36 px more.
    assert [name for name, _ in stage.told()] == ["pickstart", "change", "pickend"]
    assert stage.find("v").result() == [3, 0]
    stage.tap(x, y - 34)
    assert stage.told() == [("change", {"value": [2, 0]})]
    stage.tap(x, y)
    assert stage.told() == []


async def test_picker_views_with_nothing_and_with_wrong_values():
    for value in (None, 5, ["x"], [-1], [1e40], [None, None]):
        stage = Stage([columns(0, 2)], v0=value)
        assert stage.find("v").result() == [0, 0], value
        x, y = stage.place("c0")
        stage.tap(x, y)
        stage.drag((x, y), (x, y - 20), (x, y - 60))
        assert stage.told() == []
        stage.screen.close()
    stage = Stage([element("picker-view-column", {"id": "alone"}, element("view", (), "x"))])
    stage.tap(*stage.place("alone"))
    stage = Stage([columns(3, **{"indicator-style": "height: 50px; color: nothing"})], v0=[1])
    assert stage.find("c0").node.children[1].h == 50 << 6


async def test_what_pickers_take_is_what_their_modules_say():
    if sys.maxsize > 1 << 40:
        return  # a board's bytes are those of the 32-bit build
    stage = Stage([element("picker", {"id": "p", "mode": "date"}), columns(3, 3)], v0=[0, 0])
    picker, view, column = stage.find("p"), stage.find("v"), stage.find("c0")
    for found, most in ((picker, 200), (view, 176), (column, 112)):
        kept = []
        gc.collect()
        before = gc.mem_alloc()
        for _ in range(20):
            kept.append(type(found)(found.node, stage.view))
        gc.collect()
        taken = (gc.mem_alloc() - before - 128) // 20
        assert taken <= most, (found.node.tag, taken)
    picker.tapped(0, 0)  # the modules, and what is kept for painting
    await asyncio.sleep_ms(2)
    picker.close()
    await asyncio.sleep_ms(2)
    gc.collect()
    before = gc.mem_alloc()
    picker.tapped(0, 0)
    gc.collect()
    taken = gc.mem_alloc() - before
    assert taken <= 720, taken
    picker.close()
    await asyncio.sleep_ms(2)
    gc.collect()
    assert gc.mem_alloc() - before < 256, gc.mem_alloc() - before
