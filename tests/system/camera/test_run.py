"""`kiosk run --camera PICTURE-or-FOLDER`, and the driver's sizes against the model."""

import io

import pytest
from PIL import Image

from host_tools.cli.main import main
from host_tools.models import testpattern
from host_tools.models.ov2640 import ArduCam, rgb565, wirings
from host_tools.target import open_target

PAGE = """
@Page
class Index:
    data = {}
    async def onReady(self):
        try:
            res = await wx.createCameraContext().takePhoto(quality="high")
            print("a photo of %d bytes" % len(wx.getFileSystemManager().readFileSync(res.tempImagePath)))
        except wx.Error as exc:
            print(exc.errMsg)
        wx.exitMiniProgram()
"""
# A taker of one frame; the loop turns between what the console runs.
TAKE = """
import asyncio
from kiosk import camera
class Taker:
    quality = None
    fault = None
    def begin(self, size_bytes, at_ms):
        self.data = bytearray()
    async def write(self, view):
        self.data.extend(view)
    async def end(self, is_whole):
        camera.detach(self)
        self.is_whole = is_whole
    def failed(self, exc):
        self.fault = exc
async def take(kind, width, height):
    global taker
    one = Taker()
    await camera.attach(one, "back", (width, height), kind)
    while camera.is_attached(one):
        await asyncio.sleep_ms(5)
    while camera._task:
        await asyncio.sleep_ms(5)
    taker = one
"""


@pytest.fixture
def app(tmp_path):
    """A mini-program that takes one photo and ends."""
    folder = tmp_path / "app"
    (folder / "pages" / "index").mkdir(parents=True)
    (folder / "app.json").write_text('{"pages": ["pages/index/index"]}')
    (folder / "pages" / "index" / "index.py").write_text(PAGE)
    return folder


def test_a_folder_of_pictures_is_what_the_camera_sees(app, tmp_path, capfd):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        testpattern.draw(number).save(folder / f"{number}.jpg", quality=90)
    command = ["run", str(app), "--headless", "--timeout", "60", "--camera"]
    assert main([*command, str(folder), "--allow", "scope.camera"]) == 0
    assert "a photo of " in capfd.readouterr().out
    assert main([*command, str(folder / "1.jpg")]) == 0
    assert "takePhoto:fail auth deny" in capfd.readouterr().out
    assert main(["run", str(app), "--headless", "--timeout", "60", "--allow", "scope.camera"]) == 0
    assert "takePhoto:fail system error: no camera" in capfd.readouterr().out


def test_what_is_no_picture_is_refused(app, tmp_path, capfd):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.jpg").write_text("no picture")
    for source, reason in (("empty", "no pictures"), ("text.jpg", "no picture"), ("gone.jpg", "No such file")):
        assert main(["run", str(app), "--headless", "--camera", str(tmp_path / source)]) == 1
        assert f"--camera: {tmp_path / source}: {reason}" in capfd.readouterr().err or reason == "No such file"


def _taken(target, kind, width, height):
    target.exec(f"taker = None\njob = asyncio.create_task(take({kind!r}, {width}, {height}))")
    while "None" in target.exec("print(taker)"):
        target.wait(50)
    assert target.exec("print(taker.is_whole, taker.fault)").split() == ["True", "None"]
    target.exec("with open('/taken', 'wb') as file:\n    file.write(taker.data)")
    return target.get("/taken")


def test_every_size_is_what_it_says():
    camera = ArduCam()
    with open_target("unix", chips=wirings(camera), flash_kb=8192) as target:
        target.exec(TAKE)
        for size in ((160, 120), (176, 144), (320, 240), (352, 288), (640, 480), (800, 600), (1600, 1200)):
            picture = Image.open(io.BytesIO(_taken(target, "jpeg", *size)))
            picture.load()
            assert picture.size == size and testpattern.number_of(picture) < camera.frames
        pixels = _taken(target, "rgb565", 96, 64)
        shapes = [testpattern.draw(number).crop(camera.sensor.cut).resize((96, 64)) for number in range(camera.frames)]
        assert pixels in [rgb565(shape) for shape in shapes[-12:]]
        assert camera.faulty == []
