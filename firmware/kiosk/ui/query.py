"""
Elements found by selectors, and where they are: what is under wx.createSelectorQuery and selectComponent.

A selector is one for a page's own markup, or for that of one of its components, with what its user has put into other
components: the elements in those are theirs.  `>>>` looks into them.
"""

from kiosk import ui
from kiosk.api import Result
from kiosk.ui import boxes, event
from kiosk.ui.node import position

_RECTS = (("rect", ("left", "top", "right", "bottom")), ("size", ("width", "height")))
_NAME = "abcdefghijklmnopqrstuvwxyz0123456789-_"


def parse(selector):
    """
    list of what stands between commas, each a list of (combinator, tokens): " ", ">" or ">>>" and `"view"`, ".class", "#id".

    ValueError for what is no selector.
    """
    found = []
    for text in selector.split(","):
        compounds, combinator = [], " "
        for part in text.replace(">>>", " ~ ").replace(">", " > ").replace("~", ">>>").split():
            if part in (">", ">>>"):
                if not compounds or combinator != " ":
                    raise ValueError("nothing before %s in %r" % (part, selector))
                combinator = part
            else:
                compounds.append((combinator, _tokens(part, selector)))
                combinator = " "
        if not compounds or combinator != " ":
            raise ValueError("%r selects nothing" % selector)
        found.append(compounds)
    return found


def _tokens(text, selector):
    tokens = []
    for letter in text:
        if letter in ".#" or not tokens:
            tokens.append("")
        if letter not in ".#" and letter.lower() not in _NAME and ord(letter) < 128:
            raise ValueError("%r has no class, #id, element, descendant, > or >>>" % selector)
        tokens[-1] += letter
    if any(token in (".", "#") for token in tokens):
        raise ValueError("%r names nothing behind . or #" % selector)
    return tokens


def view_of(page):
    """The pages.View of a page, or None: the board has no screen, or the page no markup."""
    return getattr(ui.screen, "views", {}).get(page)


def find(page, owner, parsed):
    """
    list of the elements that a parsed selector finds, as they come in the markup.

    owner: the customs.Custom whose markup is searched, None: the page's own.
    """
    view = view_of(page)
    root = owner.node if owner else view and view.tree.root
    found = []
    waiting = list(reversed(root.children)) if root else []
    while waiting:
        node = waiting.pop()
        if node.tag != "#text":
            if any(_holds(node, compounds, len(compounds) - 1, root, owner) for compounds in parsed):
                found.append(node)
            waiting.extend(reversed(node.children))
    return found


def components(holder, selector):
    """list of what selectComponent gives for the components that a selector finds; holder: a page or a component."""
    owner = getattr(holder, "_custom", None)
    return [
        node.custom.exported() for node in find(owner.page if owner else holder, owner, parse(selector)) if node.custom
    ]


def _holds(node, compounds, at, root, owner):
    if not _is(node, compounds[at][1]):
        return False
    if at == 0:
        return node.owner is owner
    combinator = compounds[at][0]
    above = node.parent
    while above is not None and above is not root:
        if combinator == ">>>" or above.owner is node.owner:
            if _holds(above, compounds, at - 1, root, owner):
                return True
            if combinator == ">":
                return False
        above = above.parent
    return False


def _is(node, tokens):
    for token in tokens:
        if token[0] == ".":
            if token[1:] not in node.get("class", "").split():
                return False
        elif token[0] == "#":
            if node.get("id") != token[1:]:
                return False
        elif node.tag != token:
            return False
    return True


def described(view, node, fields):
    """
    Result: what `fields` (dict, as NodesRef.fields has it) asks of an element; node None: of the part of the screen that is
    the page's.
    """
    answer = Result()
    if fields.get("id"):
        answer["id"] = node.get("id", "") if node else ""
    if fields.get("dataset"):
        answer["dataset"] = event.dataset(node) if node else Result()
    if fields.get("mark"):
        answer["mark"] = Result()
    for name, keys in _RECTS:
        if fields.get(name):
            answer.update(_rect(view, node, keys))
    if fields.get("scrollOffset"):
        answer.update(_scrolled(view, node))
    for name in fields.get("properties") or ():
        answer[name] = _attribute(node, name) if node else None
    for name in fields.get("computedStyle") or ():
        answer[name] = _computed(node, _dashed(name)) if node else ""
    return answer


def _rect(view, node, keys):
    if node is None:
        x = y = 0
        width, height = view.screen.width << 6, view.height << 6
    elif node.w < 0:
        x = y = width = height = 0  # it is not displayed
    else:
        (x, y), width, height = position(node), node.w, node.h
        if view.is_transformed:
            from kiosk.ui import transformed

            x, y, width, height = transformed.extent_on_page(node)
    found = {"left": x, "top": y, "right": x + width, "bottom": y + height, "width": width, "height": height}
    return {key: _px(found[key]) for key in keys}


def _px(value):
    return value / 64 if value & 63 else value >> 6


def _scrolled(view, node):
    """How far an element is scrolled, and how large what is in it."""
    root = view.tree.root
    left, top = (node or root).scroll or (0, 0)
    if node is None:
        right, bottom = view.screen.width << 6, max(view.height << 6, root.y + root.h)
    else:
        edge = boxes.borders(node.style.values) if node.style else (0, 0, 0, 0)
        right, bottom = max(0, node.w) - edge[1] - edge[3], node.h - edge[0] - edge[2]
        for child in node.children:
            if child.w >= 0:
                right, bottom = max(right, child.x + child.w), max(bottom, child.y + child.h)
    return {"scrollLeft": left, "scrollTop": top, "scrollWidth": (right + 63) >> 6, "scrollHeight": (bottom + 63) >> 6}


def _attribute(node, name):
    """An attribute, `scrollX` for scroll-x; a property of a custom component."""
    if node.custom and name in node.custom.definition.properties:
        return node.custom.instance.data[name]
    return node.get(name, node.get(_dashed(name)))


def _dashed(name):
    return "".join(["-" + letter.lower() if "A" <= letter <= "Z" else letter for letter in name])


def _computed(node, name):
    """str: a property of an element's style; "" for what is not known."""
    from kiosk.ui import declarations

    if node.style is None:
        return ""
    values = node.style.values
    if name in ("margin", "padding", "border-width"):
        side = "border-%s-width" if name == "border-width" else name + "-%s"
        sides = [_computed(node, side % each) for each in ("top", "right", "bottom", "left")]
        for count, same in ((4, 1), (3, 0), (2, 0)):  # as short as CSS has it
            if len(sides) == count and sides[-1] == sides[same]:
                sides.pop()
        return " ".join(sides)
    kind = declarations.kind(name)
    value = values.get(name)
    if name in ("width", "height"):
        size = max(0, node.w if name == "width" else node.h)
        if values.get("box-sizing") != "border-box":
            edge = boxes.edges(values, node.parent.w if node.parent else 0)
            size -= edge[1] + edge[3] if name == "width" else edge[0] + edge[2]
        return "%spx" % _px(max(0, size))
    if kind == "color":
        if value is None:
            value = values.get("color", 0xFF0000) if name != "background-color" else 0
        from kiosk.ui.items import rgb

        red_green_blue, alpha = rgb(value), value >> 16
        levels = "%d, %d, %d" % (red_green_blue >> 16, red_green_blue >> 8 & 255, red_green_blue & 255)
        return "rgb(%s)" % levels if alpha == 255 else "rgba(%s, %.3g)" % (levels, alpha / 255)
    if kind == "length":
        if value is None:
            return "auto" if name in ("top", "right", "bottom", "left", "flex-basis") else "0px"
        size = boxes.length(values, name, node.parent.w if node.parent else 0)
        return "auto" if size is None else "%spx" % _px(size)
    if isinstance(value, int):
        return str(_px(value))
    return value if value is not None else {"display": "block", "position": "static", "opacity": "1"}.get(name, "")
