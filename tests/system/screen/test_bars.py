"""Bars, momentum and pull-down refresh on the boards' screens, by what fingers do: seen in reviewed pictures, heard by the pages."""

import time

import pytest
from PIL import Image

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.package.pack import PackError, pack_folder
from tests.system.screen import barsapp
from tests.system.screen.conftest import ask, display_at, touch_at
from tests.system.screen.scenes import REFERENCES

PATIENCE_S = 300
pytestmark = pytest.mark.timeout(900)  # the emulated board on a machine that has other things to do
BACK = (16, 16)
TABS = ((53, 220), (160, 220), (266, 220))


class Bars:
    """A board with the mini-program of barsapp.py on it."""

    def __init__(self, target, glass, fingers, output):
        self.target, self.glass, self.fingers = target, glass, fingers
        self._output = output

    def until(self, condition):
        """Wait for it."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if condition():
                return True
            self.target.wait(20)
        self.glass.image().save("build/last.png")
        return False

    def shows(self, reference):
        """Wait until the screen is as in a picture."""
        with Image.open(REFERENCES / f"{reference}.png") as file:
            wanted = file.convert("RGB").tobytes()
        return self.until(lambda: self.glass.image().tobytes() == wanted)

    def says(self, text):
        """Wait until a page has said it."""
        return self.until(lambda: text in self.said())

    def said(self):
        """What pages have said so far, a line each."""
        self.target.catch_up()
        return open(self._output, encoding="utf-8").read().splitlines()

    def tap(self, place):
        """A finger comes down until that is known, and goes."""
        self.press(*place)
        self.fingers.release()
        assert self.until(lambda: self.fingers_down() == 0)

    def press(self, *place):
        """A finger comes down, and the board knows."""
        self.fingers.press(*place)
        assert self.until(lambda: self.fingers_down() == 1)

    def fingers_down(self):
        """How many fingers the board knows of."""
        return ask(self.target, "from kiosk import ui\nlen(ui.screen._fingers._down)")

    def move(self, *place):
        """The finger moves, and the board knows."""
        self.fingers.move(*place)
        ends = f"{place[0]}, {place[1]}"
        assert self.until(
            lambda: ask(
                self.target,
                "from kiosk import ui\nfinger = ui.screen._fingers._down[0]\n"
                "(finger.x, finger.y + (finger.view.top if finger.view else 0)) == (%s)" % ends,
            )
        )

    def top(self):
        """How far the page is scrolled, in px."""
        return ask(self.target, "from kiosk import ui\n(ui.screen.shown[1].tree.root.scroll or (0, 0))[1]")


@pytest.fixture(params=["unix"])
def bars(request, wire, tmp_path):
    """The mini-program on the emulator, or on the target that a test names."""
    glass, fingers = St7789(turns=1), Ft6x36(turns=1)
    appid = pack_folder(barsapp.write(tmp_path / "source"), tmp_path / "bars")
    target = wire(request.param, [display_at(glass), touch_at(fingers)], apps={appid: tmp_path / "bars"})
    assert target.launch(appid)["errMsg"] == "launch:ok"
    return Bars(target, glass, fingers, tmp_path / "output0")


@pytest.mark.parametrize("bars", ["unix", "virtual"], indirect=True)
def test_each_board_shows_the_same(bars):
    assert bars.shows("bars-home")
    bars.tap(TABS[1])
    assert bars.says("list tab 1 pages/list/list 列表") and bars.shows("bars-list")
    bars.target.exec("wx.startPullDownRefresh()")
    assert bars.says("list pulled") and bars.until(lambda: bars.top() == -40)
    bars.target.exec("wx.stopPullDownRefresh()")
    assert bars.shows("bars-list")
    bars.target.exec("wx.pageScrollTo(scrollTop=9999)")
    assert bars.shows("bars-end") and not bars.glass.faults


def test_tabs_are_tapped_and_the_arrow_leads_back(bars):
    assert bars.shows("bars-home")
    info = "[wx.getSystemInfoSync()[name] for name in ('windowHeight', 'screenHeight', 'statusBarHeight')]"
    assert ask(bars.target, info) == [168, 240, 0]
    bars.tap(TABS[1])
    assert bars.says("list tab 1 pages/list/list 列表") and bars.shows("bars-list")
    bars.tap(TABS[1])  # the one that is shown
    assert bars.until(lambda: bars.said().count("list tab 1 pages/list/list 列表") == 2)
    bars.target.exec("wx.setTabBarBadge(index=0, text='99')\nwx.showTabBarRedDot(index=2)")
    bars.tap(TABS[2])
    assert bars.shows("bars-whole")
    bars.tap(TABS[0])
    assert bars.says("home tab 0 pages/home/home Home")
    bars.tap((160, 50))
    assert bars.shows("bars-news")
    bars.tap(BACK)
    assert bars.until(lambda: len(bars.target.pages()) == 1)
    bars.target.exec("wx.removeTabBarBadge(index=0)\nwx.hideTabBarRedDot(index=2)")
    assert bars.shows("bars-home")
    bars.target.exec("wx.reLaunch(url='/pages/news/news')")
    assert bars.shows("bars-news-first")  # a way home
    bars.tap(BACK)
    assert bars.shows("bars-home") and not bars.glass.faults


def test_the_tab_bar_goes_and_its_room_is_the_page_s(bars):
    assert bars.shows("bars-home")
    bars.target.exec("wx.hideTabBar()")
    assert bars.shows("bars-hidden")
    assert ask(bars.target, "wx.getSystemInfoSync()['windowHeight']") == 208
    bars.target.exec("wx.showTabBar()")
    assert bars.shows("bars-home")


def test_a_page_is_pulled_down_and_goes_back(bars):
    bars.tap(TABS[1])
    assert bars.shows("bars-list")
    bars.press(160, 60)
    bars.move(160, 100)
    bars.move(160, 160)
    assert bars.shows("bars-pulled")
    bars.fingers.release()
    assert bars.says("list pulled") and bars.until(lambda: bars.top() == -40)
    bars.target.exec("wx.startPullDownRefresh()")  # it goes on
    bars.target.exec("wx.stopPullDownRefresh()")
    assert bars.shows("bars-list") and bars.said().count("list pulled") == 1
    bars.press(160, 60)
    bars.move(160, 100)  # not far enough
    bars.fingers.release()
    assert bars.shows("bars-list") and bars.said().count("list pulled") == 1


def test_a_page_goes_on_when_the_finger_is_gone_and_ends_at_its_end(bars):
    bars.tap(TABS[1])
    assert bars.shows("bars-list")
    bars.press(160, 180)
    bars.move(160, 150)
    bars.fingers.move(160, 120)
    bars.fingers.release()
    assert bars.until(lambda: bars.fingers_down() == 0)
    for _ in range(20):  # on a slow machine a finger may seem to rest
        if bars.top() == 473:
            break
        bars.fingers.press(160, 180)
        for y in (160, 130, 100, 70):
            bars.fingers.move(160, y)
            bars.target.wait(20)
        bars.fingers.release()
        bars.target.wait(500)
    assert bars.until(lambda: bars.top() == 473), bars.top()  # 641 px of a page in 168
    assert bars.shows("bars-end") and bars.says("list bottom")
    bars.target.exec("wx.pageScrollTo(selector='#row2', duration=100)")
    assert bars.until(lambda: bars.top() == 101)
    bars.target.exec("wx.pageScrollTo(scrollTop=0, duration=0)")
    assert bars.shows("bars-list")


def test_a_fixed_page_stays(bars):
    bars.tap(TABS[2])
    assert bars.says("whole tab 2 pages/whole/whole Whole")
    bars.press(160, 160)
    bars.move(160, 60)
    bars.fingers.release()
    bars.target.exec("wx.pageScrollTo(scrollTop=50)")
    assert bars.until(lambda: bars.fingers_down() == 0) and bars.top() == 0


TABS_OF = [{"pagePath": f"pages/{name}/{name}", "text": "T"} for name in ("home", "list")]


@pytest.mark.parametrize(
    ("window", "tab_bar", "wrong"),
    [
        ({"navigationBarBackgroundColor": "red"}, {}, 'navigationBarBackgroundColor: must be a colour like "#rrggbb"'),
        ({"onReachBottomDistance": -5}, {}, "onReachBottomDistance: must be a number of px from 0"),
        ({}, {"list": TABS_OF * 3}, "tabBar.list: must have 2 to 5 entries, not 6"),
        ({}, {"custom": True}, "tabBar.custom: a mini-program's own tab bar"),
        ({}, {"list": [{**TABS_OF[0], "iconPath": "none.png"}, TABS_OF[1]]}, "list[0].iconPath: there is no none.png"),
        ({}, {"list": [{**TABS_OF[0], "iconPath": "huge.png"}, TABS_OF[1]]}, "huge.png is larger than 40 KB"),
    ],
)
def test_what_is_wrong_in_app_json_is_said_when_it_is_packed(tmp_path, window, tab_bar, wrong):
    source = barsapp.write(tmp_path / "source", window, tab_bar)
    (source / "huge.png").write_bytes(bytes(40961))
    with pytest.raises(PackError) as raised:
        pack_folder(source, tmp_path / "bars")
    assert wrong in str(raised.value)


def test_an_icon_that_is_no_picture_leaves_the_text(wire, tmp_path):
    source = barsapp.write(tmp_path / "source")
    (source / "home-on.png").write_bytes(b"no picture")
    appid = pack_folder(source, tmp_path / "bars")
    glass = St7789(turns=1)
    target = wire("unix", [display_at(glass)], apps={appid: tmp_path / "bars"})
    assert target.launch(appid)["errMsg"] == "launch:ok"
    bars = Bars(target, glass, None, tmp_path / "output0")
    assert bars.shows("bars-no-icon")
