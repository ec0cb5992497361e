"""
Workbooks: each sheet a page of rows, as a stream of blocks.  Touches the parts that it is given, and two temporary files.

ECMA-376-1, 18.  The texts that cells share are put into a file first (sharedtexts.py).  Formulas show what they came to when the file
was written.  Not shown: hidden sheets, charts, colours; merged cells are those that they were merged from; columns after the 255th.
"""

import gc
from array import array

from kiosk.documents import blocks, figures
from kiosk.documents.parts import mark
from kiosk.documents.xml import END, END_OF_XML, START, Walker, damaged

_MOST_SHEETS = const(100)
_MOST_FORMATS = const(2048)
_MOST_CODES = const(100)
_COLUMNS = const(255)
_MOST_BLANK_ROWS = const(20)  # that are shown between two others
_MOST_LETTERS = const(200)  # of a cell
_LEAST_PX = const(24)
_MOST_PX = const(220)
_DEFAULT_PX = const(96)
_TEXTS = (b"v", b"t")


class Xlsx:
    """parts: Parts; temporary: makes the path of a new file.  count: of sheets; widths: array of px, of the columns of the one that is read."""

    is_grid = True

    def __init__(self, parts, temporary):
        self._parts = parts
        self._temporary = temporary
        self._names = []
        self._places = self._texts = None
        self._formats = array("H")  # of a cell's style: the number of its format
        self._codes = {}  # formats of the workbook's own
        self._is_1904 = False
        self.count = 0
        self.widths = array("B")

    def prepare(self):
        """Generator, in pieces: read what has to be known before."""
        parts = self._parts
        name = yield from parts.main()
        marks = array("I")
        xml = parts.named(name)
        while xml and xml.next() != END_OF_XML:
            if xml.kind == START:
                if (
                    xml.name == b"sheet"
                    and len(marks) < _MOST_SHEETS
                    and xml.attribute(b"state", "visible") == "visible"
                ):
                    self._names.append(xml.attribute(b"name", "")[:31])
                    marks.append(mark(xml.attribute(b":id", "")))
                elif xml.name == b"workbookPr":
                    self._is_1904 = xml.attribute(b"date1904") in ("1", "true")
            yield
        self.count = len(marks)
        if not marks:
            raise damaged("it has no sheet")
        self._places = yield from parts.places(name, marks)
        styles = yield from parts.related(name, "/styles")
        if styles:
            yield from self._read_formats(parts.named(styles))
        self._pack()
        shared = yield from parts.related(name, "/sharedStrings")
        if shared:
            from kiosk.documents.sharedtexts import SharedTexts

            self._texts = SharedTexts(self._temporary)
            yield from self._texts.read(parts.named(shared))

    def _pack(self):
        # What stays has been put all over the heap: together again, it leaves 32 KB in one piece to inflate with.
        gc.collect()
        self._names = [str(name.encode(), "utf-8") for name in self._names]
        self._codes = {number: str(code.encode(), "utf-8") for number, code in self._codes.items()}
        self._formats = array("H", self._formats)
        gc.collect()

    def label(self, number):
        """str: a sheet's name."""
        return self._names[number]

    def close(self):
        """Let go of the texts."""
        if self._texts:
            self._texts.close()

    def read(self, number):
        """Generator of a sheet's blocks, None in between."""
        self.widths = array("B")
        if not self._places[number]:
            raise damaged("a sheet is missing")
        return _Sheet(self._parts.xml(self._places[number]), self).blocks()

    def note_width(self, xml):
        """Take in a <col>."""
        first, end = xml.number(b"min", 1) - 1, min(xml.number(b"max", 1), _COLUMNS)
        width = (xml.attribute(b"width") or "9").partition(".")[0]
        px = int(width) * 9 + 12 if width.isdigit() and len(width) < 5 else _DEFAULT_PX
        px = 0 if xml.attribute(b"hidden") in ("1", "true") else max(_LEAST_PX, min(px, _MOST_PX))
        while len(self.widths) < end:
            self.widths.append(px if len(self.widths) >= first else _DEFAULT_PX)

    def width(self, column):
        """int: px of a column."""
        return self.widths[column] if column < len(self.widths) else _DEFAULT_PX

    def shown(self, kind, style, value):
        """(text, whether it is at the right) of a cell."""
        if kind == "n":
            format = self._formats[style] if 0 <= style < len(self._formats) else 0
            code = self._codes.get(format) or figures.built_in(format)
            return figures.written(value, code, self._is_1904), True
        if kind == "s":
            value = self._texts.text(int(value)) if self._texts and value.isdigit() and len(value) < 9 else ""
        elif kind == "b":
            value = "TRUE" if value == "1" else "FALSE"
        elif kind == "d":
            value = value.replace("T", " ")
        return blocks.clean(value).replace("\n", " ")[:_MOST_LETTERS], False

    def _read_formats(self, xml):
        is_inside = False
        while xml and xml.next() != END_OF_XML:
            if xml.kind == START:
                if xml.name == b"numFmt" and len(self._codes) < _MOST_CODES:
                    self._codes[xml.number(b"numFmtId")] = xml.attribute(b"formatCode", "")[:80]
                elif xml.name == b"cellXfs":
                    is_inside = True
                elif xml.name == b"xf" and is_inside and len(self._formats) < _MOST_FORMATS:
                    self._formats.append(max(0, min(xml.number(b"numFmtId"), 65535)))
            elif xml.kind == END and xml.name == b"cellXfs":
                is_inside = False
            yield


class _Sheet(Walker):
    skipped = (b"f", b"rPh")

    def __init__(self, xml, book):
        super().__init__(xml)
        self._book = book
        self._row = self._last = 0
        self._cells = []
        self._column = -1
        self._kind, self._style, self._value = "", 0, ""

    def start(self, name):
        """See Walker."""
        xml = self.xml
        if name == b"row":
            self._row, self._cells, self._column = xml.number(b"r", self._row + 1), [], -1
        elif name == b"c":
            self._column = _column(xml.attribute(b"r"), self._column + 1)
            self._kind, self._style, self._value = xml.attribute(b"t", "n"), xml.number(b"s"), ""
        elif name in _TEXTS:
            xml.wants_text = True
        elif name == b"col":
            self._book.note_width(xml)

    def text(self, text):
        """See Walker."""
        if len(self._value) < _MOST_LETTERS:
            self._value += text

    def end(self, name):
        """See Walker."""
        if name in _TEXTS:
            self.xml.wants_text = False
        elif name == b"c":
            if self._value and 0 <= self._column < _COLUMNS and len(self._cells) < _COLUMNS:
                text, is_right = self._book.shown(self._kind, self._style, self._value)
                self._cells.append((self._column, is_right, text))
        elif name == b"row":
            return self._rows()
        return None

    def _rows(self):
        yield from _blank(self._last, self._row)
        yield blocks.grid(self._row, self._cells)
        self._last, self._cells = self._row, []


def _blank(last, row):
    for number in range(max(last + 1, row - _MOST_BLANK_ROWS), row):
        yield blocks.grid(number, ())


def _column(place, default):
    """int: the column of a cell called "AB12", from 0; the default for one without a place."""
    column = 0
    for letter in place or "":
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
        if column > 20000:
            break
    return column - 1 if column else default
