"""Large files both ways

10 MB from nginx to the flash and from the flash to nginx (device/transfers.py), on a heap of 190 KB, beside
micropython-lib's `requests` with the same flash and curl with the host's files.  Server and clients share one CPU, as in
the bench of requests.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import time
from pathlib import Path

from host_tools.paths import BUILD, ROOT, unix_image
from tests.bench.table import Row
from tests.nginx import running

_SCRIPT = ROOT / "tests" / "bench" / "device" / "transfers.py"
_REQUESTS = BUILD / "sources" / "micropython" / "lib" / "micropython-lib" / "micropython" / "requests"
_MB = 10
_SIZE = _MB * 1024 * 1024
_CHUNK = 4096  # what a transfer takes at a time
_ROUNDS = 3


def rows(scratch: Path):
    """The figures of this bench."""
    folder = scratch / "nginx"
    folder.mkdir()
    with _one_cpu(), running(folder) as nginx:
        url = nginx.add("big.bin", hashlib.shake_256(b"transfers").digest(_SIZE))
        taken = _device(scratch / "flash", url, nginx.url + "/post")
        copy = scratch / "copy"
        curl = {
            "download": _least_ms(["curl", "-sS", "-o", copy, url]),
            "upload": _least_ms(["curl", "-sS", "-o", os.devnull, "-F", f"file=@{copy}", nginx.url + "/post"]),
        }
    for kind, flash in (("download", "flash_write"), ("upload", "flash_read")):
        above, spread = taken[kind + "_peak"] - taken["request"], taken[kind + "_peak"] - taken[kind + "_least"]
        yield Row(f"{kind} of {_MB} MB: live heap at its peak, above that of any request, 32 bits", above, "bytes",
                  2 * _CHUNK, peer=f"above an idle one: {taken[kind + '_peak']:,} bytes; from the first percent to the "
                  f"last: {spread:,}")  # fmt: skip
        peer = taken["requests_" + kind]
        yield Row(f"{kind} of {_MB} MB: speed against requests", peer / taken[kind], "times", 0.5, at_least=True,
                  peer=f"{_rate(taken[kind])}; requests: {_rate(peer)}; curl, without a flash: {_rate(curl[kind])}; the flash "
                  f"alone takes {taken[flash] / taken[kind]:.0%} of the time")  # fmt: skip


def _rate(took_ms: float) -> str:
    return f"{_SIZE / 1e6 / took_ms * 1000:.0f} MB/s"


@contextlib.contextmanager
def _one_cpu():
    """This process and those that it starts have one CPU."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _device(flash: Path, *urls: str) -> dict:
    command = [unix_image(32), "-X", "heapsize=190k", _SCRIPT, flash, *urls, _SIZE, _REQUESTS]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _least_ms(command: list) -> float:
    """The least time of a command in milliseconds, its start included."""
    taken = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        subprocess.run([str(part) for part in command], check=True)
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)
