"""
Pictures that are painted on a board, as code for its console, and the reviewed images that they are compared with.

    python -m tests.system.screen.scenes     writes the images anew; look at them before they are committed
"""

import sys
import tempfile
from pathlib import Path

from host_tools.models.st7789 import St7789
from host_tools.target import open_target
from tests.system.screen.conftest import display_at

REFERENCES = Path(__file__).parent / "references"

# An item is a box and a function that draws in it.
PRELUDE = """
import board
from kiosk.ui.paint import font, image, text
from kiosk.ui.paint.painter import Painter
class Item:
    def __init__(self, box, draw):
        self.box = box
        self._draw = draw
    def draw(self, surface):
        self._draw(surface, *self.box)
display = __import__(board.display).display()
painter = Painter()
items = []
def add(x, y, width, height, draw):
    items.append(Item((x, y, width, height), draw))
def show():
    painter.damage.add(0, 0, display.width, display.height)
    painter.paint(display, items)
    display.backlight(100)
"""

SCENES = {
    "shapes": """
for index, radius in enumerate((0, 3, 8, 20, 99)):
    add(8 + 62 * index, 8, 54, 44, lambda s, x, y, w, h, r=radius: s.rounded_rect(x, y, w, h, r, 0x1aad19))
for index, (radius, thick) in enumerate(((0, 1), (6, 1), (10, 3), (4, 8), (99, 2))):
    add(8 + 62 * index, 60, 54, 44, lambda s, x, y, w, h, r=radius, t=thick: s.border(x, y, w, h, r, t, 0xe64340))
add(0, 112, 320, 40, lambda s, x, y, w, h: s.fill_rect(x, y, w, h, 0x10aeff))
for index, alpha in enumerate((0, 32, 96, 160, 224, 255)):
    add(8 + 52 * index, 104, 44, 56, lambda s, x, y, w, h, a=alpha: s.rounded_rect(x, y, w, h, 10, 0, a))
def clipped(surface, x, y, width, height):
    before = surface.clip(x + 10, y + 10, width - 20, height - 20)
    surface.rounded_rect(x, y, width, height, 30, 0xffbe00)
    surface.border(x + 6, y + 6, width - 12, height - 12, 24, 6, 0x576b95, 128)
    surface.unclip(before)
add(-20, 168, 120, 64, clipped)
add(270, 168, 100, 100, clipped)
ring = bytes((0x07, 0xe0, 0xf8, 0x00, 0x00, 0x1f, 0xff, 0xff))
add(120, 168, 64, 64, lambda s, x, y, w, h: s.image(x, y, w, h, image.Rgb565(ring, 2, 2)))
add(196, 168, 64, 64, lambda s, x, y, w, h: s.image(x, y, w, h, image.Rgb565(ring, 2, 2), 100))
""",
    "text": """
y = 2
for size in (12, 14, 16, 18, 20, 24, 32):
    face = font.face(size)
    add(6, y, 314, face.height, lambda s, x, y, w, h, f=face: s.text(x, y, 'Größe %d: fix & quick' % f.size, f, 0x333333))
    y += face.height
add(250, 0, 70, 60, lambda s, x, y, w, h: s.text(x, y, '48', font.face(48), 0xe64340, 128))
add(150, 190, 170, 30, lambda s, x, y, w, h: s.text(x, y, 'Bold 16 ABC', font.face(16, True), 0x1aad19))
add(150, 212, 170, 30, lambda s, x, y, w, h: s.text(x, y, 'a\\u0e01b \\U0001f600 c', font.face(16), 0))
""",
    "chinese": """
words = '微信小程序是一种不需要下载安装即可使用的应用，它实现了“触手可及”的梦想（用户扫一扫，或搜一下即可打开应用）。Mini-programs run anywhere!'
face = font.face(16)
def block(surface, x, y, width, height):
    surface.border(x, y, width, height, 4, 1, 0xcccccc)
    for line, taken in text.wrap(words, face, width - 12, 5, True):
        surface.text(x + 6, y, line, face, 0x222222)
        y += face.height
add(6, 6, 150, 130, block)
def right(surface, x, y, width, height):
    for line, taken in text.wrap('Right, centred\\n中间\\nand a loooooooooooooooooooooong word', face, width, 0):
        surface.text(text.aligned(x, width, taken, 'center'), y, line, face, 0x576b95)
        y += face.height
add(166, 6, 148, 130, right)
add(6, 150, 300, 40, lambda s, x, y, w, h: s.text(x, y, '你好 32', font.face(32), 0xe64340))
add(6, 200, 300, 30, lambda s, x, y, w, h: s.text(x, y, text.fit('cut off where the box ends: 一二三四五六七八九十百千万亿零', face, 300)[0], face, 0))
""",
}


def image_of(target, glass, scene):
    """Paint a scene on a board; what is seen then.  The pin waits behind the light, which is switched on without."""
    target.exec(
        PRELUDE + SCENES[scene] + "show()\nfrom machine import Pin\nPin(22, Pin.OUT)(0)\nPin(22)(1)", timeout_s=90
    )
    assert glass.faults == []
    return glass.image()


def main() -> int:
    """Write the images of the emulator."""
    with tempfile.TemporaryFile("w") as output:
        for scene in SCENES:
            glass = St7789(turns=1)
            with open_target("unix", chips=[display_at(glass)], output=output) as target:
                image_of(target, glass, scene).save(REFERENCES / f"{scene}.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
