"""Flexboxes: CSS Flexible Box Layout 1, section 9; the numbers below are of its steps."""

from kiosk.ui import boxes, flexalign, inline
from kiosk.ui.boxes import length

_RELATIVE = ("width", "min-width", "max-width", "flex-basis")


class _Item:
    """One child: sizes along the line (main) and across it, of the border box; margins are (before, after), None for auto."""

    # What an item does not set itself takes neither time nor room.
    base = main = cross = 0
    most = least = None  # limits along the line; least is None until it is needed
    ceiling = 0  # what least does not exceed
    main_margins = cross_margins = (0, 0)
    beside = across = 0  # the margins along the line and across it, auto counted as none
    grow, shrink = 0, 64
    around = 0  # border and padding along the line
    frozen = is_laid_out = False
    natural = None  # in a column: (height that its content asks for, height that it gets)

    def __init__(self, node, values, align):
        self.node = node
        self.values = values  # None for a bare text
        self.align = align  # how it lies across its line


class _Box:
    """The flexbox that is being laid out."""

    is_row, is_reversed = True, False
    wrap, align = "nowrap", "stretch"
    main_gap = cross_gap = 0

    def __init__(self, layout, node, edges, width, height):
        values = node.style.values
        self.layout = layout
        self.node = node
        self.edges = edges
        self.width = self.main = width
        self.height = self.cross = height
        if "flex-direction" in values:
            self._turn(values["flex-direction"])
        if "flex-wrap" in values:
            self.wrap = values["flex-wrap"]
        if "align-items" in values:
            self.align = values["align-items"]
        if "column-gap" in values or "row-gap" in values:
            gaps = length(values, "column-gap", width) or 0, length(values, "row-gap", height) or 0
            self.main_gap, self.cross_gap = gaps if self.is_row else (gaps[1], gaps[0])

    def _turn(self, direction):
        self.is_reversed = direction.endswith("reverse")
        if direction.startswith("column"):
            self.is_row = False
            self.main, self.cross = self.cross, self.main

    def used(self, line):
        """What the items of a line take along it, with margins and gaps."""
        size = self.main_gap * (len(line) - 1) if line else 0
        for item in line:
            size += item.main + item.beside
        return size

    def align_of(self, values):
        """How an item lies across its line."""
        align = values.get("align-self", "auto") if values else "auto"
        if align == "auto":
            align = self.align
        return "flex-start" if align == "start" else "flex-end" if align == "end" else align


def lay_out(layout, node, edges, width, height, least):
    """Lay out the children of a flexbox; width, height (or None) and least (height) are of its content; return what it asks for."""
    box = _Box(layout, node, edges, width, height)
    layout.depth += 1
    items = _items(box)
    # box() is called from here and not from what this calls: boxes in boxes are calls in calls, and the stack is small.
    for item in items:
        _set_margins(box, item)
        if _wants_height(box, item):
            # Once in a pass: columns in columns would double the work each time.
            key = id(item.node), box.width, box.height
            if key not in layout.naturals:
                beside, own = _column_width(box, item)
                asked = layout.box(item.node, box.width, box.height, own, None, True, beside)
                layout.naturals[key] = asked, item.node.h
                item.is_laid_out = True
            item.natural = layout.naturals[key]
        _measure(box, item)
    lines = _lines(box, items)
    natural = 0 if box.is_row else max([box.used(line) for line in lines] or [0])
    main = max(natural, least) if box.main is None else box.main
    crosses = []
    for line in lines:
        _flex(box, line, main)
        for item in line:
            if _lays_out_across(box, item):
                beside, own = (0, item.main) if box.is_row else _column_width(box, item)
                layout.box(item.node, box.width, box.height, own, None if box.is_row else item.main, True, beside)
                item.is_laid_out = True
            _measure_across(box, item)
        crosses.append(flexalign.line_cross(box, line))
    if box.is_row:
        natural = sum(crosses) + box.cross_gap * max(0, len(crosses) - 1)
    starts, crosses, cross = flexalign.spread_lines(box, crosses, least)
    for line, start, size in zip(lines, starts, crosses):
        for item in line:
            stretched = flexalign.stretched(box, item, size)
            if stretched is not None:
                across, along = (item.main, stretched) if box.is_row else (stretched, item.main)
                layout.box(item.node, box.width, box.height, across, along)
        flexalign.align(box, line, start, size, cross)
        flexalign.justify(box, line, main)
    layout.depth -= 1
    if not layout.depth:
        layout.naturals.clear()  # a list may have many flexboxes that are not in each other
    return natural


def _items(box):
    items = []
    is_ordered = False
    for child, values in box.layout.kids(box.node):
        if values is None:
            if inline.is_visible((child,)):
                items.append(_Item(child, None, box.align_of(None)))
            else:
                child.w, child.h = -1, 0
        elif boxes.is_out_of_flow(values):
            _place_static(box, child)
        else:
            items.append(_Item(child, values, box.align_of(values)))
            is_ordered = is_ordered or "order" in values
    if is_ordered:
        _sort(items)
    return items


def _sort(items):
    """By `order`, and as they stand among equals."""
    for at in range(1, len(items)):
        item = items[at]
        order = _order(item)
        while at and _order(items[at - 1]) > order:
            items[at] = items[at - 1]
            at -= 1
        items[at] = item


def _order(item):
    return item.values.get("order", 0) if item.values else 0


def _place_static(box, child):
    """An absolute child is where it would be as the only item, once its size is known: at the start."""
    child.x, child.y = box.edges[3], box.edges[0]
    box.layout.wait(child)


def _set_margins(box, item):
    if item.values:
        margins = boxes.margins(item.values, box.width)
        if margins is boxes.NONE:
            return
        top, right, bottom, left = margins
        rows, columns = (left, right), (top, bottom)
        item.main_margins, item.cross_margins = (rows, columns) if box.is_row else (columns, rows)
        rows, columns = (left or 0) + (right or 0), (top or 0) + (bottom or 0)
        item.beside, item.across = (rows, columns) if box.is_row else (columns, rows)


def _wants_height(box, item):
    """Whether the height of what is in an item of a column matters before it is laid out for good."""
    values = item.values
    if box.is_row or values is None:
        return False
    if boxes.length(values, "min-height", box.height) is None and not boxes.is_clipping(values):
        return True
    is_set = boxes.length(values, "height", box.height) is not None
    return boxes.length(values, "flex-basis", box.height) is None and not is_set


def _measure(box, item):
    """9.2: the size along the line before it grows or shrinks, and its limits."""
    values = item.values
    if values is None:
        _measure_text(box, item)
        return
    sizes = values.get(" item") if box.is_row else None
    if sizes is None:
        sizes = _sizes(box, values)
    grow, shrink, around, base, least, most, own = sizes
    if grow:  # an attribute that is set costs more than one that is compared
        item.grow = grow
    if shrink != 64:
        item.shrink = shrink
    if around:
        item.around = around
    if most is not None:
        item.most = most
    content = None
    if base is None:
        content = _content(box, item)
        base = content[1]
    item.base = max(base, around)
    if least is None and content is not None:
        least = _automatic_least(box, item, content)
    if least is None:
        item.ceiling = _ceiling(box, item, own)
    else:
        item.least = item.ceiling = least
    if box.is_row and box.wrap == "nowrap":
        item.main = max(_within_most(item, item.base), item.ceiling)  # at least what it is: see _flex()
    else:
        item.main = _clamped(box, item, item.base)


def _sizes(box, values):
    """(grow, shrink, border and padding, base size, least, most, own size) along the line, None for what is automatic."""
    edges = boxes.edges(values, box.width)
    axis, around = ("width", edges[1] + edges[3]) if box.is_row else ("height", edges[0] + edges[2])
    smallest, largest = boxes.LIMITS[axis]
    own = boxes.outer_size(values, axis, box.main, around)
    base = boxes.outer_size(values, "flex-basis", box.main, around)
    if base is None and values.get("flex-basis", "auto") == "auto":
        base = own
    least = boxes.outer_size(values, smallest, box.main, around)
    if least is None and boxes.is_clipping(values):
        least = around
    most = boxes.outer_size(values, largest, box.main, around)
    sizes = values.get("flex-grow", 0), values.get("flex-shrink", 64), around, base, least, most, own
    if box.is_row and " edges" in values and not boxes.has_percentage(values, _RELATIVE):
        values[" item"] = sizes
    return sizes


def _ceiling(box, item, own):
    """What the automatic least size cannot exceed: most items never get so small that more has to be known."""
    if own is not None:
        return own
    children = item.node.children
    if box.is_row and len(children) == 1 and children[0].is_text and "letter-spacing" not in item.values:
        return inline.text_width(box.layout, children[0].text.strip(" "), item.values) + item.around
    item.least = _automatic_least(box, item, None)
    return item.least


def _automatic_least(box, item, content):
    """4.5: an item does not shrink below what is in it, or below the size that it asks for if that is less."""
    own = boxes.outer_size(item.values, "width" if box.is_row else "height", box.main, item.around)
    if own is not None:
        least = min(own, _content_least(box, item))
    else:
        least = (content or _content(box, item))[0]
    return least if item.most is None else min(least, item.most)


def _content_least(box, item):
    """The least that what is in an item takes along the line, its own size being set."""
    if not box.is_row:
        return item.natural[0]
    return box.layout.content_widths(item.node, item.values)[0] + item.around


def _content(box, item):
    """(least, most) size along the line of what is in an item."""
    return box.layout.intrinsic(item.node) if box.is_row else (item.natural[1], item.natural[1])


def _measure_text(box, item):
    if box.is_row:
        item.least, item.base = inline.widths(box.layout, box.node, [item.node])
        item.main, item.ceiling = item.base, item.least
    else:
        item.least = item.ceiling = item.base = item.main = inline.lay_out(
            box.layout, box.node, [item.node], 0, 0, box.width
        )


def _within_most(item, size):
    return size if item.most is None or size < item.most else item.most


def _clamped(box, item, size):
    size = _within_most(item, size)
    if size >= item.ceiling:
        return size
    if item.least is None:
        item.least = _automatic_least(box, item, None)
    return max(size, item.least)


def _lines(box, items):
    """9.3: the items of each line."""
    if box.wrap == "nowrap" or box.main is None:
        return [items] if items else []
    lines, used = [], 0
    for item in items:
        size = item.main + item.beside
        if lines and used + box.main_gap + size <= box.main:
            lines[-1].append(item)
            used += box.main_gap + size
        else:
            lines.append([item])
            used = size
    return lines


def _share(free, factor, total):
    """The part of what is free, rounded to 1/64 px as Chromium does."""
    return (2 * free * factor + total) // (2 * total) if total else 0


def _flex(box, line, main):
    """9.7: items grow into what is free, or shrink."""
    grows = box.used(line) < main
    if not grows and box.is_row:  # what items take is not known yet if they take no more than it seemed
        for item in line:
            item.main = _clamped(box, item, item.base)
        grows = box.used(line) < main
    for item in line:
        factor = item.grow if grows else item.shrink
        if not factor or (item.base > item.main if grows else item.base < item.main):
            item.frozen = True
            item.main = _clamped(box, item, item.base)
        else:
            item.main = item.base
    while True:
        loose = [item for item in line if not item.frozen]
        if not loose:
            return
        free = main - box.used(line)
        factors = [item.grow if grows else item.shrink * (item.base - item.around) >> 6 for item in loose]
        total = sum(factors)
        if grows and sum([item.grow for item in loose]) < 64:
            free = free * total // 64
        over = 0
        for item, factor in zip(loose, factors):
            size = item.base + _share(free, factor, total)
            item.main = _clamped(box, item, size)
            over += item.main - size
        for item, factor in zip(loose, factors):
            size = item.base + _share(free, factor, total)
            item.frozen = over == 0 or (item.main > size if over > 0 else item.main < size)
        for item in loose:
            if not item.frozen:
                item.main = item.base


def _lays_out_across(box, item):
    """9.4: whether an item has to be laid out at its size along the line, for its size across it."""
    if item.values is None:
        return False
    if box.is_row:
        return box.layout.depth == 1 or (id(item.node), item.main, box.height, True) not in box.layout.naturals
    return not item.is_laid_out or item.node.h != item.main or flexalign.has_relative(item)


def _measure_across(box, item):
    """9.4: the size across the line."""
    if item.values is None:
        width = item.main
        if not box.is_row:
            width = box.width
            if item.align != "stretch":
                width = min(width, inline.widths(box.layout, box.node, [item.node])[1])
        height = inline.lay_out(box.layout, box.node, [item.node], 0, 0, width)
        item.cross = height if box.is_row else width
    elif box.is_row:
        if box.layout.depth == 1:  # it is asked for once
            item.cross = item.node.h
            return
        key = id(item.node), item.main, box.height, True
        if item.is_laid_out:
            box.layout.naturals[key] = item.node.h
        item.cross = box.layout.naturals[key]
    else:
        item.cross = item.node.w


def _column_width(box, item):
    """(margins, border box's width or None) in a column: as wide as the box if it stretches, else as what is in it."""
    values = item.values
    beside = (item.cross_margins[0] or 0) + (item.cross_margins[1] or 0)
    edges = boxes.edges(values, box.width)
    around = edges[1] + edges[3]
    width = boxes.outer_size(values, "width", box.width, around)
    if width is None:
        if item.align != "stretch" or None in item.cross_margins or box.wrap != "nowrap":
            return beside, None
        width = box.width - beside
    return beside, max(boxes.limited(width, values, "width", box.width, around), around)
