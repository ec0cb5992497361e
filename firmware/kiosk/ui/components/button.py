"""<button>: what it does besides its look, which is in style.py.  150 bytes of heap, 500 while it is loading."""

from kiosk import log
from kiosk.ui.components.component import Base
from kiosk.ui.items import rgb
from kiosk.ui.ticks import Ticks

_SPINNER_PX = const(18)
_ROOM_PX = const(23)
_TURN_MS = const(1000)
# Where the twelve dots are, in 1/16 of the radius, clockwise from the top.
_DOTS = (
    (0, -16),
    (8, -14),
    (14, -8),
    (16, 0),
    (14, 8),
    (8, 14),
    (0, 16),
    (-8, 14),
    (-14, 8),
    (-16, 0),
    (-14, -8),
    (-8, -14),
)


class Component(Base):
    """
    Attributes: disabled, loading, form-type; type, size and plain are style.py's; open-type is refused.

    One that is disabled hears of no tap.  form-type calls submit() or reset() of the component of the <form> that it is in.
    """

    def __init__(self, node, view):
        super().__init__(node, view)
        self._turn = 0
        self._ticks = Ticks()
        if node.get("open-type"):
            log.warn(view.page.route, "<button open-type=%s> does nothing: it needs WeChat", node.get("open-type"))
        self._load()

    @property
    def is_deaf(self):
        """A disabled one."""
        return self.flag("disabled")

    def changed(self):
        """disabled, type and size are styles; loading takes room."""
        self._load()
        self.view.restyled(self.node)

    def _load(self):
        loading = self.flag("loading")
        self.node.own = (("text-indent", _ROOM_PX << 9), ()) if loading else None
        if not loading:
            self._ticks.stop()
        elif not self._ticks.is_running():
            self._ticks.start(self._step, _TURN_MS // len(_DOTS))

    def _step(self, ms):
        self._turn = (ms * len(_DOTS) // _TURN_MS) % len(_DOTS)
        self.repaint()

    def draw(self, surface, place, look, opacity):
        """What turns while it is loading: twelve dots, before its text."""
        if not self.flag("loading"):
            return
        x, y, width, height = place
        first = width << 5  # the text begins in the middle where there is none
        for child in self.node.children:
            if child.w > 0:
                first = child.x if child.tag != "#text" or not child.lines else child.lines[2]
                break
        middle_x = x + (first >> 6) - _ROOM_PX + _SPINNER_PX // 2
        middle_y = y + height // 2
        for number, (dot_x, dot_y) in enumerate(_DOTS):
            age = (self._turn - number) % len(_DOTS)
            alpha = (255 - 18 * age) * opacity // 255
            left, top = middle_x + dot_x * 7 // 16 - 1, middle_y + dot_y * 7 // 16 - 1
            surface.rounded_rect(left, top, 3, 3, 1, rgb(look.ink), alpha * (look.ink >> 16) // 255)

    def tapped(self, x, y):
        """form-type: the form that it is in."""
        kind = self.node.get("form-type")
        if kind not in ("submit", "reset"):
            return False
        node = self.node.parent
        while node is not None and node.tag != "form":
            node = node.parent
        if node is not None and node.component:
            getattr(node.component, kind)()
        return True

    def close(self):
        """Stop turning."""
        self._ticks.stop()
