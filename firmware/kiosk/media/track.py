"""
One sound on its way to the speaker: read, brought to the line's rate and channels, made as loud as it should be.

A sound that is cut (stopped, starved, ended on a sample that is not zero) goes to silence on a ramp, and one that does not
begin at its beginning comes out of it on one, so nothing clicks.  One that is played whole at full volume, on a line of its
own rate, is played bit for bit.
"""

from kiosk.media import pcm

FADE_MS = 5
_INPUT_FRAMES = const(256)


class Track:
    """source: `rate_hz`, `channels` (1 or 2) and `read_into(view) -> int`: bytes of whole int16 frames, 0 at the end, None if
    there is nothing yet.

    on_end(track, exc): the source has come to its end and been heard, or has raised; not called after leave().
    on_starve(track, starved): the source has given nothing, or something again.
    priority (int): while one of a higher priority plays, this one is ducked.
    gain (int, 0 to pcm.ONE) may be set at any time.  fade_in: begin on a ramp.  speed: 1.5 is faster and higher.
    after (Track): the one of the same source that has left before; what it had read and not played comes first.
    """

    def __init__(self, source, on_end, on_starve=None, priority=0, gain=pcm.ONE, fade_in=False, speed=1.0, after=None):
        self.source = source
        self.on_end = on_end
        self.on_starve = on_starve
        self.priority = priority
        self.gain = gain
        self.speed = speed
        self.starved = False
        self.over = False
        self._after = after
        self._fade_in = fade_in
        self._now = gain
        self.is_leaving = False
        self._input = self._resampler = None
        self._drained = False  # the source has given all

    def leave(self) -> None:
        """Fade out and go.  The source is read for as long as the fade takes and no further."""
        self.is_leaving = True

    def cut(self) -> None:
        """Go, and read the source no further, which may be read from elsewhere from now on."""
        self.is_leaving = True
        self.source = None

    def tune(self, rate_hz: int, channels: int) -> None:
        """The line is this; called before the first render().  MemoryError if there is none."""
        self._channels = channels
        self._line_hz = rate_hz
        self._fade = max(1, rate_hz * FADE_MS // 1000)
        self._now = 0 if self._fade_in else self.gain
        from_hz = int(self.source.rate_hz * self.speed)
        self._have = 0
        self._last, self._falling = b"", 0
        self._resampler = pcm.Resampler(from_hz, rate_hz, channels) if from_hz != rate_hz else None
        if self._resampler or self.source.channels != channels:
            self._input = memoryview(bytearray(_INPUT_FRAMES * 4))

    def render(self, view, frames: int, ducking: int) -> None:
        """Fill `frames` of the line, from a memoryview's beginning on; over says whether these were the last."""
        frame = 2 * self._channels
        if self._after:
            self._take_over(self._after)
            self._after = None
        wanted = min(frames, self._fade) if self.is_leaving else frames
        done = 0
        if not self._drained and self.source:
            done = self._convert(view, wanted) if self._input else self._copy(view, wanted)
        if done:
            target = 0 if self.is_leaving else self.gain * ducking >> 15
            ramped = min(done, self._fade) if target != self._now else 0
            pcm.ramp(view, ramped, self._channels, self._now, target)
            pcm.volume(view[ramped * frame :], (done - ramped) * self._channels, target)
            self._now = target
            self._last = bytes(view[(done - 1) * frame : done * frame])
            self._falling = self._fade if any(self._last) else 0
        if self.starved:
            self._now = 0  # it comes back on a ramp
        self._drained = self._drained or self.is_leaving
        if done < frames:
            self._fall_silent(view[done * frame : frames * frame], frames - done)
        self.over = self._drained and not self._falling

    def _take_over(self, old):
        """Only now: until here the other may have been leaving."""
        same = (old.speed, old._line_hz, old._channels) == (self.speed, self._line_hz, self._channels)
        if same and old._input:
            self._input, self._have, self._resampler = old._input, old._have, old._resampler

    def _fall_silent(self, rest, frames):
        """What is not there goes from the last frame to zero, if need be beyond these frames."""
        frame = 2 * self._channels
        falling = min(frames, self._falling)
        rest[: falling * frame] = self._last * falling
        start, self._falling = self._falling, self._falling - falling
        pcm.ramp(rest, falling, self._channels, pcm.ONE * start // self._fade, pcm.ONE * self._falling // self._fade)
        pcm.volume(rest[falling * frame :], (frames - falling) * self._channels, 0)

    def _pull(self, view):
        """Bytes from the source; what starvation means for whoever listens."""
        count = self.source.read_into(view)
        starved = count is None
        if starved != self.starved:
            self.starved = starved
            if self.on_starve:
                self.on_starve(self, starved)
        if count == 0:
            self._drained = True
        return count or 0

    def _copy(self, view, frames):
        size, done = 2 * self._channels * frames, 0
        while done < size:
            count = self._pull(view[done:size])
            if not count:
                break
            done += count
        return done // (2 * self._channels)

    def _convert(self, view, frames):
        frame, done = 2 * self._channels, 0
        while done < frames:
            if self._resampler:
                made = self._resampler.process(view[done * frame :], frames - done, self._input, self._have)
                used = self._resampler.used
            else:
                made = used = min(frames - done, self._have)
                view[done * frame : (done + made) * frame] = self._input[: made * frame]
            self._have -= used
            self._input[: self._have * frame] = self._input[used * frame : (used + self._have) * frame]
            done += made
            if done < frames and not self._refill():
                break
        return done

    def _refill(self):
        """Frames of the source after those that are there, with the line's channels; False if there are none."""
        if self._drained:
            return False
        frame, channels = 2 * self._channels, self.source.channels
        room = self._input[self._have * frame :]
        most = len(room) // 4 * 2 * channels  # spread out, they take 4 bytes each
        count = self._pull(room[:most]) // (2 * channels)
        if count and channels < self._channels:
            pcm.spread(room, count)
        elif channels > self._channels:
            pcm.fold(room, count)
        self._have += count
        if not count and self._drained and self._resampler and self._have:
            # the last frame has no next one to go to: it stays
            room[:frame] = bytes(self._input[(self._have - 1) * frame : self._have * frame])
            self._have += 1
            return True
        return count > 0
