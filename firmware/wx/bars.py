"""Chapters "Navigation bar", "Tab bar", "Pull-down refresh" and "Scroll": kiosk/ui/bars and kiosk/ui/scrolling.py do it.

All of it is about the page that is shown.  On a board without a display, and for a page without markup, calls succeed as
they would on another one, and nothing is to be seen.
"""

from kiosk import app, page, router, ui
from kiosk.api import api
from kiosk.errors import KioskError
from kiosk.ui.bars.settings import read, rgb

_MOST_PX = const(1000000)
_MOST_MS = const(60000)
_INDEX = (("*index", "Number", None),)


def _top():
    if not router.stack:
        raise KioskError("bar", "there is no page")
    return router.stack[-1]


def _bars():
    """The Bars of the screen, or None where nothing is shown."""
    return getattr(ui.screen, "bars", None)


def _view():
    """The View of the page that is shown, or None."""
    top = _top()
    return ui.screen.views.get(top) if _bars() else None


def _change(**values):
    """Change the Settings of the page that is shown."""
    top, bars = _top(), _bars()
    if bars:
        settings = bars.of(top)
        for name, value in values.items():
            setattr(settings, name, value)
        bars.changed(top)


def _color(options, name):
    try:
        return None if options[name] is None else rgb(options[name])
    except ValueError as exc:
        raise KioskError("parameter", "parameter.%s should be %s;" % (name, exc))


@api((("*title", "String", None),))
async def setNavigationBarTitle(options):
    """Another title: title (str), shown as far as there is room."""
    _change(title=options["title"])


@api()
async def showNavigationBarLoading(options):
    """Show beside the title that the page loads."""
    _change(is_loading=True)


@api()
async def hideNavigationBarLoading(options):
    """Undo showNavigationBarLoading()."""
    _change(is_loading=False)


@api((("*frontColor", "String", None), ("*backgroundColor", "String", None), ("animation", "Object", None)))
async def setNavigationBarColor(options):
    """Other colors: frontColor ("#ffffff" or "#000000"), backgroundColor ("#rrggbb").  They change at once, without animation."""
    front = _color(options, "frontColor")
    if front not in (0, 0xFFFFFF):
        raise KioskError("parameter", 'parameter.frontColor should be "#ffffff" or "#000000";')
    _change(front=front, background=_color(options, "backgroundColor"))


@api()
async def hideHomeButton(options):
    """Take the key to the first page away."""
    _change(hides_home=True)


def _tab_bar(index=None):
    """The TabBar, or None where nothing is shown; KioskError if the page is no tab or there is no such tab."""
    if _top().route not in app.current.tab_paths():
        raise KioskError("bar", "not TabBar page")
    if index is not None and index not in range(len(app.current.tab_paths())):
        raise KioskError("bar", "tabbar item not found")
    return _bars() and _bars().tabs


def _badge(index, text):
    bar = _tab_bar(index)
    if bar:
        bar.tabs[int(index)].badge = text
        bar.changed(int(index))


@api((("*index", "Number", None), ("*text", "String", None)))
async def setTabBarBadge(options):
    """Show a text on a tab: index (int, from 0), text (str, longer than four letters "...")."""
    _badge(options["index"], options["text"])


@api(_INDEX)
async def removeTabBarBadge(options):
    """Take a tab's text away: index (int)."""
    _badge(options["index"], None)


@api(_INDEX)
async def showTabBarRedDot(options):
    """Show a dot on a tab: index (int)."""
    _badge(options["index"], "")


@api(_INDEX)
async def hideTabBarRedDot(options):
    """Take a tab's dot away: index (int)."""
    _badge(options["index"], None)


@api(
    (
        ("*index", "Number", None),
        ("text", "String", None),
        ("iconPath", "String", None),
        ("selectedIconPath", "String", None),
    )
)
async def setTabBarItem(options):
    """Another text or icon of a tab: index (int), text (str), iconPath, selectedIconPath (files, at most 40 KB).

    Icons from a server are refused.
    """
    bar = _tab_bar(options["index"])
    paths = [_icon(options[name]) for name in ("iconPath", "selectedIconPath")]
    if bar:
        tab = bar.tabs[int(options["index"])]
        tab.text = tab.text if options["text"] is None else options["text"]
        for at in (0, 1):
            tab.icon_paths[at] = paths[at] or tab.icon_paths[at]
        if any(paths):
            bar.load([tab])
        bar.changed(int(options["index"]))


def _icon(path):
    if path is None:
        return None
    if path[:7].lower() == "http://" or path[:8].lower() == "https://":
        raise KioskError("unsupported", "a tab's icon from a server")
    from kiosk import files
    from kiosk.ui.bars import icon

    own = files.current()
    found = own.readable(path[2:] if path[:2] == "./" else path)
    own.file_size(found, path)  # which says what is wrong with it
    try:
        icon.check(found)
    except ValueError as exc:
        raise KioskError("bar", "%s: %s" % (files.paths.shown(path), exc))
    return found


@api(
    (
        ("color", "String", None),
        ("selectedColor", "String", None),
        ("backgroundColor", "String", None),
        ("borderStyle", "String", None),
    )
)
async def setTabBarStyle(options):
    """Other colors of the tab bar: color, selectedColor, backgroundColor ("#rrggbb"), borderStyle ("black" or "white")."""
    bar = _tab_bar()
    names = ("color", "selectedColor", "backgroundColor")
    for name in names:
        _color(options, name)
    if options["borderStyle"] not in (None, "black", "white"):
        raise KioskError("parameter", 'parameter.borderStyle should be "black" or "white";')
    if bar:
        bar.style(*[options[name] for name in names], options["borderStyle"])


@api((("animation", "Boolean", False),))
async def hideTabBar(options):
    """Take the tab bar away, at once: its room is the page's."""
    _hide_tabs(True)


@api((("animation", "Boolean", False),))
async def showTabBar(options):
    """Undo hideTabBar()."""
    _hide_tabs(False)


def _hide_tabs(are_hidden):
    _tab_bar()
    if _bars():
        _bars().hide_tabs(are_hidden)


@api()
async def startPullDownRefresh(options):
    """As if the page had been pulled down: it needs enablePullDownRefresh.  One that is refreshed already goes on."""
    view, top = _view(), _top()
    if not (_bars().of(top) if _bars() else read(top.route)).pulls:
        raise KioskError("bar", "the page has no enablePullDownRefresh")
    if view:
        from kiosk.ui import scrolling

        scrolling.refresh(view)
    else:
        page.hook(top, "onPullDownRefresh")


@api()
async def stopPullDownRefresh(options):
    """The page has been refreshed: it goes back up.  No error if it was not pulled down."""
    view = _view()
    if view and _bars().of(view.page).is_refreshing:
        from kiosk.ui import scrolling

        _bars().of(view.page).is_refreshing = False
        scrolling.settle(view)


@api(
    (
        ("scrollTop", "Number", None),
        ("selector", "String", None),
        ("offsetTop", "Number", 0),
        ("duration", "Number", 300),
    )
)
async def pageScrollTo(options):
    """Scroll the page: to scrollTop (px), or to the first element that selector finds (as createSelectorQuery's) and offsetTop px further.

    duration: in ms.  The answer comes when it has begun.
    """
    top, selector = options["scrollTop"], options["selector"]
    if top is None and selector is None:
        raise KioskError("parameter", "parameter.scrollTop should be Number instead of Undefined;")
    for name, most in (("scrollTop", _MOST_PX), ("offsetTop", _MOST_PX), ("duration", _MOST_MS)):
        if not -most <= (options[name] or 0) <= most or (name == "duration" and options[name] < 0):
            raise KioskError("parameter", "parameter.%s is out of range;" % name)
    view = _view()
    if not view:
        return
    from kiosk.ui import scrolling

    if top is None:
        from kiosk.ui import query
        from kiosk.ui.node import position

        try:
            found = query.find(view.page, None, query.parse(selector))
        except ValueError as exc:
            raise KioskError("parameter", "parameter.selector: %s;" % exc)
        node = next((node for node in found if node.w >= 0), None)  # what is not shown is nowhere
        if node is None:
            raise KioskError("bar", "no element %s" % selector)
        root = view.tree.root
        top = (position(node)[1] >> 6) + (root.scroll or (0, 0))[1] + options["offsetTop"]
    scrolling.scroll_to(view, int(top), int(options["duration"]))
