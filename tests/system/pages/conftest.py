"""Fixtures for pages on a screen that nobody paints: 320x240, characters 8 px wide and 16 px high."""

import json

import pytest

_SCREEN = """
from kiosk import ui
from kiosk.ui.pages import Pages
ui.screen = Pages(320, 240, lambda text, font: len(text) * 8, lambda font: (12, 4))
"""
_BOXES = """
import json
from kiosk import ui, router
from kiosk.ui import node
def boxes(each):
    inside = [boxes(child) for child in each.children if child.w >= 0]
    return [getattr(each, "text", None) or each.tag, list(node.pixels(each)), inside]
print(json.dumps(boxes(ui.screen.views[router.stack[-1]].tree.root)))
"""


class Screen:
    """A kiosk with a screen; boxes() is what its top page shows: [tag or text, [x, y, width, height], children]."""

    def __init__(self, kiosk):
        self._kiosk = kiosk
        kiosk.exec(_SCREEN)

    def __getattr__(self, name):
        return getattr(self._kiosk, name)

    def boxes(self):
        return json.loads(self.exec(_BOXES, timeout_s=60))

    def set_data(self, data):
        """setData on the top page."""
        self.exec(f"from kiosk import router\nrouter.stack[-1].setData({data!r})", timeout_s=60)


@pytest.fixture
def screen(kiosk):
    """A kiosk with a screen."""
    return Screen(kiosk)


@pytest.fixture
def small_screen(make_kiosk):
    """The same with a board's heap, where objects have a board's sizes."""
    return Screen(make_kiosk(heap=190 * 1024))
