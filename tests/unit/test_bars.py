"""The bars around a page: where they are, what of a page's settings they show, where fingers are on them."""

import asyncio
import io
import os
import sys

sys.path.insert(0, "drivers")

from display.fake import Display

from kiosk import app, log, router, system, ui
from kiosk.ui import bars
from kiosk.ui.bars.settings import Settings, rgb
from kiosk.ui.boardscreen import BoardScreen

_HIGH = ("height", 100 << 9 | 6)  # 100vh
_TABS = [{"pagePath": "a", "text": "A"}, {"pagePath": "b", "text": "B"}, {"pagePath": "c", "text": "C"}]
GREEN, RED = 0x07E0, 0xF800


class Page:
    """An open page."""

    def __init__(self, route):
        self.route = route
        self.data = {}
        self.taps = []

    def onTabItemTap(self, item):
        self.taps.append((item.index, item.pagePath, item.text))


class Module:
    NODES = (("view", ("class", "high"), (), (), (), 0),)
    TEMPLATES = READS = ()
    RULES = ((100, ((".high",),), ("height", 100 << 3 << 6 | 6), ()),)


def program(root="/nowhere", window=None, tab_bar=None, pages=("a", "b", "c", "x")):
    """Have a mini-program run whose pages have markup."""
    config = {"pages": list(pages), "window": window or {}}
    if tab_bar is not None:
        config["tabBar"] = dict({"list": _TABS}, **tab_bar)
    app.current = app.MiniProgram(root, config, {"appid": "a"}, {"path": pages[0]})
    for name in pages:
        sys.modules[name + "_wxml"] = Module
    router.stack.clear()


def show(screen, route):
    """A page is the visible one now; it is there once."""
    page = None
    for each in router.stack:
        page = each if each.route == route else page
    if page is None:
        page = Page(route)
        router.stack.append(page)
    screen.opened(page)
    return page


async def painted():
    await asyncio.sleep_ms(3)


def test_what_is_left_for_the_page():
    tabs = {"list": _TABS}
    icons = {"list": [dict(_TABS[0], iconPath="a.png"), _TABS[1]]}
    for screen_px, tab_bar, custom, hidden, wanted in (
        (240, None, False, False, (32, 208)),
        (240, None, True, False, (0, 240)),
        (240, tabs, False, False, (32, 176)),
        (240, icons, False, False, (32, 168)),
        (240, icons, False, True, (32, 208)),
        (240, dict(icons, position="top"), False, False, (64, 176)),
        (240, tabs, True, False, (0, 208)),
        (480, None, False, False, (44, 436)),
        (480, icons, False, False, (44, 386)),
        (480, tabs, False, False, (44, 386)),
        (480, dict(tabs, position="top"), True, False, (44, 436)),
    ):
        program(tab_bar=tab_bar)
        settings = Settings({"navigationStyle": "custom"} if custom else {})
        assert bars.window(settings, "a", screen_px, hidden) == wanted, (screen_px, tab_bar, custom, hidden)
        assert bars.window(settings, "x", screen_px) == ((0, screen_px) if custom else (wanted[0] if not tab_bar or tab_bar.get("position") != "top" else wanted[0] // 2, screen_px - (44 if screen_px == 480 else 32)))  # fmt: skip


def test_settings_are_wechat_s_by_default():
    settings = Settings({})
    assert (settings.title, settings.background, settings.front, settings.ground) == ("", 0, 0xFFFFFF, 0xFFFFFF)
    assert (settings.pulls, settings.is_fixed, settings.is_custom, settings.reach_px) == (False, False, False, 50)
    assert Settings({"navigationBarTextStyle": "black"}).front == 0
    assert rgb("#0fA") == 0x00FFAA and rgb("#123456") == 0x123456
    for text in ("", "#", "red", "#12", "#12345", "#1234567", "#ggg", "#+12", "123456", "#" + "0" * 10240):
        try:
            rgb(text)
        except ValueError:
            continue
        raise AssertionError(text)


def test_a_page_s_file_goes_before_the_window_and_a_broken_one_is_none():
    os.mkdir("/tmp/bars-%d" % id(test_what_is_left_for_the_page))
    root = "/tmp/bars-%d" % id(test_what_is_left_for_the_page)
    program(root, {"navigationBarTitleText": "App", "onReachBottomDistance": 7})
    try:
        for text, title, reach_px, wrong in (
            ('{"navigationBarTitleText": "Own"}', "Own", 7, ""),
            ('{"onReachBottomDistance": 9}', "App", 9, ""),
            (
                '{"onReachBottomDistance": "9"}',
                "App",
                7,
                "x.json:1: onReachBottomDistance: must be a number, not a string",
            ),
            ("{", "App", 7, "x.json:1: "),
            ("[]", "App", 7, "x.json:1: must be an object"),
        ):
            with open(root + "/x.json", "w") as file:
                file.write(text)
            log.err = io.StringIO()
            settings = bars.read("x")
            told, log.err = log.err.getvalue(), sys.stderr
            assert (settings.title, settings.reach_px) == (title, reach_px) and wrong in told, (text, told)
            assert bool(told) == bool(wrong)
        assert bars.read("y").title == "App"
        assert "kiosk.manifest" not in sys.modules
    finally:
        os.remove(root + "/x.json")
        os.rmdir(root)


async def test_the_title_is_in_the_middle_and_what_leads_away_is_left_of_it():
    program(window={"navigationBarTitleText": "Title", "homeButton": True})
    screen = BoardScreen(Display(160, 120), None)
    show(screen, "x")
    bar = screen.bars.navigation
    assert bar._keys == ("home",)  # a lowest page that is not the first one
    show(screen, "b")
    assert bar._keys == ("back", "home")
    for title in ("Title", "", "a\nb  c", "x" * 10240, "长" * 5000):
        screen.bars.of(router.stack[-1]).title = title
        screen.bars.changed(router.stack[-1])
        assert bar._title_x >= 64 and len(bar._title) < 20
    assert bar._title.endswith("…")
    router.stack.clear()
    show(screen, "a")
    assert bar._keys == ()
    from kiosk.ui.paint import font

    taken = font.face(16, True).measure("Title")
    assert bar._title == "Title" and abs(2 * bar._title_x + taken - 160) <= 1


async def test_a_finger_on_the_arrow_goes_back_where_it_comes_up():
    program()
    screen = BoardScreen(Display(160, 120), None)
    show(screen, "a")
    show(screen, "b")
    bar = screen.bars.navigation
    gone = []
    original = router.navigate_back
    router.navigate_back = gone.append
    try:
        for phases in (
            (("start", 5, 5), ("end", 100, 5)),
            (("start", 100, 5), ("end", 5, 5)),
            (("start", 5, 5), ("move", 5, 40), ("end", 5, 40)),
            (("start", 5, 5), ("cancel", 5, 5)),
            (("start", 5, 5), ("end", -5, 5)),
        ):
            for phase in phases:
                bar.touched(*phase)
            assert gone == [], phases
        bar.touched("start", 5, 5)
        bar.touched("end", 30, 31)
        assert gone == [1]
    finally:
        router.navigate_back = original
    router.stack[:] = router.stack[-1:]
    log.err = io.StringIO()
    assert not screen.bars.go(router.navigate_back, 1)
    told, log.err = log.err.getvalue(), sys.stderr
    assert "cannot navigate back at first page" in told


async def test_a_page_is_laid_out_for_what_the_bars_leave_and_again_when_they_go():
    program(tab_bar={})
    screen = BoardScreen(Display(160, 120), None)
    page = show(screen, "a")
    view = screen.views[page]
    high = view.tree.root.children[0]
    assert (view.top, view.height, high.h >> 6) == (32, 56, 56)
    screen.bars.hide_tabs(True)
    assert (view.top, view.height, high.h >> 6) == (32, 88, 88) and screen.bars.tabs not in screen.layers.shown
    other = show(screen, "b")
    assert screen.views[other].height == 88
    screen.bars.hide_tabs(False)
    assert (view.height, high.h >> 6, screen.views[other].height) == (56, 56, 56)
    show(screen, "x")
    assert screen.shown[1].height == 88 and screen.bars.tabs not in screen.layers.shown


async def test_a_tab_is_chosen_by_a_finger_and_told_of_it():
    program(tab_bar={"selectedColor": "#f00", "color": "#00ff00"})
    screen = BoardScreen(Display(160, 120), None)
    page = show(screen, "a")
    bar = screen.bars.tabs
    assert bar.box == (0, 88, 160, 32)
    chosen = []

    def switch(url):
        chosen.append(url)
        router.stack[:] = [Page(url[1:])]

    original = router.switch_tab
    router.switch_tab = switch
    try:
        bar.touched("start", 5, 100)
        bar.touched("end", 155, 100)
        bar.touched("start", 5, 100)
        bar.touched("move", 5, 60)
        bar.touched("end", 5, 60)
        assert page.taps == chosen == []
        bar.touched("start", 5, 100)
        bar.touched("end", 8, 119)
        assert page.taps == [("0", "a", "A")] and chosen == []
        bar.touched("start", 155, 100)
        bar.touched("end", 150, 90)
        assert chosen == ["/c"] and router.stack[-1].taps == [("2", "c", "C")]
    finally:
        router.switch_tab = original


async def test_badges_and_texts_of_any_length_stay_in_their_bar():
    program(tab_bar={"backgroundColor": "#0f0", "list": _TABS[:2] + [{"pagePath": "c", "text": "x" * 10240}]})
    display = Display(160, 120)
    screen = BoardScreen(display, None)
    show(screen, "a")
    for text in ("", "1", "9" * 10240, "新消息多"):
        for tab in screen.bars.tabs.tabs:
            tab.badge = text
        for index in range(3):
            screen.bars.tabs.changed(index)
        await painted()
        assert all(display.pixel(x, 87) == 0xFFFF for x in range(160))


async def test_tabs_on_top_lie_below_the_title():
    program(tab_bar={"position": "top", "backgroundColor": "#0f0"}, window={"navigationBarBackgroundColor": "#f00"})
    display = Display(160, 120)
    screen = BoardScreen(display, None)
    show(screen, "a")
    await painted()
    assert [display.pixel(1, y) for y in (0, 31, 32, 62)] == [RED, RED, GREEN, GREEN]
    assert (screen.shown[1].top, screen.shown[1].height) == (64, 56)


async def test_what_moves_is_painted_alone_and_only_while_it_does():
    program()
    display = Display(160, 120)
    screen = BoardScreen(display, None)
    page = show(screen, "a")
    screen.bars.of(page).is_loading = True
    screen.bars.changed(page)
    while screen.is_painting:
        await painted()
    display.windows.clear()
    for _ in range(100):
        await asyncio.sleep_ms(10)
        if len(display.windows) >= 2:
            break
    assert len(set(display.windows)) == 1 and display.windows[0][2:] == (16, 16)
    screen.bars.of(page).is_loading = False
    screen.bars.changed(page)
    for _ in range(100):
        await asyncio.sleep_ms(10)
        if screen.bars._ticking is None:
            return
    raise AssertionError("it goes on")


def test_the_system_tells_the_height_that_the_bars_leave():
    program(tab_bar={})
    assert system._window_height(240) == 176  # before there is a page: the first one's
    router.stack.append(Page("x"))
    assert system._window_height(240) == 208 and system._window_height(0) == 0
    idle, ui.screen = ui.screen, BoardScreen(Display(160, 120), None)
    assert system._window_height(120) == 88
    ui.screen = idle
