"""The modules that the compiler has made of markup: pages/index/index_wxml, app_wxss."""

import sys

from kiosk import loader


def of(route):
    """The module of the markup of a page or component, by its path; None for one without."""
    return _load(_name(route))


def app_rules():
    """tuple of rules: those of app.wxss."""
    module = _load("app_wxss")
    return module.RULES if module else ()


def forget(route):
    """Drop the module of a page's or component's markup."""
    loader.forget(_name(route))


def _name(route):
    return route.replace("/", ".") + "_wxml"


def _load(name):
    try:
        __import__(name)
    except ImportError as exc:
        if not str(exc).endswith("'%s'" % name):
            raise
        return None
    return sys.modules[name]
