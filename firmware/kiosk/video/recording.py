"""
A recording of the camera with the microphone's sound, from its start to its end: state, what it writes, what becomes of it.

There is one at a time.  It ends when it is stopped, is as long as it may be, has no more room, meets a fault of the camera, or
the mini-program goes into the background or its page does.  Whatever has ended it, the file has what was seen until
then: streamed, it plays as it is (aviwriter.py), and where there is room for a copy it gets its lengths and its index
(avirepair.py), which on an RP2040's flash takes about as long as it was recorded.

Without a microphone, or one that somebody has, or the mini-program may not use, there is no sound; one that fails later
ends the sound only.  Sound is ADPCM at 8 kHz: an RP2040's flash takes 70 KB a second, and PCM would want 16 of them.

Memory: 5 KB, besides the camera's, the microphone's and the flash's own.
"""

import asyncio
import os
from time import ticks_ms

from kiosk import app, camera, files, log, permissions
from kiosk.errors import KioskError, from_exception
from kiosk.files import content, room
from kiosk.files.reasons import explain
from kiosk.media import recorder
from kiosk.video import aviformat, avirepair, thumbnail
from kiosk.video.aviwriter import AviWriter
from kiosk.video.soundclock import SoundClock
from kiosk.video.soundtrack import Soundtrack

_TAG = "video"
_RATES_HZ = (8000, 16000)
_VIEW_BYTES = const(512)
_TICK_MS = const(50)
_FIRST_TICKS = const(200)
_LATE_TICK_MS = const(20)
_LATE_TICKS = const(15)
_SILENT_TICKS = const(40)  # a microphone that gives nothing for 2 s gives nothing any more
_QUALITY_PERCENT = const(60)
_COMPRESSED_PERCENT = const(30)
_COMPRESSED_APART_MS = const(160)
_TURN_SHIFT = const(11)  # after each 2 KB the loop turns, as a block may have been erased

current = None  # VideoRecording


class Kept:
    """What has become of a recording.  url, thumb_url (str); duration_ms, size (bytes), width, height, pictures, dropped."""


class VideoRecording:
    """A recording to be: start() begins it, finish() awaits its end.

    longest_ms; facing; size: what camera.attach() takes.  is_compressed: pictures of fewer bytes.  is_shown(): whether what it
    was begun for is still to be seen; when that is no longer so, it ends.
    quality: percent, for the camera's service.  ended_by: None while it goes on, then "stop", "time", "hidden" or "fault".
    """

    def __init__(self, longest_ms, facing="back", size=None, is_compressed=False, is_shown=None):
        self.quality = _COMPRESSED_PERCENT if is_compressed else _QUALITY_PERCENT
        self._longest_ms = longest_ms
        self._facing, self._wanted = facing, size
        self._apart_ms = 0  # by which pictures are to be apart in what finish() makes of it
        self._is_shown = is_shown
        self._program = app.current
        self._writer = self._track = self._recorder = self._clock = None
        self._fault = None
        self._turned = self._heard = 0
        self._ended, self._free = asyncio.Event(), asyncio.Event()
        self._tasks = ()
        self.ended_by = None

    # Its life.

    async def start(self) -> None:
        """Return when it records.  KioskError if it cannot begin."""
        global current
        if current:
            raise KioskError("recorder", "is recording")
        current = self
        is_begun = False
        try:
            may_hear = await self._may_hear()
            await camera.attach(self, self._facing, self._wanted)
            sound = self._start_sound() if may_hear else None
            self.size = camera.size
            self._create(sound)
            is_begun = True
        except OSError as exc:
            raise _of_the_flash(exc)
        finally:
            if not is_begun:
                self._release()
        tasks = [asyncio.create_task(self._watch())]
        if sound:
            tasks.append(asyncio.create_task(self._hear()))
        self._tasks = tasks

    def stop(self, reason="stop") -> None:
        """End it soon.  Again: nothing."""
        if self.ended_by is None:
            self.ended_by = reason
            self._ended.set()

    def compress(self) -> None:
        """Fewer bytes of what was recorded already: finish() leaves pictures out, if they are not small."""
        if self.quality > _COMPRESSED_PERCENT:
            self._apart_ms = _COMPRESSED_APART_MS

    async def finish(self):
        """Wait for the end; return (a KioskError or None, a Kept or None: nothing was seen)."""
        try:
            await self._ended.wait()
            await self._first_picture()
            camera.detach(self)
            await self._end_sound()
            kept = await self._finish_file()
            return self._fault, kept
        finally:
            self._release()

    async def _first_picture(self):
        # One that is stopped at once has one, if the camera gives it: its service gives up before this does.
        for _ in range(_FIRST_TICKS):
            if self.ended_by != "stop" or self._fault or self._writer.pictures:
                break
            await asyncio.sleep_ms(_TICK_MS)

    async def _may_hear(self):
        try:
            await permissions.require("scope.record")
            return True
        except KioskError as exc:
            log.info(_TAG, "no sound: %s", exc.reason)
            return False

    def _start_sound(self):
        """The Sound, None where there is nothing to hear with."""
        reason = None
        for rate_hz in _RATES_HZ:
            try:
                microphone = recorder.current()
                microphone.start(rate_hz, 1)
            except (KioskError, OSError, ValueError) as exc:
                reason = exc
                continue
            self._recorder = microphone
            return aviformat.adpcm(rate_hz)
        log.info(_TAG, "no sound: %s", reason)
        return None

    def _create(self, sound):
        self._files = files.current()
        free = room.left(self._files.folder)
        if free <= 0:
            raise KioskError("no space")
        self._url, self._path = self._files.temporary(".avi")
        file = open(self._path, "wb")
        self._files.held.append(self._path)
        self._clock = SoundClock(ticks_ms())
        self._track = Soundtrack(sound) if sound else None
        self._writer = AviWriter(file, self.size[0], self.size[1], sound, free)

    def _release(self):
        global current
        camera.detach(self)
        for task in self._tasks:
            task.cancel()
        self._tasks = ()
        self._stop_microphone()
        writer, self._writer = self._writer, None
        if writer:
            writer.abandon()
            self._let_go()
        current = None

    # Pictures: what the camera's service calls.

    def begin(self, size_bytes, at_ms):
        """See kiosk/camera."""
        writer, time_ms = self._writer, self._time_ms(at_ms)
        if writer and time_ms is not None and 0 <= time_ms < self._longest_ms and camera.size == self.size:
            writer.begin_picture(time_ms, size_bytes)

    async def write(self, view):
        """See kiosk/camera."""
        writer = self._writer
        if writer and writer.is_in_picture:
            writer.write(view)
            await self._turn()

    async def end(self, is_whole):
        """See kiosk/camera."""
        writer = self._writer
        if writer and writer.is_in_picture:
            writer.end_picture(is_whole)
            if self._track:
                self._track.flush(writer)
                self._free.set()
            await self._turn()

    def failed(self, exc):
        """See kiosk/camera: it is gone, or what the three above let out."""
        self._fault = exc
        self.stop("fault")

    async def _turn(self):
        turned = self._writer.size >> _TURN_SHIFT if self._writer else self._turned
        if turned != self._turned:
            self._turned = turned
            await asyncio.sleep_ms(0)

    def _time_ms(self, at_ms):
        if self._clock is None or (self._recorder and not self._heard):
            return None
        return self._clock.time_ms(at_ms)

    # Sound.

    async def _hear(self):
        view = memoryview(bytearray(_VIEW_BYTES))
        try:
            while True:
                count = await self._recorder.read_into(view)
                if not count:
                    return
                count = min(count, self._longest_ms * self._recorder.rate_hz // 1000 * 2 - self._heard)
                if not count:
                    self.stop("time")
                    return
                self._heard += count
                self._clock.heard(ticks_ms(), self._heard_ms())
                await self._take(view[:count])
        except OSError as exc:
            log.warn(_TAG, "the sound has ended: %s", exc)
            self._stop_microphone()

    def _heard_ms(self):
        return self._heard * 500 // self._recorder.rate_hz

    async def _take(self, samples):
        try:
            while len(samples):
                samples = samples[self._track.put(samples) :]
                if not self._writer.is_in_picture:
                    self._track.flush(self._writer)
                elif len(samples):
                    self._free.clear()
                    await self._free.wait()
        except (KioskError, OSError) as exc:
            self.failed(_of_the_flash(exc))

    async def _end_sound(self):
        # What was heard with the last picture may still be under way.
        wanted_ms = self._longest_ms if self.ended_by == "time" else self._writer.duration_ms
        for _ in range(_LATE_TICKS):
            if not self._recorder or self._heard_ms() >= wanted_ms:
                break
            await asyncio.sleep_ms(_LATE_TICK_MS)
        for task in self._tasks:
            task.cancel()
        self._tasks = ()
        self._stop_microphone()

    def _stop_microphone(self):
        microphone, self._recorder = self._recorder, None
        if microphone:
            microphone.stop()

    async def _watch(self):
        # Sees what those who wait cannot see.
        silent, heard = 0, 0
        while True:
            await asyncio.sleep_ms(_TICK_MS)
            if self._program.closing or not self._program.visible or (self._is_shown and not self._is_shown()):
                self.stop("hidden")
            elif (self._time_ms(ticks_ms()) or 0) >= self._longest_ms:
                self.stop("time")
            if self._recorder:
                silent = silent + 1 if heard == self._recorder.heard else 0
                heard = self._recorder.heard
                if silent >= _SILENT_TICKS:
                    log.warn(_TAG, "no sound: the microphone gives nothing")
                    self._stop_microphone()

    # The end.

    async def _finish_file(self):
        writer = self._writer
        try:
            end_ms = min(self._time_ms(ticks_ms()) or 0, self._longest_ms)
            if writer.is_in_picture:
                writer.end_picture(False)
            if self._track:
                self._track.finish(writer)
                end_ms = max(writer.sound_ms, 0 if self._heard else end_ms)
            writer.close(end_ms)
        except (KioskError, OSError) as exc:
            self._fault = self._fault or _of_the_flash(exc)
        await asyncio.sleep_ms(0)
        if not writer.pictures:
            return None
        await self._make_whole()
        kept = Kept()
        kept.width, kept.height = self.size
        kept.pictures, kept.dropped = writer.pictures, writer.dropped
        kept.duration_ms = writer.duration_ms
        kept.url, kept.size = self._url, os.stat(self._path)[6]
        kept.thumb_url = await self._thumbnail()
        self._let_go(True)
        self._writer = None  # nothing to be undone any more
        return kept

    async def _make_whole(self):
        # Where there is no room for the copy the file stays, and is read as what it is: one that was streamed.
        if room.left(self._files.folder) < self._writer.size + self._writer.size // 16:
            log.info(_TAG, "%s has no index: no room for a copy", self._url)
            return
        url, path = self._files.temporary(".avi")
        is_whole = False
        try:
            await avirepair.copy_whole(self._path, path, self._apart_ms)
            is_whole = True
        except (KioskError, OSError) as exc:
            log.warn(_TAG, "%s has no index: %s", self._url, exc)
        finally:
            if not is_whole:
                content.discard(path)
        if is_whole:
            self._let_go()
            self._files.held.append(path)
            self._url, self._path = url, path

    async def _thumbnail(self):
        url, path = self._files.temporary(".jpg")
        is_made = False
        try:
            await thumbnail.copy_first(self._path, path)
            is_made = True
            return url
        except (KioskError, OSError) as exc:
            self._fault = self._fault or _of_the_flash(exc)
            return ""
        finally:
            if not is_made:
                content.discard(path)

    def _let_go(self, is_kept=False):
        # Of the file, which others may remove from now on, or which goes.
        if self._path in self._files.held:
            self._files.held.remove(self._path)
        if not is_kept:
            content.discard(self._path)


def _of_the_flash(exc):
    return from_exception(explain(exc, "") if isinstance(exc, OSError) else exc)
