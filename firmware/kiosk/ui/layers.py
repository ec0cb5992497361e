"""
What lies over the page: the bars, the keyboard, dialogs.

A layer has

    box             (x, y, width, height) in px of the screen
    is_modal        bool: fingers beside its box are its, too
    draw(surface)   paints it; what of it is out of date is the surface's clip
    touched(phase, x, y)    a finger that came down on it: "start", "move", "end", or "cancel" when the layer has been taken away
"""

# Where they lie, the lowest first.
BAR = const(0)
KEYBOARD = const(1)
PICKER = const(2)
DIALOG = const(3)
TOAST = const(4)


class Layers:
    """spoil(x, y, width, height): this part of the screen is out of date."""

    def __init__(self, spoil):
        self._spoil = spoil
        self._levels = []
        self.shown = []  # the lowest first

    def put(self, layer, level):
        """Show a layer; of the same level the last one lies on top.  One that is shown already is painted again."""
        if layer not in self.shown:
            at = 0
            while at < len(self._levels) and self._levels[at] <= level:
                at += 1
            self.shown.insert(at, layer)
            self._levels.insert(at, level)
        self._spoil(*layer.box)

    def take(self, layer):
        """Show it no longer; one that is not shown is no error."""
        if layer in self.shown:
            at = self.shown.index(layer)
            del self.shown[at], self._levels[at]
            self._spoil(*layer.box)

    def changed(self, layer, box=None):
        """Paint a layer again, or a part of it: (x, y, width, height) in px of the screen."""
        if layer in self.shown:
            self._spoil(*(box or layer.box))

    def at(self, x, y):
        """The layer that a finger at (x, y) touches, or None: then it is the page's."""
        for layer in reversed(self.shown):
            left, top, width, height = layer.box
            if layer.is_modal or (left <= x < left + width and top <= y < top + height):
                return layer
        return None
