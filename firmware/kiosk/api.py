"""
The calling convention of the whole API (docs/architecture.md, "How a call goes").

`@api` makes an asynchronous API of a coroutine function, `@sync_api` a `...Sync` one of a plain function.  This module
alone reads option objects, checks types, builds errMsg and calls success, fail and complete.  A call starts at once, answers from the event loop, and ends with the mini-program.

A declaration is a flat tuple, which costs no RAM when frozen: (name, types, default), (name, types, default), ...
`*name` is required; `types` is a tuple of JavaScript's type names, () for any.
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


class Promise:
    """Base of the Tasks that `request` and its kin return: already running, awaitable, can be aborted."""

    aborted = False
    _task = None

    def abort(self):
        """End the call: it fails with `<api>:fail abort`, soon but never before abort() has returned."""
        if self._task.done() or self.aborted:
            return
        self.aborted = True
        if self._started and asyncio.current_task() is not self._task:
            self._task.cancel()

    def check(self):
        """Raise if abort() was called by a listener of this very Task, which cannot be cancelled from inside."""
        if self.aborted:
            raise errors.KioskError("abort")

    _started = False

    def __iter__(self):
        # Unlike the promise of other APIs, a Task that nobody awaits is not an unhandled rejection when it fails.
        result = yield from self._task
        if isinstance(result, Error):
            raise result
        return result


class Api:
    """One API: callable as WeChat's documents say, with its declaration at hand for canIUse()."""

    def __init__(self, function, options, fields, promise):
        self.function = function
        self.options = options
        self.fields = fields
        self.promise = promise

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
                if options.get(key) is not None:
                    callbacks = options
        if self.promise:
            promise = self.promise()
            promise._task = spawn(_run(self, options, callbacks, promise))
            return promise
        task = spawn(_run(self, options, callbacks, None))
        return None if callbacks else task


def api(options=(), fields=(), promise=None):
    """Decorator: `async def name(options)` returns the fields of a success as a dict (or None), or raises.

    With `promise`, a class of Tasks, the call returns one and the function gets it as its second argument.
    """
    return lambda function: Api(function, options, fields, promise)


class SyncApi(Api):
    """A `...Sync` API: positional arguments in the order of the declaration, raises wx.Error."""

    def __call__(self, *args, **options):
        for index, value in enumerate(args):
            if index * 3 >= len(self.options):
                break
            options[self.options[index * 3].lstrip("*")] = value
        mock = _mocks.get(self.name)
        try:
            if mock is not None:
                return _mocked(self.name, mock)
            return self.function(**checked(self.options, options))
        except Error:
            raise
        except Exception as exc:  # noqa: BLE001  a supervisor: whatever a service raises becomes the API's own error
            raise Error(failure(self.name, exc))


def sync_api(options=(), fields=()):
    """Decorator: `def nameSync(**options)` returns what the API returns, or raises."""
    return lambda function: SyncApi(function, options, fields, None)


async def _run(called, options, callbacks, promise):
    try:
        outcome = "success"
        try:
            result = await _answer(called, options, promise)
        except asyncio.CancelledError:
            if not (promise and promise.aborted):
                raise
            outcome, result = "fail", failure(called.name, errors.KioskError("abort"))
        except Exception as exc:  # noqa: BLE001  a supervisor: whatever a service raises becomes the API's own error
            outcome, result = "fail", exc.result if isinstance(exc, Error) else failure(called.name, exc)
        if callbacks:
            for key in (outcome, "complete"):
                if callbacks.get(key) is not None:
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
    options = checked(called.options, options)
    fields = await (called.function(options, promise) if promise else called.function(options))
    return success(called.name, fields)


def checked(declaration, options):
    """Return the declared options with their defaults filled in; raise a parameter error that names all faults."""
    values = {}
    faults = ""
    for i in range(0, len(declaration), 3):
        name, types, default = declaration[i : i + 3]
        required = name[0] == "*"
        name = name.lstrip("*")
        value = options.get(name)
        if required and name not in options:
            faults += "parameter.%s should be %s instead of Undefined;" % (name, _either(types))
        elif value is None and not required:
            value = default
        elif types and type_name(value) not in types:
            faults += "parameter.%s should be %s instead of %s;" % (name, _either(types), type_name(value))
        values[name] = value
    if faults:
        raise errors.KioskError("parameter", faults)
    return values


def _either(types):
    return " or ".join(types) or "given"


def type_name(value):
    """The name that JavaScript's developers know a value's type by."""
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
    return "Function" if callable(value) else "Object"


def success(name, fields=None):
    """The Result of a call that went well."""
    result = Result(fields or ())
    result["errMsg"] = name + ":ok"
    return result


def failure(name, exc):
    """The Result of a call that raised `exc`."""
    error = errors.from_exception(exc)
    if error.args[0] == "system":
        log.exception(name, exc)  # nobody meant to raise this: the traceback says where it came from
    result = Result(error.fields)
    result["errMsg"] = "%s:fail %s" % (name, error.reason)
    result["errno"] = error.errno
    return result


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
