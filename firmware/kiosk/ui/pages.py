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
        self._waiting = []  # (paths, custom component or None): what setData has changed
        self._is_updating = False
        self._is_ready = False  # whether the page has been told that it is
        self._components = []
        self._animated = {}  # id of a node -> Animating
        self.page = page
        self.screen = screen
        self.repaint = screen.repaint
        self.top, self.height = screen.window(page)
        self._sheet = _sheet(module, rules, screen.width, self.height)
        self.layout = Layout(self._sheet, screen.measure, screen.line)
        self.tree = None

    def build(self):
        """Make the nodes and lay them out; what components do on the way may call setData."""
        self.tree = Tree(self._module, self.page.data, self._changed, has_room, self.component)
        self._is_updating = True
        self._keep_up()

    def update(self, changes, custom=None):
        """setData has changed these paths of the page's data, or of a custom component's."""
        self._waiting.append((changes, custom))
        if not self._is_updating:
            self._is_updating = True
            self._keep_up()

    def happened(self, name):
        """The page is told of "onShow", "onHide" or "onReady"."""
        customs = self.tree.customs
        if name == "onReady" and not self._is_ready:
            self._is_ready = True
            if customs and customs.tell_ready():
                self.update(())
        elif customs and name in ("onShow", "onHide"):
            customs.tell_all(name[2:].lower())

    def _keep_up(self):
        """Show what waits, let the custom components do what they do about it, and so on."""
        try:
            while self.tree:
                customs = self.tree.customs
                if customs:
                    customs.page = self.page
                if self._waiting:
                    self.tree.update(*self._waiting.pop(0))
                elif not (customs and customs.tell()):
                    self._show()
                    if not (customs and self._is_ready and customs.tell_ready()) and not self._waiting:
                        return
        finally:
            self._is_updating = False

    def _show(self):
        """Lay out and paint what the updates have changed."""
        marks, self._marks = self._marks, []
        if self.tree.root.style is None:
            self.layout.page(self.tree.root)
            return
        if len(marks) > _FEW:
            for node, what in marks:
                if what == STYLE:
                    _restyle(node, self._sheet)
            self.layout.page(self.tree.root)
            self.repaint([self.tree.root])
        elif marks:
            self.repaint([self._place(node, what) for node, what in marks])
        if self.tree.root.scroll:
            self.screen.keep_in(self)
        for node, what in marks:
            if what == VALUE and self.tree:  # a component may have told a handler that has closed the page
                self._tell(node)
        if (self._components or self._animated) and self.tree and any(what == CONTENT for _, what in marks):
            self.let_go()

    def fit(self):
        """The part of the screen that is the page's may be another: lay out for it."""
        top, height = self.screen.window(self.page)
        if (top, height) == (self.top, self.height):
            return
        self.top, self.height = top, height
        self._sheet.height = height
        _restyle(self.tree.root, self._sheet)
        self.layout.page(self.tree.root)
        self.repaint([self.tree.root])

    @property
    def is_transformed(self):
        """bool: whether an element may have a transform."""
        return self._sheet.transforms or bool(self._animated)

    def transform(self, node):
        """Have the transforms of a node and all in it as their styles say; they have been laid out."""
        if self._sheet.transforms:
            from kiosk.ui.transformed import styles

            styles.apply(node, self._sheet, self._moves)

    def functions(self, node):
        """List of (type, numbers): the transform that the style of a node says (kiosk/ui/transform.py)."""
        if not self._sheet.transforms:
            return []
        from kiosk.ui.transformed import styles

        return styles.functions(node, self._sheet)

    def _moves(self, node):
        return id(node) in self._animated and self._animated[id(node)].moves

    def measure_anew(self):
        """The fonts are others: lay out everything."""
        waiting = [self.tree.root]
        while waiting:
            node = waiting.pop()
            if node.style is not None:
                node.style.look = None
            waiting.extend(node.children)
        self.layout.page(self.tree.root)

    def moved(self, node):
        """A component asks for another size, or another element in `node` does: lay out and paint what that moves."""
        self.repaint([self.layout.again(node)])

    def restyled(self, node):
        """`own` of a node is another: lay out and paint what that changes."""
        self.repaint([self._place(node, STYLE)])

    def hidden(self):
        """Another page is shown."""
        for component in self._components or ():
            component.hidden()

    def component(self, node):
        """The component of a node that has been made, or None."""
        component = components.made(node, self)
        if component:
            self._components.append(component)
        if node.values and node.values.get("animation"):
            self._animate(node)
        return component

    def _tell(self, node):
        if node.component:
            node.component.changed()
        if node.values.get("animation"):
            self._animate(node)

    def _animate(self, node):
        if id(node) not in self._animated:
            from kiosk.ui.animating import Animating

            self._animated[id(node)] = Animating(node, self)
        self._animated[id(node)].changed()

    def let_go(self):
        """Close the components of nodes that are on the page no longer."""
        gone = [each for each in self._components if not _is_in(each.node, self.tree.root)]
        for each in gone:
            self._components.remove(each)
        for key in [key for key, each in self._animated.items() if not _is_in(each.node, self.tree.root)]:
            gone.append(self._animated.pop(key))
        for each in gone:
            each.close()

    def touch(self, node, on):
        """A finger is on `node`, or no more: show its `:active` and its hover-class, and those of what it is in."""
        found = None
        while node is not None:
            if node.tag in ("button", "navigator") or node.get("hover-class") or self._sheet.is_touchable(node):
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
        for each in self._components + list(self._animated.values()):
            each.close()
        customs = None
        if self.tree:
            customs = self.tree.customs
            self.tree.close()
        self._waiting = []
        self.tree = self.layout = self._sheet = self._module = self._components = self._animated = None
        if customs:
            customs.close()


class Pages:
    """
    The screen: width and height in px; measure and line as in layout.Layout; repaint(nodes) shows what has changed.

    views: dict of page -> View, for open pages that have markup; shown: (page, View) of what is seen, or None; focused: the
    component that has the keyboard or a picker open, or None; it has leave(), elsewhere(node) for a tap on a node of the
    page, and close().
    """

    shown = focused = None
    is_painting = False

    def __init__(self, width, height, measure, line=plain_line, repaint=None):
        self.width, self.height = width, height
        self.measure, self.line = measure, line
        self.repaint = repaint or (lambda nodes: None)
        self.views = {}
        self._app_rules = None  # of app.wxss, once they have been looked for

    def window(self, page):
        """(top, height) in px: the part of the screen that is the page's."""
        return 0, self.height

    def keep_in(self, view):
        """A page that is scrolled may have become shorter."""

    def opened(self, page):
        """`page` is the visible one now."""
        if page not in self.views:
            module = markup.of(page.route)
            if module is None:
                return
            if self._app_rules is None:
                self._app_rules = markup.app_rules()
            self.views[page] = View(page, module, (self._app_rules, module.RULES), self)
            try:
                self.views[page].build()
            except (MemoryError, RuntimeError) as exc:
                log.exception(_TAG, exc)
                log.error(_TAG, "%s cannot be shown", page.route)
                self._forget(page)
                return
        self.repaint([self.views[page].tree.root])

    def happened(self, page, name):
        """`page` is told of something, "onShow" for example."""
        view = self.views.get(page)
        if view and view.tree:
            view.happened(name)

    def changed(self, page, changes, custom=None):
        """setData has changed these paths (dict path -> value) of `page`, or of a custom component on it."""
        view = self.views.get(page)
        if view:
            try:
                view.update(list(changes), custom)
            except (MemoryError, RuntimeError) as exc:
                self._cannot_show(page, exc)

    def transformed(self, view, node, matrix):
        """A node gets another transform."""
        node.transform = matrix

    def measure_anew(self):
        """The fonts are others: lay out all pages."""
        for page in list(self.views):
            try:
                self.views[page].measure_anew()
            except (MemoryError, RuntimeError) as exc:
                self._cannot_show(page, exc)

    def _cannot_show(self, page, exc):
        """It is too large or too deep: the page goes on without being shown."""
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
            markup.forget(page.route)
        gc.collect()


def _sheet(module, rules, width, height):
    if not getattr(module, "USES", False):
        return Sheet(rules, width, height)
    from kiosk.ui.custom.sheet import ScopedSheet

    return ScopedSheet(rules, width, height)


def _is_in(node, root):
    """Whether a node is on the page yet.  Without a list of all that is: it would be large where nodes are many."""
    while node.parent is not None:
        if node not in node.parent.children:
            return False
        node = node.parent
    return node is root


def has_room():
    """bool: whether there is memory for more of a page."""
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
