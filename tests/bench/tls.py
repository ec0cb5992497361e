"""TLS handshakes

The server is Python's ssl with a chain of three RSA keys; mbedTLS's memory is the heap of Python objects.
"""

import json
import subprocess
from pathlib import Path

import trustme

from host_tools.paths import ROOT, unix_image
from tests.bench.table import Row
from tests.servers import Authority

_SCRIPT = ROOT / "tests" / "bench" / "device" / "handshake.py"
_RSA = trustme.KeyType.RSA


def rows(scratch: Path):
    """The figures of this bench."""
    authority = Authority(_RSA)
    (scratch / "root.der").write_bytes(authority.der)
    child = authority.child(_RSA)
    server = child.serve("localhost", key_type=_RSA)
    heap = _run(32, "heap", server.port, scratch)
    took = _run(64, "time", server.port, scratch)
    authority.close()
    yield Row("free heap that a TLS handshake needs, chain of three RSA keys, 32 bits", heap["needed"], "bytes", 48 * 1024,
              peer=f"held by the connection afterwards: {heap['held']} bytes")  # fmt: skip
    yield Row("TLS handshake, resumed: speed against a full one", took["full"] / took["resumed"], "times", 2, True,
              peer=f"full: {took['full']} us, server included")  # fmt: skip


def _run(bits, mode, port, folder) -> dict:
    command = [unix_image(bits), "-X", "heapsize=190k", _SCRIPT, mode, port, folder]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])
