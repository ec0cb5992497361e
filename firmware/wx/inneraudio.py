"""Chapter "Media", audio: InnerAudioContext.  The service is kiosk/media/sound.py."""

from kiosk.api import api
from kiosk.events import Emitter
from kiosk.media import sound
from kiosk.media.player import STOPPED
from kiosk.media.sound import Sound
from wx.audiobase import Playback, heard

_OPTION = (
    ("mixWithOther", "Boolean", True),
    ("obeyMuteSwitch", "Boolean", True),
    ("speakerOn", "Boolean", True),
)


class InnerAudioContext(Playback):
    """What wx.createInnerAudioContext returns.  What it has in common with the background's: wx/audiobase.py.

    Listeners get an object; that of onError has errCode (10001 system, 10002 network, 10003 file, 10004 format, -1
    anything else) and errMsg.  onTimeUpdate comes four times a second while it plays.  None comes after destroy().

    onCanplay follows when src was set, and once more when a play() after the end has opened it anew.  When the
    mini-program goes into the background it pauses, and stays so.
    """

    def __init__(self):
        super().__init__(Sound(self._hear, inner=True))
        self._events = Emitter()
        self._autoplay = False

    onCanplay, offCanplay = heard("Canplay")
    onPlay, offPlay = heard("Play")
    onPause, offPause = heard("Pause")
    onStop, offStop = heard("Stop")
    onEnded, offEnded = heard("Ended")
    onTimeUpdate, offTimeUpdate = heard("TimeUpdate")
    onError, offError = heard("Error")
    onWaiting, offWaiting = heard("Waiting")
    onSeeking, offSeeking = heard("Seeking")
    onSeeked, offSeeked = heard("Seeked")

    @property
    def src(self):
        """String: a path, or an https address.  Another one stops what plays, and plays itself with autoplay only."""
        return self._sound.src or ""

    @src.setter
    def src(self, src):
        ours = self._sound
        if ours.accepts("src", "String", src) and (src != ours.src or ours.state == STOPPED):
            ours.load(src, not self._autoplay)
            if src and self._autoplay:
                ours.play()

    @property
    def autoplay(self):
        """Boolean: whether a src plays as soon as it is set; set after it, it is the same."""
        return self._autoplay

    @autoplay.setter
    def autoplay(self, on):
        if self._sound.accepts("autoplay", "Boolean", on):
            begins, self._autoplay = on and not self._autoplay, on
            if begins and self._sound.src and self._sound.state == STOPPED:
                self._sound.play()

    @property
    def loop(self):
        """Boolean: at its end begin again, without a gap and without onEnded."""
        return self._sound.loop

    @loop.setter
    def loop(self, on):
        if self._sound.accepts("loop", "Boolean", on):
            self._sound.loop = on

    @property
    def obeyMuteSwitch(self):
        """Boolean: whether it is silent while the kiosk's mute switch is on (kiosk/media/panel.py)."""
        return self._sound.obeys_mute

    @obeyMuteSwitch.setter
    def obeyMuteSwitch(self, obeys):
        if self._sound.accepts("obeyMuteSwitch", "Boolean", obeys):
            self._sound.obeys_mute = obeys

    @property
    def volume(self):
        """Number: 0 to 1."""
        return self._sound.volume

    @volume.setter
    def volume(self, volume):
        if self._sound.accepts("volume", "Number", volume):
            self._sound.volume = volume

    def destroy(self):
        """Stop, and be silent for ever: whatever is done with it afterwards does nothing."""
        self._sound.destroy()
        self._events.clear()

    def _hear(self, event, exc):
        self._events.emit(event, sound.result("operateAudio", exc))


def createInnerAudioContext(options=None, **more):
    """Return a new InnerAudioContext; those that play are mixed.  What plays and pauses holds its file: destroy() it.

    useWebAudioImplement has no effect: there is one implementation.
    """
    return InnerAudioContext()


@api(_OPTION)
async def setInnerAudioOption(options):
    """For every InnerAudioContext.  mixWithOther False: one that begins pauses the background music.

    obeyMuteSwitch False: none obeys the mute switch, whatever its own property says.  speakerOn is taken and has no
    effect: there is no earpiece.
    """
    for name in sound.options:
        sound.options[name] = options[name]
    sound.apply_gains()
