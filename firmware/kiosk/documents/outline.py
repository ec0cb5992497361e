"""
What a Word document's paragraphs are by their styles, and how its lists are numbered.  Touches the Xml that it is given.

Of the styles those are kept that say something here, of the lists the kind of each level: some 5 KB.
"""

import binascii
from array import array

from kiosk.documents.blocks import BODY, TITLE
from kiosk.documents.xml import END, END_OF_XML, START

_MOST_STYLES = const(128)
_MOST_LISTS = const(100)
_LEVELS = const(9)
_FIELDS = const(5)
_MOST_HEADING = const(6)
# Of w:numFmt (ECMA-376-1, 17.18.59); what is not here is numbered 1, 2, 3.
_KINDS = ("decimal", "bullet", "none", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


class Style:
    """Of a paragraph.  heading: as blocks.paragraph() has its style; list_id (0: none), list_level; base: mark of the style that it stands on."""

    def __init__(self):
        self.clear()

    def clear(self):
        """Be one that says nothing."""
        self.heading = BODY
        self.list_id = self.list_level = self.base = 0


class Styles:
    """What the styles' ids mean: five numbers each, in one piece, as objects all over the heap would leave no 32 KB in one."""

    def __init__(self):
        self._table = array("i", bytes(4 * _FIELDS * _MOST_STYLES))
        self._count = 0
        self._style = Style()

    @classmethod
    def read(cls, xml):
        """Generator, in pieces; returns the Styles of an Xml, or none for None."""
        found = cls()
        style = Style()
        name = 0
        while xml and xml.next() != END_OF_XML:
            if xml.kind == START:
                if xml.name == b"style":
                    style.clear()
                    is_wanted = xml.attribute(b"type") == "paragraph" and found._count < _MOST_STYLES
                    name = _mark(xml.attribute(b"styleId", "")) if is_wanted else 0
                elif name:
                    _note(style, xml)
            elif xml.kind == END and xml.name == b"style":
                if name and (style.heading or style.list_id or style.base):
                    found._keep(name, style)
                name = 0
            yield
        return found

    def _keep(self, name, style):
        at = self._count * _FIELDS
        for field in (name, style.heading, style.list_id, style.list_level, style.base):
            self._table[at] = max(-0x7FFFFFFF, min(field, 0x7FFFFFFF))
            at += 1
        self._count += 1

    def of(self, name):
        """Style that a paragraph with this style's id has, by what it stands on, too; the same object each time."""
        style = self._style
        style.clear()
        wanted = _mark(name)
        for _ in range(8):
            at = self._find(wanted)
            if at < 0:
                break
            _, heading, list_id, list_level, wanted = self._table[at : at + _FIELDS]
            style.heading = style.heading or heading
            if not style.list_id:
                style.list_id, style.list_level = list_id, style.list_level or list_level
        return style

    def _find(self, name):
        for at in range(0, self._count * _FIELDS, _FIELDS):
            if name and self._table[at] == name:
                return at
        return -1


def _mark(name):
    return binascii.crc32(name.encode()) & 0x3FFFFFFF


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
        style.base = _mark(xml.attribute(b"val", ""))


class Numbering:
    """The lists: the kind of each level, and how far each has come."""

    def __init__(self):
        self._ids = array("i", bytes(4 * _MOST_LISTS))
        self._kinds = bytearray(_LEVELS * _MOST_LISTS)  # of _KINDS, for each list's levels
        self._count = 0
        self._counts = {}

    @classmethod
    def read(cls, xml):
        """Generator, in pieces; returns the Numbering of an Xml, or none for None."""
        found = cls()
        abstract = cls()  # what lists are made of
        level = 0
        kinds = -1
        while xml and xml.next() != END_OF_XML:
            if xml.kind == START:
                name = xml.name
                if name == b"abstractNum":
                    kinds = abstract._add(xml.number(b"abstractNumId"))
                elif name == b"lvl":
                    level = xml.number(b"ilvl")
                elif name == b"numFmt" and kinds >= 0 and 0 <= level < _LEVELS:
                    said = xml.attribute(b"val")
                    abstract._kinds[kinds + level] = _KINDS.index(said) if said in _KINDS else 0
                elif name == b"num":
                    kinds = -1
                    level = xml.number(b"numId")
                elif name == b"abstractNumId":
                    source, target = abstract._find(xml.number(b"val")), found._add(level)
                    if source >= 0 and target >= 0:
                        found._kinds[target : target + _LEVELS] = abstract._kinds[source : source + _LEVELS]
            yield
        return found

    def _add(self, number):
        # Where the kinds of a new list are; -1: there is no room for another.
        if self._count == _MOST_LISTS:
            return -1
        self._ids[self._count] = max(-0x7FFFFFFF, min(number, 0x7FFFFFFF))
        self._count += 1
        return (self._count - 1) * _LEVELS

    def _find(self, number):
        for at in range(self._count):
            if self._ids[at] == number:
                return at * _LEVELS
        return -1

    def restart(self):
        """The document is read from its beginning."""
        self._counts.clear()

    def marker(self, list_id, level):
        """str: what stands before the next paragraph of a list: "•", "2."."""
        level = max(0, min(level, _LEVELS - 1))
        at = self._find(list_id)
        if at < 0:
            return ""
        kind = _KINDS[self._kinds[at + level]]
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
