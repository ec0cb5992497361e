"""Chapter "Media", live streams: LivePusherContext.  The service is kiosk/live/pusher.py, the component <live-pusher> has it."""

from kiosk import api, live, router
from kiosk.errors import KioskError
from kiosk.page import BasePage

_GAIN_ONE = const(32768)
_MAKEUP = "a board changes no pixels of what its camera gives"
_MUSIC = "the sound of a stream is that of the microphone"


def _operation(work, options=(), fields=()):
    # A method that does `await work(pusher, options)`; its errMsg begins as WeChat's do.
    def call(self, *args, **given):
        async def operateLivePusher(options):
            return await work(live.pusher_of(self._page), options)

        return api.Api(operateLivePusher, options, fields, None, False)(*args, **given)

    return call


def _refused(reason):
    def call(self, *args, **given):
        async def operateLivePusher(options):
            raise KioskError("unsupported", reason)

        return api.Api(operateLivePusher, (), (), None, False)(*args, **given)

    return call


async def _start(pusher, options):
    pusher.start()


async def _stop(pusher, options):
    pusher.stop()


async def _pause(pusher, options):
    pusher.pause()


async def _resume(pusher, options):
    pusher.resume()


async def _switch(pusher, options):
    await pusher.switch()


async def _torch(pusher, options):
    pusher.toggle_torch()


async def _start_preview(pusher, options):
    await pusher.preview(True)


async def _stop_preview(pusher, options):
    await pusher.preview(False)


async def _snapshot(pusher, options):
    if options["quality"] not in ("raw", "compressed"):
        raise KioskError("parameter", "parameter.quality should be raw or compressed;")
    url, width, height = await pusher.snapshot()
    return {"tempImagePath": url, "width": width, "height": height}


async def _volume(pusher, options):
    volume = options["volume"]
    if not 0 <= volume <= 1:
        raise KioskError("parameter", "parameter.volume should be from 0 to 1;")
    pusher.gain = int(volume * _GAIN_ONE)


async def _zoom(pusher, options):
    if not options["zoom"] >= 1:
        raise KioskError("parameter", "parameter.zoom should be 1 or more;")
    return {"zoom": pusher.zoom(options["zoom"])}


async def _zoom_most(pusher, options):
    return {"maxZoom": pusher.zoom_most()}


class LivePusherContext:
    """
    What wx.createLivePusherContext returns: drives the <live-pusher> of a page.

    All take success, fail and complete, and fail (1001) where the page has no <live-pusher>.  What becomes of the stream is told
    by the component's statechange, netstatus and error.
    """

    def __init__(self, page):
        self._page = page

    start = _operation(
        _start
    )  # camera and microphone begin, after a question for each; statechange says what becomes of it
    stop = _operation(_stop)
    pause = _operation(_pause)  # nothing is sent; the connection stays
    resume = _operation(_resume)
    switchCamera = _operation(_switch)
    toggleTorch = _operation(_torch)
    # quality: "raw" and "compressed" are the same: the JPEG that is sent
    snapshot = _operation(_snapshot, (("quality", "String", "raw"),), ("tempImagePath", "width", "height"))
    startPreview = _operation(_start_preview)
    stopPreview = _operation(_stop_preview)
    setMICVolume = _operation(_volume, (("*volume", "Number", None),))
    setZoom = _operation(_zoom, (("*zoom", "Number", None),), ("zoom",))
    getMaxZoom = _operation(_zoom_most, (), ("maxZoom",))

    sendMessage = _refused("JPEGs carry no messages")
    playBGM = _refused(_MUSIC)
    stopBGM = _refused(_MUSIC)
    pauseBGM = _refused(_MUSIC)
    resumeBGM = _refused(_MUSIC)
    setBGMVolume = _refused(_MUSIC)
    applyFilter = _refused(_MAKEUP)
    clearFilters = _refused(_MAKEUP)
    applySticker = _refused(_MAKEUP)
    clearStickers = _refused(_MAKEUP)
    applyBlusherStickMakeup = _refused(_MAKEUP)
    applyEyeBrowMakeup = _refused(_MAKEUP)
    applyEyeShadowMakeup = _refused(_MAKEUP)
    applyFaceContourMakeup = _refused(_MAKEUP)
    applyLipStickMakeup = _refused(_MAKEUP)
    clearMakeups = _refused(_MAKEUP)
    createOffscreenCanvas = _refused("there is no offscreen canvas")
    onCustomRendererEvent = _refused(_MAKEUP)
    exitPictureInPicture = _refused("a kiosk shows one page at a time")


def createLivePusherContext(domId=None, component=None):
    """
    Return the LivePusherContext of the <live-pusher> of the page that is shown, or of `component` (a page).

    A page has one, so its id makes no difference.  wx.Error if there is no such page.
    """
    page = component
    if page is None and router.stack:
        page = router.stack[-1]
    if not isinstance(page, BasePage):
        wrong = KioskError("parameter", "parameter.component should be a page;")
        raise api.Error(api.failure("createLivePusherContext", wrong))
    return LivePusherContext(page)
