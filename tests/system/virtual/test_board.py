"""The virtual RP2040: its boot ROM, its console, its flash and its clock."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from host_tools.errors import TargetError
from host_tools.target import open_target
from host_tools.virtual_board.board import VirtualBoard
from tests.system.virtual.boards import MARK, install, scripted

_SECOND_CYCLES = 125_000_000


def mpremote(port, *words):
    """mpremote as a user runs it; returns what it printed."""
    command = [Path(sys.executable).parent / "mpremote", "connect", port, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_mpremote_finds_a_board_at_the_port(virtual, tmp_path):
    sent = tmp_path / "sent"
    sent.write_bytes(bytes(range(256)) * 10)
    with virtual.released() as port:
        assert mpremote(port, "exec", "import os; print(os.uname().machine)").strip().endswith("with RP2040")
        mpremote(port, "cp", str(sent), ":/sent")
        mpremote(port, "cp", ":/sent", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == sent.read_bytes()


TICKER = """
@Page
class Index:
    data = {}
    def onLoad(self, query):
        self.ticks = 0
        setInterval(self.tick, 10)
    def tick(self):
        self.ticks += 1
        print("tick", self.ticks)
"""


def test_what_a_mini_program_prints_is_told_from_the_answers(tmp_path):
    with open(tmp_path / "output", "w+", encoding="utf-8") as output:
        with open_target("virtual", output=output) as target:
            install(target, tmp_path, TICKER)
            assert target.launch("test")["errMsg"] == "launch:ok"
            for _ in range(5):
                assert target.state()["running"] == "test"
            target.stop()
        output.seek(0)
        ticks = output.read().splitlines()
    assert len(ticks) > 5
    assert ticks == [f"tick {number}" for number in range(1, len(ticks) + 1)]


def test_the_flash_survives_the_power(tmp_path):
    with open_target("virtual", flash=tmp_path / "flash", warp=True) as target:
        target.put("/kept", b"still there" * 500)
        written = target.board.counts
    assert written.programmed >= len(b"still there" * 500) // 256
    with open_target("virtual", flash=tmp_path / "flash", warp=True) as target:
        assert target.get("/kept") == b"still there" * 500
        assert target.board.counts.erased == 0


def test_a_flash_of_another_size_is_refused(tmp_path):
    (tmp_path / "flash").write_bytes(bytes(1000))
    with pytest.raises(TargetError, match="not a flash of 16777216 bytes"):
        open_target("virtual", flash=tmp_path / "flash")


def test_a_board_whose_image_does_not_start_says_so(tmp_path):
    (tmp_path / "image").write_bytes(bytes(4096))
    with VirtualBoard(tmp_path / "image") as board:
        assert board.wait_ended(20) == "bootloader"  # the second stage's checksum is wrong: the ROM waits for an image


@pytest.mark.parametrize(
    ("how", "cause"),
    [
        ("machine.reset()", "WDT_RESET"),
        ("machine.soft_reset()", "PWRON_RESET"),
        ("machine.WDT(timeout=300)\nwhile True: pass", "WDT_RESET"),
    ],
    ids=["machine.reset", "machine.soft_reset", "watchdog"],
)
def test_a_reset_starts_the_kiosk_anew(how, cause):
    with open_target("virtual", warp=True) as target:
        target.exec("import sys, machine; sys.modules['trace_of_before'] = sys")
        before = target.board.counts
        with target.released():
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "mpremote",
                    "connect",
                    target.port,
                    "exec",
                    "--no-follow",
                    f"import machine\n{how}",
                ],
                check=True,
                timeout=30,
            )
            asked = target.board.counts.cycles
            end = time.monotonic() + 60
            while target.board.counts.cycles < asked + _SECOND_CYCLES and time.monotonic() < end:
                time.sleep(0.05)
        same = f"machine.reset_cause() == machine.{cause}, 'trace_of_before' in sys.modules"
        assert target.exec(f"import machine, sys; print({same})").strip() == "True False"
        assert target.board.counts.cycles > before.cycles


def test_the_same_run_takes_the_same_cycles():
    code = "import machine\n" + MARK % 1 + "x = sorted(str(i / 7) for i in range(300))\n" + MARK % 2
    first, second = scripted(code), scripted(code)
    assert [mark.value for mark in first.marks] == [1, 2], first.printed
    assert first.marks == second.marks
    assert first.marks[1].cycles - first.marks[0].cycles > 100_000


def test_time_goes_on_while_the_board_sleeps():
    code = "import machine, time\n" + MARK % 1 + "time.sleep_ms(700)\n" + MARK % 2
    before, after = scripted(code).marks
    assert 700 <= (after.cycles - before.cycles) / 125e3 < 702
    assert after.busy_cycles - before.busy_cycles < 0.1 * (after.cycles - before.cycles)


def test_random_numbers_differ(virtual):
    code = (
        "import binascii, os\nprint(binascii.hexlify(os.urandom(4)).decode(), binascii.hexlify(os.urandom(4)).decode())"
    )
    numbers = virtual.exec(code).split()
    assert len(set(numbers)) == 2
    bits = virtual.exec("import os\nprint(sum(bin(byte).count('1') for byte in os.urandom(250)))")
    assert 850 < int(bits) < 1150  # of 2,000
