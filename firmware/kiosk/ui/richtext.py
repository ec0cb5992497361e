"""
HTML, or nodes as <rich-text> takes them, to nodes of a page: for a list and for a text the same calls of a Builder.

A tag that is not in _TAGS is left out with all that is in it, as in WeChat; what is opened and never closed ends with what it is in.
The sizes and margins are those of the HTML standard, chapter "Rendering".
"""

import gc

from kiosk import log
from kiosk.ui import declarations
from kiosk.ui.node import Node, Text

_DEEPEST = const(12)  # the layout calls itself for each level, and the page has some around
_MOST_BYTES = const(32768)  # of a text
_ASK_EVERY = const(32)
_MOST_NODES = const(256)  # of 200 bytes with what laying out takes; a page's heap is full of holes then
_PIECE_BYTES = const(16384)
_INLINE = const(" a abbr b bdi bdo big cite code del em font i img ins label mark q small span strong sub sup tt u br ")
_BLOCK = const(
    " address article aside blockquote body center col colgroup dd div dl dt fieldset footer h1 h2 h3 h4 h5 h6 header hr legend li nav"
    " ol p pre section table tbody td tfoot th thead tr ul "
)
_VOID = const(" br hr img col ")
_WITHIN_LINES = const(" p h1 h2 h3 h4 h5 h6 ")  # end where another block begins
_ROWS = const(" li td th tr dd dt ")  # end where another of their kind begins
_ATTRIBUTES = ("class", "style", "src", "width", "height", "color", "align")
_STYLES = {
    "b": "font-weight: bold", "strong": "font-weight: bold", "th": "flex: 1; font-weight: bold; text-align: center", "td": "flex: 1",
    "tr": "display: flex", "u": "text-decoration: underline", "ins": "text-decoration: underline",
    "del": "text-decoration: line-through", "i": "font-style: italic", "em": "font-style: italic", "big": "font-size: 1.2em",
    "small": "font-size: 0.83em", "sub": "font-size: 0.83em", "sup": "font-size: 0.83em", "mark": "background: yellow",
    "center": "text-align: center", "pre": "white-space: pre; margin: 1em 0", "p": "margin: 1em 0", "dl": "margin: 1em 0",
    "dd": "margin-left: 40px", "blockquote": "margin: 1em 40px", "ul": "margin: 1em 0; padding-left: 1.5em",
    "ol": "margin: 1em 0; padding-left: 1.5em", "hr": "border-top: 1px solid gray; margin: 0.5em 0",
    "h1": "font-size: 2em; margin: 0.67em 0; font-weight: bold", "h2": "font-size: 1.5em; margin: 0.83em 0; font-weight: bold",
    "h3": "font-size: 1.17em; margin: 1em 0; font-weight: bold", "h4": "margin: 1.33em 0; font-weight: bold",
    "h5": "font-size: 0.83em; margin: 1.67em 0; font-weight: bold", "h6": "font-size: 0.67em; margin: 2.33em 0; font-weight: bold",
}  # fmt: skip
_ENTITIES = {
    "lt": "<",
    "gt": ">",
    "amp": "&",
    "quot": '"',
    "apos": "'",
    "nbsp": "\xa0",
    "ensp": "\u2002",
    "emsp": "\u2003",
}


class Builder:
    """
    root: the node whose children are made.  component(node): what an <image> does.  room(): bool, whether there is memory for more;
    keeps_space: bool, whether white space stays as it is.
    """

    def __init__(self, root, component, room, keeps_space=False):
        self._component = component
        self._room = room
        self._keeps_space = keeps_space
        self._open = [("", root)]
        self._skipped = 0  # elements that are open and not shown
        self._made = 0
        self._templates = {}
        self._numbers = []  # of the lists that are open: the last one's, 0 for a ul

    def start(self, name, attrs):
        """An element begins; attrs: dict."""
        name = name.lower()
        key = " %s " % name
        is_block = key in _BLOCK
        if self._skipped or not (is_block or key in _INLINE) or not self._has_room():
            self._skipped += key not in _VOID
            return
        top = self._open[-1][0]
        if (is_block and " %s " % top in _WITHIN_LINES) or (key in _ROWS and top == name):
            self.end(top)
        if len(self._open) > _DEEPEST:
            self._skipped += key not in _VOID
            return
        self._put(name, is_block, attrs)

    def _template(self, name, is_block, attrs):
        """One for all elements that are alike, so that they share a style."""
        key = (name,) + tuple([str(attrs.get(one) or "") for one in _ATTRIBUTES])
        if key not in self._templates:
            self._templates[key] = self._made_template(name, is_block, attrs)
        return self._templates[key]

    def _made_template(self, name, is_block, attrs):
        style = _style(name, is_block, attrs)
        static = ("style", style)
        if isinstance(attrs.get("class"), str):
            static += ("class", attrs["class"])
        if name == "img":
            has_size = "width" in style[0] or "height" in style[0]
            static += ("src", str(attrs.get("src") or ""), "mode", "scaleToFill" if has_size else "natural")
        return "image" if name == "img" else "view", static, (), (), (), 0

    def _put(self, name, is_block, attrs):
        node = self._child(Node(self._open[-1][1], self._template(name, is_block, attrs)))
        if name == "img":
            node.component = self._component(node)
        elif name == "br":
            node.children = [Text(node, "\n")]
        if " %s " % name in _VOID:
            return
        self._open.append((name, node))
        if name in ("ul", "ol"):
            self._numbers.append(0)
        elif name == "li":
            self._mark(node)

    def _mark(self, node):
        if self._numbers and self._open[-2][0] == "ol":
            self._numbers[-1] += 1
            self._child(Text(node, "%d. " % self._numbers[-1]))
        else:
            self._child(Text(node, "\u2022 "))

    def end(self, name):
        """An element ends."""
        name = name.lower()
        if self._skipped:
            self._skipped -= " %s " % name not in _VOID
            return
        if not any(name == one for one, _ in self._open):
            return
        while True:
            one, _ = self._open.pop()
            if one in ("ul", "ol"):
                self._numbers.pop()
            if one == name:
                return

    def text(self, text):
        """A text, its entities replaced."""
        if self._skipped or not text or not self._has_room():
            return
        if not self._keeps_space and not any(name == "pre" for name, _ in self._open):
            inner = " ".join(text.split(None))  # all white space but the no-break space, which split() leaves
            text = (" " if text[0] in " \t\n\r" else "") + inner + (" " if inner and text[-1] in " \t\n\r" else "")
        self._child(Text(self._open[-1][1], text))

    def _child(self, node):
        parent = self._open[-1][1]
        if not parent.children:
            parent.children = []
        parent.children.append(node)
        return node

    def _has_room(self):
        self._made += 1
        if self._made < 0:
            return False
        if self._made % _ASK_EVERY == 0:
            gc.collect()  # or the nodes would lie far from each other, with parsing's holes between them
            if self._made < _MOST_NODES and self._room() and _has_piece():
                return True
            log.warn("rich-text", "no room for all of it: the first %d nodes are shown", self._made)
            self._made = -1 << 28
            return False
        return True


def _has_piece():
    """Whether a part of the heap is whole, for laying out and painting."""
    try:
        bytearray(_PIECE_BYTES)
        return True
    except MemoryError:
        return False


def _style(name, is_block, attrs):
    """(lengths, others) of an element: its own as HTML has it, then what its attributes say."""
    lengths, others = [], ["display", "block" if is_block else "inline-block" if name == "img" else "inline"]
    texts = [_STYLES.get(name, ""), "white-space: pre-line" if name == "br" else ""]
    for attribute, told in (
        ("width", "width: %s"),
        ("height", "height: %s"),
        ("color", "color: %s"),
        ("align", "text-align: %s"),
    ):
        value = attrs.get(attribute)
        if value is not None and name in ("img", "td", "th", "table", "font", "p", "div"):
            texts.append(told % (str(value) + "px" if str(value).isdigit() else value))
    if isinstance(attrs.get("style"), str):
        texts.append(attrs["style"])
    for text in texts:
        if text:
            made = declarations.parse(text)
            lengths += made[0]
            others += made[1]
    return tuple(lengths), tuple(others)


def build(nodes, builder):
    """Make nodes of what `nodes` is: a list as WeChat has it, or a text with HTML."""
    if isinstance(nodes, str):
        _parse(nodes, builder)
        return
    waiting = [iter(nodes if isinstance(nodes, (list, tuple)) else ())]
    names = []
    while waiting:
        try:
            one = next(waiting[-1])
        except StopIteration:
            waiting.pop()
            if names:
                builder.end(names.pop())
            continue
        if not isinstance(one, dict):
            continue
        if one.get("type") == "text" or ("text" in one and "name" not in one):
            builder.text(_decoded(str(one.get("text") or "")))
        elif isinstance(one.get("name"), str):
            attrs, children = one.get("attrs"), one.get("children")
            builder.start(one["name"], attrs if isinstance(attrs, dict) else {})
            if " %s " % one["name"].lower() in _VOID:
                continue
            names.append(one["name"])
            waiting.append(iter(children if isinstance(children, (list, tuple)) else ()))


def _parse(html, builder):
    if len(html) > _MOST_BYTES:
        log.warn("rich-text", "of a text of %d characters the first %d are shown", len(html), _MOST_BYTES)
        html = html[:_MOST_BYTES]
    html = html.encode()  # characters of a str are counted from its beginning whenever one is asked for
    at = 0
    while at < len(html):
        start = html.find(b"<", at)
        end = len(html) if start < 0 else start
        builder.text(_decoded(html[at:end].decode()))
        if start < 0:
            return
        if html[start : start + 4] == b"<!--":
            at = html.find(b"-->", start)
            if at < 0:
                return
            at += 3
            continue
        at = _end_of_tag(html, start) + 1
        tag = html[start + 1 : at - 1].decode()
        if not at:  # never closed
            return
        if tag[:1] == "/":
            builder.end(tag[1:].strip())
        elif tag[:1].isalpha():
            name, attrs = _tag(tag)
            builder.start(name, attrs)
            if name in ("script", "style"):
                at = html.find(b"</" + name.encode(), at)
                if at < 0:
                    return
            elif tag.endswith("/") and " %s " % name not in _VOID:
                builder.end(name)


def _end_of_tag(html, at):
    """Where a tag's ">" is, -1 if there is none: one in quotes is none."""
    quote = 0
    while at < len(html):
        byte = html[at]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in (34, 39):
            quote = byte
        elif byte == 62:
            return at
        at += 1
    return -1


def _tag(text):
    """(name, {attribute: value}) of what is between the brackets."""
    name, _, rest = text.rstrip("/").replace("\n", " ").replace("\t", " ").partition(" ")
    attrs = {}
    rest = rest.strip()
    while rest:
        key, equals, rest = _cut(rest)
        value = ""
        if equals:
            rest = rest.lstrip()
            if rest[:1] in ('"', "'"):
                value, _, rest = rest[1:].partition(rest[0])
            else:
                value, _, rest = rest.partition(" ")
        attrs[key.lower()] = _decoded(value)
        rest = rest.lstrip()
    return name.lower(), attrs


def _cut(text):
    """(what is before the first space or "=", whether "=" follows, the rest)."""
    end = 0
    while end < len(text) and text[end] not in " =":
        end += 1
    rest = text[end:].lstrip()
    return (text[:end], True, rest[1:]) if rest[:1] == "=" else (text[: max(end, 1)], False, rest)


def _decoded(text):
    """Entities replaced; what is none stays."""
    if "&" not in text:
        return text
    first, *parts = text.split("&")
    found = [first]
    for part in parts:
        name, semicolon, rest = part.partition(";")
        found.append(_entity(name) + rest if semicolon and _entity(name) else "&" + part)
    return "".join(found)


def _entity(name):
    if name in _ENTITIES:
        return _ENTITIES[name]
    try:
        number = int(name[2:], 16) if name[:2] in ("#x", "#X") else int(name[1:]) if name[:1] == "#" else 0
        return chr(number) if 0 < number < 0x110000 else ""
    except ValueError:
        return ""
