"""Videos, from the chips' registers to the file: ffmpeg and ffprobe read it, and the pictures are those that the model drew."""

import base64
import json
import time

import pytest
from PIL import Image

from host_tools.models import testpattern
from host_tools.models.audio import Microphone
from host_tools.models.ov2640 import ArduCam, wirings
from host_tools.models.wiring import I2sWiring
from tests.system.audio.conftest import MICROPHONE
from tests.system.audio.peers import run
from tests.system.camera.conftest import CODE, EVENTS, Studio
from tests.system.components.conftest import show  # noqa: F401  a fixture
from tests.system.screen.conftest import wire  # noqa: F401  a fixture

MARKUP = f'<camera resolution="low" style="display:block;width:320px;height:240px" {EVENTS}/>'
RECORD = (
    CODE
    + """
    def record(self, **options):
        self.late = []
        self.context.startRecord(success=self.recorded, fail=self.recorded, timeoutCallback=self.late.append, **options)
    def stop(self, **options):
        self.context.stopRecord(success=self.recorded, fail=self.recorded, **options)
    def recorded(self, res):
        self.answers.append([res["errMsg"], res.get("tempVideoPath"), res.get("tempThumbPath"), res.get("errno")])
"""
)
TARGETS = pytest.mark.parametrize("name", ["unix", "unix32"])


def tone(seconds):
    """Samples of 8 kHz that are loud, of the 24 bits that a microphone has."""
    return [((at * 97) % 20000 - 10000) << 8 for at in range(8000 * seconds)]


class Film:
    """What ffmpeg and ffprobe say of a file.  video, sound: streams; times_s of the pictures; numbers in them."""

    def __init__(self, path):
        text = run("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", path)
        self.format = json.loads(text)["format"]
        streams = json.loads(text)["streams"]
        self.video = next(one for one in streams if one["codec_type"] == "video")
        self.sound = next((one for one in streams if one["codec_type"] == "audio"), None)
        text = run(
            "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=pts_time", "-of", "json", path
        )
        self.times_s = [float(one["pts_time"]) for one in json.loads(text)["frames"]]
        rawvideo = ("-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-")
        data = run("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "v", *rawvideo)
        size = self.video["width"], self.video["height"]
        each = size[0] * size[1]
        found = [Image.frombytes("L", size, data[at : at + each]) for at in range(0, len(data), each)]
        self.numbers = [testpattern.number_of(picture) for picture in found]
        self.sound_s = 0
        if self.sound:
            self.samples = run("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "a", "-f", "s16le", "-")
            self.sound_s = len(self.samples) / 2 / int(self.sound["sample_rate"])


@pytest.fixture
def filming(show, tmp_path):  # noqa: F811
    """`filming("unix32")`: a Studio with a microphone; its film(url) looks at a video."""

    def start(name="unix", allow=("scope.camera", "scope.record"), markup=MARKUP, **settings):
        camera = ArduCam()
        microphone = Microphone(tone(4))
        chips = (*wirings(camera), I2sWiring(microphone, *MICROPHONE))
        app = show(markup, code=RECORD, name=name, chips=chips, allow=list(allow), **settings)
        place = Studio(app, camera)
        place.microphone = microphone
        app.heard("initdone")

        def film(url):
            path = tmp_path / "film.avi"
            path.write_bytes(_content(app.target, place.path(url)))
            return Film(path)

        place.film = film
        return place

    return start


def _content(target, path):
    """A large file, in larger parts than target.get() takes."""
    target.exec(f"import binascii\nfile = open('/{path}', 'rb')")
    data = b""
    while True:
        part = base64.b64decode(target.exec("print(str(binascii.b2a_base64(file.read(6144)), 'ascii'))", timeout_s=60))
        if not part:
            return data
        data += part


def record(place, seconds, **options):
    """From startRecord to what stopRecord answers."""
    assert place.answer("record()")[0] == "startRecord:ok"
    time.sleep(seconds)
    return place.answer(f"stop(**{options!r})")


@TARGETS
def test_a_video_is_what_the_camera_saw(filming, name):
    place = filming(name)
    message, url, thumb, _ = record(place, 2)
    assert message == "stopRecord:ok" and url.endswith(".avi") and thumb.endswith(".jpg")
    film = place.film(url)
    assert (film.video["codec_name"], film.video["width"], film.video["height"]) == ("mjpeg", 320, 240)
    assert len(film.times_s) == len(film.numbers) >= 2
    assert film.numbers == sorted(set(film.numbers))
    assert int(film.video["nb_frames"]) * 0.04 == pytest.approx(float(film.format["duration"]))
    assert place.picture(thumb).size == (320, 240) and testpattern.number_of(place.picture(thumb)) == film.numbers[0]
    assert film.sound["codec_name"] == "adpcm_ima_wav" and film.sound["sample_rate"] == "8000"
    assert abs(film.sound_s - float(film.format["duration"])) <= 0.08
    assert place.camera.faulty == []
