"""Photos and the preview, from the chips' registers to the file and the glass."""

import pytest

from host_tools.models import testpattern
from tests.system.camera.conftest import EVENTS

FULL = f'<camera resolution="low" style="display:block;width:320px;height:240px" {EVENTS}/>'


@pytest.mark.parametrize("name", ["unix", "unix32"])
def test_a_photo_is_what_the_camera_saw(studio, name):
    place = studio(FULL, name)
    assert place.app.heard("initdone") == {"maxZoom": 2.5}
    before = place.camera.frames
    message, url, _, _ = place.answer('photo(quality="high")')
    assert message == "takePhoto:ok" and url.startswith("wxfile://tmp/") and url.endswith(".jpg")
    picture = place.picture(url)
    assert picture.size == (320, 240) and picture.format == "JPEG"
    assert before <= testpattern.number_of(picture) < place.camera.frames
    assert place.file(url).endswith(b"\xff\xd9") and place.camera.faulty == []
    sizes = [len(place.file(place.answer(f'photo(quality="{word}")')[1])) for word in ("low", "normal", "high")]
    assert sizes == sorted(sizes) and sizes[0] < sizes[2]


def test_the_preview_goes_on(studio):
    place = studio(FULL, "unix32")
    place.app.heard("initdone")
    place.app.until(lambda: _shows(place), "the preview")
    first = place.preview()
    place.app.until(lambda: _shows(place) and place.preview() > first + 3, "another frame")
    place.answer("photo()")
    last = place.preview()
    place.app.until(lambda: _shows(place) and place.preview() > last + 1, "a frame after the photo")
    assert place.camera.faulty == [] and place.app.glass.faults == []


@pytest.mark.parametrize("name", ["unix", "unix32"])
def test_the_preview_while_jpegs_are_taken(studio, name):
    place = studio(FULL, name)
    place.app.heard("initdone")
    call = "context.startRecord(timeout=200, success=page.answered, fail=page.answered)"
    assert place.answer(call)[0] == "startRecord:ok"
    first = place.camera.frames
    place.app.until(lambda: _shows(place) and place.preview() > first, "a JPEG of the video")
    assert testpattern.draw(0).getpixel((5, 5)) == pytest.approx(place.app.image().getpixel((2, 2)), abs=24)
    second = place.preview()
    place.app.until(lambda: _shows(place) and place.preview() > second, "another one")
    place.answer("context.stopRecord(success=page.answered, fail=page.answered)")
    assert place.camera.faulty == [] and place.app.glass.faults == []


def _shows(place):
    try:
        return place.preview() > 0
    except ValueError:  # half of one picture, half of the next
        return False
