"""The modes of <image>, against the component's document: which part is shown, and where in the box."""

from kiosk.ui.images import modes

WHOLE = (0, 0, 400, 100)


def _place(mode, box, picture=(400, 100)):
    return modes.place(mode, *box, *picture)


def test_scale_to_fill_takes_all_and_stretches_it():
    for mode in ("scaleToFill", "", "no such mode"):
        assert _place(mode, (50, 70)) == (WHOLE, (0, 0, 50, 70))


def test_aspect_fit_shows_all_in_the_middle():
    assert _place("aspectFit", (200, 200)) == (WHOLE, (0, 75, 200, 50))
    assert _place("aspectFit", (200, 20)) == (WHOLE, (60, 0, 80, 20))
    assert _place("aspectFit", (800, 400)) == (WHOLE, (0, 100, 800, 200))  # smaller ones grow
    assert _place("aspectFit", (200, 50)) == (WHOLE, (0, 0, 200, 50))
    assert _place("aspectFit", (3, 90)) == (WHOLE, (0, 44, 3, 1))  # never nothing


def test_aspect_fill_fills_and_cuts_what_is_too_long():
    assert _place("aspectFill", (100, 100)) == ((150, 0, 250, 100), (0, 0, 100, 100))
    assert _place("aspectFill", (200, 10)) == ((0, 40, 400, 60), (0, 0, 200, 10))
    assert _place("aspectFill", (80, 20)) == (WHOLE, (0, 0, 80, 20))
    assert _place("aspectFill", (1, 1000)) == ((199, 0, 200, 100), (0, 0, 1, 1000))


def test_the_box_gets_the_proportions_of_the_picture():
    assert modes.size("widthFix", 200, 999, 400, 100) == (200, 50)
    assert modes.size("heightFix", 999, 50, 400, 100) == (200, 50)
    for mode in ("aspectFit", "scaleToFill", "top"):
        assert modes.size(mode, 200, 60, 400, 100) == (200, 60)
    assert _place("widthFix", (200, 50)) == (WHOLE, (0, 0, 200, 50))


def test_nine_modes_cut_and_do_not_scale():
    across = {"left": 0, "": 60, "right": 120}
    down = {"top": 0, "": 15, "bottom": 30}
    for mode in ("top", "bottom", "center", "left", "right", "top left", "top right", "bottom left", "bottom right"):
        x = across["left" if "left" in mode else "right" if "right" in mode else ""]
        y = down["top" if "top" in mode else "bottom" if "bottom" in mode else ""]
        part, where = modes.place(mode, 80, 70, 200, 100)
        assert part == (x, y, x + 80, y + 70) and where == (0, 0, 80, 70), mode
        part, where = modes.place(mode, 320, 130, 200, 100)  # a box with room
        assert part == (0, 0, 200, 100) and where == (x, y, 200, 100), mode


def test_a_box_without_room_shows_nothing():
    for mode in ("scaleToFill", "aspectFit", "aspectFill", "center"):
        assert _place(mode, (0, 10)) is None and _place(mode, (10, 0)) is None


def test_parts_are_always_in_the_picture_and_places_in_the_box():
    names = ("scaleToFill", "aspectFit", "aspectFill", "widthFix", "heightFix", "top", "center", "bottom right")
    for mode in names:
        for box in ((1, 1), (320, 240), (7, 500), (1000, 3)):
            for picture in ((1, 1), (8000, 2), (3, 4000), (640, 480)):
                (left, top, right, bottom), (x, y, width, height) = modes.place(mode, *box, *picture)
                assert 0 <= left < right <= picture[0] and 0 <= top < bottom <= picture[1], (mode, box, picture)
                assert x >= 0 and y >= 0 and width > 0 and height > 0, (mode, box, picture)
                assert x + width <= box[0] and y + height <= box[1], (mode, box, picture)
