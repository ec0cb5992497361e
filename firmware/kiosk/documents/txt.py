"""
Plain text: UTF-8, UTF-16 with a mark, else GBK of the characters that the image's fonts have.  Touches the file that it is given.

What is no character of the encoding becomes U+FFFD, and so does what GB 2312's first level has not: no font would show it.
"""

from kiosk.documents import blocks
from kiosk.files import encoding

_PIECE_BYTES = const(512)
_PROBE_BYTES = const(8192)  # that decide between UTF-8 and GBK


class Txt:
    """path: of the file."""

    count = 1

    def __init__(self, path):
        self._path = path

    def prepare(self):
        """Nothing is to be done before it is read."""
        return ()

    def label(self, number):
        """str: it has one page, without a name."""
        return ""

    def read(self, number):
        """Generator of its blocks, None in between."""
        rest = ""
        with open(self._path, "rb") as file:
            for text in _decoded(file):
                lines = (rest + text).replace("\r\n", "\n").split("\n")
                rest = lines.pop()
                for line in lines:
                    yield from _blocks(line)
                while len(rest) > blocks.MOST_LETTERS:
                    yield blocks.paragraph(blocks.clean(rest[: blocks.MOST_LETTERS]), blocks.LINE, gap=False)
                    rest = rest[blocks.MOST_LETTERS :]
                yield None
        if rest:
            yield from _blocks(rest)

    def close(self):
        """Nothing is held."""


def _blocks(line):
    while True:
        yield blocks.paragraph(blocks.clean(line[: blocks.MOST_LETTERS]), blocks.LINE, gap=False)
        line = line[blocks.MOST_LETTERS :]
        if not line:
            return


def _decoded(file):
    """Yield the text of a file in pieces."""
    head = file.read(3)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        file.seek(2)
        return _utf16(file, head[0] == 0xFE)
    if head == b"\xef\xbb\xbf":
        return _utf8(file, b"")
    file.seek(0)
    is_utf8 = _is_utf8(file)
    file.seek(0)
    return _utf8(file, b"") if is_utf8 else _gbk(file)


def _is_utf8(file):
    rest = b""
    for _ in range(_PROBE_BYTES // _PIECE_BYTES):
        piece = file.read(_PIECE_BYTES)
        data = rest + piece
        end = len(data) - (_cut_off(data) if piece else 0)
        try:
            str(data[:end], "utf-8")
        except UnicodeError:
            return False
        if not piece:
            break
        rest = data[end:]
    return True


def _cut_off(data):
    """Bytes at the end that are the beginning of a character of UTF-8."""
    for back in range(1, min(3, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            return back if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else 0
        if byte < 0x80:
            break
    return 0


def _utf8(file, rest):
    while True:
        piece = file.read(_PIECE_BYTES)
        data = rest + piece
        end = len(data) - (_cut_off(data) if piece else 0)
        rest = data[end:]
        yield encoding.decode(data[:end], "utf8")
        if not piece:
            return


def _utf16(file, is_big):
    rest = b""
    while True:
        piece = file.read(_PIECE_BYTES)
        data = bytearray(rest + piece)
        end = len(data) & ~1
        if piece and end > 1 and data[end - (2 if is_big else 1)] & 0xFC == 0xD8:  # half of a pair
            end -= 2
        rest = bytes(data[end:])
        if is_big:
            for at in range(0, end, 2):
                data[at], data[at + 1] = data[at + 1], data[at]
        yield encoding.decode(data[:end], "utf16le")
        if not piece:
            return


def _gbk(file):
    from kiosk.ui.fonts import gb2312

    table = gb2312.DATA
    first = 0
    while True:
        piece = file.read(_PIECE_BYTES)
        found = []
        for byte in piece:
            if first:
                found.append(_character(table, first, byte))
                first = 0
            elif 0x81 <= byte < 0xFF:
                first = byte
            else:
                found.append(chr(byte) if byte < 0x80 else "\ufffd")
        if not piece and first:
            found.append("\ufffd")
        yield "".join(found)
        if not piece:
            return


def _character(table, first, second):
    """The character of two bytes: the table has the rows A1 to D7, 94 characters each, two bytes each."""
    if second < 0x30:  # no second byte: it stands for itself
        return "\ufffd" + chr(second)
    at = ((first - 0xA1) * 94 + second - 0xA1) * 2
    if second < 0xA1 or second > 0xFE or at < 0 or at >= len(table):
        return "\ufffd"
    return chr(table[at] << 8 | table[at + 1])
