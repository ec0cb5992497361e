"""
What a page is made of on the device.

Bytes on a 32-bit build, held to by tests/unit/test_node.py: an element takes 80, 128 with children and their list, and
a text 64 and its characters, 80 if it is on several lines.  What never changes stays in the page's compiled module, once
for all rows of a list.
"""


class Node:
    """
    An element.

    parent: Node, or None for the page.  children: list of Node and Text, in the order of the markup.
    template: the tuple that the compiler made; values: dict of the attributes that have `{{ }}`, as last evaluated.
    parts: children with the fragments that `wx:if`, `wx:for` and templates make; the same list where there are none.
    style: style.Style, None until it is asked for.
    x, y, w, h: the border box in 1/64 px, x and y from the border box of `parent` (from the page for `position: fixed`);
    w is -1 for what is not displayed.
    scroll: (left, top) in px as last scrolled to, or None.  active: bool, whether a finger is on it (`:active`).
    component: what it does besides being a box (components/component.py), or None.
    own: (lengths, others) that hold for this one element above all style sheets, as declarations.py has them, or None.
    transform: what its style or an animation makes of it, six floats (a, b, c, d, e, f) about the middle of its box, or None.
    custom: the custom component that it is, or None; owner: the one whose markup it stands in, None for the page's own.
    """

    # What most nodes never set costs them nothing here.
    children = parts = ()
    values = style = scroll = component = own = transform = custom = owner = None
    active = is_text = False

    def __init__(self, parent, template):
        self.parent = parent
        self.template = template
        self.x = self.y = self.h = 0
        self.w = -1

    @property
    def tag(self):
        """str: what kind of element it is."""
        return self.template[0]

    def get(self, name, default=None):
        """The value of an attribute."""
        if self.values and name in self.values:
            return self.values[name]
        static = self.template[1]
        for at in range(0, len(static), 2):
            if static[at] == name:
                return static[at + 1]
        return default


class Text:
    """
    A run of text in an element.

    text: str, white space as it is shown.  x, y, w, h as in Node.  lines: None, or a tuple with five ints for each line
    of a text that does not fit on one: first and last character (exclusive), x, y, w.
    """

    tag = "#text"
    is_text = True  # quicker than to ask for the tag
    children = parts = ()
    lines = style = scroll = component = transform = custom = None

    def __init__(self, parent, text):
        self.parent = parent
        self.text = text
        self.x = self.y = self.h = 0
        self.w = -1


class Fragment:
    """
    What one `wx:if`, `wx:for` or `<template is>` shows at the moment: groups, a list of lists of Node, Text and Fragment.

    chosen: which branch of a condition or which template, -1 for none; keys: those of a list's rows, or None.  A slot's groups
    are those of its user's, and its `filled` the component that it belongs to.
    """

    def __init__(self, template):
        self.template = template
        self.groups = []
        self.chosen = -1
        self.keys = None


def flatten(parts, found):
    """Append to `found` the nodes of `parts`, those in fragments included."""
    for part in parts:
        if isinstance(part, Fragment):
            for group in part.groups:
                flatten(group, found)
        else:
            found.append(part)


def position(node):
    """(x, y) of a node on the page in 1/64 px, what its ancestors have scrolled taken off."""
    x, y = node.x, node.y
    if node.transform:
        x, y = x + int(node.transform[4] * 64), y + int(node.transform[5] * 64)
    while node.parent is not None and not (node.style and node.style.values.get("position") == "fixed"):
        node = node.parent
        x += node.x
        y += node.y
        if node.transform:
            x, y = x + int(node.transform[4] * 64), y + int(node.transform[5] * 64)
        if node.scroll:
            x -= node.scroll[0] << 6
            y -= node.scroll[1] << 6
    return x, y


def pixels(node):
    """(left, top, width, height) of a node on the page in whole px, each edge rounded as browsers do."""
    x, y = position(node)
    left, top = (x + 32) >> 6, (y + 32) >> 6
    return left, top, ((x + max(node.w, 0) + 32) >> 6) - left, ((y + node.h + 32) >> 6) - top
