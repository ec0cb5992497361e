"""
A <video> without its element: what it plays, by page and id, for the component that shows it and the VideoContext that drives it.

It is a Sound (kiosk/media/sound.py) whose source has pictures: play, pause, seek, loop and what a mini-program in the background
means are that one's.  What is heard is the clock of the pictures.  Without a speaker, or without sound, the loop's time is: samples
are read, as many as there is time, and dropped.
"""

import asyncio
from time import ticks_diff, ticks_ms

from kiosk.errors import KioskError
from kiosk.media import mixer
from kiosk.media.player import PLAYING, STOPPED
from kiosk.media.sound import Sound, fault
from kiosk.video.playersource import open_film

_ENODEV = const(19)
_STEP_MS = const(20)
_MOST_STEP_MS = const(250)  # a loop that stood still for longer is not caught up with
RATES = const((0.5, 0.8, 1.0, 1.25, 1.5))
# The errMsg of the event `error`, by errCode of a sound's.
_ERRORS = ((10002, "MEDIA_ERR_NETWORK"), (10003, "MEDIA_ERR_SRC_NOT_SUPPORTED"), (10004, "MEDIA_ERR_SRC_NOT_SUPPORTED"))


def find(page, video_id: str, owner=None):
    """The Video of a page (BasePage) with this id, made when it is first asked for; owner: the custom component that it is in."""
    videos = getattr(page, "_videos", None)
    if videos is None:
        videos = page._videos = {}

        def close():
            for each in tuple(videos.values()):
                each.destroy()

        page._at_unload = getattr(page, "_at_unload", ()) + (close,)
    key = (video_id, id(owner) if owner else 0)
    if key not in videos:
        videos[key] = Video(lambda: videos.pop(key, None))
    return videos[key]


class _LoopTrack:
    """In the place of a Track (kiosk/media/track.py): takes what the loop's clock says and drops it."""

    gain = 0

    def __init__(self, source, on_end, on_starve, speed):
        self._source = source
        self._on_end, self._on_starve = on_end, on_starve
        self._speed = speed
        self._starved = False
        self._task = asyncio.create_task(self._run())

    def leave(self):
        """Take nothing more."""
        if self._task is not asyncio.current_task():
            self._task.cancel()

    cut = leave

    async def _run(self):
        view = memoryview(bytearray(1024))
        source, owed = self._source, 0
        last = ticks_ms()
        while True:
            await asyncio.sleep_ms(_STEP_MS)
            now = ticks_ms()
            owed += min(ticks_diff(now, last), _MOST_STEP_MS) * self._speed
            last = now
            frames = int(owed * source.rate_hz / 1000)
            if not frames:
                continue
            try:
                count = source.read_into(view[: min(frames, 512 // source.channels) * 2 * source.channels])
            except Exception as exc:  # noqa: BLE001  as the mixer does with a source's own faults
                self._on_end(self, exc)
                return
            if count == 0:
                self._on_end(self, None)
                return
            if (count is None) != self._starved:
                self._starved = count is None
                self._on_starve(self, self._starved)
            owed = 0 if not count else max(0, owed - count // (2 * source.channels) * 1000 / source.rate_hz)


class Video(Sound):
    """forgotten(): called when it is destroyed.

    shown_by: the component that shows it, or None; has show(view), is_painting(), hear(event, exc).  muted, and given_ms (of the
    attribute `duration`, or None), may be set at any time.  width, height: of the pictures, 0 while nobody knows.
    """

    def __init__(self, forgotten):
        super().__init__(self._told, inner=True, opener=self._open_film)
        self._forgotten = forgotten
        self.shown_by = None
        self._muted = False
        self.given_ms = None
        self.width = self.height = 0

    async def _open_film(self, src):
        film = await open_film(src, self)
        try:
            mixer.current()
        except OSError:
            film.be_silent()
        self.width, self.height = film.width, film.height
        return film

    def destroy(self):
        """Stop, and be silent and dark for ever."""
        super().destroy()
        self.shown_by = None
        self._forgotten()

    @property
    def muted(self):
        """Whether its sound is not heard."""
        return self._muted

    @muted.setter
    def muted(self, muted):
        self._muted = muted
        self.volume = 0 if muted else 1

    @property
    def length_ms(self):
        """What it is said to last: the attribute `duration`, or as long as it lasts; 0 while nobody knows."""
        return self.given_ms or self.duration_ms or 0

    # What a Film asks.

    def heard_ms(self):
        """Int: what is heard now."""
        return self.position_ms()

    def is_playing(self):
        """bool: whether time goes on."""
        return self.state == PLAYING and self._track is not None

    def show(self, view):
        """A picture: a whole JPEG, until the next."""
        if self.shown_by:
            self.shown_by.show(view)

    def give_up(self, exc):
        """What it shows is no picture."""
        if self._emit and self.state != STOPPED:
            self._fail(KioskError("format", "its pictures cannot be decoded: %s" % exc))

    def is_painting(self):
        """bool: whether it is not on the screen yet."""
        return bool(self.shown_by) and self.shown_by.is_painting()

    # What a Player does otherwise.

    def position_ms(self):
        """What is heard now, and is to be seen."""
        if isinstance(self._track, _LoopTrack):
            return self._source.position_ms if self._source else 0
        return super().position_ms()

    async def _prepare(self, run):
        if not await super()._prepare(run):
            return False
        await self._source.filled()
        return run == self._run

    def _add_track(self, fade_in):
        if self._source.has_sound:
            super()._add_track(fade_in)
        else:
            self._source.start()
            self._track = _LoopTrack(self, self._ended, self._starved, self._speed)

    def _ended(self, track, exc):
        if track is self._track and isinstance(exc, OSError) and exc.args[:1] == (_ENODEV,) and self._source.has_sound:
            self._track = None
            place_ms = self._source.position_ms
            self._source.be_silent()
            self._source.seek_ms(place_ms)
            self._add_track(False)
            return
        super()._ended(track, exc)

    def _starved(self, track, starved):
        if self._source and not self._source.is_moving:
            super()._starved(track, starved)

    def _told(self, event, exc):
        if self.shown_by:
            self.shown_by.hear(event, exc)


def error_message(exc):
    """str: errMsg of the event `error`: WeChat's name of it, and the reason."""
    error = fault(exc)
    if error.errno == 10001:
        return "MEDIA_ERR_DECODE: " + error.reason
    return dict(_ERRORS).get(error.errno, "MEDIA_ERR_SRC_NOT_SUPPORTED") + ": " + error.reason
