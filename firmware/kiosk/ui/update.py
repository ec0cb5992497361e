"""
The nodes of a page: built from its compiled template, and kept up with its data.

What the compiler writes for a page is a module with

    NODES   tuple of templates, the page's own
    TEMPLATES  tuple of such tuples: those that `<template is>` names by number
    READS   tuple of tuples of paths ("list.0.name"); templates refer to one by its number
    value(number, d, v)  evaluates an expression; d is the data, v the tuple of the loops' items and indexes

A template is a str (text), or a tuple:

    (tag, attributes, bindings, handlers, children, reads)  element; its flat tuples: name and value; name, expression
                            and reads; event, kind and function.  reads covers all that is in it
    (tag, attributes, bindings, handlers, slots, reads, path)  custom component (kiosk/ui/custom); slots: name, templates and
                            how many elements are in each other there
    (TEXT, expression, reads)
    (IF, branches, reads)   a branch is (expression or -1, children)
    (FOR, expression, reads, path, item, index, key, children, all reads)
    (CALL, template or choices, expression of the name, expression of the data, reads)
    (SLOT, name, reads)     in a component's markup: the place for what its user has put into it

A page that has custom components has USES = True.  A component's module is the same, and has LEVELS, how many elements are
in each other, and ISOLATION, its styleIsolation.

setData visits only what reads something that has changed: for each change the numbers of the READS that it meets are
put into one int, bit by bit, and a template is passed over if its bit is not set.  Neither building nor updating calls
itself, however deep the markup: a board's stack is small.
"""

from kiosk import log
from kiosk.ui import expression
from kiosk.ui.node import Fragment, Node, Text, flatten

TEXT = const(0)
IF = const(1)
FOR = const(2)
CALL = const(3)
SLOT = const(4)

STYLE = const(1)  # what Tree.changed() is told: how an element looks and where it is
CONTENT = const(2)  # its children or its text
VALUE = const(4)  # another attribute

_ALL = const(-1)  # every bit of READS
_CUSTOM = const(7)  # items of the template of a custom component
_CALLS = const(8)  # templates within templates: a name that is computed may go round in circles
_ASK_EVERY = const(8)  # rows: asking for room takes as long as making some


class Tree:
    """
    A page's nodes.

    module: what the compiler made; data: the page's dict, read at each update and never changed here; changed(node,
    what): told of each node that setData has changed; room(): bool, whether there is memory for another row; component(node): what an
    element does besides being a box, or None.

    customs: kiosk.ui.custom.customs.Customs, None without custom components.

    What a template's expressions see is its context: (module, data, values of the loops around it, how many `<template is>`
    are around it, the custom component that it belongs to, None for the page's own).
    """

    def __init__(self, module, data, changed=None, room=None, component=None):
        self.changed = changed or (lambda node, what: None)
        self.has_room = room or (lambda: True)
        self._component = component or (lambda node: None)
        self._made_rows = 0
        self._work = []  # what is to be updated: the arguments of _update_parts()
        self._new = []  # what has no nodes yet: (parent, parts, templates, context)
        self._mixed = []  # nodes whose fragments have changed: their `children` is None meanwhile
        self.customs = None
        self._context = (module, data, (), 0, None)
        self.root = Node(None, ("page", (), (), (), module.NODES, 0))
        self.root.parts = self.root.children = self.made(module.NODES, self._context, self.root)
        self._finish()

    def update(self, changes, custom=None):
        """The data has changed at `changes`, a list of paths as setData takes them; custom: the component whose data."""
        paths = [path.replace("[", ".").replace("]", "") for path in changes]
        self.revise(paths, custom)
        while self._work:
            self._update_parts(*self._work.pop())
        for node in self._finish():
            self.changed(node, CONTENT)

    def revise(self, paths, custom):
        """Note that the data of the page, or of a custom component that it has, has changed at these paths."""
        node, context = (custom.node, custom.inner) if custom else (self.root, self._context)
        if node is not None:
            module = context[0]
            self._work.append((node, node.parts, module.NODES, context, paths, _met(module, paths)))

    def refill(self, parent, parts, templates, context, paths, met):
        """Bring nodes that made() has made up to date."""
        self._work.append((parent, parts, templates, context, paths, met))

    def close(self):
        """Let go of the nodes."""
        self.root.children = self.root.parts = ()
        self._context = None

    def _value(self, number, context):
        try:
            return context[0].value(number, context[1], context[2])
        except (TypeError, ValueError, ArithmeticError, AttributeError) as exc:
            # A value that is no data, or a number that this build cannot hold: the rest of the page is still shown.
            log.exception("page", exc)
            return expression.undefined

    # Building.

    def made(self, templates, context, parent):
        """A list that will hold the nodes and fragments of `templates` when what is going on ends."""
        parts = []
        self._new.append((parent, parts, templates, context))
        return parts

    def _build(self, floor):
        """Make the nodes of what waits above `floor`."""
        while len(self._new) > floor:
            parent, parts, templates, context = self._new.pop()
            for template in templates:
                parts.append(self._part(template, context, parent))
                if isinstance(parts[-1], Fragment):
                    self._mark(parent)

    def _mark(self, parent):
        if parent.children is not None:
            parent.children = None
            self._mixed.append(parent)

    def _finish(self):
        """Make all that waits; return the nodes whose children are others now."""
        self._build(0)
        mixed, self._mixed = self._mixed, []
        for node in mixed:
            node.children = []
            flatten(node.parts, node.children)
        return mixed

    def _part(self, template, context, parent):
        if isinstance(template, str):
            return Text(parent, template)
        kind = template[0]
        if isinstance(kind, str):
            return self._element(template, context, parent)
        if kind == TEXT:
            return Text(parent, expression.shown(self._value(template[1], context)))
        part = Fragment(template)
        if kind == IF:
            self._choose(part, context, parent)
        elif kind == FOR:
            self._fill(part, context, parent, None, 0)
        elif kind == CALL:
            self._call(part, context, parent)
        else:
            self.customs.fill(part, context[4], parent)
        return part

    def _element(self, template, context, parent):
        node = Node(parent, template)
        if context[4]:
            node.owner = context[4]
        bindings = template[2]
        if bindings:
            node.values = {}
            for at in range(0, len(bindings), 3):
                node.values[bindings[at]] = self._value(bindings[at + 1], context)
        if len(template) == _CUSTOM:
            if self.customs is None:
                from kiosk.ui.custom.customs import Customs

                self.customs = Customs(self)
            self.customs.put(node, context)
            return node
        component = self._component(node)
        if component:
            node.component = component
        if template[4]:
            node.children = node.parts = self.made(template[4], context, node)
        return node

    def _choose(self, part, context, parent):
        """Show the branch of a condition whose turn it is; True if it is another one than before."""
        chosen = -1
        for number, branch in enumerate(part.template[1]):
            if branch[0] < 0 or expression.true(self._value(branch[0], context)):
                chosen = number
                break
        if chosen == part.chosen:
            return False
        self._drop(part.groups)
        part.chosen = chosen
        part.groups = [] if chosen < 0 else [self.made(part.template[1][chosen][1], context, parent)]
        return True

    def _call(self, part, context, parent):
        """Show the template that `is` names; True if it is another one than before."""
        choices, name = part.template[1], part.template[2]
        chosen = choices if name < 0 else _choice(choices, self._value(name, context))
        if chosen == part.chosen:
            return False
        if context[3] >= _CALLS:
            log.warn("page", "templates call each other without end")
            chosen = -1
        self._drop(part.groups)
        part.chosen = chosen
        part.groups = []
        if chosen >= 0:
            inner = self._template_context(part, context)
            part.groups.append(self.made(context[0].TEMPLATES[chosen], inner, parent))
        return True

    def _template_context(self, part, context):
        given = self._value(part.template[3], context) if part.template[3] >= 0 else None
        return (context[0], given if isinstance(given, dict) else {}, (), context[3] + 1, context[4])

    def _drop(self, groups):
        """These are shown no longer."""
        if self.customs:
            self.customs.drop(groups)

    def _fill(self, part, context, parent, paths, met):
        """Bring the rows of a list up to date: kept by their keys, made or dropped; True if one came, went or moved."""
        template = part.template
        rows, indexes = expression.entries(self._value(template[1], context))
        old_groups, old_keys = part.groups, part.keys
        part.groups, part.keys = [], _keys(rows, template[6])
        places = None if not old_keys or old_keys == part.keys else _places(old_keys)
        other = len(rows) != len(old_groups)
        changes = _RowChanges(template, paths, met, context[0]) if old_groups else None
        module, data, loops, calls, owner = context
        for number in range(len(rows)):
            before = number if places is None else places.pop(part.keys[number], -1)
            inner = (module, data, loops + (rows[number], indexes[number]), calls, owner)
            if 0 <= before < len(old_groups):
                part.groups.append(old_groups[before])
                other = other or before != number
                row_paths, row_met = changes.of(number, before)
                if row_met:
                    self._work.append((parent, part.groups[-1], template[7], inner, row_paths, row_met))
                continue
            self._made_rows += 1
            if self._made_rows % _ASK_EVERY == 0 and not self.has_room():
                log.warn("page", "no memory for %d of the %d rows of a list: they are not shown"
                         % (len(rows) - number, len(rows)))  # fmt: skip
                part.keys = part.keys and part.keys[:number]
                other = True
                break
            other = True
            floor = len(self._new)  # at once: what a row takes must be taken when the next one asks for room
            part.groups.append(self.made(template[7], inner, parent))
            self._build(floor)
        if self.customs and other and old_groups:
            self.customs.rearranged(old_groups, part.groups)
        return other

    # Updating.

    def _update_parts(self, parent, parts, templates, context, paths, met):
        for number, template in enumerate(templates):
            if isinstance(template, str):
                continue
            part = parts[number]
            kind = template[0]
            if isinstance(kind, str):
                if met >> template[5] & 1:
                    self._update_element(part, template, context, paths, met)
            elif kind == TEXT:
                if met >> template[2] & 1:
                    text = expression.shown(self._value(template[1], context))
                    if text != part.text:
                        part.text = text
                        self.changed(part, CONTENT)
            elif kind != SLOT and met >> template[-1] & 1:
                self._update_fragment(part, parent, context, paths, met)

    def _update_element(self, node, template, context, paths, met):
        bindings = template[2]
        properties = []
        for at in range(0, len(bindings), 3):
            if met >> bindings[at + 2] & 1:
                name = bindings[at]
                new = self._value(bindings[at + 1], context)
                old = node.values[name]
                # Lists and dicts change in place, so one that is the same may well be another.
                if type(new) is type(old) and new == old and not isinstance(new, (list, dict)):
                    continue
                node.values[name] = new
                properties.append(name)
                self.changed(node, STYLE if name in ("class", "style", "id", "hidden") else VALUE)
        if node.custom:
            self.customs.revise(node.custom, context, properties, paths, met)
        elif template[4] and len(template) != _CUSTOM:
            self._work.append((node, node.parts, template[4], context, paths, met))

    def _update_fragment(self, part, parent, context, paths, met):
        kind = part.template[0]
        if kind == FOR:
            other = self._fill(part, context, parent, paths, met)
        elif kind == IF:
            other = self._choose(part, context, parent)
        else:
            other = self._call(part, context, parent)
        if other:
            self._mark(parent)
        if kind == FOR or other or part.chosen < 0:
            return
        group = part.groups[0]
        if kind == IF:
            children = part.template[1][part.chosen][1]
            self._work.append((parent, group, children, context, paths, met))
        elif met >> part.template[4] & 1:
            # A template sees nothing but the data it is given, of which any part may be new.
            inner = self._template_context(part, context)
            self._work.append((parent, group, inner[0].TEMPLATES[part.chosen], inner, list(inner[1]), _ALL))


class _RowChanges:
    """Which of the changed paths concern a row of a list, the row itself under the name that the loop gives it."""

    def __init__(self, template, paths, met, module):
        _, _, reads, self._path, self._item, self._index = template[:6]
        self._outer = [path for path in paths if path.split(".")[0] not in (self._item, self._index)]
        self._outer_met = met if len(self._outer) == len(paths) else _met(module, self._outer)
        self._module = module
        self._rows = {}  # number of a row, as text -> the paths in it
        whole = met >> reads & 1
        if whole and self._path and not any(_covers(path, self._path) for path in paths):
            for path in paths:
                if _covers(self._path, path):
                    row, dot, rest = path[len(self._path) + 1 :].partition(".")
                    self._rows.setdefault(row, []).append(self._item + dot + rest)
            whole = 0
        self._whole = self._with([self._item]) if whole else None

    def _with(self, more):
        return self._outer + more, _met(self._module, self._outer + more)

    def of(self, number, before):
        """(paths, bits of READS) for the row that was `before` and is `number` now."""
        if before != number:
            return self._with([self._item, self._index])
        if self._whole:
            return self._whole
        own = self._rows.get(str(number)) if self._rows else None
        return self._with(own) if own else (self._outer, self._outer_met)


def _met(module, paths):
    """int: the numbers of the READS that one of the paths is part of, or the other way round, as bits."""
    bits = 0
    if paths:
        for number, reads in enumerate(module.READS):
            if _meet(reads, paths):
                bits |= 1 << number
    return bits


def _covers(path, other):
    """Whether `path` is `other`, or what that is a part of."""
    return other.startswith(path) and (len(other) == len(path) or other[len(path)] == ".")


def _meet(reads, paths):
    for read in reads:
        for path in paths:
            if _covers(path, read) or _covers(read, path):
                return True
    return False


def _keys(rows, key):
    """list of what tells the rows apart (`wx:key`), or None."""
    if not key:
        return None
    keys = [row if key == "*this" else expression.member(row, key) for row in rows]
    return [each if isinstance(each, (int, str)) else expression.string(each) for each in keys]


def _places(keys):
    """dict: key -> where it comes first."""
    places = {}
    for number, key in enumerate(keys):
        places.setdefault(key, number)
    return places


def _choice(choices, name):
    """The number of the template with a name, -1 for none."""
    for at in range(0, len(choices), 2):
        if choices[at] == name:
            return choices[at + 1]
    log.warn("page", "no template %s" % name)
    return -1
