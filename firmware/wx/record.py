"""Chapter "Media", recording.  The service is kiosk/media/recording.py."""

from kiosk.api import Result, api, checked, failure, type_name
from kiosk.errors import KioskError
from kiosk.events import Emitter
from kiosk.media import recordingformat
from kiosk.media.recording import Recording, sources
from kiosk.tasks import finished, spawn

_START = (
    ("duration", "Number", 60000),
    ("sampleRate", "Number", 8000),
    ("numberOfChannels", "Number", 2),
    ("encodeBitRate", "Number", None),
    ("format", "String", "aac"),
    ("frameSize", "Number", None),
    ("audioSource", "String", "auto"),
)
_VOICE = {"duration": 60000, "sampleRate": 16000, "numberOfChannels": 1, "encodeBitRate": 32000, "audioSource": "auto"}
_OPERATE = "operateRecorder"  # what WeChat's errMsg of a RecorderManager begins with

_manager = None
_voice = None  # Recording: that of startRecord


class RecorderManager:
    """What wx.getRecorderManager returns, the same for all.  A later listener of an event takes the place of the earlier.

    Nothing waits, and what went wrong is heard by onError, whose errMsg begins with "operateRecorder:fail".
    """

    def __init__(self):
        self._events = Emitter()
        self._recording = None

    def start(self, *args, **options):
        """Begin to record; onStart says when, which may be after a question to whoever is there (scope.record).

        duration: ms, at most 600000.  format: "aac" (ADTS), "mp3", "wav" or "PCM" (16 bits).  sampleRate with encodeBitRate:
        8000 and 11025 with 16000 to 48000, 12000 with 24000 to 64000, 16000 with 24000 to 96000, 22050 and 24000 with
        32000 to 128000, 32000 with 48000 to 192000, 44100 and 48000 with 64000 to 320000; the default of 48000 is
        wrong for 44100.  Without an encoder (wav, PCM) a bit rate need not be given; MP3 takes the next lower one that
        it has, AAC no more than 6 bits a sample.  numberOfChannels 2 has the one microphone on both.  frameSize: KB, 1 to
        512, of mp3 and PCM only; then onFrameRecorded gets the file in such parts as well.  audioSource: "auto",
        "buildInMic" and "mic" are the board's microphone.

        errno of onError: 103 not allowed, 1001 a wrong option, or a call at the wrong time, 100 what this image or board
        cannot do, such as to encode as fast as it hears, 111 no memory for the encoder, 1300202 no space, -1 the
        microphone fails, 5 it gives nothing for 2 s.
        """
        try:
            if args:
                options = args[0] if len(args) == 1 and not options else None
            if not isinstance(options, dict):
                raise KioskError("parameter", "parameter should be Object instead of %s;" % type_name(options))
            if self._recording:
                raise KioskError("recorder", "is recording or paused")
            settings = recordingformat.Settings(checked(_START, options))
            recording = Recording(settings, self._tell)
            spawn(self._record(recording))
            self._recording = recording
        except (KioskError, MemoryError) as exc:
            self._fail(exc)

    def pause(self):
        """Pause: what is said until resume() is not in the file.  onPause follows.  onError unless it is recording."""
        self._operate("pause", "Pause")

    def resume(self):
        """Go on after a pause.  onResume follows.  onError unless it is paused, and while it is in the background."""
        self._operate("resume", "Resume")

    def stop(self):
        """End; onStop follows.  Before onStart: it starts and ends at once.  onError when nothing has been started."""
        if self._recording:
            self._recording.stop()
        else:
            self._fail(KioskError("recorder", "recorder not start"))

    def onStart(self, listener):
        """`listener(res)`: it records."""
        self._listen("Start", listener)

    def onPause(self, listener):
        """`listener(res)`: it has paused: by pause(), or after onInterruptionBegin."""
        self._listen("Pause", listener)

    def onResume(self, listener):
        """`listener(res)`: it goes on."""
        self._listen("Resume", listener)

    def onStop(self, listener):
        """`listener(res)`: it has ended; res.tempFilePath, res.duration (ms, without the pauses), res.fileSize (bytes).

        After an onError, too, if something was recorded: the file has that.  start() may be called again.  A wav that
        ends before its `duration` is copied first, piece by piece.
        """
        self._listen("Stop", listener)

    def onFrameRecorded(self, listener):
        """`listener(res)`: another frameSize KB; res.frameBuffer, res.isLastFrame.  Together they are the file.

        The last one is shorter, and none is the last where an error ends it.
        """
        self._listen("FrameRecorded", listener)

    def onError(self, listener):
        """`listener(res)`: what was wanted cannot be, or recording has ended by a fault; res.errMsg, res.errno."""
        self._listen("Error", listener)

    def onInterruptionBegin(self, listener):
        """`listener(res)`: the mini-program is in the background; a recording pauses, and ends after five seconds."""
        self._listen("InterruptionBegin", listener)

    def onInterruptionEnd(self, listener):
        """`listener(res)`: it is visible again, and resume() possible."""
        self._listen("InterruptionEnd", listener)

    def _listen(self, event, listener):
        if callable(listener):
            self._events.off(event)
        self._events.on(event, listener)

    def _operate(self, name, event):
        try:
            if not self._recording:
                raise KioskError("recorder", "recorder not start")
            getattr(self._recording, name)()
        except KioskError as exc:
            self._fail(exc)
        else:
            spawn(self._later(event, Result()))

    def _fail(self, exc):
        spawn(self._later("Error", failure(_OPERATE, exc)))

    async def _later(self, event, result):
        try:
            self._events.emit(event, result)
        finally:
            finished()

    def _tell(self, event, **fields):
        self._events.emit(event, Result(fields))

    async def _record(self, recording):
        try:
            try:
                fault, kept = await recording.run()
            except Exception as exc:  # noqa: BLE001  a supervisor: whatever a service raises becomes the API's own error
                fault, kept = exc, None
            self._recording = None  # a listener may start the next one
            if fault:
                self._events.emit("Error", failure(_OPERATE, fault))
            if kept:
                self._tell("Stop", tempFilePath=kept.url, duration=kept.duration_ms, fileSize=kept.size)
        finally:
            if self._recording is recording:
                self._recording = None
            finished()


def getRecorderManager():
    """The one RecorderManager."""
    global _manager
    if _manager is None:
        _manager = RecorderManager()
    return _manager


def _ignore(event, **fields):
    """Nobody hears of the events of an old recording."""


@api((), ("tempFilePath",))
async def startRecord(options):
    """Record until stopRecord(), for at most 60 s, or until the mini-program goes into the background.

    Succeeds then, with tempFilePath: MP3 of 16 kHz, mono, 32 kbit/s; WAV where the image has no codecs, and on a board that
    is too slow for them (an RP2040).  errno of a failure: as RecorderManager.start.
    """
    global _voice
    settings = [recordingformat.Settings(dict(_VOICE, format=name, frameSize=None)) for name in ("mp3", "wav")]
    recording = Recording(settings[0], _ignore, ends_when_hidden=True, otherwise=settings[1])
    if _voice is None:
        _voice = recording
    try:
        fault, kept = await recording.run()
    finally:
        if _voice is recording:
            _voice = None
    if kept is None:
        raise fault
    return {"tempFilePath": kept.url}


@api()
async def stopRecord(options):
    """End what startRecord() has begun; that succeeds then.  Fails when there is none."""
    if _voice is None:
        raise KioskError("recorder", "recorder not start")
    _voice.stop()


@api((), ("audioSources",), at_once=True)
async def getAvailableAudioSources(options):
    """audioSources: what audioSource may be here; an empty list on a board without a microphone."""
    return {"audioSources": sources()}
