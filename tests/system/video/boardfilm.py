"""A mini-program that plays one film on the RP2040's own image, and tells how it went by marks."""

import json
import time

from host_tools.models.audio import Speaker
from host_tools.models.st7789 import St7789
from host_tools.models.wiring import I2sWiring
from host_tools.package.pack import pack_folder
from host_tools.target import open_target
from tests.system.audio.conftest import SPEAKER
from tests.system.screen.conftest import display_at

_PAGE = """
machine = __import__("machine")
@Page
class Index:
    data = {}
    film = None

    def onReady(self):
        self.context = wx.createVideoContext("v")
        self.context.play()

    def played(self, event):
        self.film = self.context._video._source

    def ended(self, event):
        mixer = __import__("kiosk.media.mixer", None, None, ("current",)).current()
        for number in (self.film.shown, self.film.left_out, mixer.underruns, 0xE0D):
            machine.mem32[0x4006C000] = number

    def failed(self, event):
        print(event.detail)
        machine.mem32[0x4006C000] = 0xBAD
"""


class Playing:
    """What came of it: shown, left_out (pictures), underruns (of the speaker's line), speaker (the model)."""

    def __init__(self, speaker, numbers):
        self.speaker = speaker
        self.shown, self.left_out, self.underruns = numbers


def play(folder, content, style, watch=None, patience_s=900):
    """Play an AVI (bytes) to its end; watch(glass, speaker) is called before it begins."""
    source = folder / "source"
    page = source / "pages" / "index"
    page.mkdir(parents=True)
    (source / "app.json").write_text(
        json.dumps({"pages": ["pages/index/index"], "window": {"navigationStyle": "custom"}}), encoding="utf-8"
    )
    (source / "film.avi").write_bytes(content)
    (page / "index.py").write_text(_PAGE, encoding="utf-8")
    (page / "index.wxml").write_text(
        f'<video id="v" src="/film.avi" controls="{{{{false}}}}" style="{style}" bindplay="played" bindended="ended" '
        'binderror="failed"></video>',
        encoding="utf-8",
    )
    appid = pack_folder(source, folder / "packed")
    glass, speaker = St7789(turns=1), Speaker()
    chips = [display_at(glass), I2sWiring(speaker, *SPEAKER)]
    settings = {"chips": chips, "apps": {appid: folder / "packed"}, "warp": True}
    with open(folder / "output", "w+", encoding="utf-8") as output, open_target(
        "virtual", output=output, **settings
    ) as target:
        if watch:
            watch(glass, speaker)
        target.launch(appid)
        end = time.monotonic() + patience_s
        marks = target.board.marks
        while not marks or marks[-1].value not in (0xE0D, 0xBAD):
            if time.monotonic() > end or target.board.ended is not None:
                raise RuntimeError(f"ended: {target.board.ended}; marks: {marks}")
            time.sleep(0.05)  # the console would take the board's time
        if marks[-1].value == 0xBAD or glass.faults:
            output.seek(0)
            raise RuntimeError(f"{glass.faults} {output.read()}")
        return Playing(speaker, [mark.value for mark in marks[-4:-1]])
