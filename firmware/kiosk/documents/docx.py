"""
Word documents: headings, paragraphs, bold, lists, tables, as a stream of blocks.  Touches the parts that it is given.

ECMA-376-1, 17.  Not shown: pictures (a word says that there is one), headers and footers, footnotes, comments, what is hidden or has
been deleted in a tracked change; of a table in a table the texts only.
"""

from kiosk.documents import blocks
from kiosk.documents.outline import Numbering, Styles
from kiosk.documents.xml import Walker, damaged

_PICTURE = "[图片]"
_SIGNS = {b"br": "\n", b"cr": "\n", b"noBreakHyphen": "-", b"drawing": _PICTURE, b"pict": _PICTURE}
_MOST_CELL_LETTERS = const(400)
_MOST_COLUMNS = const(63)
_MOST_LETTERS = const(4000)  # of a paragraph that is held; the rest becomes another one
# What is in these is not what is seen; Fallback repeats what stands beside it, for older programs.
_SKIPPED = (b"Fallback", b"del", b"instrText", b"moveFrom", b"sectPr", b"tabs", b"txbxContent")


class Docx:
    """parts: Parts of the document."""

    count = 1

    def __init__(self, parts):
        self._parts = parts
        self._main = None
        self._styles = self._numbering = None

    def prepare(self):
        """Generator, in pieces: read what has to be known before."""
        parts = self._parts
        name = yield from parts.main()
        styles = yield from parts.related(name, "/styles")
        numbering = yield from parts.related(name, "/numbering")
        self._main = parts.find(name)
        if self._main is None:
            raise damaged("its main part is missing")
        self._styles = yield from Styles.read(parts.named(styles) if styles else None)
        self._numbering = yield from Numbering.read(parts.named(numbering) if numbering else None)

    def label(self, number):
        """str: it has one page, without a name."""
        return ""

    def read(self, number):
        """Generator of its blocks, None in between."""
        self._numbering.restart()
        return _Reader(self._parts.xml(self._main), self._styles, self._numbering).blocks()

    def close(self):
        """Nothing is held but what goes with it."""


class _Reader(Walker):
    skipped = _SKIPPED

    def __init__(self, xml, styles, numbering):
        super().__init__(xml)
        self._styles = styles
        self._numbering = numbering
        self._begin()
        self._table = 0  # depth of the tables around
        self._widths = []  # of the outermost table's columns
        self._cells = []  # (columns, text) of its row
        self._span = 1

    def _begin(self):
        self._text = ""
        self._style = ""
        self._list = None  # (numId, level) of the paragraph's own
        self._is_bold = self._bold_now = self._is_hidden = self._is_symbol = False

    def text(self, text):
        """See Walker."""
        if not self._is_hidden:
            self._add(blocks.clean(text))

    def _add(self, text):
        if self._is_bold != self._bold_now:
            self._bold_now = self._is_bold
            self._text += blocks.BOLD if self._is_bold else blocks.PLAIN
        if not self._table or len(self._text) < _MOST_CELL_LETTERS:
            self._text += text

    def start(self, name):
        """See Walker."""
        if name == b"t":
            self.xml.wants_text = True
        elif name == b"r":
            self._is_bold = self._is_hidden = False
        elif name == b"p":
            if not self._table:
                self._begin()
        elif name in _SIGNS:
            self._add(_SIGNS[name])
        elif name == b"tbl":
            self._table += 1
            if self._table == 1:
                self._widths, self._cells, self._text = [], [], ""
        elif not self._start_of_table(name):
            self._note(name)

    def _note(self, name):
        xml = self.xml
        if name == b"pStyle":
            self._style = xml.attribute(b"val", "")
        elif name == b"ilvl":
            self._list = (self._list[0] if self._list else -1, xml.number(b"val"))
        elif name == b"numId":
            self._list = (xml.number(b"val"), self._list[1] if self._list else 0)
        elif name == b"b":
            self._is_bold = xml.is_on()
        elif name == b"vanish":
            self._is_hidden = xml.is_on()
        elif name == b"tab" and self._text:
            self._add("    ")

    def _start_of_table(self, name):
        if self._table != 1:
            return False
        if name == b"gridCol":
            if len(self._widths) < _MOST_COLUMNS:
                self._widths.append(max(self.xml.number(b"w", 1000), 1))
        elif name == b"tr":
            self._cells = []
        elif name == b"tc":
            self._begin()
            self._span = 1
        elif name == b"gridSpan":
            self._span = max(1, min(self.xml.number(b"val", 1), _MOST_COLUMNS))
        else:
            return False
        return True

    def end(self, name):
        """See Walker."""
        if name == b"t":
            self.xml.wants_text = False
            if len(self._text) > _MOST_LETTERS and not self._table:
                return self._begun()
        elif name == b"r":
            self._is_bold = self._is_hidden = False
        elif name == b"p":
            if not self._table:
                return self._paragraph()
            self._add("\n")
        elif name == b"tbl":
            self._table = max(self._table - 1, 0)
        elif self._table == 1 and name == b"tc":
            if len(self._cells) < _MOST_COLUMNS:
                text = self._text.strip("\n" + blocks.PLAIN)
                self._cells.append(
                    (self._span, text[:_MOST_CELL_LETTERS] + "…" if len(text) > _MOST_CELL_LETTERS else text)
                )
            self._text = ""
        elif self._table == 1 and name == b"tr" and self._cells:
            return (self._row(),)
        return None

    def _begun(self):
        # As much of a long paragraph as there is by now.
        made = list(self._paragraph())
        self._text = blocks.BOLD if self._bold_now else ""
        self._style, self._list = "", None
        return made

    def _paragraph(self):
        text, self._text = self._text, ""
        style = self._styles.of(self._style)
        own = self._list
        list_id, level = style.list_id, style.list_level
        if own:
            list_id, level = (own[0] if own[0] >= 0 else list_id), own[1]
        marker = self._numbering.marker(list_id, level) if list_id > 0 else ""
        indent = 2 * (level + 1) if marker and not style.heading else 0
        return blocks.split(text, style.heading, indent, marker)

    def _row(self):
        total = sum(self._widths)
        at = 0
        cells = []
        for span, text in self._cells:
            own = sum(self._widths[at : at + span])
            width = own * 255 // total if own else 255 // max(len(self._cells), 1)
            cells.append((width, text))
            at += span
        return blocks.row(cells)
