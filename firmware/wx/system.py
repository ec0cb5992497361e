"""Chapter "Base, system": what the kiosk is."""

import sys

import board
import kiosk
from kiosk import app
from kiosk.api import api, sync_api

SDK_VERSION = "3.0.0"  # the base library whose documents this runtime follows

_FIELDS = (
    ("brand", "model", "pixelRatio", "screenWidth", "screenHeight", "windowWidth", "windowHeight", "statusBarHeight")
    + ("language", "version", "system", "platform", "fontSizeSetting", "SDKVersion", "benchmarkLevel", "theme")
    + ("albumAuthorized", "cameraAuthorized", "locationAuthorized", "microphoneAuthorized", "bluetoothEnabled")
    + ("locationEnabled", "wifiEnabled", "safeArea", "locationReducedAccuracy", "host", "enableDebug")
    + ("deviceOrientation", "notificationAuthorized", "notificationAlertAuthorized", "notificationBadgeAuthorized")
    + ("notificationSoundAuthorized", "phoneCalendarAuthorized")
)


def _system_info():
    display = board.display
    width, height = (display.width, display.height) if display else (0, 0)
    info = dict.fromkeys(_FIELDS, False)  # what a kiosk has no notion of (calendar, notifications) is not authorized
    info.update(
        {
            "brand": "mpkiosk",
            "model": board.model,
            "pixelRatio": 1,
            "screenWidth": width,
            "screenHeight": height,
            "windowWidth": width,
            "windowHeight": height,
            "statusBarHeight": 0,
            "language": "zh_CN",
            "version": kiosk.VERSION,
            "system": "MicroPython %d.%d.%d" % sys.implementation.version[:3],
            "platform": "mpkiosk",
            "fontSizeSetting": 16,
            "SDKVersion": SDK_VERSION,
            "benchmarkLevel": -1,  # WeChat: -1 where the level is unknown
            "theme": "light",
            "host": {"appId": app.current.appid if app.current else ""},
            "deviceOrientation": "landscape" if width > height else "portrait",
            "safeArea": {"left": 0, "top": 0, "right": width, "bottom": height, "width": width, "height": height},
        }
    )
    return info


@sync_api((), _FIELDS)
def getSystemInfoSync():
    """What the kiosk is: 33 fields as WeChat has them.  Without a display all sizes are 0."""
    return _system_info()


@api((), _FIELDS)
async def getSystemInfo(options):
    """What the kiosk is, as getSystemInfoSync()."""
    return _system_info()


@api((), _FIELDS)
async def getSystemInfoAsync(options):
    """What the kiosk is, as getSystemInfoSync()."""
    return _system_info()
