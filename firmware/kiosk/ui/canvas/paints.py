"""
What a shape is painted with, where it is not one color: a row of colors for each row of pixels.

A paint has row(colors, state, x, y): put those of a row of pixels, beginning at (x, y), into an array (cover << 16 | RGB565).
"""

import math
from array import array

from kiosk.ui import colors as css
from kiosk.ui.canvas import coverage

_ENTRIES = const(128)
_FAR = const(0x20000000)
_MOST = const(0x10000000)
_MOST_STEP = const(0x20000)
_MOST_STOPS = const(64)


class Gradient:
    """places: (x0, y0, x1, y1) of a linear one, (x, y, radius) of a circular one."""

    def __init__(self, *places):
        self.places = places
        self._stops = []

    def add_stop(self, stop: float, color: str) -> None:
        """A color (text) at a place from 0 to 1.  ValueError: it is none."""
        if not 0 <= stop <= 1:
            raise ValueError("%s is not between 0 and 1" % stop)
        if len(self._stops) >= _MOST_STOPS:
            raise ValueError("more than %d colors" % _MOST_STOPS)
        color = css.color(color)
        at = len(self._stops)
        while at and self._stops[at - 1][0] > stop:
            at -= 1
        self._stops.insert(at, (stop, color))

    def first(self) -> int:
        """The color that stands for all of it, where only one can be (text): its first."""
        return self._stops[0][1] if self._stops else 0

    def table(self):
        """The array that coverage.ramp() wants."""
        made = array("i", bytes(4 * _ENTRIES))
        stops = self._stops
        after = 0
        for at in range(_ENTRIES if stops else 0):
            place = at / (_ENTRIES - 1)
            while after < len(stops) and stops[after][0] <= place:
                after += 1
            one = stops[max(after - 1, 0)]
            other = stops[min(after, len(stops) - 1)]
            share = 0 if one[0] >= other[0] else (place - one[0]) / (other[0] - one[0])
            made[at] = _mixed(one[1], other[1], min(max(share, 0), 1))
        return made

    def paint(self, matrix):
        """The paint of it under a transform, or None if it paints nothing."""
        a, b, c, d, e, f = matrix
        size = a * d - b * c
        if not size or not self._stops:
            return None
        # Back to the gradient's own places: x = ia * px + ic * py + ie.
        ia, ib, ic, id_ = d / size, -b / size, -c / size, a / size
        ie, if_ = -(ia * e + ic * f), -(ib * e + id_ * f)
        unit = (_ENTRIES - 1) * 256
        if len(self.places) == 3:
            x, y, radius = self.places
            if not radius > 0:
                return None
            k = unit / radius
            return GradientPaint(self.table(), (ia * k, ic * k, (ie - x) * k, ib * k, id_ * k, (if_ - y) * k), 1)
        x0, y0, x1, y1 = self.places
        dx, dy = x1 - x0, y1 - y0
        square = dx * dx + dy * dy
        if not square:
            return None
        k = unit / square
        return GradientPaint(
            self.table(),
            ((ia * dx + ib * dy) * k, (ic * dx + id_ * dy) * k, ((ie - x0) * dx + (if_ - y0) * dy) * k, 0, 0, 0),
            0,
        )


def _mixed(one, other, share):
    alpha = (one >> 16) + ((other >> 16) - (one >> 16)) * share
    made = int(alpha * 33 / 256) << 16
    for shift, most in ((11, 31), (5, 63), (0, 31)):
        before = one >> shift & most
        made |= int(before + ((other >> shift & most) - before) * share + 0.5) << shift
    return made


def aim(state, places, x, y):
    """Set u, v and their steps for a row that begins at a pixel; places: u = ux * x + uy * y + uc, and v."""
    ux, uy, uc, vx, vy, vc = places
    x += 0.5
    y += 0.5
    state[14] = _limited(ux * x + uy * y + uc, _MOST)
    state[15] = _limited(vx * x + vy * y + vc, _MOST)
    state[16] = _limited(ux, _MOST_STEP)
    state[17] = _limited(vx, _MOST_STEP)


def _through(places, back):
    """Places of pixels that `back` takes to those that they were for."""
    a, b, c, d, e, f = back
    found = ()
    for at in (0, 3):
        across, down, rest = places[at : at + 3]
        found += (across * a + down * b, across * c + down * d, across * e + down * f + rest)
    return found


def _limited(value, most):
    return int(math.floor(min(max(value, -most), most) + 0.5)) + _FAR


class GradientPaint:
    """table: of 128 colors.  places: six numbers, u and v (in 256ths of an entry) of a place.  circular: 0 or 1."""

    def __init__(self, table, places, circular):
        self._table = table
        self._places = places
        self._circular = circular

    def through(self, back):
        """The same for other pixels: a matrix from them to these."""
        return GradientPaint(self._table, _through(self._places, back), self._circular)

    def row(self, colors, state, x, y):
        """See above."""
        aim(state, self._places, x, y)
        state[18] = self._circular
        coverage.ramp(colors, self._table, state)


class PicturePaint:
    """A picture (paint/image.py) in a rectangle (x, y, width, height) under a transform.  part: (x, y, width, height) of the picture.

    ValueError: it is turned, and not wholly in memory.
    """

    def __init__(self, picture, part, rect, matrix):
        a, b, c, d, e, f = matrix
        size = a * d - b * c
        self._picture = picture
        kx, ky = part[2] / rect[2] * 16384, part[3] / rect[3] * 16384
        ia, ib, ic, id_ = d / size, -b / size, -c / size, a / size
        ie, if_ = -(ia * e + ic * f), -(ib * e + id_ * f)
        self._places = (
            ia * kx, ic * kx, (ie - rect[0]) * kx + part[0] * 16384,
            ib * ky, id_ * ky, (if_ - rect[1]) * ky + part[1] * 16384,
        )  # fmt: skip
        self._stride = 0
        if ib:
            self._stride = _stride(picture)

    def row(self, colors, state, x, y):
        """See above."""
        picture = self._picture
        aim(state, self._places, x, y)
        number = 0
        if not self._stride:
            number = min(max(state[15] - _FAR >> 14, 0), picture.height - 1)
            state[15] = _FAR
        source = picture.row(number)
        state[18] = picture.depth
        state[19] = picture.little
        state[22] = picture.width
        state[23] = picture.height if self._stride else 1
        state[24] = picture.start
        state[25] = self._stride
        left, step = state[14] - _FAR, state[16] - _FAR
        coverage.sample(colors, source, picture.palette, state)
        if picture.alpha:  # the loops know none: a PNG that is seen through takes ten times as long
            alpha = picture.start + picture.alpha
            for at in range(state[3] - state[1]):
                place = min(max(left + at * step >> 14, 0), picture.width - 1)
                colors[at] = colors[at] & 0xFFFF | (source[alpha + place] * 33 >> 8) << 16

    def rest(self):
        """The screen has been painted."""
        if hasattr(self._picture, "rest"):
            self._picture.rest()


def _stride(picture):
    """Bytes from a row to the next, of a picture that is wholly in memory."""
    first = picture.row(0)
    start = picture.start
    if picture.height == 1:
        return picture.width * picture.depth
    second = picture.row(1)
    if first is not second or picture.start <= start:
        raise ValueError("a picture that is turned has to be in memory")
    return picture.start - start


class PixelsPaint:
    """Pixels that were put: data RGBA, of a rectangle whose corner is (x, y).  They take three bytes each, or two if all are opaque."""

    def __init__(self, data, x, y, width, height):
        self._x, self._y, self._width = x, y, width
        count = width * height
        self._colors = colors = array("H", bytes(2 * count))
        self._alpha = None
        for at in range(count):
            place = 4 * at
            colors[at] = css.packed(data[place], data[place + 1], data[place + 2], 0)
            if data[place + 3] < 255:
                if self._alpha is None:
                    self._alpha = bytearray(b"\xff" * count)
                self._alpha[at] = data[place + 3]

    def row(self, colors, state, x, y):
        """See above."""
        first = (y - self._y) * self._width + x - self._x
        for at in range(state[3] - state[1]):
            cover = 32 if self._alpha is None else self._alpha[first + at] * 33 >> 8
            colors[at] = cover << 16 | self._colors[first + at]
