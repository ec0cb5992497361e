"""<video> and its VideoContext on a board's heap: what is seen, heard and told."""

import struct

import pytest

from tests.system.audio.soundserver import SoundServer
from tests.system.components.conftest import near
from tests.system.components.pictures import BLACK, RED, jpeg
from tests.system.video.films import film, number_of, sample_at

SMALL = ' style="width:80px;height:60px" '  # few strips: each is a question to a host that has other things to do
PLAIN = 'src="/film.avi" controls="{{false}}"' + SMALL

# The driver of a board that has a codec's name but no codec.
NOBODY = """
from kiosk.media import mixer
class Nobody:
    rates_hz = (16000,)
    ring_ms = 0
    def open(self, rate_hz, channels):
        raise OSError(19, "no speaker")
    def deinit(self):
        pass
mixer._current = mixer.Mixer(Nobody())
"""


def seen(cinema, x=40, y=30):
    """The number of the picture that is on the screen, or None."""
    red, green, blue = cinema.app.image().getpixel((x, y))
    return number_of(green) if abs(red - blue) < 10 else None


def heard(speaker):
    """The samples that went over the wire, without silence."""
    return [value for value in speaker.side(0) if value]


def test_it_plays_from_the_beginning_to_the_end(cinema, tmp_path):
    screen = cinema({"film.avi": film(tmp_path, 1.5)}, PLAIN)
    assert screen.app.heard("loadedmetadata") == {"width": 160, "height": 120, "duration": 1.5}
    screen.call("play()")
    assert screen.app.heard("ended") == {}
    assert screen.names() == ["loadedmetadata", "play", "ended"]
    times = [detail for name, detail in screen.app.log() if name == "timeupdate"]
    assert len(times) >= 3 and all(detail["duration"] == 1.5 for detail in times)
    assert [each["currentTime"] for each in times] == sorted(each["currentTime"] for each in times)
    assert screen.app.heard("progress") == {"buffered": 100}
    assert seen(screen) == 14  # the last picture stays
    samples = heard(screen.speaker)
    assert samples[:12000] == [sample_at(at // 8) for at in range(12000)]


def unfinished(content, pictures):
    """As a recording lies on a flash that is full: no lengths, no index."""
    cut = bytearray(content[: content.rindex(b"idx1")])
    movi = cut.index(b"movi")
    for at in (4, movi - 4, cut.index(b"avih") + 8 + 16, cut.index(b"vids") + 32):
        cut[at : at + 4] = bytes(4)
    assert struct.unpack_from("<I", content, content.index(b"vids") + 32)[0] == pictures
    return bytes(cut)


def test_one_that_was_never_finished_has_a_length_and_places(cinema, tmp_path):
    screen = cinema({"film.avi": unfinished(film(tmp_path, 1.5), 15)}, PLAIN)
    assert screen.app.heard("loadedmetadata") == {"width": 160, "height": 120, "duration": 1.5}
    screen.call("seek(0.75)")
    screen.call("play()")
    assert screen.app.heard("ended") == {}
    assert seen(screen) == 14 and heard(screen.speaker)[100] >= sample_at(750)


@pytest.mark.parametrize("codec", ["adpcm_ima_wav", "pcm_u8"])
def test_other_kinds_of_sound(cinema, tmp_path, codec):
    screen = cinema({"film.avi": film(tmp_path, 1, codec=codec)}, PLAIN + " autoplay")
    screen.app.heard("ended")
    samples = heard(screen.speaker)
    near_by = 600 if codec == "pcm_u8" else 100
    last = [each for each in samples if each > 2000]
    assert len(last) > 2000 and abs(max(samples) - sample_at(1000)) < near_by + 300
    assert all(one <= other + near_by for one, other in zip(last[:3000], last[1:3000]))


def test_without_a_speaker_or_sound_the_clock_is_the_loops(cinema, tmp_path):
    screen = cinema({"film.avi": film(tmp_path, 1)}, PLAIN)
    screen.app.run(
        "import board\nfrom kiosk.media import mixer\nboard.speaker = mixer._current = None\npage.context.play()"
    )
    screen.app.heard("ended")
    assert not screen.speaker.words
    screen.app.run(NOBODY + "page.log = []\npage.context.play()")
    screen.app.heard("ended")
    assert seen(screen) == 9
    mute = cinema({"film.avi": film(tmp_path, 1, sound=False)}, PLAIN + " autoplay", name="unix")
    mute.app.heard("ended")
    assert seen(mute) == 9 and not mute.speaker.words


def test_pause_seek_and_stop(cinema, tmp_path):
    screen = cinema({"film.avi": film(tmp_path, 3)}, PLAIN)
    screen.app.heard("loadedmetadata")
    screen.call("seek(1.25)")
    screen.call("play()")
    screen.app.until(lambda: screen.ask("video.position_ms()") > 1500)
    screen.call("pause()")
    screen.app.heard("pause")
    screen.app.target.wait(100)  # the fade
    at = screen.ask("video.position_ms()")
    screen.app.target.wait(300)
    assert screen.ask("video.position_ms()") == at
    assert heard(screen.speaker)[100] >= sample_at(1250)  # after the ramp
    screen.call("seek(0.5)")  # is seen at once, though it pauses
    screen.app.until(lambda: seen(screen) == 5)
    assert screen.app.heard("seekcomplete") == {"position": 0.5}
    assert screen.ask("video.position_ms()") == 500
    screen.call("play()")
    screen.app.until(lambda: screen.ask("video.position_ms()") > 800)
    screen.call("seek(2.5)")
    screen.app.until(
        lambda: seen(screen) is not None and seen(screen) >= 1 and screen.ask("video.position_ms()") >= 2500
    )
    screen.call("seek(99)")
    screen.app.heard("ended")
    screen.call("play()")
    screen.app.until(lambda: screen.ask("video.position_ms()") > 300)
    screen.call("stop()")
    screen.app.sees(40, 30, BLACK)
    assert screen.ask("[video.state, video.position_ms(), video._source is None]") == ["stopped", 0, True]


def test_initial_time_duration_loop_and_muted(cinema, tmp_path):
    screen = cinema(
        {"film.avi": film(tmp_path, 1)}, PLAIN + ' autoplay loop muted initial-time="0.5" duration="77"', name="unix"
    )
    screen.app.until(lambda: [name for name, _ in screen.app.log()].count("timeupdate") >= 8)
    times = [detail["currentTime"] for name, detail in screen.app.log() if name == "timeupdate"]
    assert times[0] >= 0.5 and any(later < earlier for earlier, later in zip(times, times[1:]))
    assert all(detail["duration"] == 77 for name, detail in screen.app.log() if name == "timeupdate")
    assert "ended" not in screen.names() and not heard(screen.speaker) and screen.speaker.words


@pytest.mark.parametrize("rate", [0.5, 1.5])
def test_another_rate_takes_the_sound_with_it(cinema, tmp_path, rate):
    screen = cinema({"film.avi": film(tmp_path, 1)}, PLAIN, name="unix")
    screen.call(f"playbackRate({rate})")
    screen.call("play()")
    screen.app.heard("ended")
    frames = len(heard(screen.speaker))
    assert abs(frames - 8000 / rate) < 0.1 * 8000 / rate
    assert seen(screen) == 9
    for wrong in ("2", "0.7", "'1'", "None"):
        with pytest.raises(Exception, match="playbackRate:fail"):
            screen.call(f"playbackRate({wrong})")


@pytest.mark.parametrize("way", ["ranges", "plain", "chunked"])
def test_from_a_server(cinema, tmp_path, way):
    server = SoundServer({"film.avi": film(tmp_path, 1.5)})
    screen = cinema({"none.txt": b""}, f'src="{server.url}/{way}/film.avi" controls="{{{{false}}}}" autoplay' + SMALL)
    screen.app.heard("ended")
    assert seen(screen) == 14 and screen.names()[:2] == ["loadedmetadata", "play"]
    samples = heard(screen.speaker)
    assert samples[-1] <= sample_at(1500) and max(samples) > sample_at(1400)
    if way == "ranges":
        screen.app.run("page.log = []\npage.context.seek(1)\npage.context.play()")
        screen.app.until(lambda: len(heard(screen.speaker)) > 15000)
        assert len([part for part in server.ranges() if part]) == 2  # the index, and the place, are asked for
        assert min(heard(screen.speaker)[12400:]) > sample_at(900)  # after the ramp
    server.close()


@pytest.mark.parametrize(
    "name, content, reason",
    [
        ("film.mp4", b"\0\0\0\x20ftypisom" + bytes(100), "MEDIA_ERR_SRC_NOT_SUPPORTED: no AVI: MP4 or QuickTime"),
        ("film.mkv", b"\x1a\x45\xdf\xa3" + bytes(100), "MEDIA_ERR_SRC_NOT_SUPPORTED: no AVI: Matroska"),
        ("film.avi", b"RIFF\0\0\0\0AVI ", "MEDIA_ERR_SRC_NOT_SUPPORTED: the AVI has no pictures"),
        ("gone", b"", "MEDIA_ERR_SRC_NOT_SUPPORTED: no such file"),
        ("mpeg4", None, "MEDIA_ERR_SRC_NOT_SUPPORTED: an AVI whose pictures are FMP4"),
        ("mp3", None, "MEDIA_ERR_SRC_NOT_SUPPORTED: an AVI whose sound is of format 85"),
        ("server", None, "MEDIA_ERR_NETWORK: HTTP 404"),
    ],
    ids=["mp4", "mkv", "cut", "gone", "mpeg4", "mp3", "404"],
)
def test_what_cannot_be_played_says_why(cinema, tmp_path, name, content, reason):
    src = "/" + name
    server = SoundServer({}) if name == "server" else None
    if name == "mpeg4":
        content = film(tmp_path, 0.5, pictures="mpeg4")
    elif name == "mp3":
        content = film(tmp_path, 0.5, codec="libmp3lame")
    elif name == "server":
        src, content = server.url + "/ranges/none.avi", b""
    screen = cinema({"none.txt" if name in ("gone", "server") else name: content}, f'src="{src}"', name="unix")
    assert screen.app.heard("error")["errMsg"].startswith(reason), screen.app.log()
    screen.call("play()")
    screen.app.until(lambda: screen.names().count("error") == 2)
    assert screen.ask("video.state") == "stopped"
    if server:
        server.close()


def test_object_fit_and_the_poster(cinema, tmp_path):
    wide = film(tmp_path, 1, size=(160, 40), sound=False)
    screen = cinema(
        {"film.avi": wide, "poster.jpg": jpeg(40, 40, RED)},
        PLAIN + ' poster="/poster.jpg" object-fit="{{fit}}"',
        data='{"fit": "contain"}',
        name="unix",
    )
    screen.app.sees(40, 30, RED)
    screen.call("play()")
    screen.app.heard("ended")
    screen.app.sees(40, 5, BLACK)
    screen.app.sees(40, 55, BLACK)
    assert seen(screen) == 9
    for fit in ("fill", "cover"):
        screen.app.run(f'page.setData({{"fit": "{fit}"}})')
        screen.app.until(lambda: seen(screen, 40, 5) == 9 and seen(screen, 3, 55) == 9, fit)
    screen.call("play()")
    screen.call("stop()")
    screen.app.sees(40, 30, RED)


def test_the_bar(cinema, tmp_path):
    screen = cinema({"film.avi": film(tmp_path, 3)}, 'src="/film.avi" show-mute-btn danmu-btn')
    app = screen.app
    app.heard("loadedmetadata")
    app.tap(150, 112)  # the button in the middle
    app.heard("play")
    app.until(lambda: seen(screen) is not None and seen(screen) > 1)
    app.tap(16, 210)
    app.heard("pause")
    app.tap(252, 210)  # danmu, mute and full screen are the last three of 32 px
    assert screen.ask("video.muted") is True
    app.tap(220, 210)
    assert screen.ask("shown.has_danmu") is True
    app.drag((80, 210), (110, 210), (140, 210))
    position = app.heard("seekcomplete")["position"]
    assert 0.5 < position < 2.9
    app.tap(150, 100)
    assert app.heard("controlstoggle") == {"show": False}
    app.tap(150, 100)
    assert app.heard("controlstoggle") == {"show": True}


def test_full_screen(cinema, tmp_path):
    screen = cinema(
        {"film.avi": film(tmp_path, 2)},
        'src="/film.avi" title="A film"',
        after='<view style="height:90px;background:#f00"></view>',
    )
    app = screen.app
    app.heard("loadedmetadata")
    app.sees(315, 238, RED)
    screen.call("play()")
    app.until(lambda: seen(screen) is not None and seen(screen) > 1)
    app.tap(284, 210)
    assert app.heard("fullscreenchange") == {"fullScreen": True, "direction": "vertical"}
    app.until(lambda: seen(screen, 315, 120) is not None)
    app.until(lambda: seen(screen, 315, 120) == seen(screen, 4, 60))
    screen.call("hideStatusBar()")
    assert app.heard("controlstoggle") == {"show": False}
    screen.call("showStatusBar()")
    assert app.heard("controlstoggle") == {"show": True}
    screen.call("requestFullScreen({'direction': 90})")
    assert app.heard("fullscreenchange") == {"fullScreen": True, "direction": "horizontal"}
    app.heard("ended")
    app.until(lambda: seen(screen, 160, 60) == 19)  # 180 px wide, in the middle
    app.sees(40, 60, BLACK)
    screen.call("exitFullScreen()")
    assert app.heard("fullscreenchange")["fullScreen"] is False
    app.sees(315, 238, RED)
    screen.call("requestFullScreen()")
    app.until(lambda: not near(app.image().getpixel((315, 238)), RED))
    app.run("import wx\nwx.navigateTo(url='/pages/index/index')")
    app.until(lambda: app.ask("len(router.stack)") == 2)
    app.sees(315, 238, RED)
    for wrong in ("45", "'90'"):
        with pytest.raises(Exception, match="requestFullScreen:fail"):
            app.run(f"from kiosk import router\nrouter.stack[0].context.requestFullScreen({wrong})")


def test_a_turned_picture_stands_as_it_should(cinema, tmp_path):
    """Direction 90 is for a screen that has been turned to the left: the top of the picture is on the right of the glass."""
    from PIL import Image

    def halves(number):
        image = Image.new("RGB", (160, 120), (0, 0, 255))
        image.paste((255, 0, 0), (0, 0, 160, 60))
        return image

    screen = cinema({"film.avi": film(tmp_path, 0.5, sound=False, paint=halves)}, PLAIN + " autoplay", name="unix")
    screen.app.heard("ended")
    screen.call("requestFullScreen({'direction': 90})")
    screen.app.sees(220, 60, RED)
    screen.app.sees(100, 60, (0, 0, 255))
    screen.call("requestFullScreen({'direction': -90})")
    screen.app.sees(100, 60, RED)
    screen.app.sees(220, 60, (0, 0, 255))


def test_danmu_fly_over_the_picture(cinema, tmp_path):
    comments = '[{"text": "HHHH", "color": "#ff0000", "time": 0.2}, {"text": 5}, "no", {"text": "II", "time": 99}]'
    screen = cinema(
        {"film.avi": film(tmp_path, 4)},
        PLAIN.replace("80px", "200px") + ' autoplay enable-danmu danmu-list="{{comments}}"',
        data='{"comments": %s}' % comments,
    )

    def columns(color):
        image = screen.app.image()
        return [x for x in range(200) if any(near(image.getpixel((x, y)), color) for y in range(4, 48))]

    screen.app.until(lambda: columns(RED), "the first one")
    first = min(columns(RED))
    screen.app.until(lambda: columns(RED) and min(columns(RED)) < first - 20, "its moving")
    screen.call("sendDanmu({'text': 'IIII', 'color': '#0000ff'})")
    screen.app.until(lambda: columns((0, 0, 255)), "the second one")
    for wrong in ("None", "{}", "{'text': 5}"):
        with pytest.raises(Exception, match="sendDanmu:fail"):
            screen.call(f"sendDanmu({wrong})")


def test_another_page_pauses_it_and_the_background_too(cinema, tmp_path):
    screen = cinema({"film.avi": film(tmp_path, 3)}, PLAIN + " autoplay")
    app = screen.app
    app.until(lambda: screen.ask("video.position_ms()") > 300)
    app.run("import wx\nwx.navigateTo(url='/pages/index/index')")
    app.until(lambda: app.ask("len(router.stack)") == 2)
    app.until(lambda: app.ask("router.stack[0].context._video.state") == "paused")
    app.run("import wx\nwx.navigateBack()")
    app.until(lambda: app.ask("len(router.stack)") == 1)
    screen.call("play()")
    app.until(lambda: screen.ask("video.state") == "playing")
    app.run("from kiosk import supervisor\nsupervisor.set_visible(False)")
    assert screen.ask("video.state") == "paused"


def test_twenty_rounds_leave_nothing(cinema, tmp_path):
    screen = cinema(
        {"film.avi": film(tmp_path, 1)}, PLAIN + ' autoplay enable-danmu wx:if="{{on}}"', data='{"on": False}'
    )
    free = "(__import__('gc').collect(), __import__('gc').mem_free())[1]"
    kept = []
    for _ in range(20):
        screen.app.run("page.log = []\npage.setData({'on': True})")
        screen.app.until(lambda: screen.app.ask("[n for n, _ in page.log].count('timeupdate')") >= 1)
        screen.app.run("page.setData({'on': False})")
        screen.app.until(lambda: screen.app.ask("__import__('kiosk.media.mixer', None, None, ('x',)).is_idle()"))
        screen.app.run("page.log = []")
        kept.append(screen.app.ask(free))
    assert screen.app.ask("len(page._videos)") == 0
    assert max(kept[-5:]) >= max(kept[8:13]) - 600, kept  # what is under way at the moment differs by a kilobyte
