"""<checkbox-group>: tells which of the boxes in it are ticked.  128 bytes of heap."""

from kiosk.ui.components.control import Control, within


class Component(Control):
    """What the boxes in it say."""

    def result(self):
        """list of str: the values of those that are ticked."""
        return [box.result() for box in within(self.node, ("checkbox",)) if box.is_on]

    def reset(self):
        """The form sets each box itself."""
