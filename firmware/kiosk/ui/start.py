"""Switching the board's screen on, when the first page that has markup is shown, and off when the mini-program closes."""

import board
from kiosk import app, log, ui
from kiosk.ui import markup

_TAG = "screen"


class _Failed(ui.NoScreen):
    """The screen of a board whose display cannot be used: asked once for each mini-program, not for each page."""

    def opened(self, page):
        """Nothing is shown."""

    def close(self):
        """Nothing was opened."""


def opened(page):
    """A page with markup is shown for the first time on a board that may have a display."""
    if not __import__(board.display).size()[0]:
        markup.forget(page.route)
        return
    screen_on().opened(page)


def screen_on():
    """
    Switch the screen on, if that has not been done for this mini-program, and return what `kiosk.ui.screen` is now.

    It has no `layers` if the board's display cannot be used.
    """
    idle = ui.screen
    if type(idle) is not ui.NoScreen:
        return idle
    try:
        screen = board_screen()
    except (OSError, MemoryError, ImportError) as exc:  # stock MicroPython has no fonts
        log.exception(_TAG, exc)
        log.error(_TAG, "the display cannot be used")
        screen = _Failed()

    def close():
        ui.screen = idle
        screen.close()

    app.current.at_close += (close,)
    ui.screen = screen
    return screen


def board_screen():
    """A BoardScreen of the board's display and touch controller, switched on.  OSError, MemoryError: it cannot be used."""
    from kiosk.ui.boardscreen import BoardScreen

    return BoardScreen(__import__(board.display).display(), _touch())


def _touch():
    if not board.touch:
        return None
    try:
        return __import__(board.touch).touch()
    except OSError as exc:
        log.error(_TAG, "nobody can touch the screen: %s", exc)
        return None
