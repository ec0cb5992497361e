"""The mixer: what is heard of one sound and of several, what does not click, and that everything is given back."""

import asyncio
import struct
from array import array

from drivers.audio.fake import Speaker
from kiosk.media import pcm
from kiosk.media.mixer import Mixer
from kiosk.media.track import Track


class _Source:
    """Samples, or their bytes; `gaps` are the calls at which there is nothing yet."""

    def __init__(self, values, rate_hz=16000, channels=1, gaps=()):
        self._data = values if isinstance(values, bytes) else struct.pack("<%dh" % len(values), *values)
        self.rate_hz, self.channels = rate_hz, channels
        self._gaps, self._calls = gaps, 0
        self.at = 0
        self.fail = None

    def read_into(self, view):
        self._calls += 1
        if self.fail:
            raise self.fail
        if self._calls in self._gaps:
            return None
        part = self._data[self.at : self.at + len(view)]
        view[: len(part)] = part
        self.at += len(part)
        return len(part)


def _flat(count, *values):
    return struct.pack("<%dh" % len(values), *values) * count


class _Ends(list):
    def __call__(self, track, exc):
        self.append((track, exc))


def _wave(count, top=12000):
    return [(at * 389) % (2 * top) - top for at in range(count - 1)] + [0]


def _values(speaker):
    return array("h", speaker.heard)


def _count(speaker, value):
    return sum(1 for sample in _values(speaker) if sample == value)


async def _until_idle(mixer):
    for _ in range(3000):
        if mixer.is_idle:
            return
        await asyncio.sleep_ms(1)
    raise AssertionError("the mixer does not come to rest")


def _steps(values):
    return max(abs(values[at + 1] - values[at]) for at in range(len(values) - 1))


async def test_one_sound_is_played_bit_for_bit_and_everything_is_given_back():
    speaker, ends = Speaker(), _Ends()
    mixer = Mixer(speaker)
    values = _wave(3000)
    track = Track(_Source(values), ends)
    mixer.add(track)
    assert not mixer.is_idle
    await _until_idle(mixer)
    heard = _values(speaker)
    assert list(heard[:3000]) == values and not any(heard[3000:]) and len(heard) > 3000
    assert speaker.opened == [(16000, 1)] and speaker.closed == 1 and ends == [(track, None)]
    assert mixer._out is None and mixer._scratch is None
    mixer.add(Track(_Source(values, 44100, 2), ends))
    await _until_idle(mixer)
    assert speaker.opened[1] == (44100, 2) and len(ends) == 2


async def test_a_sound_that_ends_loud_goes_to_silence_on_a_ramp():
    for count, value in ((1000, 20000), (512, 20000), (1023, -20000)):
        speaker = Speaker()
        mixer = Mixer(speaker)
        mixer.add(Track(_Source(_flat(count, value)), _Ends()))
        await _until_idle(mixer)
        heard = _values(speaker)
        assert set(heard[:count]) == {value} and heard[-1] == 0
        assert _steps(heard) <= 20000 // 80 + 1, _steps(heard)  # 5 ms


async def test_two_sounds_are_added_and_the_lower_priority_is_ducked():
    speaker = Speaker()
    mixer = Mixer(speaker)
    mixer.add(Track(_Source(_flat(4000, 8000)), _Ends()))
    mixer.add(Track(_Source(_flat(2000, 1000)), _Ends()))
    await _until_idle(mixer)
    heard = _values(speaker)
    assert set(heard[:2000]) == {9000} and set(heard[2600:4000]) == {8000}
    speaker.heard[:] = b""
    mixer.add(Track(_Source(_flat(4000, 8000)), _Ends()))
    mixer.add(Track(_Source(_flat(2000, 1000)), _Ends(), priority=1))
    await _until_idle(mixer)
    heard = _values(speaker)
    assert set(heard[600:2000]) == {3000} and set(heard[2700:4000]) == {8000}
    assert _steps(heard[:2000]) < 300 and _steps(heard[2700:]) < 300


async def test_other_rates_and_channels_are_brought_to_the_line():
    speaker = Speaker()
    mixer = Mixer(speaker)
    mixer.add(Track(_Source(_flat(3000, 500), 16000, 1), _Ends()))
    mixer.add(Track(_Source(_flat(700, 100, 300), 8000, 2), _Ends()))
    await _until_idle(mixer)
    heard = _values(speaker)
    assert set(heard[:1390]) == {700} and set(heard[1600:3000]) == {500}
    speaker.heard[:] = b""
    mixer.add(Track(_Source(_flat(1500, 100, 300), 16000, 2), _Ends()))
    mixer.add(Track(_Source(_flat(1500, 500), 16000, 1), _Ends()))
    await _until_idle(mixer)
    assert bytes(speaker.heard[:6000]) == _flat(1500, 600, 800)
    for rate_hz, line_hz in ((22050, 44100), (24000, 48000), (11025, 44100), (96000, 48000), (30000, 44100)):
        mixer.add(Track(_Source(_flat(100, 1), rate_hz), _Ends()))
        await _until_idle(mixer)
        assert speaker.opened[-1] == (line_hz, 1)


async def test_resampled_sound_has_its_length():
    for rate_hz, speed, count in ((8000, 1.5, 2667), (8000, 0.5, 8000), (12000, 1.0, 16000)):
        speaker = Speaker()
        mixer = Mixer(speaker)
        mixer.add(Track(_Source(_flat(4000, 1000), rate_hz), _Ends(), speed=speed))
        await _until_idle(mixer)
        assert abs(_count(speaker, 1000) - count) < 10, (rate_hz, _count(speaker, 1000))


async def test_leaving_fades_and_reads_no_further():
    speaker, ends = Speaker(), _Ends()
    mixer = Mixer(speaker)
    source = _Source(_flat(9000, 16000))
    track = Track(source, ends)
    mixer.add(track)
    while source.at < 8000:
        await asyncio.sleep_ms(0)
    at = source.at
    track.leave()
    await _until_idle(mixer)
    heard = _values(speaker)
    assert source.at == at + 160 and len(heard) >= at // 2 + 80 and heard[-1] == 0 and not ends
    assert set(heard[: at // 2]) == {16000} and _steps(heard) <= 16000 // 80 + 1
    rest = Track(source, ends, fade_in=True)  # as after a pause
    mixer.add(rest)
    await _until_idle(mixer)
    assert ends == [(rest, None)] and _steps(_values(speaker)[len(heard) :]) <= 16000 // 80 + 1


async def test_what_a_resampled_track_had_read_is_played_by_the_one_after_it():
    for at_once in (True, False):
        speaker, ends = Speaker(), _Ends()
        speaker.rates_hz = (16000,)
        mixer = Mixer(speaker)
        source = _Source(_flat(6000, 1000), 8000)
        first = Track(source, ends)
        mixer.add(first)
        while source.at < 6000:
            await asyncio.sleep_ms(0)
        first.leave()
        if not at_once:
            await _until_idle(mixer)
        second = Track(source, ends, fade_in=True, after=first)
        mixer.add(second)
        await _until_idle(mixer)
        heard = len(speaker.heard) // 2 - _count(speaker, 0)
        assert ends == [(second, None)] and 11990 < heard < 12180, heard  # and what falls silent, twice


async def test_a_cut_track_does_not_touch_its_source():
    speaker, ends = Speaker(), _Ends()
    mixer = Mixer(speaker)
    source = _Source(_flat(9000, 16000))
    track = Track(source, ends)
    mixer.add(track)
    while source.at < 8000:
        await asyncio.sleep_ms(0)
    at = source.at
    track.cut()
    await _until_idle(mixer)
    assert source.at == at and not ends and _steps(_values(speaker)) <= 16000 // 80 + 1


async def test_starving_is_told_and_heard_as_silence():
    speaker, ends, told = Speaker(), _Ends(), []
    mixer = Mixer(speaker)
    track = Track(_Source(_flat(4000, 16000), gaps=(4, 5, 6)), ends, lambda track, starved: told.append(starved))
    mixer.add(track)
    await _until_idle(mixer)
    heard = _values(speaker)
    assert told == [True, False] and len(ends) == 1
    assert _count(speaker, 0) > 1000 and _steps(heard) <= 16000 // 80 + 1
    assert len(heard) - _count(speaker, 0) >= 4000


async def test_volume_changes_on_a_ramp():
    speaker = Speaker()
    mixer = Mixer(speaker)
    track = Track(_Source(_flat(8000, 16000)), _Ends())
    mixer.add(track)
    while len(speaker.heard) < 4000:
        await asyncio.sleep_ms(0)
    track.gain = pcm.ONE // 2
    await _until_idle(mixer)
    heard = _values(speaker)
    assert heard[0] == 16000 and heard[7990] == 8000 and _steps(heard) <= 16000 // 80 + 1


async def test_a_speaker_that_fails_ends_every_track_with_its_error():
    speaker, ends = Speaker(), _Ends()
    mixer = Mixer(speaker)
    for _ in range(2):
        mixer.add(Track(_Source(_flat(9000, 1)), ends))
    while not speaker.is_open:
        await asyncio.sleep_ms(0)
    speaker.fail = 5
    await _until_idle(mixer)
    assert [exc.errno for _, exc in ends] == [5, 5] and not speaker.is_open
    speaker.fail = 19
    mixer.add(Track(_Source(_flat(10, 1)), ends))
    await _until_idle(mixer)
    assert ends[2][1].errno == 19
    mixer.add(Track(_Source(_flat(10, 1)), ends))  # and it is none the worse for it
    await _until_idle(mixer)
    assert ends[3][1] is None


async def test_a_source_that_fails_harms_no_other():
    speaker, ends = Speaker(), _Ends()
    mixer = Mixer(speaker)
    good, bad = Track(_Source(_wave(3000)), ends), Track(_Source(_flat(3000, 5)), ends)
    bad.source.fail = RuntimeError("broken")
    mixer.add(bad)
    mixer.add(good)
    await _until_idle(mixer)
    assert ends[0] == (bad, bad.source.fail) and ends[1] == (good, None)
    assert list(_values(speaker)[:3000]) == _wave(3000)


async def test_shut_is_at_once_and_silent():
    speaker, ends = Speaker(), _Ends()
    mixer = Mixer(speaker)
    mixer.add(Track(_Source(_flat(9000, 1)), ends))
    while not speaker.is_open:
        await asyncio.sleep_ms(0)
    mixer.shut()
    assert mixer.is_idle and not speaker.is_open and mixer._out is None
    mixer.add(Track(_Source(_flat(100, 1)), ends))
    await _until_idle(mixer)
    assert len(ends) == 1 and len(speaker.opened) == 2


async def test_a_loop_that_stands_still_for_longer_than_the_ring_is_counted():
    import time

    class Slow(Speaker):
        async def write(self, view):
            await super().write(view)
            if len(self.heard) < 4000:
                time.sleep_ms(400)

    mixer = Mixer(Slow())
    mixer.add(Track(_Source(_flat(16000, 1)), _Ends()))
    await _until_idle(mixer)
    assert mixer.underruns >= 3
