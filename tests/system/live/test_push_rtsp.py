"""<live-pusher> publishes over RTSP: ffmpeg receives the numbers that the camera shows, and the sound that the microphone hears."""

import pytest

from tests.system.audio.test_sound import tone
from tests.system.live.conftest import COUNT
from tests.system.live.peers import Listener


@pytest.fixture
def listener(tmp_path):
    """`listener(...)`: a Listener that ends with the test."""
    started = []

    def start(**options):
        folder = tmp_path / f"heard{len(started)}"
        folder.mkdir()
        started.append(Listener(folder, **options))
        return started[-1]

    yield start
    for one in started:
        one.close()


def follows(numbers):
    """Whether each picture is the next of those that there are, or a later one: none twice, none from before."""
    steps = [(after - before) % COUNT for before, after in zip(numbers, numbers[1:])]
    return None not in numbers and all(1 <= step <= 8 for step in steps)


def test_ffmpeg_receives_the_numbers_and_the_sound(stage, listener):
    """With 4 MB of heap: in a board's 190 KB a microphone finds no 19 KB in one piece beside the preview, and -1302 is told."""
    said = tone(16000)
    server = listener()
    it = stage(server.url, said=said)
    assert it.call("start") == {"errMsg": "operateLivePusher:ok"}
    it.reaches(1002)
    it.until(lambda: any(kind == "netstatus" and detail["info"]["videoFPS"] > 2 for kind, detail in it.app.log()))
    it.until(lambda: len([1 for kind, _ in it.app.log() if kind == "netstatus"]) > 2)
    info = it.info()
    assert (
        (info["videoWidth"], info["videoHeight"]) == (160, 120)
        and info["videoBitrate"] > 0
        and info["audioBitrate"] > 50
    )
    assert info["netSpeed"] == info["videoBitrate"] + info["audioBitrate"]
    assert it.call("stop")["errMsg"] == "operateLivePusher:ok"
    numbers, samples, log = server.finish()
    assert len(numbers) > 10 and follows(numbers), log
    at = samples.index(said[1000])
    assert any(samples[at : at + 4000] == said[first : first + 4000] for first in (1000,)), samples[at : at + 20]
    assert it.codes()[:4] == [1003, 1001, 1002, 1007] or sorted(it.codes()[:4]) == [1001, 1002, 1003, 1007]


def test_low_quality_is_mu_law(stage, listener):
    """Within what G.711 loses: a sixteenth of the sample, and a little."""
    said = tone(16000)
    server = listener(has_picture=False)
    it = stage(server.url, 'audio-quality="low" enable-camera="{{false}}"', said=said)
    assert it.call("start") == {"errMsg": "operateLivePusher:ok"}
    it.until(lambda: any(kind == "netstatus" and detail["info"]["audioBitrate"] > 50 for kind, detail in it.app.log()))
    assert it.codes() == [1001, 1002] and it.info()["videoFPS"] == 0
    it.call("stop")
    _, samples, log = server.finish()
    assert "pcm_mulaw, 8000 Hz, mono" in log

    def is_close(at):
        return all(
            abs(one - other) <= abs(other) / 16 + 8 for one, other in zip(samples[at : at + 400], said[1000:1400])
        )

    assert any(is_close(at) for at in range(min(len(samples) - 400, 3000)))


def test_in_the_background_nothing_is_seen_or_heard(stage, listener):
    server = listener()
    it = stage(server.url, said=tone(16000))
    it.call("start")
    it.reaches(1002)
    it.until(lambda: any(kind == "netstatus" and detail["info"]["videoFPS"] for kind, detail in it.app.log()))
    is_open = "from kiosk.media import recorder\nprint(lens.made[-1][1].is_open, recorder.current().is_open)"
    assert it.app.target.exec(is_open).split() == ["True", "True"]
    it.app.target.exec("from kiosk import supervisor\nsupervisor.set_visible(False)")
    it.until(lambda: it.app.target.exec(is_open).split() == ["False", "False"])
    begun = it.app.target.exec("print(lens.made[-1][1].begun)")
    it.app.target.exec("supervisor.set_visible(True)")
    it.until(lambda: it.app.target.exec(is_open).split() == ["True", "True"])
    it.until(lambda: it.app.target.exec("print(lens.made[-1][1].begun)") != begun)
    it.call("stop")
    numbers, _, log = server.finish()
    assert numbers and None not in numbers, log


def test_a_page_that_is_left_ends_its_stream(stage, listener):
    server = listener()
    it = stage(server.url)
    it.call("start")
    it.reaches(1007)
    it.reaches(1002)
    it.app.target.exec("import wx\nwx.exitMiniProgram()")
    server.finish()
    it.until(lambda: it.app.target.exec("from kiosk import camera\nprint(camera._task)").strip() == "None")
