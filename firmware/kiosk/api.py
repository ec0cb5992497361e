"""
The calling convention of the whole API (docs/architecture.md, "How a call goes").

`@api` makes an asynchronous API of a coroutine function, `@sync_api` a `...Sync` one of a plain function.  This module
alone reads option objects, checks types, builds errMsg and calls success, fail and complete.  A call starts at once, answers from the event loop, and ends with the mini-program.

A declaration is one literal of tuples, which costs no RAM when frozen: ((name, types, default), ...).  `*name` is
required; `types` are JavaScript's names of types with "|" between them, "" for any.
"""

import asyncio

from kiosk import errors, log
from kiosk.tasks import finished, launch, spawn

_CALLBACKS = ("success", "fail", "complete")
_mocks = {}  # API name -> result that answers instead of the real thing (set over the console, for tests)


class Result(dict):
    """What an API answers with: each field is both an item and an attribute."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)


class Error(Exception):
    """A failed call, as `await` and the `...Sync` functions raise it.  Attributes: errMsg, errno, errCode if any."""

    def __init__(self, result):
        super().__init__(result["errMsg"])
        self.result = result
        for name, value in result.items():  # not __getattr__: MicroPython's exceptions have an `errno` of their own
            setattr(self, name, value)


class Api:
    """One API: callable as WeChat's documents say, with its declaration at hand for canIUse()."""

    def __init__(self, function, options, fields, promise, at_once):
        self.function = function
        self.options = options
        self.fields = fields
        self.promise = promise
        self.at_once = at_once

    @property
    def name(self):
        """str: the name in errMsg."""
        return self.function.__name__

    def __call__(self, *args, **options):
        if args:
            options = args[0] if len(args) == 1 and not options else None
        callbacks = None
        if isinstance(options, dict):
            for key in _CALLBACKS:
                if callable(options.get(key)):
                    callbacks = options
        try:
            promise = self.promise() if self.promise else None
            answer = _answer(self, options, promise)
            if self.at_once:
                answer = _settled(answer)
            task = spawn(_run(self, answer, callbacks, promise))
        except MemoryError as exc:  # the call cannot even begin, so nobody can be called back
            raise Error(failure(self.name, exc))
        if promise:
            promise._task = task
            return promise
        return None if callbacks else task


def _settled(coroutine):
    # Runs a coroutine that waits for nothing; returns another one, which gives its outcome to whoever awaits it.
    try:
        coroutine.send(None)
    except StopIteration as exc:
        return _outcome(exc.value, None)
    except Exception as exc:  # noqa: BLE001  a supervisor: kept for _run(), which handles it
        return _outcome(None, exc)
    raise RuntimeError("an API that answers at once must not wait")


async def _outcome(value, error):
    if error:
        raise error
    return value


def api(options=(), fields=(), promise=None, at_once=False):
    """Decorator: `async def name(options)` returns the fields of a success as a dict (or None), or raises.

    promise: a class of Tasks; the call returns one and the function gets it as its second argument.
    at_once: the function, which waits for nothing, runs within the call; only its answer comes later.
    """
    return lambda function: Api(function, options, fields, promise, at_once)


class SyncApi(Api):
    """A `...Sync` API: positional arguments in the order of the declaration, raises wx.Error."""

    def __call__(self, *args, **options):
        for option, value in zip(self.options, args):
            options[option[0].lstrip("*")] = value
        mock = _mocks.get(self.name)
        try:
            if mock is not None:
                return _mocked(self.name, mock)
            return _attributed(self.function(**checked(self.options, options)))
        except Error:
            raise
        except Exception as exc:  # noqa: BLE001  a supervisor: whatever a service raises becomes the API's own error
            raise Error(failure(self.name, exc))


def sync_api(options=(), fields=()):
    """Decorator: `def nameSync(**options)` returns what the API returns, or raises."""
    return lambda function: SyncApi(function, options, fields, None, True)


async def _run(called, answer, callbacks, promise):
    try:
        outcome = "success"
        try:
            result = await answer
        except asyncio.CancelledError:
            if not (promise and promise.aborted):
                raise
            outcome, result = "fail", failure(called.name, errors.KioskError("abort"))
        except Exception as exc:  # noqa: BLE001  a supervisor: whatever a service raises becomes the API's own error
            outcome, result = "fail", exc.result if isinstance(exc, Error) else failure(called.name, exc)
        if callbacks:
            for key in (outcome, "complete"):
                if callable(callbacks.get(key)):
                    launch(callbacks[key], result)
        elif outcome == "fail":
            if not promise:
                raise Error(result)
            result = Error(result)
        return result
    finally:
        finished()


async def _answer(called, options, promise):
    if promise:
        promise._started = True
        promise.check()
    mock = _mocks.get(called.name)
    if mock is not None:
        return _mocked(called.name, mock)
    if not isinstance(options, dict):
        raise errors.KioskError("parameter", "parameter should be Object instead of %s;" % type_name(options))
    for key in _CALLBACKS:
        value = options.get(key)
        if value is not None and not callable(value):
            raise errors.KioskError("parameter", _fault(key, "Function", type_name(value)))
    options = checked(called.options, options)
    fields = await (called.function(options, promise) if promise else called.function(options))
    return success(called.name, fields)


def checked(declaration, options):
    """Return the declared options with their defaults filled in; raise a parameter error that names all faults."""
    values = {}
    faults = ""
    for name, types, default in declaration:
        required = name[0] == "*"
        if required:
            name = name[1:]
        value = options.get(name)
        if value is None and not required:
            value = default
        elif required and name not in options:
            faults += _fault(name, types, "Undefined")
        elif types:
            given = type_name(value)
            if given != types and given not in types.split("|"):
                faults += _fault(name, types, given)
        values[name] = value
    if faults:
        raise errors.KioskError("parameter", faults)
    return values


def _fault(name, types, given):
    return "parameter.%s should be %s instead of %s;" % (name, types.replace("|", " or ") or "given", given)


def type_name(value):
    """The name that JavaScript's developers know a value's type by; its class's for what JavaScript has no word for."""
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, (int, float)):
        return "Number"
    if isinstance(value, str):
        return "String"
    if isinstance(value, dict):
        return "Object"
    if isinstance(value, (list, tuple)):
        return "Array"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "ArrayBuffer"
    return "Function" if callable(value) else type(value).__name__


def success(name, fields=None):
    """The Result of a call that went well: `fields` (dict), which becomes it if it is one already, and errMsg."""
    result = fields if isinstance(fields, Result) else Result(fields or ())
    result["errMsg"] = name + ":ok"
    return _attributed(result)


def _attributed(result):
    if isinstance(result, Result) and "keys" in result:  # of getStorageInfo: the attribute would be dict's method
        result.keys = result["keys"]
    return result


def failure(name, exc):
    """The Result of a call that raised `exc`."""
    error = errors.from_exception(exc)
    if error.args[0] == "system":
        log.exception(name, exc)  # nobody meant to raise this: the traceback says where it came from
    try:
        result = Result(error.fields)
        result["errMsg"] = "%s:fail %s" % (name, error.reason)
        result["errno"] = error.errno
        return result
    except MemoryError:
        if error.args[0] == "oom":
            raise
        return failure(name, errors.KioskError("oom"))  # a shorter text may have room


def mock(name, result):
    """Let `result` (a dict; fails if its errMsg says so) answer for an API; None restores the real one."""
    if result is None:
        _mocks.pop(name, None)
    else:
        _mocks[name] = result


def _mocked(name, fields):
    result = Result(fields)
    result.setdefault("errMsg", name + ":ok")
    if result["errMsg"].startswith(name + ":fail"):
        raise Error(result)
    return result
