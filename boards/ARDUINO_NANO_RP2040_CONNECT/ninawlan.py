"""The NINA's station as other boards have theirs: it says why joining failed, joins open networks, and stays awake."""

import network
import nina

_SILENT = "the chip does not answer"
# ESP-IDF's wifi_err_reason_t.  A wrong key is a handshake (15, 204) or an authentication (2, 202) that comes to no end.
wlan_failures = (
    (201, "network not found"),
    (15, "wrong password"),
    (2, "wrong password"),
    (202, "wrong password"),
    (204, "wrong password"),
    (255, _SILENT),
)


class Station:
    """A network.WLAN whose status() is the chip's reason for not being connected, 0 while it is or is still trying."""

    PM_NONE = 0

    def __init__(self):
        self._wlan = network.WLAN(network.WLAN.IF_STA)

    def __getattr__(self, name):
        return getattr(self._wlan, name)

    def active(self, *on):
        """As network.WLAN.active().  OSError when the chip does not answer, or its firmware is too old for the driver."""
        try:
            return self._wlan.active(*on)
        except OSError as exc:
            if "minimum" in str(exc):
                raise
            raise OSError(_SILENT)  # the driver names the step that failed, and a number that is always 0

    def connect(self, ssid, key):
        """Begin to join; key "" for an open network.  OSError when the chip does not answer."""
        wlan = self._wlan
        try:
            wlan.connect(ssid, key, security=wlan.SEC_WPA_WPA2 if key else wlan.SEC_OPEN)
        except OSError:
            raise OSError(_SILENT)  # the driver's own text shows the key

    def config(self, *what, pm=None):
        """As network.WLAN.config(); pm: PM_NONE, or anything else for power save."""
        if pm is None:
            return self._wlan.config(*what)
        return nina.power_save(pm != self.PM_NONE)

    def status(self, *what):
        """What network.WLAN.status() gives for `what`, such as "rssi"; without it the reason."""
        return self._wlan.status(*what) if what else nina.reason()


wlan = Station()
