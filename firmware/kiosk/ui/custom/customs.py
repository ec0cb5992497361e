"""
The custom components of one page: made with their elements, told what happens to them, given back.

What a mini-program wrote is never called while nodes are made or updated, for it may change them again.  What there is to tell
waits until tell(), which pages.View calls between two updates.
"""

from kiosk import log
from kiosk.ui import custom
from kiosk.ui.node import Fragment

_TAG = "component"
_DEEPEST = const(24)  # elements within elements, as the compiler has it for a single file
_MOST_WITHIN = const(8)  # components within components
_SLOT = const(4)  # as in update.py, which this must not import: it is imported from there
_STYLE = const(1)


class Custom:
    """
    A custom component on a page.  node: its element; instance: what its script knows as `self`.

    outer: the context (update.Tree) of the markup that it stands in; inner: that of its own.  slots: [(parent, Fragment,
    templates)] of what its user has put into it.
    """

    slots = ()

    def __init__(self, node, outer, instance, page):
        self.node = node
        self.outer = outer
        self.instance = instance
        self.page = page
        self.inner = (instance._definition.module, instance.data, (), 0, self)

    @property
    def definition(self):
        """The definition.Definition that it is made of."""
        return self.instance._definition

    def exported(self):
        """What selectComponent gives for it."""
        if self.definition.exports and callable(getattr(self.instance, "export", None)):
            return self.instance.export()
        return self.instance

    def classes(self):
        """dict: what its user has given for its external classes, by their names."""
        found = {}
        for name in self.definition.external:
            given = self.node.get(name) or self.node.get(_camel(name))
            if given:
                found[name] = given
        return found

    def tell_model(self, changes):
        """`model:value="{{name}}"`: what setData has changed is in its user's data."""
        handlers = self.node.template[3] if self.node else ()
        for at in range(0, len(handlers), 3):
            if handlers[at]:
                continue
            path, _, name = handlers[at + 2].partition("=")
            if name in changes:
                user = self.node.owner.instance if self.node.owner else self.page
                user.setData({path: self.instance.data[name]})


class Customs:
    """Those of one page; page: the Page, set before tell() is called first."""

    page = None

    def __init__(self, tree):
        self._tree = tree
        self._all = []
        self._new = []
        self._changed = []  # (Custom, changes) of properties
        self._moved = []
        self._gone = []
        self._unready = []

    # While nodes are made and updated.

    def put(self, node, context):
        """Make the component of an element; without it, for a reason that is logged, the element is an empty box."""
        definition = custom.find(node.template[6])
        if definition is None:
            return
        level, within = _level(node), 0
        owner = context[4]
        while owner:
            owner, within = owner.node.owner, within + 1
        if level + definition.module.LEVELS > _DEEPEST or within >= _MOST_WITHIN:
            log.error(_TAG, "%s is not shown: components within components, deeper than %d levels or %d elements",
                      definition.path, _MOST_WITHIN, _DEEPEST)  # fmt: skip
            return
        if not self._tree.has_room():
            log.warn(_TAG, "no memory for %s: it is not shown", definition.path)
            return
        made = Custom(node, context, definition.make(), self.page)
        changes = {}
        static = node.template[1]
        for at in range(0, len(static), 2):
            made.instance._given(static[at], static[at + 1], changes)
        for name, value in (node.values or {}).items():
            made.instance._given(name, value, changes)
        made.instance._custom = made
        definition.count += 1
        node.custom = made
        node.children = node.parts = self._tree.made(definition.module.NODES, made.inner, node)
        self._all.append(made)
        self._new.append((made, changes))

    def fill(self, part, owner, parent):
        """Put into a slot of `owner` (Custom) what its user has for it."""
        part.filled = owner
        inside = owner.node.template[4]
        for at in range(0, len(inside), 3):
            if inside[at] == part.template[1]:
                if _level(parent) + inside[at + 2] > _DEEPEST:
                    log.error(_TAG, "what is in %s is not shown: elements deeper than %d levels",
                              owner.definition.path, _DEEPEST)  # fmt: skip
                    return
                part.groups.append(self._tree.made(inside[at + 1], owner.outer, parent))
                owner.slots += ((parent, part, inside[at + 1]),)

    def revise(self, changed, context, names, paths, met):
        """The attributes `names` of a component have changed, and maybe what its user has put into it."""
        changed.outer = context
        for parent, part, templates in changed.slots:
            self._tree.refill(parent, part.groups[0], templates, context, paths, met)
        changes = {}
        for name in names:
            changed.instance._given(name, changed.node.values[name], changes)
            if name in changed.definition.external:
                self._tree.changed(changed.node, _STYLE)
        if changes:
            self._changed.append((changed, changes))
            self._tree.revise(list(changes), changed)

    def drop(self, groups):
        """Lists of nodes and fragments that are on the page no longer."""
        for part in _within(groups):
            if isinstance(part, Fragment):
                if part.template[0] == _SLOT:
                    part.filled.slots = tuple(one for one in part.filled.slots if one[1] is not part)
            elif part.custom:
                self._gone.append(part.custom)

    def rearranged(self, before, after):
        """The rows of a list are others now, or in another order."""
        places = {id(group): number for number, group in enumerate(before)}
        last = -1
        for group in after:
            place = places.pop(id(group), None)
            if place is None:
                continue
            if place < last:
                self._moved += [
                    part.custom for part in _within([group]) if not isinstance(part, Fragment) and part.custom
                ]
            last = max(last, place)
        self.drop([group for group in before if id(group) in places])

    # Between updates.

    def tell(self):
        """Tell the components what they wait for; False if there was nothing."""
        if not (self._new or self._changed or self._moved or self._gone):
            return False
        gone, self._gone = self._gone, []
        moved, self._moved = self._moved, []
        changed, self._changed = self._changed, []
        new, self._new = [one for one in self._new if one[0] not in gone], []
        for each in gone:
            self._let_go(each)
        for each, _ in new:
            each.page = self.page
            each.instance._lifetime("created")
        for each, changes in new + changed:
            if each.node:
                each.instance._observed(changes)
        if new:
            fresh = [each for each, _ in new]
            for each in self._in_order():
                if each in fresh:
                    each.instance._lifetime("attached")
                    self._unready.append(each)
        for each in moved:
            if each.node:
                each.instance._lifetime("moved")
        return True

    def tell_ready(self):
        """The page is laid out: tell those that have not heard of it; False if there were none."""
        unready, self._unready = self._unready, []
        for each in unready:
            if each.node:
                each.instance._lifetime("ready")
        return bool(unready)

    def tell_all(self, name):
        """Tell all of something that happens to the page, "show" or "hide"."""
        for each in self._in_order():
            each.instance._lifetime("page " + name)

    def close(self):
        """The page is gone, and all of them with it."""
        gone, self._all = self._all, []
        for each in gone:
            self._let_go(each)
        self._new = self._changed = self._moved = self._gone = self._unready = ()
        custom.sweep()

    def _let_go(self, gone):
        if gone.node is None:
            return
        gone.node.custom = None
        gone.node = None
        gone.slots = ()
        gone.definition.count -= 1
        if gone in self._all:
            self._all.remove(gone)
        gone.instance._custom = None
        gone.instance._lifetime("detached")

    def _in_order(self):
        """List of the components as they come in the markup, one before what is in it."""
        found = []
        waiting = [self._tree.root]
        while waiting:
            node = waiting.pop()
            if node.custom:
                found.append(node.custom)
            waiting.extend(reversed(node.children))
        return found


def _level(node):
    level = 0
    while node.parent is not None:
        node, level = node.parent, level + 1
    return level


def _within(groups):
    """List of all nodes and fragments in lists of them."""
    found = []
    waiting = list(groups)
    while waiting:
        for part in waiting.pop():
            found.append(part)
            if isinstance(part, Fragment):
                waiting.extend(part.groups)
            elif part.parts:
                waiting.append(part.parts)
    return found


def _camel(name):
    first, *words = name.split("-")
    return first + "".join([word[:1].upper() + word[1:] for word in words])
