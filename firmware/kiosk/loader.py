"""
Bringing a mini-program's scripts into the interpreter, and getting them out again without leaving a byte.

What is in `sys.modules` when the kiosk has started stays, and the console, which a host may be using; everything else,
the mini-program's own modules and the chapters of the API that it used, goes when it closes.
"""

import builtins
import gc
import sys

from kiosk import app, log, page, timers
from kiosk.errors import KioskError

_keep = ()  # names in sys.modules that belong to the idle kiosk
_classes = {}  # page path -> class

# What a mini-program finds without importing it: from the modules in enter(), and made there.
_GLOBALS = ("App", "getApp", "Page", "setTimeout", "clearTimeout", "setInterval", "clearInterval")
_OWN_GLOBALS = ("wx", "console", "getCurrentPages", "print")


class Console:
    """WeChat's console.  Everything goes where `print` goes, in the order in which it is logged."""

    def log(self, *args):
        """Log values of any type, separated by spaces."""
        log.write(*args)

    debug = info = warn = error = log


def remember_idle():
    """Note what the idle kiosk has imported; called once, when it has started."""
    global _keep
    _keep = tuple(sys.modules)


def enter(root):
    """Make a mini-program's folder importable and give it its globals.

    They are put among the builtins: a script's own globals do not exist before it runs.
    """
    import wx
    from kiosk import router

    sys.path.append(root)
    for module in (app, page, timers):
        for name in _GLOBALS:
            if hasattr(module, name):
                setattr(builtins, name, getattr(module, name))
    builtins.wx = wx
    builtins.console = Console()
    builtins.getCurrentPages = lambda: list(router.stack)
    builtins.print = log.write


def leave(root):
    """Undo enter() and forget every module that came since the kiosk was idle."""
    for names in (_GLOBALS, _OWN_GLOBALS):
        for name in names:
            delattr(builtins, name)
    sys.path.remove(root)
    _classes.clear()
    page.take_registered()
    for name in tuple(sys.modules):
        if name in sys.modules and name not in _keep and not name.startswith("kiosk.console"):
            forget(name)
    gc.collect()


def forget(name):
    """Drop a module, or a package with what is in it: its memory is free and its next import starts anew."""
    for module in tuple(sys.modules):
        if module == name or module.startswith(name + "."):
            del sys.modules[module]
    parent, _, child = name.rpartition(".")
    # Not there when the import ended for lack of memory, just before its last step.
    if parent in sys.modules and child in sys.modules[parent].__dict__:
        delattr(sys.modules[parent], child)


def page_class(path):
    """The class of a page, its script loaded when first asked for."""
    if path not in _classes:
        page.take_registered()
        try:
            __import__(path.replace("/", "."))
        except MemoryError:  # no fault of the script's
            raise
        except Exception as exc:  # noqa: BLE001  a supervisor: a script may fail in any way
            log.exception(path, exc)
            raise KioskError("route", 'page "%s" cannot be loaded: %s: %s' % (path, type(exc).__name__, exc))
        found = page.take_registered()
        if found is None:
            raise KioskError("route", 'page "%s" has not been registered: it calls no Page()' % path)
        _classes[path] = found
    return _classes[path]
