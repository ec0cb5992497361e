"""
The mini-program that the kiosk starts by itself, and what keeps one that brings the board down from doing so for ever.

Touches two files: /autostart, the appid, and /autostart.tries, how many starts in a row have not lasted _LASTING_MS.
After _TRIES_MAX of them the board stays idle once, so that its console can be used; the next start tries again.  A try
is on the flash before the mini-program runs, so it counts whatever ends it, a power cut too.
"""

import asyncio
import gc
import os
import sys

import board
from kiosk import app, loader, log, supervisor
from kiosk.errors import KioskError

_TAG = "autostart"
_FILE = "/autostart"
_TRIES_FILE = "/autostart.tries"
_TRIES_MAX = const(3)
_LASTING_MS = const(30000)


def chosen():
    """str: the appid that is started; "" for none."""
    return _read(_FILE)


def choose(appid):
    """Start `appid` (str) from the next start on, or nothing ("").  KioskError for one that is not installed."""
    if appid and ("/" in appid or not _exists(board.apps_folder + "/" + appid + "/app.json")):
        raise KioskError("parameter", "%s is not installed;" % appid)
    _write(_TRIES_FILE, "0")
    _write(_FILE, appid)


def due():
    """str: the appid to launch now, or ""; its try is counted."""
    appid = chosen()
    if not appid:
        return ""
    tries = _tries()
    if tries >= _TRIES_MAX:
        log.error(_TAG, "%s is not started: %d starts in a row did not last %d s", appid, tries, _LASTING_MS // 1000)
        _count(0)
        return ""
    _count(tries + 1)
    return appid


async def begin(services):
    """Start what starts by itself: the mini-program that is due, then the services (coroutine functions).

    In this order, because switching a Wi-Fi chip on may hold the loop for a second.
    """
    appid = due()
    try:
        if appid:
            await start(appid)
        elif _has_display():
            from kiosk import launcher

            launcher.worn_out(chosen()) if chosen() else launcher.home()
    finally:
        for serve in services:
            asyncio.create_task(serve())
        _tidy()


async def start(appid):
    """Launch a mini-program without a host: what keeps it from starting is logged, and shown if there is a display."""
    try:
        await supervisor.launch(appid)
    except Exception as exc:  # noqa: BLE001  a supervisor: whatever keeps it from starting, the kiosk goes on
        log.exception(_TAG, exc)
        if _has_display():
            from kiosk import launcher

            launcher.crashed(getattr(exc, "reason", "") or "%s: %s" % (type(exc).__name__, exc), appid)
    if app.current and appid == chosen():
        asyncio.create_task(_lasted(app.current))


async def rest(program):
    """A mini-program has ended: go back to the launcher, or start again what starts by itself.

    One that was stopped at the console stays stopped.
    """
    try:
        if app.current is None and "kiosk.launcher" not in sys.modules and _has_display():
            from kiosk import launcher

            if supervisor.failure:
                launcher.crashed(supervisor.failure, program.settings.get("name", ""))
            elif program.ends_itself:
                launcher.go_on()
            else:
                launcher.home()
    finally:
        _tidy()


def _has_display():
    return bool(board.display and __import__(board.display).size()[0])


def _tidy():
    # What has done its work goes: this module, or what looking for a display has loaded, too; and the last exception, with all
    # that its frames hold: what fails in an onUnload is told after the end.
    asyncio.core._exc_context["exception"] = asyncio.core._exc_context["future"] = None
    if app.current or "kiosk.launcher" in sys.modules:
        loader.forget(__name__)
    else:
        clean()
    gc.collect()


def clean():
    """Forget every module that came since the kiosk was idle, when no mini-program runs (loader.leave() does it after one)."""
    for name in tuple(sys.modules):
        if name in sys.modules and name not in loader.kept and not name.startswith("kiosk.console"):
            loader.forget(name)


async def _lasted(program):
    await asyncio.sleep_ms(_LASTING_MS)
    if app.current is program:
        _count(0)


def _tries():
    text = _read(_TRIES_FILE)
    return int(text) if text.isdigit() else 0


def _count(tries):
    try:
        _write(_TRIES_FILE, str(tries))
    except OSError as exc:  # a full flash is no reason not to start
        log.warn(_TAG, "%s cannot be written: %s", _TRIES_FILE, exc)


def _read(path):
    try:
        with open(path) as file:
            return file.read(256).strip()
    except (OSError, UnicodeError):
        return ""


def _write(path, text):
    # littlefs has the file as it was until it is closed.
    with open(path, "w") as file:
        file.write(text)


def _exists(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False
