"""
Where everything is: boxes of blocks, lines and flexboxes, after CSS 2.1, 9 and 10, and CSS Flexbox 1.

All lengths are int in 1/64 px, the unit of Chromium's layout, so that its roundings are ours.

    layout = Layout(sheet, measure, line)
    layout.page(root)       # every node has x, y, w and h
    layout.again(node)      # the same after a change within `node`

measure(text, font) is the width of a text in px, line(font) the (ascent, descent) of its font in px; a font is
(size in px, bold) or (size in px, bold, family), see boxes.font_of().
"""

from kiosk.ui import boxes, flex, inline
from kiosk.ui.boxes import length

_INLINE = ("inline", "inline-block", "inline-flex")


def plain_line(font):
    """(ascent, descent) in px of a font that nobody has measured."""
    return font[0] * 0.95, font[0] * 0.25


class Layout:
    """Lays out the pages that one sheet of styles is for."""

    def __init__(self, sheet, measure, line=plain_line):
        self._sheet = sheet
        self.measure = measure
        self.line = line
        self.depth = 0  # flexboxes around what is being laid out
        self.naturals = {}  # the heights of their items, as asked for once
        self.widths, self.heights = {}, {}  # of texts, of lines: what inline.py has measured
        self._placed = []  # absolute and fixed nodes that wait for the box that holds them

    def page(self, root):
        """Lay out everything."""
        self._reset()
        values = self._sheet.of(root).values
        width, height = self._sheet.width << 6, self._sheet.height << 6

        around = boxes.margins(values, width)
        root.x, root.y = around[3] or 0, around[0] or 0
        self.box(root, width, height, beside=root.x + (around[1] or 0))
        root.h = max(root.h, height - root.y - (around[2] or 0))
        self._place(0, None, width, height)
        self._reset()

    def again(self, node):
        """Lay out what a change within `node` can have moved; return the highest node whose inside may have moved."""
        highest = self._again(node)
        self._reset()  # what has been measured is not held
        return highest

    def _again(self, node):
        if node.is_text and self._is_as_large(node):
            return node.parent
        while node.parent is not None:
            values = node.style.values if node.style else {}
            if self._is_boundary(node, values):
                width, height = node.w, node.h
                self._reset()
                above = boxes.edges(node.parent.style.values, node.parent.w)
                self.box(
                    node,
                    node.parent.w - above[1] - above[3],
                    None,
                    width,
                    length(values, "height", None) is not None and height or None,
                )
                if node.h == height and not self._placed:
                    return node
            node = node.parent
        self.page(node)
        return node

    def _is_as_large(self, text):
        """Whether another text is one line as wide as the one before was: a number that counts moves nothing."""
        if text.w <= 0 or text.lines or not text.text.isalpha() and not text.text.isdigit():
            return False  # of more than one word there may be more lines
        return inline.text_width(self, text.text, text.parent.style.values) == text.w

    def _reset(self):
        self.depth = 0
        self._placed, self.naturals = [], {}
        self.widths, self.heights = {}, {}

    def _is_boundary(self, node, values):
        """Whether a block's width owes nothing to what is in it."""
        if node.w < 0 or node.is_text or values.get("display", "block") not in ("block", "flex"):
            return False
        if boxes.is_out_of_flow(values) or boxes.is_flex(node.parent.style.values):
            return length(values, "width", None) is not None and length(values, "height", None) is not None
        return node.parent.style.values.get("display", "block") == "block"

    def styled(self, node):
        """The values of the style of a child that is an element."""
        return self._sheet.of(node).values

    def kids(self, node, backwards=False):
        """Yield (child, its values, None for a text) of what is displayed in an element."""
        for child in reversed(node.children) if backwards else node.children:
            if child.is_text:
                yield child, None
                continue
            values = (child.style or self._sheet.of(child)).values
            if values.get("display") == "none":
                hide(child)
            else:
                yield child, values

    def box(self, node, base_width, base_height, width=None, height=None, shrinks=False, beside=0):
        """
        Lay out one element: set its w and h, and the place of everything in it.

        base_width, base_height: what percentages are of, the latter None where it is not known; width, height: the border
        box where it is settled already; shrinks: as wide as what is in it; beside: what of base_width is not for it, its
        margins above all.  Returns the height that its content asks for, edges included.
        """
        values = node.style.values
        edges = boxes.edges(values, base_width)
        across = edges[1] + edges[3]
        if width is None:
            width = boxes.outer_size(values, "width", base_width, across)
            if width is None:
                width = base_width - beside
                if shrinks:
                    least, most = self.intrinsic(node)
                    width = min(most, max(width, least))
            width = max(boxes.limited(width, values, "width", base_width, across), across)
        along = edges[0] + edges[2]
        if height is None:
            height = boxes.outer_size(values, "height", base_height, along)
            if height is not None:
                height = max(boxes.limited(height, values, "height", base_height, along), along)
        node.w = width
        first = len(self._placed)
        inner = None if height is None else height - along
        content = node.component.lay_out(edges, width - across, inner) if node.component else None
        if content is not None:
            pass  # it has no children, or places them itself
        elif boxes.is_flex(values):
            least = boxes.limited(along, values, "height", base_height, along) - along
            content = flex.lay_out(self, node, edges, width - across, inner, least)
        elif len(node.children) == 1 and node.children[0].is_text:
            run = node.children
            content = (
                inline.lay_out(self, node, run, edges[3], edges[0], width - across) if inline.is_visible(run) else 0
            )
        else:
            content = self._flow(node, values, edges, width - across, inner)
        if height is None:
            height = boxes.limited(content + along, values, "height", base_height, along)
        node.h = height
        if len(self._placed) > first and values.get("position", "static") != "static":
            borders = boxes.borders(values)
            self._place(first, node, width - borders[1] - borders[3], height - borders[0] - borders[2], borders)
        return content + along

    def _flow(self, node, values, edges, width, height):
        """Blocks below each other, runs of inline content between them; return the height of it all."""
        y = 0
        margin = None  # of the block before, None where nothing is before
        run = []
        joined = not edges[0] and not _keeps_margins(node, values)  # the first block's margin is outside, with ours
        for child, own in self.kids(node):
            if own is not None and boxes.is_out_of_flow(own):
                child.x, child.y = edges[3], edges[0] + y + (margin or 0)
                self._placed.append(child)
                continue
            if own is None or own.get("display", "block") in _INLINE:
                run.append(child)
                continue
            if run and inline.is_visible(run):
                y += (margin or 0) + inline.lay_out(self, node, run, edges[3], edges[0] + y + (margin or 0), width)
                margin = 0
            run = []
            sides = boxes.margins(own, width)
            self.box(child, width, height, beside=(sides[1] or 0) + (sides[3] or 0))
            top, bottom = self.margin_above(child, own, width), self.margin_below(child, own, width)
            first = margin is None
            if first:
                margin = 0 if joined else top
            else:
                margin = _collapsed(margin, top)
            child.x = edges[3] + _indent(sides, width - child.w)
            child.y = edges[0] + y + margin
            if child.h or boxes.is_flex(own):
                y += margin + child.h
                margin = bottom
            elif joined and not y and first:
                margin = None  # nothing of it: its margins are outside, with ours
            else:
                margin = _collapsed(margin, bottom)  # nothing between its two margins
            _shift(child, own, width, height)
        if run and inline.is_visible(run):
            y += (margin or 0) + inline.lay_out(self, node, run, edges[3], edges[0] + y + (margin or 0), width)
            margin = 0
        if edges[2] or _keeps_margins(node, values) or height is not None:
            y += margin or 0
        return y

    def margin_above(self, node, values, base):
        """The margin above a block, with that of the first block in it if nothing is between."""
        margin = length(values, "margin-top", base) or 0
        if boxes.is_flex(values) or boxes.is_clipping(values) or boxes.edges(values, base)[0]:
            return margin
        for child, own in self.kids(node):
            if own is None or own.get("display", "block") in _INLINE:
                if inline.is_visible((child,)):
                    break
            elif not boxes.is_out_of_flow(own):
                margin = _collapsed(margin, self.margin_above(child, own, node.w))
                if child.h or boxes.is_flex(own):
                    break
                margin = _collapsed(margin, self.margin_below(child, own, node.w))
        return margin

    def margin_below(self, node, values, base):
        """The margin below a block, with that of the last block in it if nothing is between."""
        margin = length(values, "margin-bottom", base) or 0
        if boxes.is_flex(values) or boxes.is_clipping(values) or boxes.edges(values, base)[2]:
            return margin
        if length(values, "height", 0) is not None or length(values, "min-height", 0):
            return margin
        for child, own in self.kids(node, True):
            if own is None or own.get("display", "block") in _INLINE:
                if inline.is_visible((child,)):
                    break
            elif not boxes.is_out_of_flow(own):
                return _collapsed(margin, self.margin_below(child, own, node.w))
        return margin

    def intrinsic(self, node):
        """(least, most): the border box's width with every line broken that can be, and with none."""
        values = node.style.values
        edges = boxes.edges(values, 0)
        across = edges[1] + edges[3]
        own = boxes.outer_size(values, "width", None, across)
        if own is None:
            least, most = self.content_widths(node, values)
            least, most = least + across, most + across
        else:
            least = most = own
        return (boxes.limited(least, values, "width", None, across),
                boxes.limited(most, values, "width", None, across))  # fmt: skip

    def _own_widths(self, node):
        """content_widths() of a component, or of what holds one text and nothing else; else None."""
        own = node.component.widths() if node.component else None
        children = node.children
        return inline.widths(self, node, children) if not own and len(children) == 1 and children[0].is_text else own

    def content_widths(self, node, values):
        """intrinsic() of what is in a box, without its own edges."""
        own = self._own_widths(node)
        if own:
            return own
        is_flex = boxes.is_flex(values)
        is_row = is_flex and not values.get("flex-direction", "row").startswith("column")
        least = most = count = 0
        run = []
        for child, own in self.kids(node):
            if own is not None and boxes.is_out_of_flow(own):
                continue
            if not is_flex and (own is None or own.get("display", "block") in _INLINE):
                run.append(child)
                continue
            if run:
                narrow, wide = inline.widths(self, node, run)
                least, most, run = max(least, narrow), max(most, wide), []
            if own is None:
                narrow, wide = inline.widths(self, node, [child])
                if not wide:
                    continue
            else:
                narrow, wide = self.intrinsic(child)
                sides = boxes.margins(own, 0)
                beside = (sides[1] or 0) + (sides[3] or 0)
                narrow, wide = narrow + beside, wide + beside
            count += 1
            if is_row:
                most += wide
                least = max(least, narrow) if values.get("flex-wrap", "nowrap") != "nowrap" else least + narrow
            else:
                least, most = max(least, narrow), max(most, wide)
        if run:
            narrow, wide = inline.widths(self, node, run)
            least, most = max(least, narrow), max(most, wide)
        if is_row and count > 1:
            gaps = (length(values, "column-gap", 0) or 0) * (count - 1)
            most += gaps
            least += gaps if values.get("flex-wrap", "nowrap") == "nowrap" else 0
        return least, most

    def wait(self, child):
        """An absolute or fixed child, whose x and y say where it would be otherwise, waits for the box that holds it."""
        self._placed.append(child)

    def _place(self, first, holder, width, height, borders=(0, 0, 0, 0)):
        """Lay out what has waited since number `first` in the padding box of `holder`, or on the page."""
        waiting, fixed = self._placed[first:], []
        del self._placed[first:]
        for node in waiting:
            if holder is not None and node.style.values.get("position") == "fixed":
                fixed.append(node)
            else:
                self._absolute(node, holder, width, height, borders)
        self._placed += fixed

    def _absolute(self, node, holder, width, height, borders):
        """CSS 2.1, 10.3.7 and 10.6.4."""
        values = node.style.values
        top, right = length(values, "top", height), length(values, "right", width)
        bottom, left = length(values, "bottom", height), length(values, "left", width)
        sides = boxes.margins(values, width)
        edges = boxes.edges(values, width)
        from_x, from_y = _offset(node.parent, holder)  # of its parent's corner in the holder's
        static_x, static_y = node.x + from_x - borders[3], node.y + from_y - borders[0]
        own_width = boxes.outer_size(values, "width", width, edges[1] + edges[3])
        own_height = boxes.outer_size(values, "height", height, edges[0] + edges[2])
        across = width - (sides[1] or 0) - (sides[3] or 0) - (left or 0) - (right or 0)
        if own_width is None and (left is None or right is None):
            free = max(0, across - (static_x if left is None and right is None else 0))
            self.box(node, width, height, None, own_height, True, width - free)
        else:
            own_width = max(0, across if own_width is None else own_width)
            own_width = boxes.limited(own_width, values, "width", width, edges[1] + edges[3])
            if own_height is None and top is not None and bottom is not None:
                own_height = max(0, height - top - bottom - (sides[0] or 0) - (sides[2] or 0))
            self.box(node, width, height, own_width, own_height)
        x = _between(left, right, width, node.w, sides[3], sides[1], static_x)
        y = _between(top, bottom, height, node.h, sides[0], sides[2], static_y)
        node.x, node.y = x + borders[3], y + borders[0]
        if node.style.values.get("position") != "fixed":
            node.x, node.y = node.x - from_x, node.y - from_y


def hide(node):
    """Mark a node and all in it as not displayed."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        node.w, node.h = -1, 0
        waiting.extend(node.children)


def _offset(node, holder):
    x = y = 0
    while node is not None and node is not holder:
        x, y = x + node.x, y + node.y
        node = node.parent
    return x, y


def _between(start, end, size, own, before, after, static):
    """Where a box of the size `own` begins in one direction between `start` and `end`, either of which may be None."""
    if start is None and end is None:
        return static + (before or 0)
    if start is None:
        return size - end - own - (after or 0)
    if end is None:
        return start + (before or 0)
    free = size - start - end - own - (before or 0) - (after or 0)
    if before is None and after is None:
        return start + max(0, free) // 2
    return start + (free if before is None else before)


def _indent(sides, free):
    """The left margin of a block, given what its width leaves free."""
    right, left = sides[1], sides[3]
    if left is not None:
        return left
    return max(0, free // 2 if right is None else free - right)


def _shift(node, values, width, height):
    """position: relative."""
    if values.get("position") == "relative":
        x, right = length(values, "left", width), length(values, "right", width)
        y, bottom = length(values, "top", height), length(values, "bottom", height)
        node.x += x if x is not None else -(right or 0)
        node.y += y if y is not None else -(bottom or 0)


def _collapsed(first, second):
    """Two margins that meet: the larger of the positive ones and the smaller of the negative ones."""
    return max(first, second, 0) + min(first, second, 0)


def _keeps_margins(node, values):
    """Whether the margins of a block's children stay in it."""
    if node.parent is None or boxes.is_clipping(values) or values.get("display", "block") != "block":
        return True
    return boxes.is_out_of_flow(values) or boxes.is_flex(node.parent.style.values)
