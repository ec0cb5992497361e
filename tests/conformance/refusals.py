"""
What this runtime refuses, and what it takes without effect: the one place where that is declared, with the reason.

test_table.py makes each refused call and wants the errno; an option without effect must be one that the implementation
never looks at, and one that it never looks at must be listed here.
"""

from typing import NamedTuple


class Refused(NamedTuple):
    """call: MicroPython for `await`, or a ...Sync call, over `wx` and `fs`; it must fail with errno."""

    errno: int
    call: str
    reason: str


_ENCRYPT = "encryption at rest is not offered, and what was meant to be secret is not stored in the clear"

_NODES = "a canvas has its canvasId; there are no nodes of canvases of type 2d"

_PUSHER = (
    ("playBGM stopBGM pauseBGM resumeBGM setBGMVolume", "the sound of a stream is that of the microphone"),
    ("sendMessage", "JPEGs carry no messages"),
    ("createOffscreenCanvas", "there is no offscreen canvas"),
    ("exitPictureInPicture", "a kiosk shows one page at a time"),
    (
        (
            "applyFilter clearFilters applySticker clearStickers applyBlusherStickMakeup applyEyeBrowMakeup applyEyeShadowMakeup "
            "applyFaceContourMakeup applyLipStickMakeup clearMakeups onCustomRendererEvent"
        ),
        "a board changes no pixels of what its camera gives",
    ),
)
_CASTING = "no protocol of casting fits on a board"

_VIDEO = {
    "exitBackgroundPlayback": "a video in the background is paused",
    "requestBackgroundPlayback": "a video in the background is paused; its picture is what it is for",
    "exitPictureInPicture": "one mini-program has the screen, and one page",
    **dict.fromkeys(("startCasting", "switchCasting", "reconnectCasting", "exitCasting"), _CASTING),
}

_PLAYER = {
    "exitPictureInPicture": "a kiosk shows one page at a time",
    **dict.fromkeys(("requestBackgroundPlayback", "exitBackgroundPlayback"), "a stream in the background is paused"),
    **dict.fromkeys(("startCasting", "switchCasting", "reconnectCasting", "exitCasting"), _CASTING),
}

REFUSED = {
    **{
        f"LivePlayerContext.{name}": Refused(100, f"wx.createLivePlayerContext('p').{name}()", reason)
        for name, reason in _PLAYER.items()
    },
    **{
        f"VideoContext.{name}": Refused(100, f"wx.createVideoContext('v').{name}()", reason)
        for name, reason in _VIDEO.items()
    },
    "wx.setStorage.encrypt": Refused(100, "wx.setStorage(key='k', data=1, encrypt=True)", _ENCRYPT),
    "wx.getStorage.encrypt": Refused(100, "wx.getStorage(key='k', encrypt=True)", _ENCRYPT),
    "wx.canvasToTempFilePath.canvas": Refused(100, "wx.canvasToTempFilePath(canvas={})", _NODES),
    **{
        f"LivePusherContext.{name}": Refused(100, f"wx.createLivePusherContext().{name}()", reason)
        for names, reason in _PUSHER
        for name in names.split()
    },
}

_PROTOCOLS = "HTTP/1.1 is what a board's client speaks; the server sees no difference but this"
_HTTP_DNS = "names are asked for over UDP only"
_BARS = "the bars of a kiosk change at once"
_ROUTE = "the pages of a kiosk change at once"

NO_EFFECT = {
    **{f"wx.{name}.{option}": _PROTOCOLS for name in ("request", "uploadFile", "downloadFile") for option in ("enableHttp2", "enableQuic")},
    "wx.request.enableCache": "nothing is cached",
    "wx.request.enableHttpDNS": _HTTP_DNS,
    "wx.request.enableHttpDNSFallback": _HTTP_DNS,
    "wx.request.httpDNSServiceId": _HTTP_DNS,
    "wx.request.httpDNSTimeout": _HTTP_DNS,
    "wx.request.forceCellularNetwork": "there is one network",
    "wx.request.useHighPerformanceMode": "there is one client",
    "wx.connectSocket.forceCellularNetwork": "there is one network",
    "wx.connectSocket.perMessageDeflate": "a window takes more than a board has for it; RFC 7692 lets a client not offer it",
    "wx.connectSocket.tcpNoDelay": "packets go out at once in any case",
    "CameraContext.startRecord.selfieMirror": "what the front camera sees is as it gives it",
    "CameraContext.takePhoto.selfieMirror": "what the front camera sees is as it gives it",
    "wx.canvasToTempFilePath.quality": "there is no encoder of JPEG: it becomes a BMP",
    "wx.setInnerAudioOption.speakerOn": "there is no earpiece",
    "wx.setNavigationBarColor.animation": _BARS,
    "wx.hideTabBar.animation": _BARS,
    "wx.showTabBar.animation": _BARS,
    "wx.previewImage.referrerPolicy": "pictures are fetched without a Referer in any case",
    "wx.previewImage.showmenu": "a kiosk has no menu of pictures: nobody could take them along",
    "wx.navigateTo.routeType": _ROUTE,
    "wx.navigateTo.routeConfig": _ROUTE,
    "wx.navigateTo.routeOptions": _ROUTE,
    "wx.navigateTo.withOpenContainer": _ROUTE,
}  # fmt: skip

# Options that api.tsv's documents have and the typings have dropped.
DROPPED = {"wx.connectSocket": {"method"}}
