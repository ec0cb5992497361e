"""<live-player> plays what GStreamer serves over RTSP: the numbers in its pictures are seen, the tone is heard."""

import io

import pytest
from PIL import Image

from tests.system.live.conftest import SIZE, number_of
from tests.system.live.peers import NUMBERS, GstServer, film


@pytest.fixture
def serve(tmp_path):
    """`serve(**options)`: a GstServer with a film of NUMBERS that ends with the test."""
    made = []

    def start(sound_hz=16000, **options):
        path = film(tmp_path / "film", sound_hz=sound_hz)
        made.append(GstServer(tmp_path / "gst", path, **options))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.mark.parametrize("name,sound,hz", [("unix32", "rtpL16pay", 16000), ("unix", "mulawenc ! rtppcmupay", 8000)])
def test_numbers_are_seen_and_the_tone_is_heard(watch, serve, name, sound, hz):
    server = serve(sound=sound, sound_hz=hz)
    it = watch(server.url, name=name)
    assert it.call("play") == {"errMsg": "operateLivePlayer:ok"}
    it.sees(NUMBERS)
    it.hears()
    it.until(lambda: any(kind == "netstatus" and detail["info"]["videoFPS"] for kind, detail in it.app.log()))
    codes = it.codes()
    assert codes[:3] == [2001, 2002, 2007] and {2003, 2004, 2009} <= set(codes) and not {2101, 2102, 2103} & set(codes)
    info = it.info()
    assert (
        (info["videoWidth"], info["videoHeight"]) == (160, 120)
        and info["videoBitrate"] > 0
        and info["audioBitrate"] > 50
    )
    assert info["netSpeed"] == info["videoBitrate"] + info["audioBitrate"]
    assert it.call("stop")["errMsg"] == "operateLivePlayer:ok"


def test_a_pause_a_snapshot_and_silence(watch, serve):
    it = watch(serve().url, 'autoplay="{{true}}"')
    it.sees(NUMBERS[:1])
    result = it.call("snapshot", "quality='raw', ")
    assert result["errMsg"] == "operateLivePlayer:ok" and (result["width"], result["height"]) == (160, 120)
    path = it.app.target.exec(
        f"from kiosk import files\nprint(files.current().readable({result['tempImagePath']!r}))"
    ).strip()
    gray = Image.open(io.BytesIO(it.app.target.get(path))).convert("L").tobytes()
    assert number_of(gray) in NUMBERS
    assert it.call("mute")["errMsg"] == "operateLivePlayer:ok"
    it.until(lambda: it.speaker.side(0)[-2000:] == [0] * 2000, "silence")
    it.call("mute")
    it.hears()
    assert it.call("pause")["errMsg"] == "operateLivePlayer:ok"
    it.until(lambda: it.info()["videoFPS"] == 0 and it.speaker.side(0)[-2000:] == [0] * 2000, "a pause")
    still = it.number()
    it.until(lambda: it.info()["videoBitrate"] > 0)
    assert still in NUMBERS and it.number() == still
    assert it.call("resume")["errMsg"] == "operateLivePlayer:ok"
    it.sees(NUMBERS)
    it.hears()
    assert 2103 not in it.codes()


def test_full_screen(watch, serve):
    it = watch(
        serve().url, 'autoplay="{{true}}"', name="unix"
    )  # a picture that is turned takes more than a board has beside sound
    it.sees(NUMBERS[:1])
    assert it.call("requestFullScreen", "direction=0, ")["errMsg"] == "operateLivePlayer:ok"
    assert it.app.heard("fullscreenchange") == {"fullScreen": True, "direction": "vertical"}
    width, height = it.app.image().size
    shown = min(width * 120, height * 160) // 120, min(width * 120, height * 160) // 160  # as large as it goes
    left, top = (width - shown[0]) // 2, (height - shown[1]) // 2

    def number():
        part = it.app.image().crop((left, top, left + shown[0], top + shown[1])).resize(SIZE)
        return number_of(part.convert("L").tobytes())

    it.until(lambda: number() in NUMBERS, "a number on all of the screen")
    assert it.call("requestFullScreen", "direction=45, ")["errMsg"].endswith(
        "parameter.direction should be 0, 90 or -90;"
    )
    assert it.call("requestFullScreen", "direction=90, ")["errMsg"] == "operateLivePlayer:ok"
    turned = min(width * 160, height * 120) // 160, min(width * 160, height * 120) // 120

    def turned_number():
        left, top = (width - turned[0]) // 2, (height - turned[1]) // 2
        part = it.app.image().crop((left, top, left + turned[0], top + turned[1])).rotate(90, expand=True).resize(SIZE)
        return number_of(part.convert("L").tobytes())

    it.until(lambda: turned_number() in NUMBERS, "a number that lies on its side")
    assert it.call("exitFullScreen")["errMsg"] == "operateLivePlayer:ok"
    assert it.app.heard("fullscreenchange") == {"fullScreen": False, "direction": "horizontal"}
    it.sees(NUMBERS)
    assert it.app.image().getpixel((width - 2, height - 2)) == (255, 255, 255)


def test_who_may_watch(watch, serve):
    it = watch(serve(password="kiosk:secret").url, 'autoplay="{{true}}"')
    it.sees(NUMBERS)


def test_a_stranger_may_not_watch(watch, serve):
    url = serve(password="kiosk:secret").url
    it = watch(url.replace("secret", "guess"), 'autoplay="{{true}}"')
    it.reaches(-2301)
    assert it.codes().count(2103) == 3 and 3003 in it.codes() and 2001 not in it.codes()
    assert "401" in [detail["message"] for kind, detail in it.app.log() if kind == "statechange"][0]
