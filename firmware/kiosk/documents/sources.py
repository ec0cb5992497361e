"""
Where a page of a document comes from (flow.py says what a source has): texts that are read as far as they are wanted, or a picture.
"""

import asyncio
import gc
from time import ticks_diff, ticks_ms

from kiosk import errors
from kiosk.documents import blocks
from kiosk.documents.layout import lay
from kiosk.errors import KioskError

_AHEAD_BYTES = const(4096)  # of blocks, that are read before they are seen
_TURN_MS = const(10)


async def in_pieces(generator):
    """Run a generator to its end while the loop turns; what it returns."""
    generator = iter(generator)
    since = ticks_ms()
    while True:
        try:
            next(generator)
        except StopIteration as exc:
            return exc.value
        if ticks_diff(ticks_ms(), since) >= _TURN_MS:
            await asyncio.sleep_ms(0)
            since = ticks_ms()


class Texts:
    """reader: generator of blocks, and None in between; path: of the file for them; width: px.

    Holds what the reader does (an inflater: 32 KB) until all has been read.  failed: called with a reason, by what cannot be painted after all: nothing of this kind.
    """

    failed = None

    def __init__(self, reader, path, width):
        self._reader = iter(reader)
        self._blocks = blocks.Blocks(path)
        self._width = width
        self.is_over = False

    @property
    def length(self):
        """int: as much as is known by now."""
        return self._blocks.size + (0 if self.is_over else _AHEAD_BYTES)

    def wants(self, place):
        """bool: whether it is time to read on, as somebody sees what is at this place."""
        return not self.is_over and self._blocks.size < place + _AHEAD_BYTES

    async def more(self, place, is_first=False):
        """Read on, as far as somebody who sees this place may want; what is wrong from here on is said at the end, or raised (is_first)."""
        since = ticks_ms()
        try:
            while self.wants(place):
                try:
                    block = next(self._reader)
                except StopIteration:
                    self._end()
                    return
                if block is not None:
                    self._blocks.append(block)
                if block is not None or ticks_diff(ticks_ms(), since) >= _TURN_MS:
                    await asyncio.sleep_ms(0)  # appending may have erased a block of the flash
                    since = ticks_ms()
        except (KioskError, OSError, ValueError, MemoryError) as exc:  # what has been read by now is shown
            self._end()
            if is_first:
                raise
            said = blocks.paragraph("⚠ " + errors.from_exception(exc).reason, blocks.NOTE)
            try:
                self._blocks.append(said)
            except OSError:
                return  # the flash it is: what has been read ends here

    def _end(self):
        self.is_over = True
        self._reader = None

    def at(self, place):
        """See flow.py."""
        found = self._blocks.at(place)
        return found and (lay(found[0], self._width), found[1])

    def before(self, place):
        """See flow.py."""
        return self._blocks.before(place)

    def close(self):
        """Let go of everything."""
        self._end()
        self._blocks.close()


class One:
    """A page that is one thing: a picture, whose `failed` is called with the reason if it cannot be painted after all."""

    is_over = True
    length = 1

    def __init__(self, laid):
        self._laid = laid
        laid.failed = lambda reason: self.failed(reason)  # asked when it happens, as it is set later

    def failed(self, reason):
        """Set by who shows it."""

    def wants(self, place):
        """bool: never."""
        return False

    def at(self, place):
        """See flow.py."""
        return None if place else (self._laid, 1)

    def before(self, place):
        """See flow.py: there is none."""

    def close(self):
        """Let go of the picture."""
        self._laid.close()


class Local:
    """
    A document that is read on the device.  reader: its Txt, Docx, Xlsx or Pptx; temporary: makes the path of a new file.

    count: pages; columns: what is asked for the px of a sheet's columns, None of what has none.
    """

    def __init__(self, reader, temporary):
        self._reader = reader
        self._temporary = temporary
        self.columns = getattr(reader, "width", None)

    @property
    def count(self):
        """int: pages."""
        return self._reader.count

    def label(self, number):
        """str: the name of a page, or ""."""
        return self._reader.label(number)

    async def prepare(self):
        """Read what has to be known before the first page."""
        await in_pieces(self._reader.prepare())

    async def source(self, number, width):
        """Texts of a page, with what is seen first."""
        gc.collect()  # inflating takes 32 KB in one piece
        texts = Texts(self._reader.read(number), self._temporary(), width)
        try:
            await texts.more(0, True)
            return texts
        except BaseException:  # cancelled, too
            texts.close()
            raise

    def close(self):
        """Let go of everything."""
        self._reader.close()

    def leave(self):
        """It has been closed by somebody."""
