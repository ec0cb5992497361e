"""<form>: sends what its controls hold, by their names, or sets them back.  96 bytes of heap."""

from kiosk.ui import expression
from kiosk.ui.components.control import Control, within


class Component(Control):
    """Buttons in it with form-type submit and reset call submit() and reset()."""

    def result(self):
        """dict: the values of the controls that have a name."""
        values = {}
        for control in self._controls():
            name = expression.shown(control.node.get("name"))
            if name:
                values[name] = control.result()
        return values

    def submit(self):
        """Tell the page what the controls hold."""
        detail = {"value": self.result()}
        if self.flag("report-submit"):
            detail["formId"] = "the formId is a mock one"  # what WeChat's tools have where no message can be sent
        self.tell("submit", detail)

    def reset(self):
        """Each control has again what the markup gives it, and the page is told."""
        for control in self._controls():
            control.reset()
        self.tell("reset", {})

    def _controls(self):
        return [one for one in within(self.node) if isinstance(one, Control)]
