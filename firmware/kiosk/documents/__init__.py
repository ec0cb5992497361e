"""
Documents on a page of their own: wx.openDocument.

txt, docx, xlsx and pptx are read here (txt.py, docx.py, ...), as streams: what is on the screen is held, and what has been read by then
lies in a temporary file (blocks.py).  A PDF and the old binary formats become pictures at a service (converter.py).

Nothing of this is loaded before the first document, and all of it goes with the page (page.py).  Heap, on a board: some 40 KB while
there is something to read yet, of which 32 KB are the inflater's window, and 8 KB when all has been read.
"""

import gc
import sys

from kiosk import app, files, loader
from kiosk.errors import KioskError
from kiosk.files import paths
from kiosk.files.reasons import explain

LOCAL = ("txt", "docx", "xlsx", "pptx")
REMOTE = ("pdf", "doc", "xls", "ppt")
_open = []  # the DocumentPage that is shown, and any that is about to be


async def open_document(url, kind, has_menu):
    """Show the document at `url` (as mini-programs call files); returns when it is seen.

    kind: one of LOCAL and REMOTE, None: what the file's name ends in.  has_menu (bool): whether there is a button for more.
    KioskError: "file type"; "no file" and its kin; "document", what is wrong with it; "converter"; "unsupported": no screen, no converter.
    """
    try:
        await _show(url, kind, has_menu)
    finally:
        if not _open:
            forget()


async def _show(url, kind, has_menu):
    from kiosk.ui import dialogs

    kind = (paths.suffix(url)[1:] if kind is None else kind).lower()
    if kind not in LOCAL + REMOTE:
        raise KioskError("file type")
    store = files.current()
    path = store.readable(url)
    size = store.file_size(path, url)
    screen = dialogs.screen()
    from kiosk.documents.page import (
        DocumentPage,
    )  # before there is garbage for it to lie among: 32 KB are wanted in one piece

    gc.collect()
    store.held.append(path)  # nobody changes it meanwhile
    shown = _Shown(store, path)
    _open.append(shown)
    is_seen = False
    try:
        shown.document = _document(kind, path, size, store, screen)
        gc.collect()
        await shown.document.prepare()
        gc.collect()
        shown.page = DocumentPage(screen, shown.document, url.rpartition("/")[2], has_menu, shown.closed)
        await shown.page.begin()
        is_seen = True
    except OSError as exc:
        raise explain(exc, url)
    finally:
        if not is_seen:  # cancelled, too
            shown.close()
    for other in _open[:]:
        if other is not shown:
            other.close()


def _document(kind, path, size, store, screen):
    def temporary():
        return store.temporary("")[1]

    if kind in REMOTE:
        from kiosk.documents.pictures import Remote

        return Remote(path, size, kind, temporary, screen)
    from kiosk.documents.sources import Local

    if kind == "txt":
        from kiosk.documents.txt import Txt

        return Local(Txt(path), temporary)
    from kiosk.documents.parts import Parts

    parts = Parts(path)
    if kind == "docx":
        from kiosk.documents.docx import Docx

        return Local(Docx(parts), temporary)
    if kind == "pptx":
        from kiosk.documents.pptx import Pptx

        return Local(Pptx(parts), temporary)
    from kiosk.documents.xlsx import Xlsx

    return Local(Xlsx(parts, temporary), temporary)


class _Shown:
    """A document from the call to its end: what has to be given back."""

    def __init__(self, store, path):
        self._store = store
        self._path = path
        self._program = app.current
        self.document = self.page = None
        self._program.at_close = (self.close,) + self._program.at_close  # before temporary files are swept

    def close(self):
        """End it, however far it has come."""
        if self.page:
            self.page.close()
            return
        if self.document:
            self.document.close()
        self.closed(None)

    def closed(self, page):
        """It has ended."""
        if self not in _open:
            return
        _open.remove(self)
        self._store.held.remove(self._path)
        self._program.at_close = tuple([each for each in self._program.at_close if each != self.close])
        if not _open:
            forget()


def forget():
    """Drop what has been loaded for documents."""
    for name in tuple(sys.modules):
        if name.startswith("kiosk.documents"):
            loader.forget(name)
    gc.collect()
