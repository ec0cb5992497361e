"""What goes on by itself: how far, how long, from which speed."""

from kiosk.ui.motion import Glide, Slide, Speed


def test_a_glide_goes_as_far_as_half_a_second_of_its_speed_and_gets_slower():
    glide = Glide(1.0)
    # v(t) = 0.998**t: the speed is 0.05 after log(0.05) / log(0.998) = 1496 ms, (1 - 0.05) * 499.5 = 474 px further.
    assert 1494 <= glide.duration_ms <= 1498 and 473 <= glide.at(glide.duration_ms) <= 475
    assert glide.at(0) == 0 and glide.at(10 * glide.duration_ms) == glide.at(glide.duration_ms)
    assert 315 <= glide.at(500) <= 316  # 499.5 * (1 - 0.998**500) = 315.9
    parts = [glide.at(ms + 100) - glide.at(ms) for ms in range(0, 1400, 100)]
    assert all(one > other > 0 for one, other in zip(parts, parts[1:])), parts


def test_a_glide_goes_either_way_and_has_bounds():
    assert Glide(-1.0).at(500) == -Glide(1.0).at(500)
    assert Glide(100.0).at(100000) == Glide(4.0).at(100000) < 2000
    for slow in (0.0, 0.05, -0.03):
        assert Glide(slow).duration_ms == 0 and Glide(slow).at(1000) == 0


def test_the_speed_is_that_of_the_last_tenth_of_a_second():
    speed = Speed()
    assert speed.at(0) == 0.0
    speed.note(0, 0)
    assert speed.at(5) == 0.0
    for ms, px in ((500, 10), (520, 30), (540, 50), (560, 70)):
        speed.note(ms, px)
    assert speed.at(570) == 1.0
    assert speed.at(661) == 0.0  # it rests
    for _ in range(20):
        speed.note(600, 70)
    assert speed.at(600) == 0.0  # no time has passed between the places that are kept


def test_a_slide_begins_fast_and_ends_where_it_should():
    slide = Slide(100, 20, 200)
    places = [slide.at(ms) for ms in range(0, 201, 50)]
    assert places[0] == 100 and places[-1] == slide.at(9999) == 20
    steps = [one - other for one, other in zip(places, places[1:])]
    assert all(one > other > 0 for one, other in zip(steps, steps[1:])), steps
    assert Slide(5, 7, 0).at(0) == 7
