"""
CSS declarations in the form that styles are kept in.

Both sides of a mini-program's build use this: the kiosk for `style="{{...}}"`, and the compiler on the host, which runs it
in the emulator, so that there is one opinion of what a value means.

A style is two flat tuples of names and values.  In the first are lengths: "auto", or an int of 1/64 units times eight, plus
the unit's number in UNITS.  In the second is the rest: str for a keyword, int in 1/64 for a number, and for a color
alpha << 16 | RGB565.
"""

from kiosk.ui.colors import color

UNITS = ("px", "rpx", "%", "em", "rem", "vw", "vh", "")
_NO_UNIT = const(7)
_SIDES = ("top", "right", "bottom", "left")
_CORNERS = ("top-left", "top-right", "bottom-right", "bottom-left")

_LENGTHS = (
    " width height min-width min-height max-width max-height top right bottom left margin-top margin-right margin-bottom"
    " margin-left padding-top padding-right padding-bottom padding-left border-top-width border-right-width"
    " border-bottom-width border-left-width border-top-left-radius border-top-right-radius border-bottom-right-radius"
    " border-bottom-left-radius font-size letter-spacing text-indent flex-basis row-gap column-gap "
)
# May not be negative.
_POSITIVE = ("width", "height", "padding", "border", "font-size", "flex-basis", "row-gap", "column-gap", "min", "max")
_COLORS = " color background-color border-top-color border-right-color border-bottom-color border-left-color "
_NUMBERS = " flex-grow flex-shrink order z-index opacity -webkit-line-clamp line-clamp "
_NO_PICTURE = "a picture in the background is not painted; put an <image> there"
_OF_PICTURES = (
    "no-repeat",
    "repeat",
    "repeat-x",
    "repeat-y",
    "center",
    "top",
    "right",
    "bottom",
    "left",
    "cover",
    "contain",
    "/",
)
_KEYWORDS = {
    "display": "block inline inline-block flex inline-flex none",
    "position": "static relative absolute fixed",
    "box-sizing": "content-box border-box",
    "flex-direction": "row row-reverse column column-reverse",
    "flex-wrap": "nowrap wrap wrap-reverse",
    "justify-content": "flex-start flex-end start end center space-between space-around space-evenly",
    "align-items": "stretch flex-start flex-end start end center baseline",
    "align-self": "auto stretch flex-start flex-end start end center baseline",
    "align-content": "stretch flex-start flex-end start end center space-between space-around space-evenly",
    "overflow-x": "visible hidden scroll auto",
    "overflow-y": "visible hidden scroll auto",
    "text-align": "left right center start end justify",
    "vertical-align": "baseline top middle bottom",
    "white-space": "normal nowrap pre pre-wrap pre-line",
    "word-break": "normal break-all keep-all break-word",
    "text-overflow": "clip ellipsis",
    "text-decoration": "none underline line-through",
    "font-style": "normal italic oblique",
    "font-weight": "normal bold bolder lighter 100 200 300 400 500 600 700 800 900",
    "visibility": "visible hidden",
    "pointer-events": "auto none",
    "border-top-style": "none solid dashed dotted",
    "border-right-style": "none solid dashed dotted",
    "border-bottom-style": "none solid dashed dotted",
    "border-left-style": "none solid dashed dotted",
}


def parse(text, refused=None):
    """(lengths, others) of `name: value; ...`; what cannot be used is left out, and told to `refused(name, reason)`."""
    lengths, others = [], []
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        name = name.strip().lower()
        if not name and not colon:
            continue
        try:
            remark = declare(name, value.strip(), lengths, others)
        except ValueError as exc:
            remark = str(exc)
        if remark and refused:
            refused(name, remark)
    return tuple(lengths), tuple(others)


def declare(name, value, lengths, others):
    """Append one declaration to two flat lists; what of it has no effect (str), or None.

    ValueError, with the reason, for what is not known.
    """
    if value.endswith("!important"):
        value = value[:-10].strip()
    shorthand = _SHORTHANDS.get(name)
    if not value:
        raise ValueError("no value")
    if shorthand:
        made = ([], [])
        remark = shorthand(name, value, *made)  # whole or not at all
        lengths.extend(made[0])
        others.extend(made[1])
        return remark
    if " %s " % name in _LENGTHS:
        lengths += (name, length(value, name))
    elif name == "line-height":
        lengths += (name, "auto" if value == "normal" else _length(value, True))
    elif " %s " % name in _COLORS:
        others += (name, color(value))
    elif " %s " % name in _NUMBERS:
        others += (name, "auto" if value == "auto" and name == "z-index" else number(value))
    elif name in _KEYWORDS:
        others += (name, _keyword(name, value.lower()))
    else:
        return _declare_other(name, value, others)
    return None


def _declare_other(name, value, others):
    if name == "background-image":
        if value.startswith("url("):
            return _NO_PICTURE
        others += (name, _image(value))
    elif name in ("transform", "transform-origin"):
        from kiosk.ui.transformed import notation

        others += (name, notation.checked(name, value))
    elif name == "font-family":
        others += (name, value.split(",")[0].strip("\"' "))
    else:
        raise ValueError("unknown property")
    return None


def number(text):
    """int: a number in 1/64."""
    try:
        return round(float(text) * 64)
    except (ValueError, OverflowError):
        raise ValueError("%s is no number" % text)


def length(text, name=""):
    """int or "auto": a length as it is written."""
    if text in ("auto", "none") and not name.startswith(("padding", "border", "font")):
        return "auto"
    if text == "normal":
        return 0
    if name.endswith("-width") and name.startswith("border") and text in ("thin", "medium", "thick"):
        return {"thin": 1, "medium": 3, "thick": 5}[text] << 9
    value = _length(text, False)
    if value < 0 and name.startswith(_POSITIVE):
        raise ValueError("%s is negative" % text)
    return value


def _length(text, may_be_number):
    end = len(text)
    while end and text[end - 1] not in "0123456789.":
        end -= 1
    unit = text[end:].lower()
    if unit not in UNITS or not end:
        raise ValueError("%s is no length" % text)
    value = number(text[:end])
    if not -0x2000000 < value < 0x2000000:
        raise ValueError("%s is too much" % text)
    if not unit and not may_be_number:
        if value:
            raise ValueError("%s has no unit" % text)
        return 0
    return value << 3 | UNITS.index(unit)


def _keyword(name, value):
    known = _KEYWORDS[name].split(" ")
    if value not in known:
        raise ValueError("unknown value %s (known: %s)" % (value, ", ".join(known)))
    return known[known.index(value)]


def _image(value):
    if value != "none":
        from kiosk.ui import gradient

        gradient.Linear(value)
    return value


def words(value):
    """Split a value at spaces, but for those in brackets."""
    found, depth, word = [], 0, ""
    for character in value:
        depth += (character == "(") - (character == ")")
        if character in " \t\n" and not depth:
            if word:
                found.append(word)
            word = ""
        else:
            word += character
    return found + [word] if word else found


def _four(values):
    """The values of top, right, bottom and left, of which CSS may leave out the later ones."""
    if not 1 <= len(values) <= 4:
        raise ValueError("not one to four values")
    return values[0], values[1 % len(values)], values[2 if len(values) > 2 else 0], values[(0, 0, 1, 1, 3)[len(values)]]


def _sides(name, value, lengths, others):
    prefix, _, what = name.partition("-")  # border-width: border, width
    for side, part in zip(_SIDES, _four(words(value))):
        full = side if name == "inset" else "%s-%s-%s" % (prefix, side, what) if what else "%s-%s" % (prefix, side)
        declare(full, part, lengths, others)


def _radius(name, value, lengths, others):
    if "/" in value:
        raise ValueError("corners have one radius")
    for corner, part in zip(_CORNERS, _four(words(value))):
        declare("border-%s-radius" % corner, part, lengths, others)


def _border(name, value, lengths, others):
    width, style, shade = "medium", "none", None
    for word in words(value):
        if word in _KEYWORDS["border-top-style"].split(" "):
            style = word
        elif word[0] in "0123456789." or word in ("thin", "medium", "thick"):
            width = word
        else:
            shade = word
    for full in [name] if name != "border" else ["border-" + side for side in _SIDES]:
        declare(full + "-style", style, lengths, others)
        declare(full + "-width", width, lengths, others)
        if shade:
            declare(full + "-color", shade, lengths, others)


def _background(name, value, lengths, others):
    remark = None
    for word in words(value):
        if word.startswith(("url(", "linear-gradient(")):
            remark = declare("background-image", word, lengths, others) or remark
        elif word not in _OF_PICTURES:
            declare("background-color", "transparent" if word == "none" else word, lengths, others)
    return remark


def _flex(name, value, lengths, others):
    given = words({"auto": "1 1 auto", "none": "0 0 auto", "initial": "0 1 auto"}.get(value, value))
    numbers = [word for word in given if word[-1] in "0123456789."]
    bases = [word for word in given if word[-1] not in "0123456789."]
    if len(numbers) == 3:
        bases.append(numbers.pop() + "px" if float(numbers[-1]) == 0 else "?")
    if len(numbers) > 2 or len(bases) > 1:
        raise ValueError("%s is no flex" % value)
    declare("flex-grow", numbers[0] if numbers else "1", lengths, others)
    declare("flex-shrink", numbers[1] if len(numbers) > 1 else "1", lengths, others)
    declare("flex-basis", bases[0] if bases else "0px", lengths, others)


def _pair(name, value, lengths, others):
    first, second = {"gap": ("row-gap", "column-gap"), "overflow": ("overflow-x", "overflow-y")}[name]
    given = words(value)
    declare(first, given[0], lengths, others)
    declare(second, given[-1], lengths, others)


def _flow(name, value, lengths, others):
    for word in words(value):
        declare("flex-wrap" if "wrap" in word else "flex-direction", word, lengths, others)


_SHORTHANDS = {
    "margin": _sides, "padding": _sides, "inset": _sides, "border-width": _sides, "border-style": _sides,
    "border-color": _sides, "border-radius": _radius, "border": _border, "border-top": _border, "border-right": _border,
    "border-bottom": _border, "border-left": _border, "background": _background, "flex": _flex, "flex-flow": _flow,
    "gap": _pair, "overflow": _pair,
}  # fmt: skip


def kind(name):
    """str: "length", "color", "number" or "keyword", as `name` is kept; "" for what is not known."""
    for found, names in (("length", _LENGTHS), ("color", _COLORS), ("number", _NUMBERS)):
        if " %s " % name in names:
            return found
    return "keyword" if name in _KEYWORDS else ""
