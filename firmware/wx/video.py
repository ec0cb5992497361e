"""Chapter "Media", the component <video>.  The service is kiosk/video/player.py."""

from kiosk import api, router
from kiosk.errors import KioskError
from kiosk.media.sound import ms
from kiosk.page import BasePage
from kiosk.video.player import RATES, find

_RATES = "0.5, 0.8, 1.0, 1.25 or 1.5"


def _refused(name, why):
    """A method that a kiosk has nothing for."""

    def refuse(self, *args, **options):
        raise api.Error(api.failure(name, KioskError("unsupported", why)))

    return refuse


def _wrong(name, text):
    return api.Error(api.failure(name, KioskError("parameter", text)))


class VideoContext:
    """What wx.createVideoContext returns: drives the <video> of a page.  What is wrong with the video is told by its event `error`.

    What has to be seen (full screen, danmu) does nothing where the page has no such element, or the board no display.
    wx.Error: a parameter is of the wrong type; or what a kiosk cannot do.
    """

    def __init__(self, video):
        self._video = video

    def play(self):
        """Begin, or go on after pause()."""
        self._video.play()

    def pause(self):
        """Keep the place, and the picture."""
        self._video.pause()

    def stop(self):
        """The next play() begins anew; the poster is seen until then."""
        self._video.stop()

    def seek(self, position):
        """Go on from there, in seconds; beyond the end is the end."""
        self._video.seek(ms(_number("seek", "position", position)))

    def playbackRate(self, rate):
        """0.5, 0.8, 1.0, 1.25 or 1.5; the sound is as much faster and higher."""
        if _number("playbackRate", "rate", rate) not in RATES:
            raise _wrong("playbackRate", "parameter.rate should be " + _RATES + ";")
        self._video.speed = rate

    def sendDanmu(self, data):
        """Let `text` fly over the picture now, in `color`; without `enable-danmu` nobody sees it."""
        text = data.get("text") if isinstance(data, dict) else None
        if not isinstance(text, str) or not text:
            raise _wrong("sendDanmu", "parameter.data.text should be String;")
        shown_by = self._video.shown_by
        if shown_by and shown_by.danmu:
            shown_by.danmu.send(data)
            shown_by.refresh()

    def requestFullScreen(self, options=None, direction=0):
        """All of the screen; direction: 0, 90 (for a screen turned to the left) or -90: the picture is turned, the bar is not."""
        if options is not None:
            direction = options.get("direction", 0) if isinstance(options, dict) else options
        if _number("requestFullScreen", "direction", direction) not in (0, 90, -90):
            raise _wrong("requestFullScreen", "parameter.direction should be 0, 90 or -90;")
        if self._video.shown_by:
            self._video.shown_by.request_full_screen(direction)

    def exitFullScreen(self, options=None):
        """The element's own box again."""
        if self._video.shown_by:
            self._video.shown_by.exit_full_screen()

    def showStatusBar(self):
        """In full screen: the title and the bar are seen."""
        if self._video.shown_by and self._video.shown_by.full:
            self._video.shown_by.show_bar(True)

    def hideStatusBar(self):
        """In full screen: they are not."""
        if self._video.shown_by and self._video.shown_by.full:
            self._video.shown_by.show_bar(False)

    requestBackgroundPlayback = _refused(
        "requestBackgroundPlayback", "a video in the background; its picture is what it is for"
    )
    exitBackgroundPlayback = _refused("exitBackgroundPlayback", "a video in the background")
    exitPictureInPicture = _refused("exitPictureInPicture", "picture in picture: one mini-program has the screen")
    startCasting = _refused("startCasting", "casting: no protocol of it fits on a board")
    switchCasting = _refused("switchCasting", "casting")
    reconnectCasting = _refused("reconnectCasting", "casting")
    exitCasting = _refused("exitCasting", "casting")


def _number(name, parameter, value):
    kind = api.type_name(value)
    if kind != "Number" or value != value:
        kind = "NaN" if kind == "Number" else kind
        raise _wrong(name, "parameter.%s should be Number instead of %s;" % (parameter, kind))
    return value


def createVideoContext(id, component=None):
    """Return the VideoContext of the <video id> of the page that is shown, or of `component`: a page or a custom component.

    wx.Error if the id is no str, or there is no such page.
    """
    owner = getattr(component, "_custom", None)
    page = owner.page if owner else component
    if page is None and router.stack:
        page = router.stack[-1]
    if not isinstance(id, str):
        raise _wrong("createVideoContext", "parameter.id should be String instead of %s;" % api.type_name(id))
    if not isinstance(page, BasePage):
        raise _wrong("createVideoContext", "parameter.component should be a page or a component;")
    return VideoContext(find(page, id, owner))
