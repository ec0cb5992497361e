"""Videos, from the chips' registers to the file: ffmpeg and ffprobe read it, and the pictures are those that the model drew."""

import base64
import io
import json
import time

import pytest
from PIL import Image

from host_tools.models import testpattern
from host_tools.models.audio import Microphone
from host_tools.models.ov2640 import ArduCam, wirings
from host_tools.models.wiring import I2sWiring
from tests.conftest import Kiosk
from tests.system.audio.conftest import MICROPHONE
from tests.system.audio.peers import run

pytestmark = pytest.mark.timeout(600)
LIMIT_S = 300
TARGETS = pytest.mark.parametrize("name", ["unix", "unix32"])
PAGE = """
import wx

@Page
class Index:
    data = {"answers": [], "late": []}

    def onLoad(self, query):
        self.context = wx.createCameraContext()

    def record(self, **options):
        self.context.startRecord(success=self.answered, fail=self.answered, timeoutCallback=self.ended, **options)

    def stop(self, **options):
        self.context.stopRecord(success=self.answered, fail=self.answered, **options)

    def answered(self, res):
        self.add("answers", res)

    def ended(self, res):
        self.add("late", res)

    def add(self, name, res):
        self.setData({name: self.data[name] + [{key: res[key] for key in res}]})
"""


class Film:
    """What ffmpeg and ffprobe say of a file.  video, sound: streams; times_s of the pictures; numbers in them."""

    def __init__(self, path):
        text = run("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", path)
        self.format = json.loads(text)["format"]
        streams = json.loads(text)["streams"]
        self.video = next(one for one in streams if one["codec_type"] == "video")
        self.sound = next((one for one in streams if one["codec_type"] == "audio"), None)
        frames = ("-select_streams", "v", "-show_entries", "frame=pts_time")
        text = run("ffprobe", "-v", "error", *frames, "-of", "json", path)
        self.times_s = [float(one["pts_time"]) for one in json.loads(text)["frames"]]
        rawvideo = ("-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-")
        data = run("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "v", *rawvideo)
        size = self.video["width"], self.video["height"]
        each = size[0] * size[1]
        found = [Image.frombytes("L", size, data[at : at + each]) for at in range(0, len(data), each)]
        self.numbers = [testpattern.number_of(picture) for picture in found]
        self.sound_s = 0
        if self.sound:
            samples = run("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "a", "-f", "s16le", "-")
            self.sound_s = len(samples) / 2 / int(self.sound["sample_rate"])


class Filmset:
    """A kiosk with a camera, a microphone and no screen, and a mini-program that records."""

    def __init__(self, folder, name, has_microphone=True, allow=("scope.camera", "scope.record"), **settings):
        self.folder = folder
        self.camera = ArduCam()
        chips = list(wirings(self.camera))
        if has_microphone:
            said = [((at * 97) % 20000 - 10000) << 8 for at in range(40000)]
            chips.append(I2sWiring(Microphone(said), *MICROPHONE))
        if name == "unix32":  # with a board's heap
            name, settings["heap"] = "unix", 190 * 1024
        self.kiosk = Kiosk(name, folder, chips=chips, **settings)
        self.kiosk.program({"pages/index/index.py": PAGE})
        assert self.kiosk.launch("test", urlCheck=False, allow=list(allow))["errMsg"] == "launch:ok"

    def do(self, call):
        """Call a method of the page; returns what was answered to it."""
        count = len(self.data()["answers"])
        self.kiosk.exec(f"from kiosk import router\nrouter.stack[-1].{call}")
        return self.until(lambda data: len(data["answers"]) > count)["answers"][-1]

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
            time.sleep(0.2)

    def pictures(self, count):
        """Wait until so many pictures are in the file."""
        end = time.monotonic() + LIMIT_S
        code = "from kiosk.video import recording\nprint(recording.current._writer.pictures if recording.current else 99999)"
        while int(self.kiosk.exec(code)) < count:
            assert time.monotonic() < end
            time.sleep(0.2)

    def record(self, count, **options):
        """From startRecord over so many pictures to what stopRecord answers."""
        assert self.do("record()")["errMsg"] == "startRecord:ok"
        self.pictures(count)
        return self.do(f"stop(**{options!r})")

    def file(self, url):
        """A file's content, in larger parts than target.get() takes."""
        path = "/data/test/" + url.partition("://")[2]
        self.kiosk.exec(f"import binascii\nfile = open({path!r}, 'rb')")
        data = b""
        while True:
            text = self.kiosk.exec("print(str(binascii.b2a_base64(file.read(6144)), 'ascii'))", timeout_s=60)
            part = base64.b64decode(text)
            if not part:
                self.kiosk.exec("file.close()")
                return data
            data += part

    def film(self, url):
        """What the peers say of a video."""
        path = self.folder / "film.avi"
        path.write_bytes(self.file(url))
        return Film(path)


@pytest.fixture
def filming(tmp_path):
    """`filming("unix32")`: a Filmset."""
    made = []

    def make(name, **settings):
        made.append(Filmset(tmp_path, name, **settings))
        return made[-1]

    yield make
    for one in made:
        one.kiosk.close()


def check(film, has_sound=True):
    """What holds for every video: all pictures in their order, each at a time of its own, and sound as long as they."""
    assert (film.video["codec_name"], film.video["width"], film.video["height"]) == ("mjpeg", 320, 240)
    assert len(film.times_s) == len(film.numbers) and film.numbers == sorted(set(film.numbers))
    assert all(later > earlier for earlier, later in zip(film.times_s, film.times_s[1:]))
    if "duration" in film.format:
        assert int(film.video["nb_frames"]) * 0.04 == pytest.approx(float(film.format["duration"]))
        assert float(film.format["duration"]) >= film.times_s[-1]
    assert bool(film.sound) == has_sound
    if has_sound:
        assert (film.sound["codec_name"], film.sound["sample_rate"]) == ("adpcm_ima_wav", "8000")
        end_s = float(film.format.get("duration", 0))
        assert abs(film.sound_s - end_s) <= 0.08 if end_s else film.sound_s >= film.times_s[-1] - 0.08


@TARGETS
def test_a_video_is_what_the_camera_saw(filming, name):
    place = filming(name)
    answer = place.record(8)
    assert answer["errMsg"] == "stopRecord:ok"
    film = place.film(answer["tempVideoPath"])
    check(film)
    assert len(film.numbers) >= 8 and "duration" in film.format
    thumb = Image.open(io.BytesIO(place.file(answer["tempThumbPath"])))
    assert thumb.format == "JPEG" and thumb.size == (320, 240) and testpattern.number_of(thumb) == film.numbers[0]
    # The camera takes 30 pictures a second: how far their numbers are apart is how far their times are.
    for (one_s, one), (other_s, other) in zip(zip(film.times_s, film.numbers), zip(film.times_s[1:], film.numbers[1:])):
        assert other_s - one_s >= (other - one) / 30 - 0.1, (film.times_s, film.numbers)
    assert place.camera.faulty == [] and place.kiosk.errors == ""


def test_without_a_microphone_there_is_no_sound(filming):
    place = filming("unix32", has_microphone=False)
    check(place.film(place.record(4)["tempVideoPath"]), has_sound=False)
    place = filming("unix", allow=("scope.camera",))
    check(place.film(place.record(4)["tempVideoPath"]), has_sound=False)


def test_the_time_ends_it_and_then_there_is_nothing_to_stop(filming):
    place = filming("unix32")
    assert place.do("record(timeout=1)")["errMsg"] == "startRecord:ok"
    late = place.until(lambda data: data["late"])["late"]
    film = place.film(late[0]["tempVideoPath"])
    check(film)
    assert sorted(late[0]) == ["tempThumbPath", "tempVideoPath"] and 0.9 <= film.sound_s <= 1.1
    answer = place.do("stop()")
    assert (answer["errMsg"], answer["errno"]) == ("stopRecord:fail record not start", 1001)
    assert len(place.data()["late"]) == 1


def test_a_page_over_it_ends_it(filming):
    place = filming("unix32")
    place.do("record()")
    place.pictures(2)
    place.kiosk.exec("from kiosk import router\nfirst = router.stack[0]\nimport wx\nwx.navigateTo(url='index')")
    end = time.monotonic() + LIMIT_S
    while not json.loads(place.kiosk.exec("import json\nprint(json.dumps(first.data['late']))")):
        assert time.monotonic() < end
        time.sleep(0.2)
    late = json.loads(place.kiosk.exec("import json\nprint(json.dumps(first.data['late']))"))
    check(place.film(late[0]["tempVideoPath"]))


def test_a_full_flash_ends_it_and_what_was_written_plays(filming):
    place = filming("unix32", flash_kb=512)
    place.do("record()")
    place.pictures(99999)  # until it is over
    answer = place.do("stop()")
    assert (answer["errMsg"], answer["errno"]) == ("stopRecord:fail no space left on device", 1300202)
    film = place.film(answer["tempVideoPath"])
    check(film)
    assert len(film.numbers) > 5 and testpattern.number_of(Image.open(io.BytesIO(place.file(answer["tempThumbPath"]))))
    place.kiosk.exec("import os\nfor name in os.listdir('/data/test/tmp'):\n    os.remove('/data/test/tmp/' + name)")
    check(place.film(place.record(3)["tempVideoPath"]))


def test_a_camera_that_fails_ends_it_and_what_was_seen_is_kept(filming):
    place = filming("unix")
    place.do("record()")
    place.pictures(4)
    place.camera.is_silent = True
    place.pictures(99999)
    answer = place.do("stop()")
    assert answer["errMsg"].startswith("stopRecord:fail ") and answer["errno"] in (-1, 5)
    film = place.film(answer["tempVideoPath"])
    check(film)
    assert len(film.numbers) >= 4
    place.camera.is_silent = False
    check(place.film(place.record(3)["tempVideoPath"]))


NOTED = """
from kiosk.video import recording
writer = recording.current._writer
begin, taken = writer.begin_picture, {}
def noted(time_ms, size):
    number = writer.pictures
    is_wanted = begin(time_ms, size)
    if is_wanted:
        taken[number] = time_ms
    return is_wanted
writer.begin_picture = noted
"""


def test_broken_pictures_are_left_out_and_move_no_other(filming):
    place = filming("unix")
    place.do("record()")
    place.kiosk.exec(NOTED)
    place.pictures(2)
    place.camera.faults.extend(["truncated", None, "no end", None, "no start", None])
    place.pictures(8)
    answer = place.do("stop()")
    taken = {int(key): ms for key, ms in json.loads(place.kiosk.exec("import json\nprint(json.dumps(taken))")).items()}
    film = place.film(answer["tempVideoPath"])
    check(film)
    assert len(film.numbers) >= 8
    late_ms = {number: film.times_s[number] * 1000 - ms for number, ms in taken.items() if number < len(film.times_s)}
    assert len(late_ms) >= 6 and all(-20 <= ms <= 60 for ms in late_ms.values()), late_ms


def test_a_power_cut_leaves_a_file_that_plays_and_can_be_repaired(filming):
    place = filming("unix")
    place.do("record()")
    place.pictures(30)
    path = "/data/test/tmp/"
    code = f"import os\nname = {path!r} + [each for each in os.listdir({path!r}) if each.endswith('.avi')][0]\n"
    # What was made safe, as it is found after the cut: copies, since tmp is swept.
    copy = "for target in ('/cut.avi', '/mended.avi'):\n    with open(target, 'wb') as to, open(name, 'rb') as file:\n"
    place.kiosk.exec(code + copy + "        while to.write(file.read(4096)):\n            pass", timeout_s=60)
    code = "import asyncio\nfrom kiosk.video import avirepair\nmending = asyncio.create_task(avirepair.repair('/mended.avi'))"
    place.kiosk.exec(code)
    while place.kiosk.exec("print(mending.done())").strip() != "True":
        place.kiosk.wait(100)
    films = []
    for name in ("cut", "mended"):
        target = place.folder / f"{name}.avi"
        target.write_bytes(place.file(f"x://../../{name}.avi"))
        films.append(Film(target))
    for film in films:  # the sound that belongs to the last pictures may be behind the cut
        assert film.numbers == sorted(set(film.numbers)) and 0 < film.sound_s <= film.times_s[-1] + 1
    assert films[0].numbers == films[1].numbers and len(films[0].numbers) > 3
    assert "duration" in films[1].format


def test_compressed_leaves_pictures_out(filming):
    place = filming("unix")
    film = place.film(place.record(12, compressed=True)["tempVideoPath"])
    check(film)
    assert all(later - earlier > 0.15 for earlier, later in zip(film.times_s, film.times_s[1:]))
