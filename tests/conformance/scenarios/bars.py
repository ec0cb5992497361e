"""Scenarios of the bars around a page and of where it is, on a display that keeps its picture; see tests/conformance/proof.py."""

FAKES = ("drivers/display/fake",)

_WIDTH = 160
_HEIGHT = 120
_BAR = 32


class _Markup:
    # What the compiler would make of a page with a high box, and one with an id below it.
    NODES = (("view", ("class", "high"), (), (), (), 0), ("view", ("id", "low", "class", "high last"), (), (), (), 0))
    TEMPLATES = READS = ()
    RULES = ((100, ((".high",),), ("height", 200 << 9), ()),)


def _begin(**window):
    # Have the pages on a display; app.json's window as given.  Returns the display.
    import sys

    from kiosk import app, router, ui
    from kiosk.ui.boardscreen import BoardScreen

    for name in ("index", "a", "tab1", "tab2"):
        sys.modules["pages.%s.%s_wxml" % (name, name)] = _Markup
    app.current.config["window"] = window
    display = Display(_WIDTH, _HEIGHT)  # noqa: F821  of FAKES
    idle, ui.screen = ui.screen, BoardScreen(display, None)

    def close():
        screen, ui.screen = ui.screen, idle
        screen.close()

    app.current.at_close += (close,)
    ui.screen.opened(router.stack[-1])
    return display


async def _painted():
    import asyncio

    await asyncio.sleep_ms(5)


async def _changes(t, display, call, top, bottom):
    # The call changes what is seen between two rows.
    await _painted()

    def seen():
        return bytes(display.pixels[2 * _WIDTH * top : 2 * _WIDTH * bottom])

    before = seen()
    name = (await call()).errMsg
    await t.until(lambda: seen() != before)
    return name


async def navigation_bar(t):
    """wx.setNavigationBarTitle wx.showNavigationBarLoading wx.hideNavigationBarLoading wx.setNavigationBarColor"""
    display = _begin(navigationBarTitleText="One", navigationBarBackgroundColor="#f00")
    await _painted()
    assert display.pixel(1, 1) == 0xF800
    assert (
        await _changes(t, display, lambda: wx.setNavigationBarTitle(title="Another"), 0, _BAR)
        == "setNavigationBarTitle:ok"
    )
    assert (
        await _changes(t, display, lambda: wx.setNavigationBarTitle(title="x" * 10240), 0, _BAR)
        == "setNavigationBarTitle:ok"
    )
    await wx.setNavigationBarTitle(title="One")
    await _painted()
    still = bytes(display.pixels)
    await _changes(t, display, lambda: wx.showNavigationBarLoading(), 0, _BAR)
    moving = bytes(display.pixels)
    await t.until(lambda: bytes(display.pixels) not in (still, moving))
    await wx.hideNavigationBarLoading()
    await t.until(lambda: bytes(display.pixels) == still)
    await wx.setNavigationBarColor(frontColor="#000000", backgroundColor="#00ff00")
    await t.until(lambda: display.pixel(1, 1) == 0x07E0)
    for front, back in (("#ff0000", "#000000"), ("#000000", "green"), ("#000000", "#12345")):
        await t.fails(lambda: wx.setNavigationBarColor(frontColor=front, backgroundColor=back), 1001, "parameter")  # noqa: B023
    assert display.pixel(1, 1) == 0x07E0


async def home_button(t):
    """wx.hideHomeButton"""
    display = _begin()
    await wx.reLaunch(url="/pages/a/a")
    assert await _changes(t, display, lambda: wx.hideHomeButton(), 0, _BAR) == "hideHomeButton:ok"
    await _painted()
    assert all(display.pixel(x, 16) == 0 for x in range(_BAR))


def _icon(color):
    # A BMP of one pixel.
    head = b"BM" + bytes((58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0))
    return head + bytes(24) + color + b"\0"


async def tab_bar(t):
    """wx.setTabBarItem wx.setTabBarStyle wx.setTabBarBadge wx.removeTabBarBadge wx.showTabBarRedDot wx.hideTabBarRedDot wx.showTabBar wx.hideTabBar"""
    from kiosk import ui

    display = _begin()
    top = _HEIGHT - _BAR
    await t.fails(lambda: wx.setTabBarBadge(index=0, text="1"), 1001, "not TabBar page")
    await t.fails(wx.hideTabBar, 1001, "not TabBar page")
    await wx.switchTab(url="/pages/tab1/tab1")
    await _painted()
    plain = bytes(display.pixels)
    for put, take in (
        (lambda: wx.setTabBarBadge(index=1, text="9999+"), lambda: wx.removeTabBarBadge(index=1)),
        (lambda: wx.showTabBarRedDot(index=1.0), lambda: wx.hideTabBarRedDot(index=1)),
    ):
        await _changes(t, display, put, top, _HEIGHT)
        await take()
        await t.until(lambda: bytes(display.pixels) == plain)
    for index in (-1, 2, 0.5, float("nan")):
        await t.fails(lambda: wx.setTabBarBadge(index=index, text="1"), 1001, "tabbar item not found")  # noqa: B023
    fs = wx.getFileSystemManager()
    for name, color in (("red", b"\0\0\xff"), ("blue", b"\xff\0\0")):
        fs.writeFileSync("wxfile://usr/%s.bmp" % name, _icon(color))
    await wx.setTabBarItem(
        index=0, text="Other", iconPath="wxfile://usr/red.bmp", selectedIconPath="wxfile://usr/blue.bmp"
    )
    await t.until(lambda: 0x001F in _colors(display, top))
    await wx.switchTab(url="/pages/tab2/tab2")
    await t.until(lambda: 0xF800 in _colors(display, top))
    await t.fails(lambda: wx.setTabBarItem(index=0, iconPath="wxfile://usr/none.png"), 1300002, "no such file")
    await t.fails(lambda: wx.setTabBarItem(index=0, iconPath="https://example.com/a.png"), 100, "from a server")
    await _changes(t, display, lambda: wx.setTabBarItem(index=1, text="New"), top, _HEIGHT)
    await wx.setTabBarStyle(backgroundColor="#00ff00")
    await t.until(lambda: display.pixel(1, top + 2) == 0x07E0)
    for style in ({"color": "#ff00ff"}, {"selectedColor": "#ffff00"}, {"borderStyle": "white"}):
        assert await _changes(t, display, lambda: wx.setTabBarStyle(style), top, _HEIGHT) == "setTabBarStyle:ok"  # noqa: B023
    await t.fails(lambda: wx.setTabBarStyle(color="green"), 1001, "parameter.color")
    assert ui.screen.shown[1].height == _HEIGHT - 2 * _BAR
    assert (await wx.hideTabBar(animation=True)).errMsg == "hideTabBar:ok"
    assert ui.screen.shown[1].height == _HEIGHT - _BAR
    await wx.showTabBar(animation=True)
    assert ui.screen.shown[1].height == _HEIGHT - 2 * _BAR


def _colors(display, top):
    return {display.pixel(x, y) for y in range(top, _HEIGHT) for x in range(_WIDTH)}


async def pull_down_refresh(t):
    """wx.startPullDownRefresh wx.stopPullDownRefresh"""
    from kiosk import ui

    _begin(enablePullDownRefresh=True)
    heard = []
    page = getCurrentPages()[-1]
    page.onPullDownRefresh = lambda: heard.append("pulled")
    root = ui.screen.shown[1].tree.root
    assert (await wx.stopPullDownRefresh()).errMsg == "stopPullDownRefresh:ok" and not root.scroll
    assert (await wx.startPullDownRefresh()).errMsg == "startPullDownRefresh:ok"
    await wx.startPullDownRefresh()
    await t.until(lambda: root.scroll == (0, -40))
    assert heard == ["pulled"]
    await wx.stopPullDownRefresh()
    await t.until(lambda: root.scroll == (0, 0))
    ui.screen.bars.of(page).pulls = False
    await t.fails(wx.startPullDownRefresh, 1001, "the page has no enablePullDownRefresh")


async def page_scroll(t):
    """wx.pageScrollTo"""
    from kiosk import ui

    _begin(onReachBottomDistance=0)
    heard = []
    page = getCurrentPages()[-1]
    page.onPageScroll = lambda event: heard.append(event.scrollTop)
    page.onReachBottom = lambda: heard.append("bottom")
    root = ui.screen.shown[1].tree.root
    assert (await wx.pageScrollTo(scrollTop=50, duration=0)).errMsg == "pageScrollTo:ok"
    assert root.scroll == (0, 50) and heard == [50]
    await wx.pageScrollTo(selector="#low.last", offsetTop=-10, duration=60)
    assert root.scroll != (0, 190)
    await t.until(lambda: root.scroll == (0, 190))
    await wx.pageScrollTo(selector="#none, view.last", duration=0)
    assert root.scroll == (0, 200)
    await wx.pageScrollTo(selector="view", duration=0)
    assert root.scroll == (0, 0)
    await wx.pageScrollTo(scrollTop=99999)
    await t.until(lambda: heard[-1] == "bottom")
    assert root.scroll == (0, 400 - (_HEIGHT - _BAR)) and heard.count("bottom") == 1
    await wx.pageScrollTo(scrollTop=-5, duration=0)
    assert root.scroll == (0, 0)
    await t.fails(wx.pageScrollTo, 1001, "parameter.scrollTop")
    await t.fails(lambda: wx.pageScrollTo(selector="#none"), 1001, "no element #none")
    for selector in ("", "#", "view >", "> view", "a + b"):
        await t.fails(lambda: wx.pageScrollTo(selector=selector), 1001, "parameter.selector")  # noqa: B023
    for option in ({"scrollTop": float("inf")}, {"scrollTop": 1, "duration": -1}, {"scrollTop": float("nan")}):
        await t.fails(lambda: wx.pageScrollTo(option), 1001, "is out of range")  # noqa: B023
