"""Chapter "UI", the keyboard.  The fields that open it are kiosk/ui/components/input.py and textarea.py."""

from kiosk import app, ui
from kiosk.api import api
from kiosk.errors import KioskError


@api(at_once=True)
async def hideKeyboard(options):
    """Close the keyboard; that no field has it is a failure."""
    focused = getattr(ui.screen, "focused", None)
    if not hasattr(focused, "blur"):  # a picker has no keyboard
        raise KioskError("keyboard", "input not exists")
    focused.blur()


def onKeyboardHeightChange(listener):
    """`listener(res)`: the keyboard has come, res.height in px, or gone, 0."""
    app.current.events.on("KeyboardHeightChange", listener)


def offKeyboardHeightChange(listener=None):
    """Undo onKeyboardHeightChange()."""
    app.current.events.off("KeyboardHeightChange", listener)
