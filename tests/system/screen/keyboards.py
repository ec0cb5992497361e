"""
The on-screen keyboard as code for a board's console, and the reviewed images of it.

    python -m tests.system.screen.keyboards     writes the images anew; look at them before they are committed
"""

import sys
import tempfile

from host_tools.models.st7789 import St7789
from host_tools.target import open_target
from tests.system.screen.conftest import display_at
from tests.system.screen.scenes import REFERENCES

PRELUDE = """
import gc, board
from kiosk.ui.boardscreen import BoardScreen
told, touches = [], []
class Listener:
    def typed(self, text):
        told.append(("typed", text))
    def composing(self, text):
        told.append(("composing", text))
    def erased(self):
        told.append(("erased",))
    def confirmed(self):
        told.append(("confirmed",))
    def closed(self):
        told.append(("closed",))
def tap(name):
    for x, y, width, height, each in keyboard._keys:
        if each == name:
            keyboard.touched("start", x + 3, y + 3)
            keyboard.touched("end", x + 3, y + 3)
            return
    raise ValueError(name)
def compose(letters):
    for each in letters:
        tap(each)
def close():
    global keyboard
    keyboard.close()
    keyboard = None
    told.clear()
def held():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()
def no_touch():
    return __import__(board.touch).touch() if board.touch else None
screen = BoardScreen(__import__(board.display).display(), no_touch())
"""

OPEN = """
from kiosk.ui.keyboard import Keyboard
told.clear()
keyboard = Keyboard(screen, {type!r}, {confirm!r}, Listener())
before = keyboard.touched
def felt(phase, x, y):
    touches.append(phase)
    before(phase, x, y)
keyboard.touched = felt
keyboard.open()
"""

# type, return key, what is done
PICTURES = {
    "letters": ("text", "send", ""),
    "pinyin": ("text", "done", "compose('shijie')"),
    "capitals": ("safe-password", "go", "tap('shift')"),
    "signs": ("text", "search", "tap('signs')"),
    "idcard": ("idcard", "next", ""),
}


def image_of(target, glass, name):
    """Open a keyboard on a board with the prelude; what is seen then."""
    type, confirm, acts = PICTURES[name]
    target.exec(OPEN.format(type=type, confirm=confirm) + acts, timeout_s=90)
    while target.exec("print(screen._painting is None and screen._is_lit)").strip() != "True":
        pass
    target.exec("from machine import Pin\nPin(22, Pin.OUT)(0)\nPin(22)(1)")  # waits behind the light, as in scenes.py
    assert glass.faults == []
    return glass.image()


def main() -> int:
    """Write the images of the emulator."""
    with tempfile.TemporaryFile("w") as output:
        for name in PICTURES:
            glass = St7789(turns=1)
            with open_target("unix", chips=[display_at(glass)], output=output) as target:
                target.exec(PRELUDE, timeout_s=90)
                image_of(target, glass, name).save(REFERENCES / f"keyboard_{name}.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
