"""MicroPython's own test-suite on the emulated RP2040

Its run-tests.py over the board's serial port, on the kiosk's image but not in the kiosk: that is told to quit, and the
port's own REPL follows.  There each test begins with a soft reset, which in the raw REPL starts no main.py.  Two
boards share the work.  The tests that want `unittest` are left out, as on unix.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import List, Sequence, Tuple

from host_tools.paths import firmware_image
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD
from tests.bench.micropython import SUITE, wanting_unittest
from tests.bench.table import Row

# What run-tests.py has for this port, but for `thread` (the image has one) and `stress`.
_PARTS = (("basics",), ("extmod", "micropython", "misc", "inlineasm/thumb", "float", "ports/rp2"))
_RUNNER = Path(__file__).parent / "patientsuite.py"
_PROMPT_S = 60
_QUIT = b"import kiosk\nkiosk.quit()\n\x04"
# Left out: what waits for a UART that says when its bytes are out, which rp2040js has not; what resets the board to look
# at threads, of which the image has one; a test of I2S that takes the emulator minutes (tests/system/virtual/test_audio.py
# is for that).
_IMPOSSIBLE = ("machine_uart_irq_txidle", "machine_uart_tx", "rp2_thread_reset", "machine_i2s_rate")
# What fails, and why.
_DIFFERENT = {
    "extmod/random_seed_default.py": "the emulated chip's random bits are the same after each start",
    "ports/rp2/rp2_dma.py": "measures how long DMA takes",
}


def rows(scratch: Path):
    """The figures of this bench."""
    with ThreadPoolExecutor(len(_PARTS)) as pool:
        results = [result for part in pool.map(lambda folders: _run(folders, scratch), _PARTS) for result in part]
    failed = [name for name, outcome in results if outcome == "FAIL"]
    unmeant = [name for name in failed if name not in _DIFFERENT]
    passed = sum(outcome == "pass" for _, outcome in results)
    skipped = sum(outcome == "skip" for _, outcome in results)
    reasons = "; ".join(f"{name}: {_DIFFERENT[name]}" for name in sorted(failed) if name in _DIFFERENT)
    folders = ", ".join(folder for part in _PARTS for folder in part)
    what = "MicroPython's own tests on the emulated RP2040: failures nobody meant" + "".join(
        f", {name}" for name in unmeant
    )
    yield Row(what, len(unmeant), "tests", 0, peer=f"{passed} of {passed + len(failed)} pass, {skipped} are not for it "
              f"({folders}). {reasons}")  # fmt: skip


def _run(folders: Sequence[str], scratch: Path) -> List[Tuple[str, str]]:
    """Run the tests of some folders on a board; return (test, "pass", "FAIL" or "skip")."""
    typed = [(600e6, b"\r\x01"), (650e6, _QUIT)]
    with VirtualBoard(firmware_image(BOARD), script=typed, warp=True) as board:
        _wait_for_prompt(board)
        command = [sys.executable, _RUNNER, SUITE, "-t", f"port:{board.port}", "--result-dir", scratch / folders[0]]
        with open(scratch / f"{folders[0]}.log", "w+", encoding="utf-8", errors="replace") as log:
            subprocess.run(
                [*command, "--exclude", f"{wanting_unittest()}|{'|'.join(_IMPOSSIBLE)}", "-d", *folders],
                cwd=SUITE,
                env={**os.environ, "MICROPY_CPYTHON3": sys.executable},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,  # it says 1 when a test fails
            )
            log.seek(0)
            said = log.read()
    outcomes = re.findall(r"^(pass|FAIL|skip)  (\S+)", said, re.M)
    if f"{sum(outcome != 'skip' for outcome, _ in outcomes)} tests performed" not in said:
        raise RuntimeError(f"run-tests.py has not come to its end: {said[-500:]}")
    return [(name, outcome) for outcome, name in outcomes]


def _wait_for_prompt(board: VirtualBoard) -> None:
    end = time.monotonic() + _PROMPT_S
    while b">MicroPython " not in board.printed:
        if board.ended is not None or time.monotonic() > end:
            raise RuntimeError(f"the port's own REPL has not come: {bytes(board.printed)!r}")
        time.sleep(0.1)
