"""
`transform` and `transform-origin` as they are written in style sheets (CSS Transforms 1 and 2).

Functions of three dimensions are projected (transform.py); perspective() is refused, as nothing has a depth.
"""

import math

from kiosk.ui import declarations, transform

_UNITS = (("deg", 1), ("grad", 0.9), ("rad", 180 / math.pi), ("turn", 360))  # "grad" ends in "rad"
_SIDES = {"left": "0%", "top": "0%", "center": "50%", "right": "100%", "bottom": "100%"}


def checked(name: str, value: str) -> str:
    """The value of a declaration, if it can be used.  ValueError, with the reason."""
    if name == "transform":
        functions(value, _known)
    else:
        origin(value, _known)
    return value


def _known(text, is_down):
    if declarations.length(text) == "auto":
        raise ValueError("%s is no length" % text)
    return 0.0


def functions(text: str, px):
    """List of (type, numbers), as transform.py has them.  px(length, is_down): a length's px.  ValueError: what is wrong."""
    found = []
    rest = "" if text == "none" else text.strip()
    while rest:
        name, opened, rest = rest.partition("(")
        inside, closed, rest = rest.partition(")")
        name, rest = name.strip(), rest.strip(" ,\t\n")
        if not opened or not closed:
            raise ValueError("%s is no list of functions" % text)
        if name == "perspective":
            raise ValueError("perspective() is not supported")
        made = name, _numbers(name, [part.strip() for part in inside.split(",")], px)
        transform.matrix(*made)
        found.append(made)
    return found


def _numbers(name, parts, px):
    if name.startswith("translate"):
        numbers = [px(part, at == 1 or name == "translateY") for at, part in enumerate(parts)]
    elif name == "rotate3d":
        numbers = [_number(part) for part in parts[:-1]] + [degrees(parts[-1])]
    elif name.startswith(("rotate", "skew")):
        numbers = [degrees(part) for part in parts]
    else:
        numbers = [_number(part) for part in parts]
    if len(numbers) == 1 and name in ("translate", "skew", "scale"):
        numbers.append(numbers[0] if name == "scale" else 0)
    return numbers


def _number(text):
    try:
        return float(text)
    except ValueError:
        raise ValueError("%s is no number" % text)


def degrees(text: str) -> float:
    """An angle.  ValueError: it is none."""
    for unit, share in _UNITS:
        if text.endswith(unit):
            return _number(text[: -len(unit)]) * share
    value = _number(text)
    if value:
        raise ValueError("%s has no unit" % text)
    return value


def origin(text: str, px):
    """(x, y) in px from the box's corner.  A third part is depth, and dropped.  ValueError: what is wrong."""
    parts = text.split()
    if not 1 <= len(parts) <= 3:
        raise ValueError("%s is no transform-origin" % text)
    parts = (parts + ["center"])[:2] if len(parts) < 3 else parts[:2]
    if parts[0] in ("top", "bottom") or parts[1] in ("left", "right"):
        parts.reverse()
        if parts[0] in ("top", "bottom") or parts[1] in ("left", "right"):
            raise ValueError("%s is no transform-origin" % text)
    x, y = [_SIDES.get(part, part) for part in parts]
    return px(x, False), px(y, True)
