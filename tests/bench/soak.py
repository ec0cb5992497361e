"""Many requests, and what they leave

On a heap of 190 KB (device/soak.py): 10,000 requests of which one in ten is aborted at a random moment, and 20,000 GETs
over a kept connection.  What fails in the field after two days is the memory in pieces, so the largest free block counts.
One small object that happens to lie in the middle may halve it; what goes on shrinking it would leave much less.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from host_tools.paths import ROOT, unix_image
from tests.bench.table import Row

_BENCH = ROOT / "tests" / "bench"
_REQUESTS = 10_000
_KEPT = 20_000
_SEED = 7


def rows(scratch: Path):
    """The figures of this bench."""
    del scratch  # nothing to keep
    aborted, _ = soak("aborted", _REQUESTS, _SEED)
    what = f"{_REQUESTS:,} requests, one in ten aborted"
    peer = f"{aborted['fail']} ended by their abort, at {aborted['stages']} different moments"
    yield Row(f"{what}: calls without exactly one success or fail and one complete", aborted["wrong"], "calls", 0,
              peer=peer)  # fmt: skip
    yield Row(f"{what}: descriptors left", aborted["descriptors"], "descriptors", 0)
    yield Row(f"{what}: heap against the start, 32 bits", aborted["heap"], "bytes", 512)
    kept, blocks = soak("kept", _KEPT)
    half = len(blocks) // 2
    before, after = max(blocks[:half]), max(blocks[half:])
    yield Row(f"largest free block after {_KEPT:,} kept-alive GETs against before", after / before, "times", 0.5,
              at_least=True, peer=f"{after * 16:,} against {before * 16:,} bytes; heap: {kept['heap']} bytes more")  # fmt: skip


def soak(mode: str, *options) -> tuple[dict, list[int]]:
    """What the script counted, and the largest free blocks that it saw, each of 16 bytes."""
    with subprocess.Popen(
        [sys.executable, _BENCH / "server.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        script = _BENCH / "device" / "soak.py"
        command = [unix_image(32), "-X", "heapsize=190k", script, mode, url, *options]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
        server.stdin.close()
    sizes = [int(size) for size in re.findall(r"max free sz: (\d+)", done.stdout)]
    return json.loads(done.stdout.splitlines()[-1]), sizes
