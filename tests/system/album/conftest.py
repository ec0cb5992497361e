"""Fixtures: mini-programs that choose from an album, on boards with a camera and a screen."""

import io
import json

import pytest
from PIL import Image, ImageDraw

from host_tools.models.ov2640 import ArduCam, wirings
from tests.system.components.conftest import show  # noqa: F401  a fixture
from tests.system.screen.conftest import wire  # noqa: F401  a fixture
from tests.system.screen.scenes import REFERENCES

SCOPES = ("scope.camera", "scope.record", "scope.writePhotosAlbum")
CODE = """
    def start(self):
        self.answers = []
    def answered(self, res):
        self.answers.append(res)
    def call(self, name, options):
        getattr(wx, name)(dict(options, success=self.answered, fail=self.answered))
"""
WXML = '<view style="height: 60px; background: #07c160">Hello</view>'
TOP = "ui.screen.layers.shown[-1]"
LIVE, TAKING, BUSY, REVIEW, FAULT = range(5)
HEAP = "[__import__('gc').collect(), __import__('gc').collect(), __import__('gc').mem_alloc()][2]"
LOADED = "[name for name in __import__('sys').modules if name.startswith('kiosk.album')]"
FOLDER = "__import__('kiosk.files').files.current().folder"


def picture(number, width=160, height=120, orientation=1, kind="JPEG"):
    """The bytes of a picture with a number in it, and red in its upper left corner, as it lies in the file."""
    image = Image.new("RGB", (width, height), (number * 67 % 256, number * 131 % 256, (number * 29 + 80) % 256))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2, height // 4), fill=(255, 0, 0))
    draw.text((width // 2, height // 2), str(number), fill=(255, 255, 255), font_size=height // 2, anchor="mm")
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x112] = orientation
    image.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()


class Gallery:
    """An App (`app`) whose page calls the album's APIs, and the camera's model (`camera`)."""

    def __init__(self, app, camera):
        self.app = app
        self.camera = camera
        self.ask = app.ask
        self.folder = app.ask(FOLDER)
        self.appid = self.folder.rpartition("/")[2]

    def fill(self, files):
        """Put files into the album: {name: bytes}."""
        self.app.run("import os\nif 'album' not in os.listdir('/'):\n    os.mkdir('/album')")
        for name, data in files.items():
            self.app.target.put("/album/" + name, data)

    def in_album(self):
        """Names of what is there."""
        return sorted(self.ask("[name for name in __import__('os').listdir('/album') if name[0] != '.']"))

    def call(self, name, **options):
        """Call an API."""
        self.app.run(f"page.answers.clear()\npage.call({name!r}, {options!r})")

    def answer(self):
        """Its answer, once it has come."""
        self.app.until(lambda: self.ask("len(page.answers)"), "the answer")
        return self.ask("page.answers[0]")

    def until(self, code, what=""):
        """Wait until an expression of the kiosk's is true."""
        self.app.until(lambda: self.ask(f"bool({code})"), what or code)

    def known(self):
        """Wait until the squares are known."""
        self.until("ui.screen.layers.shown", "the page")
        self.until(f"{TOP}._working is None")

    def state(self, state):
        """Wait until the camera's page is in this state."""
        self.until("ui.screen.layers.shown", "the page")
        self.until(f"getattr({TOP}, 'state', None) == {state}")

    def shows(self, name):
        """Wait until the screen shows a reviewed picture."""
        path = REFERENCES / f"{name}.png"
        wanted = Image.open(path).convert("RGB").tobytes() if path.exists() else b""
        try:
            self.app.until(lambda: self.app.image().tobytes() == wanted, name)
        except AssertionError:
            self.app.image().save(f"build/{name}.png")
            raise

    def file(self, url):
        """The content of a temporary file."""
        return self.app.target.get(self.folder + "/" + url.partition("://")[2])

    def left(self):
        """Nothing is shown over the page, and nothing of the album is loaded or held."""
        self.until("not ui.screen.layers.shown")
        self.until(f"not {LOADED}")
        assert self.ask("__import__('kiosk.files').files.current().held") == []
        assert not self.app.glass.faults

    def temporary(self):
        """Names of the temporary files."""
        listed = f"import json, os\nprint(json.dumps([os.listdir({self.folder!r} + '/' + e) for e in os.listdir({self.folder!r}) if e == 'tmp']))"
        return sum(json.loads(self.app.target.exec(listed)), [])

    def put(self, name, data):
        """A file of the mini-program's own: its URL."""
        self.app.target.put(f"{self.folder}/usr/{name}", data)
        return "wxfile://usr/" + name


@pytest.fixture
def gallery(show):  # noqa: F811
    """`gallery("unix32", allow=SCOPES, has_camera=True)`: a Gallery."""

    def start(name="unix32", allow=SCOPES, has_camera=True, **settings):
        camera = ArduCam()
        chips = wirings(camera) if has_camera else ()
        app = show(WXML, code=CODE, name=name, chips=chips, allow=list(allow), **settings)
        return Gallery(app, camera)

    return start
