"""
The `animation` attribute: what wx.createAnimation exported is shown on an element, frame by frame.

Opacity, colors and lengths are styles of that one element (node.own), so lengths lay out the page for each frame.  A transform is
that of the element and all in it (kiosk/ui/transformed): only what it was on and is on is painted.  An element that is animated
takes 1 KB until that is over.
"""

from kiosk import log
from kiosk.ui import animation, boxes, declarations
from kiosk.ui.event import dispatch
from kiosk.ui.ticks import Ticks
from kiosk.ui.transformed import about_middle

_SIDES = ("left", "top", "right", "bottom")


class Animating:
    """What one element has been told, and shows; view: pages.View.  moves: whether it says what the element's transform is."""

    moves = False

    def __init__(self, node, view):
        self.node = node
        self._view = view
        self._given = None
        self._ends = None
        self._ticks = Ticks()

    def changed(self):
        """Begin what the attribute says, if that is another animation than before."""
        given = self.node.get("animation")
        if given is self._given or not isinstance(given, dict) or not given.get("actions"):
            return
        self._given = given
        self._ticks.soon(self._begin)  # its place is known then

    def close(self):
        """The element is gone."""
        self._ticks.stop()

    def _begin(self):
        if self.node.w < 0:
            return
        try:
            run = animation.Animation(self._given, self._start(), self._length)
        except ValueError as exc:
            log.warn(self._view.page.route, "an animation is not shown: %s", str(exc))
            return

        def step(ms):
            is_over = ms >= run.duration_ms
            self._show(run.at(run.duration_ms if is_over else ms))
            if not is_over:
                return None
            self._ends = run.ends
            dispatch(self._view.page, self.node, "transitionend", {"elapsedTime": run.duration_ms / 1000})
            return False

        self._ticks.start(step)

    def _start(self):
        values = self.node.style.values
        start = {"opacity": values.get("opacity", 64) / 64}
        if values.get("background-color"):
            start["background-color"] = values["background-color"]
        top, right, bottom, left = (0, 0, 0, 0)
        if values.get("box-sizing") != "border-box":
            top, right, bottom, left = boxes.edges(values, self.node.parent.w)
        start["width"] = (self.node.w - left - right) / 64
        start["height"] = (self.node.h - top - bottom) / 64
        for side in _SIDES:
            start[side] = (boxes.length(values, side, self._base(side)) or 0) / 64
        start["transform"] = self._view.functions(self.node)
        start.update(self._ends or ())
        return start

    def _base(self, name):
        holder = self.node.parent
        return holder.h if name in ("height", "top", "bottom") else holder.w

    def _length(self, name, text):
        value = declarations.length(text, name)  # ValueError: it is none
        if value == "auto":
            raise ValueError("%s is not animated" % text)
        unit, value = value & 7, value >> 3
        if unit == 1:
            return value * self._view.screen.width / 750 / 64
        if unit == 2:
            return value * self._base(name) / 6400 / 64
        if unit == 0:
            return value / 64
        raise ValueError("%s is not animated" % text)

    def _show(self, values):
        node = self.node
        lengths, others = (), ()
        for name, value in values.items():
            if name == "opacity":
                others += (name, int(value * 64 + 0.5))
            elif name == "background-color":
                others += (name, value)
            elif name not in ("transform", "transform-origin"):
                lengths += (name, int(value * 64) << 3)
        if (lengths, others) != (node.own or ((), ())):
            node.own = (lengths, others)
            self._view.restyled(node)
        if "transform" in values:
            x, y = animation.origin(values["transform-origin"], node.w / 64, node.h / 64)
            matrix = about_middle(values["transform"], x, y, node)
            self.moves = True
            if matrix != node.transform:
                self._view.screen.transformed(self._view, node, matrix)
