"""What the kiosk is: its model, its screen, its software.  Loaded when a mini-program asks."""

import sys

import board
import kiosk
from kiosk import app

SDK_VERSION = "3.0.0"  # the base library whose documents this runtime follows

# The fields of getSystemInfo, as miniprogram-api-typings has them.
FIELDS = (
    ("brand", "model", "pixelRatio", "screenWidth", "screenHeight", "windowWidth", "windowHeight", "statusBarHeight")
    + ("language", "version", "system", "platform", "fontSizeSetting", "SDKVersion", "benchmarkLevel", "theme")
    + ("albumAuthorized", "cameraAuthorized", "locationAuthorized", "microphoneAuthorized", "bluetoothEnabled")
    + ("locationEnabled", "wifiEnabled", "safeArea", "locationReducedAccuracy", "host", "enableDebug")
    + ("deviceOrientation", "notificationAuthorized", "notificationAlertAuthorized", "notificationBadgeAuthorized")
    + ("notificationSoundAuthorized", "phoneCalendarAuthorized")
)


def info():
    """dict: the fields of getSystemInfo.  Without a display all sizes are 0."""
    width, height = __import__(board.display).size() if board.display else (0, 0)
    values = dict.fromkeys(FIELDS, False)  # what a kiosk has no notion of (calendar, notifications) is not authorized
    values.update(_software())
    values.update(
        {
            "brand": "mpkiosk",
            "model": board.model,
            "pixelRatio": 1,
            "screenWidth": width,
            "screenHeight": height,
            "windowWidth": width,
            "windowHeight": _window_height(height),
            "statusBarHeight": 0,
            "deviceOrientation": "landscape" if width > height else "portrait",
            "safeArea": {"left": 0, "top": 0, "right": width, "bottom": height, "width": width, "height": height},
        }
    )
    return values


def _window_height(screen_height):
    """int: what the bars leave to the page that is shown; before there is one, to the first."""
    if not screen_height or app.current is None:
        return screen_height
    from kiosk import router, ui

    bars = getattr(ui.screen, "bars", None)
    if bars and router.stack:
        return bars.window(router.stack[-1])[1]
    from kiosk.ui.bars import window
    from kiosk.ui.bars.settings import read

    route = router.stack[-1].route if router.stack else app.current.launch_options["path"]
    return window(read(route), route, screen_height)[1]


def _software():
    return {
        "language": "zh_CN",
        "version": kiosk.VERSION,
        "system": "MicroPython %d.%d.%d" % sys.implementation.version[:3],
        "platform": "mpkiosk",
        "fontSizeSetting": 16,
        "SDKVersion": SDK_VERSION,
        "benchmarkLevel": -1,  # WeChat: -1 where the level is unknown
        "theme": "light",
        "host": {"appId": app.current.appid if app.current else ""},
    }
