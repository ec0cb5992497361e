"""
What the camera sees, in a component's box: a taker of the camera (kiosk/camera).

Pixels go straight to the screen (liverows.py: 4 KB of heap).  Of JPEGs one a second is shown (livepicture.py), of at most 16 KB.
"""

import time

from kiosk import camera
from kiosk.ui.livepicture import LivePicture
from kiosk.ui.liverows import LiveRows

_MOST_BYTES = const(16384)
_EVERY_MS = const(1000)


class Preview:
    """component: whose box it is; it calls draw() within its own, and close() when the camera is somebody else's."""

    quality = None

    def __init__(self, component):
        self._component = component
        self._rows = LiveRows(component)
        self._picture = LivePicture(component, _MOST_BYTES)
        self._shown_ms = None

    def begin(self, size_bytes, at_ms):
        """See kiosk/camera."""
        self._takes = False
        if camera.kind == "rgb565":
            self._picture.close()
            self._shown_ms = at_ms  # one photo is not worth a decoder
            self._rows.begin(*camera.size)
        elif self._shown_ms is None or time.ticks_diff(at_ms, self._shown_ms) >= _EVERY_MS:
            self._takes = self._picture.begin(size_bytes)
            if self._takes:
                self._shown_ms = at_ms

    async def write(self, view):
        """See kiosk/camera."""
        if camera.kind == "rgb565":
            if self._component.is_shown():
                self._rows.put(view)
        elif self._takes:
            self._picture.write(view)

    async def end(self, is_whole):
        """See kiosk/camera."""
        if camera.kind != "rgb565" and self._takes:
            self._picture.end(is_whole)

    def failed(self, exc):
        """See kiosk/camera: its owner is told, too."""
        self.close()

    def draw(self, surface, place):
        """Paint the last JPEG, if there is one."""
        self._picture.draw(surface, place)

    @property
    def has_picture(self):
        """bool: whether draw() paints anything."""
        return self._picture.is_there

    def close(self):
        """Nothing is shown any longer."""
        self._takes = False
        self._picture.close()
