"""Documents whose pages are pictures that the converter makes, fetched as they are turned; one is held, in a temporary file."""

from kiosk import log, tasks
from kiosk.documents.converter import Conversion
from kiosk.documents.sources import One
from kiosk.errors import KioskError, from_exception
from kiosk.files import content
from kiosk.ui.images import open_picture, shown_header
from kiosk.ui.ticks import Ticks


class Remote:
    """path, size (bytes), kind: of the document; temporary: makes the path of a new file; screen: that it is shown on.  As sources.Local."""

    columns = None

    def __init__(self, path, size, kind, temporary, screen):
        self._conversion = Conversion(path, size, kind, screen.width)
        self._temporary = temporary
        self._screen = screen

    @property
    def count(self):
        """int: pages."""
        return self._conversion.count

    def label(self, number):
        """str: its pages have no names."""
        return ""

    async def prepare(self):
        """Send it to the converter."""
        await self._conversion.begin()

    async def source(self, number, width):
        """A page."""
        path = self._temporary()
        picture = None
        try:
            await self._conversion.fetch(number, path)
            picture = Picture(path, width, self._screen)
            return One(picture)
        except ValueError as exc:
            raise KioskError("converter", "the converter's picture: %s" % exc)
        finally:
            if picture is None:  # cancelled, too
                content.discard(path)

    def close(self):
        """Nothing is held here."""

    def leave(self):
        """It has been closed by somebody: tell the converter."""
        tasks.spawn(_forget(self._conversion))


async def _forget(conversion):
    try:
        await conversion.forget()
    finally:
        tasks.finished()


class Picture:
    """The picture in a file that is its own, `width` px wide.  ValueError: it is none; failed: called with what it cannot be painted for."""

    def __init__(self, path, width, screen):
        self._path = path
        self._screen = screen
        with open(path, "rb") as file:
            self._header = shown_header(file)
        own_width, own_height = self._header.upright()
        self._width = width
        self.height = max(width * own_height // own_width, 1)
        self._picture = None  # open while the screen is painted
        self._after = Ticks()
        self.failed = None

    def draw(self, surface, x, y):
        """Decode it, as far as the strip goes."""
        if surface.is_hidden(x, y, self._width, self.height):
            return
        if not self._after.is_running():
            self._after.soon(self._painted)
        try:
            if self._picture is None:
                self._picture = open_picture(open(self._path, "rb"), None, self._width, self.height, self._header)
            surface.image(x, y, self._width, self.height, self._picture)
        except (MemoryError, OSError, ValueError) as exc:
            self._end_painting()
            reason = str(exc) if isinstance(exc, ValueError) else from_exception(exc).reason
            log.warn("documents", "a page cannot be painted: %s", reason)
            if self.failed:
                self._after.soon(lambda: self.failed(reason))

    def _painted(self):
        if self._screen.is_painting:
            self._after.soon(self._painted)
        else:
            self._end_painting()

    def _end_painting(self):
        if self._picture:
            self._picture.close()
            self._picture = None

    def close(self):
        """Be gone."""
        self._after.stop()
        self._end_painting()
        content.discard(self._path)
