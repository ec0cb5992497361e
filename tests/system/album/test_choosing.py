"""wx.chooseImage: pictures chosen by a finger, photos taken, and what is in the album that is none."""

import io

import pytest
from PIL import Image, ImageOps

from host_tools.models import testpattern
from tests.system.album.conftest import FAULT, HEAP, LIVE, REVIEW, TOP, picture

CANCEL, SWITCH, DONE = (20, 10), (20, 220), (300, 220)
TAKE, LEAVE, USE = (284, 120), (284, 30), (284, 220)
FILES = {
    "kiosk-000001.jpg": picture(1, 120, 160, 6),
    "kiosk-000002.jpg": picture(2, 240, 120),
    "broken.jpg": b"no picture at all",
    "c.bmp": picture(3, 100, 100, kind="BMP"),
    "d.gif": picture(4, 60, 60, kind="GIF"),
    "notes.txt": b"text",
}


def square(number):
    """The middle of a square of the grid, the camera's being 0."""
    return 32 + number % 5 * 64, 64 + number // 5 * 64


@pytest.mark.parametrize("name", ["unix", "unix32"])
def test_rule_17_pictures_are_chosen_by_a_finger(gallery, name):
    """The newest first: the kiosk's own by number; a GIF may be chosen, what is no picture not."""
    place = gallery(name)
    place.fill(FILES)
    place.call("chooseImage", count=3)
    place.known()
    place.shows("album-grid")
    for number in (2, 4, 1):
        place.app.tap(*square(number))
    names = ["kiosk-000001.jpg", "c.bmp", "kiosk-000002.jpg"]
    grid = f"[{TOP}.marked, {TOP}.notice]"
    assert place.ask(grid) == [names, ""]
    place.app.tap(*square(5))  # broken.jpg
    assert place.ask(grid) == [names, "无法使用此文件"]
    place.app.tap(*square(3))  # d.gif, the fourth
    assert place.ask(grid) == [names, "最多选择3个"]
    place.shows("album-grid-full")
    place.app.tap(*SWITCH)
    place.app.tap(*DONE)
    answer = place.answer()
    assert answer["errMsg"] == "chooseImage:ok"
    assert [place.file(url) for url in answer["tempFilePaths"]] == [FILES[one] for one in names]
    assert answer["tempFiles"] == [{"path": url, "size": len(place.file(url))} for url in answer["tempFilePaths"]]
    place.left()
    place.call("chooseImage", count=1, sizeType=["compressed"], sourceType=["album"])
    place.known()
    place.app.tap(*square(1))  # without the camera the second
    place.app.tap(*square(0))  # and this one instead
    place.app.tap(*DONE)
    small = place.file(place.answer()["tempFilePaths"][0])
    assert len(small) < len(FILES["kiosk-000002.jpg"]) and Image.open(io.BytesIO(small)).size == (240, 120)
    place.call("chooseImage")
    place.known()
    place.app.tap(*CANCEL)
    assert place.answer() == {"errMsg": "chooseImage:fail cancel", "errno": 104}
    place.left()
    assert place.in_album() == sorted(FILES)


def test_small_pictures_are_upright(gallery):
    place = gallery("unix", has_camera=False)
    place.fill({"old.png": picture(6, 90, 120, kind="PNG")})
    place.fill({f"kiosk-{8 - number:06}.jpg": picture(5, 160, 120, number + 1) for number in range(8)})
    place.call("chooseImage")
    place.known()
    place.app.until(lambda: not place.ask("ui.screen.is_painting"))
    for number in range(9):
        one = picture(5, 160, 120, number + 1) if number < 8 else picture(6, 90, 120, kind="PNG")
        upright = ImageOps.exif_transpose(Image.open(io.BytesIO(one)))
        wanted = ImageOps.fit(upright.convert("RGB"), (62, 62))
        x, y = square(number)
        seen = place.app.image().crop((x - 31, y - 31, x + 31, y + 31))
        # Beside the number, and below the badge: is the red where it belongs?
        for at in ((4, 4), (4, 57), (57, 57), (26, 3), (3, 26), (26, 58), (58, 30)):
            near = zip(seen.getpixel(at), wanted.getpixel(at))
            assert all(abs(one - other) < 60 for one, other in near), (number, at)


def test_a_photo_is_taken_again_and_used(gallery):
    place = gallery("unix32")
    place.call("chooseImage", sizeType=["compressed"])
    place.known()
    place.app.tap(*square(0))
    place.state(LIVE)
    place.app.until(lambda: place.camera.frames > 3)
    place.app.tap(*TAKE)
    place.state(REVIEW)
    assert place.temporary()
    place.app.tap(*LEAVE)  # once more
    place.state(LIVE)
    place.app.tap(*TAKE)
    place.state(REVIEW)
    place.app.tap(*USE)
    answer = place.answer()
    photo = Image.open(io.BytesIO(place.file(answer["tempFilePaths"][0])))
    photo.load()
    assert photo.size == (640, 480) and 0 < testpattern.number_of(photo) < place.camera.frames
    place.left()
    assert len(place.temporary()) == 1  # neither the first one nor what was shown of them
    place.app.until(lambda: not place.ask("bool(__import__('kiosk.camera').camera._task)"), "the camera's end")


def test_a_camera_that_fails_says_so_and_is_tried_again(gallery):
    place = gallery("unix32")
    place.camera.fault_always = "slow"
    place.call("chooseImage", sourceType=["camera"])
    place.state(FAULT)
    assert place.ask(f"{TOP}.reason") == "timeout: the camera gives no picture"
    place.camera.fault_always = None
    place.app.tap(*TAKE)
    place.state(LIVE)
    place.app.tap(*LEAVE)
    assert place.answer()["errMsg"] == "chooseImage:fail cancel"
    place.left()
    assert place.temporary() == []


def test_without_leave_the_camera_stays_shut(gallery):
    place = gallery("unix", allow=())
    place.call("chooseImage", sourceType=["camera"])
    assert place.answer() == {"errMsg": "chooseImage:fail auth deny", "errno": 103}
    place.call("chooseImage")
    place.known()
    place.app.tap(*square(0))
    place.until(f"{TOP}.notice == '没有使用摄像头的权限'")
    assert place.camera.frames == 0
    place.app.tap(*CANCEL)
    assert place.answer()["errno"] == 104
    place.left()


def test_a_page_gives_back_what_it_took(gallery):
    place = gallery("unix32")
    place.fill(FILES)
    used = []
    for _ in range(4):
        place.call("chooseImage")
        place.known()
        place.app.tap(*square(0))
        place.state(LIVE)
        place.app.tap(*LEAVE)
        place.known()
        place.app.tap(*CANCEL)
        place.answer()
        place.left()
        place.app.until(lambda: not place.ask("bool(__import__('kiosk.camera').camera._task)"), "the camera's end")
        used.append(place.ask(HEAP))
    # The first brings what stays until the mini-program closes; the collector takes a stale word for a pointer now and then.
    assert min(used[2:]) - used[1] < 1024, used


def test_the_end_of_the_mini_program_is_the_pages_end(gallery):
    place = gallery("unix32")
    place.fill(FILES)
    for sources in (["album"], ["camera"]):
        place.call("chooseImage", sourceType=sources)
        place.until("ui.screen.layers.shown")
        place.app.target.stop()
        assert not place.app.glass.is_on
        assert place.app.target.launch(place.appid, allow=["scope.camera"])["errMsg"] == "launch:ok"
    assert place.temporary() == []
