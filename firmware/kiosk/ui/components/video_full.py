"""A <video> over all of the screen: a layer (kiosk/ui/layers.py) that its component paints, and whose fingers are its."""

from kiosk.ui.layers import PICKER
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit

_TITLE_PX = const(32)
_MOVED_PX = const(10)


class FullScreen:
    """component: the <video>; direction: 0, 90 or -90: how the picture is turned; the bar is not."""

    is_modal = True

    def __init__(self, component, direction):
        screen = component.view.screen
        self._component = component
        self._layers = screen.layers
        self.direction = direction
        self.box = (0, 0, screen.width, screen.height)
        self._from = None

    def put(self):
        """Show it."""
        self._layers.put(self, PICKER)

    def take(self):
        """Be gone."""
        self._layers.take(self)

    def draw(self, surface):
        """The video, and its title where the bar is seen."""
        component = self._component
        component.draw_all(surface, self.box, 255)
        title = component.node.get("title")
        if (
            title
            and component.bar.is_shown
            and component.bar.has_controls
            and not surface.is_hidden(0, 0, self.box[2], _TITLE_PX)
        ):
            surface.fill_rect(0, 0, self.box[2], _TITLE_PX, 0, 120)
            face = font.face(16)
            text, _ = fit(str(title), face, self.box[2] - 20)
            surface.text(10, (_TITLE_PX - face.height) // 2, text, face, 0xFFFFFF)

    def touched(self, phase, x, y):
        """See layers.py."""
        component = self._component
        _, _, width, height = self.box
        if phase == "start":
            self._from = (x, y, component.bar.at(x, y, width, height))
        elif self._from is None:
            return
        elif phase == "move":
            if self._from[2] == "seek" and (component.bar.dragged_ms is not None or abs(x - self._from[0]) > _MOVED_PX):
                component.drag(x, width)
        else:
            began, self._from = self._from, None
            if component.bar.dragged_ms is not None:
                component.drop()
            elif phase == "end" and abs(x - began[0]) + abs(y - began[1]) <= 2 * _MOVED_PX:
                component.touched_at(x, y, width, height)
