"""
A JPEG that comes in pieces into a component's box: held as it comes, decoded into the strips that go to the screen.

    picture = LivePicture(component, 16384)
    if picture.begin(size_bytes):       # else this one is left out
        picture.write(view)
        picture.end(True)
    picture.draw(surface, place)        # in the component's own

One is painted to its end before the next is shown, so while it is, one may come, and others are left out.  Two buffers, and 33 KB while
one is decoded; without the memory the picture stays as it is.
"""

import gc
import io

from kiosk.ui.images import modes, open_picture, shown_header
from kiosk.ui.ticks import Ticks

_PIECE = const(4096)
TURNED = {0: 1, 90: 6, 180: 3, 270: 8}  # degrees -> Exif's orientation


class LivePicture:
    """component: whose box it is; most_bytes: larger ones are left out; is_lasting: the buffers are kept for the next ones.

    repaint(): the picture is another one; failed(exc): it cannot be shown (ValueError, MemoryError).  degrees: 0, 90, 180 or 270: how it is turned.
    """

    degrees = 0

    def __init__(self, component, most_bytes, is_lasting=False, repaint=None, failed=None):
        self._component = component
        self._most_bytes = most_bytes
        self._is_lasting = is_lasting
        self._repaint = repaint or component.repaint
        self._failed = failed or (lambda exc: None)
        self._after = Ticks()
        self._copy = self._spare = None  # of the one that comes; for the next
        self._have = 0
        self._shown = self._next = None  # (buffer, how much of it, its Header)
        self._decoding = None  # (look, picture, where) while the screen is painted

    @property
    def is_there(self):
        """bool: whether there is anything to draw."""
        return self._shown is not None

    def begin(self, size_bytes):
        """One begins; size_bytes: 0 if nobody knows.  bool: whether it is wanted."""
        self._drop_copy()
        if self._next or size_bytes > self._most_bytes or not self._component.is_shown():
            if size_bytes > self._most_bytes:
                self._failed(ValueError("a picture of %d bytes; up to %d are shown" % (size_bytes, self._most_bytes)))
            return False
        self._have = 0
        self._copy, self._spare = self._spare, None
        return self._has_room(size_bytes or _PIECE)

    def write(self, view):
        """Some of it.  bool: whether more of it is."""
        if self._copy is None:
            return False
        end = self._have + len(view)
        if end > self._most_bytes:
            self._failed(ValueError("a picture of over %d bytes" % self._most_bytes))
            self._drop_copy()
            return False
        if not self._has_room(end):
            return False
        self._copy[self._have : end] = view
        self._have = end
        return True

    def _has_room(self, size):
        copy = self._copy
        if copy is not None and len(copy) >= size:
            return True
        try:
            self._copy = None
            larger = bytearray((size + _PIECE - 1) // _PIECE * _PIECE if self._is_lasting else size)
            if copy is not None:
                larger[: self._have] = memoryview(copy)[: self._have]
            self._copy = larger
        except MemoryError as exc:
            del copy
            gc.collect()  # the next one may have the room
            self._failed(exc)
            return False
        return True

    def _drop_copy(self):
        if self._copy is not None:
            self._spare, self._copy = self._copy if self._is_lasting else None, None

    def end(self, is_whole):
        """It is over.  (width, height) of one that is shown, now or soon, or None."""
        copy = self._copy
        if copy is None or not is_whole:
            self._drop_copy()
            return None
        try:
            head = shown_header(io.BytesIO(memoryview(copy)[: self._have]))
            if head.format != "jpeg":
                raise ValueError("a picture that is no JPEG")
        except (ValueError, OSError, MemoryError) as exc:
            self._drop_copy()
            self._failed(exc)
            return None
        self._copy = None
        self._next = copy, self._have, head
        if not self._decoding:
            self._turn_over()
        return head.width, head.height

    def _turn_over(self):
        old, self._shown, self._next = self._shown, self._next, None
        if old and self._is_lasting and self._copy is None:
            self._spare = old[0]
        self._repaint()

    def draw(self, surface, place, mode="aspectFill"):
        """Paint it, as far as the strip goes."""
        if self._shown is None:
            return
        x, y, width, height = place
        buffer, count, head = self._shown
        head.orientation = TURNED[self.degrees]
        look = width, height, mode, self.degrees
        try:
            if self._decoding and self._decoding[0] != look:
                self._end_decoding()
            if self._decoding is None:
                found = modes.place(mode, width, height, *head.upright())
                if found is None:
                    return
                part, where = found
                file = io.BytesIO(memoryview(buffer)[:count])
                self._decoding = look, open_picture(file, part, where[2], where[3], head), where
                self._after.soon(self._painted)
            _, picture, where = self._decoding
            surface.image(x + where[0], y + where[1], where[2], where[3], picture)
        except (MemoryError, ValueError, OSError) as exc:  # this one is not shown: the next may have the room
            self._shown = None
            self._end_decoding()
            fault = exc
            self._after.soon(lambda: self._give_up(fault))  # nobody may be told of anything while the screen is painted

    def _give_up(self, exc):
        if self._next:
            self._turn_over()
        self._failed(exc)

    def _painted(self):
        if self._shown and self._component.view.screen.is_painting:
            self._after.soon(self._painted)
            return
        self._end_decoding()
        if self._next:
            self._turn_over()

    def _end_decoding(self):
        decoding, self._decoding = self._decoding, None
        if decoding:
            decoding[1].close()

    def close(self):
        """Nothing is shown any longer, and nothing held."""
        self._copy = self._spare = self._shown = self._next = None
        self._after.stop()
        self._end_decoding()
