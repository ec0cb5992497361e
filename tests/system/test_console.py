"""The serial console: mpremote as a user has it, Python's REPL protocol to the byte, and the kiosk's own functions."""

import os
import select
import subprocess
import sys
import time

import pytest

from host_tools.errors import ExecError
from host_tools.target import Target, open_target

TICKER = """
    @Page
    class Index:
        data = {"ticks": 0}
        def onLoad(self, query):
            setInterval(self.tick, 10)
        def tick(self):
            self.setData({"ticks": self.data["ticks"] + 1})
            print("tick", self.data["ticks"])
    """
SILENT_TICKER = TICKER.replace('print("tick", self.data["ticks"])', "pass")


@pytest.fixture
def ticking(kiosk):
    """A kiosk whose mini-program counts and prints without end; its console is free for others."""
    kiosk.run({"pages/index/index.py": TICKER})
    return kiosk


def mpremote(kiosk, *args, check=True):
    """Run the mpremote command against the kiosk's terminal, as a user would."""
    with kiosk.released() as port:
        command = [sys.executable, "-m", "mpremote", "connect", port, *args]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if check:
        assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.board
def test_mpremote_exec_while_a_mini_program_runs(ticking):
    assert mpremote(ticking, "exec", "print(6 * 7)").stdout == "42\n"
    assert mpremote(ticking, "eval", "'a' * 3").stdout == "aaa\n"
    done = mpremote(ticking, "exec", "print(1)\nraise ValueError('no')", check=False)
    assert done.returncode == 1 and "ValueError: no" in done.stderr + done.stdout
    before = ticking.pages()[0]["data"]["ticks"]
    assert ticking.state()["running"] == "test"
    ticking.wait(100)
    assert ticking.pages()[0]["data"]["ticks"] > before


def test_mpremote_cp_and_ls_while_a_mini_program_runs(ticking, tmp_path):
    content = bytes(range(256)) * 60
    (tmp_path / "sent.bin").write_bytes(content)
    mpremote(ticking, "cp", str(tmp_path / "sent.bin"), ":/sent.bin")
    assert "sent.bin" in mpremote(ticking, "ls", ":/").stdout
    mpremote(ticking, "cp", ":/sent.bin", str(tmp_path / "received.bin"))
    assert (tmp_path / "received.bin").read_bytes() == content
    mpremote(ticking, "rm", ":/sent.bin")
    assert "sent.bin" not in mpremote(ticking, "ls", ":/").stdout
    assert ticking.state()["running"] == "test"


def test_what_a_mini_program_prints_stays_out_of_the_console(ticking):
    assert ticking.exec("import time; time.sleep_ms(50); print('mine')").strip() == "mine"
    ticking.wait(50)
    assert "tick" in ticking.output and "mine" not in ticking.output


def test_a_second_target_over_serial_sees_the_same_kiosk(ticking):
    with ticking.released() as port, open_target(f"serial:{port}") as other:
        assert other.state()["running"] == "test"


def test_exec_error_carries_output_and_traceback(kiosk):
    with pytest.raises(ExecError) as caught:
        kiosk.exec("print('before')\n1/0")
    assert caught.value.stdout.strip() == "before"
    assert "ZeroDivisionError" in caught.value.traceback


def test_large_code_goes_through_raw_paste(kiosk):
    code = "total = 0\n" + "".join(f"total += {n}\n" for n in range(2000)) + "print(total)"
    assert kiosk.exec(code).strip() == str(sum(range(2000)))


def test_a_large_argument_arrives_whole_and_one_too_large_is_refused(make_kiosk):
    kiosk = make_kiosk(heap=400 * 1024)
    kiosk.run()
    data = "abcdefgh" * 2500
    assert kiosk.call("setStorage", {"key": "k", "data": data})["errMsg"] == "setStorage:ok"
    assert kiosk.call("getStorageSync", ["k"]) == data
    with pytest.raises(ExecError, match="MemoryError"):
        kiosk.exec(f"x = '{'y' * 300_000}'")
    assert kiosk.call("getStorageSync", ["k"]) == data


def test_calls_answer_json(kiosk):
    info = kiosk.call("getSystemInfo", {})
    assert info["errMsg"] == "getSystemInfo:ok" and info["brand"] == "mpkiosk"
    assert kiosk.call("nonsense")["errMsg"] == "nonsense:fail no such API"
    kiosk.run()
    assert kiosk.call("setStorage", {"data": 1})["errMsg"] == (
        "setStorage:fail parameter error: parameter.key should be String instead of Undefined;"
    )


def test_mock_and_restore(kiosk):
    kiosk.run()
    kiosk.mock("getStorage", {"data": "mocked"})
    assert kiosk.call("getStorage", {"key": "x"}) == {"data": "mocked", "errMsg": "getStorage:ok"}
    kiosk.mock("getStorage", {"errMsg": "getStorage:fail busy", "errno": 3})
    assert kiosk.call("getStorage", {"key": "x"})["errMsg"] == "getStorage:fail busy"
    kiosk.mock("getStorage")
    assert kiosk.call("getStorage", {"key": "x"})["errMsg"] == "getStorage:fail data not found"


def test_launch_closes_the_running_one(kiosk):
    kiosk.run({"pages/index/index.py": TICKER}, appid="one")
    kiosk.run(appid="two")
    assert kiosk.state()["running"] == "two"
    seen = len(kiosk.output)
    kiosk.wait(60)
    assert len(kiosk.output) == seen


def test_closing_gives_everything_back(kiosk):
    kiosk.program({"pages/index/index.py": TICKER})

    def use():
        kiosk.launch("test")
        kiosk.call("setStorageSync", ["k", [1, 2, 3]])
        kiosk.call("navigateBack")
        kiosk.wait(30)
        kiosk.stop()
        return kiosk.state()["heapUsed"]

    for _ in range(3):
        use()  # what is made once (names, tables that grow) is made now
    # The least of several looks: a stale word on the stack may keep any block for a while.
    before, after = (min(use() for _ in range(count)) for count in (10, 25))
    assert after - before < 25 * 32
    modules = kiosk.exec("import sys; print(*sorted(sys.modules))").split()
    assert not [name for name in modules if name.startswith(("wx", "pages", "app", "kiosk.storage"))]


@pytest.fixture
def line(kiosk, request):
    """The terminal itself: write bytes, read what comes back, its lines ended by LF (a board's by CR LF)."""
    patience = 1 if request.config.getoption("--target") == "unix" else 15
    kiosk.run({"pages/index/index.py": SILENT_TICKER})
    with kiosk.released() as port:
        fd = os.open(port, os.O_RDWR | os.O_NOCTTY)

        def talk(data, quiet_s=0.2):
            os.write(fd, data)
            answer = b""
            while select.select([fd], [], [], quiet_s * patience)[0]:
                answer += os.read(fd, 4096)
            return answer.replace(b"\r\n", b"\n")

        yield talk
        os.close(fd)


@pytest.mark.board
def test_the_protocol_to_the_byte(line):
    assert line(b"\x03").endswith(b">>> ")
    assert line(b"1 + 1\r") == b"1 + 1\n2\n>>> "
    assert line(b"ab\x7f\x7f2 * 4\r") == b"ab\b \b\b \b2 * 4\n8\n>>> "
    assert line(b"\x05") == b"\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\n=== "
    assert line(b"for i in range(2):\r  print(i)\r\x04").endswith(b"\n0\n1\n>>> ")
    assert line(b"\x01") == b"raw REPL; CTRL-B to exit\n>"
    assert line(b"print(1)\x04") == b"OK1\n\x04\x04>"
    assert line(b"1 +\x04").startswith(b"OK\x04Traceback")
    assert line(b"half a line\x03print(2)\x04") == b"OK2\n\x04\x04>"
    assert line(b"x = 5\x04") == b"OK\x04\x04>"
    assert line(b"\x04") == b"\nMPY: soft reboot\nraw REPL; CTRL-B to exit\n>"
    assert b"NameError" in line(b"print(x)\x04")
    assert line(b"\x05A\x01") == b"R\x01\x00\x01\x01"
    assert line(b"print(3)\x04") == b"\x043\n\x04\x04>"
    assert line(b"\x05B") == b""  # no raw-paste request: taken for code
    assert line(b"\x03\x02").endswith(b">>> ")


def test_raw_paste_window_opens_as_it_is_used(line):
    line(b"\x01\x05A\x01")
    assert line(b"#" * 256) == b"\x01"
    assert line(b"#" * 255) == b""
    assert line(b"#" * 257) == b"\x01\x01"
    assert line(b"\x03") == b"\x04\x04\x04>"


def test_ctrl_c_while_an_answer_is_awaited(line):
    line(b"\x03\x01")
    assert line(b"import kiosk; kiosk.wait(60000)\x04") == b"OK"
    answer = line(b"\x03")
    assert b"KeyboardInterrupt" in answer and answer.endswith(b"\x04>")
    assert line(b"print(4)\x04") == b"OK4\n\x04\x04>"


@pytest.mark.board
def test_ctrl_c_stops_code_that_does_not_end(line):
    line(b"\x03\x01")
    for code in (b"while True: pass", b"import time; time.sleep(100)"):
        assert line(code + b"\x04") == b"OK"
        answer = line(b"\x03print(5)\x04", quiet_s=0.5)
        assert b"KeyboardInterrupt" in answer and answer.endswith(b"OK5\n\x04\x04>"), answer


def test_ctrl_c_storm_while_booting_leaves_a_whole_kiosk(monkeypatch, make_kiosk):
    connect = Target._connect

    def stormy(target):
        line = os.open(target.port, os.O_RDWR | os.O_NOCTTY)
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            os.write(line, b"\x03\r\x03")
            time.sleep(0.001)
        connect(target)
        os.close(line)

    monkeypatch.setattr(Target, "_connect", stormy)
    kiosk = make_kiosk()
    assert kiosk.run() == {"errMsg": "launch:ok"}
    assert kiosk.call("getSystemInfo")["errMsg"] == "getSystemInfo:ok"
