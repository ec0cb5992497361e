"""Chapter "Device", network status.  The service is kiosk/net/wifi.py."""

from kiosk import app
from kiosk.api import api
from kiosk.net import wifi


@api((), ("networkType", "signalStrength", "weakNet", "hasSystemProxy"), at_once=True)
async def getNetworkType(options):
    """How the kiosk is connected.  networkType: "wifi", "none", or "unknown" where the board has no Wi-Fi of its own.

    signalStrength: dBm, 0 where it is not known; weakNet: below -75 dBm.  A kiosk knows of no proxy.
    """
    station = wifi.station
    return {
        "networkType": wifi.network_type(),
        "signalStrength": station.signal_dbm if station else 0,
        "weakNet": station.weak if station else False,
        "hasSystemProxy": False,
    }


def onNetworkStatusChange(listener):
    """`listener(res)`: the connection has come or gone; res.isConnected, res.networkType."""
    app.current.events.on("NetworkStatusChange", listener)


def offNetworkStatusChange(listener=None):
    """Undo onNetworkStatusChange()."""
    app.current.events.off("NetworkStatusChange", listener)


def onNetworkWeakChange(listener):
    """`listener(res)`: the signal has become weak, or no longer is; res.weakNet, res.networkType."""
    app.current.events.on("NetworkWeakChange", listener)


def offNetworkWeakChange(listener=None):
    """Undo onNetworkWeakChange()."""
    app.current.events.off("NetworkWeakChange", listener)
