"""
Strokes: a line of some width is the shapes of its pieces, joins and caps, which all wind the same way, so that what they share is covered once.

Widths are those on the screen: one that a transform stretches in one direction only is stretched alike in both.
"""

import math
from array import array

_FLAT = 0.9  # cosine between two pieces that go on as one, a curve
_MOST_DASHES = const(4000)
_MOST_LINES = const(100)  # of a round cap or join


def stroke(edges, parts, style, dx=0.0, dy=0.0):
    """Put the stroke of a path's parts into Edges, moved by (dx, dy).

    style: (width, cap, join, miter limit, dashes, dash offset).  OverflowError: there is no room.
    """
    width, cap, join, limit, dashes, offset = style
    if width < 1e-3:  # px: nothing would be seen of it
        return
    pen = _Pen(edges, width / 2, cap, join, limit)
    for points, closed in parts:
        points = _without_repeats(points, dx, dy)
        if closed and len(points) > 2 and points[0] == points[-2] and points[1] == points[-1]:
            points = points[:-2]
        if dashes and len(points) > 2:
            for piece in _dashed(points, closed, dashes, offset):
                pen.line(piece, False)
        else:
            pen.line(points, closed)


def _without_repeats(points, dx, dy):
    kept = array("f")
    for at in range(0, len(points), 2):
        x, y = points[at] + dx, points[at + 1] + dy
        if not kept or abs(x - kept[-2]) > 1e-3 or abs(y - kept[-1]) > 1e-3:
            kept.append(x)
            kept.append(y)
    if len(points) > 2 and len(kept) == 2:  # a line to where it is: a dot
        kept.append(kept[0])
        kept.append(kept[1])
    return kept


def _dashed(points, closed, dashes, offset):
    """The dashes of a line, each an array of points."""
    total = sum(dashes)
    if not total > 1e-3:
        yield points
        return
    if closed:
        points = points + array("f", (points[0], points[1]))
    offset %= total
    which = 0
    while offset >= dashes[which]:
        offset -= dashes[which]
        which = (which + 1) % len(dashes)
    left = dashes[which] - offset
    piece = array("f", (points[0], points[1]))
    made = 0
    first = array("f") if which & 1 else None  # of a closed line: the dash that the last one may go on in
    for at in range(2, len(points), 2):
        x0, y0, x1, y1 = points[at - 2], points[at - 1], points[at], points[at + 1]
        length = math.sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2)
        done = 0.0
        while length - done > left:
            done += left
            x, y = x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length
            if not which & 1:
                piece.append(x)
                piece.append(y)
                if closed and first is None:
                    first = piece
                else:
                    yield piece
            which = (which + 1) % len(dashes)
            left = dashes[which]
            piece = array("f", (x, y))
            made += 1
            if made > _MOST_DASHES:
                raise OverflowError("there is no room for so many dashes")
        left -= length - done
        piece.append(x1)
        piece.append(y1)
    if not which & 1 and len(piece) > 2:
        if closed and first:
            piece, first = piece + first[2:], None
        yield piece
    if first:
        yield first


class _Pen:
    def __init__(self, edges, half, cap, join, limit):
        self._edges = edges
        self._half = half
        self._cap = cap
        self._join = join
        self._limit = limit

    def line(self, points, closed):
        count = len(points) // 2
        if count < 2:
            return
        if count == 2 and points[0] == points[2] and points[1] == points[3]:
            self._dot(points[0], points[1])
            return
        closed = closed and count > 2
        normals = _normals(points, count, closed, self._half)
        pieces = len(normals) // 2
        # corner: the normal that two pieces share where they meet as a curve; None where there is a join or an end.
        first = self._corner(points, normals, pieces - 1, 0) if closed else None
        before = first
        for at in range(pieces):
            last = at == pieces - 1
            after = (first if closed else None) if last else self._corner(points, normals, at, at + 1)
            self._piece(points, normals, at, before, after)
            if after is None and (not last or closed):
                self._corner_shape(points, normals, at, (at + 1) % pieces)
            before = after
        if not closed and self._cap != "butt":
            self._end(points[0], points[1], -normals[0], -normals[1])
            self._end(points[-2], points[-1], normals[-2], normals[-1])

    def _corner(self, points, normals, one, other):
        ax, ay, bx, by = normals[2 * one], normals[2 * one + 1], normals[2 * other], normals[2 * other + 1]
        half = self._half
        cosine = (ax * bx + ay * by) / (half * half)
        if cosine < _FLAT:
            return None
        count = len(points) // 2
        for at in (one, other):  # pieces that are too short for the inner side to meet
            x = points[2 * at] - points[2 * ((at + 1) % count)]
            y = points[2 * at + 1] - points[2 * ((at + 1) % count) + 1]
            if x * x + y * y < half * half * (1 - cosine):
                return None
        return (ax + bx) / (1 + cosine), (ay + by) / (1 + cosine)

    def _piece(self, points, normals, at, before, after):
        count = len(points) // 2
        following = (at + 1) % count
        x0, y0, x1, y1 = points[2 * at], points[2 * at + 1], points[2 * following], points[2 * following + 1]
        nx, ny = normals[2 * at], normals[2 * at + 1]
        ax, ay = before or (nx, ny)
        bx, by = after or (nx, ny)
        edge = self._edges.edge
        edge(x0 + ax, y0 + ay, x1 + bx, y1 + by)
        edge(x1 - bx, y1 - by, x0 - ax, y0 - ay)
        if not after:  # the end that two pieces share lies within both
            edge(x1 + bx, y1 + by, x1 - bx, y1 - by)
        if not before:
            edge(x0 - ax, y0 - ay, x0 + ax, y0 + ay)

    def _corner_shape(self, points, normals, one, other):
        x, y = points[2 * (other % (len(points) // 2))], points[2 * (other % (len(points) // 2)) + 1]
        ax, ay, bx, by = normals[2 * one], normals[2 * one + 1], normals[2 * other], normals[2 * other + 1]
        cross = ax * by - ay * bx
        if cross < 0:  # the outer side; its shape winds as the pieces do
            ax, ay, bx, by = -bx, -by, -ax, -ay
        square = self._half * self._half
        dot = ax * bx + ay * by
        shape = [x, y, x + ax, y + ay]
        if self._join == "round":
            shape += _arc(x, y, ax, ay, bx, by, self._half)
        elif self._join == "miter" and square + dot > 1e-6 * square and 2 * square <= self._limit**2 * (square + dot):
            shape += [x + (ax + bx) * square / (square + dot), y + (ay + by) * square / (square + dot)]
        shape += [x + bx, y + by]
        if abs(cross) > 1e-6 * square or self._join == "round":
            self._edges.polygon(shape)

    def _end(self, x, y, nx, ny):
        """A cap; (nx, ny) is the normal on its left."""
        if self._cap == "round":
            shape = [x + nx, y + ny] + _arc(x, y, nx, ny, -nx, -ny, self._half) + [x - nx, y - ny]
        else:
            shape = [x + nx, y + ny, x + nx - ny, y + ny + nx, x - nx - ny, y - ny + nx, x - nx, y - ny]
        self._edges.polygon(shape)

    def _dot(self, x, y):
        if self._cap != "butt":
            self._end(x, y, self._half, 0)
            self._end(x, y, -self._half, 0)


def _normals(points, count, closed, half):
    """The offset of each piece to its left side."""
    normals = array("f")
    for at in range(count if closed else count - 1):
        following = (at + 1) % count
        x = points[2 * following] - points[2 * at]
        y = points[2 * following + 1] - points[2 * at + 1]
        length = math.sqrt(x * x + y * y) or 1
        normals.append(y / length * half)
        normals.append(-x / length * half)
    return normals


def _arc(x, y, ax, ay, bx, by, radius):
    """Points between two offsets, the way a shape winds (with the clock as it is seen)."""
    sweep = (math.atan2(by, bx) - math.atan2(ay, ax)) % (2 * math.pi)
    count = min(int(sweep / (2 * math.sqrt(0.2 / max(radius, 0.2)))) + 1, _MOST_LINES)
    found = []
    for number in range(1, count):
        angle = math.atan2(ay, ax) + sweep * number / count
        found += [x + radius * math.cos(angle), y + radius * math.sin(angle)]
    return found
