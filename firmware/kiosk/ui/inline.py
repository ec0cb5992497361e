"""
Lines: texts, inline elements and inline boxes side by side, broken where they do not fit.

A line may break after a space or a hyphen, around a CJK character, between two texts, and before or after an inline box.
"""

from kiosk.ui import boxes, breaks
from kiosk.ui.boxes import font_of, length

_NO_WRAP = ("nowrap", "pre")
_KEEPS_SPACES = ("pre", "pre-wrap")
_MEASURED = const(64)  # texts whose widths are kept


def is_visible(run):
    """bool: whether a run is more than white space."""
    for child in run:  # noqa: SIM110  asked of each box, and a generator takes longer
        if not child.is_text or child.text.strip():
            return True
    return False


def lay_out(layout, node, run, x, y, width):
    """Lay out a run of inline children of `node` from (x, y) in its border box; return the height of the lines."""
    if len(run) == 1 and run[0].is_text:
        height = _lay_out_one(layout, run[0], node.style.values, x, y, width)
        if height is not None:
            return height
    lines = _Lines(layout, node.style.values, x, y, width)
    for child in run:
        lines.add(child, node.style.values)
    lines.finish(True)
    for child in run:
        _settle(child, 0, 0)
    return lines.y - y


def _lay_out_one(layout, child, values, x, y, width):
    """lay_out() of the one text that most boxes hold, if it fits on one line; else None, and nothing has been done."""
    text = child.text
    space = values.get("white-space", "normal")
    if "\n" in text or space in _KEEPS_SPACES:
        return None
    bare = text.strip(" ")
    if not bare:
        child.lines, child.w, child.h = None, -1, 0
        return 0
    at = length(values, "text-indent", width) or 0
    taken = text_width(layout, bare, values)
    if at + taken > width and space not in _NO_WRAP:
        return None
    ascent, descent, above, below = heights(layout, values)
    at += x + _aligned(values.get("text-align"), width - at - taken)
    child.x, child.y, child.w, child.h = at, y + above - ascent, taken, ascent + descent
    if len(bare) == len(text):
        child.lines = None
    else:
        start = text.find(bare)
        child.lines = (start, start + len(bare), at, child.y, taken)
    return above + below


def widths(layout, node, run):
    """(least, most): the width of a run with every break taken, and with none."""
    least = most = longest = 0
    is_one = len(run) == 1 and run[0].is_text
    for child, values in ((run[0], node.style.values),) if is_one else _leaves(layout, node, run):
        if not child.is_text:
            narrow, wide = layout.intrinsic(child)
            sides = boxes.margins(child.style.values, 0)
            beside = (sides[1] or 0) + (sides[3] or 0)
            least, most = max(least, narrow + beside), most + wide + beside
            continue
        if values is None:
            continue
        wraps = values.get("white-space") not in _NO_WRAP
        for number, line in enumerate(breaks.written(child.text, values)):
            if number:
                longest, most = max(longest, most), 0
            most += text_width(layout, line.strip(" ") if not most else line, values)
            if wraps:
                for start, end in breaks.segments(line, values):
                    least = max(least, text_width(layout, line[start:end].strip(" "), values))
            else:
                least = max(least, most)
    return least, max(longest, most)


def _leaves(layout, node, run):
    """[(Text or inline box, values of its parent)]; an inline element's own edges are not counted here."""
    found = []
    for child in run:
        if child.is_text:
            found.append((child, node.style.values))
        elif child.style.values.get("display") == "inline":
            found += _leaves(layout, child, [each for each, _ in layout.kids(child)])
        else:
            found.append((child, None))
    return found


def text_width(layout, text, values):
    """int: how wide a text is in the font of `values`, in 1/64 px."""
    if not text:
        return 0
    font = font_of(values)
    known = layout.widths.get(text)
    if known and known[0] == font:
        width = known[1]
    else:
        width = int(layout.measure(text, font) * 64 + 0.5)
        if len(layout.widths) >= _MEASURED:
            layout.widths.clear()
        layout.widths[text] = (font, width)
    spacing = values.get("letter-spacing")
    return width + len(text) * (length(values, "letter-spacing", 0) or 0) if spacing else width


def heights(layout, values):
    """(ascent, descent, above, below the baseline with the line's height), in 1/64 px."""
    found = layout.heights.get(id(values))
    if found is None:
        ascent, descent = layout.line(font_of(values))
        above, below = ascent, descent = int(ascent * 64 + 0.5), int(descent * 64 + 0.5)
        height = values.get("line-height", "auto")
        if height != "auto":
            height = (values["font-size"] >> 1) * (height >> 1) >> 6 if height & 1 else height >> 1
            above += (height - ascent - descent) >> 1
            below = height - above
        found = layout.heights[id(values)] = ascent, descent, above, below
    return found


class _Lines:
    """The lines of one run.  Positions are in the border box of the block that they are in, until _settle()."""

    def __init__(self, layout, values, x, y, width):
        self._layout = layout
        self._values = values
        self._x = x
        self.y = y
        self._width = width
        self._at = length(values, "text-indent", width) or 0
        self._entries = []  # (node, start, end, x, width, values) on the line so far

    def add(self, child, values):
        """Add a child of an element with the style `values`."""
        if child.is_text:
            child.lines = []
            self._add_text(child, values)
            return
        own = self._layout.styled(child)
        if boxes.is_out_of_flow(own):
            child.x, child.y = self._x + self._at, self.y
            self._layout.wait(child)
        elif own.get("display") == "inline":
            sides, edges = boxes.margins(own, self._width), boxes.edges(own, self._width)
            self._at += (sides[3] or 0) + edges[3]
            child.x = self._x + self._at
            child.y = self.y
            child.w = child.h = 0
            for each, _ in self._layout.kids(child):
                self.add(each, own)
            self._at += edges[1] + (sides[1] or 0)
        else:
            self._add_box(child, own)

    def _add_box(self, child, own):
        sides = boxes.margins(own, self._width)
        beside = (sides[1] or 0) + (sides[3] or 0)
        self._layout.box(child, self._width, None, shrinks=True, beside=beside)
        wraps = self._values.get("white-space") not in _NO_WRAP
        if self._entries and wraps and self._at + child.w + beside > self._width:
            self.finish()
        self._entries.append((child, 0, 0, self._at + (sides[3] or 0), child.w, own))
        self._at += child.w + beside

    def _add_text(self, child, values):
        keeps = values.get("white-space", "normal").startswith("pre")
        start = 0
        while start < len(child.text):
            end = child.text.find("\n", start) if keeps else -1
            self._add_line(child, start, len(child.text) if end < 0 else end, values)
            if end < 0:
                return
            self.finish(is_forced=True, values=values)
            start = end + 1

    def _add_line(self, child, start, end, values):
        """Add characters without a forced break among them."""
        text, layout = child.text, self._layout
        may_break = values.get("white-space") not in _NO_WRAP
        spaces = values.get("white-space", "normal") in ("normal", "nowrap", "pre-line")
        while start < end:
            if spaces and not self._entries:
                while start < end and text[start] in " \n":
                    start += 1
            whole = text_width(layout, text[start:end].rstrip(" "), values)
            if not may_break or self._at + whole <= self._width:
                self._put(child, start, end, values)
                return
            taken, used = start, 0
            for first, last in breaks.segments(text[start:end], values):
                piece = text[start + first : start + last]
                bare = text_width(layout, piece.rstrip(" "), values)
                if self._at + used + bare > self._width and (taken > start or self._entries):
                    break
                if bare > self._width and values.get("word-break") in ("break-all", "break-word"):
                    last = first + self._fitting(piece, self._width, values)
                    taken = start + last
                    break
                used += text_width(layout, piece, values)
                taken = start + last
            if taken > start:
                self._put(child, start, taken, values)
            if taken < end:
                self.finish()
            start = taken

    def _fitting(self, text, width, values):
        """How many characters of a word fit in a line; at least one."""
        count, used = 1, text_width(self._layout, text[:1], values)
        while count < len(text):
            used += text_width(self._layout, text[count], values)
            if used > width:
                break
            count += 1
        return count

    def _put(self, child, start, end, values):
        if start < end:
            width = text_width(self._layout, child.text[start:end], values)
            self._entries.append((child, start, end, self._at, width, values))
            self._at += width

    def finish(self, is_last=False, is_forced=False, values=None):
        """End the line: settle its height and alignment, and place what is on it."""
        entries, self._entries = self._entries, []
        if not entries and not is_forced:
            self._at = 0
            return
        _, _, above, below = heights(self._layout, self._values)
        tallest = 0
        placed = []
        for node, start, end, x, width, own in entries:
            if node.is_text:
                ascent, descent, up, down = heights(self._layout, own)
                if node is entries[-1][0] and end == entries[-1][2]:
                    width, end = self._trimmed(node.text, start, end, width, own)
            else:
                up, down = self._box_heights(node, own)
                ascent, descent = up, node.h
                if own.get("vertical-align") in ("top", "bottom"):
                    tallest = max(tallest, up + down)
                    up = down = 0
            above, below = max(above, up), max(below, down)
            placed.append((node, start, end, x, width, own, ascent, descent))
        below = max(below, tallest - above)
        used = max([each[3] + each[4] for each in placed] or [0])
        shift = self._x + _aligned(self._values.get("text-align"), self._width - used)
        for node, start, end, x, width, own, ascent, descent in placed:
            if node.is_text:
                node.h = ascent + descent
                node.lines += (start, end, x + shift, self.y + above - ascent, width)
            else:
                self._place_box(node, own, x + shift, above, above + below, ascent)
        self.y += above + below
        self._at = 0

    def _trimmed(self, text, start, end, width, values):
        """The last text of a line without the spaces at its end."""
        if values.get("white-space") in ("pre", "pre-wrap"):
            return width, end
        last = end
        while last > start and text[last - 1] == " ":
            last -= 1
        return (width if last == end else text_width(self._layout, text[start:last], values)), last

    def _box_heights(self, node, own):
        """How far an inline box with its margins reaches above and below the baseline."""
        sides = boxes.margins(own, self._width)
        top, bottom = sides[0] or 0, sides[2] or 0
        if own.get("vertical-align") == "middle":
            half = (self._values["font-size"] >> 1) // 4  # half of the height of an x
            up = (top + node.h + bottom) // 2 + half
            return up, top + node.h + bottom - up
        baseline = None if boxes.is_clipping(own) else last_baseline(self._layout, node)
        if baseline is None:
            return top + node.h + bottom, 0
        return top + baseline, node.h - baseline + bottom

    def _place_box(self, node, own, x, above, height, up):
        top, _, bottom, _ = boxes.margins(own, self._width)
        align = own.get("vertical-align")
        if align == "top":
            offset = 0
        elif align == "bottom":
            offset = height - node.h - (top or 0) - (bottom or 0)
        else:
            offset = above - up
        node.x, node.y = x, self.y + offset + (top or 0)


def _aligned(align, free):
    """How far a line moves to the right."""
    if free <= 0:
        return 0
    return free // 2 if align == "center" else free if align in ("right", "end") else 0


def _settle(node, x, y):
    """Give texts and inline elements of finished lines their boxes, from the corner (x, y) of their parent."""
    if node.is_text:
        lines = node.lines
        if not lines:
            node.lines, node.w, node.h = None, -1, 0
            return
        count = len(lines) // 5
        left = min([lines[at * 5 + 2] for at in range(count)])
        right = max([lines[at * 5 + 2] + lines[at * 5 + 4] for at in range(count)])
        node.x, node.y, node.w = left - x, lines[3] - y, right - left
        node.h = lines[-2] + node.h - lines[3]
        is_whole = count == 1 and lines[0] == 0 and lines[1] == len(node.text)
        for at in range(count):
            lines[at * 5 + 2] -= x
            lines[at * 5 + 3] -= y
        node.lines = None if is_whole else tuple(lines)
        return
    if node.style.values.get("display") != "inline" or boxes.is_out_of_flow(node.style.values):
        node.x, node.y = node.x - x, node.y - y
        return
    _settle_inline(node, x, y)


def _settle_inline(node, x, y):
    """An inline element is as large as what is in it, with its edges around that."""
    edges = boxes.edges(node.style.values, 0)
    shown = []
    for child in node.children:
        if child.is_text or child.w >= 0:
            _settle(child, 0, 0)
            if child.w >= 0 and not (child.style and boxes.is_out_of_flow(child.style.values)):
                shown.append(child)
    if shown:
        left, top = min([each.x for each in shown]), min([each.y for each in shown])
        node.w = max([each.x + each.w for each in shown]) - left + edges[1] + edges[3]
        node.h = max([each.y + each.h for each in shown]) - top + edges[0] + edges[2]
        node.x, node.y = left - edges[3], top - edges[0]
    for child in node.children:
        if child.w >= 0:
            child.x, child.y = child.x - node.x, child.y - node.y
            if child.is_text and child.lines:
                child.lines = tuple([each - (0, 0, node.x, node.y, 0)[at % 5] for at, each in enumerate(child.lines)])
    node.x, node.y = node.x - x, node.y - y


def last_baseline(layout, node):
    """How far the baseline of the last line in a box is below its upper edge, or None if there is no line."""
    return _baseline(layout, node, True)


def first_baseline(layout, node):
    """The same of the first line."""
    return _baseline(layout, node, False)


def _baseline(layout, node, is_last):
    for child in reversed(node.children) if is_last else node.children:
        if child.w < 0:
            continue
        if child.is_text:
            ascent, descent, _, _ = heights(layout, node.style.values)
            return child.y + (child.h - descent if is_last else ascent)
        if not boxes.is_out_of_flow(child.style.values):
            inner = _baseline(layout, child, is_last)
            if inner is not None:
                return child.y + inner
    return None
