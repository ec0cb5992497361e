"""
What a <live-pusher> does: camera and microphone to a server, until it is stopped or the server is lost for good.

A taker of the camera (kiosk/camera): frames go to the outlet as they come.  A server that breaks off is tried again (lasting.py), then it
is over (-1307).  While the mini-program is in the background nothing is seen, heard or sent; the
connection stays.  The JPEGs' quality follows the bit rates that are asked for.
"""

import asyncio
import gc
from time import ticks_ms

import board
from kiosk import app, camera, log, permissions
from kiosk.api import Result
from kiosk.errors import KioskError, from_exception
from kiosk.live import lasting, states
from kiosk.live.address import Address
from kiosk.live.snapshot import Snapshot
from kiosk.tasks import finished, spawn

_CODES = (states.CONNECTED, states.PUSHING, states.SOUND_FAULT, states.RECONNECTING, states.LOST)
_COUNT_MS = const(1000)
_LOOK_MS = const(50)
_QUALITY_STEP = const(10)
_QUALITY_LEAST = const(20)
_QUALITY_MOST = const(80)
_GAIN_ONE = const(32768)


class Pusher:
    """hear(event, detail): told of "statechange", "netstatus" and "error", with a Result, and of "camera" when it opens or closes.

    Set by whoever has the attributes, and used from the next start() on: url, has_camera, has_microphone, facing ("back", "front"), size,
    is_low (sound); at once: is_muted, gain (0 to 32768), least_kbps, most_kbps.

    is_running, is_paused (bool).  screen: a taker that shows what the camera sees, or None.  What a taker has: quality.
    """

    url = ""
    has_camera = has_microphone = True
    facing = "back"
    size = (320, 240)
    is_low = is_muted = is_paused = is_previewing = False
    gain = _GAIN_ONE
    least_kbps, most_kbps = 200, 1000
    quality = 60

    def __init__(self, hear):
        self._hear = hear
        self._program = app.current
        self._last = None  # the task that was stopped: it may not have given the camera back yet
        self._task = self._outlet = self._shot = None
        self._is_first = self._has_light = False
        self.screen = None  # a taker that shows what the camera sees

    @property
    def is_running(self):
        """Whether it has been started and is not over."""
        return self._task is not None

    # What a context asks for.

    def start(self):
        """Begin; what becomes of it is told by statechange.  KioskError: live, url; scopes are asked for on the way."""
        if self._task:
            raise KioskError("live", "it has been started")
        if not self.url:
            raise KioskError("live", "url is empty")
        if not (self.has_camera or self.has_microphone):
            raise KioskError("live", "neither camera nor microphone is to be sent")
        address = Address(self.url)
        self.is_paused, self._is_first = False, True
        if address.url.scheme == "rtmp":
            from kiosk.live import rtmpoutlet as protocol
        else:
            from kiosk.live import rtspoutlet as protocol
        self._task = spawn(self._run(address, protocol))

    def stop(self):
        """End it; nothing if it is over."""
        task, self._task = self._task, None
        if task:
            self._last = task
            task.cancel()

    def close(self):
        """The element is gone."""
        self.is_previewing = False
        self._hear = lambda event, detail: None
        self.stop()
        self._close_camera()

    def pause(self):
        """Send nothing, stay connected.  KioskError (live) unless it runs."""
        self._require_running()
        self.is_paused = True

    def resume(self):
        """Go on.  KioskError (live) unless it runs."""
        self._require_running()
        self.is_paused = False

    def _require_running(self):
        if not self._task:
            raise KioskError("live", "it has not been started")

    async def preview(self, is_on):
        """Open the camera without sending anything, or close it if nothing is sent.  KioskError: denied, camera, unsupported."""
        self.is_previewing = is_on
        if is_on:
            try:
                await self._open_camera()
            except KioskError:
                self.is_previewing = False
                raise
        elif not self._task:
            self._close_camera()

    async def switch(self):
        """The other camera.  KioskError: unsupported where there is none."""
        other = "front" if self.facing == "back" else "back"
        if camera.is_attached(self):
            await camera.use(other)
        elif other not in camera.facings():
            raise KioskError("unsupported", "no %s camera" % other)
        self.facing = other
        self._has_light = False

    def toggle_torch(self):
        """The light on or off.  KioskError: unsupported without one, live while the camera is off."""
        self._require_camera()
        camera.torch(not self._has_light)
        self._has_light = not self._has_light

    def zoom(self, times):
        """float: bring things nearer; how many times that is.  KioskError: unsupported, live while the camera is off."""
        self._require_camera()
        return camera.zoom(times)

    def zoom_most(self):
        """float: how far zoom() goes.  KioskError (live) while the camera is off."""
        self._require_camera()
        return camera.zoom_most()

    def _require_camera(self):
        if not camera.is_attached(self):
            raise KioskError("live", "the camera is off")

    async def snapshot(self):
        """(URL, width, height): the next picture as a temporary file.  KioskError: live, camera, no space."""
        self._require_camera()
        if self._shot:
            raise KioskError("live", "there is another snapshot being taken")
        self._shot = shot = Snapshot()
        try:
            await shot.done.wait()
            if shot.fault:
                raise shot.fault
            return (shot.url,) + camera.size
        finally:
            self._shot = None
            shot.close()

    # It runs.

    async def _run(self, address, protocol):
        try:
            while self._last and not self._last.done():
                await asyncio.sleep_ms(_LOOK_MS)
            self._last = None
            if protocol.HAS_PICTURE:
                await self._open_camera()
            await self._open_microphone(protocol)
            await lasting.keep(
                lambda: protocol.Outlet(address, self.has_camera, self._listens, self.is_low),
                self._push,
                self._state,
                _CODES,
            )
        except KioskError as exc:
            if exc.args[0] == "oom":
                self._error(exc, exc.errno)
        except Exception as exc:  # noqa: BLE001  a supervisor: what nobody meant to raise ends the stream, not the mini-program
            log.exception(self._program.appid, exc)
            self._error(from_exception(exc), -1)
        finally:
            if not self.is_previewing:
                self._close_camera()
            if self._task is asyncio.current_task():
                self._task = None
            finished()

    def _close_camera(self):
        if camera.is_attached(self):
            camera.detach(self)
            self._hear("camera", None)
        self._break_shot(KioskError("live", "it has been stopped"))

    async def _open_camera(self):
        if not self.has_camera or camera.is_attached(self):
            return
        try:
            await permissions.require("scope.camera")
            await camera.attach(self, self.facing, self.size)
        except KioskError as exc:
            self._refused(states.CAMERA_FAULT, states.NO_CAMERA, exc)
            raise
        self._state(states.CAMERA_OPEN)
        self._hear("camera", None)

    async def _open_microphone(self, protocol):
        self._listens = self.has_microphone and bool(board.microphone)
        if not self.has_microphone:
            return
        try:
            if self._listens:
                await permissions.require("scope.record")
            elif not (self.has_camera and protocol.HAS_PICTURE):
                raise KioskError("unsupported", "no microphone")
        except KioskError as exc:
            self._refused(states.MICROPHONE_FAULT, states.NO_MICROPHONE, exc)
            raise

    async def _push(self, outlet):
        # Returns the KioskError that has ended it.
        self._outlet = outlet
        others = [asyncio.create_task(self._count(outlet))]
        if self._listens and outlet.rate_hz:
            others.append(asyncio.create_task(self._listen(outlet)))
        try:
            await outlet.run()
        except KioskError as exc:
            return exc
        finally:
            self._outlet = None
            for task in others:
                task.cancel()

    async def _count(self, outlet):
        # Once a second: what has gone out, and whether camera and quality are as they should be.
        frames = dropped = pictures = sounds = 0
        while True:
            await asyncio.sleep_ms(_COUNT_MS)
            video = (outlet.picture_bytes - pictures) * 8 // _COUNT_MS
            audio = (outlet.sound_bytes - sounds) * 8 // _COUNT_MS
            info = Result(
                videoBitrate=video, audioBitrate=audio, videoFPS=outlet.frames - frames, videoGOP=1, netSpeed=video + audio,
                netJitter=outlet.jitter_ms, videoWidth=outlet.size[0], videoHeight=outlet.size[1],
            )  # fmt: skip
            is_slow = outlet.dropped > dropped
            frames, dropped = outlet.frames, outlet.dropped
            pictures, sounds = outlet.picture_bytes, outlet.sound_bytes
            self._hear("netstatus", Result(info=info))
            if outlet.fault:
                self._state(states.PICTURE_FAULT, outlet.fault)
            if is_slow:
                self._state(states.SLOW)
            if outlet.has_picture:
                self._adapt(video, is_slow)
                await self._follow_visibility()

    def _adapt(self, kbps, is_slow):
        quality = self.quality
        if (is_slow or kbps > self.most_kbps) and quality > _QUALITY_LEAST:
            self.quality -= _QUALITY_STEP
        elif 0 < kbps < self.least_kbps and quality < _QUALITY_MOST and not is_slow:
            self.quality += _QUALITY_STEP
        if self.quality != quality:
            self._state(states.RATE_CHANGED)

    async def _follow_visibility(self):
        if self._program.visible == camera.is_attached(self):
            return
        try:
            if self._program.visible:
                await camera.attach(self, self.facing, self.size)
            else:
                camera.detach(self)
            self._hear("camera", None)
        except KioskError as exc:
            self.failed(exc)

    async def _listen(self, outlet):
        from kiosk.media import recorder

        try:
            microphone = recorder.current()
            view = memoryview(bytearray(outlet.block))
            while True:
                while not self._program.visible:
                    await asyncio.sleep_ms(_LOOK_MS)
                gc.collect()  # its ring is the largest piece of all
                microphone.start(outlet.rate_hz, 1)
                try:
                    await self._send_sound(microphone, outlet, view)
                finally:
                    microphone.stop()
        except (OSError, ValueError) as exc:
            self._state(states.MICROPHONE_FAULT, str(exc.args[-1]))
        except Exception as exc:  # noqa: BLE001  a supervisor: the pictures go on without sound, unless it was the network
            if not outlet.is_failing(exc):
                self._state(states.MICROPHONE_FAULT, from_exception(exc).reason)

    async def _send_sound(self, microphone, outlet, view):
        from kiosk.media import pcm

        filled = 0
        while self._program.visible:
            filled += await microphone.read_into(view[filled:])
            if filled < len(view):
                continue
            filled = 0
            if not self.is_paused:
                pcm.volume(view, len(view) // 2, 0 if self.is_muted else self.gain)
                await outlet.sound(view, ticks_ms())

    # A taker of the camera.

    def begin(self, size_bytes, at_ms):
        """See kiosk/camera."""
        self._frame = None
        if self._outlet and not self.is_paused and self._program.visible:
            self._frame = self._outlet
            self._frame.begin(at_ms)
        self._shot_file = self._shot if self._shot and not self._shot.done.is_set() else None
        if self._shot_file:
            self._shot_file.begin()
        if self.screen:
            self.screen.begin(size_bytes, at_ms)

    async def write(self, view):
        """See kiosk/camera."""
        if self._frame and self._frame is self._outlet:
            await self._frame.write(view)
        if self._shot_file:
            self._shot_file.write(view)
        if self.screen:
            await self.screen.write(view)

    async def end(self, is_whole):
        """See kiosk/camera."""
        if is_whole and self._is_first:
            self._is_first = False
            self._state(states.FIRST_FRAME)
        if self._frame and self._frame is self._outlet:
            await self._frame.end(is_whole)
        if self._shot_file:
            self._shot_file.end(is_whole)
            self._shot_file = None
        if self.screen:
            await self.screen.end(is_whole)

    def failed(self, exc):
        """See kiosk/camera: without the camera it is over."""
        self._state(states.CAMERA_FAULT, exc.reason)
        self._break_shot(exc)
        self.is_previewing = False
        self._hear("camera", None)
        self.stop()

    def _break_shot(self, exc):
        if self._shot and not self._shot.done.is_set():
            self._shot.fault = exc
            self._shot.done.set()

    # What it tells.

    def _state(self, code, text=None):
        self._hear("statechange", Result(code=code, message=dict(states.TEXTS).get(code) if text is None else text))

    def _error(self, exc, code):
        self._hear("error", Result(errCode=code, errMsg=exc.reason))

    def _refused(self, state, error, exc):
        self._state(state, exc.reason)
        self._error(exc, error)
