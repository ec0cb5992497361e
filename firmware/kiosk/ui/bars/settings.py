"""What app.json's `window` and a page's own file say of a page, read when it is opened."""

import gc
import os

from kiosk import app, loader, log

_TAG = "bars"
_REACH_PX = const(50)  # WeChat's onReachBottomDistance


class Settings:
    """
    said: dict of WeChat's keys, as the manifest's check lets them pass.

    title (str); background, front, ground: colors, 0xRRGGBB, of the navigation bar, of what is on it, and of what is seen above
    a page that is pulled down; dots: the color of those there; is_custom: no navigation bar; has_home: whether it has a key to
    the first page beside the arrow; hides_home: not even where WeChat has one; pulls: enablePullDownRefresh; is_fixed:
    disableScroll; reach_px: onReachBottomDistance.

    is_loading: the navigation bar shows that; is_refreshing: from onPullDownRefresh to stopPullDownRefresh; told_at: how far
    the page could be scrolled when onReachBottom was told last, -1 since it has left there.
    """

    is_loading = is_refreshing = hides_home = False
    told_at = -1

    def __init__(self, said):
        get = said.get
        self.title = get("navigationBarTitleText", "")
        self.background = rgb(get("navigationBarBackgroundColor", "#000"))
        self.front = 0 if get("navigationBarTextStyle") == "black" else 0xFFFFFF
        self.ground = rgb(get("backgroundColor", "#fff"))
        self.dots = 0xFFFFFF if get("backgroundTextStyle") == "light" else 0x404040
        self.is_custom = get("navigationStyle") == "custom"
        self.has_home = get("homeButton", False)
        self.pulls = get("enablePullDownRefresh", False)
        self.is_fixed = get("disableScroll", False)
        self.reach_px = get("onReachBottomDistance", _REACH_PX)


def rgb(text):
    """int: 0xRRGGBB of "#rgb" or "#rrggbb".  ValueError for anything else."""
    digits = text[1:]
    if text[:1] != "#" or len(digits) not in (3, 6) or digits.strip("0123456789abcdefABCDEF"):
        raise ValueError('a color like "#rrggbb"')
    if len(digits) == 3:
        digits = "".join([digit + digit for digit in digits])
    return int(digits, 16)


def read(route, plain=None):
    """
    The Settings of a page of the mini-program that runs.  Faults in its file are logged, and it counts as none.

    plain: None, or a list of the routes that have no file, or one that says nothing, which grows: to look for one takes 2 ms.
    """
    said = dict(app.current.config.get("window", ()))
    if plain is None or route not in plain:
        own = _own(app.current.root, route)
        if plain is not None and not own:
            plain.append(route)
        said.update(own)
    return Settings(said)


def _own(root, route):
    try:
        os.stat("%s/%s.json" % (root, route))
    except OSError:
        return {}
    from kiosk import manifest

    try:
        return manifest.load_page(root, route)
    except manifest.ManifestError as exc:
        log.error(_TAG, "%s", exc)
        return {}
    finally:
        del manifest
        loader.forget("kiosk.manifest")
        gc.collect()
