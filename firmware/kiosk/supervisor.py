"""
The one event loop, and who watches over the mini-program in it.

Launching, hiding, stopping; exceptions that a mini-program lets out (logged, then App.onError); promises that nobody
awaits (App.onUnhandledRejection); code that does not give control back (stopped by the guard).  Whatever a mini-program
does, the kiosk goes on and its console answers.
"""

import asyncio
import gc
import io
import sys

import board
from kiosk import api, app, loader, log, page, router, tasks, ui
from kiosk.errors import KioskError

_TAG = "supervisor"
LEAVE = "the kiosk ends"  # as the argument of a SystemExit: run() returns; with another one, it lets that pass
_GUARD_MS = 5000  # a mini-program that keeps the loop from turning for longer is stopped
_FEED_MS = const(1000)
_INTERRUPT_MS = 5000  # after this long in the background, requests are interrupted (wx-rules.md, rule 10)
_DESTROY_MS = 30 * 60 * 1000  # and after this long the mini-program is closed (rule 22)
_SCENE = const(1001)  # WeChat's number for "from the list of those that were used"
_GRACE_MS = const(300)  # what onHide and onUnload started gets this long to finish before it is cancelled

# Why the last mini-program ended: "" while it runs or when it ended by itself, else the reason it had to be stopped.
failure = ""

_background = None  # the task that counts the time in the background


class Stalled(BaseException):
    """The mini-program did not give control back.  A BaseException, so that its own `except Exception` lets it pass."""


_stalled = Stalled("the mini-program did not give control back for %d ms" % _GUARD_MS)


def run(serve_console):
    """Start the kiosk.  Returns when the console (a coroutine function) finds that its line is gone for good."""
    log.out, log.err = board.program_output, board.error_output
    tasks.on_error = handler_failed
    loop = asyncio.get_event_loop()
    loop.set_exception_handler(_task_failed)
    loop.create_task(_feed_guard())
    _begin(loop)
    console = loop.create_task(serve_console())
    while True:
        try:
            return loop.run_until_complete(console)
        except EOFError:
            return None
        except Exception as exc:  # noqa: BLE001  a supervisor: only the console's own faults get here
            log.exception(_TAG, exc)
            console = loop.create_task(serve_console())
        except Stalled as exc:
            stop_stalled(exc)
        except BaseException as exc:  # SystemExit and its like from a mini-program end here
            if LEAVE in exc.args:
                board.guard.disarm()
                if len(exc.args) > 1:
                    raise
                return None  # a port takes a SystemExit that leaves main.py for a soft reset
            handler_failed(exc)


def _begin(loop):
    # Not in run(), which stays and would hold what is needed once.
    services = ()
    if getattr(board, "wlan", None):
        from kiosk.net import wifi

        services = (wifi.keep,)
    loader.remember_idle()
    from kiosk import startup

    loop.create_task(startup.begin(services))


async def _feed_guard():
    while True:
        watch(True)
        await asyncio.sleep_ms(_FEED_MS)


def watch(on):
    """Wind the guard up while a mini-program runs; False pauses it for work of the kiosk itself that may take long."""
    if on and app.current:
        board.guard.arm(_GUARD_MS, _stalled)
    else:
        board.guard.disarm()


async def launch(appid, query="", path=None, url_check=True, allow=None):
    """Start the mini-program in `<apps folder>/<appid>`, closing the one that runs.

    allow: list of the scopes that this run may use, and no others; by default kiosk/permissions.py says.

    Raises manifest.ManifestError for what its JSON files get wrong, KioskError for a first page that cannot be loaded.
    """
    global failure
    await stop()
    failure = ""
    root = board.apps_folder + "/" + appid
    config, settings = _read_manifest(root)
    if not url_check:
        settings["urlCheck"] = False
    settings.pop("allow", None)  # nobody allows himself
    if allow is not None:
        settings["allow"] = allow
    first = path or config.get("entryPagePath") or config["pages"][0]
    if "kiosk.launcher" in sys.modules:
        sys.modules["kiosk.launcher"].leave()
    options = api.Result(path=first, query=router.parse_query(query), scene=_SCENE, referrerInfo={})
    app.current = app.MiniProgram(root, config, settings, options)
    loader.enter(root)
    watch(True)
    try:
        _tend_leftovers()
        _start(first, options)
    except Exception:
        await stop()
        raise
    except BaseException as exc:  # noqa: BLE001  stalled, or SystemExit: for whoever launched, not for the loop
        log.exception("app", exc)
        await stop()
        failure = str(exc)
        raise KioskError("route", failure or type(exc).__name__)


def _read_manifest(root):
    from kiosk import manifest

    try:
        return manifest.load_app(root), manifest.load_settings(root)
    finally:
        loader.forget("kiosk.manifest")  # it has done its work
        gc.collect()  # what the mini-program now loads lies low in the heap, and leaves room in one piece above


def _tend_leftovers():
    from kiosk import leftovers

    leftovers.tend(app.current)
    loader.forget("kiosk.leftovers")


def _start(first, options):
    program = app.current
    try:
        __import__("app")
    except ImportError as exc:
        if "app" in sys.modules or not str(exc).endswith("'app'"):
            raise
    if program.instance is None:
        program.instance = object()
    program.hook("onLaunch", options)
    program.hook("onShow", options)
    router.open_first(first, options.query)


async def stop():
    """Close the mini-program, if one runs: hooks, tasks, services, modules, memory."""
    program = app.current
    if program is None:
        return
    if program.closing:
        while app.current is program and program.closing:
            await asyncio.sleep_ms(10)
        return
    program.closing = True
    try:
        set_visible(False)
        _cancel_background()
        router.close_all()
        await _end_tasks()
    finally:
        program.closing = False  # a hook that stalls ends this attempt; the next one goes on where it ended
    _forget(program)


def _forget(program):
    for close in program.at_close:
        close()
    program.events.clear()
    app.current = None
    loader.leave(program.root)
    asyncio.core._exc_context["exception"] = asyncio.core._exc_context["future"] = None  # asyncio keeps the last one
    watch(False)
    if board.display:
        from kiosk import startup

        asyncio.create_task(startup.rest(program))
    gc.collect()


async def _end_tasks():
    from kiosk import timers

    timers.clear_all()
    await asyncio.sleep_ms(0)  # what has been cancelled unwinds
    waited = 0
    while tasks.running() and waited < _GRACE_MS:
        await asyncio.sleep_ms(10)
        waited += 10
    await tasks.cancel_all()


def request_stop(reason=""):
    """Close the mini-program soon, from anywhere, itself included.  With a reason it counts as stopped for a fault."""
    global failure
    failure = failure or reason
    if app.current:
        app.current.ends_itself = True
    asyncio.create_task(stop())


def set_visible(visible, options=None):
    """Bring the mini-program to the front or put it into the background."""
    global _background
    program = app.current
    if program is None or program.visible == visible:
        return
    program.visible = visible
    if visible:
        _cancel_background()
        program.hook("onShow", options or program.launch_options)
        program.events.emit("AppShow", options or program.launch_options)
        if router.stack:
            ui.screen.opened(router.stack[-1])
            page.hook(router.stack[-1], "onShow")
        return
    if router.stack:
        page.hook(router.stack[-1], "onHide")
    program.hook("onHide")
    program.events.emit("AppHide", api.Result())
    for hide in program.at_hide:
        hide()
    _background = asyncio.create_task(_count_background(program))


def _cancel_background():
    global _background
    if _background:
        _background.cancel()
        _background = None


async def _count_background(program):
    await asyncio.sleep_ms(_INTERRUPT_MS)
    for interrupt in program.at_background:
        interrupt()
    await asyncio.sleep_ms(_DESTROY_MS - _INTERRUPT_MS)
    if app.current is program:
        request_stop()


def handler_failed(exc, quiet=False):
    """An exception that a function of the mini-program let out: to the log, then to App.onError and wx.onError.

    quiet: to the log only, which is where the exceptions of an onError end.
    """
    log.exception("app", exc)
    program = app.current
    if program is None or quiet:
        return
    text = io.StringIO()
    sys.print_exception(exc, text)
    tasks.quiet = True
    try:
        program.hook("onError", text.getvalue())
        program.events.emit("Error", text.getvalue())
    finally:
        tasks.quiet = False


def _task_failed(loop, context):
    exc = context["exception"]
    log.exception("promise", exc)
    program = app.current
    if program:
        event = api.Result(reason=getattr(exc, "result", exc), promise=context["future"])
        program.hook("onUnhandledRejection", event)
        program.events.emit("UnhandledRejection", event)


def stop_stalled(exc):
    """Close a mini-program that did not give control back; `exc` says where."""
    log.exception("app", exc)
    request_stop(str(exc))
