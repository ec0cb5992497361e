"""From `transform` and `transform-origin` in a style to what an element's `transform` is, when layout has given it its size."""

import gc
from array import array

from kiosk.ui import declarations, transform
from kiosk.ui.transformed import about_middle, notation

_STILL = (1, 0, 0, 1, 0, 0)


def apply(root, sheet, is_animated) -> None:
    """Set `transform` of all that is in a node, and of itself.  is_animated(node): whether an animation says what it is."""
    waiting = [root]
    found = []
    while waiting:
        node = waiting.pop()
        if node.is_text or node.w < 0:
            continue
        if node.style is not None and (node.transform or "transform" in node.style.values) and not is_animated(node):
            found.append(node)
            if node.transform is None:
                gc.collect()  # what stays lies low
                node.transform = array("f", _STILL)
        waiting.extend(node.children)
    for node in found:
        matrix = _matrix(node, sheet)
        if matrix is None:
            node.transform = None
            continue
        for at in range(6):
            node.transform[at] = matrix[at]


def functions(node, sheet):
    """List of (type, numbers) that the style of a node says, lengths in px."""
    return notation.functions(node.style.values.get("transform", "none"), _px_of(node, sheet))


def _matrix(node, sheet):
    values = node.style.values
    said = functions(node, sheet)
    if not said or node.parent is None:
        return None
    where = notation.origin(values.get("transform-origin", "center"), _px_of(node, sheet))
    return about_middle(transform.flat(said), *where, node)


def _px_of(node, sheet):
    def px(text, is_down):
        value = sheet.computed("", declarations.length(text), node.style.values["font-size"] >> 1)
        if value & 1:
            return (node.h if is_down else node.w) * (value >> 1) / 409600
        return (value >> 1) / 64

    return px
