"""wx.previewImage: one picture after the other by a finger, from the flash and from a server, and what cannot be had."""

from tests.system.album.conftest import HEAP, TOP, picture

FORWARD, BACK = ((250, 120), (150, 120), (60, 120)), ((60, 120), (150, 120), (250, 120))


def test_pictures_are_turned_and_left(gallery, httpbin):
    place = gallery("unix32")
    urls = [
        place.put("1.jpg", picture(7, 320, 200, 8)),
        place.put("2.txt", b"no picture"),
        f"{httpbin.url}/image/jpeg",
        "wxfile://usr/none.jpg",
    ]
    used = []
    for _ in range(3):
        place.call("previewImage", urls=urls, current=urls[0])
        assert place.answer()["errMsg"] == "previewImage:ok"
        place.shows("album-preview")
        place.app.drag(*BACK)  # there is none before it
        place.app.drag(*FORWARD)
        place.until(f"{TOP}.place == 1 and 'no picture that is known' in {TOP}.message")
        place.app.drag(*FORWARD)
        place.until(f"{TOP}.place == 2 and not {TOP}.message")
        assert len(place.temporary()) == 1
        place.app.drag(*FORWARD)
        place.until(f"{TOP}.place == 3 and 'no such file' in {TOP}.message")
        assert place.temporary() == []
        place.app.drag(*BACK)
        place.until(f"{TOP}.place == 2 and not {TOP}.message")
        place.app.tap(160, 120)
        place.left()
        assert place.temporary() == []
        used.append(place.ask(HEAP))
    # The first brings what stays until the mini-program closes; what leaks, leaks each time.
    assert used[2] - used[1] < 1024, used


def test_a_large_picture_is_shown_smaller_and_one_that_is_too_large_says_so(gallery):
    place = gallery("unix32")
    place.put("l.jpg", picture(8, 1600, 1200, 6))
    place.call("previewImage", urls=["wxfile://usr/l.jpg"])
    place.answer()
    place.until(f"not {TOP}.message")
    place.app.until(lambda: place.app.image().getpixel((215, 20))[0] > 200, "its red corner, turned to the right")
    assert place.app.image().getpixel((20, 120)) == (0, 0, 0) and len(place.temporary()) == 1
    place.call("previewImage", urls=["wxfile://usr/l.jpg"] * 2, current=1)  # in its place
    place.answer()
    place.until(f"not {TOP}.message")
    assert place.ask("len(ui.screen.layers.shown)") == 1
    place.app.target.stop()
    assert place.temporary() == []


def test_a_server_that_cannot_be_reached_is_said(gallery):
    place = gallery("unix")
    place.call("previewImage", urls=["http://127.0.0.1:1/a.png", "b.png"])
    place.answer()
    place.until(f"{TOP}.message and {TOP}._loading is None")
    place.app.drag(*FORWARD)
    place.until(f"{TOP}.place == 1 and 'no such file' in {TOP}.message")
    place.app.tap(160, 120)
    place.left()
