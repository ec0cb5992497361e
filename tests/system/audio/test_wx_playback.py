"""Mini-programs that play: what comes out of the I2S line, which events are heard, and what is left when they close."""

import subprocess
import time

import pytest

from host_tools.models.audio import Speaker
from host_tools.models.wiring import I2sWiring
from tests.system.audio.conftest import NO_AAC, SPEAKER
from tests.system.audio.test_sound import largest_step, tone, wav
from tests.system.audio.waiting import ask, sounds

LIMIT_S = 90
HEAPS = pytest.mark.parametrize("heap", [None, 190 * 1024], ids=["unix", "unix32"])
PAGE = """
import wx

EVENTS = ("Canplay", "Play", "Pause", "Stop", "Ended", "Waiting", "Seeking", "Seeked")

def listen(target):
    for name in EVENTS:
        if hasattr(target, "on" + name):
            getattr(target, "on" + name)(lambda res, name=name: print(name))
    target.onError(lambda res: print("Error", res.errCode, res.errMsg))

@Page
class Index:
    data = {}
    def onLoad(self, query):
%s
"""


GENTLE = [min(at, 16000 - at) // 2 for at in range(16000)]  # begins and ends with silence, so a step is a click


def flat(value, count):
    """A sound that comes up gently."""
    return [value * at // 80 for at in range(80)] + [value] * count


# Modules that the mini-program's sounds have loaded and that are still there.
LEFT = "[name for name in __import__('sys').modules if name.startswith(('kiosk.media', 'wx.', 'audio', 'sound'))]"


class Scene:
    """A kiosk with a loudspeaker and one mini-program, whose package has sounds of 16 kHz."""

    def __init__(self, make_kiosk, heap):
        self.speaker = Speaker()
        settings = {"chips": [I2sWiring(self.speaker, *SPEAKER)]}
        if heap:
            settings["heap"] = heap
        self.kiosk = make_kiosk(**settings)

    def run(self, script, sounds, pages=(), appid="test", **config):
        """Launch a page whose onLoad is `script`; sounds: name -> samples, pages: name -> script."""
        folder = self.kiosk.apps / appid
        folder.mkdir(parents=True, exist_ok=True)
        for name, samples in sounds.items():
            (folder / name).write_bytes(samples if isinstance(samples, bytes) else wav(samples))
        paths = ["pages/index/index", *(f"pages/{name}/{name}" for name in dict(pages))]
        files = {"app.json": repr({"pages": paths, **config}).replace("'", '"')}
        for path, text in zip(paths, [script, *dict(pages).values()]):
            lines = "\n".join("        " + line for line in text.strip().splitlines())
            files[path + ".py"] = PAGE % lines
        assert self.kiosk.run(files, appid)["errMsg"] == "launch:ok"

    def until(self, line, count=1):
        """Wait until a line has been printed so often; return all lines."""
        end = time.monotonic() + LIMIT_S
        while True:
            lines = self.kiosk.output.splitlines()
            if lines.count(line) >= count:
                return lines
            assert time.monotonic() < end, f"{line} did not come: {lines}\n{self.kiosk.errors}"
            time.sleep(0.05)

    def idle(self):
        """Wait until the speaker was given back."""
        end = time.monotonic() + LIMIT_S
        while not ask(self.kiosk, "__import__('kiosk.media.mixer').media.mixer.current().is_idle"):
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.fixture
def scene(make_kiosk, request):
    """A Scene on the emulator; `heap` of the test's parameters is a board's."""
    return Scene(make_kiosk, request.node.callspec.params.get("heap") if hasattr(request.node, "callspec") else None)


@HEAPS
def test_a_context_plays_bit_for_bit_and_tells_of_it_in_order(scene, heap):
    """Rule 15: from src to the end."""
    said = tone(8000)
    scene.run(
        """
self.audio = wx.createInnerAudioContext()
listen(self.audio)
self.audio.onEnded(lambda res: print(self.audio.duration, self.audio.paused, self.audio.currentTime))
self.audio.src = "/said.wav"
self.audio.play()
print("returned")
""",
        {"said.wav": said},
    )
    lines = scene.until("0.5 True 0.0")
    assert lines == ["returned", "Canplay", "Play", "Ended", "0.5 True 0.0"]
    scene.idle()
    for side in (0, 1):
        heard = sounds(scene.speaker, side)
        assert heard[:8000] == said and len(heard) <= 8080  # and a ramp to silence
        assert scene.speaker.side(side)[-1] == 0
    assert scene.kiosk.errors == ""


@HEAPS
def test_stop_begins_anew_pause_goes_on_and_seek_is_exact(scene, heap):
    """Rule 15: stop, pause, currentTime, no event after destroy."""
    scene.run(
        """
self.audio = wx.createInnerAudioContext()
listen(self.audio)
self.audio.src = "/said.wav"
async def drive():
    import asyncio
    self.audio.play()
    while self.audio.currentTime < 0.3:
        await asyncio.sleep_ms(10)
    self.audio.pause()
    self.audio.seek(1.25)
    print("at", self.audio.currentTime)
    await asyncio.sleep_ms(400)
    self.audio.play()
    await asyncio.sleep_ms(300)
    self.audio.stop()
    self.audio.currentTime = 1.9
    self.audio.play()
    await asyncio.sleep_ms(100)
    while not self.audio.paused:
        await asyncio.sleep_ms(10)
    await asyncio.sleep_ms(50)
    self.audio.destroy()
    self.audio.play()
    await asyncio.sleep_ms(100)
    print("done")
drive_task = setTimeout(drive, 0)
""",
        {"said.wav": [at // 4 + 1 for at in range(32000)]},
    )
    lines = scene.until("done")
    assert lines[: lines.index("at 1.25")] == ["Canplay", "Play"]
    assert lines[lines.index("at 1.25") + 1 :] == [
        *("Pause", "Seeking", "Seeked", "Play", "Stop", "Seeking", "Seeked", "Canplay", "Play", "Ended", "done")
    ]
    scene.idle()
    heard = sounds(scene.speaker)
    assert 20000 // 4 + 25 in heard and 30400 // 4 + 25 in heard  # 1.25 s and 1.9 s, behind the ramps
    assert max(heard) == 8000 and 16000 // 4 not in heard  # what was between was never played
    assert largest_step([0, *heard, 0]) <= 8000 // 80 + 1


def test_what_cannot_be_played_says_so_and_the_rest_goes_on(scene):
    """Rule 15: errCode."""
    scene.run(
        """
self.audios = []
for src in "/gone.wav", "/text.wav", "", "/said.wav":
    audio = wx.createInnerAudioContext()
    listen(audio)
    audio.src = src
    audio.play()
    self.audios.append(audio)
self.audios[-1].volume = "loud"
""",
        {"said.wav": tone(1600), "text.wav": b"this is no sound"},
    )
    lines = scene.until("Ended")
    errors = [line.split()[1] for line in lines if line.startswith("Error")]
    assert sorted(errors) == ["-1", "10003", "10003", "10004"], lines
    assert sounds(scene.speaker)[:1600] == tone(1600)


@pytest.mark.parametrize("name", ["x.mp3", pytest.param("x.m4a", marks=NO_AAC), pytest.param("x.aac", marks=NO_AAC)])
def test_what_ffmpeg_has_encoded_is_played_and_its_place_is_found(scene, tmp_path, name):
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000:duration=2", "-ac", "1"]
        + ["-b:a", "48k", str(tmp_path / name)],
        check=True,
    )
    scene.run(
        f"""
self.audio = wx.createInnerAudioContext()
listen(self.audio)
self.audio.src = "/{name}"
self.audio.startTime = 1.0
self.audio.onPlay(lambda res: print("duration", round(self.audio.duration * 10)))
self.audio.play()
""",
        {name: (tmp_path / name).read_bytes()},
    )
    lines = scene.until("Ended")
    assert [line for line in lines if line != "Waiting"] in (
        ["Canplay", "Play", f"duration {tenths}", "Ended"] for tenths in (20, 21, 22)
    )
    scene.idle()
    heard = sounds(scene.speaker)
    assert 15000 < len(heard) < 18500 and max(heard) > 3000  # the second half, and what coders add at the end
    crossings = sum(1 for before, after in zip(heard, heard[1:]) if before < 0 <= after)
    assert 420 < crossings < 500  # 440 a second


BGM = """
self.music = wx.getBackgroundAudioManager()
listen(self.music)
self.music.title = "Song"
self.music.src = "/said.wav"
"""


@HEAPS
def test_music_goes_on_across_pages(scene, heap):
    """Rule 16: src begins it, and no page ends it."""
    said = tone(16000)
    scene.run(
        BGM + 'self.music.onPlay(lambda res: wx.redirectTo(url="/pages/second/second"))',
        {"said.wav": said},
        {"second": 'print("second", wx.getBackgroundAudioManager().src)'},
    )
    lines = scene.until("Ended")
    assert lines == ["Canplay", "Play", "second /said.wav", "Ended"]
    scene.idle()
    assert sounds(scene.speaker)[:16000] == said


@pytest.mark.parametrize("modes", [["audio"], []], ids=["allowed", "not allowed"])
def test_music_while_the_mini_program_is_hidden(scene, modes):
    said = flat(9000, 24000)
    scene.run(BGM, {"said.wav": said}, requiredBackgroundModes=modes)
    scene.until("Play")
    scene.kiosk.exec("kiosk.hide()")
    if modes:
        assert scene.until("Ended") == ["Canplay", "Play", "Ended"]
        scene.idle()
        assert sounds(scene.speaker)[:24079] == said[1:]
        return
    scene.until("Pause")
    scene.idle()
    assert len(sounds(scene.speaker)) < 24000
    scene.kiosk.exec("kiosk.show()")
    scene.kiosk.exec("wx.getBackgroundAudioManager().play()")
    assert scene.until("Ended") == ["Canplay", "Play", "Pause", "Play", "Ended"]
    scene.idle()
    assert largest_step([0, *sounds(scene.speaker), 0]) <= 9000 // 80 + 1


def test_music_without_a_title_and_the_panel(scene):
    """Rule 16: title is required; onPrev, onNext."""
    scene.run(
        """
self.music = wx.getBackgroundAudioManager()
listen(self.music)
self.music.onPrev(lambda res: print("Prev"))
self.music.onNext(lambda res: print("Next"))
self.music.src = "/said.wav"
""",
        {"said.wav": tone(800)},
    )
    scene.until("Error -1 operateBackgroundAudio:fail parameter error: title is nil!")
    scene.kiosk.exec("from kiosk.media import panel\npanel.press('previous')\npanel.press('next')")
    assert scene.until("Next")[1:] == ["Prev", "Next"]
    assert sounds(scene.speaker) == []


def test_a_voice_ducks_the_music_and_the_same_file_resumes(scene):
    """Rule 16: one voice at a time, the same file resumes."""
    scene.run(
        BGM
        + """
self.music.onPlay(lambda res: setTimeout(speak, 100))
async def speak():
    import asyncio
    first = wx.playVoice(filePath="/voice.wav")
    await asyncio.sleep_ms(300)
    await wx.pauseVoice()
    await asyncio.sleep_ms(200)
    second = wx.playVoice(filePath="/voice.wav")
    print((await first).errMsg, (await second).errMsg)
    self.music.stop()
""",
        {"said.wav": flat(8000, 80000), "voice.wav": [1] * 8000},
    )
    scene.until("playVoice:ok playVoice:ok")
    scene.until("Stop")
    scene.idle()
    heard = sounds(scene.speaker)
    assert heard.count(2001) > 8000 - 4 * 80 - 10  # the voice of 1 over a quarter of 8000, whole but for its ramps
    assert heard.count(8000) > 1600
    assert largest_step([0, *heard, 0]) <= 8000 // 80 + 2


@pytest.mark.parametrize("heap", [190 * 1024], ids=["unix32"])
def test_closing_gives_speaker_and_memory_back(scene, heap):
    script = """
self.audios = []
for number in range(8):
    audio = wx.createInnerAudioContext()
    audio.src = "/said.wav"
    audio.volume = 0.1
    audio.loop = True
    audio.play()
    self.audios.append(audio)
audio.onTimeUpdate(lambda res: print("plays"))
wx.playVoice(filePath="/said.wav")
wx.playBackgroundAudio(dataUrl="/said.wav")
"""
    used = []
    for count in range(1, 7):
        scene.run(script, {"said.wav": GENTLE})
        scene.until("plays", count)
        scene.kiosk.stop()
        used.append(scene.kiosk.state()["heapUsed"])
        heard = scene.speaker.side(0)
        assert heard[-1] == 0 and largest_step(heard) <= 32768 // 80 + 1  # it faded out
        assert ask(scene.kiosk, LEFT) == []
        count = len(scene.speaker.words)
        time.sleep(0.3)
        assert len(scene.speaker.words) == count  # the line is at rest
    # The collector is conservative: now and then a stale word keeps what one of them had.  What leaks, leaks each time.
    assert min(used[3:]) - min(used[:3]) < 2048, used
    assert scene.kiosk.errors == ""


def test_another_mini_program_plays_after_one_that_was_stopped_in_the_middle(scene):
    scene.run(
        "wx.playVoice(filePath='/said.wav')\nsetTimeout(lambda: print('plays'), 300)", {"said.wav": [9000] * 80000}
    )
    scene.until("plays")
    said = tone(1600)
    scene.run(
        "wx.playVoice(filePath='/said.wav', success=lambda res: print(res.errMsg))", {"said.wav": said}, appid="other"
    )
    scene.until("playVoice:ok")
    scene.idle()
    assert sounds(scene.speaker)[-len(said) - 80 :].count(9000) == 0
    heard = sounds(scene.speaker)
    assert any(heard[at : at + 1600] == said for at in range(len(heard) - 1680, len(heard) - 1599))


def test_a_mini_program_that_stalls_while_it_plays_is_stopped_and_the_speaker_too(scene):
    scene.run(
        "wx.playVoice(filePath='/said.wav')\ndef stall():\n    print('stalls')\n    while True:\n        pass\nsetTimeout(stall, 300)",
        {"said.wav": [9000] * 80000},
    )
    scene.until("stalls")
    end = time.monotonic() + LIMIT_S
    while scene.kiosk.state()["running"]:
        assert time.monotonic() < end
        time.sleep(0.1)
    count = len(scene.speaker.words)
    time.sleep(0.3)
    assert len(scene.speaker.words) == count and "Stalled" in scene.kiosk.errors
