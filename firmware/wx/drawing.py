"""
What records drawing: wx.createContext's object, and what wx.createCanvasContext's has in common with it.

What is simplified: text stands upright whatever the transform, in the sizes that its font has, and takes a gradient's first color; a shadow is
blurred in five steps each way, a text's not at all; a line is as wide in every direction.
"""

from kiosk import api
from kiosk.errors import KioskError
from kiosk.ui import colors
from kiosk.ui.canvas.paints import Gradient
from kiosk.ui.paint import font as fonts

_MOST_ACTIONS = const(2000)
# What a method takes: n number, s text, b boolean; after a dot, what may be left out.
_KINDS = {"n": "Number", "s": "String", "b": "Boolean"}
_CAPS = ("butt", "round", "square")
_JOINS = ("miter", "round", "bevel")
_ALIGNS = ("left", "center", "right", "start", "end")
_BASELINES = ("top", "bottom", "middle", "normal", "alphabetic", "hanging", "ideographic")
_BLACK = const(0xFF0000)


def wrong(name, text):
    """A wx.Error: an argument is not what it should be."""
    return api.Error(api.failure(name, KioskError("parameter", text)))


def _number(name, value):
    if api.type_name(value) != "Number" or not -1e9 < value < 1e9:
        given = value if isinstance(value, (int, float)) and not isinstance(value, bool) else api.type_name(value)
        raise wrong(name, "%s takes a number, not %s;" % (name, given))
    return value


def _taken(name, rule, args):
    needed = len(rule.partition(".")[0])
    rule = rule.replace(".", "")
    if not needed <= len(args) <= len(rule):
        raise wrong(name, "%s takes %d arguments, not %d;" % (name, needed, len(args)))
    for kind, value in zip(rule, args):
        if kind == "n":
            _number(name, value)
        elif api.type_name(value) != _KINDS[kind]:
            raise wrong(name, "%s takes a %s, not a %s;" % (name, _KINDS[kind], api.type_name(value)))
    return args


def _recorder(name, rule):
    action = "".join(["_" + letter.lower() if letter.isupper() else letter for letter in name])

    def record(self, *args):
        self._record(action, *_taken(name, rule, args))

    return record


def _style(name, state):
    """setFillStyle and setStrokeStyle: a color, or a gradient."""

    def put(self, value):
        if not isinstance(value, Gradient):
            if not isinstance(value, str):
                raise wrong(name, "%s takes a color or a gradient, not a %s;" % (name, api.type_name(value)))
            try:
                value = colors.color(value)
            except ValueError as exc:
                raise wrong(name, "%s;" % exc)
        self._record("set", state, value)

    return put


def _setter(name, state, low, high):
    """A number between two, the state that it is kept in."""

    def put(self, value):
        if not low <= _number(name, value) <= high:
            raise wrong(name, "%s takes a number from %s to %s, not %s;" % (name, low, high, value))
        self._record("set", state, value)

    return put


def _chooser(name, state, values):
    def put(self, value):
        if value not in values:
            raise wrong(name, "%s takes one of %s;" % (name, ", ".join(values)))
        self._record("set", state, value)

    return put


def _property(name, put, default):
    """A property that does what a setX() does, and remembers what it was set to."""

    def get(self):
        return self._given.get(name, default)

    def assign(self, value):
        put(self, value)
        self._given[name] = value

    return property(get, assign)


def _shadow_part(at, name, low, high):
    def put(self, value):
        if not low <= _number(name, value) <= high:
            raise wrong(name, "%s takes a number from %s to %s, not %s;" % (name, low, high, value))
        shadow = list(self._shadow)
        shadow[at] = value
        self._put_shadow(shadow)

    return put


class DrawingContext:
    """What wx.createContext returns: records, and belongs to no canvas.  A wrong argument is a wx.Error, and nothing is recorded."""

    def __init__(self):
        self._actions = []
        self._given = {}
        self._face = (10, False, "")
        self._shadow = [0, 0, 0, _BLACK]

    def getActions(self):
        """All that is recorded, for wx.drawCanvas."""
        return list(self._actions)

    def clearActions(self):
        """Forget it."""
        self._actions = []

    def _record(self, *action):
        try:
            if len(self._actions) >= _MOST_ACTIONS:
                raise KioskError("canvas", "more than %d actions" % _MOST_ACTIONS)
            self._actions.append(action)
        except (KioskError, MemoryError) as exc:
            words = action[0].split("_")
            raise api.Error(api.failure(words[0] + "".join([word[0].upper() + word[1:] for word in words[1:]]), exc))

    save = _recorder("save", "")
    restore = _recorder("restore", "")
    beginPath = _recorder("beginPath", "")
    closePath = _recorder("closePath", "")
    moveTo = _recorder("moveTo", "nn")
    lineTo = _recorder("lineTo", "nn")
    rect = _recorder("rect", "nnnn")
    arc = _recorder("arc", "nnnnn.b")
    arcTo = _recorder("arcTo", "nnnnn")
    quadraticCurveTo = _recorder("quadraticCurveTo", "nnnn")
    bezierCurveTo = _recorder("bezierCurveTo", "nnnnnn")
    fill = _recorder("fill", "")
    stroke = _recorder("stroke", "")
    clip = _recorder("clip", "")
    fillRect = _recorder("fillRect", "nnnn")
    strokeRect = _recorder("strokeRect", "nnnn")
    clearRect = _recorder("clearRect", "nnnn")
    fillText = _recorder("fillText", "snn.n")
    strokeText = _recorder("strokeText", "snn.n")
    scale = _recorder("scale", "nn")
    rotate = _recorder("rotate", "n")
    translate = _recorder("translate", "nn")
    transform = _recorder("transform", "nnnnnn")
    setTransform = _recorder("setTransform", "nnnnnn")
    setFillStyle = _style("setFillStyle", "fill_style")
    setStrokeStyle = _style("setStrokeStyle", "stroke_style")
    setGlobalAlpha = _setter("setGlobalAlpha", "alpha", 0, 1)
    setLineWidth = _setter("setLineWidth", "line_width", 0, 10000)
    setMiterLimit = _setter("setMiterLimit", "miter", 1, 10000)
    setLineCap = _chooser("setLineCap", "cap", _CAPS)
    setLineJoin = _chooser("setLineJoin", "join", _JOINS)
    setTextAlign = _chooser("setTextAlign", "align", _ALIGNS)
    setTextBaseline = _chooser("setTextBaseline", "baseline", _BASELINES)
    _set_offset = _setter("lineDashOffset", "dash_offset", -1e6, 1e6)

    def setLineDash(self, pattern, offset=0):
        """Lengths of dashes and gaps in turn; [] for a whole line."""
        if not isinstance(pattern, (list, tuple)) or len(pattern) > 100:
            raise wrong("setLineDash", "setLineDash takes an Array of up to 100 numbers;")
        for value in pattern:
            if _number("setLineDash", value) < 0:
                raise wrong("setLineDash", "setLineDash takes no length below 0;")
        self._set_offset(offset)
        self._record("set", "dashes", tuple(pattern) * (2 if len(pattern) & 1 else 1))

    def setFontSize(self, size):
        """Pixels; the next size that the font has is taken: those of wx.loadFontFace have any."""
        if not 0 < _number("setFontSize", size) <= 1000:
            raise wrong("setFontSize", "setFontSize takes a size, not %s;" % size)
        self._set_font(size, *self._face[1:])

    def _set_font(self, size, bold, family):
        self._record("set", "size", size)
        self._record("set", "bold", bold)
        if family != self._face[2]:
            self._record("set", "family", family)
        self._face = (size, bold, family)

    def setShadow(self, offsetX, offsetY, blur, color):
        """A shadow of what is drawn from now on.  Of its blur 0 to 100."""
        for value in (offsetX, offsetY, blur):
            _number("setShadow", value)
        try:
            if not 0 <= blur <= 100:
                raise ValueError("a blur of %s" % blur)
            color = colors.color(color if isinstance(color, str) else api.type_name(color))
        except ValueError as exc:
            raise wrong("setShadow", "%s;" % exc)
        self._put_shadow([offsetX, offsetY, blur, color])

    def _put_shadow(self, shadow):
        self._record("set", "shadow", tuple(shadow))
        self._shadow = shadow

    def drawImage(self, image, *places):
        """A picture, whole or a part of it: (x, y), (x, y, width, height), or (sx, sy, swidth, sheight, x, y, width, height).

        image: the path of a PNG, JPEG or BMP, or a picture as kiosk/ui/paint/image.py describes one.
        """
        if len(places) not in (2, 4, 8):
            raise wrong("drawImage", "drawImage takes 2, 4 or 8 numbers, not %d;" % len(places))
        for value in places:
            _number("drawImage", value)
        picture = _picture(image)
        part = places[:4] if len(places) == 8 else (0, 0, picture.width, picture.height)
        where = places[-4:] if len(places) > 2 else places + (picture.width, picture.height)
        self._record("draw_image", picture, *part, *where)

    def createLinearGradient(self, x0, y0, x1, y1):
        """A gradient along a line; its addColorStop(stop, color) gives it colors."""
        return _gradient("createLinearGradient", (x0, y0, x1, y1))

    def createCircularGradient(self, x, y, r):
        """A gradient from the middle of a circle to its edge."""
        return _gradient("createCircularGradient", (x, y, r))

    def createPattern(self, image, repetition):
        """Not supported: a wx.Error says so."""
        raise api.Error(api.failure("createPattern", KioskError("unsupported", "patterns")))

    def measureText(self, text):
        """Return an object with the `width` that a text takes."""
        if not isinstance(text, str):
            raise wrong("measureText", "measureText takes a String, not a %s;" % api.type_name(text))
        return api.Result(width=fonts.face(int(self._face[0] + 0.5), *self._face[1:]).measure(text))

    def _set_font_text(self, value):
        size = None
        parts = value.split() if isinstance(value, str) else ()
        for at, part in enumerate(parts):
            part = part.partition("/")[0]  # what follows is the height of a line
            if part[-2:] == "px" and part[:-2].replace(".", "", 1).isdigit():
                size = float(part[:-2])
                family = " ".join(parts[at + 1 :]).partition(",")[0].strip("\"' ")
                break
        if not size or size > 1000:
            raise wrong("font", "font takes a text as 'bold 20px sans-serif';")
        self._set_font(size, "bold" in parts[:at], family)

    def _set_operation(self, value):
        if value != "source-over":
            raise api.Error(api.failure("globalCompositeOperation", KioskError("unsupported", str(value))))

    def _set_shadow_color(self, value):
        self.setShadow(*self._shadow[:3], value)

    shadowOffsetX = _property("shadowOffsetX", _shadow_part(0, "shadowOffsetX", -10000, 10000), 0)
    shadowOffsetY = _property("shadowOffsetY", _shadow_part(1, "shadowOffsetY", -10000, 10000), 0)
    shadowBlur = _property("shadowBlur", _shadow_part(2, "shadowBlur", 0, 100), 0)
    shadowColor = _property("shadowColor", _set_shadow_color, "#000000")
    fillStyle = _property("fillStyle", setFillStyle, "#000000")
    strokeStyle = _property("strokeStyle", setStrokeStyle, "#000000")
    globalAlpha = _property("globalAlpha", setGlobalAlpha, 1)
    lineWidth = _property("lineWidth", setLineWidth, 1)
    lineCap = _property("lineCap", setLineCap, "butt")
    lineJoin = _property("lineJoin", setLineJoin, "miter")
    lineDashOffset = _property("lineDashOffset", _set_offset, 0)
    miterLimit = _property("miterLimit", setMiterLimit, 10)
    font = _property("font", _set_font_text, "10px sans-serif")
    globalCompositeOperation = _property("globalCompositeOperation", _set_operation, "source-over")


class CanvasGradient(Gradient):
    """What createLinearGradient and createCircularGradient return."""

    def addColorStop(self, stop, color):
        """A color at a place from 0 to 1."""
        try:
            self.add_stop(_number("addColorStop", stop), color if isinstance(color, str) else api.type_name(color))
        except ValueError as exc:
            raise wrong("addColorStop", "%s;" % exc)


def _gradient(name, places):
    for value in places:
        _number(name, value)
    return CanvasGradient(*places)


def _picture(image):
    if hasattr(image, "row") and hasattr(image, "width"):
        return image
    if not isinstance(image, str):
        raise wrong("drawImage", "drawImage takes a path, not a %s;" % api.type_name(image))
    from kiosk import files
    from kiosk.ui.images import open_picture

    try:
        picture = open_picture(open(files.current().readable(image), "rb"))
        picture.rest()  # what is wrong with it is known: decoding is for painting
        return picture
    except ValueError as exc:
        raise wrong("drawImage", "%s: %s;" % (image, exc))
    except OSError:
        raise api.Error(api.failure("drawImage", KioskError("no file", image)))
    except KioskError as exc:
        raise api.Error(api.failure("drawImage", exc))
