"""A mini-program with bars: tabs, a page that is pulled down, one that is scrolled, one without a navigation bar."""

import json

from PIL import Image, ImageDraw

_PAGES = ("home", "list", "news", "whole")
_BASE = """
@Page
class Any:
    data = {"rows": list(range(%(rows)d)), "heard": []}

    def hear(self, text):
        print("%(name)s", text)

    def onTabItemTap(self, item):
        self.hear("tab %%s %%s %%s" %% (item.index, item.pagePath, item.text))

    def onPullDownRefresh(self):
        self.hear("pulled")

    def onReachBottom(self):
        self.hear("bottom")

    def onRow(self, event):
        self.hear("row %%d" %% event.currentTarget.dataset.row)

    def onOpen(self, event):
        wx.navigateTo(url="/pages/news/news")
"""
_WXML = """
<view class="open" bindtap="onOpen">%(name)s</view>
<view class="row" id="row{{item}}" wx:for="{{rows}}" wx:key="*this" data-row="{{item}}" bindtap="onRow">{{item}}</view>
"""
_WXSS = """
page { background-color: #eef; }
.open { height: 40px; background-color: #ffd; border-bottom: 1px solid #888; }
.row { height: 29px; border-bottom: 1px solid #ccc; }
"""
_WINDOW = {
    "navigationBarTitleText": "Bars 栏",
    "navigationBarBackgroundColor": "#2b6cb0",
    "backgroundColor": "#dddddd",
}
_OWN = {
    "list": {"navigationBarTitleText": "A list", "enablePullDownRefresh": True, "onReachBottomDistance": 20},
    "news": {"navigationBarTitleText": "News of a title that is longer than any bar is wide", "navigationBarBackgroundColor": "#fff", "navigationBarTextStyle": "black"},
    "whole": {"navigationStyle": "custom", "disableScroll": True},
}  # fmt: skip


def write(folder, window=None, tab_bar=None):
    """Write the sources of the mini-program into a folder; return it."""
    tabs = [{"pagePath": f"pages/{name}/{name}", "text": text, "iconPath": f"{name}.png", "selectedIconPath": f"/{name}-on.png"}
            for name, text in (("home", "Home"), ("list", "列表"))]  # fmt: skip
    tabs.append({"pagePath": "pages/whole/whole", "text": "Whole"})
    app = {
        "pages": [f"pages/{name}/{name}" for name in _PAGES],
        "window": {**_WINDOW, **(window or {})},
        "tabBar": {
            "color": "#666666",
            "selectedColor": "#2b6cb0",
            "backgroundColor": "#fafafa",
            "list": tabs,
            **(tab_bar or {}),
        },
    }
    folder.mkdir()
    (folder / "app.json").write_text(json.dumps(app))
    (folder / "kiosk.json").write_text('{"appid": "bars"}')
    (folder / "app.wxss").write_text(_WXSS)
    for name in _PAGES:
        page = folder / "pages" / name
        page.mkdir(parents=True)
        values = {"name": name, "rows": 20 if name != "whole" else 2}
        (page / f"{name}.py").write_text(_BASE % values)
        (page / f"{name}.wxml").write_text(_WXML % values)
        if name in _OWN:
            (page / f"{name}.json").write_text(json.dumps(_OWN[name]))
    for name, color in (("home", "#666666"), ("home-on", "#2b6cb0"), ("list", "#666666"), ("list-on", "#2b6cb0")):
        _icon(name, color).save(folder / f"{name}.png")
    return folder


def _icon(name, color):
    """81x81, as WeChat wants them, with a ground that is seen through."""
    icon = Image.new("RGBA", (81, 81))
    draw = ImageDraw.Draw(icon)
    if name.startswith("home"):
        draw.polygon([(40, 6), (76, 40), (66, 40), (66, 74), (14, 74), (14, 40), (4, 40)], fill=color)
    else:
        for top in (12, 36, 60):
            draw.rounded_rectangle([6, top, 74, top + 12], 6, fill=color)
    return icon
