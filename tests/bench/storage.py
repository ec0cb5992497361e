"""Flash operations of storage

What wx.setStorageSync asks of the flash, counted by a chip in RAM (device/setstorage.py says how), beside a bare file write.
"""

import json
import subprocess
from pathlib import Path

from host_tools.paths import ROOT, unix_image
from tests.bench.table import Row

_SCRIPT = ROOT / "tests" / "bench" / "device" / "setstorage.py"
_RATIO = {"20": (1.1, 1.1), "1024": (2.2, 1.2), "9216": (1.2, 1.1)}  # at most so many times the programs, the erases


def rows(scratch: Path):
    """The figures of this bench."""
    done = subprocess.run(
        [unix_image(64), "-X", "heapsize=16m", _SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    figures = json.loads(done.stdout.splitlines()[-1])
    for size, limits in _RATIO.items():
        stored, bare = figures["sizes"][size]["set"], figures["sizes"][size]["bare"]
        for kind, limit in zip(("programs", "erases"), limits):
            yield Row(f"{kind} of the flash a setStorageSync of {size} bytes, mean of 200", stored[kind], kind,
                      limit * bare[kind], peer=f"bare write of the same text: {bare[kind]:.3g} (reads: "
                      f"{stored['reads']:.0f} against {bare['reads']:.0f})")  # fmt: skip
    mixed = figures["mixed"]
    for kind, limit in (("programs", 6), ("erases", 3)):
        yield Row(f"{kind} a setStorageSync, p99 of {mixed['calls']:,} sets of 40 keys, 2 to 3,000 bytes",
                  mixed["p99"][kind], kind, limit, peer=f"mean of the first 1,000: {mixed['first_1000'][kind]:.3g}, "
                  f"of the last: {mixed['last_1000'][kind]:.3g}")  # fmt: skip
