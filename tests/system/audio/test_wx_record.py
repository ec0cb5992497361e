"""Whole mini-programs that record: what the microphone's wires carry is what ends up in files, on servers, on the speaker."""

import json
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from host_tools.cli.main import main
from host_tools.models.audio import Microphone, Speaker
from host_tools.models.wiring import I2sWiring
from tests.conftest import Kiosk
from tests.system.audio.conftest import MICROPHONE, SPEAKER
from tests.system.audio.test_codecs import _by_ffmpeg, _ratio_db, _tone
from tests.system.audio.test_sound import tone, wav
from tests.system.audio.waiting import sounds

_LIMIT_S = 90
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
        end = time.monotonic() + _LIMIT_S
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


@pytest.fixture
def studio(tmp_path):
    """Make a Studio: `studio(samples, "unix32")`."""
    made = []

    def make(*args, **settings):
        made.append(Studio(tmp_path, *args, **settings))
        return made[-1]

    yield make
    for one in made:
        one.kiosk.close()


def samples_of(data):
    return list(struct.unpack(f"<{len(data) // 2}h", data))


@TARGETS
@pytest.mark.parametrize("channels", [1, 2])
def test_a_wav_is_what_was_said_bit_for_bit(studio, name, channels):
    said = tone(20000)
    it = studio(said, name)
    it.run()
    data, file = it.record(format="wav", sampleRate=16000, numberOfChannels=channels, duration=1000)
    sent = [value for value in said[:16000] for _ in range(channels)]
    assert file == wav(sent, channels=channels)
    assert (data["duration"], data["size"], data["events"]) == (1000, len(file), ["Start", "Stop"])


@TARGETS
def test_pcm_at_each_rate(studio, name):
    said = tone(6000)
    it = studio(said, name)
    it.run()
    for rate_hz in (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000):
        data, file = it.record(format="PCM", sampleRate=rate_hz, numberOfChannels=1, duration=100)
        assert samples_of(file) == said[: rate_hz // 10] and data["errors"] == [], rate_hz


@TARGETS
@pytest.mark.parametrize(
    "kind,rate_hz,channels,bit_rate,least_db",
    [
        ("mp3", 16000, 1, 96000, 70),
        ("mp3", 44100, 2, 320000, 70),
        ("mp3", 8000, 2, 48000, 70),
        ("aac", 16000, 1, 96000, 45),
        ("aac", 44100, 2, 320000, 45),
        ("aac", 8000, 2, 48000, 45),
    ],
)
def test_what_is_encoded_is_read_by_ffmpeg(studio, tmp_path, name, kind, rate_hz, channels, bit_rate, least_db):
    said = list(_tone_samples(tmp_path, rate_hz))
    it = studio(said, name)
    it.run()
    _record_encoded(it, tmp_path, said[:rate_hz], kind, rate_hz, channels, bit_rate, least_db)


def _record_encoded(it, folder, said, kind, rate_hz, channels, bit_rate, least_db):
    """Record all of `said`: what ffmpeg makes of the file is that, within `least_db`."""
    options = {"sampleRate": rate_hz, "numberOfChannels": channels, "encodeBitRate": bit_rate}
    duration = len(said) * 1000 // rate_hz
    data, file = it.record(format=kind, duration=duration, **options)
    assert data["errors"] == [] and data["duration"] == duration and data["size"] == len(file)
    path = folder / f"heard.{kind}"
    path.write_bytes(file)
    heard = _by_ffmpeg(path)[::channels]
    best = max(range(3000), key=lambda delay: _ratio_db(said, heard, delay, 1, count=200))
    assert _ratio_db(said, heard, best, 1) > least_db


@pytest.mark.parametrize(
    "kind,rate_hz,bit_rate,least_db", [("mp3", 8000, 48000, 70), ("aac", 16000, 96000, 45), ("aac", 8000, 48000, 45)]
)
def test_an_rp2040_encodes_as_fast_as_it_hears(studio, tmp_path, kind, rate_hz, bit_rate, least_db):
    """Its own image at its own pace: a frame that came too late would be missing, and the tone would jump."""
    said = list(_tone_samples(tmp_path, rate_hz))
    it = studio(said, "virtual", warp=True)
    it.run()
    _record_encoded(it, tmp_path, said[: rate_hz * 8 // 10], kind, rate_hz, 1, bit_rate, least_db)


def test_an_rp2040_refuses_what_it_cannot_encode_as_fast_as_it_hears(studio):
    it = studio(tone(8000), "virtual", warp=True)
    it.run()
    it.do("manager.start(format='mp3', sampleRate=44100, numberOfChannels=2, encodeBitRate=128000)")
    data = it.until(lambda data: data["errors"])
    errno, message = data["errors"][0]
    wanted = "operateRecorder:fail not supported: mp3 of 44100 Hz, numberOfChannels 2: to encode it takes this board "
    assert (errno, data["events"]) == (100, []) and message.startswith(wanted)
    taken, _, rest = message[len(wanted) :].partition("%")
    assert int(taken) > 200 and rest == " of its time, and it has 31%"
    data, file = it.record(format="wav", sampleRate=16000, numberOfChannels=1, duration=100)
    assert samples_of(file[46:]) == tone(1600)[1:] and len(data["errors"]) == 1


def _tone_samples(folder, rate_hz):
    path = _tone(folder, rate_hz, 1, 1.5)
    return struct.unpack(f"<{(path.stat().st_size - 44) // 2}h", path.read_bytes()[44:])


UPLOADING = """
        self.parts = []
        self.path = wx.env.USER_DATA_PATH + "/frame%d"
        manager.onFrameRecorded(self.onFrame)

    async def onFrame(self, res):
        number = self.data["frames"]
        self.setData({"frames": number + 1})
        path = self.path % number
        fs = wx.getFileSystemManager()
        fs.writeFileSync(path, res.frameBuffer)
        await wx.uploadFile(url="%s", filePath=path, name="frame", formData={"number": number, "last": res.isLastFrame})
        fs.unlinkSync(path)
        self.setData({"sent": self.data["sent"] + 1})
"""
SENDING = """
        self.task = wx.connectSocket(url="%s")
        manager.onFrameRecorded(lambda res: self.task.send(data=res.frameBuffer))
        self.task.onOpen(lambda res: self.add("Open"))
"""


class _Uploads(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields = {}
        for part in body.split(b"--" + self.headers["Content-Type"].partition("boundary=")[2].strip('"').encode()):
            head, _, content = part.partition(b"\r\n\r\n")
            if b'name="' in head:
                fields[head.split(b'name="')[1].split(b'"')[0].decode()] = content[:-2]
        self.server.parts[int(fields["number"])] = (fields["frame"], fields["last"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        frames = b"".join(self.server.parts[number][0] for number in sorted(self.server.parts))
        body = wav(samples_of(frames)) if self.path.endswith(".wav") else frames
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def uploads():
    """A server that keeps what is uploaded, by its number."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Uploads) as server:
        server.parts = {}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@TARGETS
@pytest.mark.parametrize("options", [{"format": "mp3", "encodeBitRate": 48000}, {"format": "PCM"}])
def test_frames_are_uploaded_while_it_records_and_are_the_file(studio, uploads, name, options):
    it = studio(tone(40000), name)
    it.run(UPLOADING.replace("%s", "http://127.0.0.1:%d/" % uploads.server_address[1]))
    data, file = it.record(frameSize=4, sampleRate=16000, numberOfChannels=1, duration=2000, **options)
    data = it.until(lambda data: data["sent"] == data["frames"])
    parts = [uploads.parts[number] for number in range(data["frames"])]
    assert b"".join(part for part, _ in parts) == file and len(parts) >= 3 and data["errors"] == []
    assert [last.lower() for _, last in parts] == [b"false"] * (len(parts) - 1) + [b"true"]


PLAYING = """
import wx
ended = []
async def play():
    res = await wx.downloadFile(url=%r)
    context = wx.createInnerAudioContext()
    context.onEnded(ended.append)
    context.src = res.tempFilePath
    context.play()
kiosk.run(play())
"""


@TARGETS
@pytest.mark.parametrize(
    "options,suffix", [({"format": "PCM"}, "wav"), ({"format": "mp3", "encodeBitRate": 96000}, "mp3")]
)
def test_what_was_said_goes_up_while_it_is_recorded_comes_down_and_is_heard(studio, uploads, name, options, suffix):
    said = tone(24000)
    it = studio(said, name)
    url = "http://127.0.0.1:%d/" % uploads.server_address[1]
    it.run(UPLOADING.replace("%s", url))
    it.record(frameSize=4, sampleRate=16000, numberOfChannels=1, duration=1500, **options)
    it.until(lambda data: data["sent"] == data["frames"] and data["frames"] > 2)
    it.kiosk.exec(PLAYING % (url + "sound." + suffix))
    end = time.monotonic() + _LIMIT_S
    while it.kiosk.exec("print(len(ended))").strip() != "1":
        assert time.monotonic() < end
        time.sleep(0.1)
    heard = sounds(it.speaker)
    if suffix == "wav":
        assert heard[:24000] == said
    else:
        best = max(range(3000), key=lambda delay: _ratio_db(said[:16000], heard, delay, 1, count=200))
        assert _ratio_db(said[:16000], heard, best, 1) > 40


@TARGETS
def test_frames_go_over_a_websocket_and_are_the_file(studio, name):
    got = []

    def keep(connection):
        try:
            got.extend(connection)
        except ConnectionClosed:
            return

    with serve(keep, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        it = studio(tone(40000), name)
        it.run(SENDING.replace("%s", "ws://127.0.0.1:%d/" % server.socket.getsockname()[1]))
        it.until(lambda data: "Open" in data["events"])
        _, file = it.record(format="PCM", frameSize=2, sampleRate=16000, numberOfChannels=1, duration=1500)
        end = time.monotonic() + _LIMIT_S
        while sum(map(len, got)) < len(file) and time.monotonic() < end:
            time.sleep(0.05)
        server.shutdown()
    assert b"".join(got) == file and samples_of(file) == tone(24000)


@TARGETS
def test_what_was_recorded_is_played(studio, name):
    said = tone(9000)
    it = studio(said, name)
    it.run()
    data, _ = it.record(format="wav", sampleRate=16000, numberOfChannels=1, duration=500)
    path = "/data/test/" + data["file"][len("wxfile://") :]
    it.kiosk.exec(
        "from kiosk.media.player import Player\nfrom kiosk.media.wav import WavReader\nevents = []\n"
        f"async def opened(src):\n    return WavReader(open(src, 'rb'))\n"
        f"player = Player(opened, lambda *event: events.append(event[0]))\nplayer.src = {path!r}\nplayer.play()"
    )
    end = time.monotonic() + _LIMIT_S
    while "Ended" not in it.kiosk.exec("print(events)"):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert sounds(it.speaker)[:8000] == said[:8000]


def test_a_loop_that_stands_still_for_80_ms_loses_nothing(studio):
    """On the RP2040's own image, whose ring of 100 ms goes on filling; what the flash takes is in it, too."""
    said = tone(30000)
    it = studio(said, "virtual", warp=True)
    it.run()
    it.do(
        "import asyncio, time\nasync def stall():\n    for _ in range(4):\n        await asyncio.sleep_ms(60)\n"
        "        time.sleep_ms(80)\nasync def later():\n    await asyncio.sleep_ms(300)\n    await stall()\n"
        "asyncio.create_task(later())"
    )
    data, file = it.record(format="wav", sampleRate=16000, numberOfChannels=1, duration=1500)
    # The first word is cut: no word select comes before it.
    assert samples_of(file[46:]) == said[1:24000] and data["errors"] == []


def test_the_old_calls(studio):
    it = studio(tone(40000))
    it.run()
    it.kiosk.exec(
        "import wx, asyncio\ndone = []\nwx.startRecord(success=done.append, fail=done.append)\n"
        "async def later():\n    await asyncio.sleep_ms(500)\n    await wx.stopRecord()\nkiosk.run(later())",
    )
    end = time.monotonic() + _LIMIT_S
    while True:
        text = it.kiosk.exec("import json\nprint(json.dumps(done))")
        if json.loads(text):
            break
        assert time.monotonic() < end
        time.sleep(0.1)
    result = json.loads(text)[0]
    assert result["errMsg"] == "startRecord:ok" and result["tempFilePath"].endswith(".mp3")
    assert len(it.file(result["tempFilePath"])) > 500


def test_a_microphone_whose_line_stands_still(studio):
    it = studio()
    it.run()
    it.kiosk.exec("import board\nfrom kiosk.media import recorder\nmicrophone = recorder.current()._microphone\n"
                  "open_line = microphone.open\n"
                  "def stuck(rate_hz):\n    open_line(rate_hz)\n    microphone._i2s.deinit()\nmicrophone.open = stuck")  # fmt: skip
    it.do("manager.start(format='wav')")
    data = it.until(lambda data: data["errors"])
    assert data["errors"] == [[5, "operateRecorder:fail timeout: the microphone gives nothing"]]
    it.kiosk.exec("microphone.open = open_line")
    it.record(format="wav", duration=100)


def test_hidden_and_shown_again(studio):
    it = studio(tone(1000))
    it.run()
    it.do("manager.start(format='wav')")
    it.until(lambda data: data["events"] == ["Start"])
    it.kiosk.hide()
    it.until(lambda data: data["events"] == ["Start", "InterruptionBegin", "Pause"])
    it.kiosk.show()
    it.until(lambda data: data["events"][3:] == ["InterruptionEnd"])
    it.do("manager.resume()\nmanager.stop()")
    data = it.until(lambda data: "Stop" in data["events"])
    assert data["events"][4:] == ["Resume", "Stop"] and data["errors"] == []


def test_hidden_for_five_seconds(studio):
    it = studio(tone(1000))
    it.run()
    it.do("manager.start(format='wav')")
    it.until(lambda data: data["events"] == ["Start"])
    it.kiosk.hide()
    data = it.until(lambda data: "Stop" in data["events"])
    assert data["events"] == ["Start", "InterruptionBegin", "Pause", "Stop"] and data["errors"] == []
    it.do("manager.start(format='wav')")
    data = it.until(lambda data: data["errors"])
    assert data["errors"] == [[1001, "operateRecorder:fail not in the background"]]


@TARGETS
def test_closing_gives_everything_back(studio, name):
    """The microphone, the file, the encoder's memory: the next one finds all as it was."""
    it = studio(tone(40000), name)
    used = []
    for _ in range(4):
        it.run()
        it.do("manager.start(format='mp3', sampleRate=16000, numberOfChannels=1)")
        it.until(lambda data: data["events"] == ["Start"])
        it.kiosk.stop()
        assert it.kiosk.exec("import os\nprint(os.listdir('/data/test'))").strip() in ("[]", "['usr']")
        used.append(it.kiosk.state()["heapUsed"])
    assert used[-1] - used[1] < 4096, used
    it.run()
    _, file = it.record(format="PCM", sampleRate=16000, numberOfChannels=1, duration=100)
    assert samples_of(file) == tone(1600)


def test_what_recording_takes_of_the_heap(studio):
    """38 KB however long it is, with a page and all modules and a ring of 300 ms, 19 KB here and twice that on an RP2040;
    51 KB more for MP3."""
    it = studio(tone(40000), "unix32")
    it.run()
    taken = {}
    for kind, duration in (("wav", 600000), ("mp3", 60000)):
        before = it.kiosk.state()["heapUsed"] if taken else _without_chapter(it)
        it.do(f"manager.start(format={kind!r}, sampleRate=16000, numberOfChannels=1, duration={duration})")
        it.until(lambda data: data["events"][-1:] == ["Start"])
        taken[kind] = it.kiosk.state()["heapUsed"] - before
        it.do("manager.stop()")
        it.until(lambda data: data["events"][-1:] == ["Stop"])
    assert taken["wav"] < 38 * 1024 and taken["mp3"] < 89 * 1024, taken


def _without_chapter(it):
    # What is used when a mini-program runs that has not recorded.
    it.kiosk.program({"pages/index/index.py": "@Page\nclass Index:\n    data = {}\n"}, "other")
    assert it.kiosk.launch("other")["errMsg"] == "launch:ok"
    used = it.kiosk.state()["heapUsed"]
    it.run()
    return used


def test_the_disk_is_full(studio):
    it = studio(tone(40000), flash_kb=256)
    it.run()
    it.do("manager.start(format='wav', sampleRate=48000, numberOfChannels=2)")
    data = it.until(lambda data: "Stop" in data["events"])
    assert data["errors"] == [[1300202, "operateRecorder:fail no space left on device"]]
    file = it.file(data["file"])
    said = [value for value in tone(40000) for _ in range(2)][: (len(file) - 44) // 2]
    assert file[:44] == wav(samples_of(file[44:]), 48000, 2)[:44]
    assert samples_of(file[44:])[: len(said)] == said and len(file) > 100000


def test_it_is_asked_once_and_remembered(studio):
    it = studio(tone(40000))
    it.run(allow=None)
    options = {"format": "PCM", "sampleRate": 16000, "numberOfChannels": 1, "duration": 100}
    it.do(f"manager.start({options!r})")
    end = time.monotonic() + _LIMIT_S
    while it.kiosk.permission()["asked"] != ["scope.record"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert it.data()["events"] == []
    it.kiosk.permission("scope.record", "allow")
    it.until(lambda data: data["events"] == ["Start", "Stop"])
    it.run(allow=None)
    it.record(**options)
    it.kiosk.permission("scope.record", "refuse")
    it.run(allow=None)
    it.do(f"manager.start({options!r})")
    data = it.until(lambda data: data["errors"])
    assert data["errors"] == [[103, "operateRecorder:fail auth deny"]] and data["events"] == []
    assert "asks for scope.record" in it.kiosk.errors
    it.kiosk.policy("scope.record", "allow")
    it.run(allow=None)
    it.record(**options)


def test_no_microphone_is_wired(tmp_path):
    kiosk = Kiosk("unix", tmp_path)
    try:
        kiosk.program()
        assert kiosk.launch("test", allow=["scope.record"])["errMsg"] == "launch:ok"
        result = kiosk.call("startRecord", {})
        assert result == {"errMsg": "startRecord:fail not supported: no microphone", "errno": 100}
    finally:
        kiosk.close()


RUN = """
import wx
manager = wx.getRecorderManager()

@Page
class Index:
    def onLoad(self, query):
        manager.onStop(self.onEnd)
        manager.onError(self.onEnd)
        manager.start(format="wav", sampleRate=16000, numberOfChannels=1, duration=100)

    def onEnd(self, res):
        print(res.get("errMsg") or wx.getFileSystemManager().readFileSync(res.tempFilePath, "hex"))
        wx.exitMiniProgram()
"""


def test_kiosk_run_allows_what_it_is_told(tmp_path, capfd):
    app = tmp_path / "app"
    (app / "pages" / "index").mkdir(parents=True)
    (app / "app.json").write_text('{"pages": ["pages/index/index"]}')
    (app / "pages" / "index" / "index.py").write_text(RUN)
    (tmp_path / "in.wav").write_bytes(wav(tone(3000)))
    command = ["run", str(app), "--headless", "--timeout", "60", "--mic", str(tmp_path / "in.wav")]
    assert main([*command, "--allow", "scope.camera,scope.record"]) == 0
    assert capfd.readouterr().out.strip() == wav(tone(1600)).hex()
    for options in ([], ["--allow", "scope.camera"]):
        assert main([*command, *options]) == 0
        assert capfd.readouterr().out.strip() == "operateRecorder:fail auth deny"
    with pytest.raises(SystemExit) as ended:
        main([*command, "--allow", "record"])
    assert ended.value.code == 2 and "no scope: 'record'" in capfd.readouterr().err
