"""The tab bar of app.json: up to five pages, one of which is shown."""

import gc

from kiosk import app, log, page, router
from kiosk.api import Result
from kiosk.ui.bars import tabs_px
from kiosk.ui.bars.settings import rgb
from kiosk.ui.layers import BAR
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit

_TAG = "bars"
_SMALL = const(12)
_PLAIN = const(16)  # a text without icon
_BADGE = const(0xFA5151)
_BADGE_LETTERS = const(4)  # WeChat: longer ones are "..."
_MOST_LETTERS = const(40)  # of a text; more are on no screen
_LINE_ALPHA = const(84)
DEFAULT_COLORS = const(("#7a7e83", "#3cc51f", "#ffffff"))  # where app.json has none


class _Tab:
    """
    A tab.

    badge: None, "" for a dot, or a text.  icon_paths: files, or None, of the icon when another tab is shown and when it is
    this one; icons: the same as they are painted, or None.
    """

    badge = None

    def __init__(self, said):
        self.path = said["pagePath"]
        self.text = said["text"]
        plain = said.get("iconPath")
        self.icon_paths = [path and _of_package(path) for path in (plain, said.get("selectedIconPath") or plain)]
        self.icons = [None, None]


def _of_package(path):
    """str: where a file of the package is."""
    return app.current.root + "/" + (path[2:] if path[:2] == "./" else path[1:] if path[0] == "/" else path)


class TabBar:
    """A layer.  bars: the Bars that it belongs to; config: `tabBar` of app.json."""

    is_modal = False

    def __init__(self, bars, config):
        screen = bars.screen
        self._bars = bars
        self._layers = screen.layers
        self._is_on_top = config.get("position") == "top"
        self._height = tabs_px(config, screen.height)
        self._icon_px = 27 if self._height >= 50 else 20 if self._height >= 40 else 14
        self._chosen = 0
        self._pressed = -1
        self.tabs = [_Tab(said) for said in config["list"]]
        self.box = (0, 0, screen.width, self._height)
        self._colors = [0, 0, 0]
        self.style(*[config.get(key, text) for key, text in zip(("color", "selectedColor", "backgroundColor"), DEFAULT_COLORS)],
                   config.get("borderStyle", "black"))  # fmt: skip

    def style(self, color=None, chosen_color=None, background=None, border=None):
        """Other colors ("#rrggbb") and another border ("black" or "white"); None leaves what there was."""
        for at, text in enumerate((color, chosen_color, background)):
            if text is not None:
                self._colors[at] = rgb(text)
        if border is not None:
            self._line = 0xFFFFFF if border == "white" else 0
        if background is not None:
            self.load(self.tabs)  # they have been laid over the one before
        self._layers.changed(self)

    def load(self, tabs):
        """
        Decode the icons of these tabs.

        Both of each, and all when the screen is switched on: a PNG takes some 50 KB of heap while it is decoded, 32 of them in one
        piece, which there may not be any more when the pages are there.
        """
        if self._is_on_top:  # as WeChat has it: no icons there
            return
        for tab in tabs:
            for at in (0, 1):
                path = tab.icon_paths[at]
                tab.icons[at] = tab.icons[0] if at and path == tab.icon_paths[0] else path and self._loaded(path)

    def _loaded(self, path):
        from kiosk.ui.bars import icon

        gc.collect()
        try:
            return icon.load(path, self._icon_px, self._colors[2])
        except (OSError, ValueError, MemoryError, ImportError) as exc:  # a stock board decodes only BMP
            log.warn(_TAG, "%s cannot be shown: %s", path, exc)
            return None

    def show(self, path, window_top):
        """Show it for a tab's page, which begins at `window_top`, or for None take it away."""
        if path is None:
            self._layers.take(self)
            return
        self._chosen = [tab.path for tab in self.tabs].index(path)
        top = window_top - self._height if self._is_on_top else self._bars.screen.height - self._height
        self.box = (0, top, self.box[2], self._height)
        self._layers.put(self, BAR)

    def changed(self, index):
        """Something of a tab is another."""
        left, width = self._cell(index)
        self._layers.changed(self, (left, self.box[1], width, self._height))

    def _cell(self, index):
        """(left, width) in px."""
        count, width = len(self.tabs), self.box[2]
        left = width * index // count
        return left, width * (index + 1) // count - left

    def draw(self, surface):
        """Draw it."""
        x, y, width, height = self.box
        surface.fill_rect(x, y, width, height, self._colors[2])
        surface.fill_rect(x, y + height - 1 if self._is_on_top else y, width, 1, self._line, _LINE_ALPHA)
        for index, tab in enumerate(self.tabs):
            left, room = self._cell(index)
            if not surface.is_hidden(left, y, room, height):
                self._draw_tab(surface, tab, index == self._chosen, left, room)

    def _draw_tab(self, surface, tab, is_chosen, left, room):
        y = self.box[1]
        icon = tab.icons[is_chosen]
        color = self._colors[1 if is_chosen else 0]
        face = font.face(_SMALL if icon else _PLAIN)
        text, taken = fit(tab.text[:_MOST_LETTERS], face, room - 4)
        middle = left + room // 2
        if icon:
            side = icon.width
            text_y = y + self._height - face.height - 1
            icon_y = y + max((self._height - side - face.height) // 2, 1) + 1
            surface.image(middle - side // 2, icon_y, side, side, icon)
            badge_x = middle + side // 2
        else:
            text_y = icon_y = y + (self._height - face.height) // 2
            badge_x = middle + taken // 2 + 2
        surface.text(middle - taken // 2, text_y, text, face, color)
        if is_chosen and self._is_on_top:
            surface.fill_rect(middle - taken // 2, y + self._height - 3, taken, 2, color)
        if tab.badge is not None:
            self._draw_badge(surface, tab.badge, badge_x, icon_y, left + room)

    def _draw_badge(self, surface, text, x, y, end):
        if not text:
            surface.rounded_rect(min(x - 3, end - 8), y, 8, 8, 4, _BADGE)
            return
        face = font.face(_SMALL)
        text = text if len(text) <= _BADGE_LETTERS else "..."
        taken = face.measure(text)
        width = max(taken + 8, face.height)
        x = min(x - 6, end - width)
        surface.rounded_rect(x, y - 1, width, face.height, face.height // 2, _BADGE)
        surface.text(x + (width - taken) // 2, y - 1, text, face, 0xFFFFFF)

    def touched(self, phase, x, y):
        """A finger is on it."""
        index = min(max(x, 0) * len(self.tabs) // self.box[2], len(self.tabs) - 1)
        top = self.box[1]
        if phase == "start":
            self._pressed = index
        elif not top <= y < top + self._height or index != self._pressed:
            self._pressed = -1
        elif phase == "end":
            self._pressed = -1
            self._choose(index)

    def _choose(self, index):
        tab = self.tabs[index]
        if index == self._chosen or self._bars.go(router.switch_tab, "/" + tab.path):
            page.hook(router.stack[-1], "onTabItemTap", Result(index=str(index), pagePath=tab.path, text=tab.text))
