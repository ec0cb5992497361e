"""Chapter "Media", live streams: LivePlayerContext.  The service is kiosk/live/player.py, the component <live-player> has it."""

from kiosk import api, live, router
from kiosk.errors import KioskError
from kiosk.page import BasePage


def _operation(work, options=(), fields=()):
    # A method that does `await work(component, options)`; its errMsg begins as WeChat's do.
    def call(self, *args, **given):
        async def operateLivePlayer(options):
            return await work(live.player_of(*self._where), options)

        return api.Api(operateLivePlayer, options, fields, None, False)(*args, **given)

    return call


def _refused(reason):
    def call(self, *args, **given):
        async def operateLivePlayer(options):
            raise KioskError("unsupported", reason)

        return api.Api(operateLivePlayer, (), (), None, False)(*args, **given)

    return call


async def _play(it, options):
    it.player.play()


async def _stop(it, options):
    it.player.stop()


async def _mute(it, options):
    it.player.is_muted = not it.player.is_muted


async def _pause(it, options):
    it.player.pause()


async def _resume(it, options):
    it.player.resume()


async def _request_full_screen(it, options):
    if options["direction"] not in (0, 90, -90):
        raise KioskError("parameter", "parameter.direction should be 0, 90 or -90;")
    it.request_full_screen(options["direction"])


async def _exit_full_screen(it, options):
    it.exit_full_screen()


async def _snapshot(it, options):
    if options["quality"] not in ("raw", "compressed"):
        raise KioskError("parameter", "parameter.quality should be raw or compressed;")
    if options["sourceType"] not in ("stream", "view"):
        raise KioskError("parameter", "parameter.sourceType should be stream or view;")
    if options["sourceType"] == "view":
        raise KioskError("unsupported", "a picture is as the stream has it")
    from kiosk.files import current
    from kiosk.pictures import header

    url = await it.player.snapshot()
    try:
        with open(current().readable(url), "rb") as file:
            head = header.read(file)
    except ValueError as exc:
        raise KioskError("live", str(exc))
    return {"tempImagePath": url, "width": head.width, "height": head.height}


class LivePlayerContext:
    """
    What wx.createLivePlayerContext returns: drives the <live-player> of a page.

    All take success, fail and complete, and fail (1001) where the page has no <live-player> of this id.  What becomes of the stream is
    told by the component's statechange, netstatus and fullscreenchange.
    """

    def __init__(self, page, id, owner):
        self._where = page, id, owner

    play = _operation(_play)  # or go on after pause(); statechange says what becomes of it
    stop = _operation(_stop)
    mute = _operation(_mute)  # and back
    pause = _operation(_pause)  # the picture stays, and the connection
    resume = _operation(_resume)
    requestFullScreen = _operation(_request_full_screen, (("direction", "Number", 0),))
    exitFullScreen = _operation(_exit_full_screen)
    # quality: "raw" and "compressed" are the same: the JPEG that has come
    snapshot = _operation(
        _snapshot,
        (("quality", "String", "raw"), ("sourceType", "String", "stream")),
        ("tempImagePath", "width", "height"),
    )

    requestBackgroundPlayback = _refused("a stream in the background is paused")
    exitBackgroundPlayback = _refused("a stream in the background is paused")
    exitPictureInPicture = _refused("a kiosk shows one page at a time")
    startCasting = _refused("no protocol of casting fits on a board")
    switchCasting = _refused("no protocol of casting fits on a board")
    reconnectCasting = _refused("no protocol of casting fits on a board")
    exitCasting = _refused("no protocol of casting fits on a board")


def createLivePlayerContext(id, component=None):
    """
    Return the LivePlayerContext of the <live-player id> of the page that is shown, or of `component`: a page or a custom component.

    wx.Error if the id is no str, or there is no such page.
    """
    owner = getattr(component, "_custom", None)
    page = owner.page if owner else component
    if page is None and router.stack:
        page = router.stack[-1]
    wrong = None
    if not isinstance(id, str):
        wrong = "parameter.id should be String instead of %s;" % api.type_name(id)
    elif not isinstance(page, BasePage):
        wrong = "parameter.component should be a page or a component;"
    if wrong:
        raise api.Error(api.failure("createLivePlayerContext", KioskError("parameter", wrong)))
    return LivePlayerContext(page, id, owner)
