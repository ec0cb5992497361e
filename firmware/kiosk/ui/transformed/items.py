"""What is painted of a turned element: one item that holds those of all that is in it."""

import gc
import sys

from kiosk.ui.items import common, look_into
from kiosk.ui.transformed import about, around, corners

_EVERYWHERE = (-30000, -30000, 60000, 60000)


class Turned:
    """box: what is to be seen of it on the screen; matrix: from where its items would be to where they are; copies: see surface.py."""

    def __init__(self, box, matrix, items):
        self.box = box
        self._matrix = matrix
        self._items = items
        self._copies = {}

    def draw(self, surface):
        """Draw it."""
        from kiosk.ui.transformed.surface import TurnedSurface

        before = surface.clip(*self.box)
        inside = TurnedSurface(surface, self._matrix, self._copies)
        for item in self._items:
            if not inside.is_hidden(*item.box):
                item.draw(inside)
        surface.unclip(before)


def put(found, first, face_of, top_64):
    """Append the item of a turned element, `first` as in look_into(), if there is anything to be seen of it."""
    node, x, y, clip, opacity = first
    matrix = about(node.transform, (x + node.w / 2) / 64, (y + node.h / 2) / 64)
    if matrix is None:
        return
    if node.style.look is None:
        gc.collect()  # so that what is made once lies low, and leaves the 32 KB in one piece that a PNG wants
    if "kiosk.ui.transformed.sampling" not in sys.modules:
        from kiosk.ui.transformed import sampling, surface  # noqa: F401
    inside = look_into((node, x, y, None, opacity), _EVERYWHERE, face_of, False, top_64)
    points = []
    for item in inside:
        points += corners(matrix, *item.box)
    box = common(around(points), clip) if points else None
    if box:
        found.append(Turned(box, matrix, inside))
