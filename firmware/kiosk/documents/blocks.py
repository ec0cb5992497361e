"""
What a document is made of when it has been read: blocks, each a few lines, in a temporary file.

A zip file can only be read from its front to its back, a finger goes both ways.  So what has been read is put down in short, and
only what is on the screen is taken from there: a block has its length before and behind it, and its place is its number of bytes.

    b"P" style indent gap marker-bytes marker text      a paragraph; BOLD and PLAIN switch within the text
    b"R" count (width bytes bytes text)*                a row of a table; width: of 255
    b"G" row row (column is-right bytes text)*          a row of a sheet
    b"B"                                                a new page begins
"""

from kiosk.files import content

PARAGRAPH = const(80)
ROW = const(82)
GRID = const(71)
BREAK = const(66)
BOLD = "\x01"
PLAIN = "\x02"
BODY = const(0)  # styles: 1 to 6 are headings
TITLE = const(7)
LINE = const(8)  # of a plain text: no gap after it
NOTE = const(9)  # ours, not the document's
MOST_LETTERS = const(500)  # of a block: of four bytes each they fit
_MOST_BYTES = const(2040)
_MOST_CELLS = const(63)
_LEAST_GRID = const(3)


def paragraph(text, style=BODY, indent=0, marker="", gap=True):
    """bytes of a paragraph; indent: in steps of 8 px."""
    mark = marker.encode()[:24]
    return bytes((PARAGRAPH, style, min(indent, 20), gap, len(mark))) + mark + cut(text, _MOST_BYTES - 32)


def split(text, style=BODY, indent=0, marker=""):
    """Yield the blocks of a paragraph of any length, cut where there is a space or anywhere."""
    gap = True
    is_bold = False
    while True:
        cut = len(text)
        if cut > MOST_LETTERS:
            cut = text.rfind(" ", MOST_LETTERS // 2, MOST_LETTERS) + 1 or MOST_LETTERS
        part = (BOLD if is_bold else "") + text[:cut]
        yield paragraph(part, style, indent, marker, gap)
        is_bold = part.rfind(BOLD) > part.rfind(PLAIN)
        text = text[cut:]
        if not text:
            return
        marker, gap = "", False


def row(cells):
    """bytes of a row; cells: list of (width of 255, text)."""
    data = bytearray((ROW, min(len(cells), _MOST_CELLS)))
    share = _MOST_BYTES // max(min(len(cells), _MOST_CELLS), 1) - 3
    for width, text in cells[:_MOST_CELLS]:
        shown = cut(text, share)
        data.extend(bytes((max(1, min(width, 255)), len(shown) & 255, len(shown) >> 8)))
        data.extend(shown)
    return data


def grid(number, cells):
    """bytes of a sheet's row; cells: list of (column, whether it is at the right, text)."""
    data = bytearray((GRID, number & 255, number >> 8 & 255, number >> 16 & 255))
    for column, is_right, text in cells:
        shown = cut(text, 240)
        if len(data) + len(shown) + _LEAST_GRID > _MOST_BYTES:
            break
        data.extend(bytes((column, is_right, len(shown))))
        data.extend(shown)
    return data


def cut(text, most):
    """bytes of a text, no more than that, and no half of a character."""
    data = text.encode()
    if len(data) <= most:
        return data
    while most and data[most] & 0xC0 == 0x80:
        most -= 1
    return data[:most]


def clean(text):
    """str: without what would be taken for switches, and with tabs as spaces."""
    if "\t" in text:
        text = text.replace("\t", "    ")
    for character in text:
        if character < " " and character != "\n":
            return "".join(each for each in text if each >= " " or each == "\n")
    return text


class Blocks:
    """The file at `path` with the blocks in it, made anew; size: bytes.  OSError: the flash."""

    def __init__(self, path):
        self._path = path
        self._file = open(path, "w+b")
        self.size = 0
        self._is_at_end = True

    def append(self, block):
        """Put one behind the others."""
        if not self._is_at_end:
            self._file.seek(self.size)
            self._is_at_end = True
        length = bytes((len(block) & 255, len(block) >> 8))
        self._file.write(length)
        self._file.write(block)
        self._file.write(length)
        self.size += len(block) + 4

    def at(self, place):
        """(bytes of the block at a place, place of the next); None behind the last."""
        if place >= self.size:
            return None
        length = self._length(place)
        return self._file.read(length), place + length + 4

    def before(self, place):
        """The place of the block before one, None before the first."""
        return None if place <= 0 else place - 4 - self._length(place - 2)

    def _length(self, place):
        self._is_at_end = False
        self._file.seek(place)
        low, high = self._file.read(2)
        return low | high << 8

    def close(self):
        """Be gone."""
        content.close_again(self._file)
        content.discard(self._path)
