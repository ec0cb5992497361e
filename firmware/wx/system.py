"""Chapter "Base, system": what the kiosk is."""

from kiosk import system
from kiosk.api import api, sync_api


@sync_api((), system.FIELDS)
def getSystemInfoSync():
    """What the kiosk is: 33 fields as WeChat has them.  Without a display all sizes are 0."""
    return system.info()


@api((), system.FIELDS)
async def getSystemInfo(options):
    """What the kiosk is, as getSystemInfoSync()."""
    return system.info()


@api((), system.FIELDS)
async def getSystemInfoAsync(options):
    """What the kiosk is, as getSystemInfoSync()."""
    return system.info()
