"""A Wi-Fi station in which the networks of a test are; the interface is that of MicroPython's network.WLAN."""

import errno

_NO_NETWORK = 201
_WRONG_KEY = 202
FAILURES = ((_NO_NETWORK, "network not found"), (_WRONG_KEY, "wrong password"))


class FakeWlan:
    """`networks`: name -> key of what is in reach now.  Behaves as badly as the real ones: see connect()."""

    PM_NONE = 0

    def __init__(self, networks):
        self.networks = networks
        self.joined = None
        self.calls = []
        self.signal_dbm = -50
        self.polls_until_joined = 1
        self.ip = "192.168.1.7"
        self._active = False
        self._trying = None
        self._status = 0

    def active(self, on=None):
        if on is not None:
            self._active = on
        return self._active

    def config(self, **settings):
        self.calls.append(("config", settings))

    def connect(self, ssid, key):
        self.calls.append(("connect", ssid, key))
        if self._trying or not self._active:
            raise OSError(errno.EIO, "Wifi Internal Error")  # as an ESP32-S3 that is still trying
        self._trying = (ssid, key)
        self._left = self.polls_until_joined
        self._status = 0

    def disconnect(self):
        self._trying = self.joined = None

    def isconnected(self):
        if self._trying:
            ssid, key = self._trying
            self._left -= 1
            if ssid not in self.networks:
                self._status = _NO_NETWORK
            elif self.networks[ssid] != key:
                self._status = _WRONG_KEY
            elif self._left <= 0:
                self.joined, self._trying = ssid, None
        if self.joined not in self.networks:
            self.joined = None
        return self.joined is not None

    def ifconfig(self):
        return (self.ip, "255.255.255.0", "192.168.1.1", "192.168.1.1")

    def status(self, what=None):
        if what == "rssi":
            if not self.joined:
                raise OSError(errno.EIO)
            return self.signal_dbm
        return self._status
