"""Heap and start of the kiosk

An idle mini-program is one page that imports wx, packed as `kiosk pack` does.
"""

import json
import subprocess
from pathlib import Path

from host_tools.package.pack import pack_folder
from host_tools.paths import ROOT, unix_image
from host_tools.target import UnixTarget
from tests.bench.table import Row

_SCRIPT = ROOT / "tests" / "bench" / "device" / "heap.py"
_IDLE = {
    "app.json": '{"pages": ["pages/index/index"]}',
    "pages/index/index.py": "import wx\n\n\n@Page\nclass Index:\n    def onReady(self):\n        pass\n",
}
_STARTS = 15


def rows(scratch: Path):
    """The figures of this bench."""
    idle = _packed(scratch)
    bare = _heap("bare", "--flash", scratch / "bare.img")
    kiosk = _heap("kiosk", "--flash", scratch / "kiosk.img", "--app", f"idle={idle}")
    yield Row("heap of `import wx`, the kiosk and an idle mini-program, 32 bits", kiosk["idle"] - bare["bare"],
              "bytes", 12 * 1024, peer=f"bare interpreter with the flash mounted: {bare['bare']} bytes")  # fmt: skip
    yield Row("left by a launch, mean of 1,000, 32 bits", kiosk["left"] / 1000, "bytes", 32)
    yield Row("process start to onReady, CPU time", _start_cpu_s(idle), "s", 0.15)


def _packed(scratch: Path) -> Path:
    source, packed = scratch / "source", scratch / "idle"
    for path, text in _IDLE.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text)
    pack_folder(source, packed)
    return packed


def _heap(*args) -> dict:
    command = [unix_image(32), "-X", "heapsize=190k", _SCRIPT, *args]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _start_cpu_s(idle: Path) -> float:
    """The median CPU time of a kiosk that has just shown the page; the console's part is in it."""
    times = []
    for _ in range(_STARTS):
        with UnixTarget(apps={"idle": idle}) as target:
            target.launch("idle")
            # First field: nanoseconds on a CPU, all of user and system time.
            text = Path(f"/proc/{target.process.pid}/schedstat").read_text()
        times.append(int(text.split()[0]) / 1e9)
    return sorted(times)[_STARTS // 2]
