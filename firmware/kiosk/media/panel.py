"""
What a user does outside the mini-program: the mute switch, and the panel of the background music.

For the kiosk's own screen, and for the console: `from kiosk.media import panel; panel.press("next")`.
"""

import sys

import kiosk
from kiosk import app
from kiosk.media import music

_BUTTONS = ("previous", "next", "play", "pause", "stop")


def mute(on: bool) -> None:
    """Turn the mute switch, which stays as it is when the mini-program closes.  InnerAudioContexts obey it."""
    kiosk._muted = bool(on)
    sound = sys.modules.get("kiosk.media.sound")
    if sound:
        sound.apply_gains()


def press(button: str) -> None:
    """A button of the panel: previous, next, play, pause, stop.  ValueError for another; nothing without music."""
    if button not in _BUTTONS:
        raise ValueError("no button: %s" % button)
    if app.current is None:
        return
    playing = music.current()
    if button == "previous":
        playing.press("Prev")
    elif button == "next":
        playing.press("Next")
    elif playing.sound.src:
        getattr(playing.sound, button)()


def shown() -> dict:
    """What the panel shows: state (see Music.state()) and texts (title, epname, singer, coverImgUrl, webUrl ...)."""
    playing = music.current()
    return {"state": playing.state(), "texts": playing.texts}
