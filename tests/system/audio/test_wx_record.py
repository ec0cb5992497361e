"""Whole mini-programs that record: what the microphone's wires carry is what ends up in files, on servers, on the speaker."""

import json
import struct
import time

import pytest

from host_tools.cli.main import main
from tests.conftest import Kiosk
from tests.system.audio.studio import LIMIT_S, TARGETS, samples_of
from tests.system.audio.test_codecs import _by_ffmpeg, _ratio_db, _tone
from tests.system.audio.test_sound import tone, wav
from tests.system.audio.waiting import sounds


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
    end = time.monotonic() + LIMIT_S
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
    end = time.monotonic() + LIMIT_S
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
    end = time.monotonic() + LIMIT_S
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
