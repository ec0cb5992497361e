"""
<audio controls>: poster, name, author and a button that plays and pauses, bound to kiosk/media/component.py.

Heap: 600 bytes and what a Sound takes; while its poster is painted what image.py says.  Without `controls` it is not shown, but
plays for its AudioContext.
"""

from kiosk.media.component import find
from kiosk.media.player import PLAYING
from kiosk.ui.components import image
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit

_SIDE_PX = const(65)
_NAMES = ("src", "loop", "controls", "poster", "name", "author")
_FLAGS = ("loop", "controls")
_GREY = const(0x888888)
_EDGE = const(0xE0E0E0)


class Component(image.Component):
    """Attributes: src, loop, controls, poster, name, author.  Events: play, pause, timeupdate, ended, error."""

    attribute = "poster"

    def __init__(self, node, view):
        super().__init__(node, view)
        self._audio = find(view.page, str(node.get("id") or id(node)))
        self._audio.hear = self._hear
        self._set()

    def changed(self):
        """Other attributes."""
        self._load()
        self._set()
        self.view.restyled(self.node)

    def _set(self):
        self.node.own = ((), ("display", "inline-block")) if self.flag("controls") else None
        given = {name: self.flag(name) for name in _FLAGS}
        for name in _NAMES:
            if name not in _FLAGS and self.node.get(name) is not None:
                given[name] = self.node.get(name)
        self._audio.set(given)

    def _fit(self):
        """The poster has no say in the size."""

    def _hear(self, kind, detail):
        if self.view.tree:
            self.repaint()
            self.tell(kind, detail)

    def draw(self, surface, place, look, opacity):
        """The poster with the button on it, the name, the author and the time."""
        x, y, width, height = place
        side = min(_SIDE_PX, height, width)
        surface.fill_rect(x, y, width, height, 0xFCFCFC, opacity)
        surface.fill_rect(x, y, side, side, 0xE6E6E6, opacity)
        super().draw(surface, (x, y, side, side), look, opacity)
        surface.border(x, y, width, height, 0, 1, _EDGE, opacity)
        sound = self._audio.sound
        self._draw_button(surface, x + side // 2, y + side // 2, sound.state == PLAYING, opacity)
        attributes = self._audio.attributes
        large, small = font.face(16), font.face(12)
        time = "%02d:%02d" % divmod(sound.position_ms() // 1000, 60)
        room = max(0, width - side - 20 - small.measure(time))
        surface.text(x + side + 10, y + 10, fit(attributes["name"], large, room)[0], large, 0x353535, opacity)
        surface.text(x + side + 10, y + 38, fit(attributes["author"], small, room)[0], small, _GREY, opacity)
        surface.text(x + width - 8 - small.measure(time), y + 12, time, small, _GREY, opacity)

    def _draw_button(self, surface, x, y, is_playing, opacity):
        surface.rounded_rect(x - 15, y - 15, 30, 30, 15, 0xFFFFFF, opacity)
        surface.border(x - 15, y - 15, 30, 30, 15, 1, _GREY, opacity)
        if is_playing:
            surface.fill_rect(x - 5, y - 6, 4, 12, _GREY, opacity)
            surface.fill_rect(x + 2, y - 6, 4, 12, _GREY, opacity)
        else:
            for row in range(-6, 7):
                surface.fill_rect(x - 3, y + row, 10 - abs(row) * 10 // 7, 1, _GREY, opacity)

    def tapped(self, x, y):
        """Play, or pause."""
        sound = self._audio.sound
        if sound.state == PLAYING:
            sound.pause()
        else:
            sound.play()
        self.repaint()
        return True

    def close(self):
        """It is shown no longer; it plays on until its page is gone."""
        self._audio.hear = None
        super().close()
