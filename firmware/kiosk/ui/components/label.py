"""<label>: a tap on it is one on the control that `for` names, or else on the first one in it.  80 bytes of heap."""

from kiosk.ui.components.component import Base
from kiosk.ui.components.control import within

_TAGS = ("button", "checkbox", "radio", "switch", "input", "textarea")


class Component(Base):
    """Hands on what taps it."""

    def tapped(self, x, y):
        """Tap the control."""
        name = self.node.get("for")
        for control in within(self.view.tree.root if name else self.node, _TAGS):
            if not name or control.node.get("id") == name:
                return control.tapped(x, y)
        return False
