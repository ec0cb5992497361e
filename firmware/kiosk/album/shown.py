"""One picture on a page of the album's: all of it in a box, decoded whenever it is painted, its file closed in between."""

import gc

from kiosk import log
from kiosk.errors import from_exception
from kiosk.files import content
from kiosk.ui.images import modes, open_picture, shown_header
from kiosk.ui.ticks import Ticks


def reason_of(exc):
    """str: why a picture cannot be had, in words for the screen."""
    return str(exc) if isinstance(exc, ValueError) else from_exception(exc).reason


class Shown:
    """screen: BoardScreen; path: of a picture; is_ours: whether close() removes it; failed(reason): it cannot be painted after all.

    ValueError, OSError: it is none.
    """

    def __init__(self, screen, path, is_ours, failed):
        self._screen = screen
        self._path = path
        self._is_ours = is_ours
        self._failed = failed
        self._picture = None  # open while the screen is painted
        self._after = Ticks()
        with open(path, "rb") as file:
            self._header = shown_header(file)

    def draw(self, surface, x, y, width, height):
        """Decode it into the middle of a box, as far as the strip goes."""
        part, where = modes.place("aspectFit", width, height, *self._header.upright())
        x, y, width, height = x + where[0], y + where[1], where[2], where[3]
        if surface.is_hidden(x, y, width, height) or self._failed is None:
            return
        if not self._after.is_running():
            self._after.soon(self._painted)
        try:
            try:
                self._paint(surface, part, x, y, width, height)
            except MemoryError:  # once more, when the garbage is gone: a PNG wants 32 KB in one piece
                self._end_painting()
                gc.collect()
                self._paint(surface, part, x, y, width, height)
        except (MemoryError, OSError, ValueError) as exc:
            self._end_painting()
            reason, failed, self._failed = reason_of(exc), self._failed, None
            log.warn("album", "a picture cannot be painted: %s", reason)
            self._after.soon(lambda: failed(reason))

    def _paint(self, surface, part, x, y, width, height):
        if self._picture is None:
            self._picture = open_picture(open(self._path, "rb"), part, width, height, self._header)
        surface.image(x, y, width, height, self._picture)

    def _painted(self):
        if self._screen.is_painting:
            self._after.soon(self._painted)
        else:
            self._end_painting()

    def _end_painting(self):
        picture, self._picture = self._picture, None
        if picture:
            picture.close()

    def close(self):
        """Be gone."""
        self._after.stop()
        self._end_painting()
        if self._is_ours:
            content.discard(self._path)
