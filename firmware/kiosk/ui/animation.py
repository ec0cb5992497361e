"""
What an exported animation (wx/animation.py) makes of a node, at any time: pure reckoning, for whoever paints the node.

    run = Animation(exported, {"opacity": 1.0, "width": 80.0, "transform": ()})
    values = run.at(ms_since_it_began)      # {"opacity": 0.4, "transform": (1, 0, 0, 1, 12.5, 0)}; at run.duration_ms it is over
    start = run.ends                        # for the next exported animation of the same node

The steps are transitions, one after the other, each from what the one before has left.  Values: `opacity` a float; lengths in px;
`background-color` as kiosk/ui/colors.py has colors; `transform` a matrix (a, b, c, d, e, f) as CSS's matrix() has it, and with it
`transform-origin`, a text for origin().
"""

from kiosk.ui import colors, transform

# Cubic Béziers of CSS Easing 1, 2.2.1.
_CURVES = {
    "ease": (0.25, 0.1, 0.25, 1.0),
    "ease-in": (0.42, 0.0, 1.0, 1.0),
    "ease-out": (0.0, 0.0, 0.58, 1.0),
    "ease-in-out": (0.42, 0.0, 0.58, 1.0),
}
_LENGTHS = ("width", "height", "top", "left", "bottom", "right")
_SIDES = {"left": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "bottom": 1.0}
_HALVINGS = const(22)  # single floats have 24 bits


def eased(name: str, share: float) -> float:
    """How much of a change has been made after this share (0 to 1) of its time.  ValueError: no such timing function."""
    if name == "linear":
        return share
    if name == "step-start":
        return 1.0
    if name == "step-end":
        return 1.0 if share >= 1 else 0.0
    if name not in _CURVES:
        raise ValueError("no timing function %s" % name)
    if share <= 0 or share >= 1:
        return 0.0 if share <= 0 else 1.0
    x1, y1, x2, y2 = _CURVES[name]
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _bezier(x1, x2, middle) < share:
            low = middle
        else:
            high = middle
    return _bezier(y1, y2, (low + high) / 2)


def _bezier(first, second, t):
    rest = 1 - t
    return t * (3 * rest * (rest * first + t * second) + t * t)


def origin(text: str, width: float, height: float):
    """(x, y) in px from the node's corner: a transform-origin.  ValueError for what is none.  Its third part is depth, and dropped."""
    parts = text.split()
    if not 1 <= len(parts) <= 3:
        raise ValueError("%s is no transform-origin" % text)
    parts = (parts + ["center"])[:2]
    if parts[0] in ("top", "bottom") or parts[1] in ("left", "right"):
        parts.reverse()
    return _offset(parts[0], width), _offset(parts[1], height)


def _offset(text, size):
    if text in _SIDES:
        return _SIDES[text] * size
    return float(text[:-1]) / 100 * size if text.endswith("%") else _px(text)


def _px(value):
    text = value[:-2] if isinstance(value, str) and value.endswith("px") and not value.endswith("rpx") else value
    return float(text)  # a ValueError for what is no number


class Animation:
    """
    exported: what wx.createAnimation's export() returned.  start: the node's values before, which it has to have for all that is
    animated but `transform` (a list of (type, numbers)) and what becomes another color, which begins transparent.

    length(name, text): px of a length with another unit than px.  ValueError: the animation is broken, or `start` lacks something.
    duration_ms: when it is over.  ends: `start` for what follows on the same node.
    """

    def __init__(self, exported: dict, start: dict, length=None):
        self._length = length
        self._steps = []  # (since ms, begin ms, duration ms, timing, before, after, origin)
        values = dict(start)
        values["transform"] = list(values.get("transform", ()))
        now_ms = 0
        try:
            for step in exported["actions"]:
                option = step["option"]
                transition = option["transition"]
                after = self._after(step["animates"], values)
                begin_ms = now_ms + transition["delay"]
                duration_ms = max(0, transition["duration"])
                eased(transition["timingFunction"], 0)
                timing = transition["timingFunction"]
                self._steps.append((now_ms, begin_ms, duration_ms, timing, values, after, option["transformOrigin"]))
                values = after
                now_ms = max(now_ms, begin_ms + duration_ms)
        except (KeyError, TypeError, IndexError, AttributeError) as exc:
            raise ValueError("no exported animation: %s" % exc)
        self.duration_ms = now_ms
        self.ends = values

    def _after(self, animates, before):
        after = dict(before)
        functions = []
        for one in animates:
            kind, args = one["type"], one["args"]
            if kind != "style":
                transform.matrix(kind, args)  # a ValueError for what is none
                functions.append((kind, args))
                continue
            name, value = args
            if name == "backgroundColor":  # as WeChat once exported it
                name = "background-color"
            if name == "background-color":
                value = colors.color(value)
                after.setdefault(name, 0)
                before.setdefault(name, 0)
            elif name in _LENGTHS:
                value = self._px(name, value)
            elif name == "opacity":
                value = min(max(float(value), 0.0), 1.0)
            else:
                raise ValueError("%s is not animated" % name)
            if name not in before:
                raise ValueError("the node has no %s to begin with" % name)
            after[name] = value
        if functions:
            after["transform"] = functions
        return after

    def _px(self, name, value):
        try:
            return _px(value)
        except ValueError:
            if self._length is None:
                raise ValueError("%s is no length in px" % value)
            return self._length(name, value)

    def at(self, ms: float) -> dict:
        """The values after so many milliseconds: of all that the animation changes.  Before it begins, those it begins with."""
        if not self._steps:
            return {}
        chosen = self._steps[0]
        for step in self._steps:
            if ms >= step[0]:
                chosen = step
        _, begin_ms, duration_ms, timing, before, after, where = chosen
        if ms >= begin_ms + duration_ms:
            share = 1.0
        else:
            share = eased(timing, (ms - begin_ms) / duration_ms) if ms >= begin_ms else 0.0
        values = {}
        for name in self.ends:
            if name == "transform":
                if self.ends[name]:
                    values[name] = transform.between(before[name], after[name], share)
                    values["transform-origin"] = where
            elif name in after and self._changes(name):
                mixed = _mixed_color if name == "background-color" else _mixed
                values[name] = mixed(before[name], after[name], share)
        return values

    def _changes(self, name):
        return any(step[4].get(name) != step[5].get(name) for step in self._steps)


def _mixed(one, other, share):
    return one + (other - one) * share


def _mixed_color(one, other, share):
    # CSS Color 4, 12.3: channels are mixed as they are seen, multiplied by their alpha.
    alphas = one >> 16, other >> 16
    alpha = _mixed(*alphas, share)
    if alpha <= 0:
        return 0
    mixed = 0
    for shift, most in ((11, 31), (5, 63), (0, 31)):
        channels = [(color >> shift & most) * color_alpha for color, color_alpha in zip((one, other), alphas)]
        mixed |= min(int(_mixed(*channels, share) / alpha + 0.5), most) << shift
    return int(alpha + 0.5) << 16 | mixed
