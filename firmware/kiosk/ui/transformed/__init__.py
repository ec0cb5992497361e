"""
What a `transform` makes of an element: it and all in it are painted through a matrix, and fingers find them through its inverse.

notation.py: what is written in a style sheet; styles.py: what that is for an element; items.py: what is painted; surface.py: what that
draws with; sampling.py: texts and pictures.  Nothing of this is loaded before an element has a transform that does more than move it.

An element is where layout puts it, moved by (e, f) of its `transform`: that is what kiosk.ui.node.position() says.  The other four
numbers turn it and all in it about the middle of that box.
"""

import math

_STILL = (1, 0, 0, 1)
_LEAST = 1e-6  # what has no area is not painted, and not touched


def is_turned(node) -> bool:
    """Whether a transform does more than move a node."""
    return node.transform is not None and tuple(node.transform[:4]) != _STILL


def about_middle(matrix, x, y, node):
    """A matrix about the place (x, y) in px of a node's box as one about its middle."""
    a, b, c, d, e, f = matrix
    x, y = node.w / 128 - x, node.h / 128 - y
    return a, b, c, d, e + a * x + c * y - x, f + b * x + d * y - y


def about(transform, x: float, y: float):
    """(a, b, c, d, e, f): a node's transform about the middle of its box, in px; None if nothing is left of the node."""
    a, b, c, d = transform[:4]
    if abs(a * d - b * c) < _LEAST:
        return None
    return a, b, c, d, x - a * x - c * y, y - b * x - d * y


def product(one, other):
    """The matrix that does `other` first."""
    a, b, c, d, e, f = one
    return (
        a * other[0] + c * other[1], b * other[0] + d * other[1], a * other[2] + c * other[3], b * other[2] + d * other[3],
        a * other[4] + c * other[5] + e, b * other[4] + d * other[5] + f,
    )  # fmt: skip


def inverse(matrix):
    """The matrix that goes back."""
    a, b, c, d, e, f = matrix
    size = a * d - b * c
    a, b, c, d = d / size, -b / size, -c / size, a / size
    return a, b, c, d, -a * e - c * f, -b * e - d * f


def corners(matrix, x, y, width, height):
    """List of x and y in turn: where a matrix puts the corners of a rectangle."""
    a, b, c, d, e, f = matrix
    found = []
    for px, py in ((x, y), (x + width, y), (x + width, y + height), (x, y + height)):
        found.append(a * px + c * py + e)
        found.append(b * px + d * py + f)
    return found


def around(points):
    """(x, y, width, height) in whole px: what encloses places."""
    left, top = math.floor(min(points[::2])), math.floor(min(points[1::2]))
    return left, top, math.ceil(max(points[::2])) - left, math.ceil(max(points[1::2])) - top


def extent(node):
    """(x, y, w, h) in 1/64 px: the place of a node's own box in its parent, with its transform."""
    x, y = node.x + int(node.transform[4] * 64), node.y + int(node.transform[5] * 64)
    matrix = about(node.transform, x + node.w / 2, y + node.h / 2)
    if matrix is None:
        return x + node.w // 2, y + node.h // 2, 0, 0
    return around(corners(matrix, x, y, node.w, node.h))


def to_page(node):
    """The matrix from where position() says that a node is to where it is seen on the page, in px; None: nothing of it is."""
    from kiosk.ui.node import position

    whole = (1, 0, 0, 1, 0, 0)
    while node is not None:
        if is_turned(node):
            x, y = position(node)
            matrix = about(node.transform, (x + node.w / 2) / 64, (y + node.h / 2) / 64)
            if matrix is None:
                return None
            whole = product(matrix, whole)
        node = node.parent
    return whole


def extent_on_page(node):
    """(x, y, w, h) in 1/64 px of the page: what encloses a node's box as it is seen."""
    from kiosk.ui.node import position

    matrix = to_page(node)
    if matrix is None:
        return position(node) + (0, 0)
    x, y = position(node)
    a, b, c, d, e, f = matrix
    return around(corners((a, b, c, d, e * 64, f * 64), x, y, node.w, node.h))


def bounds(node, inside: bool = False):
    """(x, y, width, height) in px of the page: what encloses a node as it is seen; inside: and all that is in it."""
    x, y, width, height = extent_on_page(node)
    points = [x / 64, y / 64, (x + width) / 64, (y + height) / 64]
    if inside:
        for child in node.children:
            if child.w >= 0:
                left, top, width, height = bounds(child, True)
                points += (left, top, left + width, top + height)
    return around(points)


def hit(node, x, y):
    """What a finger at (x, y) in px of the page touches of a turned node, as stacking.hit()."""
    from kiosk.ui.node import position
    from kiosk.ui.stacking import hit as hit_straight

    left, top = position(node)
    matrix = about(node.transform, (left + node.w / 2) / 64, (top + node.h / 2) / 64)
    if matrix is None:
        return None
    a, b, c, d, e, f = inverse(matrix)
    return hit_straight(
        node, math.floor(a * (x + 0.5) + c * (y + 0.5) + e), math.floor(b * (x + 0.5) + d * (y + 0.5) + f)
    )
