"""Fixture: mini-programs written by a test, on the screen of a board, touched through the model of its controller."""

import json
import time

import pytest

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from tests.system.screen.conftest import display_at, touch_at, wire  # noqa: F401  a fixture

PATIENCE_S = 60  # a loaded machine
_REST_MS = 150  # motion.py: after 100 ms a finger has stopped
PAGE = """
@Page
class Index:
    data = %s
    def onLoad(self, query):
        self.log = []
        self.start()
    def start(self):
        pass
    def heard(self, event):
        self.log.append([event.type, {k: v for k, v in event.detail.items()}])
"""


class App:
    """A mini-program on a board's screen."""

    def __init__(self, target, glass, fingers, errors):
        self.target, self.glass, self.fingers, self.errors = target, glass, fingers, errors

    def image(self):
        """What is seen now."""
        return self.glass.image()

    def until(self, condition, what=""):
        """Let the kiosk run until a function says that something is so."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, f"{what or 'what was waited for'} did not come: {self.errors()}"
            self.target.wait(20)

    def sees(self, x, y, color):
        """Wait until a pixel has a color, (red, green, blue), but for what 565 leaves out."""
        self.until(lambda: near(self.image().getpixel((x, y)), color), f"{color} at {x},{y}")

    def ask(self, code):
        """The value of an expression, in which `page` is the page that is shown and `root` its root node."""
        head = "import json\nfrom kiosk import router, ui\npage = router.stack[-1]\nview = ui.screen.views.get(page)\nroot = view and view.tree.root\n"
        return json.loads(self.target.exec(head + f"print(json.dumps({code}))", timeout_s=60))

    def run(self, code):
        """Run statements, with `page`."""
        self.target.exec("from kiosk import router\npage = router.stack[-1]\n" + code, timeout_s=60)

    def log(self):
        """What the page's heard() has heard: [[type, detail], ...]."""
        return self.ask("page.log")

    def heard(self, name):
        """Wait for an event; its detail."""
        self.until(lambda: any(kind == name for kind, _ in self.log()), name)
        return [detail for kind, detail in self.log() if kind == name][-1]

    def tap(self, x, y):
        """A tap that the kiosk has seen."""
        self.press(x, y)
        self.release()

    def press(self, x, y):
        """A finger comes down."""
        self.fingers.press(x, y)
        self.until(lambda: self.ask("len(ui.screen._fingers._down)") == 1, "the finger")

    def move(self, x, y):
        """It moves."""
        self.fingers.move(x, y)
        self.until(lambda: self.ask("[[f.x, f.y] for f in ui.screen._fingers._down]") == [[x, y]], "the finger")

    def release(self):
        """It leaves."""
        self.fingers.release()
        self.until(lambda: self.ask("len(ui.screen._fingers._down)") == 0, "the finger's leaving")

    def drag(self, *places):
        """A finger goes from place to place, and rests at the last: nothing glides on."""
        self.press(*places[0])
        for place in places[1:]:
            self.move(*place)
        self.target.wait(_REST_MS)
        self.release()


def near(one, other):
    """Whether two colors are the same on a screen of 565."""
    return all(abs(a - b) <= 8 for a, b in zip(one, other))


@pytest.fixture
def show(wire, tmp_path):  # noqa: F811
    """`show(wxml, style="", data="{}", code="", files={}, name="unix32", chips=[], ...)`: an App of one page with this markup.  What else there is, is for launch()."""

    def start(wxml, style="", data="{}", code="", files=None, name="unix32", chips=(), **options):
        folder = tmp_path / "app"
        files = {
            "app.json": json.dumps(
                {
                    "pages": ["pages/index/index", *[p for p in files or () if p.startswith("pages/")]],
                    "window": {"navigationStyle": "custom"},
                }
            ),
            "kiosk.json": json.dumps({"id": "components"}),
            "pages/index/index.wxml": wxml,
            "pages/index/index.wxss": style,
            "pages/index/index.py": PAGE % data + code,
            **{(f"{p}.py" if p.startswith("pages/") else p): text for p, text in (files or {}).items()},
        }
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        appid = pack_folder(folder, tmp_path / "packed")
        glass, fingers = St7789(turns=1), Ft6x36(turns=1)
        target = wire(name, [display_at(glass), touch_at(fingers), *chips], apps={appid: tmp_path / "packed"})
        assert target.launch(appid, **options)["errMsg"] == "launch:ok"
        target.wait(100)
        return App(target, glass, fingers, lambda: (tmp_path / "output0").read_text()[-2000:])

    return start
