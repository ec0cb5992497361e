"""WebSockets beside the websockets package

Echoes over loopback from a `websockets` server in another process, by wx.connectSocket on the Unix port and by the
`websockets` client in CPython, in rounds that take turns.  micropython-lib's client cannot be had here: its figures are
the ones published for a like machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from host_tools.paths import ROOT, unix_image
from tests import autobahn
from tests.bench.table import Row
from tests.conftest import Kiosk

_BENCH = ROOT / "tests" / "bench"
_ROUNDS = 11
# Bytes of a message, echoes a round, microseconds that micropython-lib's client is published to take, the most that we
# may take, against `websockets`.
_SIZES = ((125, 200, 98, 2), (1024, 200, 208, 2), (16384, 50, 2100, 5))


def rows(scratch: Path):
    """The figures of this bench."""
    yield from _echo_rows()
    taken = _script(unix_image(), "mask.py")
    peer = f"plain loop: {taken['plain']:.3g} us a KB, viper: {taken['viper']:.3g}"
    yield Row("masking: speed against the plain Python loop", taken["plain"] / taken["viper"], "times", 50, True, peer)
    yield _autobahn_row(scratch)
    yield from _soak_rows()


def _echo_rows():
    ours, theirs = _taken_us()
    for size, _, published, limit in _SIZES:
        peer = f"{ours[size]:.0f} us; websockets: {theirs[size]:.0f} us; micropython-lib, published: {published:,} us"
        what = f"WebSocket echo of {size:,} bytes: time against the websockets package"
        yield Row(what, ours[size] / theirs[size], "times", limit, peer=peer)


def _taken_us():
    """Microseconds an echo by size, the medians of all rounds: ours, and the `websockets` package's."""
    from websockets.sync.client import connect

    cpu = {sorted(os.sched_getaffinity(0))[0]}
    ours = {size: [] for size, *_ in _SIZES}
    theirs = {size: [] for size, *_ in _SIZES}
    before = os.sched_getaffinity(0)
    # Client and server share one CPU, as in the bench of requests.
    os.sched_setaffinity(0, cpu)
    try:
        with _server() as port, connect(f"ws://127.0.0.1:{port}/", compression=None) as connection:
            command = [str(unix_image()), str(_BENCH / "device" / "echo.py"), str(port)]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
                for _ in range(_ROUNDS):
                    for size, count, *_ in _SIZES:
                        client.stdin.write(f"{size} {count}\n")
                        client.stdin.flush()
                        ours[size].append(float(client.stdout.readline()))
                        theirs[size].append(_echo_us(connection, size, count))
    finally:
        os.sched_setaffinity(0, before)
    return [{size: sorted(taken)[_ROUNDS // 2] for size, taken in kind.items()} for kind in (ours, theirs)]


def _echo_us(connection, size, count):
    data = bytes(size)
    start = time.perf_counter()
    for _ in range(count):
        connection.send(data)
        assert connection.recv() == data
    return (time.perf_counter() - start) / count * 1e6


def _autobahn_row(scratch):
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        kiosk = Kiosk("unix", Path(folder), heap=190 * 1024)
        try:
            ours = autobahn.run(lambda port: autobahn.play_in(kiosk, port))
        finally:
            kiosk.close()
    theirs = autobahn.run(autobahn.play_websockets)
    verdicts = ", ".join(f"{count} {name}" for name, count in sorted(autobahn.verdicts(ours).items()))
    peer = f"{verdicts}; websockets: {_passed(theirs)}; micropython-lib, published: 175"
    what = "Autobahn's cases of groups 1 to 7 and 10 that are passed, in 190 KB"
    return Row(what, _passed(ours), f"of {len(ours)}", 247, True, peer)


def _passed(results):
    return sum(result.passed for result in results)


def _soak_rows():
    with _server("cut") as port:
        found = _script(unix_image(32), "socketsoak.py", str(port), heap="190k")
    assert found["success"] == found["complete"] == found["messages"] == 10000 and not found["fail"], found
    peer = "success, complete and echo: 10,000 each; fail: none"
    yield Row("left by 10,000 socket messages cut anywhere, 32 bits", found["bytes"], "bytes", 512, peer=peer)
    yield Row("descriptors left by them", found["descriptors"], "descriptors", 0)


def _script(image, name, *arguments, heap="4m"):
    command = [str(image), "-X", f"heapsize={heap}", str(_BENCH / "device" / name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _server(*arguments):
    # As a module: beside a script this file would stand for the package of its name.
    command = [sys.executable, "-m", "tests.bench.echoserver", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield int(server.stdout.readline())
        server.stdin.close()
