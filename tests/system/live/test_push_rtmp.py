"""<live-pusher> publishes sound over RTMP: what nginx records of it is the tone that the microphone hears."""

import json
import subprocess

import pytest

from tests.system.audio.test_codecs import _by_ffmpeg
from tests.system.audio.test_sound import tone
from tests.system.live.peers import RtmpServer


@pytest.fixture
def server(tmp_path):
    """A RtmpServer."""
    made = RtmpServer(tmp_path / "nginx")
    yield made
    made.close()


def test_nginx_records_the_sound(stage, server):
    it = stage(server.url, said=tone(16000 * 4))
    assert it.call("start") == {"errMsg": "operateLivePusher:ok"}
    it.reaches(1002)
    it.until(lambda: len([1 for kind, _ in it.app.log() if kind == "netstatus"]) > 3)
    info = it.info()
    assert info["audioBitrate"] > 10 and info["videoBitrate"] == 0
    assert it.call("stop")["errMsg"] == "operateLivePusher:ok"
    path = server.recorded()
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_packets", path],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    found = json.loads(done.stdout)
    (stream,) = found["streams"]
    assert (stream["codec_name"], stream["sample_rate"], stream["channels"]) == ("aac", "16000", 1)
    times = [float(packet["pts_time"]) for packet in found["packets"]]
    assert len(times) > 20 and times == sorted(times)
    heard = _by_ffmpeg(path)
    assert max(heard) > 1000


def test_a_server_that_refuses(stage, server):
    it = stage(server.closed_url)
    it.call("start")
    it.reaches(-1307)
    assert it.codes().count(1102) == 3 and it.codes()[-1] == -1307 and 3004 in it.codes()
    assert it.call("stop")["errMsg"] == "operateLivePusher:ok"
