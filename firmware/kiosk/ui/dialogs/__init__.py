"""
What a mini-program and the kiosk ask on the screen: one module for each kind, loaded by the first of its kind.

    choice = await dialogs.answer(Modal(dialogs.screen(), "Really?", ""))

Dialogs belong to the mini-program and not to a page: they stay when pages change, and go when it closes.  toast.py has the one
widget of toasts and loadings; panel.py is what the others have in common: buttons, and a part that scrolls.
"""

import asyncio

import board
from kiosk import app, ui
from kiosk.errors import KioskError

_TEXT_LETTERS = const(1000)  # what comes after these is never read


def screen():
    """The board's screen, switched on.  KioskError: there is none (unsupported), or the mini-program is closing (cancel)."""
    if app.current.closing:
        raise KioskError("cancel")
    if not hasattr(ui.screen, "layers"):
        if not board.display or not __import__(board.display).size()[0]:
            raise KioskError("unsupported", "this board has no screen")
        from kiosk.ui import start

        if not hasattr(start.screen_on(), "layers"):
            raise KioskError("unsupported", "the screen of this board cannot be used")
    return ui.screen


async def answer(panel):
    """Show a Panel until something is chosen, and return that.  It is gone, too, if whoever waits is cancelled."""
    done = asyncio.Event()
    found = []

    def chosen(value):
        found.append(value)
        done.set()

    panel.show(chosen)
    try:
        await done.wait()
    finally:
        panel.close()
    return found[0]


def shortened(text):
    """As much of a text (str) as anybody would read of it; lines are broken in memory."""
    return text if len(text) <= _TEXT_LETTERS else text[:_TEXT_LETTERS] + "…"
