"""
What a host calls over the console: `import kiosk; kiosk.call("getSystemInfo")`.

Each function answers with one line of JSON on the console before the REPL's reply ends, however long the kiosk needs
for it; values that JSON has no form for are shown as their text.  Host-side tests drive the kiosk with these alone.
"""

import asyncio
import gc
import json

from kiosk import api, app, router, supervisor
from kiosk.errors import KioskError, from_exception

_FAREWELL_MS = const(100)  # for the answer to leave the board

_answers = []  # coroutines whose results the REPL awaits and writes


def take_answers():
    """The coroutines to await for the code that has just run; each gives one line of text."""
    global _answers
    taken, _answers = _answers, []
    return taken


def _remote(function):
    def ask(*args, **options):
        _answers.append(_line(function(*args, **options)))

    return ask


async def _line(coroutine):
    return json.dumps(plain(await coroutine))


def plain(value):
    """`value` with everything that JSON cannot say replaced by its text; bytes become a list of numbers."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, bytes, bytearray)):
        return [plain(item) for item in value]
    return str(value)


@_remote
async def call(name, options=None):
    """Call `wx.<name>` with a dict of options (or a list of arguments for a ...Sync one); answer its result."""
    import wx

    try:
        function = getattr(wx, name)
    except AttributeError:
        return {"errMsg": "%s:fail no such API" % name, "errno": 100}
    try:
        result = function(*options) if isinstance(options, (list, tuple)) else function(options or {})
        return await result if isinstance(result, asyncio.core.Task) or hasattr(result, "abort") else result
    except api.Error as exc:
        return exc.result


@_remote
async def run(coroutine):
    """Await a coroutine of the host's own; answer its result."""
    return await coroutine


@_remote
async def mock(name, result=None):
    """Let `result` answer for an API from now on; without one the real API answers again."""
    api.mock(name, result)
    return {"errMsg": "mock:ok"}


@_remote
async def pages():
    """The page stack, the visible page last: route, options and data of each."""
    return [{"route": page.route, "options": page.options, "data": page.data} for page in router.stack]


@_remote
async def launch(appid, options=None):
    """Launch a mini-program.  Options: query (str), path (str), urlCheck (bool), allow (list of scopes, and no others)."""
    options = options or {}
    url_check = options.get("urlCheck", True)
    try:
        await supervisor.launch(
            appid, options.get("query", ""), options.get("path"), url_check, allow=options.get("allow")
        )
    except Exception as exc:  # noqa: BLE001  a supervisor: whatever keeps a mini-program from starting is the answer
        return {"errMsg": "launch:fail %s" % (getattr(exc, "reason", None) or exc), "error": type(exc).__name__}
    return {"errMsg": "launch:ok"}


@_remote
async def stop():
    """Close the running mini-program."""
    await supervisor.stop()
    return {"errMsg": "stop:ok"}


@_remote
async def quit():
    """Close the mini-program and end the kiosk; MicroPython's own prompt answers then, until the board is reset."""
    asyncio.create_task(_quit())
    return {"errMsg": "quit:ok"}


async def _quit():
    await asyncio.sleep_ms(_FAREWELL_MS)
    await supervisor.stop()
    raise SystemExit(supervisor.LEAVE)


@_remote
async def hide():
    """Put the running mini-program into the background."""
    supervisor.set_visible(False)
    return {"errMsg": "hide:ok"}


@_remote
async def show():
    """Bring the running mini-program to the front."""
    supervisor.set_visible(True)
    return {"errMsg": "show:ok"}


@_remote
async def state():
    """Which mini-program runs, why the last one was stopped, and the heap in bytes."""
    return _state()


@_remote
async def wifi(ssid=None, key="", timeout_ms=25000):
    """The state of the station; with a network's name and key, once it has joined that or failed to.

    The network is known from then on.  key None: it is known no longer.
    """
    from kiosk.net.wifi import station

    if station is None:
        return {"errMsg": "wifi:fail no Wi-Fi on this board", "errno": 100}
    if ssid is not None:
        try:
            station.forget(ssid) if key is None else station.add(ssid, key)
        except KioskError as exc:
            return {"errMsg": "wifi:fail " + exc.reason, "errno": exc.errno}
        failures = station.failures
        waited = 0
        while station.busy(ssid if key is not None else None, failures) and waited < timeout_ms:
            await asyncio.sleep_ms(50)
            waited += 50
    return {
        "errMsg": "wifi:ok",
        "state": station.state,
        "ssid": station.ssid,
        "reason": station.reason,
        "signalStrength": station.signal_dbm,
        "known": [entry[0] for entry in station.known],
    }


@_remote
async def autostart(appid=None):
    """Which mini-program the kiosk starts by itself ("": none); with an appid, or "", that one from the next start on."""
    from kiosk import startup

    try:
        if appid is not None:
            startup.choose(appid)
    except KioskError as exc:
        return {"errMsg": "autostart:fail " + exc.reason, "errno": exc.errno}
    return {"errMsg": "autostart:ok", "appid": startup.chosen()}


@_remote
async def permission(scope=None, kind=None):
    """What the running mini-program asks for and has been told; with a scope and "allow" or "refuse": answer it so.

    An answer that nobody waits for is kept all the same; "ask" forgets the one that there is.
    """
    from kiosk import permissions

    if app.current is None:
        return {"errMsg": "permission:fail no mini-program runs", "errno": 1001}
    if scope is not None:
        try:
            permissions.check(scope, kind)
        except KioskError as exc:
            return {"errMsg": "permission:fail " + exc.reason, "errno": exc.errno}
        allowed = None if kind == "ask" else kind == "allow"
        waiting = [question for question in permissions.questions if question.scope == scope]
        if waiting and allowed is not None:
            waiting[0].answer(allowed)
        else:
            permissions.remember(app.current, scope, allowed)
    asked = [question.scope for question in permissions.questions]
    return {"errMsg": "permission:ok", "asked": asked, "answers": permissions.answers(app.current)}


@_remote
async def policy(scope=None, kind=None):
    """The kiosk's policies: "allow" and "refuse" decide for every mini-program, "ask" asks; with both, set one for good."""
    from kiosk import permissions

    try:
        if scope is not None:
            permissions.set_policy(scope, kind)
        return {"errMsg": "policy:ok", "policies": permissions.policies()}
    except (KioskError, OSError) as exc:
        error = from_exception(exc)
        return {"errMsg": "policy:fail " + error.reason, "errno": error.errno}


@_remote
async def converter(url=None):
    """Where the service is that makes pictures of documents ("": nowhere); with a URL, or "", there from now on."""
    from kiosk.documents import converter as service

    try:
        if url is not None:
            service.set_address(url)
        return {"errMsg": "converter:ok", "url": service.address()}
    except (KioskError, OSError) as exc:
        error = from_exception(exc)
        return {"errMsg": "converter:fail " + error.reason, "errno": error.errno}


@_remote
async def wait(timeout_ms):
    """The state, once the mini-program has ended or `timeout_ms` have passed."""
    waited = 0
    while app.current and waited < timeout_ms:
        await asyncio.sleep_ms(20)
        waited += 20
    return _state()


def _state():
    gc.collect()
    return {
        "running": app.current.appid if app.current else None,
        "failure": supervisor.failure,
        "heapUsed": gc.mem_alloc(),
        "heapFree": gc.mem_free(),
    }
