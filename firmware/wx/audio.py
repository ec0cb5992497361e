"""Chapter "Media", the component <audio>.  The service is kiosk/media/component.py."""

from kiosk import api, router
from kiosk.errors import KioskError
from kiosk.media.component import find
from kiosk.media.sound import ms
from kiosk.page import BasePage


class AudioContext:
    """What wx.createAudioContext returns: drives the <audio> of a page.  What is wrong is told by its error event."""

    def __init__(self, audio):
        self._audio = audio

    def setSrc(self, src):
        """String: a path, or an https address."""
        self._audio.set({"src": src})

    def play(self):
        """Begin, or go on after pause()."""
        self._audio.sound.play()

    def pause(self):
        """Keep the place."""
        self._audio.sound.pause()

    def seek(self, position):
        """Go on from there, in seconds; beyond the end is the end."""
        if self._audio.sound.accepts("position", "Number", position):
            self._audio.sound.seek(ms(position))


def createAudioContext(audioId, component=None):
    """Return the AudioContext of the <audio id=audioId> of the page that is shown, or of `component` (a page).

    wx.Error if the id is no str, or there is no such page.
    """
    page = component
    if page is None and router.stack:
        page = router.stack[-1]
    if not isinstance(audioId, str):
        wrong = "parameter.audioId should be String instead of %s;" % api.type_name(audioId)
    elif not isinstance(page, BasePage):
        wrong = "parameter.component should be a page;"
    else:
        return AudioContext(find(page, audioId))
    raise api.Error(api.failure("createAudioContext", KioskError("parameter", wrong)))
