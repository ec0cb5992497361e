"""Requests beside micropython-lib's

One GET of 1 KB from a server in another process, which answers from memory and keeps connections alive.

Client and server share one CPU: what is measured then is what both have to do, as on a board with one core, and it is
the same in each run.  With a CPU each, both clients also wait for the other CPU to wake up, at every step of the
exchange; that ratio stands beside.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from host_tools.paths import BUILD, ROOT, unix_image
from tests.bench.table import Row

_BENCH = ROOT / "tests" / "bench"
_REQUESTS = BUILD / "sources" / "micropython" / "lib" / "micropython-lib" / "micropython" / "requests"


def rows(scratch: Path):
    """The figures of this bench."""
    del scratch  # nothing to keep
    cpus = sorted(os.sched_getaffinity(0))
    shared, apart = _taken_us(cpus[0], cpus[0]), _taken_us(cpus[0], cpus[-1])
    for kind, title, limit in (("fresh", "fresh", 1), ("kept", "kept alive", 2)):
        peer = f"requests: {shared['requests']:.0f} us, fresh each time; on two CPUs {_ratio(apart, kind):.3g} times"
        what = f"GET of 1 KB, {title}: speed against requests"
        yield Row(what, _ratio(shared, kind), "times", limit, at_least=True, peer=peer)


def _ratio(taken: dict, kind: str) -> float:
    return taken["requests"] / taken[kind]


def _taken_us(server_cpu: int, client_cpu: int) -> dict:
    """Microseconds a request, by kind."""
    with subprocess.Popen(
        [sys.executable, _BENCH / "server.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {server_cpu}),
    ) as server:
        port = int(server.stdout.readline())
        command = [unix_image(), _BENCH / "device" / "get.py", f"http://127.0.0.1:{port}/", _REQUESTS]
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {client_cpu}),
        )
        server.stdin.close()
    return json.loads(done.stdout.splitlines()[-1])
