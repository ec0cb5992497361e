"""
The one owner of the speaker.  What plays is a Track; the speaker is opened for the first and given back after the last.

The line has the rate and the channels of the track it was opened for, or the next that the speaker can play; the others are
brought to it.  The driver's ring (100 ms) is filled at least every 10 ms, so a loop that stands still for 80 ms is not
heard; one that stands longer is counted in `underruns`.  That is told by the clock: the ports do not say it.
"""

import asyncio
import time

from kiosk.media import driver, pcm

_FRAMES = const(512)
_DUCKED = const(8192)  # Q15: 12 dB down
_HIGHEST_HZ = const(48000)

_current = None


def current():
    """The Mixer of the board's speaker.  OSError if it has none."""
    global _current
    if _current is None:
        _current = Mixer(driver("speaker"))
    return _current


def is_idle() -> bool:
    """Whether nobody has the speaker; also on a board that has none."""
    return _current is None or _current.is_idle


def shut() -> None:
    """End at once whatever plays, if anything ever did; see Mixer.shut()."""
    if _current:
        _current.shut()


class Mixer:
    """Plays the tracks that are added.  speaker: see drivers/audio/README.md.

    underruns (int): how often the line had nothing to play.
    """

    def __init__(self, speaker):
        self._speaker = speaker
        self._tracks = []
        self._heard = []  # (when, track): ended, and not heard to the end yet
        self._task = None
        self._out = self._scratch = None
        self.rate_hz = self.channels = 0
        self.underruns = 0

    def add(self, track) -> None:
        """Play a track.  What goes wrong is told to its on_end."""
        self._tracks.append(track)
        if self._out:
            self._tune(track)
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    @property
    def is_idle(self) -> bool:
        """Whether the speaker and the memory have been given back."""
        return self._task is None

    def delay_ms(self) -> int:
        """How far what is heard now is behind what has been read."""
        if not self._out or self._began is None:
            return 0
        written_ms = self._written * 1000 // self.rate_hz
        most_ms = self._speaker.ring_ms + _FRAMES * 1000 // self.rate_hz
        return max(0, min(most_ms, written_ms - time.ticks_diff(time.ticks_ms(), self._began)))

    def shut(self) -> None:
        """End at once, without a fade: the mini-program is gone.  Nobody is told."""
        self._tracks.clear()
        self._heard.clear()
        if self._task:
            self._task.cancel()
            self._release()

    def _release(self):
        self._speaker.deinit()
        self._out = self._scratch = None
        self._task = None

    async def _run(self):
        task = self._task
        try:
            while self._tracks:
                if not self._tracks[0].source:
                    self._tracks.pop(0)  # cut before it was heard
                    continue
                self._open(self._tracks[0].source)
                while self._tracks:
                    self._mix()
                    if self._began is None:
                        self._began = time.ticks_ms()  # until now the line has played silence
                    self._written += _FRAMES  # has been read: it counts while it waits for room
                    await self._speaker.write(self._out)
                    self._keep_time()
                    self._tell(time.ticks_ms())
                self._out = None
                await self._speaker.close()
                self._tell(None)
        except (OSError, MemoryError, ValueError) as exc:
            self._fail(exc)
        finally:
            if self._task is task:  # and not that of whoever came after shut()
                self._release()
        if self._tracks and self._task is None:  # added by somebody who was told of an end
            self._task = asyncio.create_task(self._run())

    def _fail(self, exc):
        """The speaker is why nothing can be heard: every track ends."""
        tracks, self._tracks = self._tracks, []
        self._tell(None)
        for track in tracks:
            track.on_end(track, exc)

    def _open(self, source):
        self.channels = source.channels
        self.rate_hz = _rate_for(int(source.rate_hz), self._speaker.rates_hz)
        self._speaker.open(self.rate_hz, self.channels)
        self._out = memoryview(bytearray(_FRAMES * 2 * self.channels))
        self._began = None
        self._written = 0
        for track in tuple(self._tracks):
            if track.source:
                self._tune(track)
            else:
                self._tracks.remove(track)  # it left before it was heard

    def _tune(self, track):
        try:
            track.tune(self.rate_hz, self.channels)
            if len(self._tracks) > 1 and self._scratch is None:
                self._scratch = memoryview(bytearray(_FRAMES * 4))
        except (MemoryError, ValueError) as exc:
            self._tracks.remove(track)
            track.on_end(track, exc)

    def _mix(self):
        """The next frames of all tracks, into the buffer."""
        highest = max([track.priority for track in self._tracks] or [0])
        view = self._out
        for track in tuple(self._tracks):
            try:
                track.render(view, _FRAMES, pcm.ONE if track.priority == highest else _DUCKED)
            except Exception as exc:  # noqa: BLE001  a supervisor: of a source's own faults the other tracks hear nothing
                self._tracks.remove(track)
                track.on_end(track, exc)
                continue
            if view is not self._out:
                pcm.mix(self._out, view, _FRAMES * self.channels)
            view = self._scratch
            if track.over:
                self._tracks.remove(track)
                self._heard.append((time.ticks_add(time.ticks_ms(), self.delay_ms()), track))
        if view is self._out:
            pcm.volume(view, _FRAMES * self.channels, 0)

    def _keep_time(self):
        late_ms = time.ticks_diff(time.ticks_ms(), self._began) - self._written * 1000 // self.rate_hz
        if late_ms > 0:
            self.underruns += 1
            self._began = time.ticks_add(self._began, late_ms)
        if self._written >= self.rate_hz:  # small numbers, however long it plays
            self._written -= self.rate_hz
            self._began = time.ticks_add(self._began, 1000)

    def _tell(self, now):
        """Tell those that have been heard to their end; without a time, all."""
        while self._heard and (now is None or time.ticks_diff(now, self._heard[0][0]) >= 0):
            track = self._heard.pop(0)[1]
            if not track.is_leaving:
                track.on_end(track, None)


def _rate_for(rate_hz, rates_hz):
    """Of the speaker's rates the same, a multiple, the next higher, or the highest."""
    rates_hz = [each for each in rates_hz if each <= _HIGHEST_HZ]
    for each in rates_hz:
        if each % rate_hz == 0:
            return each
    for each in rates_hz:
        if each > rate_hz:
            return each
    return rates_hz[-1]
