"""The kiosk's Wi-Fi on the real image: provisioned over the console, and whatever the chip, the air and the servers do then.

The board's clock is the one that is looked at; its sleeps take no time of the host's (warp).
"""

import io
import itertools
import json
import shutil
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from host_tools.cli.main import main
from host_tools.errors import TargetError
from host_tools.models.nina import Network
from host_tools.target import open_target
from host_tools.target.virtual import clock_is_set, gateway_tells_time
from tests.system.virtual.boards import install

_SSID, _KEY = "kiosk", "password"
_ROUNDS = 400  # of until(): what has not come by then does not come
_PAGE = """
import wx

@Page
class Index:
    data = {"status": [], "weak": []}

    def onLoad(self, query):
        wx.onNetworkStatusChange(lambda res: self._heard("status", res.isConnected, res.networkType))
        wx.onNetworkWeakChange(lambda res: self._heard("weak", res.weakNet, res.networkType))

    def _heard(self, what, *values):
        self.setData({what: self.data[what] + [list(values)]})
"""
_WATCH_LOOP = """
import asyncio, time
async def _watch_loop():
    global longest_ms
    longest_ms, then = 0, time.ticks_ms()
    while True:
        await asyncio.sleep_ms(5)
        now = time.ticks_ms()
        longest_ms, then = max(longest_ms, time.ticks_diff(now, then)), now
_watch = asyncio.create_task(_watch_loop())
"""


def until(target, what, answer, *args):
    """Ask the console until `answer` is true of what it says; return that."""
    for _ in range(_ROUNDS):
        said = target.ask(what, *args)
        if answer(said):
            return said
        time.sleep(0.02)
    raise AssertionError(said)


def joined(target):
    """Wait until the kiosk is in the network."""
    return until(target, "wifi", lambda wifi: wifi["state"] == "joined")


def lost(target):
    """Wait until the kiosk has noticed that it is not."""
    return until(target, "wifi", lambda wifi: wifi["state"] != "joined")


@pytest.fixture
def online(virtual):
    """The shared kiosk: the only network it knows is the one in the air, and it has joined that."""
    nina = virtual.nina
    nina.networks[:] = [Network(_SSID, _KEY)]
    nina.broken = virtual.time_server.silent = False
    for known in virtual.ask("wifi")["known"]:
        virtual.ask("wifi", known, None)
    virtual.join()
    yield virtual
    virtual.stop()


@pytest.fixture
def program(online, tmp_path):
    """A mini-program that notes what it hears of the network, and may ask any server."""
    install(online, tmp_path, _PAGE)
    assert online.launch("test", urlCheck=False)["errMsg"] == "launch:ok"
    return online


def heard(target, what):
    """What the page has heard, each news but once."""
    said = target.pages()[0]["data"][what]
    return [value for value, _ in itertools.groupby(said)]


def test_provisioning_over_the_console(online):
    assert online.ask("wifi", _SSID, None)["known"] == []
    assert lost(online)["state"] == "idle"
    answer = online.ask("wifi", _SSID, _KEY, timeout_s=60)
    assert (answer["state"], answer["ssid"], answer["signalStrength"], answer["known"]) == (
        "joined",
        _SSID,
        -55,
        [_SSID],
    )
    assert online.get("/wifi.json") == b'[["kiosk", "password"]]'
    assert online.nina.power_save is False
    year, month, day = online.exec("import time; print(*time.gmtime()[:3])").split()
    now = time.gmtime(time.time() + 3600 * 12)
    assert abs(time.mktime((int(year), int(month), int(day), 12, 0, 0, 0, 0, 0)) - time.mktime(now)) < 3 * 86400


def test_a_network_without_a_key(online):
    online.nina.networks.append(Network("open"))
    assert online.ask("wifi", "open", "", timeout_s=60)["ssid"] == "open"


def test_a_program_hears_of_a_drop_and_of_the_return(program):
    assert program.call("getNetworkType")["networkType"] == "wifi"
    networks = list(program.nina.networks)
    program.nina.drop()
    assert lost(program)["reason"] in ("connection lost", "network not found")
    assert program.call("getNetworkType")["networkType"] == "none"
    program.nina.networks[:] = networks
    joined(program)
    assert heard(program, "status") == [[False, "none"], [True, "wifi"]]
    assert program.call("getNetworkType")["networkType"] == "wifi"


def test_a_weak_signal(program):
    network = program.nina.networks[0]
    network.rssi = -82
    until(program, "call", lambda res: res["weakNet"], "getNetworkType")
    assert program.call("getNetworkType")["signalStrength"] == -82
    network.rssi = -50
    until(program, "call", lambda res: not res["weakNet"], "getNetworkType")
    assert heard(program, "weak") == [[True, "wifi"], [False, "wifi"]]


def test_the_pauses_between_attempts_grow_to_a_minute(online):
    online.nina.drop()
    lost(online)
    attempts = online.nina.attempts_ns
    attempts.clear()
    for _ in range(_ROUNDS * 5):
        if len(attempts) >= 11:
            break
        time.sleep(0.05)
    gaps_s = [(later - earlier) / 1e9 - 1.5 for earlier, later in zip(attempts, attempts[1:])]  # 1.5: the chip looks
    assert len(gaps_s) >= 10
    pauses_s = [min(2**number, 64) for number in range(20)]

    def begins_with(number):
        return all(pause / 2 - 0.01 <= gap <= pause + 0.5 for pause, gap in zip(pauses_s[number:], gaps_s))

    assert any(begins_with(number) for number in range(6)), gaps_s  # attempts were made before the list was emptied
    assert 31.9 <= gaps_s[-1] <= 64.5


def test_a_wrong_password_is_said_in_plain_words(online, capsys, monkeypatch):
    with online.released() as port:
        monkeypatch.setattr("sys.stdin", io.StringIO("not the password\n"))
        assert main(["wifi", _SSID, "--target", f"serial:{port}"]) == 1
        said = capsys.readouterr().out
        assert "wrong password" in said and "not the password" not in said
        monkeypatch.setattr("sys.stdin", io.StringIO(_KEY + "\n"))
        assert main(["wifi", _SSID, "--target", f"serial:{port}"]) == 0
        assert f"joined: {_SSID}, -55 dBm; known: {_SSID}" in capsys.readouterr().out


def test_a_network_that_is_not_there(online):
    assert online.ask("wifi", "elsewhere", _KEY, timeout_s=60)["reason"] == "network not found"
    assert joined(online)["known"] == [_SSID, "elsewhere"]


def test_the_loop_turns_while_the_kiosk_joins(online):
    online.ask("wifi", _SSID, None)
    online.exec(_WATCH_LOOP + "import board; board.wlan.active(False)")
    online.ask("wifi", _SSID, "wrong password", timeout_s=60)
    longest_ms = int(online.exec("print(longest_ms)\nlongest_ms = 0"))
    assert 850 <= longest_ms < 1000  # the driver resets the chip and waits, once
    online.ask("wifi", "elsewhere", _KEY, timeout_s=60)
    online.ask("wifi", _SSID, _KEY, timeout_s=60)
    longest_ms = int(online.exec("_watch.cancel(); print(longest_ms)"))
    assert longest_ms < 200, longest_ms  # /wifi.json, written twice, is most of it: a sector takes 50 ms to erase


def test_a_chip_that_stalls_for_a_while(program):
    program.exec(_WATCH_LOOP)
    program.nina.stall(2000)
    for _ in range(_ROUNDS):
        longest_ms = int(program.exec("print(longest_ms)"))
        if longest_ms >= 1900:
            break
    program.exec("_watch.cancel()")
    assert 1900 <= longest_ms < 2300
    assert program.state()["running"] == "test"
    joined(program)


def test_a_chip_that_never_answers_again_is_started_anew(program):
    program.exec(_WATCH_LOOP)
    program.nina.stall(1e9)
    lost(program)
    joined(program)
    longest_ms = int(program.exec("_watch.cancel(); print(longest_ms)"))
    assert 3000 < longest_ms < 4700  # the guard stops a mini-program after five seconds
    state = program.state()
    assert (state["running"], state["failure"]) == ("test", "")
    assert heard(program, "status") == [[False, "none"], [True, "wifi"]]


def test_a_chip_that_restarts_by_itself(program):
    program.nina.reset()
    lost(program)
    joined(program)
    assert program.state()["running"] == "test"
    assert program.nina.power_save is False  # it had begun anew with power save


def test_a_chip_that_answers_garbage(program):
    program.nina.broken = True
    assert lost(program)["reason"]
    until(program, "wifi", lambda wifi: wifi["reason"] == "the chip does not answer")
    program.nina.broken = False
    joined(program)
    assert program.state()["running"] == "test"


def test_a_name_server_that_is_not_there(program, monkeypatch):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        monkeypatch.setattr(program.nina.sockets, "name_server", silent.getsockname())
        answer = program.call("request", {"url": "http://kiosk.test/", "timeout": 20000}, timeout_s=120)
    assert answer["errMsg"] == "request:fail net::ERR_DNS_TIMED_OUT", answer
    assert joined(program)["state"] == "joined"


@pytest.fixture
def mute():
    """The port of a server that takes connections and says nothing, and an event for when one has come."""
    called = threading.Event()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(60)

        def accept():
            with listener.accept()[0] as caller:
                caller.settimeout(60)
                while caller.recv(4096):
                    called.set()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1], called


_ASK = """
import wx, time
started = time.ticks_ms()
answers = []
def _answered(res):
    answers.append((res.errMsg, res.errno, time.ticks_diff(time.ticks_ms(), started)))
wx.request(url="http://127.0.0.1:%d/", timeout=30000, fail=_answered)
"""


def test_a_network_that_goes_in_the_middle_of_a_request(program, mute):
    port, called = mute
    program.exec(_ASK % port)
    assert called.wait(60)
    program.nina.drop()
    for _ in range(_ROUNDS):
        answers = json.loads(program.exec("import json; print(json.dumps(answers))"))
        if answers:
            break
        time.sleep(0.02)
    ((message, number, took_ms),) = answers
    assert message.startswith("request:fail ") and number in (5, 600001, 600003), answers
    assert took_ms <= 30100


def test_no_time_and_no_tls_until_the_time_server_answers(tmp_path, authority):
    """Also: a kiosk that knows its network joins it by itself, when it comes into the air."""
    flash = tmp_path / "flash"
    with open(tmp_path / "output", "w", encoding="utf-8") as output:
        settings = {"flash": flash, "output": output, "warp": True}
        with open_target("virtual", **settings) as target:
            target.join()
            target.put("/ca/test.der", authority.der)
            install(target, tmp_path, _PAGE)
        with open_target("virtual", **settings, networks=[]) as target:
            target.time_server.silent = True
            gateway_tells_time(target)
            until(target, "wifi", lambda wifi: wifi["reason"] == "network not found")
            target.nina.networks.append(Network(_SSID, _KEY))
            joined(target)
            assert target.launch("test", urlCheck=False)["errMsg"] == "launch:ok"
            url = authority.serve("localhost").url
            answer = target.call("request", {"url": url})
            assert answer["errMsg"] == "request:fail ssl hand shake error: the clock is not set", answer
            target.time_server.silent = False
            for _ in range(_ROUNDS):
                if clock_is_set(target):
                    break
                time.sleep(0.02)
            answer = target.call("request", {"url": url}, timeout_s=120)
            assert answer.get("statusCode") == 200, answer


def _written(flash, cut_after=None):
    """Have a kiosk that knows "old" be told of "new", with a cut; return the board's counts before and after."""
    with open_target("virtual", flash=flash, warp=True, cut_after=cut_after, networks=[]) as target:
        before = target.ask("state") and target.board.counts
        target.ask("wifi", "new", "12345678", timeout_s=60)
        target.ask("state")
        return before, target.board.counts


def _survives(flash, cut_after):
    with pytest.raises(TargetError):
        _written(flash, cut_after)
    with open_target("virtual", flash=flash, warp=True, networks=[]) as target:
        return target.ask("wifi")["known"]


@pytest.mark.timeout(400)
def test_a_cut_while_the_networks_are_written_leaves_the_old_ones_or_the_new(tmp_path):
    old = tmp_path / "flash"
    with open_target("virtual", flash=old, warp=True, networks=[]) as target:
        target.ask("wifi", "old", "12345678", timeout_s=60)
    before, after = _written(shutil.copy(old, tmp_path / "whole"))
    first, last = (counts.erased + counts.programmed for counts in (before, after))
    assert last > first
    flashes = [shutil.copy(old, tmp_path / str(number)) for number in range(first + 1, last + 1)]
    with ThreadPoolExecutor(2) as pool:
        known = list(pool.map(_survives, flashes, range(first + 1, last + 1)))
    assert all(names in (["old"], ["new", "old"]) for names in known), known
    assert known[-1] == ["new", "old"]
