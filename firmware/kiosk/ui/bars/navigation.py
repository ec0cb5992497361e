"""The navigation bar: a page's title, what leads away from the page, and a sign that it loads."""

from kiosk import app, router
from kiosk.ui.bars import title_px
from kiosk.ui.layers import BAR
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit

_FACE = const(16)  # WeChat's 17 px, bold
_MOST_LETTERS = const(100)  # of a title; more are on no screen
_GAP_PX = const(8)
_RING_PX = const(16)
_DOT_PX = const(3)
# Of the ring of eight dots: (x, y) in a square of 16 px, clockwise.
_DOTS = const(((7, 0), (11, 2), (13, 7), (11, 11), (7, 13), (2, 11), (0, 7), (2, 2)))
_ARROW_PX = const(8)  # half of its height


class NavigationBar:
    """A layer.  bars: the Bars that it belongs to."""

    is_modal = False

    def __init__(self, bars):
        self._bars = bars
        self._layers = bars.screen.layers
        self.box = (0, 0, bars.screen.width, title_px(bars.screen.height))
        self._settings = None
        self._keys = ()  # what can be touched, from the left: "back", "home"
        self._pressed = ""
        self._turn = 0

    def show(self, page, settings):
        """Show what a page's Settings say."""
        self._settings = settings
        self._keys = _keys(page, settings)
        self._arrange()
        self._layers.put(self, BAR)

    def hide(self):
        """The page has none."""
        self._layers.take(self)

    def _arrange(self):
        """Where the title is: in the middle, as long as that is right of what can be touched."""
        left = _GAP_PX + len(self._keys) * self.box[3]
        ring = _RING_PX + _GAP_PX if self._settings.is_loading else 0
        face = font.face(_FACE, True)
        title = " ".join(self._settings.title[:_MOST_LETTERS].split())
        width = self.box[2]
        self._title, taken = fit(title, face, width - left - _GAP_PX - ring)
        self._ring_x = min(max((width - taken - ring) // 2, left), width - _GAP_PX - taken - ring)
        self._title_x = self._ring_x + ring

    def draw(self, surface):
        """Draw it."""
        settings = self._settings
        _, _, width, height = self.box
        surface.fill_rect(0, 0, width, height, settings.background)
        for number, key in enumerate(self._keys):
            middle = number * height + height // 2
            alpha = 128 if key == self._pressed else 255
            chevron(surface, middle, height // 2, settings.front, alpha) if key == "back" else _house(
                surface, middle, height // 2, settings.front, alpha
            )
        if self._title:
            face = font.face(_FACE, True)
            surface.text(self._title_x, (height - face.height) // 2, self._title, face, settings.front)
        if settings.is_loading:
            top = (height - _RING_PX) // 2
            for number, (x, y) in enumerate(_DOTS):
                age = (number - self._turn) % 8
                surface.fill_rect(self._ring_x + x, top + y, _DOT_PX, _DOT_PX, settings.front, 255 * (age + 1) // 8)

    def tick(self):
        """A moment has passed."""
        if self._settings and self._settings.is_loading:
            self._turn = (self._turn + 1) % 8
            self._layers.changed(self, (self._ring_x, (self.box[3] - _RING_PX) // 2, _RING_PX, _RING_PX))

    def touched(self, phase, x, y):
        """A finger is on it."""
        key = self._key_at(x, y)
        if phase == "start":
            self._press(key)
        elif phase == "move":
            if key != self._pressed:
                self._press("")
        else:
            pressed, _ = self._pressed, self._press("")
            if phase == "end" and pressed and pressed == key:
                if key == "back":
                    self._bars.go(router.navigate_back, 1)
                else:
                    self._bars.go(router.relaunch, "/" + home())

    def _press(self, key):
        if key != self._pressed:
            self._pressed = key
            self._layers.changed(self, (0, 0, len(self._keys) * self.box[3], self.box[3]))

    def _key_at(self, x, y):
        number = x // self.box[3]
        return self._keys[number] if 0 <= y < self.box[3] and 0 <= number < len(self._keys) else ""


def home():
    """str: the path of the mini-program's first page."""
    config = app.current.config
    return config.get("entryPagePath") or config["pages"][0]


def _keys(page, settings):
    """tuple of str: WeChat shows the way home on a lowest page that is not the first one and no tab, else if asked to."""
    back = len(router.stack) > 1
    is_home = page.route == home() or page.route in app.current.tab_paths()
    has_home = not is_home and not settings.hides_home and (settings.has_home or not back)
    return (("back",) if back else ()) + (("home",) if has_home else ())


def chevron(surface, x, y, color, alpha):
    """An arrow to the left."""
    _, top, _, bottom = surface.clipped()  # the bar lies on several strips
    for row in range(max(-_ARROW_PX, top - y), min(_ARROW_PX + 1, bottom - y)):
        left = x - _ARROW_PX // 2 + abs(row)
        surface.fill_rect(left - 1, y + row, 4, 1, color, alpha // 2)  # its soft edges
        surface.fill_rect(left, y + row, 2, 1, color, alpha)


def _house(surface, x, y, color, alpha):
    """A roof and walls."""
    _, top, _, bottom = surface.clipped()
    for row in range(max(0, top - y + _ARROW_PX), min(_ARROW_PX, bottom - y + _ARROW_PX)):
        for left in (x - row - 1, x + row - 1):
            surface.fill_rect(left, y - _ARROW_PX + row, 2, 1, color, alpha)
    surface.fill_rect(x - 5, y - 2, 2, 10, color, alpha)
    surface.fill_rect(x + 3, y - 2, 2, 10, color, alpha)
    surface.fill_rect(x - 3, y + 6, 6, 2, color, alpha)
