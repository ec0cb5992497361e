"""
Paths: curves become lines no further than a tenth of a pixel from them, lines become the edges that coverage.py takes.

A path is a list of (points, closed): points an array of float, x and y in turn, in pixels of the canvas (the transform has been applied when a
point was set, as the canvas's own rules have it).
"""

import math
from array import array

_OFF = 0.1  # px that a line may be away from its curve
_MOST_LINES = const(200)  # for one curve
_FULL = 2 * math.pi
_UNIT = 32  # parts of a pixel


class Path:
    """The current path.  matrix: (a, b, c, d, e, f), which the owner sets.  count: numbers in it."""

    def __init__(self):
        self.matrix = (1, 0, 0, 1, 0, 0)
        self.begin()

    def begin(self):
        """Forget it."""
        self.parts = []
        self.count = 0
        self._points = None
        self._x = self._y = 0.0  # where it is, before the transform

    def _add(self, x, y):
        a, b, c, d, e, f = self.matrix
        self._points.append(a * x + c * y + e)
        self._points.append(b * x + d * y + f)
        self.count += 2
        self._x, self._y = x, y

    def move(self, x, y):
        """A new part begins here."""
        self._points = array("f")
        self.parts.append([self._points, False])
        self._add(x, y)

    def line(self, x, y):
        """On to here; the first one is a move()."""
        if self._points is None:
            self.move(x, y)
        else:
            self._add(x, y)

    def close(self):
        """Back to where the part began, where the next one begins."""
        if self._points is not None and len(self._points) > 2:
            part = self.parts[-1]
            part[1] = True
            x, y = part[0][0], part[0][1]
            self._points = array("f", (x, y))
            self.parts.append([self._points, False])
            self._x, self._y = self.back(x, y)

    def back(self, x, y):
        """A place before the transform."""
        a, b, c, d, e, f = self.matrix
        size = a * d - b * c
        if not size:
            return 0.0, 0.0
        return (d * (x - e) - c * (y - f)) / size, (a * (y - f) - b * (x - e)) / size

    def rect(self, x, y, width, height):
        """A rectangle, as a part of its own."""
        self.move(x, y)
        self._add(x + width, y)
        self._add(x + width, y + height)
        self._add(x, y + height)
        self.close()

    def curve(self, x1, y1, x2, y2, x, y):
        """A cubic Bézier curve."""
        if self._points is None:
            self.move(x1, y1)
        x0, y0 = self._x, self._y
        bend = (
            max(abs(x0 - 2 * x1 + x2), abs(y0 - 2 * y1 + y2), abs(x1 - 2 * x2 + x), abs(y1 - 2 * y2 + y))
            * self._scale()
        )
        count = _lines(0.75 * bend)
        for number in range(1, count + 1):
            t = number / count
            r = 1 - t
            p0, p1, p2, p3 = r * r * r, 3 * r * r * t, 3 * r * t * t, t * t * t
            self._add(p0 * x0 + p1 * x1 + p2 * x2 + p3 * x, p0 * y0 + p1 * y1 + p2 * y2 + p3 * y)

    def quadratic(self, x1, y1, x, y):
        """A quadratic Bézier curve."""
        if self._points is None:
            self.move(x1, y1)
        x0, y0 = self._x, self._y
        count = _lines(0.25 * max(abs(x0 - 2 * x1 + x), abs(y0 - 2 * y1 + y)) * self._scale())
        for number in range(1, count + 1):
            t = number / count
            r = 1 - t
            self._add(r * r * x0 + 2 * r * t * x1 + t * t * x, r * r * y0 + 2 * r * t * y1 + t * t * y)

    def arc(self, x, y, radius, start, end, backwards=False):
        """A part of a circle, from angle to angle; a line goes to where it begins.  ValueError: a radius below 0."""
        if radius < 0:
            raise ValueError("the radius is %s" % radius)
        sweep = end - start
        if backwards:
            sweep = -_FULL if sweep <= -_FULL else -((-sweep) % _FULL)
        else:
            sweep = _FULL if sweep >= _FULL else sweep % _FULL
        reach = max(radius * self._scale(), 0.01)
        count = min(max(int(abs(sweep) / (2 * math.sqrt(2 * _OFF / reach))) + 1, 2), _MOST_LINES)
        for number in range(count + 1):
            angle = start + sweep * number / count
            self.line(x + radius * math.cos(angle), y + radius * math.sin(angle))

    def arc_to(self, x1, y1, x2, y2, radius):
        """A rounded corner at (x1, y1) on the way to (x2, y2).  ValueError: a radius below 0."""
        if radius < 0:
            raise ValueError("the radius is %s" % radius)
        if self._points is None:
            self.move(x1, y1)
        ax, ay, bx, by = self._x - x1, self._y - y1, x2 - x1, y2 - y1
        a, b = math.sqrt(ax * ax + ay * ay), math.sqrt(bx * bx + by * by)
        cross = ax * by - ay * bx
        if not a or not b or not radius or abs(cross) < 1e-6 * a * b:
            self.line(x1, y1)
            return
        angle = math.atan2(abs(cross), ax * bx + ay * by)
        away = radius / math.tan(angle / 2)
        px, py = x1 + ax / a * away, y1 + ay / a * away
        side = 1 if cross > 0 else -1
        mx, my = px - ay / a * radius * side, py + ax / a * radius * side
        qx, qy = x1 + bx / b * away, y1 + by / b * away
        self.arc(mx, my, radius, math.atan2(py - my, px - mx), math.atan2(qy - my, qx - mx), side > 0)

    def _scale(self):
        a, b, c, d, _, _ = self.matrix
        return math.sqrt(max(a * a + b * b, c * c + d * d))


def _lines(bend):
    if not bend < 1e6:
        return _MOST_LINES
    return min(max(int(math.sqrt(bend / _OFF)) + 1, 1), _MOST_LINES)


class Edges:
    """
    Gathers the edges of a shape within a canvas of `width` x `height` pixels.  room: bytes that it may take; OverflowError beyond.

    data: an array of unsigned 16-bit numbers, four for each edge.  box: the pixels that it may touch, [left, top, right, bottom].
    """

    def __init__(self, width: int, height: int, room: int):
        self.data = array("H")
        self._width, self._height = width, height
        self._room = room // 2
        self._box = [width * _UNIT, height * _UNIT, 0, 0]

    def fill(self, parts, dx=0.0, dy=0.0):
        """All parts of a path, closed, moved by (dx, dy)."""
        for points, _ in parts:
            count = len(points)
            if count > 4:
                self.polygon(points, dx, dy)

    def polygon(self, points, dx=0.0, dy=0.0):
        """One closed line."""
        x0, y0 = points[-2] + dx, points[-1] + dy
        for at in range(0, len(points), 2):
            x1, y1 = points[at] + dx, points[at + 1] + dy
            self.edge(x0, y0, x1, y1)
            x0, y0 = x1, y1

    def edge(self, x0, y0, x1, y1):
        """One edge, as far as it matters within the canvas."""
        width, height = self._width, self._height
        if (y0 <= 0 and y1 <= 0) or (y0 >= height and y1 >= height):
            return
        if x0 >= width and x1 >= width:
            self._box[2] = width * _UNIT
            return
        if 0 <= x0 <= width and 0 <= x1 <= width and 0 <= y0 <= height and 0 <= y1 <= height:
            self._put(x0, y0, x1, y1)
            return
        if y0 != y1:
            x0, y0, x1, y1 = _level(x0, y0, x1, y1, height)
        # Three pieces at most: what is left of the canvas goes along its side, what is right of it covers nothing.
        for limit in (0, width):
            if (x0 < limit) != (x1 < limit) and x0 != limit and x1 != limit:
                y = y0 + (y1 - y0) * (limit - x0) / (x1 - x0)
                self.edge(x0, y0, limit, y)
                self.edge(limit, y, x1, y1)
                return
        if x0 < width or x1 < width:
            self._put(min(max(x0, 0), width), y0, min(max(x1, 0), width), y1)
        else:
            self._box[2] = width * _UNIT

    def _put(self, x0, y0, x1, y1):
        y0, y1 = int(y0 * _UNIT + 0.5), int(y1 * _UNIT + 0.5)
        if y0 == y1:
            return
        x0, x1 = int(x0 * _UNIT + 0.5), int(x1 * _UNIT + 0.5)
        data = self.data
        if len(data) + 4 > self._room:
            raise OverflowError("there is no room for so many lines")
        data.append(x0)
        data.append(y0)
        data.append(x1)
        data.append(y1)
        box = self._box
        box[0] = min(box[0], x0, x1)
        box[1] = min(box[1], y0, y1)
        box[2] = max(box[2], x0, x1)
        box[3] = max(box[3], y0, y1)

    def box(self):
        """(left, top, right, bottom) in pixels; nothing where nothing is."""
        left, top, right, bottom = self._box
        if left > right:
            return 0, 0, 0, 0
        return left // _UNIT, top // _UNIT, (right + _UNIT - 1) // _UNIT, (bottom + _UNIT - 1) // _UNIT


def _level(x0, y0, x1, y1, height):
    """What of a line lies between 0 and `height`."""
    slope = (x1 - x0) / (y1 - y0)
    for limit in (0, height):
        if (y0 < limit) != (y1 < limit):
            x = x0 + slope * (limit - y0)
            if (y0 < limit) == (limit == 0):
                x0, y0 = x, limit
            else:
                x1, y1 = x, limit
    return x0, y0, x1, y1
