"""
What pages tell the screen.  A screen has opened(page), changed(page, changes) and closed(page).

`screen` is the one in use.  On a board without a display it is a NoScreen, and pages run as they do on one with.
"""


class NoScreen:
    """The screen of a board without a display: nothing is shown, nothing is held."""

    def opened(self, page):
        """`page` is the visible one now."""

    def changed(self, page, changes):
        """setData has changed these paths (dict path -> value) of `page`."""

    def closed(self, page):
        """`page` is gone for good."""


screen = NoScreen()
