"""
A recording of the mini-program's, from its start to its end: the microphone into a temporary file.

There is one at a time.  It ends when it is stopped, is as long as it may be, has no more room, meets a fault, or the
mini-program closes.  Whatever has ended it, the file holds what was heard until then.

A mini-program that goes into the background loses the microphone at once: its recording pauses (InterruptionBegin, Pause),
and can be resumed once it is visible again (InterruptionEnd); after five seconds in the background it ends.

What is heard while the loop stands still waits in the microphone's ring: 300 ms of it at 16 kHz, 100 ms at 48 kHz.
"""

import asyncio
import errno

import board
from kiosk import app, files, permissions
from kiosk.errors import KioskError, from_exception
from kiosk.files.reasons import explain
from kiosk.media import encoders, recorder, recordingfile, recordingformat

SCOPE = "scope.record"
STARTING, RECORDING, PAUSED = range(3)
_VIEW_BYTES = const(1024)
_TICK_MS = const(50)
_SILENT_TICKS = const(40)  # a microphone that gives nothing for 2 s gives nothing any more

current = None  # Recording


def sources():
    """list of str: what the board can record from."""
    return list(recordingformat.SOURCES) if board.microphone else []


class Kept:
    """What has become of a recording.  url (str), duration_ms, size (bytes)."""

    def __init__(self, url, duration_ms, size):
        self.url = url
        self.duration_ms = duration_ms
        self.size = size


class Recording:
    """A recording to be: run() makes it.  settings: recordingformat.Settings.

    tell(event, **fields): hears of Start, Pause, Resume, InterruptionBegin, InterruptionEnd, and FrameRecorded with
    frameBuffer and isLastFrame.  ends_when_hidden: rather than pause.  otherwise: the Settings where this image or board
    cannot encode.  state: STARTING, RECORDING or PAUSED.
    """

    def __init__(self, settings, tell, ends_when_hidden=False, otherwise=None):
        self._settings = settings
        self._otherwise = otherwise
        self._tell = tell
        self._ends_when_hidden = ends_when_hidden
        self._program = app.current
        self._fault = None
        self._ending = self._reading = self._interrupted = False
        self.state = STARTING

    async def run(self):
        """Record; return (a KioskError or None, a Kept or None).  KioskError if it cannot begin."""
        global current
        if current:
            raise KioskError("recorder", "is recording or paused")
        current = self
        self._task = asyncio.current_task()
        try:
            await permissions.require(SCOPE)
            if not self._program.visible:
                raise KioskError("recorder", "not in the background")
            await self._open()
            return await self._record()
        finally:
            current = None

    async def _open(self):
        self._recorder = _microphone(recorder.current)
        if self._recorder.is_open:
            raise KioskError("recorder", "is recording or paused")
        if self._settings.is_encoded:
            try:
                await encoders.require_speed(self._settings)
            except KioskError as exc:
                if self._otherwise is None or exc.args[0] != "unsupported":
                    raise
                self._settings = self._otherwise
        self._view = memoryview(bytearray(_VIEW_BYTES))
        try:
            self._file = recordingfile.create(files.current(), self._settings, self._frame)
        except OSError as exc:
            raise _of_the_flash(exc)
        try:
            _microphone(self._recorder.start, self._settings.rate_hz, self._settings.channels)
        except Exception:
            self._file.discard()
            raise

    def _frame(self, data, is_last):
        self._tell("FrameRecorded", frameBuffer=data, isLastFrame=is_last)

    async def _record(self):
        watch = asyncio.create_task(self._watch())
        interrupt = self.stop
        self._program.at_background += (interrupt,)
        kept = None
        try:
            self.state = RECORDING
            self._tell("Start")
            try:
                await self._take()
            except Exception as exc:  # noqa: BLE001  a supervisor: whatever ends it, what there is is kept
                self._fault = _of_the_flash(exc)
            self._recorder.stop()
            watch.cancel()
            kept = await self._finish()
            return self._fault, kept
        finally:
            watch.cancel()
            others = [each for each in self._program.at_background if each is not interrupt]
            self._program.at_background = tuple(others)
            self._recorder.stop()
            self._file.release() if kept else self._file.discard()

    async def _take(self):
        frame, left = self._settings.frame, self._file.frames_max
        while left and not self._ending:
            count = await self._read(self._view[: min(_VIEW_BYTES, left * frame)])
            if not count:
                break
            self._file.write(self._view[:count])
            left -= count // frame
        if self._fault:
            raise self._fault
        if not left and self._file.frames_max < self._settings.frames:
            raise KioskError("no space")

    async def _read(self, view):
        self._reading = True
        try:
            return await self._recorder.read_into(view)
        except asyncio.CancelledError:
            if self._ending or self._fault:
                return 0
            raise
        except OSError as exc:
            raise _explained(exc)
        finally:
            self._reading = False

    async def _finish(self):
        frames = self._recorder.frames
        try:
            await self._file.finish(self._fault is None)
        except Exception as exc:  # noqa: BLE001  a supervisor, as in _record()
            self._fault = self._fault or _of_the_flash(exc)
            self._file.release()
        try:
            kept = self._file.kept_bytes()
        except OSError as exc:  # somebody has taken it away past the API
            self._fault = self._fault or _of_the_flash(exc)
            return None
        frames = self._file.frames_in(kept, frames)
        if self._fault and not frames:
            return None
        return Kept(self._file.url, frames * 1000 // self._settings.rate_hz, kept)

    async def _watch(self):
        # Sees what the one who waits for the microphone cannot see.
        silent, heard = 0, 0
        while True:
            await asyncio.sleep_ms(_TICK_MS)
            self._follow_visibility()
            # Counted in turns of the loop: while that stands still nobody could have taken what the microphone gives.
            silent = silent + 1 if self._reading and heard == self._recorder.heard else 0
            heard = self._recorder.heard
            if silent >= _SILENT_TICKS:
                self._fault = KioskError("microphone timeout")
                self._wake()
                return

    def _follow_visibility(self):
        if self._program.closing or (self._ends_when_hidden and not self._program.visible):
            self.stop()
        elif self._interrupted == self._program.visible:
            self._interrupted = not self._program.visible
            self._tell("InterruptionBegin" if self._interrupted else "InterruptionEnd")
            if self._interrupted and self.state == RECORDING:
                self.pause()
                self._tell("Pause")

    def pause(self):
        """What is heard from now on is not recorded.  KioskError (recorder) unless it is recording."""
        if self.state != RECORDING:
            raise KioskError("recorder", "not recording")
        self._recorder.paused = True
        self.state = PAUSED

    def resume(self):
        """Go on.  KioskError (recorder) unless it is paused, and in the background."""
        if self.state != PAUSED:
            raise KioskError("recorder", "not paused")
        if self._interrupted:
            raise KioskError("recorder", "not in the background")
        self._recorder.paused = False
        self.state = RECORDING

    def stop(self):
        """End it soon.  One that has not started yet starts, and ends at once."""
        if not self._ending:
            self._ending = True
            self._wake()

    def _wake(self):
        if self._reading and asyncio.current_task() is not self._task:
            self._task.cancel()


def _microphone(function, *args):
    # Whatever the board's microphone has to say, in the words of the API.
    try:
        return function(*args)
    except (OSError, ValueError) as exc:
        raise _explained(exc)


def _of_the_flash(exc):
    # The microphone's are explained by then, so what OSErrors there are come from writing.
    return from_exception(explain(exc, "") if isinstance(exc, OSError) else exc)


def _explained(exc):
    text = str(exc.args[-1]) if exc.args else "it fails"
    if isinstance(exc, OSError) and exc.errno != errno.ENODEV:
        return KioskError("microphone", text)
    return KioskError("unsupported", text)
