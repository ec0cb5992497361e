"""
The station: keeps the board in one of the Wi-Fi networks that it knows, however often that goes away.

Touches `board.wlan` (a network.WLAN of the station), `board.set_clock`, and the file of known networks, /wifi.json:
[[name, key], ...], the one that worked last in front.  Runs for as long as the kiosk does; holds that list.

Nothing in here scans: that blocks the loop for seconds on most boards.  The networks are tried in turn; after a round in
which none let us in, a pause: a second, then twice as long each time, up to a minute.
"""

import asyncio
import json
import os
import random
import sys
from time import ticks_diff, ticks_ms

import board
from kiosk import app, log
from kiosk.api import Result
from kiosk.errors import KioskError

_TAG = "wifi"
_FILE = "/wifi.json"
_JOIN_MS = const(20000)
_PACE_MS = const(1000)  # the station is looked at so often, and five times as often while it joins
_DOUBLINGS = const(6)
_CLOCK_PAUSE_MS_MAX = const(60000)
_KNOWN_MAX = const(8)
_WEAK_DBM = const(-75)
_CLOCK_MS = const(43200000)  # twelve hours: a crystal may be off by a second or two by then
_TIME_SERVERS = (("pool.ntp.org", 123), ("ntp.aliyun.com", 123), ("time.google.com", 123))

station = None  # Station, while keep() runs


class Station:
    """The state of the connection.  state (str): "idle", "joining", "joined" or "waiting"; reason (str): of the last failure."""

    time_servers = _TIME_SERVERS

    def __init__(self, wlan, pace_ms=_PACE_MS):
        self.wlan = wlan
        self._pace_ms = pace_ms
        self.state = "idle"
        self.reason = ""
        self.ssid = ""
        self.signal_dbm = 0
        self.known = _load()
        self.failures = 0  # attempts to join that have failed
        self._news = asyncio.Event()  # what is known has changed
        self._rounds = 0  # in a row, in which none let us in
        self._clock = None  # task

    @property
    def joined(self):
        """bool: whether the network can be used."""
        return self.state == "joined"

    @property
    def weak(self):
        """bool: whether the signal is so weak that much gets lost."""
        return self.joined and self.signal_dbm < _WEAK_DBM

    def add(self, ssid, key):
        """Know a network (name and key: str) from now on, and try it first.  KioskError for what no network has."""
        if not 0 < len(ssid.encode()) <= 32 or (key and not 8 <= len(key.encode()) <= 64):
            raise KioskError("parameter", "a network's name has 1 to 32 bytes, its key 8 to 64 or none;")
        self.known = [[ssid, key]] + [entry for entry in self.known if entry[0] != ssid][: _KNOWN_MAX - 1]
        self._save()

    def forget(self, ssid):
        """Know a network no longer; the connection to it ends."""
        self.known = [entry for entry in self.known if entry[0] != ssid]
        self._save()

    def busy(self, ssid, failures):
        """Whether a change is still to be acted on, or `ssid` (if any) neither joined nor failed since `failures`."""
        return self._news.is_set() or (ssid is not None and self.ssid != ssid and self.failures == failures)

    def _save(self):
        _store(self.known)
        self._news.set()

    async def run(self):
        """Never returns."""
        while True:
            self._news.clear()
            try:
                await self._round()
            except Exception as exc:  # noqa: BLE001  a supervisor: a driver may fail in any way, and works again later
                log.exception(_TAG, exc)
                self._left(str(exc))
            await self._pause()

    async def _round(self):
        for ssid, key in tuple(self.known):
            self.state = "joining"
            if await self._join(ssid, key):
                self._rounds = 0
                self._arrived(ssid)
                await self._stay()
                return
            if self._news.is_set():
                return

    async def _join(self, ssid, key):
        wlan = self.wlan
        reason = self._begin(ssid, key)
        started = ticks_ms()
        while not reason and not self._news.is_set():
            if wlan.isconnected() and wlan.ifconfig()[0] != "0.0.0.0":
                _without_power_save(wlan)
                return True
            if ticks_diff(ticks_ms(), started) > _JOIN_MS:
                reason = "no answer"
            else:
                reason = _failure(wlan.status())
                await asyncio.sleep_ms(self._pace_ms // 5)
        if reason:
            self._left(reason)
            self.failures += 1
            log.warn(_TAG, "%s: %s", ssid, reason)
        return False

    def _begin(self, ssid, key):
        """Have the chip join; return why it does not even try, "" if it does."""
        wlan = self.wlan
        try:
            # A second connect() on a station that is still trying raises an internal error on the ESP32-S3.
            if wlan.active():
                wlan.disconnect()
            wlan.active(True)
            wlan.connect(ssid, key)
        except OSError as exc:
            wlan.active(False)  # the next attempt starts the chip anew: one that has crashed needs it
            return str(exc)
        return ""

    async def _stay(self):
        while self.wlan.isconnected() and not self._news.is_set():
            was_weak = self.weak
            self.signal_dbm = _signal_dbm(self.wlan)
            if self.weak != was_weak:
                _tell("NetworkWeakChange", weakNet=self.weak, networkType=network_type())
            await asyncio.sleep_ms(self._pace_ms)
        self.wlan.disconnect()
        self._left("connection lost")

    async def _pause(self):
        if self._news.is_set():
            return
        if not self.known:
            self.state = "idle"
            await self._news.wait()
            return
        self.state = "waiting"
        pause_ms = self._pace_ms << min(self._rounds, _DOUBLINGS)
        self._rounds += 1
        try:
            await asyncio.wait_for_ms(self._news.wait(), pause_ms // 2 + random.randint(0, pause_ms // 2))
        except asyncio.TimeoutError:
            return

    def _arrived(self, ssid):
        self.state, self.ssid, self.reason = "joined", ssid, ""
        self.signal_dbm = _signal_dbm(self.wlan)
        if self.known[0][0] != ssid:
            self.known.sort(key=lambda entry: entry[0] != ssid)
            _store(self.known)
        log.info(_TAG, "joined %s", ssid)
        _tell("NetworkStatusChange", isConnected=True, networkType="wifi")
        if self._clock is None and getattr(board, "set_clock", None):
            self._clock = asyncio.create_task(self._keep_time())
        if "kiosk.uploads" in sys.modules:
            sys.modules["kiosk.uploads"].network_is_back()

    def _left(self, reason):
        was_joined = self.joined
        self.state, self.ssid, self.reason, self.signal_dbm = "waiting", "", reason, 0
        if self._clock:
            self._clock.cancel()
            self._clock = None
        if was_joined:
            log.warn(_TAG, "%s", reason)
            _tell("NetworkStatusChange", isConnected=False, networkType="none")

    async def _keep_time(self):
        from kiosk.net import sntp

        pause_ms = _PACE_MS
        while True:
            try:
                board.set_clock(*await sntp.unix_time(self.time_servers))
                pause_ms = _CLOCK_MS
            except KioskError as exc:
                log.warn(_TAG, "no time: %s", exc.reason)
                pause_ms = min(pause_ms * 2, _CLOCK_PAUSE_MS_MAX)
            await asyncio.sleep_ms(pause_ms)


async def keep(made=None):
    """Keep the board in a network; never returns.  made: the Station to do it with, if not the board's own."""
    global station
    station = made or Station(board.wlan)
    await station.run()


def network_type():
    """str: as wx.getNetworkType has it: "wifi", "none", or "unknown" for a board whose network is not Wi-Fi."""
    if station is None:
        return "unknown"
    return "wifi" if station.joined else "none"


def _tell(event, **fields):
    if app.current:
        app.current.events.emit(event, Result(fields))


def _without_power_save(wlan):
    # Asleep between beacons, a station answers ten times later; a kiosk has a plug.
    if hasattr(wlan, "PM_NONE"):
        wlan.config(pm=wlan.PM_NONE)


def _failure(status):
    for known, reason in getattr(board, "wlan_failures", ()):
        if status == known:
            return reason
    return ""


def _signal_dbm(wlan):
    try:
        return wlan.status("rssi")
    except (OSError, ValueError):  # between two networks, or a chip that does not tell
        return 0


def _load():
    try:
        with open(_FILE) as file:
            known = json.load(file)
        return [[str(ssid), str(key)] for ssid, key in known][:_KNOWN_MAX]
    except OSError:
        return []
    except (ValueError, TypeError) as exc:
        log.warn(_TAG, "%s cannot be read: %s", _FILE, exc)
        return []


def _store(known):
    with open(_FILE + ".new", "w") as file:
        json.dump(known, file)
    os.rename(_FILE + ".new", _FILE)
