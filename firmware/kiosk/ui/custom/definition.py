"""
What a component is, put together from what its script hands to Component() and from its behaviors.

A behavior's part comes before the component's own: of properties, data and methods the later one counts, of lifetimes and
observers all do.  A behavior that is listed twice counts once.
"""

from kiosk import datapath, log
from kiosk.ui import expression
from kiosk.ui.custom.instance import BaseComponent

_LIFETIMES = ("created", "attached", "ready", "moved", "detached", "error")
_PAGE_LIFETIMES = ("show", "hide", "resize")
_EXPORT = const("wx://component-export")

# What a type of a property is, what it is called in warnings, and its value if nothing else is said.
_KINDS = ((str, "String", ""), (float, "Number", 0), (bool, "Boolean", False), (dict, "Object", None), (list, "Array", []),
          (None, "any", None))  # fmt: skip


class Definition:
    """
    path: as `usingComponents` has it; module: its markup; count: how many there are of it on pages; make(): a new one.

    lifetimes: name -> functions, in the order in which they are called; those of pageLifetimes are "page show" and so on.
    external: the names of its external classes; exports: whether selectComponent gives what its `export` returns.
    """

    exports = False

    def __init__(self, path, given, module, behavior_class):
        self.path = path
        self.module = module
        self.count = 0
        self.properties = {}  # name -> (type, default, observer, further types)
        self.data = {}
        self.lifetimes = {}
        self.observers = []  # (paths, function or name)
        self.behaviors = []
        self.external = ()
        self._behavior_class = behavior_class
        self._bases = []
        self._take(given)
        namespace = {"properties": property(_data), "is_": path, "_definition": self}
        self._class = type(path, tuple(self._bases) + (BaseComponent,), namespace)

    def make(self):
        """An instance, with the data that it begins with."""
        made = self._class()
        made.data = datapath.copy(self.data)
        for name, (_, default, _, _) in self.properties.items():
            made.data[name] = datapath.copy(default)
        return made

    def _take(self, given):
        get = given.get if isinstance(given, dict) else lambda name, default=None: getattr(given, name, default)
        for one in get("behaviors") or ():
            self._take_behavior(one)
        for name, spec in (get("properties") or {}).items():
            self.properties[name] = _property(name, spec)
        for name, value in (get("data") or {}).items():
            before = self.data.get(name)
            self.data[name] = _merged(before, value) if isinstance(value, dict) and isinstance(before, dict) else value
        own = _functions(get("lifetimes"))
        for name in _LIFETIMES:
            self._add(name, own.get(name) or get(name))
        own = _functions(get("pageLifetimes"))
        for name in _PAGE_LIFETIMES:
            self._add("page " + name, own.get(name))
        for paths, function in _functions(get("observers")).items():
            self.observers.append(([path.strip() for path in paths.split(",")], function))
        self.external += tuple(get("externalClasses") or ())
        if not isinstance(given, dict):
            self._bases.insert(0, given)
        methods = _functions(get("methods"))
        if isinstance(given, dict) and get("export"):
            methods["export"] = get("export")
        if methods:
            self._bases.insert(0, type(self.path, (), methods))

    def _take_behavior(self, behavior):
        if behavior == _EXPORT:
            self.exports = True
        elif not isinstance(behavior, self._behavior_class):
            log.warn(self.path, "behavior %s is not known", behavior)
        elif behavior not in self.behaviors:
            self.behaviors.append(behavior)
            self._take(behavior.given)

    def _add(self, name, function):
        if function:
            self.lifetimes[name] = self.lifetimes.get(name, ()) + (function,)

    def converted(self, name, value):
        """What a property is when it is given `value`, as WeChat converts it: its default for what makes no sense."""
        kind, default, _, more = self.properties[name]
        for each in (kind,) + more:
            if _is(value, each):
                return value
        if value is not expression.undefined:
            if kind is str and not isinstance(value, (dict, list, tuple)) and value is not None:
                return expression.string(value)
            if kind is float and value is not None:
                number = expression.number(value)
                if number == number:
                    return number
            if kind is bool:
                return expression.true(value)
            wanted = [one[1] for one in _KINDS if one[0] is kind][0]
            log.warn(self.path, "property %s: %s is no %s", name, expression.string(value), wanted)
        return datapath.copy(default)


def _data(self):
    return self.data


def _functions(holder):
    """dict of what a dict or a class holds."""
    if isinstance(holder, dict):
        return dict(holder)
    return {name: getattr(holder, name) for name in dir(holder) if name[0] != "_"} if holder else {}


def _property(name, spec):
    """(type, default, observer, further types) of one entry of `properties`: a type, or a dict with `type` and more."""
    if not isinstance(spec, dict):
        spec = {"type": spec}
    kind = spec.get("type")
    kinds = []
    for each in (kind,) + tuple(spec.get("optionalTypes") or ()):
        kinds.append(float if each is int else each)
    default = None
    for each in kinds:
        found = [one for one in _KINDS if one[0] is each]
        if not found:
            raise ValueError("properties.%s: a type is str, int, float, bool, dict, list or None" % name)
        default = found[0][2] if each is kinds[0] else default
    return kinds[0], spec.get("value", default), spec.get("observer"), tuple(kinds[1:])


def _is(value, kind):
    if kind is None:
        return value is not expression.undefined
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is list:
        return isinstance(value, (list, tuple))
    return isinstance(value, kind) or (kind is dict and value is None)


def _merged(before, value):
    result = dict(before)
    result.update(value)
    return result
