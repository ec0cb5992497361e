"""Fixtures: a kiosk with a camera that shows numbers and a microphone that hears a tone, and a page with a <live-pusher> or a <live-player>."""

import io
import time

import pytest
from PIL import Image

from host_tools.models.audio import Microphone, Speaker
from host_tools.models.wiring import I2sWiring
from host_tools.paths import ROOT
from tests.system.audio.conftest import MICROPHONE, SPEAKER
from tests.system.components.conftest import show  # noqa: F401  a fixture
from tests.system.screen.conftest import wire  # noqa: F401  a fixture

LIMIT_S = 90
SIZE = (160, 120)
COUNT = 32  # numbers that there are pictures of
# The board's camera is one that gives the pictures of a folder, in turn; a picture is read when it is its turn.
_CAMERA = """
import board, os, sys
class Pictures:
    def __len__(self):
        return len(os.listdir("/pictures"))
    def __getitem__(self, number):
        with open("/pictures/%d.jpg" % number, "rb") as file:
            return file.read()
class Lens:
    facings = ("back", "front")
    made = []
    def camera(self, facing):
        made = Camera(Pictures(), frame_ms=FRAME_MS)
        self.made.append((facing, made))
        return made
lens = sys.modules["lens"] = Lens()
board.camera = "lens"
from kiosk.live import lasting
lasting.retry_ms = 100
"""


def picture(number, size=SIZE, **options):
    """A JPEG with a number of eight bits: as many bars, black or white, the lowest at the left."""
    image = Image.new("RGB", size, (40, 90, 160))
    width, height = size
    for bit in range(8):
        color = (255, 255, 255) if number >> bit & 1 else (0, 0, 0)
        image.paste(color, (bit * width // 8, height // 4, (bit + 1) * width // 8, height // 2))
    file = io.BytesIO()
    image.save(file, "JPEG", **{"quality": 60, "subsampling": 2, **options})
    return file.getvalue()


def number_of(pixels, size=SIZE):
    """The number in a picture of 8-bit gray (bytes); None where the bars are neither black nor white."""
    width, height = size
    row = 3 * height // 8 * width
    levels = [pixels[row + (2 * bit + 1) * width // 16] for bit in range(8)]
    if any(60 < level < 190 for level in levels):
        return None
    return sum(1 << bit for bit, level in enumerate(levels) if level > 128)


class Stage:
    """A kiosk and its page; `app` is the App of tests/system/components."""

    made = "createLivePusherContext()"
    ends = {-1301, -1302, -1307}  # codes after which no other is to be waited for

    def __init__(self, app):
        self.app = app

    def call(self, name, options=""):
        """Call a method of the context; how it ended: errMsg, or the fields of the success."""
        self.app.run(f"import wx\nwx.{self.made}.{name}({options}complete=page.answers.append)")
        self.until(lambda: self.app.ask("len(page.answers)"), name)
        return self.app.ask("page.answers.pop(0)")

    def codes(self):
        """The codes of statechange so far."""
        return [detail["code"] for kind, detail in self.app.log() if kind == "statechange"]

    def until(self, condition, what=""):
        """Wait for something."""
        end = time.monotonic() + LIMIT_S
        while not condition():
            assert time.monotonic() < end, (what, self.app.log()[-20:], self.app.errors())
            time.sleep(0.05)

    def reaches(self, code, count=1):
        """Wait for a statechange."""
        ends = self.ends - {code}

        def is_there():
            codes = self.codes()
            assert code in codes or not ends & set(codes), (self.app.log(), self.app.errors())
            return codes.count(code) >= count

        self.until(is_there, f"state {code}")

    def info(self):
        """The newest netstatus; waits for the first."""
        found = []

        def is_there():
            found[:] = [detail["info"] for kind, detail in self.app.log() if kind == "netstatus"][-1:]
            return found

        self.until(is_there, "netstatus")
        return found[0]


@pytest.fixture
def stage(show):  # noqa: F811
    """`stage(url, attributes="", name="unix", said=(), pictures=None, frame_ms=60)`: a Stage."""

    def start(url, attributes="", name="unix", said=(), pictures=None, frame_ms=60, allow=("camera", "record")):
        events = 'bindstatechange="heard" bindnetstatus="heard" binderror="heard"'
        chips = [I2sWiring(Microphone([value << 8 for value in said]), *MICROPHONE)]
        code = f"\n    answers = []\n    url = {url!r}\n"
        scopes = [f"scope.{scope}" for scope in allow]
        app = show(f'<live-pusher url="{url}" {attributes} {events}/>', code=code, name=name, chips=chips, allow=scopes)
        fake = (ROOT / "drivers" / "camera" / "fake.py").read_text(encoding="utf-8")
        app.target.exec(f"{fake}\nFRAME_MS = {frame_ms}\n{_CAMERA}\nos.mkdir('/pictures')")
        for number, data in enumerate(pictures or [picture(number) for number in range(COUNT)]):
            app.target.put(f"/pictures/{number}.jpg", data)
        return Stage(app)

    return start


# Of netstatus the newest only: the heap is a board's.
_WATCHING = """
    answers = []
    def heard(self, event):
        if self.log and event.type == self.log[-1][0] == "netstatus":
            self.log.pop()
        self.log.append([event.type, {k: v for k, v in event.detail.items()}])
"""


class Watcher(Stage):
    """A kiosk whose page has a <live-player id="p">, 160 px wide and 120 high in the corner of the screen; speaker: the model of its own."""

    made = "createLivePlayerContext('p')"
    ends = {-2301}

    def __init__(self, app, speaker):
        super().__init__(app)
        self.speaker = speaker

    def number(self):
        """The number that is seen now, None where there is none."""
        image = self.app.image()
        if any(image.getpixel((80, y))[2] < 100 for y in (10, 100)):  # the sky over the bars, and the sea
            return None
        rows = [image.convert("L").crop((0, top, SIZE[0], top + SIZE[1])).tobytes() for top in (-12, 0, 12)]
        found = {number_of(row) for row in rows}
        return found.pop() if len(found) == 1 else None  # else it is being painted

    def sees(self, numbers):
        """Wait until each of these numbers has been seen."""
        missing = set(numbers)

        def is_enough():
            missing.discard(self.number())
            return not missing

        self.until(is_enough, f"the numbers {numbers}")

    def hears(self, hz=440, samples=4000):
        """Wait until a tone is heard, as the last samples that the speaker has played."""

        def is_heard():
            heard = self.speaker.side(0)[-samples:]
            return len(heard) == samples and is_tone(heard, hz, self.speaker.rate_hz())

        self.until(is_heard, f"a tone of {hz} Hz")


def is_tone(samples, hz, rate_hz):
    """Whether samples are a tone: as many times through zero as it has, within 3 %."""
    crossings = sum(1 for one, other in zip(samples, samples[1:]) if one < 0 <= other)
    wanted = hz * len(samples) / rate_hz
    return abs(crossings - wanted) <= 1 + wanted * 0.03 and max(samples) > 1000


@pytest.fixture
def watch(show):  # noqa: F811
    """`watch(url, attributes="", name="unix32", has_speaker=True)`: a Watcher."""

    def start(url, attributes="", name="unix32", has_speaker=True, files=None):
        events = 'bindstatechange="heard" bindnetstatus="heard" bindfullscreenchange="heard"'
        speaker = Speaker()
        chips = [I2sWiring(speaker, *SPEAKER)] if has_speaker else []
        wxml = f'<live-player id="p" src="{url}" style="width:160px;height:120px" {attributes} {events}/>'
        code = _WATCHING
        app = show(wxml, code=code, name=name, chips=chips, files=files)
        app.target.exec("from kiosk.live import lasting\nlasting.retry_ms = 100")
        return Watcher(app, speaker)

    return start


@pytest.fixture
def serve():
    """`serve(play)`: a Server that ends with the test."""
    from tests.system.live.peers import Server  # which has the pictures from here

    made = []

    def start(play):
        made.append(Server(play))
        return made[-1]

    yield start
    for each in made:
        each.close()
