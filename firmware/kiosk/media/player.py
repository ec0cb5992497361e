"""
One sound that is played, paused, sought and looped: what InnerAudioContext and its kin stand on, as one state machine.

    stopped -- play --> playing -- pause --> paused -- play --> playing (goes on)
    stopped <-- stop, the end, an error -- playing, paused

From stopped play() begins at `start_ms`; stop() closes the file.  What is heard is behind what is read by what the speaker
has under way, at most 100 ms: position_ms() is what is heard, and "Ended" comes when the end has been.
"""

import asyncio

from kiosk import tasks
from kiosk.errors import KioskError
from kiosk.media import mixer, pcm
from kiosk.media.track import Track

STOPPED = "stopped"
PLAYING = "playing"
PAUSED = "paused"
UPDATE_MS = 250  # between two TimeUpdate


class Player:
    """open_source(src): a coroutine function that gives what kiosk/media/wav.py's WavReader is, or raises.

    emit(event, *args) hears of Canplay, Play, Pause, Stop, Ended, Seeking, Seeked, Waiting, TimeUpdate and, with the exception,
    Error; of nothing after destroy().  src (any), start_ms, loop: may be set at any time, src takes effect by the next play()
    from stopped.
    """

    def __init__(self, open_source, emit, priority=0):
        self._open = open_source
        self._emit = emit
        self._priority = priority
        self.src = None
        self.start_ms = 0
        self.loop = False
        self.state = STOPPED
        self._gain, self._speed = pcm.ONE, 1.0
        self._source = self._track = None
        self._sought_ms = None  # by seek() before there was a source
        self._run = 0  # counts the plays: what an earlier one still does is of no account

    # What the mini-program does.

    def play(self) -> None:
        """Begin, or go on after pause().  While it plays: nothing."""
        if self.state == PLAYING or not self._emit:
            return
        self.state = PLAYING
        self._run += 1
        tasks.spawn(self._play(self._run))

    def pause(self) -> None:
        """Fade out, and keep the place."""
        if self.state == PLAYING:
            self.state = PAUSED
            self._run += 1
            if self._track:
                self._track.leave()
            self._emit("Pause")

    def stop(self) -> None:
        """Fade out and close the file."""
        if self.state != STOPPED:
            self._close()
            self._emit("Stop")

    def seek(self, ms: int) -> None:
        """Go on from there; beyond the end means the end.  Before play() it is where that begins."""
        if not self._emit:
            return
        self._emit("Seeking")
        if self._source is None:
            self._sought_ms = ms
        else:
            self._leave_place()
            try:
                self._source.seek_ms(ms)
            except (OSError, KioskError) as exc:
                self._fail(exc)
                return
            if self.state == PLAYING:
                self._add_track(True)
        if self._emit:
            self._emit("Seeked")

    def destroy(self) -> None:
        """Stop, and be silent for ever."""
        self._emit = None
        self._close()

    @property
    def volume(self) -> float:
        """0 to 1."""
        return self._gain / pcm.ONE

    @volume.setter
    def volume(self, volume):
        self._set_gain(max(0, min(pcm.ONE, int(volume * pcm.ONE))))

    def _set_gain(self, gain):
        self._gain = gain
        if self._track:
            self._track.gain = gain

    @property
    def speed(self) -> float:
        """0.5 to 2; the pitch goes with it."""
        return self._speed

    @speed.setter
    def speed(self, speed):
        self._speed = max(0.5, min(2.0, speed))
        if self.state == PLAYING and self._track:
            self._leave_place()
            self._add_track(True)

    @property
    def duration_ms(self):
        """Int, or None while nobody knows."""
        return self._source.duration_ms if self._source else None

    def position_ms(self) -> int:
        """What is heard now."""
        if self._source is None:
            return self._sought_ms or 0
        behind_ms = int(mixer.current().delay_ms() * self._speed) if self.state == PLAYING and self._track else 0
        return max(0, self._source.position_ms - behind_ms)

    # What the mixer's track asks of its source.

    @property
    def rate_hz(self) -> int:
        """Of the source."""
        return self._source.rate_hz

    @property
    def channels(self) -> int:
        """Of the source."""
        return self._source.channels

    def read_into(self, view):
        """From the source, and again from its beginning if it is looped."""
        if self._source is None:
            return 0  # a track that was leaving when the file was closed
        count = self._source.read_into(view)
        if count == 0 and self.loop:
            self._source.seek_ms(0)
            count = self._source.read_into(view)
        return count

    # What follows from it.

    async def _play(self, run):
        try:
            if self._source is None and not await self._prepare(run):
                return
            self._add_track(self._source.position_ms > 0)
            if run == self._run:
                self._emit("Play")
            while run == self._run:
                await asyncio.sleep_ms(UPDATE_MS)
                if run == self._run:
                    self._emit("TimeUpdate")
        finally:
            tasks.finished()

    async def _prepare(self, run):
        """Open the source where it is to begin; whether it is still wanted."""
        try:
            source = await self._open(self.src)
            if run != self._run:
                source.close()
                return False
            self._source = source
            begin_ms, self._sought_ms = self.start_ms if self._sought_ms is None else self._sought_ms, None
            if begin_ms:
                source.seek_ms(begin_ms)
        except Exception as exc:  # noqa: BLE001  a supervisor: what is wrong with the source is an event
            if run == self._run:
                self._fail(exc)
            return False
        self._emit("Canplay")
        return run == self._run

    def _add_track(self, fade_in):
        settings = (self._priority, self._gain, fade_in, self._speed, self._track)
        try:
            self._track = Track(self, self._ended, self._starved, *settings)
            mixer.current().add(self._track)
        except (OSError, MemoryError) as exc:
            self._fail(exc)

    def _leave_place(self):
        if self._track:
            self._track.cut()
            self._track = None

    def _starved(self, track, starved):
        if starved and track is self._track:
            self._emit("Waiting")

    def _ended(self, track, exc):
        if track is not self._track:
            return
        if exc:
            self._fail(exc)
            return
        self._close()
        self._emit("Ended")

    def _fail(self, exc):
        self._close()
        if self._emit:
            self._emit("Error", exc)

    def _close(self):
        self.state = STOPPED
        self._run += 1
        self._leave_place()
        self._sought_ms = None
        if self._source:
            self._source.close()
            self._source = None
