"""
What a <live-player> does: pictures and sound of a server, until it is stopped or the server is lost for good.

A taker of an inlet (rtspinlet.py, httpinlet.py, rtmpinlet.py): pictures go to the screen as they come, and as fast as it can paint them;
sound goes by way of a small store (livesound.py) to the mixer.  A server that breaks off, or sends nothing for 10 s, is tried again
(lasting.py), then it is over (-2301).  While it is paused, or nobody sees it, what comes is dropped and the connection stays.
"""

import asyncio
import gc
from time import ticks_diff, ticks_ms

from kiosk import app, log
from kiosk.api import Result
from kiosk.errors import KioskError, from_exception
from kiosk.live import lasting, states
from kiosk.live.address import Address
from kiosk.live.snapshot import Snapshot
from kiosk.net.reasons import failed
from kiosk.tasks import finished, spawn

stall_ms = 10000  # a server that sends nothing for so long is gone
unsteady_ms = 2000  # so long, and the page is told
_CODES = (states.PLAY_CONNECTED, states.PLAY_BEGUN, states.BAD_PICTURE, states.PLAY_RECONNECTING, states.PLAY_LOST)
_SCHEMES = ("rtsp", "rtmp", "http", "https")
_COUNT_MS = const(1000)
_LOOK_MS = const(20)
_GAIN_ONE = const(32768)


class Player:
    """hear(event, detail): told of "statechange" and "netstatus", with a Result.  is_wanted(): whether somebody sees it.

    Set by whoever has the attributes: url, min_ms, max_ms (of the sound that is held), used from the next play() on.

    screen: what shows the pictures, a kiosk/ui/livepicture.py's LivePicture, or None.  is_paused, is_running, is_muted (bool).
    """

    url = ""
    is_paused = False
    min_ms, max_ms = 1000, 3000

    def __init__(self, hear, is_wanted):
        self._hear = hear
        self._is_wanted = is_wanted
        self._program = app.current
        self._task = self._last = self._inlet = self._track = self._shot = self._shot_file = None
        self._is_muted = False
        self._begun()
        self.screen = None

    def _begun(self):
        # A connection begins: nothing of it has come yet.
        self._size = None
        self._shown = 0  # pictures
        self._has_first = self._is_playing = self._is_bad = self._takes = False

    @property
    def is_running(self):
        """Whether it has been started and is not over."""
        return self._task is not None

    # What a context asks for.

    def play(self):
        """Begin, or go on after pause(); what becomes of it is told by statechange.  KioskError: live, url."""
        if self._task:
            self.is_paused = False
            return
        if not self.url:
            raise KioskError("live", "src is empty")
        address = Address(self.url, _SCHEMES)
        self.is_paused = False
        scheme = address.url.scheme
        if scheme == "rtsp":
            from kiosk.live import rtspinlet as protocol
        elif scheme == "rtmp":
            from kiosk.live import rtmpinlet as protocol
        else:
            from kiosk.live import httpinlet as protocol
        self._task = spawn(self._run(address, protocol))

    def stop(self):
        """End it; nothing if it is over."""
        task, self._task = self._task, None
        if task:
            self._last = task
            task.cancel()
        self._break_shot(KioskError("live", "it has been stopped"))

    def close(self):
        """The element is gone."""
        self._hear = lambda event, detail: None
        self.screen = None
        self.stop()

    def pause(self):
        """Keep the picture, be silent, stay connected.  KioskError (live) unless it runs."""
        self._require_running()
        self.is_paused = True

    def resume(self):
        """Go on with what is sent now.  KioskError (live) unless it runs."""
        self._require_running()
        self.is_paused = False

    def _require_running(self):
        if not self._task:
            raise KioskError("live", "it has not been started")

    @property
    def is_muted(self):
        """Whether its sound is not heard."""
        return self._is_muted

    @is_muted.setter
    def is_muted(self, is_muted):
        self._is_muted = is_muted
        if self._track:
            self._track.gain = 0 if is_muted else _GAIN_ONE

    async def snapshot(self):
        """str: the URL of the next picture as a temporary file.  KioskError: live, no space."""
        if not self._task or (self._inlet and not self._inlet.has_picture):
            raise KioskError("live", "there are no pictures")
        if self._shot:
            raise KioskError("live", "there is another snapshot being taken")
        self._shot = shot = Snapshot()
        try:
            await shot.done.wait()
            if shot.fault:
                raise shot.fault
            return shot.url
        finally:
            self._shot = None
            shot.close()

    def _break_shot(self, exc):
        if self._shot and not self._shot.done.is_set():
            self._shot.fault = exc
            self._shot.done.set()

    # It runs.

    async def _run(self, address, protocol):
        try:
            while self._last and not self._last.done():
                await asyncio.sleep_ms(_LOOK_MS)
            self._last = None

            def made():
                self._begun()
                return protocol.Inlet(address, self, self.min_ms, self.max_ms)

            await lasting.keep(made, self._receive, self._state, _CODES)
        except Exception as exc:  # noqa: BLE001  a supervisor: what nobody meant to raise ends the stream, not the mini-program
            fault = from_exception(exc)
            if fault.args[0] != "oom":
                log.exception(self._program.appid, exc)
            self._state(states.PLAY_LOST, fault.reason)
        finally:
            self._break_shot(KioskError("live", "it is over"))
            if self._task is asyncio.current_task():
                self._task = None
            finished()

    async def _receive(self, inlet):
        # Returns the KioskError that has ended it.
        self._state(states.LOADING)
        self._inlet = inlet
        self._stalled = None
        running = asyncio.current_task()
        others = [asyncio.create_task(self._count(inlet, running)), asyncio.create_task(self._listen(inlet))]
        try:
            await inlet.run()
        except KioskError as exc:
            return exc
        except asyncio.CancelledError:
            if not self._stalled or self._task is not running:
                raise
            return self._stalled
        finally:
            self._inlet = None
            for task in others:
                task.cancel()
            if self._shot_file:
                self._shot_file.end(False)
                self._shot_file = None
            if self._track:
                self._track.leave()
                self._track = None

    async def _count(self, inlet, running):
        # Once a second: what has come, and whether anything has.
        shown = pictures = sounds = lost = 0
        came_at, is_unsteady, is_told = ticks_ms(), False, False
        while True:
            await asyncio.sleep_ms(_COUNT_MS)
            video = (inlet.picture_bytes - pictures) * 8 // _COUNT_MS
            audio = (inlet.sound_bytes - sounds) * 8 // _COUNT_MS
            now = ticks_ms()
            if inlet.picture_bytes != pictures or inlet.sound_bytes != sounds:
                came_at, is_unsteady = now, False
            width, height = self._size or (0, 0)
            info = Result(
                videoBitrate=video, audioBitrate=audio, videoFPS=self._shown - shown, videoGOP=1, netSpeed=video + audio,
                netJitter=inlet.jitter_ms, videoWidth=width, videoHeight=height,
            )  # fmt: skip
            shown, pictures, sounds = self._shown, inlet.picture_bytes, inlet.sound_bytes
            self._hear("netstatus", Result(info=info))
            if inlet.lost != lost:
                lost = inlet.lost
                self._state(states.PICTURES_LOST)
            if inlet.left_out and not is_told:
                is_told = True
                self._state(states.BAD_PICTURE, "not played: " + inlet.left_out)
            silent_ms = ticks_diff(now, came_at)
            if silent_ms > unsteady_ms and not is_unsteady:
                is_unsteady, self._is_playing = True, False
                self._state(states.UNSTEADY)
                self._state(states.LOADING)
            if silent_ms > stall_ms:
                self._stalled = failed("CONNECTION_TIMED_OUT")
                running.cancel()
                return

    def is_seen(self):
        """bool: whether what comes is to be seen and heard."""
        return not self.is_paused and self._program.visible and self._is_wanted()

    # Sound.

    async def _listen(self, inlet):
        try:
            sound = await inlet.open_sound()
            if sound is None:
                return
            from kiosk.media import mixer
            from kiosk.media.track import Track

            speaker = self._speaker(inlet, mixer)
            if speaker is None:
                return
            gc.collect()
            gain = 0 if self._is_muted else _GAIN_ONE
            self._track = Track(_Gate(sound, self), self._unheard, None, 0, gain, True)
            speaker.add(self._track)
        except (KioskError, OSError, MemoryError, ValueError) as exc:
            self._unheard(self._track, exc)

    def _speaker(self, inlet, mixer):
        # The mixer; None on a board that can only show what comes.
        try:
            return mixer.current()
        except OSError:
            if not inlet.has_picture:
                raise
            return None

    def _unheard(self, track, exc):
        # The pictures go on without sound.
        if track is self._track:
            self._track = None
            if exc:
                self._state(
                    states.BAD_SOUND, str(exc.args[-1]) if isinstance(exc, OSError) else from_exception(exc).reason
                )

    # A taker of the pictures.

    def begin(self, size_bytes, at_ms):
        """See kiosk/live/jpegframes.py."""
        if self._inlet is None:  # the page has not been told yet that it is connected
            return
        if not self._has_first:
            self._has_first = True
            self._state(states.PLAY_FIRST_FRAME)
        self._takes = bool(self.screen) and self.is_seen() and self.screen.begin(size_bytes)
        if self._shot_file:  # the one before has been broken off
            self._shot_file.end(False)
        self._shot_file = self._shot if self._shot and not self._shot.done.is_set() else None
        if self._shot_file:
            self._shot_file.begin()

    async def write(self, view):
        """See kiosk/live/jpegframes.py."""
        if self._takes and self.screen:
            self._takes = self.screen.write(view)
        if self._shot_file:
            self._shot_file.write(view)

    async def end(self, is_whole):
        """See kiosk/live/jpegframes.py."""
        if self._shot_file:
            self._shot_file.end(is_whole)
            self._shot_file = None
        if not self._takes or not self.screen:
            return
        self._takes = False
        size = self.screen.end(is_whole)
        if not size:
            return
        self._shown += 1
        self._is_bad = False
        self.now_playing()
        if size != self._size:
            self._size = size
            self._state(states.SIZE_CHANGED)

    def refused(self, exc):
        """Nobody asked, so nobody is answered: it does not even begin (KioskError of play())."""
        self._state(states.CONNECT_FAULT, exc.reason)
        self._state(states.PLAY_LOST)

    def undecoded(self, exc):
        """The screen cannot show a picture (ValueError, MemoryError): told once, until one can be shown again."""
        if not self._is_bad:
            self._is_bad = True
            self._state(states.BAD_PICTURE, str(exc) or "out of memory")

    # What it tells.

    def now_playing(self):
        """Something is seen or heard."""
        if not self._is_playing:
            self._is_playing = True
            self._state(states.PLAYING)

    def _state(self, code, text=None):
        self._hear("statechange", Result(code=code, message=dict(states.TEXTS).get(code) if text is None else text))


class _Gate:
    """A sound that is passed over while it is not to be heard."""

    def __init__(self, sound, player):
        self._sound = sound
        self._player = player
        self.rate_hz, self.channels = sound.rate_hz, sound.channels

    def read_into(self, view):
        """See kiosk/media/track.py."""
        if not self._player.is_seen():
            self._sound.cache.clear()
            return 0 if self._sound.cache.is_over else None
        count = self._sound.read_into(view)
        if count:
            self._player.now_playing()
        return count
