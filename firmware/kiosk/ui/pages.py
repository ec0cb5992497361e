"""
The pages on the screen: what `kiosk.ui.screen` is on a board with a display.

    ui.screen = Pages(320, 240, measure, line, repaint)

A page has a view while it is open, if it has markup.  Nothing of this is loaded on a board that shows nothing.
"""

import gc

from kiosk import log
from kiosk.ui import components, markup
from kiosk.ui.layout import Layout, plain_line
from kiosk.ui.style import Sheet
from kiosk.ui.update import CONTENT, STYLE, VALUE, Tree

_TAG = "screen"
# Rows of a list are made as long as this much is left for laying them out, and for the mini-program to go on.
_RESERVE_BYTES = 48 * 1024
_PAINTED = (
    "color", "background-color", "background-image", "opacity", "border-top-color", "border-right-color", "border-bottom-color",
    "border-left-color", "visibility", "z-index", "text-decoration", "pointer-events", "border-top-left-radius",
    "border-top-right-radius", "border-bottom-right-radius", "border-bottom-left-radius",
    " font", " borders", " edges", " margins", " item",  # made of others (boxes.py)
)  # fmt: skip
_FEW = const(4)  # changes that are laid out one by one; for more of them the page is laid out at once


class View:
    """
    One page as it is shown.

    page: the Page; tree: its nodes; layout: where they are; top, height: of the part of the screen that is the page's, in
    px; repaint(nodes): these nodes have to be painted again, with all that is in them; screen: the Pages it belongs to.
    """

    def __init__(self, page, module, rules, screen):
        self._module = module
        self._marks = []
        self._components = []
        self.page = page
        self.screen = screen
        self.repaint = screen.repaint
        self.top, self.height = screen.window(page)
        self._sheet = Sheet(rules, screen.width, self.height)
        self.layout = Layout(self._sheet, screen.measure, screen.line)
        self.tree = Tree(module, page.data, self._changed, _has_room, self._component)
        self.layout.page(self.tree.root)

    def update(self, changes):
        """setData has changed these paths."""
        self._marks = []
        self.tree.update(changes)
        marks, self._marks = self._marks, []
        if len(marks) > _FEW:
            for node, what in marks:
                if what == STYLE:
                    _restyle(node, self._sheet)
            self.layout.page(self.tree.root)
            self.repaint([self.tree.root])
        elif marks:
            self.repaint([self._place(node, what) for node, what in marks])
        if self._components:
            for node, what in marks:
                if node.component and what == VALUE:
                    node.component.changed()
            if any(what == CONTENT for _, what in marks):
                self._let_go()

    def moved(self, node):
        """A component asks for another size, or another element in `node` does: lay out and paint what that moves."""
        self.repaint([self.layout.again(node)])

    def _component(self, node):
        component = components.made(node, self)
        if component:
            self._components.append(component)
        return component

    def _let_go(self):
        """Close the components of nodes that are on the page no longer."""
        here = []
        waiting = [self.tree.root]
        while waiting:
            node = waiting.pop()
            waiting.extend(node.children)
            if node.component:
                here.append(node.component)
        gone = [component for component in self._components if component not in here]
        self._components = here
        for component in gone:
            component.close()

    def touch(self, node, on):
        """A finger is on `node`, or no more: show its `:active` and its hover-class, and those of what it is in."""
        found = None
        while node is not None:
            if node.tag == "button" or node.get("hover-class") or self._sheet.is_touchable(node):
                node.active = on
                found = node
            node = node.parent
        if found is not None:
            self.repaint([self._place(found, STYLE)])

    def _place(self, node, what):
        """Lay out what a change has moved; the node whose inside is to be painted."""
        if what == STYLE and _restyle(node, self._sheet):
            return self.layout.again(node.parent or node)
        return self.layout.again(node) if what == CONTENT else node

    def _changed(self, node, what):
        self._marks.append((node, what))

    def close(self):
        """Let go of everything."""
        for component in self._components:
            component.close()
        self.tree.close()
        self.tree = self.layout = self._sheet = self._module = self._components = None


class Pages:
    """
    The screen: width and height in px; measure and line as in layout.Layout; repaint(nodes) shows what has changed.

    views: dict of page -> View, for open pages that have markup.
    """

    def __init__(self, width, height, measure, line=plain_line, repaint=None):
        self.width, self.height = width, height
        self.measure, self.line = measure, line
        self.repaint = repaint or (lambda nodes: None)
        self.views = {}
        self._app_rules = None  # of app.wxss, once they have been looked for

    def window(self, page):
        """(top, height) in px: the part of the screen that is the page's."""
        return 0, self.height

    def opened(self, page):
        """`page` is the visible one now."""
        if page not in self.views:
            view = self._view(page)
            if view is None:
                return
            self.views[page] = view
        self.repaint([self.views[page].tree.root])

    def changed(self, page, changes):
        """setData has changed these paths (dict path -> value) of `page`."""
        view = self.views.get(page)
        if view:
            try:
                view.update(list(changes))
            except (MemoryError, RuntimeError) as exc:  # too large or too deep: the page goes on without being shown
                log.exception(_TAG, exc)
                log.error(_TAG, "%s cannot be shown any longer", page.route)
                self._forget(page)

    def closed(self, page):
        """`page` is gone for good."""
        if page in self.views:
            self._forget(page)

    def _forget(self, page):
        self.views.pop(page).close()
        if not any(each.route == page.route for each in self.views):
            markup.forget(page)
        gc.collect()

    def _view(self, page):
        module = markup.of(page)
        if module is None:
            return None
        try:
            if self._app_rules is None:
                self._app_rules = markup.app_rules()
            return View(page, module, (self._app_rules, module.RULES), self)
        except (MemoryError, RuntimeError) as exc:
            log.exception(_TAG, exc)
            log.error(_TAG, "%s cannot be shown", page.route)
            gc.collect()
            return None


def _has_room():
    if gc.mem_free() < _RESERVE_BYTES:
        gc.collect()
        return gc.mem_free() >= _RESERVE_BYTES
    return True


def _restyle(node, sheet):
    """Give a node and all in it the styles that they have now; whether that may move anything."""
    if node.parent is not None and node.parent.style is None:
        return False  # in something that has not been displayed yet
    moves = False
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if not node.is_text:
            old, node.style = node.style, None
            moves = moves or old is None or _moves(old.values, sheet.of(node).values)
            sheet.of(node)
            waiting.extend(node.children)
    return moves


def _moves(old, new):
    """Whether two styles differ in more than what is only painted."""
    for values, other in ((old, new), (new, old)):
        for name, value in values.items():
            if name not in _PAINTED and other.get(name) != value:
                return True
    return False
