"""
The <canvas> of a page: what is drawn is kept as what it takes to draw it again, strip by strip, and not as pixels.

path.py and stroke.py make edges of paths, displaylist.py makes a list of shapes of the calls, replay.py paints it, coverage.py has the loops,
paints.py the gradients and pictures, export.py reads pixels back.  Nothing here knows a page or a screen.

Who shows pages attaches a canvas when it lays out the node, and draws it as one of its items:

    shown = canvas.attach(page, "chart", 300, 150, changed)     # changed() is called when it looks otherwise
    shown.draw(surface, x, y)
"""

from kiosk.errors import KioskError
from kiosk.ui.canvas.displaylist import DisplayList

_MOST_SIDE = const(1000)  # pixels: edges are kept in 1/32 of them


class Canvas:
    """width, height: pixels.  shapes: a DisplayList.  Transparent as long as nothing is drawn."""

    def __init__(self, width: int, height: int, changed=None):
        if not 1 <= width <= _MOST_SIDE or not 1 <= height <= _MOST_SIDE:
            raise ValueError("a canvas of %sx%s" % (width, height))
        self.width, self.height = width, height
        self.shapes = DisplayList(width, height)
        self._changed = changed or (lambda: None)

    def run(self, actions, reserve: bool) -> None:
        """Do what a context has recorded; without `reserve` what was there before is gone.

        KioskError: what cannot be drawn; the canvas is as it was then.
        """
        self.shapes = self.shapes.followed_by(actions, reserve)
        self._changed()

    def draw(self, surface, x: int, y: int) -> None:
        """Draw it on a paint.surface.Surface, its corner at (x, y)."""
        from kiosk.ui.canvas import replay

        replay.draw(self.shapes, surface, x, y)

    def rest(self) -> None:
        """The screen has been painted: give back what decoding its pictures holds."""
        from kiosk.ui.canvas import replay

        replay.rest(self.shapes)


def attach(page, canvas_id: str, width: int, height: int, changed=None) -> Canvas:
    """A page (BasePage) has a canvas of this id now, an empty one; it goes with the page.  ValueError: its size."""
    made = Canvas(width, height, changed)
    canvases = getattr(page, "_canvases", None)
    if canvases is None:
        canvases = page._canvases = {}
    canvases[canvas_id] = made
    return made


def detach(page, canvas_id: str) -> None:
    """The page has this canvas no longer."""
    getattr(page, "_canvases", {}).pop(canvas_id, None)


def release() -> None:
    """No canvas is shown any longer: give back what painting them holds."""
    from kiosk.ui.canvas import replay

    replay.release()


def find(page, canvas_id: str) -> Canvas:
    """A page's canvas.  KioskError: it has none of this id."""
    found = getattr(page, "_canvases", {}).get(canvas_id)
    if found is None:
        raise KioskError(
            "canvas", "canvas %s is not found" % (canvas_id if len(canvas_id) < 50 else canvas_id[:50] + "...")
        )
    return found
