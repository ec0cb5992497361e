"""Where the items of a flexbox go, once their sizes are known: 9.4 to 9.6 of the specification that flex.py is after."""

from kiosk.ui import boxes, inline
from kiosk.ui.boxes import length


def line_cross(box, line):
    """9.4, 8: a line is as high as its highest item, those on one baseline taken together."""
    above = below = most = 0
    for item in line:
        if box.is_row and item.align == "baseline":
            baseline = _baseline(box, item)
            above = max(above, baseline)
            below = max(below, item.cross + item.across - baseline)
        else:
            most = max(most, item.cross + item.across)
    return max(most, above + below)


def _baseline(box, item):
    if item.values is None:
        return inline.heights(box.layout, box.node.style.values)[2]
    inner = inline.first_baseline(box.layout, item.node)
    return (item.cross_margins[0] or 0) + (item.cross if inner is None else inner)


def spread_lines(box, crosses, least):
    """9.4, 8 and 9, and 9.6: (starts, sizes) of the lines across the box, and its own size there."""
    own = box.cross
    if own is None:
        own = max(sum(crosses) + box.cross_gap * max(0, len(crosses) - 1), least if box.is_row else 0)
    if box.wrap == "nowrap":  # one line at most, as large as the box
        return [0] * len(crosses), [own] * len(crosses), own
    free = own - sum(crosses) - box.cross_gap * max(0, len(crosses) - 1)
    align = box.node.style.values.get("align-content", "stretch")
    if align == "stretch" and free > 0 and crosses:
        crosses = [each + free // len(crosses) for each in crosses]
        free = 0
    first, between = _spacing(align, free, len(crosses))
    starts, at = [], first
    for each in crosses:
        starts.append(at)
        at += each + between + box.cross_gap
    return starts, crosses, own


def _spacing(how, free, count):
    """(before the first, between two) of what is free."""
    if how in ("flex-end", "end"):
        return free, 0
    if how == "center":
        return free // 2, 0
    if free > 0 and count:
        if how == "space-between":
            return 0, free // (count - 1) if count > 1 else 0
        if how == "space-around":
            return free // (count * 2), free // count
        if how == "space-evenly":
            return free // (count + 1), free // (count + 1)
    return 0, 0


def align(box, line, start, size, cross):
    """9.6: set where each item lies across its line."""
    highest = max([_baseline(box, item) for item in line if item.align == "baseline"] or [0]) if box.is_row else 0
    for item in line:
        align = item.align
        before, after = item.cross_margins
        free = size - item.cross - item.across
        if before is None:
            offset = max(0, free // 2 if after is None else free)
        elif align == "flex-end":
            offset = free + before
        elif align == "center":
            offset = free // 2 + before
        elif align == "baseline" and box.is_row:
            offset = highest - _baseline(box, item) + before
        else:
            offset = before
        offset += start
        if box.wrap == "wrap-reverse":
            offset = cross - offset - item.cross
        _move(box, item, not box.is_row, offset)


def justify(box, line, main):
    """9.5: set where each item lies along its line."""
    free = main - box.used(line)
    autos = sum([item.main_margins.count(None) for item in line])
    first, between = (0, 0) if autos and free > 0 else _spacing(_justification(box, free), free, len(line))
    share = max(0, free) // autos if autos else 0
    at = first
    for item in line:
        before, after = reversed(item.main_margins) if box.is_reversed else item.main_margins
        at += share if before is None else before
        offset = main - at - item.main if box.is_reversed else at
        _move(box, item, box.is_row, offset)
        at += item.main + (share if after is None else after) + between + box.main_gap


def _justification(box, free):
    """justify-content from where the line begins, on the right or below if it is reversed."""
    how = box.node.style.values.get("justify-content", "flex-start")
    if free < 0 and how in ("space-around", "space-evenly"):
        how = "start"  # CSS Align 3, 4.4: rather than run out on the side that cannot be scrolled to
    if not box.is_reversed:
        return how
    return {"start": "flex-end", "end": "flex-start"}.get(how, how)


def _move(box, item, is_x, offset):
    """Set x or y of an item to `offset` in the content box."""
    node = item.node
    offset += box.edges[3 if is_x else 0]
    relative = 0
    if item.values and item.values.get("position") == "relative":
        start, end = ("left", "right") if is_x else ("top", "bottom")
        base = box.width if is_x else box.height
        relative = length(item.values, start, base)
        if relative is None:
            relative = -(length(item.values, end, base) or 0)
    if item.values is None:  # it was laid out from the corner of the content box
        if is_x:
            node.x += offset
        else:
            node.y += offset
        if node.lines:
            axis = 2 if is_x else 3
            node.lines = tuple([each + offset if at % 5 == axis else each for at, each in enumerate(node.lines)])
    elif is_x:
        node.x = offset + relative
    else:
        node.y = offset + relative


def stretched(box, item, size):
    """Stretch an item to the size of its line; the size to lay it out again at, None if that is not needed."""
    if item.values is None:
        return None
    before, after = item.cross_margins
    if item.cross == size - item.across and (item.is_laid_out or not box.is_row):
        return None
    if item.align == "stretch" and before is not None and after is not None and _may_stretch(box, item):
        axis = "height" if box.is_row else "width"
        edges = boxes.edges(item.values, box.width)
        around = edges[0] + edges[2] if box.is_row else edges[1] + edges[3]
        size = max(boxes.limited(size - before - after, item.values, axis, box.cross, around), around)
        if size != item.cross:
            item.cross = size
            if not box.is_row or not item.is_laid_out or _depends_on_height(item):
                return size
            item.node.h = size
            return None
    return None if item.is_laid_out or not box.is_row else item.cross


def _may_stretch(box, item):
    """Whether an item has no size of its own across the line."""
    axis = "height" if box.is_row else "width"
    return boxes.length(item.values, axis, box.cross) is None


def _depends_on_height(item):
    """Whether what is in an item is placed otherwise when its height is another."""
    return boxes.is_flex(item.values) or has_relative(item)


def has_relative(item):
    """Whether something in an item is placed otherwise when its height is settled."""
    for child in item.node.children:
        if child.style and child.tag != "#text":
            height = child.style.values.get("height", "auto")
            if (height != "auto" and height & 1) or child.style.values.get("position") == "absolute":
                return True
    return False
