"""Provisioning over the console, with a fake station in the emulator, which has no Wi-Fi of its own."""

from pathlib import Path

import pytest

from host_tools.cli.main import main
from host_tools.paths import ROOT

pytestmark = pytest.mark.emulator("a board has a station of its own, see virtual/test_wifi.py")
_START = """
import asyncio, board
from kiosk.net import wifi
board.wlan_failures = FAILURES
air = FakeWlan({"shop": "correct horse"})
wifi._task = asyncio.create_task(wifi.keep(wifi.Station(air, 20)))
"""


def _in_the_air(kiosk):
    kiosk.exec(Path(ROOT / "tests" / "fakes" / "wlan.py").read_text(encoding="utf-8") + _START)


def test_a_board_without_wifi(kiosk):
    assert kiosk.ask("wifi") == {"errMsg": "wifi:fail no Wi-Fi on this board", "errno": 100}
    kiosk.run()
    assert kiosk.call("getNetworkType")["networkType"] == "unknown"


def test_provisioning(kiosk):
    _in_the_air(kiosk)
    state = kiosk.ask("wifi")
    assert state == {"errMsg": "wifi:ok", "state": "idle", "ssid": "", "reason": "", "signalStrength": 0, "known": []}
    assert kiosk.ask("wifi", "shop", "x")["errMsg"].startswith("wifi:fail parameter error: a network's name has")
    wrong = kiosk.ask("wifi", "shop", "battery staple")
    assert wrong["state"] != "joined" and wrong["reason"] == "wrong password" and wrong["known"] == ["shop"]
    right = kiosk.ask("wifi", "shop", "correct horse")
    assert right["state"] == "joined" and right["ssid"] == "shop" and right["signalStrength"] == -50
    kiosk.run()
    assert kiosk.call("getNetworkType")["networkType"] == "wifi"
    assert b"correct horse" in kiosk.get("/wifi.json")
    gone = kiosk.ask("wifi", "shop", None)
    assert gone["known"] == [] and b"correct horse" not in kiosk.get("/wifi.json")


def test_the_command(kiosk, capsys, monkeypatch):
    import io

    _in_the_air(kiosk)
    with kiosk.released() as port:
        target = ["--target", f"serial:{port}"]
        assert main(["wifi", *target]) == 1
        assert capsys.readouterr().out == "idle: no network; known: none\n"
        monkeypatch.setattr("sys.stdin", io.StringIO("correct horse\n"))
        assert main(["wifi", "shop", *target]) == 0
        assert capsys.readouterr().out == "joined: shop, -50 dBm; known: shop\n"
        assert main(["wifi", *target]) == 0
        assert main(["wifi", "--forget", "shop", *target]) == 0
        assert capsys.readouterr().out.endswith("known: none\n")
        assert main(["wifi", "--open", *target]) == 1
        assert "want a network's name" in capsys.readouterr().err
