"""Fixture: a mini-program with a <video>, on a board with a screen and a speaker."""

import pytest

from host_tools.models.audio import Speaker
from host_tools.models.wiring import I2sWiring
from tests.system.audio.conftest import SPEAKER
from tests.system.components.conftest import show  # noqa: F401  a fixture
from tests.system.screen.conftest import wire  # noqa: F401  a fixture

EVENTS = (
    "play",
    "pause",
    "ended",
    "timeupdate",
    "waiting",
    "error",
    "progress",
    "loadedmetadata",
    "seekcomplete",
    "fullscreenchange",
    "controlstoggle",
)


class Cinema:
    """A page with one <video id="v">, whose events its heard() notes; app: an App; speaker: the model, or None."""

    def __init__(self, app, speaker):
        self.app, self.speaker = app, speaker
        app.run("import wx\npage.context = wx.createVideoContext('v')")

    def call(self, code):
        """Run a method of the VideoContext."""
        self.app.run(f"page.context.{code}")

    def ask(self, code):
        """An expression, in which `video` is the Video and `shown` its component."""
        return self.app.ask(f"(lambda video: (lambda shown: {code})(video.shown_by))(page.context._video)")

    def names(self):
        """The events but timeupdate, in their order."""
        return [name for name, _ in self.app.log() if name not in ("timeupdate", "progress")]


@pytest.fixture
def cinema(show):  # noqa: F811
    """`cinema({"film.avi": bytes}, 'src="/film.avi"', name="unix32", has_speaker=True)`."""

    def start(files, attributes, name="unix32", has_speaker=True, before="", after="", **settings):
        speaker = Speaker() if has_speaker else None
        chips = [I2sWiring(speaker, *SPEAKER)] if speaker else []
        bound = " ".join(f'bind{event}="heard"' for event in EVENTS)
        wxml = f'{before}<video id="v" {attributes} {bound}></video>{after}'
        return Cinema(show(wxml, files=files, name=name, chips=chips, **settings), speaker)

    return start
