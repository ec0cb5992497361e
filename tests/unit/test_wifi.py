"""kiosk.net.wifi: joining, leaving, coming back a thousand times, and what the mini-program hears of it."""

import asyncio
import gc
import json
import os

import board
import wx
from kiosk import app, log
from kiosk.errors import KioskError
from kiosk.files import tree
from kiosk.net import wifi
from tests.fakes.wlan import FAILURES, FakeWlan

log.level = len(log.LEVELS)


class Air:
    """A board among networks (name -> key), with its station running a hundred times as fast, and a mini-program."""

    def __init__(self, known, networks, pace_ms=10):
        self.wlan = FakeWlan(networks)
        self._known = known
        self._pace_ms = pace_ms

    async def __aenter__(self):
        folder = "/tmp" if tree.look("/tmp") else ""  # a board has none
        wifi._FILE = "%s/mpkiosk-%d.json" % (folder, int.from_bytes(os.urandom(4), "big"))
        if self._known is not None:
            with open(wifi._FILE, "w") as file:
                file.write(self._known if isinstance(self._known, str) else json.dumps(self._known))
        board.wlan_failures = FAILURES
        app.current = app.MiniProgram("/", {}, {"appid": "test"}, {})
        self.heard = []
        wx.onNetworkStatusChange(lambda res: self.heard.append((res.isConnected, res.networkType)))
        self.station = wifi.Station(self.wlan, self._pace_ms)
        self._task = asyncio.create_task(wifi.keep(self.station))
        await asyncio.sleep_ms(0)
        return self

    async def __aexit__(self, *exc):
        self._task.cancel()
        app.current = wifi.station = None
        if self.saved() is not None:
            os.remove(wifi._FILE)

    async def until(self, state):
        """Wait for a state of the station."""
        waited = 0
        while self.station.state != state:
            await asyncio.sleep_ms(1)
            waited += 1
            assert waited < 5000, (self.station.state, self.wlan.calls)

    def saved(self):
        """What is in the file."""
        try:
            with open(wifi._FILE) as file:
                return json.load(file)
        except OSError:
            return None

    def connects(self):
        """The networks that were tried, in that order."""
        return [call[1] for call in self.wlan.calls if call[0] == "connect"]


async def test_joins_what_it_knows():
    async with Air([["shop", "12345678"]], {"shop": "12345678"}) as air:
        await air.until("joined")
        result = await wx.getNetworkType()
        assert result == {
            "networkType": "wifi",
            "signalStrength": -50,
            "weakNet": False,
            "hasSystemProxy": False,
            "errMsg": "getNetworkType:ok",
        }
        assert air.heard == [(True, "wifi")] and air.station.ssid == "shop"
        assert ("config", {"pm": 0}) in air.wlan.calls  # no power save


async def test_knows_nothing_yet():
    async with Air(None, {"shop": "12345678"}) as air:
        await air.until("idle")
        assert (await wx.getNetworkType()).networkType == "none" and air.connects() == []
        air.station.add("shop", "12345678")
        await air.until("joined")
        assert air.saved() == [["shop", "12345678"]]
        air.station.forget("shop")
        await air.until("idle")
        assert air.saved() == [] and air.wlan.joined is None, air.saved()
        assert air.heard == [(True, "wifi"), (False, "none")], air.heard


async def test_a_board_without_wifi():
    assert wifi.station is None
    assert (await wx.getNetworkType()).networkType == "unknown"


async def test_what_is_no_network():
    async with Air(None, {}) as air:
        for ssid, key in (("", "12345678"), ("x" * 33, "12345678"), ("x", "short"), ("x", "x" * 65)):
            try:
                air.station.add(ssid, key)
            except KioskError as exc:
                assert exc.errno == 1001, exc
            else:
                raise AssertionError((ssid, key))
        assert air.saved() is None
        air.station.add("open", "")  # one without a key
        assert air.saved() == [["open", ""]]


async def test_a_wrong_key_and_then_the_right_one():
    async with Air([["shop", "wrong key"]], {"shop": "12345678"}) as air:
        await air.until("waiting")
        assert air.station.reason == "wrong password" and air.heard == []
        air.station.add("shop", "12345678")
        await air.until("joined")
        assert air.saved() == [["shop", "12345678"]]


async def test_networks_in_turn_and_the_one_that_worked_first():
    known = [["office", "12345678"], ["shop", "12345678"], ["home", "12345678"]]
    async with Air(known, {"home": "12345678"}) as air:
        await air.until("joined")
        assert air.connects() == ["office", "shop", "home"]
        assert [entry[0] for entry in air.saved()] == ["home", "office", "shop"]
        air.wlan.calls.clear()
        air.wlan.joined = None  # a short drop
        await air.until("waiting")
        await air.until("joined")
        assert air.connects() == ["home"]


async def test_no_more_than_eight_are_known():
    async with Air(None, {}) as air:
        for number in range(12):
            air.station.add("net%d" % number, "12345678")
        assert [entry[0] for entry in air.saved()] == ["net%d" % number for number in range(11, 3, -1)]


async def test_a_file_that_cannot_be_read():
    for text in ("", "{", "[1]", '{"a": 1}', "[[1]]"):
        async with Air(text, {"shop": "12345678"}) as air:
            await air.until("idle")
            air.station.add("shop", "12345678")
            await air.until("joined")


async def test_an_address_that_never_comes():
    air = Air([["shop", "12345678"]], {"shop": "12345678"})
    air.wlan.ip = "0.0.0.0"  # DHCP does not answer
    async with air:
        await asyncio.sleep_ms(50)
        assert air.station.state == "joining" and air.heard == []
        air.wlan.ip = "10.0.0.2"
        await air.until("joined")


async def test_a_weak_signal():
    async with Air([["shop", "12345678"]], {"shop": "12345678"}) as air:
        weak = []
        wx.onNetworkWeakChange(lambda res: weak.append((res.weakNet, res.networkType)))
        await air.until("joined")
        for signal_dbm in (-80, -60):
            air.wlan.signal_dbm = signal_dbm
            await asyncio.sleep_ms(40)
            assert (await wx.getNetworkType()).signalStrength == signal_dbm
        assert weak == [(True, "wifi"), (False, "wifi")]


async def test_a_driver_that_raises():
    air = Air([["shop", "12345678"]], {"shop": "12345678"})
    connect = air.wlan.connect
    air.wlan.connect = None  # 'NoneType' object isn't callable
    async with air:
        await air.until("waiting")
        air.wlan.connect = connect
        await air.until("joined")


async def test_a_chip_that_does_not_answer_is_started_anew():
    air = Air([["shop", "12345678"]], {"shop": "12345678"})
    connect, active = air.wlan.connect, []

    def no_answer(ssid, key):
        active.append(air.wlan.active())
        raise OSError("the chip does not answer")

    air.wlan.connect = no_answer
    async with air:
        await air.until("waiting")
        assert air.station.reason == "the chip does not answer" and active[0]
        assert not air.wlan.active()
        air.wlan.connect = connect
        await air.until("joined")
        assert air.wlan.active() and air.station.reason == ""


async def test_a_change_is_under_way_until_it_has_been_acted_on():
    async with Air([["shop", "12345678"]], {"shop": "12345678"}) as air:
        await air.until("joined")
        air.station.add("shop", "another key")  # of the network that it is in
        assert air.station.busy("shop", air.station.failures)
        failures = air.station.failures
        while air.station.busy("shop", failures):
            await asyncio.sleep_ms(1)
        assert air.station.reason == "wrong password" and air.station.ssid == ""


async def test_a_thousand_times_away_and_back():
    networks = {"shop": "12345678"}
    async with Air([["shop", "12345678"]], networks, 1) as air:
        for cycle in range(1000):
            await air.until("joined")
            if cycle == 10:
                gc.collect()
                before = gc.mem_alloc()
            del networks["shop"]
            await air.until("waiting")
            networks["shop"] = "12345678"
            assert air.heard == [(True, "wifi"), (False, "none")], air.heard
            air.heard.clear()
            air.wlan.calls.clear()
        await air.until("joined")
        gc.collect()
        assert gc.mem_alloc() - before < 256, gc.mem_alloc() - before


async def test_uploads_hear_that_the_network_is_back():
    import sys

    calls = []

    class Uploads:
        @staticmethod
        def network_is_back():
            calls.append(1)

    sys.modules["kiosk.uploads"] = Uploads
    async with Air([["shop", "12345678"]], {"shop": "12345678"}) as air:
        await air.until("joined")
        assert calls == [1]
