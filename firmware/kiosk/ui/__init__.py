"""
What pages tell the screen.  A screen has opened(page), changed(page, changes) and closed(page).

`screen` is the one in use: a NoScreen until the first page with markup is shown on a board with a display, and again
when the mini-program has closed.  On a board without a display it stays, and pages run as they do on one with.
"""


class NoScreen:
    """Nothing is shown, nothing is held."""

    def opened(self, page):
        """`page` is the visible one now."""
        import board

        if board.display:
            try:
                __import__(page.route.replace("/", ".") + "_wxml")  # what markup.of() does: nothing is held without it
            except ImportError:
                return
            from kiosk.ui import start

            start.opened(page)

    def changed(self, page, changes):
        """setData has changed these paths (dict path -> value) of `page`."""

    def closed(self, page):
        """`page` is gone for good."""


screen = NoScreen()
