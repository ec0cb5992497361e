"""What lies over what: the order in which children are painted, and what a finger touches."""

from kiosk.ui import boxes
from kiosk.ui.node import pixels


def painted(node):
    """The displayed children of an element in the order in which they are painted (CSS 2.1, appendix E).

    Negative z-index, then what is not positioned, then what is, by z-index; the markup's order among equals.
    """
    children = node.children
    for child in children:
        values = child.style and child.style.values
        if values and (values.get("position", "static") != "static" or _level(child)):
            break
    else:
        return children
    layers = [(_layer(child), number) for number, child in enumerate(children)]
    layers.sort()
    return [children[number] for _, number in layers]


def _is_positioned(node):
    return node.style.values.get("position", "static") != "static"


def _level(node):
    level = node.style.values.get("z-index", "auto")
    return 0 if level == "auto" else level >> 6


def _layer(node):
    """int: negative below what is not positioned (0), 1 for z-index 0 and auto, more above."""
    if node.style is None or not (
        _is_positioned(node) or (node.parent.style and boxes.is_flex(node.parent.style.values))
    ):
        return 0
    level = _level(node)
    return level if level < 0 else level + 1 if level or _is_positioned(node) else 0


def hit(root, x, y):
    """The element in `root` that a finger at (x, y) in px of the screen touches, or None; root itself is not turned."""
    found = None
    waiting = [root]
    while waiting:  # the last one that is painted there wins; those in a clipping box only where that is
        node = waiting.pop()
        if node.transform and node is not root:
            from kiosk.ui import transformed

            if transformed.is_turned(node):
                found = transformed.hit(node, x, y) or found
                continue
        left, top, width, height = pixels(node)
        values = node.style.values if node.style else {}
        inside = left <= x < left + width and top <= y < top + height
        if inside and values.get("visibility") != "hidden" and values.get("pointer-events") != "none" and (
            values.get("display") != "inline" or not _is_between(node, x, y)
        ):  # fmt: skip
            found = node
        if inside or not boxes.is_clipping(values):
            waiting.extend([child for child in reversed(painted(node)) if child.w >= 0 and not child.is_text])
    return found


def _is_between(node, x, y):
    """Whether (x, y) is in the box around an inline element that is on several lines, but on nothing of what is in it."""
    highest = 0
    for child in node.children:
        left, top, width, height = pixels(child)
        if left <= x < left + width and top <= y < top + height:
            return False
        highest = max(highest, child.h)
    return node.h > highest * 3 // 2 > 0
