"""The clock that samples are."""

from kiosk.video.soundclock import SoundClock


def test_without_sound_the_ticks_are_the_time():
    clock = SoundClock(5000)
    assert clock.time_ms(5000) == 0 and clock.time_ms(7345) == 2345


def test_what_is_read_late_moves_nothing():
    clock = SoundClock(0)
    for at_ms in range(20, 5000, 20):
        late = 90 if at_ms % 300 < 100 else 4
        clock.heard(at_ms, at_ms - late)
        if at_ms > 500:
            assert clock.time_ms(at_ms) == at_ms - 4


def test_pictures_follow_a_microphone_that_is_slow_or_fast_or_has_lost_something():
    for percent in (98, 103):
        clock = SoundClock(100)
        for at_ms in range(0, 60000, 50):
            clock.heard(100 + at_ms, at_ms * percent // 100)
        assert abs(clock.time_ms(60100) - 60000 * percent // 100) < 80
    clock = SoundClock(0)
    for at_ms in range(0, 10000, 50):
        clock.heard(at_ms, at_ms if at_ms < 3000 else at_ms - 700)
    assert clock.time_ms(10000) == 9300


def test_ticks_that_begin_anew_are_no_jump():
    period = 1 << 30
    clock = SoundClock(period - 100)
    clock.heard(50, 150)
    assert clock.time_ms(100) == 200
