"""Danmu: comments that fly over the picture of a <video>, from the right to the left, when it is their time.  40 bytes each, and the text."""

from kiosk import log
from kiosk.ui import colors
from kiosk.ui.items import rgb
from kiosk.ui.paint import font

_FONT_PX = const(16)
_LANE_PX = const(20)
_CROSS_MS = const(5000)  # from edge to edge
_MOST = const(500)  # of a list
_MOST_FLYING = const(30)
_MOST_LETTERS = const(100)
_JUMP_MS = const(1000)  # the time has gone further than that, or back: another place was sought
_WHITE = const(0xFFFFFF)


class Danmu:
    """step(ms) at each picture, then draw()."""

    def __init__(self):
        self._list = ()  # (ms, text, color), by time
        self._given = None
        self._next = 0  # of the list, that has not flown
        self._flying = []  # (ms, text, color, px, lane)
        self._now = 0

    def take(self, given):
        """`danmu-list`: dicts with text, color and time (s); what is none is left out."""
        if given == self._given:
            return
        self._given = given
        found = []
        for each in given[:_MOST] if isinstance(given, (list, tuple)) else ():
            try:
                found.append((int(each["time"] * 1000),) + _comment(each))
            except (TypeError, KeyError, ValueError, AttributeError):
                log.warn("video", "danmu-list has something that is no comment: %s", str(each)[:60])
        found.sort(key=lambda each: each[0])
        self._list = found
        self._seek(self._now)

    def send(self, comment):
        """One more, now: a dict with text and color.  ValueError: it is none."""
        self._fly(self._now, *_comment(comment))

    def _seek(self, ms):
        self._flying.clear()
        self._next = 0
        while self._next < len(self._list) and self._list[self._next][0] < ms:
            self._next += 1

    def step(self, ms):
        """It is this time now."""
        if not 0 <= ms - self._now <= _JUMP_MS:
            self._seek(ms)
        self._now = ms
        flying = self._flying
        while flying and ms - flying[0][0] > _CROSS_MS:
            flying.pop(0)
        while self._next < len(self._list) and self._list[self._next][0] <= ms:
            self._fly(ms, *self._list[self._next][1:])
            self._next += 1

    def _fly(self, ms, text, color):
        if len(self._flying) >= _MOST_FLYING:
            self._flying.pop(0)
        taken = [lane for begun, _, _, _, lane in self._flying if ms - begun < _CROSS_MS // 2]
        lane = 0
        while lane in taken:
            lane += 1
        self._flying.append((ms, text, color, font.face(_FONT_PX).measure(text), lane))

    def draw(self, surface, box, opacity):
        """Draw those that are over the picture."""
        if not self._flying:
            return
        x, y, width, height = box
        before = surface.clip(x, y, width, height)
        face = font.face(_FONT_PX)
        lanes = max(1, (height - _LANE_PX) // _LANE_PX)
        for begun, text, color, px, lane in self._flying:
            left = x + width - (self._now - begun) * (width + px) // _CROSS_MS
            top = y + 4 + lane % lanes * _LANE_PX
            if not surface.is_hidden(left, top, px + 1, _LANE_PX):
                surface.text(left + 1, top + 1, text, face, 0, opacity)
                surface.text(left, top, text, face, color, opacity)
        surface.unclip(before)


def _comment(given):
    """(text, 0xRRGGBB).  ValueError."""
    text, color = given.get("text"), given.get("color")
    if not isinstance(text, str) or not text:
        raise ValueError("text should be String")
    try:
        color = rgb(colors.color(color)) if isinstance(color, str) and color else _WHITE
    except ValueError:
        color = _WHITE
    return " ".join(text[:_MOST_LETTERS].split()), color
