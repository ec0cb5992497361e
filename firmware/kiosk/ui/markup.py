"""The modules that the compiler has made of markup: pages/index/index_wxml, app_wxss."""

import sys

from kiosk import loader


def of(page):
    """The module of a page's markup, or None for a page without."""
    return _load(_name(page))


def app_rules():
    """tuple of rules: those of app.wxss."""
    module = _load("app_wxss")
    return module.RULES if module else ()


def forget(page):
    """Drop the module of a page's markup."""
    loader.forget(_name(page))


def _name(page):
    return page.route.replace("/", ".") + "_wxml"


def _load(name):
    try:
        __import__(name)
    except ImportError as exc:
        if not str(exc).endswith("'%s'" % name):
            raise
        return None
    return sys.modules[name]
