"""
The texts that a workbook's cells share, in two temporary files: one has them, one after the other, one says where each begins.

So a text is found by two short reads, however many there are, and none is held.
"""

from kiosk.documents import blocks
from kiosk.documents.xml import Walker
from kiosk.files import content

_MOST_BYTES = const(600)  # of a text: a cell shows less


class SharedTexts:
    """temporary: makes the path of a new file."""

    def __init__(self, temporary):
        self._paths = (temporary(), temporary())
        self._files = []
        self._count = 0

    def read(self, xml):
        """Generator, in pieces: put all of them down.  OSError: the flash."""
        texts, places = self._files = [open(path, "w+b") for path in self._paths]
        at = 0
        for text in _Texts(xml).blocks() if xml else ():
            if text is not None:
                data = blocks.cut(text, _MOST_BYTES)
                places.write(bytes((at & 255, at >> 8 & 255, at >> 16 & 255, at >> 24)))
                texts.write(bytes((len(data) & 255, len(data) >> 8)))
                texts.write(data)
                at += len(data) + 2
                self._count += 1
            yield

    def text(self, number):
        """str: one of them, "" for one that there is not."""
        if number >= self._count:
            return ""
        texts, places = self._files
        places.seek(4 * number)
        texts.seek(int.from_bytes(places.read(4), "little"))
        return str(texts.read(int.from_bytes(texts.read(2), "little")), "utf-8")

    def close(self):
        """Be gone."""
        for file in self._files:
            content.close_again(file)
        for path in self._paths:
            content.discard(path)


class _Texts(Walker):
    skipped = (b"rPh",)  # how it is pronounced

    def __init__(self, xml):
        super().__init__(xml)
        self._text = ""

    def start(self, name):
        """See Walker."""
        if name == b"t":
            self.xml.wants_text = True
        elif name == b"si":
            self._text = ""

    def text(self, text):
        """See Walker."""
        if len(self._text) < _MOST_BYTES:
            self._text += text

    def end(self, name):
        """See Walker."""
        if name == b"t":
            self.xml.wants_text = False
        return (self._text,) if name == b"si" else None
