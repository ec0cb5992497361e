"""
How what a finger has let go of goes on: pure reckoning, px and ms.

    speed = Speed(); speed.note(ms, px) ...     # where the finger was
    glide = Glide(speed.at(ms))                 # px a ms, when it was lifted
    glide.at(ms_since)                          # how far, until glide.duration_ms

A glide loses a five hundredth of its speed in a millisecond, as phones have it (iOS's "normal" deceleration rate, 0.998), so
that it goes as far as 500 ms of the first speed would.
"""

from math import exp, log

_RATE = -0.002002  # log(0.998): a ms
_SLOWEST = 0.05  # px a ms: below it begins nothing, and ends
_FASTEST = 4.0
_REST_MS = const(100)  # a finger that has not moved for so long has stopped
_SAMPLES = const(6)


class Speed:
    """How fast a finger is, by its last places; px grow in one direction."""

    def __init__(self):
        self._samples = []

    def note(self, ms: int, px: int) -> None:
        """It was there then."""
        if len(self._samples) == _SAMPLES:
            self._samples.pop(0)
        self._samples.append((ms, px))

    def at(self, ms: int) -> float:
        """px a ms over the last tenth of a second; 0 for one that rests."""
        if not self._samples or ms - self._samples[-1][0] > _REST_MS:
            return 0.0
        last_ms, last = self._samples[-1]
        for then_ms, then in self._samples:
            if 0 < last_ms - then_ms <= _REST_MS:
                return (last - then) / (last_ms - then_ms)
        return 0.0


class Glide:
    """speed: px a ms, of either sign.  duration_ms: 0 if it is too slow to go on."""

    def __init__(self, speed: float):
        self._speed = max(-_FASTEST, min(speed, _FASTEST))
        slow = abs(self._speed) <= _SLOWEST
        self.duration_ms = 0 if slow else int(log(_SLOWEST / abs(self._speed)) / _RATE)

    def at(self, ms: int) -> int:
        """How many px it has gone."""
        return int(self._speed * (exp(_RATE * min(ms, self.duration_ms)) - 1) / _RATE)


class Slide:
    """From one place to another in a time, slower towards its end."""

    def __init__(self, start: int, end: int, duration_ms: int):
        self._start = start
        self.end = end
        self.duration_ms = duration_ms

    def at(self, ms: int) -> int:
        """Where it is."""
        if ms >= self.duration_ms:
            return self.end
        rest = 1 - max(ms, 0) / self.duration_ms
        return self.end - int((self.end - self._start) * rest * rest * rest)
