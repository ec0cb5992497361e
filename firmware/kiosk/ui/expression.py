"""
What the operators of `{{ }}` mean, as JavaScript has them, for the code that the compiler on the host writes.

Numbers are int or float, null is None, objects and arrays are dict and list.  Nothing here raises, whatever it is given:
as in WeChat, what makes no sense is undefined or NaN.
"""

import math


class Undefined:
    """What a missing name, member or item is; there is one, `undefined`."""

    def __bool__(self):
        return False

    def __repr__(self):
        return "undefined"


undefined = Undefined()
_NAN = float("nan")


def member(value, key):
    """value.key or value[key], for a str or a number as the key; undefined where there is none, or no object."""
    if isinstance(value, dict):
        found = value.get(key, undefined)
        return value.get(string(key), undefined) if found is undefined and not isinstance(key, str) else found
    if isinstance(value, (list, tuple, str)):
        if key == "length":
            return len(value)
        if isinstance(key, str):
            key = number(key)
        if isinstance(key, int) and 0 <= key < len(value):
            return value[key]
    return undefined


def true(value):
    """bool: JavaScript's truthiness; an empty list or dict is true."""
    if isinstance(value, (list, tuple, dict)):
        return True
    return bool(value) and value == value


def number(value):
    """What Number(value) gives: int, or float where there is a fraction, an infinity or NaN."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if value is None:
        return 0
    if isinstance(value, (list, tuple)):
        value = string(value)
    if isinstance(value, str):
        return _parsed(value.strip())
    return _NAN


def _parsed(text):
    if not text:
        return 0
    try:
        if text[:2] in ("0x", "0X", "0b", "0B", "0o", "0O"):
            return int(text, 0)
        if text.lstrip("+-")[:1] in "0123456789." and "_" not in text:
            return _whole(float(text)) if "." in text or "e" in text or "E" in text else int(text)
    except ValueError:
        return _NAN
    return {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(text, _NAN)


def _whole(value):
    """A float without a fraction as an int, so that 6 / 3 is shown as 2."""
    if -1e9 < value < 1e9 and value == int(value):
        return int(value)
    return value


def string(value):
    """What String(value) gives."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, float):
        if value != value:
            return "NaN"
        if value in (math.inf, -math.inf):
            return "Infinity" if value > 0 else "-Infinity"
        return str(_whole(value))
    if isinstance(value, (list, tuple)):
        return ",".join(["" if item is None or item is undefined else string(item) for item in value])
    if isinstance(value, dict):
        return "[object Object]"
    return str(value)


def shown(value):
    """str: what `{{ }}` alone shows in a text; nothing for null and undefined."""
    return "" if value is None or value is undefined else string(value)


def joined(*parts):
    """str: text and values in turn, as in `"a {{b}} c"`."""
    return "".join([string(part) for part in parts])


def add(left, right):
    """left + right: a sum, or text where one of them is neither a number, a bool nor nothing."""
    if isinstance(left, (str, list, tuple, dict)) or isinstance(right, (str, list, tuple, dict)):
        return string(left) + string(right)
    return number(left) + number(right)


def sub(left, right):
    """left - right."""
    return number(left) - number(right)


def mul(left, right):
    """left * right."""
    return number(left) * number(right)


def div(left, right):
    """left / right; by zero it is an infinity, or NaN."""
    left, right = number(left), number(right)
    if right == 0:
        return _NAN if left == 0 or left != left else math.inf if left > 0 else -math.inf
    if isinstance(left, int) and isinstance(right, int) and left % right == 0:
        return left // right
    return _whole(left / right)


def mod(left, right):
    """left % right, with the sign of `left`."""
    left, right = number(left), number(right)
    if right == 0 or right != right or left != left or left in (math.inf, -math.inf):
        return _NAN
    if isinstance(left, int) and isinstance(right, int):
        return left % abs(right) if left >= 0 else -(-left % abs(right))
    return _whole(math.fmod(left, right))


def same(left, right):
    """left === right: bools are no numbers, objects are the same only as themselves."""
    if isinstance(left, (list, tuple, dict)) or isinstance(right, (list, tuple, dict)):
        return left is right
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    return left == right


def loose(left, right):
    """left == right: null is undefined, and what is not of one kind is compared as numbers."""
    nothing = (left is None or left is undefined, right is None or right is undefined)
    if True in nothing:
        return nothing == (True, True)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    objects = (isinstance(left, (list, tuple, dict)), isinstance(right, (list, tuple, dict)))
    if objects == (True, True):
        return left is right
    if True in objects and (isinstance(left, str) or isinstance(right, str)):
        return string(left) == string(right)
    return number(left) == number(right)


def lt(left, right):
    """left < right: by characters for two strings, as numbers otherwise."""
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    return number(left) < number(right)


def le(left, right):
    """left <= right."""
    if isinstance(left, str) and isinstance(right, str):
        return left <= right
    return number(left) <= number(right)


def gt(left, right):
    """left > right."""
    return lt(right, left)


def ge(left, right):
    """left >= right."""
    return le(right, left)


def items(value):
    """list: what `...value` puts into an array."""
    return list(value) if isinstance(value, (list, tuple, str)) else []


def merged(*parts):
    """dict: objects joined, a later one's members before an earlier one's; what is no object adds nothing."""
    result = {}
    for part in parts:
        if isinstance(part, dict):
            result.update(part)
    return result


def entries(value):
    """What `wx:for` goes through: (items, indexes); a number counts from 0, an object's indexes are its keys."""
    if isinstance(value, dict):
        keys = list(value)
        return [value[key] for key in keys], keys
    if isinstance(value, (list, tuple)):
        return value, range(len(value))
    if isinstance(value, str):
        return list(value), range(len(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e9:
        return range(int(value)), range(int(value))
    return (), ()
