"""
What time it is in a recording: the samples that were heard are the time, and pictures are put in between by ticks_ms().

A sample is read some time after it was heard, now a little, now a tenth of a second, when the flash was busy; never
before.  So of what ticks and samples differ by, the largest of the last second or two is right, and a microphone whose
clock is not the board's, or that has lost something, moves the pictures with it.
"""

from time import ticks_diff

_WINDOW_MS = const(1000)


class SoundClock:
    """start_ms: ticks_ms() at the beginning, which is 0."""

    def __init__(self, start_ms: int):
        self._start_ms = start_ms
        self._ahead = self._before = None  # ms that the sound is ahead of the ticks, in this window and the one before
        self._window = 0

    def heard(self, at_ms: int, sound_ms: int) -> None:
        """At ticks_ms() `at_ms` there were so many ms of sound."""
        passed = ticks_diff(at_ms, self._start_ms)
        if self._ahead is None or passed - self._window >= _WINDOW_MS:
            self._before, self._ahead = self._ahead, sound_ms - passed
            self._window = passed
        else:
            self._ahead = max(self._ahead, sound_ms - passed)

    def time_ms(self, at_ms: int) -> int:
        """The time of the recording at ticks_ms() `at_ms`; below 0: before it began."""
        ahead = self._ahead or 0
        if self._before is not None:
            ahead = max(ahead, self._before)
        return ticks_diff(at_ms, self._start_ms) + ahead
