"""
<canvas>: attached to its page when it is laid out, drawn by kiosk/ui/canvas.

Heap: 300 bytes and the list of its shapes, at most 24 KB; while canvases are painted 9 KB more, given back when their page is left.
"""

from kiosk import log
from kiosk.api import Result
from kiosk.ui import boxes, canvas
from kiosk.ui.components.component import Base
from kiosk.ui.ticks import Ticks


class Component(Base):
    """Attributes: canvas-id, disable-scroll.  Events: error (errMsg)."""

    def __init__(self, node, view):
        super().__init__(node, view)
        self._canvas = None
        self._is = None  # (id, width, height) of what is attached
        self._after = Ticks()
        self._fails = False  # it has been told of this time

    def lay_out(self, edges, width, height):
        """Attach a canvas of this size; one of another size, or another name, is empty."""
        name = self.node.get("canvas-id") or self.node.get("id")
        wanted = str(name or ""), (width + 32) >> 6, ((height or 0) + 32) >> 6
        if wanted == self._is:
            return
        self._detach()
        self._is = wanted
        try:
            if not name:
                raise ValueError("canvas-id attribute is undefined")
            self._canvas = canvas.attach(self.view.page, *wanted, self.repaint)
        except ValueError as exc:
            text = str(exc)
            log.warn(self.view.page.route, "a <canvas> shows nothing: %s", text)
            self._after.soon(lambda: self.tell("error", Result(errMsg=text)))

    def changed(self):
        """It may have another name."""
        if self._is and str(self.node.get("canvas-id") or self.node.get("id") or "") != self._is[0]:
            self.view.moved(self.node)

    def draw(self, surface, place, look, opacity):
        """Draw its shapes."""
        if self._canvas:
            top, _, _, left = boxes.edges(self.node.style.values, self.node.parent.w)
            if not self._after.is_running():
                self._fails = False
                self._after.soon(self._canvas.rest)
            try:
                self._canvas.draw(surface, place[0] + ((left + 32) >> 6), place[1] + ((top + 32) >> 6))
            except (MemoryError, OSError, ValueError) as exc:  # a picture on it; the rest of the screen is painted
                if not self._fails:
                    log.exception(self.view.page.route, exc)
                self._fails = True

    def drags(self, is_down, x, y):
        """With disable-scroll a finger draws, and scrolls nothing."""
        return self.flag("disable-scroll")

    def hidden(self):
        """No canvas is shown any longer."""
        canvas.release()

    def close(self):
        """The page has it no longer."""
        self._after.stop()
        self._detach()
        canvas.release()

    def _detach(self):
        if self._canvas:
            canvas.detach(self.view.page, self._is[0])
            self._canvas = None
