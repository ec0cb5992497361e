"""
MicroPython, executed on the kiosk over its console: runs scenarios, hollows what they prove, notes what they touch.

A scenario is `async def name(t)`, with a Tools; its docstring begins with the names that it proves.  It raises when one
of them does not do what its documents say.  Hollowed, a name is an empty function that answers at once, with success
and with every field its result should have: a scenario that passes nevertheless proves nothing of it.
"""

import asyncio
import builtins
import json
import time

import kiosk
from kiosk import api, app, loader, log, page, timers
from kiosk.ui import custom

_HOLLOW_LIMIT_MS = 500  # how long a scenario waits for what an empty function never does

BEYOND = ("Component", "Behavior")  # globals that api.tsv does not list

_KINDS = ("Null", "Boolean", "Number", "String", "Object", "Array", "ArrayBuffer", "Function")

read = {}  # API -> {option: True} that it has looked at
given = {}  # "API.success", "API.fail" or object -> {field: [kinds]}
_current = None  # the API whose options are being checked


class Tools:
    """What a scenario gets.  http, ws: addresses of an httpbin and of a WebSocket server that echoes."""

    def __init__(self, http, ws):
        self.http = http
        self.ws = ws
        self.limit_ms = 10000

    async def until(self, condition):
        """Wait until `condition()`; an AssertionError if that does not come."""
        start = time.ticks_ms()
        while not condition():
            assert time.ticks_diff(time.ticks_ms(), start) < self.limit_ms, "what was waited for did not come"
            await asyncio.sleep_ms(2)

    async def fails(self, call, errno, part=""):
        """`call()`, or what it gives when awaited, fails with this errno and `part` in its errMsg."""
        try:
            result = call()
            if not isinstance(result, (dict, str, type(None))):  # awaiting those would never end
                await result
        except api.Error as exc:
            assert exc.errno == errno and ":fail" in exc.errMsg and part in exc.errMsg, exc.errMsg
            return exc
        raise AssertionError("no failure")

    def observe(self, name, value):
        """Note the fields of an object that the typings name."""
        items = value if isinstance(value, dict) else {one: getattr(value, one) for one in dir(value) if one[0] != "_"}
        _note(name, items)


class _Watched:
    # The options of one call; notes which of them the function looks at.

    def __init__(self, name, values):
        self._read = read.setdefault(name, {})
        self._values = values

    def __getitem__(self, name):
        self._read[name] = True
        return self._values[name]

    def get(self, name, default=None):
        self._read[name] = True
        return self._values.get(name, default)


class _Empty:
    # What a hollow method returns: nothing, and nothing to wait for.

    def __iter__(self):
        return api.Result(errMsg="hollow:ok")
        yield  # makes it a generator, which ends at once

    def __call__(self, *args, **options):
        return self


def _note(name, items):
    for field, value in items.items():
        kinds = given.setdefault(name, {}).setdefault(field, [])
        kind = api.type_name(value)
        kind = kind if kind in _KINDS else "Object"  # of a class of the runtime's own
        if kind not in kinds:
            kinds.append(kind)


def watch():
    """From now on, note which options the APIs look at and what they answer with."""
    checked, success, failure, answer = api.checked, api.success, api.failure, api._answer

    def watched(declaration, options):
        global _current
        name, _current = _current, None
        values = checked(declaration, options)
        return _Watched(name, values) if name else values  # those of a ...Sync API become arguments

    async def watched_answer(called, options, promise):
        global _current
        _current = called.name
        try:
            return await answer(called, options, promise)
        finally:
            _current = None  # a call that ended before its options were checked

    def watched_success(name, fields=None):
        result = success(name, fields)
        _note(name + ".success", result)
        return result

    def watched_failure(name, exc):
        result = failure(name, exc)
        _note(name + ".fail", result)
        return result

    api.checked, api._answer, api.success, api.failure = watched, watched_answer, watched_success, watched_failure


def _chapter_of(name):
    for chapter, names in wx.CHAPTERS:
        module = getattr(wx, chapter)
        if name in names or hasattr(module, name):
            return module
    return None


def hollow(name, fields):
    """Put an empty function in the place of `name`; return the function that undoes it."""
    if name[0] == "<":
        return _hollow_component(name[1:-1])
    holder, _, member = name.rpartition(".")
    if holder == "FileSystemManager" or (holder == "wx" and isinstance(getattr(wx, member), api.Api)):
        api.mock(member, dict(fields))
        return lambda: api.mock(member, None)
    if holder:
        owner = _chapter_of(member) if holder == "wx" else getattr(_chapter_of(holder), holder)
        setattr(owner, member, _Empty())
        return lambda: None  # the next launch imports the chapter anew
    return _hollow_global(name)


def _hollow_global(name):
    for module in (app, page, timers):
        if hasattr(module, name):
            original = getattr(module, name)
            setattr(module, name, _Empty())
            setattr(builtins, name, _Empty())
            return lambda: setattr(module, name, original)
    if name in BEYOND:
        return _hollow_custom(name)
    setattr(builtins, name, _Empty() if name != "console" else _EmptyConsole())
    return lambda: None


def _hollow_component(tag):
    # An element that is not shown and does nothing.
    from kiosk.ui import components
    from kiosk.ui.style import Sheet

    made, styled = components.made, Sheet._made

    def hollow_style(sheet, parent, node):
        style = styled(sheet, parent, node)
        if node.tag == tag:
            style.values["display"] = "none"
        return style

    def undo():
        components.made, Sheet._made = made, styled

    components.made = lambda node, view: None if node.tag == tag else made(node, view)
    Sheet._made = hollow_style
    return undo


def _hollow_custom(name):
    # Loaded anew by each mini-program, and put among its builtins by the first page that has a component.
    enter = loader.enter

    def empty(root):
        from kiosk.ui import custom

        enter(root)
        setattr(custom, name, _Empty())

    loader.enter = empty
    return lambda: setattr(loader, "enter", enter)


class _EmptyConsole:
    def __getattr__(self, name):
        return _Empty()


def prove(scenario, tools, hollowed="", fields=()):
    """Answer "" when the scenario passes, else what it raised; `hollowed` is the name to hollow meanwhile."""
    kiosk.run(_prove(scenario, tools, hollowed, fields))


async def _prove(scenario, tools, hollowed, fields):
    undo = None
    if hollowed:
        undo = hollow(hollowed, fields)
        tools.limit_ms = _HOLLOW_LIMIT_MS
    try:
        await asyncio.wait_for_ms(scenario(tools), tools.limit_ms * 2)
        return ""
    except Exception as exc:  # noqa: BLE001  any exception is the finding, and the host judges it
        return "%s: %s" % (type(exc).__name__, exc)
    finally:
        if undo:
            undo()


def _described(value):
    if isinstance(value, api.Api):
        kind = "sync" if isinstance(value, api.SyncApi) else "api"
        options = [list(option) for option in value.options]
        task = value.promise.__name__ if value.promise else None
        return {"kind": kind, "options": options, "fields": list(value.fields), "task": task}
    return {"kind": "function" if callable(value) else "value"}


def offered():
    """Print what `wx` offers: a line [name, declaration] each."""
    for _, names in wx.CHAPTERS:
        for name in names:
            log.console_print(json.dumps(["wx." + name, _described(getattr(wx, name))]))
    for name in BEYOND:
        log.console_print(json.dumps([name, _described(getattr(custom, name))]))


def members(name, names, maker=None):
    """Print the same for those of `names` that an object has.  maker: the function of `wx` that returns the one there is."""
    if maker:
        holder = getattr(wx, maker)() if hasattr(wx, maker) else None
    else:
        module = _chapter_of(name)
        holder = getattr(module, name) if module else None
    for member in names if holder else ():
        if hasattr(holder, member):
            log.console_print(json.dumps([name + "." + member, _described(getattr(holder, member))]))
