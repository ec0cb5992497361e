"""
Pictures of a live stream in a component's box, as they come: a taker of the camera (kiosk/camera), and of JPEGs from anywhere.

Pixels go straight to the screen (liverows.py: 4 KB of heap).  Of JPEGs one a second is shown, decoded from a copy of at most 16 KB; larger ones,
or without the memory (33 KB to decode), leave the picture as it is.
"""

import gc
import io
import time

from kiosk import camera
from kiosk.ui.images import modes, open_picture, shown_header
from kiosk.ui.liverows import LiveRows
from kiosk.ui.ticks import Ticks

_COPY_BYTES = const(16384)
_EVERY_MS = const(1000)


class Preview:
    """component: whose box it is; it calls draw() within its own, and close() when the stream is over."""

    quality = None

    def __init__(self, component):
        self._component = component
        self._rows = LiveRows(component)
        self._after = Ticks()
        self._copy = self._picture = self._decoding = None
        self._shown_ms = None

    def begin(self, size_bytes, at_ms):
        """See kiosk/camera."""
        self._copy = None
        if camera.kind == "rgb565":
            self._picture = None
            self._rows.begin(*camera.size)
        elif size_bytes <= _COPY_BYTES and self._is_due(at_ms):
            self._shown_ms, self._have = at_ms, 0
            try:
                self._copy = bytearray(size_bytes)
            except MemoryError:
                gc.collect()  # the next one may have the room

    def _is_due(self, at_ms):
        return self._component.is_shown() and (
            self._shown_ms is None or time.ticks_diff(at_ms, self._shown_ms) >= _EVERY_MS
        )

    async def write(self, view):
        """See kiosk/camera."""
        if camera.kind == "rgb565":
            if self._component.is_shown():
                self._rows.put(view)
        elif self._copy is not None:
            self._copy[self._have : self._have + len(view)] = view
            self._have += len(view)

    async def end(self, is_whole):
        """See kiosk/camera."""
        copy, self._copy = self._copy, None
        if copy is not None and is_whole:
            self._picture = memoryview(copy)[: self._have]
            self._component.repaint()

    def failed(self, exc):
        """See kiosk/camera: its owner is told, too."""
        self.close()

    def draw(self, surface, place):
        """Paint the last JPEG."""
        if self._picture is None:
            return
        x, y, width, height = place
        try:
            if self._decoding is None:
                file = io.BytesIO(self._picture)
                head = shown_header(file)
                part, where = modes.place("aspectFill", width, height, *head.upright())
                self._decoding = (open_picture(file, part, where[2], where[3], head), where)
                self._after.soon(self._painted)
            picture, where = self._decoding
            surface.image(x + where[0], y + where[1], where[2], where[3], picture)
        except (MemoryError, ValueError, OSError):  # this one is not shown: the next may have the room
            self._picture = None
            self._painted()

    def _painted(self):
        if self._decoding and self._component.view.screen.is_painting and self._picture is not None:
            self._after.soon(self._painted)
            return
        decoding, self._decoding = self._decoding, None
        if decoding:
            decoding[0].close()

    def close(self):
        """Nothing is shown any longer."""
        self._copy = self._picture = None
        self._after.stop()
        self._painted()
