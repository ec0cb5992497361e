"""
The page stack, and the order in which pages hear of what happens to them (wx-rules.md, rule 22).

    navigateTo    top.onHide, new.onLoad, new.onShow, new.onReady
    redirectTo    top.onUnload, new.onLoad ...
    navigateBack  each closed page's onUnload from the top down, then the revealed page's onShow
    reLaunch      onUnload from the top down, then the new page; App.onLaunch does not run again
    switchTab     pages that are no tabs unload, tab pages stay; a tab seen before only gets onShow

Every operation runs to its end without yielding, so routes asked for while one runs come after it, in order.
"""

from kiosk import app, loader, page, ui
from kiosk.errors import KioskError

# WeChat allowed five pages until its base library 1.7.0 and ten since.
_DEPTH = 10
_OLD_DEPTH = 5

stack = []  # pages, the visible one last
_tabs = {}  # path -> tab page that has been seen; those not in the stack are hidden


def depth_limit():
    """int: how many pages may be open."""
    version = app.current.settings.get("libVersion", "")
    old = version and tuple(int(part) for part in version.split(".")) < (1, 7, 0)
    return _OLD_DEPTH if old else _DEPTH


def open_first(path, query):
    """Open the first page of a mini-program: path (str, without a leading slash), query (dict)."""
    _check(path)
    _open(path, query)


def navigate_to(url, listeners):
    """Open a page over the top one; return the EventChannel to it."""
    path, query = _target(url)
    if path in app.current.tab_paths():
        raise KioskError("route", "can not navigateTo a tabbar page")
    if len(stack) >= depth_limit():
        raise KioskError("route", "webview count limit exceed")
    for name, listener in (listeners or {}).items():
        if not callable(listener):
            raise KioskError("parameter", "parameter.events.%s should be Function;" % name)
    page_class = loader.page_class(path)
    from kiosk import channel

    near, far = channel.connected()
    for name, listener in (listeners or {}).items():
        near.on(name, listener)
    page.hook(stack[-1], "onHide")
    _show_new(page_class, path, query, far)
    return near


def redirect_to(url):
    """Replace the top page."""
    path, query = _target(url)
    if path in app.current.tab_paths():
        raise KioskError("route", "can not redirectTo a tabbar page")
    page_class = loader.page_class(path)
    _close_top()
    _show_new(page_class, path, query, None)


def navigate_back(delta):
    """Close the `delta` (a number) top pages, at least one, but never the first one."""
    if len(stack) < 2:
        raise KioskError("route", "cannot navigate back at first page.")
    delta = min(delta, len(stack) - 1)
    for _ in range(int(delta) if delta >= 1 else 1):  # not a number is not more than one either
        _close_top()
    _reveal(stack[-1])


def relaunch(url):
    """Close every page and open one, tab or not."""
    path, query = _target(url)
    loader.page_class(path)  # before anything is closed: a page that cannot be loaded costs nothing
    close_all()
    _open(path, query)


def switch_tab(url):
    """Show a tab page; close every page that is no tab."""
    path = _target(url)[0]
    if path not in app.current.tab_paths():
        raise KioskError("route", "can not switch to no-tabBar page")
    loader.page_class(path)
    if stack and stack[-1].route == path:
        return
    if stack and stack[-1].route in _tabs:
        page.hook(stack.pop(), "onHide")
    while stack:
        if stack[-1].route in _tabs:
            stack.pop()  # hidden already, by the page above it
        else:
            _close_top()
    if path in _tabs:
        stack.append(_tabs[path])
        _reveal(stack[-1])
    else:
        _open(path, {})


def close_all():
    """Unload every page, the visible one first."""
    while stack:
        _close_top()
    for path in list(_tabs):
        _unload(_tabs.pop(path))


def _open(path, query):
    _show_new(loader.page_class(path), path, query, None)


def _show_new(page_class, path, query, events):
    new = page.create(page_class, path, query, events)
    stack.append(new)
    if path in app.current.tab_paths():
        _tabs[path] = new
    ui.screen.opened(new)
    page.hook(new, "onLoad", query)
    page.hook(new, "onShow")
    page.hook(new, "onReady")


def _close_top():
    closed = stack.pop()
    _tabs.pop(closed.route, None)
    _unload(closed)


def _unload(closed):
    page.hook(closed, "onUnload")
    for close in getattr(closed, "_at_unload", ()):
        close()
    ui.screen.closed(closed)


def _reveal(shown):
    ui.screen.opened(shown)
    page.hook(shown, "onShow")


def _target(url):
    """Split a route's url into (path, query): absolute with a leading slash, or relative to the top page."""
    path, _, query = url.partition("?")
    if path[:1] == "/":
        path = path[1:]
    elif stack:
        path = _join(stack[-1].route, path)
    if path.endswith(".html"):  # WeChat strips it
        path = path[:-5]
    _check(path)
    return path, parse_query(query)


def _check(path):
    if path not in app.current.config["pages"]:
        raise KioskError("route", 'page "%s" is not found' % path)


def _join(base, relative):
    parts = base.split("/")[:-1]
    for part in relative.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def parse_query(query):
    """`a=1&b=2` as a dict of str.  Values stay percent-encoded, as WeChat leaves them."""
    values = {}
    for pair in query.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            values[name] = value
    return values
