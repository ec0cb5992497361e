"""
The bars around a page: where they are, which of them a page has, and what of the screen is left for the page.

    top, height = bars.window(page)

Heights: WeChat's 44 px (title) and 50 px (tabs) on screens from 400 px on.  Below that they would take 94 of a 320x240
screen's 240 px; there the title has 32, and the tabs 40, or 32 without icons: some 6 mm of a 2.8 inch glass, which fingers
hit.  A kiosk has no status bar.

A bar is loaded when a page that has it is shown first; the tabs with the screen.
"""

import asyncio

from kiosk import app, log
from kiosk.errors import KioskError
from kiosk.ui.bars.settings import Settings, read

_TAG = "bars"
_TICK_MS = const(120)
_HIGH_PX = const(400)


def title_px(screen_px):
    """int: the height of the navigation bar on a screen that is so high."""
    return 44 if screen_px >= _HIGH_PX else 32


def tabs_px(config, screen_px):
    """int: the height of the tab bar; config: `tabBar` of app.json."""
    if config.get("position") == "top":
        return title_px(screen_px)
    if screen_px >= _HIGH_PX:
        return 50
    return 40 if any("iconPath" in tab for tab in config["list"]) else 32


def window(settings, route, screen_px, tabs_are_hidden=False):
    """(top, height) in px: what the bars leave of a screen to the page `route`."""
    top = 0 if settings.is_custom else title_px(screen_px)
    height = screen_px - top
    if route in app.current.tab_paths() and not tabs_are_hidden:
        config = app.current.config["tabBar"]
        tabs = tabs_px(config, screen_px)
        height -= tabs
        if config.get("position") == "top":
            top += tabs
    return top, height


class Bars:
    """
    The bars of a screen (boardscreen.BoardScreen).

    navigation, tabs, pull_down: the layers, the first and the last None until a page has it, tabs if the mini-program has none.  Without a mini-program (a screen of a test) there
    are none.
    """

    def __init__(self, screen):
        self.screen = screen
        self.navigation = self.tabs = self.pull_down = None
        self._settings = {}
        self._plain = []  # see read()
        self._page = None
        self._ticking = None
        self._are_tabs_hidden = False
        if app.current and "tabBar" in app.current.config:
            from kiosk.ui.bars.tabs import TabBar

            self.tabs = TabBar(self, app.current.config["tabBar"])

    def of(self, page):
        """The Settings of an open page."""
        if page not in self._settings:
            self._settings[page] = read(page.route, self._plain) if app.current else Settings({})
        return self._settings[page]

    def window(self, page):
        """(top, height) in px: the part of the screen that is the page's."""
        if app.current is None:
            return 0, self.screen.height
        return window(self.of(page), page.route, self.screen.height, self._are_tabs_hidden)

    def opened(self, page):
        """`page` is the visible one now."""
        self._page = page
        if app.current is None:
            return
        settings = self.of(page)
        if settings.is_custom:
            if self.navigation:
                self.navigation.hide()
        else:
            if self.navigation is None:
                from kiosk.ui.bars.navigation import NavigationBar

                self.navigation = NavigationBar(self)
            self.navigation.show(page, settings)
        self._show_tabs()
        self.show_pull()
        self.tick()

    def _show_tabs(self):
        if self.tabs:
            is_tab = self._page.route in app.current.tab_paths()
            top = self.window(self._page)[0]
            self.tabs.show(self._page.route if is_tab and not self._are_tabs_hidden else None, top)

    def hide_tabs(self, are_hidden):
        """Take the tab bar away, or put it back: the pages that have it get its room."""
        if self._are_tabs_hidden == are_hidden:
            return
        self._are_tabs_hidden = are_hidden
        self._show_tabs()
        for view in self.screen.views.values():
            view.fit()

    def closed(self, page):
        """`page` is gone for good."""
        self._settings.pop(page, None)
        if self._page is page:
            self._page = None

    def changed(self, page):
        """The Settings of a page have been changed."""
        if page is self._page:
            if self.navigation and not self.of(page).is_custom:
                self.navigation.show(page, self.of(page))
            self.tick()

    def show_pull(self):
        """Show what is seen above a page that has been pulled down, where it is now."""
        view = self.screen.views.get(self._page)
        pulled = -view.tree.root.scroll[1] if view and view.tree.root.scroll else 0
        if pulled > 0 and self.pull_down is None:
            from kiosk.ui.bars.pulldown import PullDown

            self.pull_down = PullDown(self)
        if self.pull_down:
            self.pull_down.show(view, self.of(self._page), max(pulled, 0))

    def go(self, function, *args):
        """A finger on a bar asks for another page: do it; bool: whether it was done.  What is in the way goes to the log."""
        try:
            function(*args)
        except KioskError as exc:
            log.error(_TAG, exc.reason)
            return False
        return True

    def tick(self):
        """Let move what moves, as long as there is something."""
        if self._ticking is None and self._moves():
            self._ticking = asyncio.create_task(self._tick())

    def _moves(self):
        settings = self._settings.get(self._page)
        return settings is not None and (settings.is_loading or settings.is_refreshing)

    async def _tick(self):
        while self._moves():
            for bar in (self.navigation, self.pull_down):
                if bar:
                    bar.tick()
            await asyncio.sleep_ms(_TICK_MS)
        self._ticking = None

    def close(self):
        """The screen is switched off."""
        if self._ticking:
            self._ticking.cancel()
