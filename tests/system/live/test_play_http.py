"""<live-player> plays what comes over HTTP: Motion JPEG of ffmpeg's, its numbers are seen; FLV, its sound is heard."""

import pytest

from tests.system.live.peers import NUMBERS, HttpServer, film


@pytest.fixture
def serve(tmp_path):
    """`serve(**options)`: a HttpServer with a film of NUMBERS that ends with the test."""
    made = []

    def start(seconds=60, **options):
        made.append(HttpServer(tmp_path / "http", film(tmp_path / "film", seconds=seconds), **options))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.mark.parametrize("name", ["unix32", "unix"])
def test_numbers_are_seen(watch, serve, name):
    it = watch(serve().url, 'autoplay="{{true}}"', name=name)
    it.sees(NUMBERS)
    it.until(lambda: it.codes()[:3] == [2001, 2002, 2007] and {2003, 2004, 2009} <= set(it.codes()))
    it.until(lambda: any(kind == "netstatus" and detail["info"]["videoFPS"] > 2 for kind, detail in it.app.log()))
    assert it.info()["audioBitrate"] == 0 and it.info()["videoWidth"] == 160
    assert it.call("stop")["errMsg"] == "operateLivePlayer:ok"


def test_the_end_of_a_stream_is_tried_again(watch, serve):
    """ffmpeg serves once: then nobody listens any more."""
    it = watch(serve(seconds=1).url, 'autoplay="{{true}}"')
    it.reaches(-2301)
    codes = it.codes()
    assert codes[:3] == [2001, 2002, 2007] and codes[-8:] == [3004, *[2103, 3002] * 3, -2301]


@pytest.mark.parametrize("codec", [("aac", "-ar", 16000, "-ac", 1), ("libmp3lame", "-ar", 44100, "-b:a", "64k")])
def test_the_sound_of_flv_is_heard(watch, serve, codec):
    server = serve(form="flv", options=("-vn", "-c:a", *codec))
    it = watch(server.url, 'autoplay="{{true}}"', name="unix")
    it.hears()
    it.until(lambda: it.info()["audioBitrate"] > 10)
    assert it.codes()[:4] == [2001, 2002, 2007, 2004] and it.info()["videoBitrate"] == 0
