"""MicroPython's own test-suite

Its run-tests.py, from the sources that the image was built of, with the 64-bit image in the interpreter's place.  The
tests that want `unittest` are left out: that is a library of micropython-lib which nothing else here needs.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from host_tools.paths import BUILD, unix_image
from tests.bench.table import Row

SUITE = BUILD / "sources" / "micropython" / "tests"
# What the image differs in on purpose, as boards/UNIX/variant has it.
_DIFFERENT = {
    "ports/unix/mod_os.py": "a board has no environment",
    "cmdline/repl_micropyinspect.py": "a board has no environment",
    "stress/qstr_limit.py": "a module's path has a board's length",
    "extmod/select_poll_fd.py": "wants a terminal",
    "extmod/time_time_ns.py": "measures the machine",
    # machine's buses are here since a kiosk's chips are models of the host's
    "extmod/machine_i2s_rate.py": "knows no pins of this platform",
    "extmod/machine_spi_rate.py": "knows no pins of this platform",
    "extmod/machine_uart_irq_txidle.py": "knows no pins of this platform",
}


def rows(scratch: Path):
    """The figures of this bench."""
    said, failed = _run(scratch / "micropython", f"-j{os.cpu_count()}", "--exclude", wanting_unittest())
    unmeant = [name for name in failed if name not in _DIFFERENT]
    if unmeant:  # some measure time: once more, with nothing beside them
        unmeant = _run(scratch / "again", "-j1", *unmeant)[1]
    reasons = "; ".join(f"{name}: {_DIFFERENT[name]}" for name in sorted(failed) if name in _DIFFERENT)
    peer = f"{said['passed']} of {said['performed']} pass, {said['skipped']} are not for it. {reasons}"
    what = "MicroPython's own tests on unix: failures nobody meant" + "".join(f", {name}" for name in unmeant)
    yield Row(what, len(unmeant), "tests", 0, peer=peer)


def _run(results: Path, *arguments) -> "tuple[dict, list]":
    """What the suite said of how many tests ("performed", "passed", "skipped"), and the names of those that failed."""
    done = subprocess.run(
        [sys.executable, "run-tests.py", "--result-dir", results, *arguments],
        cwd=SUITE,
        env={**os.environ, "MICROPY_MICROPYTHON": str(unix_image()), "MICROPY_CPYTHON3": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,  # it says 1 when a test fails
    )
    said = dict(reversed(line) for line in re.findall(r"^(\d+) tests (performed|passed|skipped)", done.stdout, re.M))
    return said, json.loads((results / "_results.json").read_text(encoding="utf-8"))["failed_tests"]


def wanting_unittest() -> str:
    """A regular expression for the tests that want `unittest`."""
    wanting = [path.relative_to(SUITE).as_posix() for path in SUITE.rglob("*.py") if _wants_unittest(path)]
    return "|".join(re.escape(name) for name in wanting)


def _wants_unittest(path: Path) -> bool:
    return "import unittest" in path.read_text(encoding="utf-8", errors="replace")
