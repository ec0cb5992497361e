"""
CSS transforms: the matrix of a list of functions, and what lies between two lists.

A function is (type, numbers), as in an exported animation: angles in degrees, lengths in px.  Those of three dimensions are projected:
the node is turned in space and looked at from straight in front, without perspective, which is what CSS makes of a node whose
parents have no `perspective`.  What cannot be mixed function by function is projected first, and then mixed as a 2D matrix.
"""

import math

_COUNTS = {
    "matrix": 6, "matrix3d": 16, "rotate": 1, "rotateX": 1, "rotateY": 1, "rotateZ": 1, "rotate3d": 4, "scale": 2, "scaleX": 1,
    "scaleY": 1, "scaleZ": 1, "scale3d": 3, "translate": 2, "translateX": 1, "translateY": 1, "translateZ": 1, "translate3d": 3,
    "skew": 2, "skewX": 1, "skewY": 1,
}  # fmt: skip
_AXES = {"rotateX": (1, 0, 0), "rotateY": (0, 1, 0)}
UNIT = (1, 0, 0, 1, 0, 0)


def matrix(kind: str, args):
    """The 16 numbers, column by column, of one function.  ValueError: there is no such function, or its numbers are none."""
    if kind not in _COUNTS or len(args) != _COUNTS[kind]:
        raise ValueError("no transform %s of %d numbers" % (kind, len(args)))
    for value in args:
        if not isinstance(value, (int, float)) or not -3e38 < value < 3e38:
            raise ValueError("%s is no number for %s" % (value, kind))
    if kind == "matrix3d":
        return list(args)
    if kind == "rotate3d" or kind in _AXES:
        return _turned(*(args if kind == "rotate3d" else _AXES[kind] + (args[0],)))
    return _flat(kind, args)


def _flat(kind, args):
    a, b, c, d, e, f = UNIT
    z, depth = 1, 0
    first = args[0]
    if kind == "matrix":
        a, b, c, d, e, f = args
    elif kind in ("rotate", "rotateZ"):
        a, b = math.cos(math.radians(first)), math.sin(math.radians(first))
        c, d = -b, a
    elif kind in ("scale", "scale3d"):
        a, d = args[:2]
        z = args[2] if kind == "scale3d" else 1
    elif kind == "scaleX":
        a = first
    elif kind == "scaleY":
        d = first
    elif kind == "scaleZ":
        z = first
    elif kind in ("translate", "translate3d"):
        e, f = args[:2]
        depth = args[2] if kind == "translate3d" else 0
    elif kind == "translateX":
        e = first
    elif kind == "translateY":
        f = first
    elif kind == "translateZ":
        depth = first
    elif kind == "skewY":
        b = math.tan(math.radians(first))
    else:  # skew, skewX
        c = math.tan(math.radians(first))
        b = math.tan(math.radians(args[1])) if kind == "skew" else 0
    return [a, b, 0, 0, c, d, 0, 0, 0, 0, z, 0, e, f, depth, 1]


def _turned(x, y, z, degrees):
    """CSS Transforms 2, 14.1: rotate3d()."""
    length = math.sqrt(x * x + y * y + z * z)
    if not length:
        return _flat("matrix", UNIT)
    x, y, z = x / length, y / length, z / length
    half = math.radians(degrees) / 2
    sc = math.sin(half) * math.cos(half)
    sq = math.sin(half) ** 2
    return [
        1 - 2 * (y * y + z * z) * sq, 2 * (x * y * sq + z * sc), 2 * (x * z * sq - y * sc), 0,
        2 * (x * y * sq - z * sc), 1 - 2 * (x * x + z * z) * sq, 2 * (y * z * sq + x * sc), 0,
        2 * (x * z * sq + y * sc), 2 * (y * z * sq - x * sc), 1 - 2 * (x * x + y * y) * sq, 0,
        0, 0, 0, 1,
    ]  # fmt: skip


def _product(one, other):
    return [
        sum([one[4 * k + row] * other[4 * column + k] for k in range(4)]) for column in range(4) for row in range(4)
    ]


def flat(functions):
    """(a, b, c, d, e, f) of a list of functions, the first of which is the outermost."""
    whole = None
    for kind, args in functions:
        one = matrix(kind, args)
        whole = one if whole is None else _product(whole, one)
    if whole is None:
        return UNIT
    size = whole[15] or 1
    return tuple([whole[at] / size for at in (0, 1, 4, 5, 12, 13)])


def between(one, other, share: float):
    """The matrix at a share of the way from a list of functions to another.

    Functions of the same type in the same place are mixed number by number (a shorter list goes on with ones that do nothing), and
    from the first place where that cannot be, the rest as matrices (CSS Transforms 1, 11 and 12).
    """
    if share <= 0 or share >= 1:
        return flat(one if share <= 0 else other)
    mixed = []
    for at in range(max(len(one), len(other))):
        first = one[at] if at < len(one) else _idle(other[at])
        last = other[at] if at < len(other) else _idle(first)
        if first[0] != last[0] or first[0] in ("matrix", "matrix3d") or not _same_axis(first, last):
            rest = _mixed_matrices(flat(one[at:]), flat(other[at:]), share)
            return flat(mixed + [("matrix", rest)])
        mixed.append((first[0], [before + (after - before) * share for before, after in zip(first[1], last[1])]))
    return flat(mixed)


def _idle(function):
    """The function of the same type that does nothing."""
    kind, args = function
    if kind == "rotate3d":
        return kind, list(args[:3]) + [0]
    if kind in ("matrix", "matrix3d"):
        return "matrix", UNIT
    return kind, [1 if kind.startswith("scale") else 0] * len(args)


def _same_axis(first, last):
    return first[0] != "rotate3d" or list(first[1][:3]) == list(last[1][:3])


def _mixed_matrices(one, other, share):
    """CSS Transforms 1, 12: taken apart, mixed, put together.  One that has no inverse changes in the middle."""
    if abs(one[0] * one[3] - one[1] * one[2]) < 1e-9 or abs(other[0] * other[3] - other[1] * other[2]) < 1e-9:
        return one if share < 0.5 else other
    first, last = _apart(one), _apart(other)
    # Not the long way round, and not with both axes turned over.
    if (first[2] < 0 and last[3] < 0) or (first[3] < 0 and last[2] < 0):
        first[2], first[3] = -first[2], -first[3]
        first[4] += 180 if first[4] < 0 else -180
    first[4] = first[4] or 360
    last[4] = last[4] or 360
    if abs(first[4] - last[4]) > 180:
        if first[4] > last[4]:
            first[4] -= 360
        else:
            last[4] -= 360
    e, f, width, height, angle, m11, m12, m21, m22 = [a + (b - a) * share for a, b in zip(first, last)]
    turn = math.radians(angle)
    sine, cosine = math.sin(turn), math.cos(turn)
    a, b = m11 * cosine - m12 * sine, m11 * sine + m12 * cosine
    c, d = m21 * cosine - m22 * sine, m21 * sine + m22 * cosine
    return a * width, b * width, c * height, d * height, e, f


def _apart(whole):
    """[x, y, width, height, degrees, and four numbers of what is left]: CSS Transforms 1, 12.1."""
    a, b, c, d, e, f = whole
    width, height = math.sqrt(a * a + b * b), math.sqrt(c * c + d * d)
    if a * d - b * c < 0:
        if a < d:
            width = -width
        else:
            height = -height
    a, b, c, d = a / width, b / width, c / height, d / height
    turn = math.atan2(b, a)
    sine, cosine = math.sin(-turn), math.cos(-turn)
    left = [a * cosine - b * sine, a * sine + b * cosine, c * cosine - d * sine, c * sine + d * cosine]
    return [e, f, width, height, math.degrees(turn)] + left
