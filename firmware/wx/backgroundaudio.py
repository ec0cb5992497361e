"""Chapter "Media", background audio, new style and old.  The service is kiosk/media/music.py: there is one music."""

from kiosk import app
from kiosk.api import api
from kiosk.errors import KioskError
from kiosk.media import music
from wx.audiobase import Playback, heard, text

_PLAY = (("*dataUrl", "String", None), ("title", "String", ""), ("coverImgUrl", "String", ""))
_SEEK = (("*position", "Number", None),)
_STATE = ("duration", "currentPosition", "status", "downloadPercent", "dataUrl")
_PROTOCOLS = ("http", "hls")

_manager = None


class BackgroundAudioManager(Playback):
    """What wx.getBackgroundAudioManager returns, always the same.  What it has in common: wx/audiobase.py.

    It plays on when the page changes, and in the background if app.json's requiredBackgroundModes has "audio".

    Listeners get an object; that of onError has errCode (10001 system, 10002 network, 10003 file, 10004 format, -1
    anything else) and errMsg.  onPrev and onNext: the user has pressed that button of the panel (kiosk/media/panel.py).
    """

    def __init__(self, ours):
        super().__init__(ours.sound)
        self._music = ours
        self._texts = ours.texts
        self._events = ours.events

    onCanplay = heard("Canplay")[0]
    onPlay = heard("Play")[0]
    onPause = heard("Pause")[0]
    onStop = heard("Stop")[0]
    onEnded = heard("Ended")[0]
    onTimeUpdate = heard("TimeUpdate")[0]
    onError = heard("Error")[0]
    onWaiting = heard("Waiting")[0]
    onSeeking = heard("Seeking")[0]
    onSeeked = heard("Seeked")[0]
    onPrev = heard("Prev")[0]
    onNext = heard("Next")[0]

    title = text("title")
    epname = text("epname")
    singer = text("singer")
    coverImgUrl = text("coverImgUrl")
    webUrl = text("webUrl")
    audioType = text("audioType", "music")
    referrerPath = text("referrerPath")

    @property
    def protocol(self):
        """String: "http" or "hls".  What a source is, its content says; so this has no effect."""
        return self._texts.get("protocol", "http")

    @protocol.setter
    def protocol(self, protocol):
        if self._sound.accepts("protocol", "String", protocol):
            if protocol not in _PROTOCOLS:
                self._sound.refuse(KioskError("parameter", "parameter.protocol should be http or hls;"))
                return
            self._texts["protocol"] = protocol

    @property
    def src(self):
        """String: setting it plays it, from startTime on; the one that pauses goes on.  "" stops what plays.

        It wants a title, which must be set before it: otherwise onError, and what plays goes on.
        """
        return self._sound.src or ""

    @src.setter
    def src(self, src):
        if not self._sound.accepts("src", "String", src):
            return
        if not src:
            self._sound.load("")
        elif not self.title:
            self._sound.refuse(KioskError("parameter", "title is nil!"))
        else:
            self._music.start(src)


def getBackgroundAudioManager():
    """Return the one BackgroundAudioManager."""
    global _manager
    if _manager is None:
        _manager = BackgroundAudioManager(music.current())
    return _manager


@api(_PLAY)
async def playBackgroundAudio(options):
    """Play a music, or go on with the one that pauses.  Success says that it has begun; what befalls it later is the manager's onError."""
    ours = music.current()
    ours.texts["title"], ours.texts["coverImgUrl"] = options["title"], options["coverImgUrl"]
    await ours.begin(options["dataUrl"])


@api()
async def pauseBackgroundAudio(options):
    """Pause the music.  That there is none is no failure."""
    music.current().sound.pause()


@api()
async def stopBackgroundAudio(options):
    """Stop the music.  That there is none is no failure."""
    music.current().sound.stop()


@api(_SEEK)
async def seekBackgroundAudio(options):
    """Go on from `position` (seconds); beyond the end is the end.  Fails while there is no music."""
    position = options["position"]
    if position != position:
        raise KioskError("parameter", "parameter.position should be Number instead of NaN;")
    music.current().seek(position)


@api((), _STATE)
async def getBackgroundAudioPlayerState(options):
    """status: 1 it plays, 0 it pauses, 2 there is none, and then nothing else is told.

    duration, currentPosition (seconds), downloadPercent (int), dataUrl.
    """
    return music.current().state()


def onBackgroundAudioPlay(listener):
    """`listener(res)`: the music begins, or goes on."""
    app.current.events.on("BackgroundAudioPlay", listener)


def onBackgroundAudioPause(listener):
    """`listener(res)`: the music pauses."""
    app.current.events.on("BackgroundAudioPause", listener)


def onBackgroundAudioStop(listener):
    """`listener(res)`: the music was stopped, or has come to its end."""
    app.current.events.on("BackgroundAudioStop", listener)
