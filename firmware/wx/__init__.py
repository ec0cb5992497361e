"""
`wx`: WeChat's API for mini-programs.

Each chapter of the documents is a module of this package, loaded when one of its names is first asked for and
forgotten when the mini-program closes.  May see `kiosk`, never a board or a driver.
"""

from kiosk.api import Error  # part of the API: what `await` and the ...Sync functions raise

# chapter, the names that it answers for.  One literal of tuples, so that frozen it costs no RAM.
# fmt: off
CHAPTERS = (
    ("base", ("canIUse", "env")),
    ("system", ("getSystemInfo", "getSystemInfoSync", "getSystemInfoAsync")),
    ("lifecycle", (
        "getLaunchOptionsSync", "getEnterOptionsSync", "exitMiniProgram", "onError", "offError",
        "onUnhandledRejection", "offUnhandledRejection", "onAppShow", "offAppShow", "onAppHide", "offAppHide",
    )),
    ("route", ("navigateTo", "redirectTo", "navigateBack", "reLaunch", "switchTab")),
    ("network", ("request", "uploadFile", "downloadFile")),
    ("netstatus", (
        "getNetworkType", "onNetworkStatusChange", "offNetworkStatusChange", "onNetworkWeakChange",
        "offNetworkWeakChange",
    )),
    ("socket", (
        "connectSocket", "sendSocketMessage", "closeSocket", "onSocketOpen", "offSocketOpen", "onSocketMessage",
        "offSocketMessage", "onSocketError", "offSocketError", "onSocketClose", "offSocketClose",
    )),
    ("inneraudio", ("createInnerAudioContext", "setInnerAudioOption")),
    ("backgroundaudio", (
        "getBackgroundAudioManager", "playBackgroundAudio", "pauseBackgroundAudio", "stopBackgroundAudio",
        "seekBackgroundAudio", "getBackgroundAudioPlayerState", "onBackgroundAudioPlay", "onBackgroundAudioPause",
        "onBackgroundAudioStop",
    )),
    ("voice", ("playVoice", "pauseVoice", "stopVoice")),
    ("audio", ("createAudioContext",)),
    ("video", ("createVideoContext",)),
    ("storage", (
        "setStorage", "setStorageSync", "getStorage", "getStorageSync", "getStorageInfo", "getStorageInfoSync",
        "removeStorage", "removeStorageSync", "clearStorage", "clearStorageSync",
    )),
    ("record", ("getRecorderManager", "startRecord", "stopRecord", "getAvailableAudioSources")),
    ("dialogs", ("showToast", "hideToast", "showLoading", "hideLoading", "showModal", "showActionSheet")),
    ("animation", ("createAnimation",)),
    ("canvas", (
        "createContext", "drawCanvas", "createCanvasContext", "canvasToTempFilePath", "canvasGetImageData", "canvasPutImageData",
    )),
    ("bars", (
        "setNavigationBarTitle", "showNavigationBarLoading", "hideNavigationBarLoading", "setNavigationBarColor", "hideHomeButton",
        "setTabBarItem", "setTabBarStyle", "setTabBarBadge", "removeTabBarBadge", "showTabBarRedDot", "hideTabBarRedDot",
        "showTabBar", "hideTabBar", "startPullDownRefresh", "stopPullDownRefresh", "pageScrollTo",
    )),
    ("liveplayer", ("createLivePlayerContext",)),
    ("livepusher", ("createLivePusherContext",)),
    ("font", ("loadFontFace",)),
    ("image", ("getImageInfo", "compressImage")),
    ("camera", ("createCameraContext",)),
    ("album", ("chooseImage", "chooseVideo", "previewImage", "saveImageToPhotosAlbum", "saveVideoToPhotosAlbum")),
    ("keyboard", ("hideKeyboard", "onKeyboardHeightChange", "offKeyboardHeightChange")),
    ("query", ("createSelectorQuery",)),
    ("document", ("openDocument",)),
    ("file", ("getFileSystemManager", "saveFile", "getSavedFileList", "getSavedFileInfo", "removeSavedFile")),
)
# fmt: on


def __getattr__(name):
    for chapter, names in CHAPTERS:
        if name in names or name == chapter:
            import sys

            try:
                __import__("wx." + chapter)
            except MemoryError as exc:
                from kiosk.api import failure

                raise Error(failure(name, exc))
            module = sys.modules["wx." + chapter]  # where an import without memory for its last step has left it, too
            return module if name == chapter else getattr(module, name)
    raise AttributeError(name)
