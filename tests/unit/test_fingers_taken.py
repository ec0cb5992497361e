"""Fingers that are not the page's: those of what lies over it, and those that components take."""

import asyncio

from kiosk.ui.components.component import Base
from kiosk.ui.layers import DIALOG
from tests.unit.test_fingers import handlers, touched


class Layer:
    """One that keeps what fingers do on it."""

    is_modal = False
    box = (0, 10, 60, 30)

    def __init__(self):
        self.heard = []

    def draw(self, surface):
        surface.fill_rect(*self.box, 0x0000FF)

    def touched(self, phase, x, y):
        self.heard.append((phase, x, y))


class Dial(Base):
    """A component that takes what moves sideways."""

    def __init__(self, node, view):
        super().__init__(node, view)
        self.heard = []

    def drags(self, is_down, x, y):
        self.heard.append(("drags", is_down, x, y))
        return not is_down

    def dragged(self, x, y):
        self.heard.append((x, y))

    def dropped(self, x, y):
        self.heard.append(("dropped", x, y))

    def tapped(self, x, y):
        self.heard.append(("tapped", x, y))
        return True


async def _with_layer():
    page, fingers, _, screen = await touched(handlers())
    layer = Layer()
    screen.layers.put(layer, DIALOG)
    return page, fingers, screen, layer


async def test_a_layer_has_its_fingers_to_itself():
    page, fingers, screen, layer = await _with_layer()
    fingers.see([(0, 5, 15)])
    fingers.see([(0, 5, 15)])
    fingers.see([(0, 5, 2)])  # outside by now, and still the layer's
    fingers.see([])
    assert layer.heard == [("start", 5, 15), ("move", 5, 2), ("end", 5, 2)]
    assert page.names() == []
    fingers.see([(0, 5, 2)])
    fingers.see([])
    assert page.names() == ["touchstart", "touchend", "tap"] and len(layer.heard) == 3


async def test_a_layer_that_is_taken_away_under_a_finger_hears_of_its_end():
    page, fingers, screen, layer = await _with_layer()
    fingers.see([(0, 5, 15)])
    screen.layers.take(layer)
    fingers.see([(0, 6, 15)])
    fingers.see([(0, 6, 16)])
    fingers.see([])
    assert layer.heard == [("start", 5, 15), ("cancel", 5, 15)]
    assert page.names() == []


async def test_what_a_layer_covers_is_painted_again_when_it_goes():
    _, _, display, screen = await touched(handlers())
    layer = Layer()
    screen.layers.put(layer, DIALOG)
    await asyncio.sleep_ms(2)
    assert (display.pixel(5, 9), display.pixel(5, 10)) == (0xF800, 0x001F)
    screen.layers.take(layer)
    await asyncio.sleep_ms(2)
    assert display.pixel(5, 10) == 0xF800


async def test_a_component_takes_the_finger_that_moves_its_way():
    page, fingers, _, screen = await touched(handlers())
    view = screen.shown[1]
    box = view.tree.root.children[0]
    dial = box.component = Dial(box, view)
    fingers.see([(0, 5, 5)])
    fingers.see([(0, 9, 5)])  # not far enough to be sure
    assert dial.heard == []
    fingers.see([(0, 25, 6)])
    fingers.see([(0, 27, 30)])
    fingers.see([])
    assert dial.heard == [("drags", False, 5, 5), (25, 6), (27, 30), ("dropped", 27, 30)]
    assert page.names() == ["touchstart", "touchmove", "touchmove", "touchmove", "touchend"]
    dial.heard.clear()
    fingers.see([(0, 5, 5)])
    fingers.see([(0, 5, 30)])
    fingers.see([])
    assert dial.heard == [("drags", True, 5, 5)]


async def test_a_component_is_tapped_after_the_page_has_heard_of_it():
    page, fingers, _, screen = await touched(handlers())
    view = screen.shown[1]
    box = view.tree.root.children[0]
    dial = box.component = Dial(box, view)
    order = []
    page.heard = lambda event: order.append(event.type)
    dial.tapped = lambda x, y: order.append((x, y))
    fingers.see([(0, 5, 5)])
    fingers.see([])
    assert order == ["touchstart", "touchend", "tap", (5, 5)]
