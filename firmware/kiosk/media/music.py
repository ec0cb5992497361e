"""
The background music: one for the whole mini-program, whichever page is shown and whichever API began it.

It plays on in the background if app.json's requiredBackgroundModes has "audio".
"""

from kiosk import app
from kiosk.errors import KioskError
from kiosk.events import Emitter
from kiosk.media.player import PLAYING, STOPPED
from kiosk.media.sound import Sound, ms, result

# What the old API, which has three events, makes of those of a Sound.
_OLD = (("Play", "Play"), ("Pause", "Pause"), ("Stop", "Stop"), ("Ended", "Stop"))
_current = None


def current():
    """The Music of the running mini-program, made when first asked for."""
    global _current
    if _current is None or _current.program is not app.current:
        _current = Music(app.current)
    return _current


class Music:
    """sound: a Sound.  events: an Emitter.  texts: what the panel may show of it (title, singer ...), dict of str."""

    def __init__(self, program):
        self.program = program
        modes = program.config.get("requiredBackgroundModes", ())
        self.sound = Sound(self._hear, in_background="audio" in modes)
        self.events = Emitter()
        self.texts = {}

    def start(self, src: str) -> None:
        """Play it; the one that pauses goes on, and the one that plays does so."""
        self._choose(src)
        self.sound.play()

    async def begin(self, src: str) -> None:
        """start(), and wait until it has begun.  KioskError if it does not come to that."""
        self._choose(src)
        if self.sound.state != PLAYING:
            await self.sound.play_until("Play", "Pause", "Stop")
        if self.sound.src != src:
            raise KioskError("sound interrupted")  # by another one, before it had begun

    def _choose(self, src):
        if src != self.sound.src or self.sound.state == STOPPED:
            self.sound.load(src, False)

    def seek(self, seconds) -> None:
        """KioskError if there is none that plays or pauses."""
        if self.sound.state == STOPPED:
            raise KioskError("sound system", "no music is playing")
        self.sound.seek(ms(seconds))

    def state(self) -> dict:
        """What wx.getBackgroundAudioPlayerState answers with."""
        sound = self.sound
        if sound.state == STOPPED:
            return {"status": 2}
        length_ms, buffered_ms = sound.duration_ms or 0, sound.buffered_ms
        return {
            "status": 1 if sound.state == PLAYING else 0,
            "duration": length_ms / 1000,
            "currentPosition": sound.position_ms() / 1000,
            "downloadPercent": min(100, buffered_ms * 100 // length_ms) if length_ms else 0,
            "dataUrl": sound.src,
        }

    def press(self, button: str) -> None:
        """What the user does at the panel: "Prev" or "Next"; the mini-program is told and decides."""
        self.events.emit(button, result("", None))

    def _hear(self, event, exc):
        self.events.emit(event, result("operateBackgroundAudio", exc))
        for ours, old in _OLD:
            if event == ours:
                self.program.events.emit("BackgroundAudio" + old, result("", None))
