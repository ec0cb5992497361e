"""
Custom components: `Component` and `Behavior`, as a mini-program calls them, and what becomes of the scripts that do.

Loaded by the first page that has a component; from then on they are among the builtins, until the mini-program closes.  What
is on a page: customs.py; what a component can do: instance.py; which styles hold in it: sheet.py.
"""

import builtins
import sys

from kiosk import app, loader, log
from kiosk.ui import markup

_definitions = {}  # path -> Definition, or None for a component that cannot be used
_is_known = False  # whether scripts find Component and Behavior
_registered = None  # what the script being loaded has handed to Component()


class _Behavior:
    # What Behavior() returns.

    def __init__(self, given):
        self.given = given


def Component(given):
    """Register the component of this script: `@Component` on a class, or a dict of properties, data, methods and so on."""
    global _registered
    _registered = given
    return given


def Behavior(given):
    """The same, for what `behaviors` of components lists."""
    return _Behavior(given)


def find(path):
    """The Definition of a component, its script and its markup loaded when first asked for; None if that cannot be."""
    global _is_known
    if not _is_known:
        _is_known = True
        builtins.Component, builtins.Behavior = Component, Behavior
        app.current.at_close += (_leave,)
    if path not in _definitions:
        _definitions[path] = _loaded(path)
    found = _definitions[path]
    if found and found.module is None:
        found.module = markup.of(path)
    return found


def sweep():
    """Drop the markup of the components that no page shows."""
    for path, one in _definitions.items():
        if one and not one.count and one.module:
            one.module = None
            markup.forget(path)


def _leave():
    del builtins.Component, builtins.Behavior


def _loaded(path):
    global _registered
    name = path.replace("/", ".")
    _registered = None
    try:
        module = markup.of(path)
        if module is None:
            raise ImportError("no markup")
        if name in sys.modules:  # a page's, or that of an import: what it has registered is lost
            loader.forget(name)
        __import__(name)
        if _registered is None:
            raise ValueError("it calls no Component()")
        given, _registered = _registered, None
        from kiosk.ui.custom.definition import Definition

        return Definition(path, given, module, _Behavior)
    except MemoryError:  # no fault of the script's
        raise
    except Exception as exc:  # noqa: BLE001  a supervisor: a script may fail in any way
        log.exception(path, exc)
        log.error(path, "the component cannot be used: %s: %s", type(exc).__name__, exc)
        return None
