"""The bar of a <video>: a button that plays and pauses, the time, a slider, mute, danmu, full screen; and the button in its middle."""

from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit
from kiosk.video.player import PLAYING, STOPPED

HEIGHT_PX = const(32)
_KEY_PX = const(32)
_NARROW_PX = const(240)  # below that there is no room for the times
_MIDDLE_PX = const(24)  # radius of the button in the middle
_FONT_PX = const(12)
_SHADE = const(120)  # of 255
_WHITE = const(0xFFFFFF)
_GREY = const(0x808080)
_ACTIVE = const(0x07C160)


class Bar:
    """component: the <video>.  is_shown; dragged_ms: where a finger holds the slider, or None."""

    def __init__(self, component):
        self._component = component
        self.is_shown = True
        self.dragged_ms = None
        self.set()

    def set(self):
        """The attributes may be others."""
        flag = self._component.flag
        self.has_controls = flag("controls", True)
        self._has_middle = (
            flag("show-center-play-btn", True) and self._component.node.get("play-btn-position") != "bottom"
        )
        keys = []
        for key, name, default in (
            ("danmu", "danmu-btn", False),
            ("mute", "show-mute-btn", False),
            ("full", "show-fullscreen-btn", True),
        ):
            if flag(name, default):
                keys.append(key)
        self._right = keys
        self._has_play = flag("show-play-btn", True)
        self._progress = flag("show-progress", True)

    def show(self):
        """From now on it is seen."""
        self.is_shown = True

    def hide(self):
        """From now on it is not."""
        self.is_shown = False

    def box(self, place):
        """(x, y, width, height) of it in that of the video."""
        x, y, width, height = place
        return x, y + height - HEIGHT_PX, width, HEIGHT_PX

    def _is_drawn(self):
        return self.has_controls and self.is_shown and self._component.video.src

    def _is_middle_drawn(self):
        return self.has_controls and self._has_middle and self._component.video.state == STOPPED

    def _track(self, width):
        """(first px, px) of the slider."""
        left = _KEY_PX if self._has_play else 10
        right = width - _KEY_PX * len(self._right)
        if width >= _NARROW_PX:
            room = font.face(_FONT_PX).measure("00:00") + 8
            left += room
            right -= room
        return left + 6, max(1, right - left - 12)

    def at(self, x, y, width, height):
        """The key at a place in the video: "play", "seek", "danmu", "mute", "full"; "" for none."""
        if self._is_middle_drawn() and abs(x - width // 2) <= _MIDDLE_PX and abs(y - height // 2) <= _MIDDLE_PX:
            return "play"
        if not self._is_drawn() or not height - HEIGHT_PX <= y < height:
            return ""
        if self._has_play and x < _KEY_PX:
            return "play"
        number = (x - (width - _KEY_PX * len(self._right))) // _KEY_PX
        if 0 <= number < len(self._right):
            return self._right[number]
        first, length = self._track(width)
        if self._progress and first - 6 <= x < first + length + 6 and self._component.video.length_ms:
            return "seek"
        return ""

    def ms_at(self, x, width):
        """The time of a place on the slider."""
        first, length = self._track(width)
        return int(max(0, min(length, x - first)) * self._component.video.length_ms // length)

    def draw(self, surface, place, opacity):
        """Draw what is to be seen of it."""
        x, y, width, height = place
        if self._is_middle_drawn():
            middle, upper = x + width // 2, y + height // 2
            size = 2 * _MIDDLE_PX
            shade = _SHADE * opacity // 255
            surface.rounded_rect(middle - _MIDDLE_PX, upper - _MIDDLE_PX, size, size, _MIDDLE_PX, 0, shade)
            _triangle(surface, middle - 7, upper, 11, opacity)
        if self._is_drawn() and not surface.is_hidden(*self.box(place)):
            self._draw(surface, *self.box(place), opacity)

    def _draw(self, surface, x, y, width, height, opacity):
        video = self._component.video
        surface.fill_rect(x, y, width, height, 0, _SHADE * opacity // 255)
        middle = y + height // 2
        if self._has_play:
            if video.state == PLAYING:
                surface.fill_rect(x + 11, middle - 7, 4, 14, _WHITE, opacity)
                surface.fill_rect(x + 18, middle - 7, 4, 14, _WHITE, opacity)
            else:
                _triangle(surface, x + 11, middle, 7, opacity)
        now_ms = video.position_ms() if self.dragged_ms is None else self.dragged_ms
        length_ms = video.length_ms
        first, length = self._track(width)
        if width >= _NARROW_PX:
            face = font.face(_FONT_PX)
            top = middle - face.height // 2
            text = clock(now_ms)
            surface.text(x + first - 10 - face.measure(text), top, text, face, _WHITE, opacity)
            surface.text(x + first + length + 10, top, clock(length_ms), face, _WHITE, opacity)
        if self._progress:
            done = length * min(now_ms, length_ms) // length_ms if length_ms else 0
            surface.fill_rect(x + first, middle - 1, length, 2, _GREY, opacity)
            surface.fill_rect(x + first, middle - 1, done, 2, _ACTIVE, opacity)
            surface.rounded_rect(x + first + done - 5, middle - 5, 10, 10, 5, _WHITE, opacity)
        left = x + width - _KEY_PX * len(self._right)
        for key in self._right:
            self._draw_key(surface, key, left + _KEY_PX // 2, middle, opacity)
            left += _KEY_PX

    def _draw_key(self, surface, key, x, y, opacity):
        component = self._component
        if key == "full":
            for across in (-1, 1):  # four corners, which point outwards, or inwards to leave
                for down in (-1, 1):
                    far = 3 if component.full else 7
                    surface.fill_rect(min(x + across * 7, x + across * 3), y + down * far, 5, 2, _WHITE, opacity)
                    surface.fill_rect(x + across * far, min(y + down * 7, y + down * 3), 2, 5, _WHITE, opacity)
        elif key == "mute":
            surface.fill_rect(x - 7, y - 3, 4, 6, _WHITE, opacity)
            for row in range(-6, 7):
                surface.fill_rect(x - 3, y + row, min(5, abs(row)), 1, _WHITE, opacity)
                surface.fill_rect(x - 3, y + row, 5 if abs(row) < 6 else 0, 1, _WHITE, opacity)
            if component.video.muted:
                for at in range(-6, 7):
                    surface.fill_rect(x + at, y + at, 2, 1, 0xFF4040, opacity)
            else:
                surface.fill_rect(x + 5, y - 4, 2, 8, _WHITE, opacity)
        else:
            face = font.face(_FONT_PX)
            color = _ACTIVE if component.has_danmu else _WHITE
            surface.border(x - 11, y - 8, 22, 16, 3, 1, color, opacity)
            text = fit("abc", face, 20)[0]
            surface.text(x - face.measure(text) // 2, y - face.height // 2, text, face, color, opacity)


def _triangle(surface, x, y, half, opacity):
    for row in range(-half, half + 1):
        surface.fill_rect(x, y + row, (half - abs(row)) * 3 // 2 + 1, 1, _WHITE, opacity)


def clock(ms):
    """str: minutes and seconds."""
    return "%02d:%02d" % divmod(int(ms) // 1000, 60)
