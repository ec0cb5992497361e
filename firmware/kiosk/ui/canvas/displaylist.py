"""
What is on a canvas: a list of shapes, made of what a context has recorded.

A shape is a tuple that begins with its kind and the pixels that it may touch, (left, top, right, bottom):

    (FILL, box, edges, paint, opacity 0 to 32, clips, blur)     paint: a color (RGB565), or one of paints.py; blur: step in 1/32 px, 0: none
    (CLEAR, box, edges, None, 32, clips, 0)                     what lies below the canvas shows again
    (TEXT, box, text, face, color 0xRRGGBB, alpha 0 to 255, x, y)

`clips` is a tuple of (box, edges), all of which a pixel has to be in.  Text is clipped to their boxes only, and stands upright.
"""

import math

from kiosk.errors import KioskError
from kiosk.ui.canvas.paints import Gradient, PicturePaint
from kiosk.ui.canvas.path import Edges, Path
from kiosk.ui.canvas.stroke import stroke
from kiosk.ui.paint import font

FILL = const(0)
CLEAR = const(1)
TEXT = const(2)
PUT = const(3)  # as FILL
_MOST_BYTES = const(24 * 1024)  # of edges, for one canvas
_MOST_SHAPES = const(1000)
_MOST_NUMBERS = const(8000)  # in one path
_MOST_SAVED = const(50)
_SHAPE_BYTES = const(80)
_STATE = (
    ("fill_style", 0xFF0000),  # colors: alpha << 16 | RGB565
    ("stroke_style", 0xFF0000),
    ("alpha", 1.0),
    ("line_width", 1.0),
    ("cap", "butt"),
    ("join", "miter"),
    ("miter", 10.0),
    ("dashes", ()),
    ("dash_offset", 0.0),
    ("shadow", (0, 0, 0, 0)),  # x, y, blur, color
    ("size", 10.0),
    ("bold", False),
    ("family", ""),
    ("align", "left"),
    ("baseline", "normal"),
    ("matrix", (1, 0, 0, 1, 0, 0)),
    ("clips", ()),
)


class DisplayList:
    """The shapes of a canvas of `width` x `height` pixels: a list that is never changed, only followed by another."""

    def __init__(self, width: int, height: int, shapes=(), used: int = 0):
        self.width, self.height = width, height
        self.shapes = shapes
        self.used = used  # bytes

    def followed_by(self, actions, reserve: bool):
        """Another DisplayList: of what (name, arguments ...) say, after what this one has if `reserve`.  KioskError: what is wrong."""
        maker = _Maker(self.width, self.height, self if reserve else None)
        number = 0
        try:
            for action in actions:
                getattr(maker, action[0])(*action[1:])
                number += 1
        except OverflowError as exc:
            raise KioskError("canvas", "action %d, %s: %s" % (number, action[0], exc))
        except (ValueError, TypeError, ZeroDivisionError) as exc:  # TypeError: somebody has made an action by hand
            raise KioskError("parameter", "action %d, %s: %s;" % (number, action[0], exc))
        return DisplayList(self.width, self.height, maker.shapes, maker.used)


class _Maker:
    """Its methods are the names of what is recorded."""

    def __init__(self, width, height, before):
        self.width, self.height = width, height
        self.shapes = list(before.shapes) if before else []
        self.used = before.used if before else 0
        self._saved = []
        self._path = Path()
        for name, value in _STATE:
            setattr(self, name, value)

    def set(self, name, value):
        """A name of _STATE has another value."""
        if not any(name == one for one, _ in _STATE):
            raise ValueError("no %s" % name)
        setattr(self, name, value)

    def save(self):
        if len(self._saved) >= _MOST_SAVED:
            raise OverflowError("more than %d are saved" % _MOST_SAVED)
        self._saved.append([getattr(self, name) for name, _ in _STATE])

    def restore(self):
        if self._saved:
            for (name, _), value in zip(_STATE, self._saved.pop()):
                setattr(self, name, value)
            self._path.matrix = self.matrix

    def transform(self, a, b, c, d, e, f):
        m = self.matrix
        self.set_transform(
            m[0] * a + m[2] * b, m[1] * a + m[3] * b, m[0] * c + m[2] * d, m[1] * c + m[3] * d,
            m[0] * e + m[2] * f + m[4], m[1] * e + m[3] * f + m[5],
        )  # fmt: skip

    def set_transform(self, *matrix):
        for value in matrix:
            if not -1e6 < value < 1e6:
                raise ValueError("the transform becomes %s" % (matrix,))
        self.matrix = self._path.matrix = matrix

    def scale(self, x, y):
        self.transform(x, 0, 0, y, 0, 0)

    def rotate(self, angle):
        self.transform(math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 0, 0)

    def translate(self, x, y):
        self.transform(1, 0, 0, 1, x, y)

    def begin_path(self):
        self._path.begin()

    def close_path(self):
        self._path.close()

    def _grown(self):
        if self._path.count > _MOST_NUMBERS:
            raise OverflowError("a path of more than %d points" % (_MOST_NUMBERS // 2))

    def move_to(self, x, y):
        self._path.move(x, y)
        self._grown()

    def line_to(self, x, y):
        self._path.line(x, y)
        self._grown()

    def rect(self, x, y, width, height):
        self._path.rect(x, y, width, height)
        self._grown()

    def arc(self, x, y, radius, start, end, backwards=False):
        self._path.arc(x, y, radius, start, end, backwards)
        self._grown()

    def arc_to(self, x1, y1, x2, y2, radius):
        self._path.arc_to(x1, y1, x2, y2, radius)
        self._grown()

    def quadratic_curve_to(self, x1, y1, x, y):
        self._path.quadratic(x1, y1, x, y)
        self._grown()

    def bezier_curve_to(self, x1, y1, x2, y2, x, y):
        self._path.curve(x1, y1, x2, y2, x, y)
        self._grown()

    def fill(self):
        self._shape(self._path.parts, self.fill_style, None)

    def stroke(self):
        self._shape(self._path.parts, self.stroke_style, self._pen())

    def clip(self):
        edges = self._edges(self._path.parts, None)
        self._use(len(edges.data) * 2)
        self.clips += ((edges.box(), edges.data),)

    def fill_rect(self, x, y, width, height):
        self._shape(self._rect(x, y, width, height), self.fill_style, None)

    def stroke_rect(self, x, y, width, height):
        self._shape(self._rect(x, y, width, height), self.stroke_style, self._pen())

    def clear_rect(self, x, y, width, height):
        edges = self._edges(self._rect(x, y, width, height), None)
        if not self.clips and edges.box() == (0, 0, self.width, self.height) and _covers(edges.data, self.height):
            self.shapes = []  # nothing of what was there is seen again
            self.used = 0
        elif self.shapes:
            self._put((CLEAR, edges.box(), edges.data, None, 32, self.clips, 0), len(edges.data) * 2)

    def draw_image(self, picture, sx, sy, swidth, sheight, x, y, width, height):
        if not swidth or not sheight or not width or not height:
            return
        a, b, c, d, _, _ = self.matrix
        if not a * d - b * c:
            return
        paint = PicturePaint(picture, (sx, sy, swidth, sheight), (x, y, width, height), self.matrix)
        edges = self._edges(self._rect(x, y, width, height), None)
        cover = int(self.alpha * 32 + 0.5)
        self._put((FILL, edges.box(), edges.data, paint, cover, self.clips, 0), len(edges.data) * 2)

    def put_pixels(self, paint, x, y, width, height):
        """Pixels in the place of what is there.  Those that were put in the same place before are gone, with their memory."""
        edges = self._edges(self._rect(x, y, width, height), None)
        box = edges.box()
        self.shapes = [one for one in self.shapes if one[0] != PUT or one[1] != box]
        if self.shapes:
            self._put((CLEAR, box, edges.data, None, 32, (), 0), len(edges.data) * 2)
        self._put((PUT, box, edges.data, paint, 32, (), 0), len(edges.data) * 2)

    def fill_text(self, text, x, y, most=None):
        self._text(text, x, y, most, self.fill_style)

    def stroke_text(self, text, x, y, most=None):
        self._text(text, x, y, most, self.stroke_style)

    def _rect(self, x, y, width, height):
        path = Path()
        path.matrix = self.matrix
        path.rect(x, y, width, height)
        return path.parts

    def _pen(self):
        scale = self._scale()
        dashes = [one * scale for one in self.dashes]
        return self.line_width * scale, self.cap, self.join, self.miter, dashes, self.dash_offset * scale

    def _scale(self):
        a, b, c, d, _, _ = self.matrix
        return math.sqrt(abs(a * d - b * c))

    def _edges(self, parts, pen, dx=0.0, dy=0.0):
        edges = Edges(self.width, self.height, _MOST_BYTES - self.used)
        if pen:
            stroke(edges, parts, pen, dx, dy)
        else:
            edges.fill(parts, dx, dy)
        return edges

    def _shape(self, parts, style, pen):
        x, y, blur, color = self.shadow
        if color >> 16 and (x or y or blur):
            edges = self._edges(parts, pen, x, y)
            step = min(
                int(blur * 32 / 2.83 + 0.5), 1000
            )  # five copies each way: their spread is a Gaussian's of half the blur
            left, top, right, bottom = edges.box()
            wide = step // 16 + 1 if step else 0
            box = (
                max(left - wide, 0),
                max(top - wide, 0),
                min(right + wide, self.width),
                min(bottom + wide, self.height),
            )
            cover = self._cover(color)
            if not isinstance(style, Gradient):
                cover = cover * (style >> 16) // 255
            self._put((FILL, box, edges.data, color & 0xFFFF, cover, self.clips, step), len(edges.data) * 2)
        if isinstance(style, Gradient):
            paint = style.paint(self.matrix)
            cover = int(self.alpha * 32 + 0.5)
        else:
            paint, cover = style & 0xFFFF, self._cover(style)
        if paint is not None and cover:
            edges = self._edges(parts, pen)
            extra = 512 if isinstance(style, Gradient) else 0
            self._put((FILL, edges.box(), edges.data, paint, cover, self.clips, 0), len(edges.data) * 2 + extra)

    def _cover(self, color):
        return int((color >> 16) * self.alpha * 32 / 255 + 0.5)

    def _text(self, text, x, y, most, style):
        a, b, c, d, e, f = self.matrix
        size = self.size * self._scale()
        face = font.face(int(size + 0.5), self.bold, self.family)
        taken = face.measure(text)
        if most is not None:
            most *= self._scale()
            while taken > most and face.size > font.SIZES[0]:
                smaller = font.face(face.size - 2, self.bold, self.family)
                if smaller is face:
                    smaller = font.face(face.size * 3 // 4, self.bold, self.family)
                if smaller is face:
                    break
                face = smaller
                taken = face.measure(text)
        px, py = a * x + c * y + e, b * x + d * y + f
        px -= {"center": taken / 2, "right": taken, "end": taken}.get(self.align, 0)
        py -= {"top": 0, "hanging": 0, "middle": face.height / 2, "bottom": face.height}.get(self.baseline, face.ascent)
        if not -30000 < px < 30000 or not -30000 < py < 30000:
            return
        color = style.first() if isinstance(style, Gradient) else style
        sx, sy, _, shadow = self.shadow
        if shadow >> 16 and (sx or sy):
            self._line(text, face, shadow, px + sx, py + sy, taken)
        self._line(text, face, color, px, py, taken)

    def _line(self, text, face, color, x, y, taken):
        x, y = int(math.floor(x + 0.5)), int(math.floor(y + 0.5))
        box = (x - 2, y - 2, x + taken + 4, y + face.height + 2)
        for clip, _ in self.clips:
            box = (max(box[0], clip[0]), max(box[1], clip[1]), min(box[2], clip[2]), min(box[3], clip[3]))
        alpha = int((color >> 16) * self.alpha + 0.5)
        if alpha and box[0] < box[2] and box[1] < box[3]:
            shape = (TEXT, box, text, face, _rgb(color), alpha, x, y)
            self._put(shape, len(text))

    def _use(self, size):
        self.used += size
        if self.used > _MOST_BYTES:
            raise OverflowError("there is no room for more than %d bytes of shapes" % _MOST_BYTES)

    def _put(self, shape, size):
        box = shape[1]
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        if len(self.shapes) >= _MOST_SHAPES:
            raise OverflowError("there is no room for more than %d shapes" % _MOST_SHAPES)
        self._use(size + _SHAPE_BYTES)
        self.shapes.append(shape)


def _covers(data, height):
    """Whether edges are those of the whole canvas: its left side, and nothing within."""
    return len(data) == 4 and data[0] == data[2] == 0 and abs(data[1] - data[3]) == height * 32


def _rgb(color):
    """0xRRGGBB of a color."""
    red, green, blue = color >> 11 & 31, color >> 5 & 63, color & 31
    return (red << 3 | red >> 2) << 16 | (green << 2 | green >> 4) << 8 | blue << 3 | blue >> 2
