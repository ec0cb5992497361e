"""
A black box that says what stands there, with a poster: tags whose API is not there yet.

Heap: as image.py.
"""

from kiosk.ui.components import image
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit

_GREY = const(0xA0A0A0)


class Component(image.Component):
    """Attributes: poster.  The box says "video" where there is none."""

    attribute = "poster"

    def _fit(self):
        """The poster has no say in the size."""

    def draw(self, surface, place, look, opacity):
        """Black, the poster over it, or what stands here."""
        x, y, width, height = place
        surface.fill_rect(x, y, width, height, 0, opacity)
        if self._header is not None:
            super().draw(surface, place, look, opacity)
            return
        face = font.face(14)
        text, room = fit("<%s>" % self.node.tag, face, width)
        surface.text(x + (width - room) // 2, y + (height - face.height) // 2, text, face, _GREY, opacity)
