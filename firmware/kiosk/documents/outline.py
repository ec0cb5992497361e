"""
What a Word document's paragraphs are by their styles, and how its lists are numbered.  Touches the Xml that it is given.

Of the styles those are kept that say something here, of the lists the kind of each level.
"""

from kiosk.documents.blocks import BODY, TITLE
from kiosk.documents.xml import END, END_OF_XML, START

_MOST_STYLES = const(128)
_MOST_LISTS = const(128)
_LEVELS = const(9)
_MOST_HEADING = const(6)
# Of w:numFmt (ECMA-376-1, 17.18.59); what is not here is numbered 1, 2, 3.
_KINDS = ("decimal", "bullet", "none", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


class Style:
    """Of a paragraph.  heading: as blocks.paragraph() has its style; list_id (0: none), list_level; base: the style that it stands on."""

    heading = BODY
    list_id = list_level = 0
    base = ""


class Styles:
    """What the styles' ids mean."""

    def __init__(self):
        self._styles = {}

    @classmethod
    def read(cls, xml):
        """Generator, in pieces; returns the Styles of an Xml, or none for None."""
        found = cls()
        style, name = None, ""
        while xml and xml.next() != END_OF_XML:
            if xml.kind == START:
                if xml.name == b"style":
                    is_wanted = xml.attribute(b"type") == "paragraph" and len(found._styles) < _MOST_STYLES
                    style, name = Style() if is_wanted else None, xml.attribute(b"styleId", "")
                elif style:
                    _note(style, xml)
            elif xml.kind == END and xml.name == b"style":
                if style and (style.heading or style.list_id or style.base):
                    found._styles[name] = style
                style = None
            yield
        return found

    def of(self, name):
        """Style that a paragraph with this style's id has, by what it stands on, too."""
        style = self._styles.get(name)
        if style is None:
            return Style()
        base = style
        for _ in range(8):
            base = self._styles.get(base.base)
            if base is None:
                break
            style.heading = style.heading or base.heading
            if not style.list_id:
                style.list_id, style.list_level = base.list_id, style.list_level or base.list_level
        style.base = ""  # once is enough
        return style


def _note(style, xml):
    name = xml.name
    if name == b"name":
        said = xml.attribute(b"val", "").lower()  # a style's own name is English in every language of Word's
        if said == "title":
            style.heading = TITLE
        elif said.startswith("heading ") and said[8:].isdigit():
            style.heading = min(int(said[8:]), _MOST_HEADING) or BODY
    elif name == b"outlineLvl" and not style.heading and xml.number(b"val", _LEVELS) < _LEVELS:
        style.heading = min(xml.number(b"val") + 1, _MOST_HEADING)
    elif name == b"numId":
        style.list_id = xml.number(b"val")
    elif name == b"ilvl":
        style.list_level = xml.number(b"val")
    elif name == b"basedOn":
        style.base = xml.attribute(b"val", "")


class Numbering:
    """The lists: the kind of each level, and how far each has come."""

    def __init__(self):
        self._kinds = {}  # list's id -> bytes, of _KINDS for each level
        self._counts = {}

    @classmethod
    def read(cls, xml):
        """Generator, in pieces; returns the Numbering of an Xml, or none for None."""
        found = cls()
        abstract = {}
        kinds, list_id, level = None, 0, 0
        while xml and xml.next() != END_OF_XML:
            if xml.kind == START:
                name = xml.name
                if name == b"abstractNum" and len(abstract) < _MOST_LISTS:
                    kinds = abstract[xml.number(b"abstractNumId")] = bytearray(_LEVELS)
                elif name == b"lvl":
                    level = xml.number(b"ilvl")
                elif name == b"numFmt" and kinds and 0 <= level < _LEVELS:
                    said = xml.attribute(b"val")
                    kinds[level] = _KINDS.index(said) if said in _KINDS else 0
                elif name == b"num":
                    kinds, list_id = None, xml.number(b"numId")
                elif name == b"abstractNumId" and len(found._kinds) < _MOST_LISTS:
                    found._kinds[list_id] = abstract.get(xml.number(b"val"), bytes(_LEVELS))
            yield
        return found

    def restart(self):
        """The document is read from its beginning."""
        self._counts.clear()

    def marker(self, list_id, level):
        """str: what stands before the next paragraph of a list: "•", "2."."""
        level = max(0, min(level, _LEVELS - 1))
        kinds = self._kinds.get(list_id)
        if kinds is None:
            return ""
        kind = _KINDS[kinds[level]]
        if kind == "none":
            return ""
        if kind == "bullet":
            return "–" if level % 2 else "•"
        counts = self._counts.setdefault(list_id, bytearray(2 * _LEVELS))
        count = min((counts[2 * level] | counts[2 * level + 1] << 8) + 1, 65535)
        counts[2 * level], counts[2 * level + 1] = count & 255, count >> 8
        for at in range(2 * level + 2, 2 * _LEVELS):
            counts[at] = 0
        return _written(kind, count) + "."


def _written(kind, count):
    if kind == "decimal":
        return str(count)
    if "Letter" in kind:
        text = chr(97 + (count - 1) % 26) * min((count - 1) // 26 + 1, 4)
    else:
        text = ""
        count %= 4000
        for value, letters in _ROMAN:
            text += letters * (count // value)
            count %= value
    return text.upper() if kind[:5] == "upper" else text
