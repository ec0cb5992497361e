"""
What the controls of forms have in common: a value that an attribute gives and a finger changes, a name, events.

A control's own heap is 100 to 200 bytes besides its node.
"""

import math

from kiosk import log
from kiosk.ui import expression
from kiosk.ui.components.component import Base

_FAR = 1e9


class Control(Base):
    """
    given: the name of the attribute that its value comes from.

    The attribute says what the value is when it is set and when it changes; in between it is the finger's.
    """

    given = "value"

    def __init__(self, node, view):
        super().__init__(node, view)
        self._given = None
        self.changed()

    def changed(self):
        """Attributes of the element are others: take what they say."""
        self.read()
        value = self.node.get(self.given)
        if self._given is None or value != self._given[0]:
            self._given = (list(value) if isinstance(value, list) else value,)
            self.take(value)

    def read(self):
        """Take the attributes besides that of the value."""

    def take(self, value):
        """The attribute has this value now."""

    def result(self):
        """What a form sends of it."""

    def reset(self):
        """Have the value again that the attribute has."""
        self.take(self.node.get(self.given))
        self.repaint()

    def number(self, name, default):
        """As Base's, and a warning for what is none."""
        found = super().number(name, math.nan, -math.inf, math.inf)
        if -_FAR < found < _FAR:  # nan is not
            return found
        self._warn(name, "a number")
        return default

    def color(self, name, default):
        """As Base's, and a warning for what is none."""
        found = super().color(name, None)
        if found is None:
            if self.node.get(name) != "":
                self._warn(name, "a color")
            return default
        return found

    def _warn(self, name, wanted):
        value = self.node.get(name)
        if value is not None and value is not expression.undefined:
            log.warn("page", "<%s %s> wants %s, not %s" % (self.node.tag, name, wanted, expression.string(value)[:40]))


def enclosing(node, tag):
    """The component of the nearest element of this tag that `node` is in, or None."""
    node = node.parent
    while node is not None and node.tag != tag:
        node = node.parent
    return node and node.component


def within(node, tags=None):
    """list: the components in an element, in the order of the markup; tags: of these alone."""
    found = []
    waiting = list(reversed(node.children))
    while waiting:
        node = waiting.pop()
        if node.component and (tags is None or node.tag in tags):
            found.append(node.component)
        waiting.extend(reversed(node.children))
    return found


def cover(color, opacity):
    """int, 0 to 255: how much of a color as styles have it is seen."""
    return (color >> 16) * opacity // 255
