"""
<image>: a picture of the package, of the mini-program's files or from a server, decoded whenever it is painted.

Heap: some 400 bytes and the path; while it is painted 33 KB (JPEG) or 49 to 55 KB (PNG) as kiosk/ui/images says, BMP and RGB565 a
row.  Pictures side by side are decoded at the same time as long as there is room, and then in turns, each from its top for
each strip: slow, but right.  One for which there is no room alone is not shown, and tells of an error.
"""

import asyncio
import gc

from kiosk import errors, log
from kiosk.api import Result
from kiosk.errors import KioskError
from kiosk.files import content
from kiosk.ui import boxes
from kiosk.ui.components.component import Base
from kiosk.ui.images import modes, open_picture, shown_header, source
from kiosk.ui.ticks import Ticks

_decoding = []  # components whose pictures are open while the screen is painted


class Component(Base):
    """Attributes: src, mode, lazy-load.  Events: load (width, height), error (errMsg)."""

    attribute = "src"

    def __init__(self, node, view):
        super().__init__(node, view)
        self._src = None  # what is shown, or on its way
        self._path = self._header = None  # of what is shown
        self._is_ours = False  # whether the file has been made for this
        self._picture = self._look = None  # open while the screen is painted, and what it was opened for
        self._fitted = None  # (width, height) of the box that widthFix, heightFix were reckoned for
        self._loading = None
        self._after = Ticks()
        if not self.flag("lazy-load"):
            self._load()

    def changed(self):
        """Another picture, or another mode."""
        if self._loading or self._header or not self.flag("lazy-load") or self._src:
            self._load()
        self._fitted = None
        self._fit()
        self.repaint()

    def close(self):
        """Let go of the file."""
        if self._loading:
            self._loading.cancel()
        self._after.stop()
        self._drop()

    def hidden(self):
        """Nothing is painted any longer."""
        self._end_painting()

    def _drop(self):
        self._end_painting()
        if self._is_ours:
            content.discard(self._path)
        self._path = self._header = None
        self._is_ours = False

    def _load(self):
        src = self.node.get(self.attribute) or ""
        if src == self._src:
            return
        if self._loading:
            self._loading.cancel()
        self._drop()
        self._src = src
        self._loading = asyncio.create_task(self._fetch(src)) if src else None

    async def _fetch(self, src):
        try:
            path, is_ours = await source.fetch(src)
            self._path, self._is_ours = path, is_ours
            with open(path, "rb") as file:
                self._header = shown_header(file)
        except (KioskError, OSError, ValueError, MemoryError) as exc:
            self._fail(exc)
            return
        self._loading = None
        width, height = self._header.upright()
        self._fit()
        self.repaint()
        self.tell("load", Result(width=width, height=height))

    def _fail(self, exc):
        """It cannot be shown: the box stays as it is without."""
        error = errors.from_exception(exc)
        reason = str(exc) if isinstance(exc, ValueError) else error.reason
        log.warn(self.view.page.route, "the picture %s is not shown: %s", str(self._src)[:100], reason)
        self._drop()
        self._loading = None
        self._after.soon(lambda: self.tell("error", Result(errMsg=reason)))

    # Its size.

    def _fit(self):
        """Give the box the size that `mode` asks for."""
        mode = self.node.get("mode")
        if mode not in ("widthFix", "heightFix", "natural") or not self._header:
            if self.node.own:
                self.node.own = None
                self.view.restyled(self.node)
            return
        node = self.node
        if node.w < 0 or (node.w, node.h) == self._fitted:
            return
        top, right, bottom, left = boxes.edges(node.style.values, node.parent.w)
        across, down = left + right, top + bottom
        width, height = self._header.upright()
        if mode == "natural":  # of rich-text: its own size, as far as there is room
            room = node.parent.w - across
            shown = min(width << 6, room)
            size = shown, shown * height // width
        else:
            size = modes.size(mode, node.w - across, node.h - down, width, height)
        if node.style.values.get("box-sizing") == "border-box":
            size = size[0] + across, size[1] + down
        lengths = ("width", size[0] << 3) if mode != "widthFix" else ()
        if mode != "heightFix":
            lengths += ("height", size[1] << 3)
        node.own = (lengths, ())
        self.view.restyled(node)
        self._fitted = node.w, node.h

    # Painting.

    def draw(self, surface, place, look, opacity):
        """Decode it, as far as the strip goes."""
        if self._header is None:
            if self._src is None:
                self._load()  # lazy-load: now it is seen
            return
        if self._fitted and self._fitted != (self.node.w, self.node.h):
            self._after_painting()
        top, right, bottom, left = [
            (edge + 32) >> 6 for edge in boxes.edges(self.node.style.values, self.node.parent.w)
        ]
        x, y, width, height = place
        box = x + left, y + top, width - left - right, height - top - bottom
        self.paint(surface, box, self.node.get("mode"), opacity)

    def paint(self, surface, box, mode, opacity):
        """Decode it into a box as `mode` has it, as far as the strip goes."""
        x, y, width, height = box
        found = modes.place(mode, width, height, *self._header.upright())
        if found is None:
            return
        part, where = found
        where = x + where[0], y + where[1], where[2], where[3]
        if surface.is_hidden(*where):
            return
        self._after_painting()
        try:
            try:
                surface.image(*where, self._opened(part, where), opacity)
            except MemoryError:  # once more, with the memory of those beside it
                for each in _decoding:
                    each.rest()
                gc.collect()
                surface.image(*where, self._opened(part, where), opacity)
        except (MemoryError, OSError, ValueError) as exc:
            self._fail(exc)

    def rest(self):
        """Give back what decoding holds."""
        if self._picture:
            self._picture.rest()

    def _opened(self, part, where):
        look = part, where[2], where[3]
        if self._picture and self._look != look:
            self._end_painting()
        if not self._picture:
            self._picture = open_picture(self._open(), part, where[2], where[3], self._header)
            self._look = look
            _decoding.append(self)
        return self._picture

    def _open(self):
        return open(self._path, "rb")

    def _after_painting(self):
        if not self._after.is_running():
            self._after.soon(self._painted)

    def _painted(self):
        if self.view.screen.is_painting:  # some of it is still to come, from where the decoder is
            self._after.soon(self._painted)
            return
        self._end_painting()
        if self._fitted and self._fitted != (self.node.w, self.node.h):
            self.node.own = None  # the box is as wide, or as high, as something else makes it
            self.view.restyled(self.node)
            self._fit()

    def _end_painting(self):
        if self._picture:
            self._picture.close()
            self._picture = None
            _decoding.remove(self)
