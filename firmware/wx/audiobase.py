"""What InnerAudioContext and BackgroundAudioManager have in common: properties and methods over a Sound."""

from kiosk.media.player import PLAYING
from kiosk.media.sound import ms


def heard(event):
    """The pair onX, offX of an event, for an object with an Emitter in `_events`."""

    def on(self, listener):
        self._events.on(event, listener)

    def off(self, listener=None):
        self._events.off(event, listener)

    return on, off


def text(name, default=""):
    """A property that is a str, kept in `_texts`."""

    def get(self):
        return self._texts.get(name, default)

    def put(self, value):
        if self._sound.accepts(name, "String", value):
            self._texts[name] = value

    return property(get, put)


class Playback:
    """What the two have in common.  Times are in seconds (float), to the millisecond.

    A value of the wrong type changes nothing and is an onError, errCode -1; a number beyond a range is its end.
    """

    def __init__(self, sound):
        self._sound = sound
        self._texts = {}

    referrerPolicy = text("referrerPolicy", "no-referrer")  # without effect: no Referer is sent

    @property
    def startTime(self):
        """Number: where play() begins, but after pause()."""
        return self._sound.start_ms / 1000

    @startTime.setter
    def startTime(self, seconds):
        if self._sound.accepts("startTime", "Number", seconds):
            self._sound.start_ms = ms(seconds)

    @property
    def playbackRate(self):
        """Number: 0.5 to 2; the pitch goes with it."""
        return self._sound.speed

    @playbackRate.setter
    def playbackRate(self, rate):
        if self._sound.accepts("playbackRate", "Number", rate):
            self._sound.speed = rate

    @property
    def duration(self):
        """Number: of src; 0 as long as it is not known, and of a stream without an end."""
        return (self._sound.duration_ms or 0) / 1000

    @property
    def currentTime(self):
        """Number: what is heard now.  Setting it is seek()."""
        return self._sound.position_ms() / 1000

    @currentTime.setter
    def currentTime(self, seconds):
        self.seek(seconds)

    @property
    def paused(self):
        """Boolean: whether it does not play, be it that it pauses or that it has stopped."""
        return self._sound.state != PLAYING

    @property
    def buffered(self):
        """Number: up to where it can be played without waiting for the network."""
        return self._sound.buffered_ms / 1000

    def play(self):
        """Begin at startTime, or go on after pause().  Without a src, or in the background, onError says so."""
        self._sound.play()

    def pause(self):
        """Keep the place; onPause follows.  Nothing unless it plays."""
        self._sound.pause()

    def stop(self):
        """The next play() begins anew; onStop follows.  Nothing if it has stopped."""
        self._sound.stop()

    def seek(self, position):
        """Go on from there; beyond the end is the end, before the beginning the beginning.

        While it is stopped, the next play() begins there.
        """
        if self._sound.accepts("position", "Number", position):
            self._sound.seek(ms(position))
