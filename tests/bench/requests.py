"""Requests beside micropython-lib's

One GET of 1 KB from a server in another process, which answers from memory and keeps connections alive.
"""

import json
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
    with subprocess.Popen(
        [sys.executable, _BENCH / "server.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        port = int(server.stdout.readline())
        command = [unix_image(), _BENCH / "device" / "get.py", f"http://127.0.0.1:{port}/", _REQUESTS]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
        server.stdin.close()
    taken = json.loads(done.stdout.splitlines()[-1])
    peer = f"requests: {taken['requests']:.0f} us, fresh each time"
    fresh, kept = taken["requests"] / taken["fresh"], taken["requests"] / taken["kept"]
    yield Row("GET of 1 KB, fresh: speed against requests", fresh, "times", 1, at_least=True, peer=peer)
    yield Row("GET of 1 KB, kept alive: speed against requests", kept, "times", 2, at_least=True, peer=peer)
