"""
Lengths and edges of boxes, in 1/64 px, read from a style's values.

What layout asks for again and again is kept among the values, under names that no property has (" edges").
"""

_BORDERS = (
    ("border-top-width", "border-top-style"), ("border-right-width", "border-right-style"),
    ("border-bottom-width", "border-bottom-style"), ("border-left-width", "border-left-style"),
)  # fmt: skip
_PADDINGS = ("padding-top", "padding-right", "padding-bottom", "padding-left")
NONE = (0, 0, 0, 0)  # the edges of most elements: one for all
LIMITS = {"width": ("min-width", "max-width"), "height": ("min-height", "max-height")}
_MARGINS = ("margin-top", "margin-right", "margin-bottom", "margin-left")


def length(values, name, base):
    """int, or None where it is not set, auto, or a percentage of what is not known (base None)."""
    value = values.get(name)
    if value is None or value == "auto":
        return None
    if value & 1:
        return None if base is None else base * (value >> 1) // 6400
    return value >> 1


def font_of(values):
    """(size in px, bold: bool) of a style, and its font-family if it has one, as texts are measured and drawn in."""
    found = values.get(" font")
    if found is None:
        size = values["font-size"] >> 1
        is_bold = values.get("font-weight") in ("bold", "bolder", "600", "700", "800", "900")
        found = (size / 64 if size & 63 else size >> 6, is_bold)
        if "font-family" in values:
            found += (values["font-family"],)
        values[" font"] = found
    return found


def borders(values):
    """(top, right, bottom, left): how wide the border is."""
    found = values.get(" borders")
    if found is None:
        widths = []
        for width, style in _BORDERS:
            widths.append(length(values, width, 0) or 0 if values.get(style, "none") != "none" else 0)
        found = values[" borders"] = tuple(widths) if any(widths) else NONE
    return found


def edges(values, base):
    """(top, right, bottom, left): border and padding together; `base` is what percentages are of."""
    found = values.get(" edges")
    if found is None:
        found = borders(values)
        paddings = [length(values, name, base) or 0 for name in _PADDINGS]
        if any(paddings):
            found = tuple([border + padding for border, padding in zip(found, paddings)])
        if not has_percentage(values, _PADDINGS):
            values[" edges"] = found
    return found


def margins(values, base):
    """(top, right, bottom, left), None for auto."""
    found = values.get(" margins")
    if found is None:
        found = tuple([length(values, name, base) if values.get(name) == "auto" else length(values, name, base) or 0
                       for name in _MARGINS])  # fmt: skip
        if found == NONE:
            found = NONE
        if not has_percentage(values, _MARGINS):
            values[" margins"] = found
    return found


def has_percentage(values, names):
    """bool: whether one of these properties is of a size that is not the element's."""
    for name in names:
        value = values.get(name, 0)
        if value != "auto" and value & 1:
            return True
    return False


def outer_size(values, name, base, around):
    """The border box for `width`, `height` and their limits, None for auto; `around`: edges on both sides."""
    if name not in values:
        return None
    value = length(values, name, base)
    if value is None:
        return None
    if values.get("box-sizing") == "border-box":
        return max(value, around)
    return value + around


def limited(size, values, axis, base, around):
    """A border box's size within min-width and max-width, or min-height and max-height."""
    smallest, largest = LIMITS[axis]
    if largest in values:
        most = outer_size(values, largest, base, around)
        if most is not None and size > most:
            size = most
    if smallest in values:
        least = outer_size(values, smallest, base, around)
        if least is not None and size < least:
            size = least
    return size


def is_flex(values):
    """bool: whether children are laid out as a flexbox."""
    return values.get("display") in ("flex", "inline-flex")


def is_out_of_flow(values):
    """bool: absolute or fixed."""
    return values.get("position") in ("absolute", "fixed")


def is_clipping(values):
    """bool: whether it is scrolled or cut, and so keeps its children's margins inside."""
    return values.get("overflow-x", "visible") != "visible" or values.get("overflow-y", "visible") != "visible"
