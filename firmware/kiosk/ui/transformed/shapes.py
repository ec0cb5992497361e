"""
A canvas in what is turned: its shapes are turned as they are painted.

Gradients turn with it, and texts; pictures and pixels on a canvas do not: they are left out, which the log says.
"""

from kiosk.ui.canvas import filling
from kiosk.ui.canvas.displaylist import CLEAR, TEXT
from kiosk.ui.canvas.path import Edges
from kiosk.ui.transformed import product

_UNIT = const(32)
_ROOM = const(12288)


def draw(shapes, surface, x: int, y: int) -> None:
    """Paint a DisplayList's shapes on a TurnedSurface, the canvas's corner at (x, y).  ValueError: what is left out."""
    place = surface.base.clipped()
    place = place[0], place[1], place[2] - place[0], place[3] - place[1]
    if place[2] < 1 or place[3] < 1:
        return
    lost = 0
    clip = surface.clip(x, y, shapes.width, shapes.height)
    filling.prepare(surface.base.width)
    if any(shape[0] == CLEAR for shape in shapes.shapes):
        filling.keep(surface.base)
    matrix = product((1, 0, 0, 1, -place[0], -place[1]), product(surface.matrix, (1, 0, 0, 1, x, y)))
    right_side = shapes.width * _UNIT
    back = product((1, 0, 0, 1, -x, -y), product(surface.back, (1, 0, 0, 1, place[0], place[1])))
    for shape in shapes.shapes:
        left, top, right, bottom = shape[1]
        box = left + x, top + y, right - left, bottom - top
        if surface.is_hidden(*box):
            continue
        if shape[0] == TEXT:
            before = surface.clip(*box)
            surface.text(shape[6] + x, shape[7] + y, *shape[2:6])
            surface.unclip(before)
            continue
        paint = shape[3]
        if paint is not None and not isinstance(paint, int):
            if not hasattr(paint, "through"):
                lost += 1
                continue
            paint = paint.through(back)
        clips = ()
        for _, data in shape[5]:
            mask = _turned(data, matrix, place, right_side)
            clips += ((mask.box(), mask.data),)
        edges = _turned(shape[2], matrix, place, right_side)
        surface.fill_edges(edges, paint, shape[4], place, (x, y, shapes.width, shapes.height), clips)
    surface.unclip(clip)
    if lost:
        raise ValueError("%d pictures on a canvas are not turned with it" % lost)


def _turned(data, matrix, place, width):
    """Edges in 1/32 px of a canvas as those in px of the strip."""
    a, b, c, d, e, f = matrix
    edges = Edges(place[2], place[3], _ROOM)
    for whole in (data, _missing(data, width)):
        for at in range(0, len(whole), 4):
            x0, y0, x1, y1 = [value / _UNIT for value in whole[at : at + 4]]
            edges.edge(a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f)
    return edges


def _missing(data, width):
    """The edges that cover nothing as long as a shape is upright, and are not kept: level ones, and those right of the canvas."""
    found = []
    rows = {}  # y -> x of what comes in, and those of what goes out as numbers below 0
    for at in range(0, len(data), 4):
        rows.setdefault(data[at + 1], []).append(~data[at])
        rows.setdefault(data[at + 3], []).append(data[at + 2])
    flow_down = last_y = 0
    for y in sorted(rows):
        found += [width, last_y, width, y] * flow_down if flow_down > 0 else [width, y, width, last_y] * -flow_down
        last_y = y
        flow = last_x = 0
        for x, by in sorted([(~x, -1) if x < 0 else (x, 1) for x in rows[y]]):
            found += [last_x, y, x, y] * flow if flow > 0 else [x, y, last_x, y] * -flow
            last_x = x
            flow += by
        found += [last_x, y, width, y] * flow if flow > 0 else [width, y, last_x, y] * -flow
        flow_down += flow
    return found
