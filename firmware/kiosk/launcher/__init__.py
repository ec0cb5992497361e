"""
What a kiosk with a display shows while no mini-program runs: a list to choose one from, and what has ended the last one.

A layer over no page (kiosk/ui/dialogs/panel.py), not a page: a page has a mini-program around it, whose start, globals and heap the
kiosk would have to undo before the one that was chosen could start.

Nothing of this is loaded while a mini-program runs, nor on a kiosk without a display.  With a mini-program that starts by itself
(startup.py) there is no list, so no finger leads out of it.
"""

import asyncio
import gc

from kiosk import log, startup

_TAG = "launcher"
_READING_MS = const(10000)  # how long the page after a crash is there if nobody taps it
_PAUSE_MS = const(300000)  # the same, when the mini-program has not lasted three times in a row

_screen = None  # a BoardScreen while something is shown
_waiting = None  # the task that goes on by itself


def home():
    """Show the list, if there are several mini-programs to choose from and none starts by itself; else nothing."""
    from kiosk.launcher import shelf

    programs = () if startup.chosen() else shelf.programs()
    if len(programs) < 2 or not _switch_on():
        leave()
        return
    from kiosk.launcher.choice import Choice

    Choice(_screen, programs).show(lambda appid: asyncio.create_task(_chosen(appid)))


def crashed(why, name=""):
    """Show why (str) a mini-program has ended, or did not start; a tap or some seconds later the kiosk goes on."""
    _tell(why, name, _READING_MS)


def worn_out(appid):
    """Show that what starts by itself does not last; after a pause it is tried again."""
    _tell("", appid, _PAUSE_MS)


def leave():
    """Switch the screen off and forget everything: a mini-program starts, or there is nothing to show."""
    global _screen
    _wait_no_longer()
    if _screen:
        _screen.close()
        _screen = None
    startup.clean()
    gc.collect()


def _switch_on():
    global _screen
    if _screen is None:
        from kiosk.ui import start

        try:
            _screen = start.board_screen()
        except (OSError, MemoryError, ImportError) as exc:
            log.exception(_TAG, exc)
    return _screen is not None


def _tell(why, name, patience_ms):
    global _waiting
    if not _switch_on():
        leave()
        return
    from kiosk.launcher.crash import Crash

    page = Crash(_screen, name, why)
    page.show(lambda _: asyncio.create_task(_read()))
    _waiting = asyncio.create_task(_after(patience_ms, page))


def _wait_no_longer():
    global _waiting
    if _waiting:
        _waiting.cancel()
        _waiting = None


async def _after(patience_ms, page):
    global _waiting
    await asyncio.sleep_ms(patience_ms)
    _waiting = None  # it is not to cancel itself
    page.choose(None)


# Tasks of their own: the one that a finger's tap is told in ends with the screen.


async def _chosen(appid):
    if _screen:  # else somebody at the console was faster
        _start(appid)


async def _read():
    _wait_no_longer()
    if _screen:
        go_on()


def go_on():
    """Start again what starts by itself, else show the list."""
    appid = startup.due()
    if appid:
        _start(appid)
    elif startup.chosen():
        worn_out(startup.chosen())
    else:
        home()


def _start(appid):
    leave()
    asyncio.create_task(startup.start(appid))
