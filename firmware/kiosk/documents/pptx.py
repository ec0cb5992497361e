"""
Slides: each a page of its texts, as a stream of blocks.  Touches the parts that it is given.

ECMA-376-1, 19.  Titles are headings, what is in a body has points, tables are tables.  Not shown: pictures, charts, notes, where on the
slide a text stands.
"""

from array import array

from kiosk.documents import blocks
from kiosk.documents.parts import mark
from kiosk.documents.xml import END_OF_XML, START, Walker, damaged

_MOST_SLIDES = const(1000)
_MOST_LETTERS = const(2000)  # of a paragraph
_MOST_CELLS = const(63)
_MOST_CELL_LETTERS = const(400)
_TITLES = ("title", "ctrTitle")
_NOT_SHOWN = ("sldNum", "dt", "ftr", "hdr")


class Pptx:
    """parts: Parts of the document.  count: of slides."""

    def __init__(self, parts):
        self._parts = parts
        self._places = None
        self.count = 0

    def prepare(self):
        """Generator, in pieces: find the slides."""
        parts = self._parts
        name = yield from parts.main()
        marks = array("I")
        xml = parts.named(name)
        while xml and xml.next() != END_OF_XML:
            if xml.kind == START and xml.name == b"sldId" and len(marks) < _MOST_SLIDES:
                marks.append(mark(xml.attribute(b":id", "")))
            yield
        if not marks:
            raise damaged("it has no slide")
        self.count = len(marks)
        self._places = yield from parts.places(name, marks)

    def label(self, number):
        """str: slides have no names."""
        return ""

    def close(self):
        """Nothing is held but what goes with it."""

    def read(self, number):
        """Generator of a slide's blocks, None in between."""
        if not self._places[number]:
            raise damaged("a slide is missing")
        return _Slide(self._parts.xml(self._places[number])).blocks()


class _Slide(Walker):
    skipped = (b"Fallback",)

    def __init__(self, xml):
        super().__init__(xml)
        self._text = ""
        self._role = None  # of the shape's placeholder
        self._in_table = False
        self._cells = []
        self._begin()

    def _begin(self):
        self._level, self._has_point = 0, True
        self._bold = self._bold_now = False

    def text(self, text):
        """See Walker."""
        if len(self._text) >= (_MOST_CELL_LETTERS if self._in_table else _MOST_LETTERS):
            return
        if self._bold != self._bold_now:
            self._bold_now = self._bold
            self._text += blocks.BOLD if self._bold else blocks.PLAIN
        self._text += blocks.clean(text)

    def start(self, name):
        """See Walker."""
        if name == b"t":
            self.xml.wants_text = True
        elif name == b"p":
            if not self._in_table:
                self._text = ""
            self._begin()
        elif name == b"br":
            self.text("\n")
        elif name == b"sp":
            self._role = None
        elif name == b"ph":
            self._role = self.xml.attribute(b"type", "body")
        elif name == b"tbl":
            self._in_table = True
        elif name == b"tr":
            self._cells = []
        elif name == b"tc":
            self._text = ""
        else:
            self._note(name)
        return name == b"txBody" and self._role in _NOT_SHOWN

    def _note(self, name):
        if name == b"pPr":
            self._level = max(0, min(self.xml.number(b"lvl"), 8))
        elif name == b"buNone":
            self._has_point = False
        elif name == b"rPr":
            self._bold = self.xml.attribute(b"b") in ("1", "true")

    def end(self, name):
        """See Walker."""
        if name == b"t":
            self.xml.wants_text = False
        elif name == b"r":
            self._bold = False
        elif name == b"p":
            if not self._in_table:
                return self._paragraph() if self._text else None
            self.text("\n")
        elif name == b"tc":
            if len(self._cells) < _MOST_CELLS:
                self._cells.append(self._text.strip("\n")[:_MOST_CELL_LETTERS])
        elif name == b"tr" and self._cells:
            return (blocks.row([(255 // len(self._cells), cell) for cell in self._cells]),)
        elif name == b"tbl":
            self._in_table = False
        return None

    def _paragraph(self):
        text, level = self._text, self._level
        if self._role in _TITLES:
            return blocks.split(text, 1)
        if self._role == "subTitle":
            return blocks.split(text, 3)
        if self._role in ("body", "obj"):
            marker = ("–" if level % 2 else "•") if self._has_point else ""
            return blocks.split(text, blocks.BODY, 2 * (level + 1), marker)
        return blocks.split(text, blocks.BODY, 2 * level)
