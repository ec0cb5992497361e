"""What is seen above a page that has been pulled down: three dots."""

from kiosk.ui.layers import BAR

_DOT_PX = const(8)
_STEP_PX = const(16)
_TICKS = const(2)  # that a dot is the bright one


class PullDown:
    """A layer as high as the page is pulled.  bars: the Bars that it belongs to."""

    is_modal = False

    def __init__(self, bars):
        self._layers = bars.screen.layers
        self.box = (0, 0, bars.screen.width, 0)
        self._settings = None
        self._ticks = 0

    def show(self, view, settings, pulled):
        """The page of a View has been pulled down so many px; 0: no more."""
        self._settings = settings
        if not pulled:
            self._layers.take(self)
            self._ticks = 0
            return
        # Whoever pulls paints all of the page's part of the screen.
        self.box = (0, view.top, self.box[2], pulled)
        self._layers.put(self, BAR)

    def _dots(self):
        """(x, y) of the first dot."""
        _, top, width, height = self.box
        return (width - _DOT_PX) // 2 - _STEP_PX, top + (height - _DOT_PX) // 2

    def draw(self, surface):
        """Draw it."""
        surface.fill_rect(*self.box, self._settings.ground)
        x, y = self._dots()
        bright = self._ticks // _TICKS % 3 if self._settings.is_refreshing else -1
        before = surface.clip(*self.box)
        for number in range(3):
            alpha = 220 if number == bright else 80
            surface.rounded_rect(x + number * _STEP_PX, y, _DOT_PX, _DOT_PX, _DOT_PX // 2, self._settings.dots, alpha)
        surface.unclip(before)

    def tick(self):
        """A moment has passed."""
        if self._settings and self._settings.is_refreshing:
            self._ticks += 1
            if not self._ticks % _TICKS:
                x, y = self._dots()
                self._layers.changed(self, (x, y, 2 * _STEP_PX + _DOT_PX, _DOT_PX))

    def touched(self, phase, x, y):
        """There is nothing to touch."""
