"""Ctrl-C at every moment of the boot, and what else a host may type then: the kiosk comes up and answers."""

import json
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from host_tools.paths import firmware_image
from host_tools.target import UnixTarget
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD

MS = 1e6  # ns
STEP_MS = 5
END_MS = 1200  # the kiosk has long been there by then
ASK_MS = END_MS + 100

# name: what is typed, and the moments in ms.  What is typed before USB is there waits at the
# host until then, which is just before main.py.
TYPED = {
    "Ctrl-C all the time": (b"\x03", range(0, END_MS, STEP_MS)),
    "Ctrl-C all the time, between those": (b"\x03", range(2, END_MS, STEP_MS)),
    "mpremote again and again": (b"\r\x03\x03\r\x01", range(1, END_MS, STEP_MS)),
    "a soft reset again and again": (b"\x03\x04", range(3, END_MS, STEP_MS)),
    "a raw REPL again and again": (b"\x01\x04", range(4, END_MS, STEP_MS)),
    **{f"Ctrl-C at {moment} ms": (b"\x03", (moment,)) for moment in (150, 275, 400, 525)},
}


@pytest.fixture(scope="module")
def flash(tmp_path_factory):
    """A flash that is formatted, as at every boot but the first."""
    path = tmp_path_factory.mktemp("boot") / "flash"
    assert state(boot(path, b"", ()))["failure"] == ""
    return path.read_bytes()


def boot(flash, keys, moments):
    """Start a board, type, and ask for its state; return what it printed."""
    script = [(moment * MS, keys) for moment in moments]
    script += [(ASK_MS * MS, b"\r\x02"), ((ASK_MS + 50) * MS, b"\r\x01")]
    script += [((ASK_MS + 100) * MS, b"import kiosk\nkiosk.state()\nprint('asked')\x04")]
    with VirtualBoard(firmware_image(BOARD), flash=flash, script=script, warp=True) as board:
        end = time.monotonic() + 60
        while b"\x04\x04>" not in bytes(board.printed).partition(b"asked")[2]:
            assert board.ended is None and time.monotonic() < end, bytes(board.printed)
            time.sleep(0.02)
    return bytes(board.printed)


def state(printed):
    """What the kiosk answered last."""
    return json.loads(printed.partition(b"asked")[2].split(b"\x04")[0])


def survives(folder, flash, name):
    """Whether the kiosk comes up while that is typed."""
    path = folder / name.replace(" ", "_")
    path.write_bytes(flash)
    printed = boot(path, *TYPED[name])
    path.unlink()
    assert state(printed)["failure"] == "", name
    keys, moments = TYPED[name]
    if keys == b"\x03":  # each was a byte for the console, which answers it with a new prompt
        assert printed.count(b"\r\n>>> ") >= len(moments), (name, printed)
    assert b"Traceback" not in printed and b"MicroPython v" not in printed, (name, printed)
    return True


@pytest.mark.timeout(300)
def test_nothing_typed_during_the_boot_keeps_the_kiosk_from_coming_up(flash, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(lambda name: survives(tmp_path, flash, name), TYPED))


def test_ctrl_c_during_the_first_boot_does_not_break_the_formatting(tmp_path):
    flash = tmp_path / "flash"
    assert state(boot(flash, *TYPED["Ctrl-C all the time"]))["failure"] == ""
    assert state(boot(flash, b"", ()))["failure"] == ""


class Interrupted(UnixTarget):
    """An emulator whose line gets Ctrl-C at the given moments (s from one to the next) while it starts."""

    pauses = ()

    def _connect(self):
        line = os.open(self.port, os.O_RDWR | os.O_NOCTTY)
        for pause in self.pauses:
            time.sleep(pause)
            os.write(line, b"\x03")
        os.close(line)
        super()._connect()


@pytest.mark.parametrize("seed", range(12))
def test_ctrl_c_while_the_emulator_starts_does_not_keep_it_from_that(seed, monkeypatch):
    numbers = random.Random(seed)
    monkeypatch.setattr(Interrupted, "pauses", [numbers.uniform(0, 0.02) for _ in range(8)])
    with Interrupted() as kiosk:
        assert kiosk.state()["failure"] == ""
        assert kiosk.process.poll() is None
