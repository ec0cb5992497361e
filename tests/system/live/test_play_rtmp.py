"""<live-player> plays sound over RTMP: nginx relays what ffmpeg publishes."""

import pytest

from tests.system.live.peers import RtmpPublisher, RtmpServer


@pytest.fixture
def server(tmp_path):
    """A RtmpServer."""
    made = RtmpServer(tmp_path / "nginx")
    yield made
    made.close()


@pytest.fixture
def publish(tmp_path, server):
    """`publish(**options)`: a RtmpPublisher to the server that ends with the test."""
    made = []

    def start(**options):
        made.append(RtmpPublisher(tmp_path / "publisher", server.url, **options))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.mark.parametrize("codec", [("aac", "-ar", 16000, "-ac", 1), ("libmp3lame", "-ar", 22050, "-b:a", "32k")])
def test_the_tone_is_heard(watch, server, publish, codec):
    publish(codec=codec)
    it = watch(server.url)
    assert it.call("play")["errMsg"] == "operateLivePlayer:ok"
    it.hears()
    it.until(lambda: any(kind == "netstatus" and detail["info"]["audioBitrate"] > 10 for kind, detail in it.app.log()))
    assert it.codes()[:4] == [2001, 2002, 2007, 2004]
    assert it.call("snapshot")["errMsg"] == "operateLivePlayer:fail there are no pictures"
    assert it.call("stop")["errMsg"] == "operateLivePlayer:ok"


def test_pictures_in_h264_are_said_to_be_left_out_and_the_sound_is_heard(watch, server, publish):
    publish(has_picture=True)
    it = watch(server.url, 'autoplay="{{true}}"', name="unix")
    it.hears()
    it.reaches(2101)
    assert ["statechange", {"code": 2101, "message": "not played: H264"}] in it.app.log()


def test_a_publisher_that_goes_and_comes_again(watch, server, publish):
    first = publish()
    it = watch(server.url, 'autoplay="{{true}}"')
    it.app.target.exec("from kiosk.live import player\nplayer.stall_ms = 3000")
    it.hears()
    first.close()
    it.reaches(2103)
    publish()
    it.reaches(2004, 2)
    it.hears()
