"""Fixtures: mini-programs with a <camera>, on boards with an OV2640 and a screen."""

import io

import pytest
from PIL import Image

from host_tools.models import testpattern
from host_tools.models.ov2640 import ArduCam, wirings
from tests.system.components.conftest import show  # noqa: F401  a fixture
from tests.system.screen.conftest import wire  # noqa: F401  a fixture

CODE = """
    def start(self):
        self.context = wx.createCameraContext()
        self.answers = []
    def answered(self, res):
        self.answers.append([res["errMsg"], res.get("tempImagePath"), res.get("errno"), res.get("zoom")])
    def photo(self, **options):
        self.context.takePhoto(success=self.answered, fail=self.answered, **options)
"""
EVENTS = 'bindinitdone="heard" binderror="heard" bindstop="heard"'


class Studio:
    """An App (`app`) whose page has a <camera>, and the camera's model (`camera`)."""

    def __init__(self, app, camera):
        self.app = app
        self.camera = camera

    def answer(self, call):
        """What a call of a method of the page, which takes `answered`, is answered with: [errMsg, path, errno, zoom]."""
        count = self.app.ask("len(page.answers)")
        self.app.run(f"page.{call}")
        self.app.until(lambda: self.app.ask("len(page.answers)") > count, call)
        return self.app.ask("page.answers[-1]")

    def file(self, url):
        """The content of a temporary file."""
        return self.app.target.get("/" + self.path(url))

    def path(self, url):
        """Where a temporary file is on the flash."""
        folder = self.app.ask("__import__('kiosk.files').files.current().folder")
        return (folder + "/" + url.partition("://")[2]).lstrip("/")

    def picture(self, url):
        """The same, as a picture that has been decoded."""
        picture = Image.open(io.BytesIO(self.file(url)))
        picture.load()
        return picture

    def preview(self):
        """The number in what the screen shows."""
        return testpattern.number_of(self.app.image())

    def stop(self):
        """Let the camera end."""
        self.app.until(lambda: not self.app.ask("bool(__import__('kiosk.camera').camera._task)"), "the camera's end")


@pytest.fixture
def studio(show):  # noqa: F811
    """`studio('<camera .../>', "unix32", allow=[...], camera=ArduCam())`: a Studio."""

    def start(markup, name="unix", allow=("scope.camera",), camera=None, **settings):
        camera = camera or ArduCam()
        app = show(markup, code=CODE, name=name, chips=wirings(camera), allow=list(allow), **settings)
        return Studio(app, camera)

    return start
