"""
What a page looks like: from its nodes to items that the painter draws, the lowest first.

Opacity is that of each thing, not of a group: what lies over something else in a box that is half transparent is seen through.
"""

from kiosk.ui import boxes
from kiosk.ui.boxes import length
from kiosk.ui.stacking import painted

_RADII = (
    "border-top-left-radius", "border-top-right-radius", "border-bottom-left-radius", "border-bottom-right-radius",
)  # fmt: skip
_EDGES = ("border-top-color", "border-right-color", "border-bottom-color", "border-left-color")
_OPAQUE = const(255)
_OVER = ()  # in the place of a clip: what waits is an item, to be painted when all that is in an element has been


class Look:
    """
    What the painter wants to know of a style, found out once for all that share it.

    fill, ink: colors as styles have them; ink is that of text.  edges: None, or (widths, colors) of the four borders; rounds:
    whether a corner is rounded; is_box: whether there is more than text; opacity: 0 to 255; face: the font.Face of its text; spacing: between its characters, in px;
    line: "underline" or "line-through"; gradient: a gradient.Linear, or None.
    """

    gradient = None

    def __init__(self, values, face_of):
        self.fill = values.get("background-color", 0)
        if values.get("background-image", "none") != "none":
            from kiosk.ui.gradient import Linear

            self.gradient = Linear(values["background-image"])
        self.ink = values.get("color", _OPAQUE << 16)
        self.edges = None
        widths = boxes.borders(values)
        if widths != boxes.NONE:
            widths = [(width + 32) >> 6 or (1 if width else 0) for width in widths]
            self.edges = (widths, [values.get(name, self.ink) for name in _EDGES])
        self.is_box = bool(self.fill >> 16 or self.edges or self.gradient)
        self.rounds = False
        for name in _RADII:
            if values.get(name):
                self.rounds = True
        self.opacity = max(0, min(values.get("opacity", 64), 64)) * _OPAQUE >> 6
        self.is_clipping = boxes.is_clipping(values)
        self.is_hidden = values.get("visibility") == "hidden"
        self.face = face_of(boxes.font_of(values))
        self.spacing = ((length(values, "letter-spacing", 0) or 0) + 32) >> 6
        self.line = values.get("text-decoration", "none")
        self.dots = self.is_clipping and values.get("text-overflow") == "ellipsis"


class Box:
    """An element: its background and its border.  box: what is to be seen of it; place: all of it, in px."""

    def __init__(self, box, place, node, look, opacity):
        self.box = box
        self._place = place
        self._node = node
        self._look = look
        self._opacity = opacity
        self._color = rgb(look.fill)  # it is drawn in each strip that it lies on
        self._cover = (look.fill >> 16) * opacity // _OPAQUE

    def draw(self, surface):
        """Draw it."""
        look = self._look
        x, y, width, height = self._place
        radii = _radii(self._node) if look.rounds else None
        before = None if self.box is self._place else surface.clip(*self.box)
        if self._cover:
            _fill(surface, x, y, width, height, radii, self._color, self._cover)
        if look.gradient:
            look.gradient.draw(surface, self._place, max(radii) if radii else 0, self._opacity)
        if look.edges:
            self._draw_edges(surface, look, max(radii) if radii else 0)
        if before:
            surface.unclip(before)

    def _draw_edges(self, surface, look, radius):
        x, y, width, height = self._place
        (top, right, bottom, left), colors = look.edges
        if top == right == bottom == left and colors[0] == colors[1] == colors[2] == colors[3]:
            surface.border(x, y, width, height, radius, top, rgb(colors[0]), self._alpha(colors[0]))
            return
        _, first, _, last = surface.clipped()  # most strips that a box lies on have neither its top nor its bottom
        if top and y + top > first:
            surface.fill_rect(x, y, width, top, rgb(colors[0]), self._alpha(colors[0]))
        if bottom and y + height - bottom < last and y + height > first:
            surface.fill_rect(x, y + height - bottom, width, bottom, rgb(colors[2]), self._alpha(colors[2]))
        y += top
        height -= top + bottom
        if left:
            surface.fill_rect(x, y, left, height, rgb(colors[3]), self._alpha(colors[3]))
        if right:
            surface.fill_rect(x + width - right, y, right, height, rgb(colors[1]), self._alpha(colors[1]))

    def _alpha(self, color):
        return (color >> 16) * self._opacity // _OPAQUE


class Drawn:
    """What a component paints.  box: what is to be seen of it; place: all of the element's box, in px."""

    def __init__(self, box, place, component, look, opacity):
        self.box = box
        self.place = place
        self.component = component
        self._look = look
        self._opacity = opacity

    def draw(self, surface):
        """Draw it."""
        before = surface.clip(*self.box)
        self.component.draw(surface, self.place, self._look, self._opacity)
        surface.unclip(before)


class DrawnOver(Drawn):
    """What a component paints over its children."""

    def draw(self, surface):
        """Draw it."""
        before = surface.clip(*self.box)
        self.component.draw_over(surface, self.place, self._look, self._opacity)
        surface.unclip(before)


class Line:
    """A line of text.  box: what is to be seen of it; text begins at (x, y) in px; clips: whether box cuts it."""

    def __init__(self, box, x, y, text, look, opacity, clips):
        self.box = box
        self._x = x
        self._y = y
        self._text = text
        self._look = look
        self._color = rgb(look.ink)  # it is drawn in each strip that it lies on
        self._alpha = (look.ink >> 16) * opacity // _OPAQUE
        self._clips = clips

    def draw(self, surface):
        """Draw it."""
        look = self._look
        color, alpha = self._color, self._alpha
        before = surface.clip(*self.box) if self._clips else None
        if look.spacing:
            end = self._x
            for character in self._text:
                end = surface.text(end, self._y, character, look.face, color, alpha) + look.spacing
        else:
            end = surface.text(self._x, self._y, self._text, look.face, color, alpha)
        if look.line != "none":
            face = look.face
            drop = face.ascent + 1 if look.line == "underline" else face.ascent * 2 // 3
            surface.fill_rect(self._x, self._y + drop, end - self._x, max(1, face.size // 14), color, alpha)
        if before:
            surface.unclip(before)


def rgb(color):
    """0xRRGGBB of a color as styles have it."""
    return (color & 0xF800) << 8 | (color & 0x7E0) << 5 | (color & 0x1F) << 3


def _radii(node):
    """[int]: radii in px of the corners, top left and right, bottom left and right."""
    return [((length(node.style.values, name, node.w) or 0) + 32) >> 6 for name in _RADII]


def _fill(surface, x, y, width, height, radii, color, alpha):
    radius = max(radii) if radii else 0
    if not radius:
        surface.fill_rect(x, y, width, height, color, alpha)
        return
    surface.rounded_rect(x, y, width, height, radius, color, alpha)
    if alpha < _OPAQUE or min(radii) == radius:
        return
    radius = min(radius, width // 2, height // 2)
    for corner in range(4):  # those that are not rounded
        if not radii[corner]:
            left = x + width - radius if corner & 1 else x
            surface.fill_rect(left, y + height - radius if corner & 2 else y, radius, radius, color, alpha)


def look_of(style, face_of):
    """The Look of a style."""
    if style.look is None:
        style.look = Look(style.values, face_of)
    return style.look


def items(root, area, face_of, prunes=True, top=0):
    """
    List of the items of a page that meet `area`, (x, y, width, height) in px of the screen, where the page begins at `top`.

    face_of(font): the font.Face for a font as layout has it; prunes: whether what is in a box lies within it, so that what is in
    boxes beside the area need not be looked at.
    """
    top_64 = top << 6
    return look_into((root, root.x, root.y + top_64, None, _OPAQUE), area, face_of, prunes, top_64, root)


def look_into(first, area, face_of, prunes, top_64, root=None):
    """
    List of the items of an element and all in it that meet `area`, as items() has it.

    first: (node, x, y, clip, opacity), in 1/64 px of the screen; it is painted as if it had no transform.  top_64: where the page
    begins; root: the node that is the page, if it is `first`, which has no box of its own.
    """
    found = []
    left, upper, right, bottom = area[0], area[1], area[0] + area[2], area[1] + area[3]
    rows = ((upper - 1) << 6, (bottom + 1) << 6) if prunes else None
    waiting = [first]
    while waiting:
        node, x, y, clip, opacity = waiting.pop()
        if clip is _OVER:
            found.append(node)
            continue
        if node.transform and node is not first[0] and _put_turned(found, (node, x, y, clip, opacity), face_of, top_64):
            continue
        px, py = (x + 32) >> 6, (y + 32) >> 6
        width, height = ((x + node.w + 32) >> 6) - px, ((y + node.h + 32) >> 6) - py
        misses = px >= right or py >= bottom or px + width <= left or py + height <= upper
        if node.is_text:
            if not misses:
                _put_text(found, node, x, y, clip, opacity, face_of)
            continue
        look = look_of(node.style, face_of)
        is_page = node is root
        is_clipping = look.is_clipping and not is_page
        if misses and (prunes or is_clipping) and not is_page:
            continue
        if look.opacity < _OPAQUE:
            opacity = opacity * look.opacity // _OPAQUE
        place = (px, py, width, height)
        if not is_page and (look.is_box or node.component) and not look.is_hidden:
            _put_box(found, node, place, clip, look, opacity)
        if is_clipping:
            clip = _inside(place, look, clip)
            if not clip:
                continue
        if node.component and node.component.draws_over and common(place, clip):
            over = DrawnOver(common(place, clip), place, node.component, look, opacity)
            waiting.append((over, 0, 0, _OVER, 0))
        _put_children(waiting, node, x, y, clip, opacity, rows, top_64)
    return found


def _put_turned(found, first, face_of, top_64):
    """Whether a node with a transform is more than moved by it: then its item is put here."""
    from kiosk.ui import transformed

    if not transformed.is_turned(first[0]):
        return False
    from kiosk.ui.transformed import items as turned

    turned.put(found, first, face_of, top_64)
    return True


def _put_children(waiting, node, x, y, clip, opacity, rows, top):
    """
    Have the displayed children of an element looked at, the first one next.

    (x, y): of the element; rows: None, or the (highest, lowest) that are of interest; top: of the page.  All in 1/64 px.
    """
    children = node.children
    if len(children) > 1:
        children = painted(node)
    if node.scroll:
        x -= node.scroll[0] << 6
        y -= node.scroll[1] << 6
    for at in range(len(children) - 1, -1, -1):
        child = children[at]
        if child.w < 0:
            continue
        transform = child.transform
        is_fixed = child.style is not None and child.style.values.get("position") == "fixed"
        if is_fixed:
            place_x, place_y = child.x, child.y + top
        elif rows is None or transform or (y + child.y <= rows[1] and y + child.y + child.h >= rows[0]):
            place_x, place_y = x + child.x, y + child.y
        else:
            continue
        if transform:
            place_x, place_y = place_x + int(transform[4] * 64), place_y + int(transform[5] * 64)
        waiting.append((child, place_x, place_y, None if is_fixed else clip, opacity))


def _put_box(found, node, place, clip, look, opacity):
    seen = common(place, clip)
    if seen:
        if look.is_box:
            found.append(Box(seen, place, node, look, opacity))
        if node.component:
            found.append(Drawn(seen, place, node.component, look, opacity))


def _inside(place, look, clip):
    """What is left of a clip in the border of a box."""
    top, right, bottom, left = look.edges[0] if look.edges else (0, 0, 0, 0)
    x, y, width, height = place
    return common((x + left, y + top, width - left - right, height - top - bottom), clip)


def _put_text(found, node, x, y, clip, opacity, face_of):
    look = look_of(node.parent.style, face_of)
    if look.is_hidden:
        return
    lines = node.lines
    face = look.face
    if not lines:
        text = node.text
        if look.dots and clip:
            text = _fitted(text, face, clip[0] + clip[2] - (x >> 6))
        _put_line(found, text, (x + 32) >> 6, (y + 32) >> 6, (node.w + 63) >> 6, clip, look, opacity)
        return
    x, y = x - node.x, y - node.y  # lines are placed in the parent
    for at in range(0, len(lines), 5):
        _put_line(found, node.text[lines[at] : lines[at + 1]], (x + lines[at + 2] + 32) >> 6,
                  (y + lines[at + 3] + 32) >> 6, (lines[at + 4] + 63) >> 6, clip, look, opacity)  # fmt: skip


def _put_line(found, text, x, y, width, clip, look, opacity):
    place = (x, y, width, look.face.height)
    seen = common(place, clip)
    if seen:
        found.append(Line(seen, x, y, text, look, opacity, seen is not place))


def _fitted(text, face, width):
    from kiosk.ui.paint.text import fit

    return fit(text, face, width)[0]


def common(place, clip):
    """What two rectangles have in common; the first itself if it lies in the other; None for nothing."""
    if clip is None:
        return place
    left, top = max(place[0], clip[0]), max(place[1], clip[1])
    width = min(place[0] + place[2], clip[0] + clip[2]) - left
    height = min(place[1] + place[3], clip[1] + clip[3]) - top
    if width <= 0 or height <= 0:
        return None
    if width == place[2] and height == place[3]:
        return place
    return left, top, width, height


def stick_out(node):
    """bool: whether anything in `node` is outside of the box that it is in, so that a box says nothing of what it holds."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        is_page = node.parent is None
        is_free = is_page or (node.style is not None and boxes.is_clipping(node.style.values))
        width, height = node.w, node.h
        for child in node.children:
            if child.w < 0:
                continue
            if not is_free:
                # Of a text that is higher than its line the outermost fifths are empty.
                empty = child.h // 5 if child.is_text else 0
                if child.transform:
                    from kiosk.ui import transformed

                    x, y, across, down = transformed.extent(child)
                    if x < 0 or x + across > width or y < 0 or y + down > height:
                        return True
                elif (
                    child.x < 0
                    or child.x + child.w > width
                    or child.y + empty < 0
                    or child.y + child.h - empty > height
                ):
                    return True
            if child.children:
                if not is_page and child.style.values.get("position") == "fixed":
                    return True
                try:
                    waiting.append(child)
                except MemoryError:  # a heap full of nodes has no piece for a list of them
                    return True
    return False
