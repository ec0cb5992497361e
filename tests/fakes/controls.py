"""A page of controls on a display that keeps its picture, for MicroPython: what its functions hear, and fingers."""

import asyncio
import gc
import sys

sys.path.insert(0, "drivers")

from display.fake import Display
from touch.fake import Touch

from kiosk import page as pages
from kiosk import ui
from kiosk.ui import expression
from kiosk.ui.boardscreen import BoardScreen
from kiosk.ui.node import pixels


class Blind(Display):
    """Keeps no picture: a board's heap has no room for that of a whole screen."""

    def __init__(self, width, height):
        super().__init__(1, 1)
        self.width, self.height = width, height

    def _go_out(self):
        self._under_way = None


class Any(pages.BasePage):
    """Keeps what it hears: (type, detail)."""

    def heard(self, event):
        """Any event."""
        self.events.append((event.type, event.detail))
        return self.answer


def element(tag, attributes=(), *children, hears="", bound=()):
    """What the compiler makes of an element; bound: names of attributes whose value is the data of the same number, "v0" and so on."""
    handlers = []
    for name in hears.split():
        handlers += [name, 0, "heard"]
    bindings = []
    for name, number in bound:
        bindings += [name, number, number]
    flat = []
    for name, value in attributes.items() if attributes else ():
        flat += [name, value]
    return (tag, tuple(flat), tuple(bindings), tuple(handlers), children, 4)


def _failed(loop, context):
    raise context["exception"]


class Stage:
    """screen, page, display; find(id) is a component.  sees: the size of a display that keeps its picture."""

    def __init__(self, nodes, rules=(), size=(320, 240), sees=None, **data):
        class Module:
            NODES = tuple(nodes)
            TEMPLATES = ()
            READS = (("v0",), ("v1",), ("v2",), ("v3",), ("v0", "v1", "v2", "v3"))
            RULES = tuple(rules)

            @staticmethod
            def value(number, d, v):
                return expression.member(d, "v%d" % number)

        sys.modules["index_wxml"] = Module
        gc.collect()  # the one before
        asyncio.get_event_loop().set_exception_handler(_failed)  # what cannot be painted fails the test
        self.display = Display(*sees) if sees else Blind(*size)
        ui.screen = self.screen = BoardScreen(self.display, Touch())
        self.screen._fingers.watching.cancel()  # the test says itself what the fingers do
        self.page = self.new_page()
        self.page.data = data
        self.screen.opened(self.page)
        self.view = self.screen.views[self.page]

    def new_page(self):
        """A page of the same markup."""
        page = pages.create(Any, "index", {}, None)
        page.events, page.answer = [], None
        return page

    def find(self, name):
        """The component of the element with this id."""
        waiting = [self.view.tree.root]
        while waiting:
            node = waiting.pop()
            if node.tag != "#text" and node.get("id") == name:
                return node.component or node
            waiting.extend(node.children)
        raise KeyError(name)

    def place(self, name, part=0.5):
        """(x, y) on the screen: the middle of an element, or so far to the right in it."""
        found = self.find(name)
        left, top, width, height = pixels(getattr(found, "node", found))
        return left + int(width * part), self.view.top + top + height // 2

    def tap(self, *place):
        """A finger comes and goes."""
        self.screen._fingers.see([(0,) + place])
        self.screen._fingers.see([])

    def drag(self, *places):
        """A finger goes from one place to the next."""
        for place in places:
            self.screen._fingers.see([(0,) + place])
        self.screen._fingers.see([])

    def told(self):
        """What the page has heard since it was asked last."""
        events = self.page.events[:]
        self.page.events.clear()
        return events

    async def windows(self):
        """What is painted until the loop has turned: the windows since it was asked last."""
        await asyncio.sleep_ms(2)
        found = self.display.windows[:]
        self.display.windows.clear()
        return found
