"""
The `mode` of <image>: which part of a picture is shown, and where in the box.

https://developers.weixin.qq.com/miniprogram/dev/component/image.html: five modes scale, nine show the picture unscaled.
"""

# Where the unscaled picture lies in the box, across and down: 0 at the beginning, 1 in the middle, 2 at the end.
_PLACES = {
    "top": (1, 0),
    "bottom": (1, 2),
    "center": (1, 1),
    "left": (0, 1),
    "right": (2, 1),
    "top left": (0, 0),
    "top right": (2, 0),
    "bottom left": (0, 2),
    "bottom right": (2, 2),
}


def size(mode: str, box_width: int, box_height: int, width: int, height: int):
    """(width, height) that the box gets: widthFix keeps its width, heightFix its height, and the picture's proportions."""
    if mode == "widthFix":
        box_height = (box_width * height + width // 2) // width
    elif mode == "heightFix":
        box_width = (box_height * width + height // 2) // height
    return box_width, box_height


def place(mode: str, box_width: int, box_height: int, width: int, height: int):
    """(part, where) of a picture of width x height: (left, top, right, bottom) of it, and (x, y, width, height) in the box.

    None if there is nothing to show.  A mode that does not exist is scaleToFill, the one that is meant without any.
    """
    if box_width < 1 or box_height < 1:
        return None
    if mode in _PLACES:
        across, down = _PLACES[mode]
        left, right, x, shown_width = _cut(across, box_width, width)
        top, bottom, y, shown_height = _cut(down, box_height, height)
        return (left, top, right, bottom), (x, y, shown_width, shown_height)
    whole = (0, 0, width, height)
    is_wide = width * box_height > height * box_width  # wider than the box, for its height
    if mode == "aspectFit":
        if is_wide:
            shown = max((2 * box_width * height + width) // (2 * width), 1)
            return whole, (0, (box_height - shown) // 2, box_width, shown)
        shown = max((2 * box_height * width + height) // (2 * height), 1)
        return whole, ((box_width - shown) // 2, 0, shown, box_height)
    if mode == "aspectFill":
        box = (0, 0, box_width, box_height)
        if is_wide:
            seen = max((2 * height * box_width + box_height) // (2 * box_height), 1)
            left = (width - seen) // 2
            return (left, 0, left + seen, height), box
        seen = max((2 * width * box_height + box_width) // (2 * box_width), 1)
        top = (height - seen) // 2
        return (0, top, width, top + seen), box
    return whole, (0, 0, box_width, box_height)


def _cut(where, box, length):
    """(first, last + 1) of what is seen of `length` pixels in `box` of them, where that begins in the box, and how long it is."""
    spare = (box - length) * where // 2
    if length > box:
        return -spare, box - spare, 0, box
    return 0, length, spare, length
