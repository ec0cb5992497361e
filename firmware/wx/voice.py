"""Chapter "Media", the old voice API.  The service is kiosk/media/voice.py."""

from kiosk.api import api
from kiosk.errors import KioskError
from kiosk.media import voice
from kiosk.media.sound import ms

_PLAY = (("*filePath", "String", None), ("duration", "Number", 60))


@api(_PLAY)
async def playVoice(options):
    """Play a voice; one at a time.  Success says that it has ended, be it by stopVoice() or after `duration` seconds.

    The file that pauses goes on where it was.  Any other, and the same one while it plays, interrupts what plays: that
    call fails with errno 104.
    """
    duration = options["duration"]
    if not duration > 0:
        raise KioskError("parameter", "parameter.duration should be more than 0;")
    await voice.play(options["filePath"], ms(duration))


@api()
async def pauseVoice(options):
    """Pause the voice: playVoice() of the same file goes on.  That there is none is no failure."""
    voice.pause()


@api()
async def stopVoice(options):
    """End the voice: playVoice() of the same file begins at its head.  That there is none is no failure."""
    voice.stop()
