"""
MicroPython, a module of the mini-program that the kiosk runs: hands an API every value that nobody should hand it.

The host says which API, which options it has and what good values are; bombard() answers with what went wrong.
"""

import asyncio
import gc
import json
import time

import kiosk
from kiosk import api, log

_LIMIT_MS = 20000  # a call that has not ended by then never does
_HUGE = (100 * 1024, 50 * 1024, 25 * 1024)
_ERRMSG_LETTERS = 2200
_LONG_LETTERS = 1000  # a value of more than that is asked for once: the heap has no room for many of them
_CALLED = {"SocketTask.send": "sendSocketMessage", "SocketTask.close": "closeSocket"}  # as their errMsg has it
longest = 0  # bytes of the longest string that has been handed over
tasks = {}  # name of the class -> the Task whose methods are called
held = []  # what makes the heap small while a call runs
heard = []  # what has reached wx.onError and wx.onUnhandledRejection


class _Raises:
    def __str__(self):
        raise ValueError("str")

    __repr__ = __eq__ = __hash__ = __len__ = __bool__ = __iter__ = __str__


def _loop_list():
    loop = [1]
    loop.append(loop)
    return loop


def _loop_dict():
    loop = {"a": 1}
    loop["loop"] = loop
    return loop


def _nested():
    value = []
    for _ in range(50):
        value = [value]
    return value


def _generator():
    yield 1


def _huge():
    # The longest string that the heap has room for in one piece.
    global longest
    for size in _HUGE:
        try:
            value = "x" * size
        except MemoryError:
            continue
        longest = max(longest, size)
        return value
    return "x"


# Each is made when it is needed: a board has not the memory for all of them.
VALUES = (
    lambda: None,
    lambda: True,
    lambda: 0,
    lambda: -1,
    lambda: 1.5,
    lambda: -0.0,
    lambda: float("nan"),
    lambda: float("inf"),
    lambda: -float("inf"),
    lambda: 1 << 40,
    lambda: -(1 << 80),
    lambda: "",
    lambda: "\0",
    lambda: "a\r\nb: c",
    lambda: "../../x",
    lambda: "\ud800",
    lambda: "%s%n{}",
    lambda: "é" * 3000,
    _huge,
    lambda: b"",
    lambda: b"\xff\xfe",
    lambda: bytearray(3),
    lambda: memoryview(b"abc"),
    list,
    dict,
    tuple,
    _nested,
    _loop_list,
    _loop_dict,
    lambda: [None, {}, _Raises()],
    lambda: [float("nan")],
    lambda: {1: 2, None: 3, (4,): 5, b"6": 7, 1.5: 8},
    lambda: {"": ""},
    lambda: {"a": _Raises()},
    lambda: {"a\r\nb": "c\r\nd"},
    lambda: {"key": b"\xff", "other": print},
    lambda: print,
    lambda: lambda: None,
    lambda: object,
    object,
    _Raises,
    _generator,
    set,
)


def begin():
    """Listen to what should stay silent."""
    heard.clear()
    wx.onError(heard.append)
    wx.onUnhandledRejection(lambda res: heard.append("rejected " + res.reason.errMsg))


def _name(path):
    return _CALLED.get(path, path.rpartition(".")[2])


def _function(path):
    holder, _, name = path.rpartition(".")
    if holder == "FileSystemManager":
        return getattr(wx.getFileSystemManager(), name)
    return getattr(wx if holder == "wx" else tasks[holder], name)


class _Watcher:
    # The callbacks of one call, and whether they came as they should.  Hears them without needing memory.

    def __init__(self):
        self.count = 0
        self.kinds = [None] * 4
        self.results = [None] * 4

    def options(self, options):
        for name in ("success", "fail", "complete"):
            options[name] = lambda res, name=name: self._hear(name, res)
        return options

    def _hear(self, name, result):
        self.kinds[self.count] = name
        self.results[self.count] = result
        self.count += 1

    def ended(self):
        return self.count and self.kinds[self.count - 1] == "complete"

    def fault(self, name):
        kinds = self.kinds[: self.count]
        if kinds not in (["success", "complete"], ["fail", "complete"]):
            return "callbacks: %s" % kinds
        return _fault(name, self.results[0], kinds[0])


def _fault(name, result, kind):
    message = result.get("errMsg", "")
    if kind == "success":
        return "" if message == name + ":ok" else "errMsg of a success: %.200s" % message
    if not message.startswith(name + ":fail ") or len(message) > _ERRMSG_LETTERS:
        return "errMsg of a failure: %d, %.200s" % (len(message), message)
    if not isinstance(result.get("errno"), int) or result["errno"] == -1:
        return "errno: %s, %.200s" % (result.get("errno"), message)
    return ""


async def _once(path, sync, make, label, faults, cramped=False):
    gc.collect()
    name = _name(path)
    try:
        if sync:
            fault = _sync_fault(name, _function(path), make())
        else:
            fault = await _async_fault(name, path, make)
    except Exception as exc:  # noqa: BLE001  any exception that comes out of an API is the finding
        _release()
        fault = "raised %s: %s" % (type(exc).__name__, exc)
        if cramped and isinstance(exc, api.Error) and exc.errno == 111:
            fault = _fault(name, exc.result, "fail")
    if fault:
        faults.append([label, fault])


def _release():
    # One by one: a stale word somewhere that points at the list is not to keep them all.
    slots = held.pop() if held else ()
    for number in range(len(slots)):
        slots[number] = None


def _sync_fault(name, function, args):
    try:
        function(*args)
    except api.Error as exc:
        return _fault(name, exc.result, "fail")
    return ""


async def _async_fault(name, path, make):
    watcher = _Watcher()
    options = watcher.options(make())
    result = _function(path)(options)
    at_once = watcher.count
    start = time.ticks_ms()
    while not watcher.ended() and time.ticks_diff(time.ticks_ms(), start) < _LIMIT_MS:
        await asyncio.sleep_ms(1 if watcher.count else 0)
    await asyncio.sleep_ms(0)
    _release()
    if at_once:
        return "answered before it returned"
    if result is not None and not hasattr(result, "abort"):
        return "returned %s" % type(result)
    return watcher.fault(name)


def bombard(path, good, sync=False, takes_object=True):
    """Answer with [number of calls, bytes of the longest value, faults] for each value of each option.

    A fault is [label, what].

    good: [option, a value that is taken] of each, in order; sync: whether it answers at once; takes_object: in one dict.
    """
    kiosk.run(_bombard(path, good, sync, takes_object))


async def _bombard(path, good, sync, takes_object):
    faults, calls = [], 0
    for option, _ in good + [["unknown", None]]:
        for number, value in enumerate(VALUES):

            def make():
                options = dict(good)
                try:
                    options[option] = value()  # noqa: B023  called at once
                except MemoryError:  # what the heap has no room for cannot be handed over either
                    options[option] = None  # noqa: B023
                if not sync:
                    return options
                return (options,) if takes_object else [options[one[0]] for one in good]

            await _once(path, sync, make, "%s=#%d" % (option, number), faults)
            calls += 1
    return [calls, longest, faults]


def misuse(path, good):
    """Answer with the faults when there is no dict of options, and when callbacks cannot be called."""
    kiosk.run(_misuse(path, good))


async def _misuse(path, good):
    function = _function(path)
    name = _name(path)
    faults = []
    for number, made in _made():
        if not isinstance(made, dict):
            await _rejected(function, (made,), name, "options are #%d" % number, faults)
    await _rejected(function, ({}, {}), name, "two arguments", faults)
    for key in ("success", "fail", "complete"):
        for value in (5, "x", [], {}, b"", object()):
            label = "%s=%s" % (key, type(value))
            options = dict(good)
            options[key] = value
            await _rejected(function, (options,), name, label, faults)
            seen = []
            options["complete" if key != "complete" else "fail"] = seen.append
            function(options)
            for _ in range(500):
                if seen:
                    break
                await asyncio.sleep_ms(2)
            if len(seen) != 1 or not seen[0].errMsg.startswith(name + ":fail parameter error: parameter." + key):
                faults.append([label, "the other callback hears %s" % seen])
    return faults


async def _rejected(function, args, name, label, faults):
    try:
        result = function(*args)
        if result is not None:
            await result
    except api.Error as exc:
        fault = _fault(name, exc.result, "fail")
        if fault:
            faults.append([label, fault])
    except Exception as exc:  # noqa: BLE001  any exception that comes out of an API is the finding
        faults.append([label, "raised %s: %s" % (type(exc).__name__, exc)])
    else:
        faults.append([label, "was taken"])


def _made():
    for number, value in enumerate(VALUES):
        gc.collect()
        try:
            made = value()
        except MemoryError:  # the heap has no room for it, so it cannot be handed over
            continue
        yield number, made


def listeners(path):
    """Print the faults of a function or method that takes a listener: only what can be called is taken.

    A function that undoes it takes anything.
    """
    function = _function(path)
    faults = []
    holder, _, name = path.rpartition(".")
    try:
        undo = _function(holder + ".off" + name[2:])
    except AttributeError:
        undo = None
    function(_deaf)  # so that undo() has something to compare with
    for number, made in _made():
        if callable(made):
            continue
        try:
            if undo and made is not None:  # without a listener, all of them go, those of begin() included
                undo(made)
            function(made)
            faults.append([number, "was taken"])
        except api.Error as exc:
            fault = _fault(_name(path), exc.result, "fail")
            if fault:
                faults.append([number, fault])
        except Exception as exc:  # noqa: BLE001  any exception that comes out of an API is the finding
            faults.append([number, "raised %s: %s" % (type(exc).__name__, exc)])
    log.console_print(json.dumps(faults))


def _deaf(*args):
    return


def questions():
    """Print the numbers of the values that wx.canIUse answers with anything but False."""
    faults = []
    for number, made in _made():
        asked = [made]
        if isinstance(made, str) and len(made) < _LONG_LETTERS:
            asked += [made + ".object.url", "request." + made, "request.object." + made]
        for schema in asked:
            try:
                if wx.canIUse(schema) is not False:
                    faults.append([number, "was taken"])
            except Exception as exc:  # noqa: BLE001  any exception that comes out of an API is the finding
                faults.append([number, "raised %s: %s" % (type(exc).__name__, exc)])
    log.console_print(json.dumps(faults))


def cramped(path, good, room):
    """Answer with the faults of one call while the heap has only about `room` bytes left, and of one afterwards.

    With too little even to begin, the call raises wx.Error with errno 111, as there is nobody to be called back.
    """
    kiosk.run(_cramped(path, good, room))


async def _cramped(path, good, room):
    faults = []
    gc.collect()
    slots = [None] * 200  # no chain, which the collector would be slow to follow
    used = 0
    held.append(slots)
    for size in (4096, 1024):  # what is left is in pieces smaller than that
        try:
            while used < len(slots) and gc.mem_free() > room + 2 * size:
                slots[used] = bytearray(size)
                used += 1
        except MemoryError:  # there is no hole of this size any more
            gc.collect()
    await _once(path, False, lambda: dict(good), "cramped", faults, True)
    await _once(path, False, lambda: dict(good), "afterwards", faults)
    return faults
