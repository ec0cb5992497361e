"""
A Surface on which everything is turned: what items draw on it goes through a matrix before it gets to the strip.

Shapes are polygons, covered exactly (kiosk/ui/canvas/coverage.py).  A text is drawn straight into 4 KB, piece by piece, and sampled from there.
A picture is decoded into memory, at most 8,192 pixels of it, two or with opacity four bytes each, for as long as the screen is
painted: a larger one has less detail than it could.  What painting holds (13 KB) is given back afterwards.
"""

import math

from kiosk import ui
from kiosk.ui.canvas import filling
from kiosk.ui.canvas.path import Edges
from kiosk.ui.paint.pixels import rgb565
from kiosk.ui.paint.surface import Surface
from kiosk.ui.ticks import Ticks
from kiosk.ui.transformed import around, corners, inverse, product

_ROOM = const(4096)  # bytes of edges in one shape: 512
_LETTERS_BYTES = const(4096)
_COPY_PIXELS = const(8192)
_FEWEST = const(256)
_OVERHANG = const(2)  # px: a letter may reach beyond its own width

_letters = None
_after = Ticks()


def _release():
    global _letters
    if ui.screen and ui.screen.is_painting:
        _after.soon(_release)
        return
    filling.release()
    _letters = None


class TurnedSurface:
    """
    base: a Surface, or another of these; matrix: from where things are drawn to where they are on `base`.

    copies: dict, what keeps the pictures while the screen is painted.  The methods are those of a Surface.
    """

    is_turned = True

    def __init__(self, base, matrix, copies):
        global _letters
        self._masks = []  # points of what was clipped to in other directions
        if base.is_turned:
            left, top, right, bottom = base.clipped()
            self._masks = base._masks + [corners(base.matrix, left, top, right - left, bottom - top)]
            base, matrix = base.base, product(base.matrix, matrix)
        self.base = base
        self.matrix = matrix
        self.back = inverse(matrix)
        self._copies = copies
        left, top, right, bottom = base.clipped()
        x, y, width, height = around(corners(self.back, left, top, max(right - left, 0), max(bottom - top, 0)))
        self._clip = self._seen = (x - 1, y - 1, x + width + 1, y + height + 1)
        if _letters is None:
            filling.prepare(base.width)
            _letters = Surface(_LETTERS_BYTES)
        if not _after.is_running():
            _after.soon(_release)

    def clip(self, x, y, width, height):
        """Draw within this rectangle only, too; what was the clip so far, for unclip()."""
        before = self._clip
        self._clip = filling.common(before, (x, y, x + width, y + height))
        return before

    def unclip(self, before) -> None:
        """Undo a clip()."""
        self._clip = before

    def clipped(self):
        """(left, top, right, bottom): what is drawn in now; nothing where left is not less than right."""
        return self._clip

    def is_hidden(self, x, y, width, height) -> bool:
        """Whether nothing of a rectangle would be seen."""
        return not self._inside(x, y, width, height)

    def _inside(self, x, y, width, height):
        """(x, y, width, height) of what the clip leaves of a rectangle, or None."""
        left, top, right, bottom = filling.common(self._clip, (x, y, x + width, y + height))
        return (left, top, right - left, bottom - top) if left < right and top < bottom else None

    def fill_rect(self, x, y, width, height, color, alpha=255) -> None:
        """Fill a rectangle."""
        inside = self._inside(x, y, width, height)
        if inside:
            self._fill([corners(self.matrix, *inside)], rgb565(color), alpha)

    def rounded_rect(self, x, y, width, height, radius, color, alpha=255) -> None:
        """Fill a rectangle with rounded corners."""
        if radius < 1:
            self.fill_rect(x, y, width, height, color, alpha)
        elif not self.is_hidden(x, y, width, height):
            self._fill([self._rounded(x, y, width, height, radius)], rgb565(color), alpha, (x, y, width, height))

    def border(self, x, y, width, height, radius, thickness, color, alpha=255) -> None:
        """Draw a rectangle's border, inside of it."""
        if thickness < 1 or self.is_hidden(x, y, width, height):
            return
        if 2 * thickness >= width or 2 * thickness >= height:
            self.rounded_rect(x, y, width, height, radius, color, alpha)
            return
        across, down = width - 2 * thickness, height - 2 * thickness
        hole = self._rounded(x + thickness, y + thickness, across, down, radius - thickness)
        turned = []  # the other way round: it takes away
        for at in range(len(hole) - 2, -2, -2):
            turned += hole[at : at + 2]
        shape = [self._rounded(x, y, width, height, radius), turned]
        self._fill(shape, rgb565(color), alpha, (x, y, width, height))

    def fill_with(self, x, y, width, height, radius, paint, alpha) -> None:
        """Fill a rectangle with rounded corners with a paint that can go through() a matrix; it is for px of where this is drawn."""
        place = self._place()
        if place and not self.is_hidden(x, y, width, height):
            paint = paint.through(product(self.back, (1, 0, 0, 1, place[0], place[1])))
            self._fill([self._rounded(x, y, width, height, radius)], paint, alpha, (x, y, width, height))

    def _rounded(self, x, y, width, height, radius):
        """Points of a rectangle with rounded corners, where they are on the strip."""
        radius = min(radius, width / 2, height / 2)
        if radius < 1:
            return corners(self.matrix, x, y, width, height)
        a, b, c, d, e, f = self.matrix
        count = min(max(int(math.sqrt(radius * (abs(a) + abs(b) + abs(c) + abs(d)))), 2), 12)
        points = []
        for corner in range(4):
            px = x + (width - radius if corner in (1, 2) else radius)
            py = y + (height - radius if corner > 1 else radius)
            for step in range(count + 1):
                angle = math.pi * (2 + corner + step / count) / 2
                u, v = px + radius * math.cos(angle), py + radius * math.sin(angle)
                points.append(a * u + c * v + e)
                points.append(b * u + d * v + f)
        return points

    def _fill(self, polygons, paint, alpha, box=None):
        """Fill what lies in polygons on the strip; box: the rectangle that they were, if the clip may cut it."""
        place = self._place()
        if place:
            edges = Edges(place[2], place[3], _ROOM)
            for points in polygons:
                edges.polygon(points, -place[0], -place[1])
            self.fill_edges(edges, paint, min(alpha * 33 >> 8, 32), place, box)

    def _place(self):
        """(x, y, width, height) of what is drawn in on the strip, or None."""
        left, top, right, bottom = self.base.clipped()
        return (left, top, right - left, bottom - top) if left < right and top < bottom else None

    def fill_edges(self, edges, paint, opacity, place, box=None, clips=()) -> None:
        """Fill Edges of the rectangle `place` of the strip with a color (RGB565) or a paint (canvas/paints.py)."""
        if opacity <= 0 or not edges.data:
            return
        masks = self._masks
        if box and self._inside(*box) != tuple(box):
            left, top, right, bottom = self._clip
            masks = masks + [corners(self.matrix, left, top, right - left, bottom - top)]
        for points in masks:
            mask = Edges(place[2], place[3], _ROOM)
            mask.polygon(points, -place[0], -place[1])
            clips += ((mask.box(), mask.data),)
        filling.prepare(self.base.width)
        bounds = edges.box()
        filling.fill((0, bounds, edges.data, paint, opacity, clips, 0), bounds, self.base, place[0], place[1])

    def text(self, x, y, text, face, color, alpha=255) -> int:
        """Draw one line; returns where it ends."""
        width, height = face.measure(text), face.height
        # A pixel more on each side: the edges of the shape are not those of the letters.
        inside = self._inside(x - _OVERHANG, y - 1, width + 2 * _OVERHANG, height + 2)
        place = self._place()
        if not inside or not place or alpha < 8:
            return x + width
        from kiosk.ui.transformed.sampling import Letters

        most = max(_LETTERS_BYTES // 2 // height - 2, 1)
        left, top, across, down = inside
        for first in range(left, left + across, most):
            count = min(most, left + across - first)
            points = corners(self.matrix, first - 1, top, count + 2, down)
            if self.base.is_hidden(*around(points)):
                continue
            _letters.aim(first - 1, y, count + 2, height)
            _letters.fill_rect(first - 1, y, count + 2, height, 0)
            _letters.text(x, y, text, face, 0xFFFFFF)
            edges = Edges(place[2], place[3], _ROOM)
            edges.polygon(points, -place[0], -place[1])
            paint = Letters(_letters, count, self.back, place, rgb565(color))
            self.fill_edges(edges, paint, min(alpha * 33 >> 8, 32), place)
        return x + width

    def image(self, x, y, width, height, picture, alpha=255) -> None:
        """Draw a picture in a rectangle, stretched to fill it."""
        inside = self._inside(x, y, width, height)
        place = self._place()
        if not inside or not place:
            return
        from kiosk.ui.transformed.sampling import Texture

        key = id(picture), width, height
        copy = self._copies.get(key)
        if copy is None:
            copy = self._copies[key] = _copied(picture, width, height)
        paint = Texture(copy, (x, y, width, height), self.back, place)
        self._fill([corners(self.matrix, *inside)], paint, alpha)


def _copied(picture, width, height):
    from kiosk.ui.transformed.sampling import Copy

    most = _COPY_PIXELS
    while True:
        share = min(1, math.sqrt(most / (width * height)))
        try:
            return Copy(picture, max(int(width * share), 1), max(int(height * share), 1))
        except MemoryError:
            if most <= _FEWEST:
                raise
            most >>= 1
