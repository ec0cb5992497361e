"""
Which keys there are, and where.

A key is a tuple (what it does, label, x, y, width, height), places in px of the keyboard; it types its label if what it
does is "".  "123" and the like are the names of what it changes to.
"""

ERASE = "←"
SHIFT = "⇧"
CONFIRM = "⏎"
_LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SIGNS = ("1234567890", "-/:;()@&\"'", "*#+=%_")
_EXTRA = {"number": "", "digit": ".", "idcard": "X"}  # the key beside the zero
ROWS = 4


def keys(name, width, row, confirm, extra="", chinese=""):
    """
    List of keys.  name: "abc", "ABC", "123" (signs) or "number"; width: of the keyboard, row: height of a row, in px;
    confirm: label of the key that ends the input; extra: what is typed beside the zero; chinese: label of the key that
    switches to and from Chinese, if there is one.
    """
    if name == "number":
        return _pad(width, row, confirm, extra)
    lines = _SIGNS if name == "123" else _LETTERS
    found = []
    unit = width // 10
    margin = (width - 10 * unit) >> 1
    for number, line in enumerate(lines):
        x = margin + (10 - len(line)) * unit // 2
        for letter in line.upper() if name == "ABC" else line:
            found.append(("", letter, x, number * row, unit, row))
            x += unit
    y = 2 * row
    side = unit + unit // 2
    if name != "123":
        found.append(("shift", SHIFT, margin, y, side, row))
    found.append(("erase", ERASE, width - margin - side, y, side, row))
    y += row
    found.append(("abc" if name == "123" else "123", "abc" if name == "123" else "123", margin, y, side, row))
    x = margin + side
    if chinese:
        found.append(("chinese", chinese, x, y, side, row))
        x += side
    found.append(("", ",", x, y, unit, row))
    x += unit
    last = 2 * unit
    found.append(("", " ", x, y, width - margin - last - unit - x, row))
    found.append(("", ".", width - margin - last - unit, y, unit, row))
    found.append(("confirm", confirm, width - margin - last, y, last, row))
    return found


def _pad(width, row, confirm, extra):
    unit = width // 4
    found = []
    for number in range(9):
        found.append(("", "%d" % (number + 1), number % 3 * unit, number // 3 * row, unit, row))
    y = 3 * row
    found.append(("", "0", unit if extra else 0, y, unit if extra else 2 * unit, row))
    if extra:
        found.append(("", extra, 0, y, unit, row))
    found.append(("close", "▼", 2 * unit, y, unit, row))
    x = 3 * unit
    found.append(("erase", ERASE, x, 0, width - x, 2 * row))
    found.append(("confirm", confirm, x, 2 * row, width - x, 2 * row))
    return found


def extra_of(kind):
    """What is typed beside the zero for an input's `type`, or None for one that takes more than digits."""
    return _EXTRA.get(kind)


def rows_height(height):
    """Height of a row in px on a screen so high: 32 where that leaves the field room, for a finger takes 7 mm."""
    return max(24, min(40, height * 2 // 15))
