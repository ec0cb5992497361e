"""<radio-group>: tells which of the radios in it is chosen.  128 bytes of heap."""

from kiosk.ui.components.control import Control, within


class Component(Control):
    """What the radios in it say."""

    def result(self):
        """str: the value of the one that is chosen, "" for none; of several that are set in the markup, of the last."""
        chosen = [radio.result() for radio in within(self.node, ("radio",)) if radio.is_on]
        return chosen[-1] if chosen else ""

    def reset(self):
        """The form sets each radio itself."""
