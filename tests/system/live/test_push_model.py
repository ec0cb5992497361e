"""<live-pusher> with the camera's own driver and the model of its chip: ffmpeg receives the numbers that the model draws."""

import pytest
from PIL import Image

from host_tools.models import testpattern
from host_tools.models.ov2640 import ArduCam, wirings
from tests.system.live.conftest import Stage
from tests.system.live.peers import Listener

_SIZE = (320, 240)
_COUNT = 4


@pytest.mark.parametrize("name", ["unix32", "virtual"])
def test_ffmpeg_receives_what_the_model_draws(show, tmp_path, name):
    """Each picture once, in their order."""
    server = Listener(tmp_path, has_sound=False, form=("-pix_fmt", "rgb24"))
    camera = ArduCam()
    events = 'bindstatechange="heard" bindnetstatus="heard" binderror="heard"'
    app = show(
        f'<live-pusher url="{server.url}" enable-mic="{{{{false}}}}" {events}/>',
        code="\n    answers = []\n",
        name=name,
        chips=wirings(camera),
        allow=["scope.camera"],
    )
    it = Stage(app)
    if name == "virtual":
        app.target.join()
    try:
        assert it.call("start")["errMsg"] == "operateLivePusher:ok"
        it.reaches(1002)
        it.until(
            lambda: sum(detail["info"]["videoFPS"] for kind, detail in it.app.log() if kind == "netstatus") >= _COUNT
        )
        assert it.call("stop")["errMsg"] == "operateLivePusher:ok"
        server.finish()
    finally:
        server.close()
    data, size = (tmp_path / "pictures").read_bytes(), 3 * _SIZE[0] * _SIZE[1]
    pictures = [Image.frombytes("RGB", _SIZE, data[at : at + size]) for at in range(0, len(data), size)]
    numbers = [testpattern.number_of(one) for one in pictures]
    assert len(numbers) >= _COUNT and numbers == sorted(set(numbers))
    assert numbers[-1] <= camera.frames
