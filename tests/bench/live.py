"""A live stream of the emulated RP2040

Pictures of 320x240 over RTSP to ffmpeg, without sound.  Frames a second are by the emulated clock, the latency is how many pictures the
camera has taken after the one that ffmpeg has just decoded; what ffmpeg itself holds back is in it.
"""

import statistics
import subprocess
import threading
import time
from pathlib import Path

from PIL import Image

from host_tools.models import testpattern
from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.ov2640 import ArduCam, wirings
from host_tools.models.st7789 import St7789
from host_tools.models.wiring import I2cWiring, SpiWiring
from host_tools.package.pack import pack_folder
from host_tools.target import open_target
from tests.bench.board import CYCLES_A_MS
from tests.bench.table import Row
from tests.system.live.peers import free_port, wait_for_port

_SIZE = (320, 240)
_PICTURES = 20
_PATIENCE_S = 300
_PAGE = "@Page\nclass Index:\n    data = {}\n"


def rows(scratch: Path):
    """The figures of this bench."""
    port = free_port()
    url = f"rtsp://127.0.0.1:{port}/live"
    camera = ArduCam()
    command = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-nostdin",
        "-fflags",
        "nobuffer",
        "-analyzeduration",
        "0",
        "-rtsp_flags",
        "listen",
    ]
    command += ["-i", url, "-fps_mode", "passthrough", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            wait_for_port(port)
            with _board(_packed(scratch / "live", url), camera) as target:
                yield from _rows(target, camera, server.stdout)
        finally:
            server.kill()


def _rows(target, camera, stream):
    late = []
    reader = threading.Thread(target=_read, args=(stream, camera, late), daemon=True)
    reader.start()
    target.launch("live", allow=["scope.camera"])
    target.exec("import wx\nwx.createLivePusherContext().start()")
    _until(target, lambda: len(late) > 2)
    mark = "__import__('machine').mem32[0x4006C000] = 4"
    target.exec(mark)
    before = len(late)
    _until(target, lambda: len(late) >= before + _PICTURES)
    target.exec(mark)
    count = len(late) - before
    first, last = [each.cycles for each in target.board.marks if each.value == 4]
    seconds = (last - first) / CYCLES_A_MS / 1000
    yield Row("emulated RP2040: pictures of 320x240 pushed over RTSP", count / seconds, "frames a second")
    peer = f"{min(late[before:])} to {max(late[before:])}"
    yield Row(
        "emulated RP2040: latency of a pushed picture, at ffmpeg", statistics.median(late[before:]), "frames", peer=peer
    )


def _read(stream, camera, late):
    size = 3 * _SIZE[0] * _SIZE[1]
    while True:
        data = stream.read(size)
        if len(data) < size:
            return
        late.append(camera.frames - testpattern.number_of(Image.frombytes("RGB", _SIZE, data)))


def _until(target, condition) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("no pictures come")
        target.wait(200)


def _packed(folder: Path, url: str) -> Path:
    page = folder / "source" / "pages" / "index"
    page.mkdir(parents=True)
    (folder / "source" / "app.json").write_text(
        '{"pages": ["pages/index/index"], "window": {"navigationStyle": "custom"}}', encoding="utf-8"
    )
    (page / "index.py").write_text(_PAGE, encoding="utf-8")
    (page / "index.wxml").write_text(f'<live-pusher url="{url}" enable-mic="{{{{false}}}}"/>', encoding="utf-8")
    pack_folder(folder / "source", folder / "packed")
    return folder / "packed"


def _board(packed: Path, camera: ArduCam):
    chips = [
        SpiWiring(St7789(turns=1), 0, cs=5, pins={"dc": 15, "reset": 25, "backlight": 26}),
        I2cWiring(Ft6x36(turns=1), 0, {"int": 27, "reset": 28}),
        *wirings(camera),
    ]
    return open_target("virtual", apps={"live": packed}, chips=chips, warp=True)
