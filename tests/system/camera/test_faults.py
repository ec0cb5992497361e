"""What a camera can do wrong, and that it works again afterwards; what a mini-program may not, and where there is no room."""

import pytest

from host_tools.models import testpattern
from host_tools.models.ov2640 import FAULTS, ArduCam
from tests.system.camera.conftest import EVENTS

SMALL = f'<camera resolution="low" style="display:block;width:96px;height:72px" {EVENTS}/>'
REASONS = {
    "slow": ["takePhoto:fail timeout: the camera gives no picture", 5],
    "no start": ["takePhoto:fail system error: the picture has no start marker", -1],
    "no end": ["takePhoto:fail system error: the picture breaks off", -1],
    "truncated": ["takePhoto:fail system error: the picture breaks off", -1],
    "gone": ["takePhoto:fail system error: the OV2640 does not answer", -1],
    "silent": ["takePhoto:fail system error: no ArduCAM: its test register gives FF", -1],
}
TEMPORARY = "__import__('os').listdir(__import__('kiosk.files').files.current().folder + '/tmp')"


def whole(place, answer):
    """A photo that is one."""
    assert answer[0] == "takePhoto:ok"
    picture = place.picture(answer[1])
    testpattern.number_of(picture)
    return picture.size == (320, 240)


def test_each_fault_has_its_answer_and_is_over_with_it(studio):
    place = studio(SMALL, "unix32")
    place.app.heard("initdone")
    camera = place.camera
    for fault in FAULTS:
        camera.fault_always = fault
        message, _, number, _ = place.answer("photo()")
        assert [message, number] == REASONS[fault]
        assert place.app.ask(TEMPORARY) == []
        camera.fault_always = None
        assert whole(place, place.answer("photo()"))
        place.app.run("__import__('os').remove('/' + '%s')" % place.path(place.app.ask("page.answers[-1]")[1]))
        for once in (fault, None, fault):  # one that is tried again is not even heard of
            camera.faults.append(once)
        assert whole(place, place.answer("photo()"))
        place.app.run("__import__('os').remove('/' + '%s')" % place.path(place.app.ask("page.answers[-1]")[1]))
    assert camera.faulty == [] and place.app.glass.faults == []


@pytest.mark.timeout(600)
def test_the_board_s_own_image(studio):
    place = studio(SMALL, "virtual")
    place.app.heard("initdone")
    place.camera.fault_always = "no end"
    message, _, number, _ = place.answer("photo()")
    assert [message, number] == REASONS["no end"]
    place.camera.fault_always = None
    assert whole(place, place.answer("photo()"))
    call = "context.startRecord(timeout=200, success=page.answered, fail=page.answered)"
    assert place.answer(call)[0] == "startRecord:ok"
    seen = place.app.image()
    place.app.until(lambda: place.app.image() != seen, "a JPEG of the video")
    assert place.camera.faulty == [] and place.app.glass.faults == []


@pytest.mark.parametrize("chip", ["gone", "silent"])
def test_a_camera_that_goes_is_found_again(studio, chip):
    place = studio(SMALL)
    place.app.heard("initdone")
    silenced = place.camera.sensor if chip == "gone" else place.camera
    silenced.is_silent = True
    if chip == "silent":  # pixels come without the sensor being asked anything
        place.app.heard("stop")
    message, _, number, _ = place.answer("photo()")
    assert [message, number] == REASONS[chip]
    silenced.is_silent = False
    assert whole(place, place.answer("photo()"))
    assert place.camera.sensor.resets >= 2


def test_another_chip_is_named(studio):
    camera = ArduCam()
    camera.sensor.identity = (0x7F, 0xA2)
    place = studio(SMALL, camera=camera)
    assert place.app.heard("error") == {"errMsg": "system error: no OV2640, but 7FA2"}
    assert place.answer("photo()")[0] == "takePhoto:fail system error: no OV2640, but 7FA2"
    camera.sensor.identity = (0x26, 0x41)
    assert whole(place, place.answer("photo()"))


def test_a_full_flash(studio):
    place = studio(SMALL, "unix32")
    place.app.heard("initdone")
    place.app.run(
        "import os\nroom = os.statvfs('/')\nwith open('/filler', 'wb') as file:\n"
        "    piece = bytes(4096)\n    for _ in range(room[3] - 9):\n        file.write(piece)"
    )
    message, _, number, _ = place.answer("photo(quality='high')")
    assert (message, number) == ("takePhoto:fail no space left on device", 1300202)
    assert place.app.ask(TEMPORARY) == []
    place.app.run("import os\nos.remove('/filler')")
    assert whole(place, place.answer("photo(quality='high')"))


def test_who_is_not_allowed_sees_nothing(studio):
    place = studio(SMALL, allow=())
    assert place.app.heard("error") == {"errMsg": "auth deny"}
    assert place.answer("photo()")[::2] == ["takePhoto:fail auth deny", 103]
    assert place.camera.frames == 0 and place.camera.sensor.resets == 0


def test_one_camera_a_page_and_one_that_is_there(studio):
    place = studio(SMALL + SMALL + f'<camera device-position="front" mode="scanCode" {EVENTS}/>')
    place.app.until(lambda: len(place.app.log()) == 3)
    assert sorted(place.app.log()) == [
        ["error", {"errMsg": "parameter error: a page has one <camera>;"}],
        ["error", {"errMsg": "parameter error: a page has one <camera>;"}],
        ["initdone", {"maxZoom": pytest.approx(25 / 3)}],
    ]


def test_a_light_in_the_dark(studio):
    place = studio(SMALL)
    place.app.heard("initdone")
    asked = "__import__('kiosk.camera').camera.is_dark()"
    assert place.app.ask(asked) is False
    place.camera.sensor.light = 20
    assert place.app.ask(asked) is True


def test_zoom_shows_less(studio):
    place = studio(SMALL)
    place.app.heard("initdone")
    call = "context.setZoom(zoom=2, success=page.answered, fail=page.answered)"
    assert place.answer(call) == ["setZoom:ok", None, None, 2]
    left, top, right, bottom = place.camera.sensor.cut
    assert (right - left, bottom - top) == (400, 300) and (left, top) == (200, 150)
    assert place.answer("photo()")[0] == "takePhoto:ok"
    assert place.camera.sensor.cut == (left, top, right, bottom)  # and so the photo was taken
    assert place.answer(call.replace("2", "0.5"))[::2] == [
        "setZoom:fail parameter error: parameter.zoom should be at least 1;",
        1001,
    ]
