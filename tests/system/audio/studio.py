"""A kiosk with a microphone and a speaker, and a mini-program that records."""

import struct
import time

import pytest

from host_tools.models.audio import Microphone, Speaker
from host_tools.models.wiring import I2sWiring
from tests.conftest import Kiosk
from tests.system.audio.conftest import MICROPHONE, SPEAKER

LIMIT_S = 90
TARGETS = pytest.mark.parametrize("name", ["unix", "unix32"])
PAGE = """
import wx

manager = wx.getRecorderManager()

@Page
class Index:
    data = {"events": [], "file": "", "size": 0, "duration": -1, "errors": [], "frames": 0, "sent": 0}

    def onLoad(self, query):
        for name in ("Start", "Pause", "Resume", "InterruptionBegin", "InterruptionEnd"):
            self.listen(name)
        manager.onStop(self.onStopped)
        manager.onError(lambda res: self.setData({"errors": self.data["errors"] + [[res.errno, res.errMsg]]}))
        %s

    def listen(self, name):
        getattr(manager, "on" + name)(lambda res: self.add(name))

    def add(self, name):
        self.setData({"events": self.data["events"] + [name]})

    def onStopped(self, res):
        self.add("Stop")
        self.setData({"file": res.tempFilePath, "size": res.fileSize, "duration": res.duration})
"""


class Studio:
    """A kiosk with a microphone that hears `said` (int16) and a speaker, and a mini-program that records."""

    def __init__(self, folder, said=(), name="unix", **settings):
        self.speaker = Speaker()
        microphone = Microphone([value << 8 for value in said])
        chips = [I2sWiring(self.speaker, *SPEAKER), I2sWiring(microphone, *MICROPHONE)]
        if name == "unix32":  # with a board's heap
            name, settings["heap"] = "unix", 190 * 1024
        self.kiosk = Kiosk(name, folder, chips=chips, **settings)

    def run(self, on_load="", allow=("scope.record",), page=PAGE):
        options = {} if allow is None else {"allow": list(allow)}
        self.kiosk.program({"pages/index/index.py": page % on_load})
        assert self.kiosk.launch("test", urlCheck=False, **options)["errMsg"] == "launch:ok"

    def data(self):
        return self.kiosk.pages()[-1]["data"]

    def until(self, condition):
        """The page's data, once they fulfil a condition."""
        end = time.monotonic() + LIMIT_S
        while True:
            data = self.data()
            if condition(data):
                return data
            assert time.monotonic() < end, data
            time.sleep(0.1)

    def do(self, code):
        """Call the recorder from the console, as the mini-program would."""
        self.kiosk.exec("import wx\nmanager = wx.getRecorderManager()\n" + code)

    def record(self, **options):
        """From start() to onStop: the page's data, and the file."""
        before = self.data()["events"].count("Stop")
        self.do(f"manager.start({options!r})")
        data = self.until(lambda data: data["events"].count("Stop") > before)
        return data, self.file(data["file"])

    def file(self, url):
        return self.kiosk.get("/data/test/" + url[len("wxfile://") :])


def samples_of(data):
    return list(struct.unpack(f"<{len(data) // 2}h", data))
