"""Chapter "Animation": describes one.  What comes of it on the screen: kiosk/ui/animation.py."""

from kiosk import api
from kiosk.errors import KioskError

_OPTIONS = (
    ("duration", "Number", 400),
    ("timingFunction", "String", "linear"),
    ("delay", "Number", 0),
    ("transformOrigin", "String", "50% 50% 0"),
)
_TIMINGS = ("linear", "ease", "ease-in", "ease-in-out", "ease-out", "step-start", "step-end")
_MOST_STEPS = const(200)  # waiting for export(): a loop that forgets it is not to take the heap
_UNIT = (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)


def _checked(name, options, defaults):
    # The options with what is not given taken from `defaults`; wx.Error for what cannot be meant.
    try:
        if options is None:
            options = {}
        if not isinstance(options, dict):
            raise KioskError("parameter", "parameter should be Object instead of %s;" % api.type_name(options))
        values = api.checked([(row[0], row[1], defaults[row[0]]) for row in _OPTIONS], options)
        for key in ("duration", "delay"):
            if not -1e9 < values[key] < 1e9 or (key == "duration" and values[key] < 0):
                raise KioskError("parameter", "parameter.%s should be a time in milliseconds;" % key)
        if values["timingFunction"] not in _TIMINGS:
            raise KioskError("parameter", "parameter.timingFunction should be one of %s;" % ", ".join(_TIMINGS))
    except KioskError as exc:
        raise api.Error(api.failure(name, exc))
    return values


def _numbers(name, args):
    for value in args:
        if api.type_name(value) != "Number" or not -3e38 < value < 3e38:
            given = value if isinstance(value, float) else api.type_name(value)
            raise api.Error(api.failure(name, KioskError("parameter", "%s takes numbers, not %s;" % (name, given))))


def _transform(name, *defaults):
    """A method that takes as many numbers as there are defaults."""

    def method(self, *args):
        if len(args) > len(defaults):
            wrong = KioskError("parameter", "%s takes %d numbers;" % (name, len(defaults)))
            raise api.Error(api.failure(name, wrong))
        args = [default if value is None else value for value, default in zip(args, defaults)]
        if name == "scale" and len(args) == 1:
            args += args
        args += defaults[len(args) :]
        _numbers(name, args)
        return self._add(name, args)

    return method


def _style(name, css_name, takes_text):
    """A method that takes a value of a style: a number, or for lengths and colors a text."""

    def method(self, value):
        if not (takes_text and isinstance(value, str)):
            _numbers(name, (value,))
            if name == "backgroundColor":
                wrong = KioskError("parameter", "parameter.value should be String instead of Number;")
                raise api.Error(api.failure(name, wrong))
            if takes_text:
                value = "%spx" % value
        return self._add("style", [css_name, value])

    return method


class Animation:
    """What wx.createAnimation returns.  Each method but export() returns the object itself.

    A step begins with all that earlier steps have set, as WeChat's does.  Numbers only (lengths: px, or a text with its
    unit); anything else is a wx.Error, and the animation is as it was.
    """

    def __init__(self, options):
        self._options = options
        self._steps = []
        self._set = []  # what steps have set, in the order in which it was first set
        self._next = []  # what the coming step sets

    opacity = _style("opacity", "opacity", False)
    backgroundColor = _style("backgroundColor", "background-color", True)
    width = _style("width", "width", True)
    height = _style("height", "height", True)
    top = _style("top", "top", True)
    left = _style("left", "left", True)
    bottom = _style("bottom", "bottom", True)
    right = _style("right", "right", True)
    rotate = _transform("rotate", 0)
    rotateX = _transform("rotateX", 0)
    rotateY = _transform("rotateY", 0)
    rotateZ = _transform("rotateZ", 0)
    rotate3d = _transform("rotate3d", 0, 0, 0, 0)
    scale = _transform("scale", 1, 1)
    scaleX = _transform("scaleX", 1)
    scaleY = _transform("scaleY", 1)
    scaleZ = _transform("scaleZ", 1)
    scale3d = _transform("scale3d", 1, 1, 1)
    translate = _transform("translate", 0, 0)
    translateX = _transform("translateX", 0)
    translateY = _transform("translateY", 0)
    translateZ = _transform("translateZ", 0)
    translate3d = _transform("translate3d", 0, 0, 0)
    skew = _transform("skew", 0, 0)
    skewX = _transform("skewX", 0)
    skewY = _transform("skewY", 0)
    matrix = _transform("matrix", 1, 0, 0, 1, 1, 1)  # the two last are 1 in WeChat, too
    matrix3d = _transform("matrix3d", *_UNIT)

    def step(self, options=None, **more):
        """End a group: what was called since the last step happens at once.  options: as createAnimation's, for it alone."""
        values = _checked("step", more if options is None else options, self._options)
        if len(self._steps) >= _MOST_STEPS:
            raise api.Error(api.failure("step", KioskError("parameter", "more than %d steps;" % _MOST_STEPS)))
        for one in self._next:
            _put(self._set, one)
        self._next = []
        transition = {key: values[key] for key in ("duration", "timingFunction", "delay")}
        option = {"transformOrigin": values["transformOrigin"], "transition": transition}
        animates = [{"type": one["type"], "args": list(one["args"])} for one in self._set]
        self._steps.append({"animates": animates, "option": option})
        return self

    def export(self):
        """Return {"actions": [...]}, all steps since the last export(), for the `animation` of a node."""
        steps, self._steps = self._steps, []
        return {"actions": steps}

    def _add(self, name, args):
        _put(self._next, {"type": name, "args": args})
        return self


def _put(animates, new):
    # One of each kind, in the place where the first of it was.
    for at, one in enumerate(animates):
        if one["type"] == new["type"] and (new["type"] != "style" or one["args"][0] == new["args"][0]):
            animates[at] = new
            return
    animates.append(new)


def createAnimation(options=None, **more):
    """Return a new Animation.  duration 400 ms, timingFunction linear, delay 0 ms, transformOrigin "50% 50% 0"."""
    defaults = {row[0]: row[2] for row in _OPTIONS}
    return Animation(_checked("createAnimation", more if options is None else options, defaults))
