"""
Which declarations hold for an element: selectors, cascade, inheritance, units.

A compiled style sheet is a tuple of rules (specificity, selector, lengths, others), see declarations.py.  A selector is a
tuple of compounds from the outermost to the element itself, with ">" before one that must be the direct child; a compound
is a tuple of tokens: "view", ".class", "#id", ":active".

Styles form a tree beside that of the nodes, in which elements that cannot be told apart share one: the rows of a list
have the style of one row.  Each is made when it is first asked for.
"""

_INHERITED = (
    "color", "font-size", "font-weight", "font-style", "font-family", "line-height", "letter-spacing", "text-align",
    "text-indent", "text-decoration", "white-space", "word-break", "visibility",
)  # fmt: skip
_FONT_PX = const(16)
_KEPT = const(64)  # styles kept below one: a class name that is computed may have no end of them

# The components' own sizes and displays as WeChat has them: tag, lengths, others.  1 px is 512 (declarations.py).
_DEFAULTS = (
    ("page", (), ("display", "block")),
    ("text", (), ("display", "inline", "white-space", "pre-line")),
    ("navigator:active", (), ("background-color", 0x1A0000, "opacity", 45)),
    ("audio", ("width", 300 << 9, "height", 65 << 9), ("display", "none")),
    ("label", (), ("display", "inline")),
    ("image", ("width", 320 << 9, "height", 240 << 9), ("display", "inline-block", "overflow-x", "hidden", "overflow-y", "hidden")),
    ("icon", ("width", 23 << 9, "height", 23 << 9), ("display", "inline-block")),
    ("checkbox", ("width", 24 << 9, "height", 24 << 9), ("display", "inline-block")),
    ("radio", ("width", 24 << 9, "height", 24 << 9), ("display", "inline-block")),
    ("switch", ("width", 52 << 9, "height", 32 << 9), ("display", "inline-block")),
    ("button", ("padding-left", 14 << 9, "padding-right", 14 << 9, "font-size", 18 << 9, "line-height", 163 << 3 | 7, "border-top-left-radius", 5 << 9, "border-top-right-radius", 5 << 9, "border-bottom-right-radius", 5 << 9, "border-bottom-left-radius", 5 << 9), ("text-align", "center", "box-sizing", "border-box", "overflow-x", "hidden", "overflow-y", "hidden", "background-color", 0xFFEF7D)),
    ("button:active", (), ("background-color", 0xFFDEFB)),
    ("button primary", (), ("color", 0xFFFFFF, "background-color", 0xFF0E0C)),
    ("button primary:active", (), ("background-color", 0xFF0D6A)),
    ("button warn", (), ("color", 0xFFFFFF, "background-color", 0xFFFA8A)),
    ("button warn:active", (), ("background-color", 0xFFD228)),
    ("button mini", ("font-size", 13 << 9, "line-height", 147 << 3 | 7, "padding-left", 17 << 9, "padding-right", 17 << 9), ("display", "inline-block")),
    ("button disabled", (), ("opacity", 32)),
    ("input", ("height", 22 << 9), ("overflow-x", "hidden", "overflow-y", "hidden", "white-space", "pre")),
    ("textarea fixed", ("height", 150 << 9), ()),
    ("textarea", ("width", 300 << 9), ("white-space", "pre-wrap", "overflow-y", "auto")),
    ("picker-view-column", (), ("overflow-x", "hidden", "overflow-y", "hidden")),
    ("slider", ("height", 28 << 9, "margin-top", 10 << 9, "margin-bottom", 10 << 9), ()),
    ("progress", ("height", 6 << 9), ()),
    ("swiper", ("height", 150 << 9), ("overflow-x", "hidden", "overflow-y", "hidden")),
    ("swiper-item", ("width", 100 << 9 | 2, "height", 100 << 9 | 2), ("position", "absolute")),
    ("scroll-view", (), ("overflow-x", "auto", "overflow-y", "auto")),
    ("canvas", ("width", 300 << 9, "height", 150 << 9), ("position", "relative")),
    ("video", ("width", 300 << 9, "height", 225 << 9), ("display", "inline-block")),
    ("camera", ("width", 100 << 9 | 2, "height", 225 << 9), ()),
    ("live-player", ("width", 300 << 9, "height", 225 << 9), ("display", "inline-block")),
    ("live-pusher", ("width", 300 << 9, "height", 225 << 9), ("display", "inline-block")),
)  # fmt: skip
_KINDS = tuple([row[0] for row in _DEFAULTS])  # looked up without a loop in Python
_MANIFOLD = ("button", "textarea")  # their attributes say what rows of _DEFAULTS are for them


class Style:
    """
    What holds for an element, and for all that look the same from here.

    values: dict of property name -> "auto", or for lengths an int: px in 1/64, shifted left by one, or with the lowest bit
    set percent in 1/64 (for line-height: a factor); other properties as in declarations.py.  Not set is not in it, but
    inherited properties are.  look: items.Look, None until it is painted.
    """

    look = None

    def __init__(self, parent, tokens):
        self.parent = parent
        self.tokens = tokens
        self.kids = None
        self.values = {}


class Sheet:
    """
    The style sheets of one page: rules_lists, the app's before the page's; width and height of the screen in px.

    of(node) is the style of an element.  transforms: whether one of them has a transform.
    """

    transforms = False

    def __init__(self, rules_lists, width, height):
        self._rules_lists = rules_lists
        self.width = width
        self.height = height

    def of(self, node):
        """The Style of an element; its parent's must be there."""
        if node.style is None:
            node.style = self._shared(node)
        return node.style

    def _shared(self, node):
        parent = node.parent.style if node.parent else None
        if parent is None:
            return self._made(parent, node)
        values = node.values
        if node.own or (values and "style" in values):
            return self._made(parent, node)  # as many as there are values: none is kept for others
        if node.active or (values and ("class" in values or "id" in values or "hidden" in values)):
            key = (id(node.template), values and values.get("class"), values and values.get("id"),
                   bool(node.get("hidden", False)), node.active)  # fmt: skip
        else:
            key = id(node.template)
        if values and node.tag in _MANIFOLD:
            key = (key, tuple(_kinds(node)))
        kids = parent.kids
        if kids is None or len(kids) >= _KEPT:
            kids = parent.kids = {}
        style = kids.get(key)
        if style is None:
            style = kids[key] = self._made(parent, node)
        return style

    def _made(self, parent, node):
        style = Style(parent, _tokens(node))
        lengths, others = [], []
        if node.tag != "view":  # which is most of a page, and has none
            rows = [_KINDS.index(kind) for kind in _kinds(node) if kind in _KINDS]
            for at in sorted(rows) if len(rows) > 1 else rows:
                lengths.append(_DEFAULTS[at][1])
                others.append(_DEFAULTS[at][2])
        for rule in self._matching(style):
            lengths.append(rule[2])
            others.append(rule[3])
        inline = node.get("style")
        if isinstance(inline, tuple):
            inline = (inline,)
        elif inline:
            inline = (_parsed(inline),)
        for pair in inline or ():
            lengths.append(pair[0])
            others.append(pair[1])
        if node.own:
            lengths.append(node.own[0])
            others.append(node.own[1])
        self._compute(style, lengths, others)
        if "transform" in style.values:
            self.transforms = True
        if node.get("hidden", False):
            style.values["display"] = "none"
        return style

    def is_touchable(self, node):
        """bool: whether a finger on `node` makes rules with `:active` hold for it."""
        tokens = None
        for rules in self._rules_lists:
            for rule in rules:
                for compound in rule[1]:
                    if ":active" in compound:
                        tokens = tokens or _tokens(node)
                        if all(token in tokens or token == ":active" for token in compound):
                            return True
        return False

    def _matching(self, style):
        return in_order(
            [rule for rules in self._rules_lists for rule in rules if _matches(style, rule[1], len(rule[1]) - 1)]
        )

    def _compute(self, style, lengths, others):
        values = style.values
        inherited = style.parent.values if style.parent else {"font-size": _FONT_PX << 7}
        for name in _INHERITED:
            if name in inherited:
                values[name] = inherited[name]
        for flat in others:
            for at in range(0, len(flat), 2):
                values[flat[at]] = flat[at + 1]
        font = inherited["font-size"] >> 1
        for flat in lengths:
            for at in range(0, len(flat), 2):
                if flat[at] == "font-size":
                    size = self.computed("font-size", flat[at + 1], font)
                    values["font-size"] = size if not size & 1 else (font * (size >> 1) // 6400) << 1
        font = values["font-size"] >> 1
        for flat in lengths:
            for at in range(0, len(flat), 2):
                if flat[at] != "font-size":
                    values[flat[at]] = self.computed(flat[at], flat[at + 1], font)

    def computed(self, name, value, font):
        """A length as styles have it; font: the size in 1/64 px that em is of."""
        if value == "auto":
            return value
        unit, value = value & 7, value >> 3
        if unit == 1:
            value = value * self.width // 750
        elif unit == 3:
            value = value * font >> 6
        elif unit == 4:
            value = value * self.width // 20  # WeChat: the screen is 20 rem wide
        elif unit == 5:
            value = value * self.width // 100
        elif unit == 6:
            value = value * self.height // 100
        elif unit == 2 and name == "line-height":
            value = value * font // 6400
        elif unit in (2, 7):
            return value << 1 | 1
        return value << 1


def in_order(found):
    """A list of rules, sorted by specificity, and as they stand among equals: list.sort() is not stable here."""
    for at in range(1, len(found)):
        rule = found[at]
        while at and found[at - 1][0] > rule[0]:
            found[at] = found[at - 1]
            at -= 1
        found[at] = rule
    return found


def _kinds(node):
    """What rows of _DEFAULTS are for an element."""
    tag = node.tag
    if tag == "textarea" and not node.get("auto-height", False):
        return (tag, "textarea fixed")
    if tag == "navigator" and node.active and not node.get("hover-class"):
        return (tag, "navigator:active")
    if tag != "button":
        return (tag,)
    kinds = [tag, tag + " " + str(node.get("type", "default")), tag + " " + str(node.get("size", "default"))]
    if node.get("disabled", False):
        kinds.append("button disabled")
    elif node.active and node.get("hover-class") != "none":
        kinds += [kind + ":active" for kind in kinds]
    return kinds


def _tokens(node):
    """tuple of str: what selectors know an element by."""
    tokens = [node.tag]
    for name in node.get("class", "").split():
        tokens.append("." + name)
    if node.get("id"):
        tokens.append("#" + node.get("id"))
    if node.active:
        tokens.append(":active")
        for name in node.get("hover-class", "none").split():
            tokens.append("." + name)
    return tuple(tokens)


def _matches(style, selector, at):
    """Whether the compounds of `selector` up to number `at` hold for the element of `style` and those above it."""
    for token in selector[at]:
        if token not in style.tokens:
            return False
    at -= 1
    if at < 0:
        return True
    style = style.parent
    if selector[at] == ">":
        return style is not None and _matches(style, selector, at - 1)
    while style is not None:
        if _matches(style, selector, at):
            return True
        style = style.parent
    return False


def _parsed(text):
    from kiosk import log
    from kiosk.ui import declarations

    return declarations.parse(text, lambda name, reason: log.warn("style", "%s: %s" % (name, reason)))
