"""
MicroPython as it comes, for `kiosk install` to put the runtime on: an RP2040's image and the Unix port.

Built from the fetched sources, the first time that a test asks, into build/stock; nothing of ours is in them.  What Debian's
sources lack is left out: four drivers of micropython-lib in the RP2040's manifest, libffi, Berkeley DB, and mbedTLS in the
Unix port, which takes half of its time to compile.
"""

import fcntl
import os
import shutil
import subprocess
import tty
from contextlib import contextmanager
from pathlib import Path

from host_tools.firmware import boards
from host_tools.paths import BUILD, MPY_CROSS

STOCK = BUILD / "stock"
BOARDS = Path(__file__).parent / "stock_boards"
_TREE = BUILD / "sources" / "micropython"
_RP2040_MANIFEST = 'freeze("$(PORT_DIR)/modules")\ninclude("$(MPY_DIR)/extmod/asyncio")\n'
_UNIX_MANIFEST = 'include("$(MPY_DIR)/extmod/asyncio")\n'


def board(name):
    """STOCK_RP2040 or STOCK_UNIX."""
    return boards.load(name, BOARDS)


def rp2040_image():
    """
    The image of PIMORONI_PICOLIPO as MicroPython's own board folder has it: a Pico with twice the flash.

    The runtime takes 1.2 MB as files, of the 1.4 MB that a Pico's file system has.
    """
    return _built("PIMORONI_PICOLIPO", "firmware.bin", _RP2040_MANIFEST, _build_rp2040)


def unix_image():
    """The executable of the standard variant."""
    return _built("unix", "micropython", _UNIX_MANIFEST, _build_unix)


def _built(name, file, manifest, build):
    """The file, built unless it is there and newer than the sources; a build that breaks off leaves none."""
    STOCK.mkdir(parents=True, exist_ok=True)
    with (STOCK / f"{name}.lock").open("w") as lock:  # of the processes that run the tests one builds, the others wait
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _built_once(name, file, manifest, build)


def _built_once(name, file, manifest, build):
    image = STOCK / name / file
    stamp = BUILD / "sources" / "versions.json"
    if image.exists() and image.stat().st_mtime > stamp.stat().st_mtime:
        return image
    work = STOCK / name / "work"
    shutil.rmtree(work.parent, ignore_errors=True)
    work.mkdir(parents=True)
    (work.parent / "manifest.py").write_text(manifest, encoding="utf-8")
    with (work.parent / "log").open("w", encoding="utf-8") as log:
        environment = {**os.environ, "MAKEFLAGS": "", "MICROPY_MPYCROSS": str(MPY_CROSS)}
        for command in build(work, work.parent / "manifest.py"):
            words = [str(word) for word in command]
            subprocess.run(words, stdout=log, stderr=subprocess.STDOUT, env=environment, check=True)
    os.replace(work / file, image)
    shutil.rmtree(work)
    return image


def _build_rp2040(work, manifest):
    options = {"MICROPY_BOARD": "PIMORONI_PICOLIPO", "PICO_NO_PICOTOOL": 1, "MICROPY_FROZEN_MANIFEST": manifest}
    yield ["cmake", "-S", _TREE / "ports/rp2", "-B", work, *(f"-D{key}={value}" for key, value in options.items())]
    yield ["cmake", "--build", work, "--parallel", os.cpu_count() or 1]


def _build_unix(work, manifest):
    options = {"BUILD": work, "FROZEN_MANIFEST": manifest, "MICROPY_MPYCROSS": MPY_CROSS}
    without = ["MICROPY_PY_BTREE=0", "MICROPY_PY_FFI=0", "MICROPY_PY_SSL=0", "MICROPY_STANDALONE=0"]
    yield [
        "make",
        f"-j{os.cpu_count()}",
        "-C",
        _TREE / "ports/unix",
        *without,
        *(f"{k}={v}" for k, v in options.items()),
    ]


class StockUnix:
    """The Unix port with a flash in a file and its console at `port`, switched on and off like a board."""

    def __init__(self, flash: Path, flash_kb=4096):
        self.flash = flash
        if not flash.exists():
            flash.write_bytes(b"\xff" * flash_kb * 1024)

    @contextmanager
    def switched_on(self):
        """Yields the process; `port` is there for as long."""
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.port = os.ttyname(slave)
        command = [unix_image(), "-X", "heapsize=8M", BOARDS / "STOCK_UNIX" / "switch_on.py", self.flash]
        process = subprocess.Popen([str(word) for word in command], stdin=self._master, stdout=self._master)
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            for end in {self._master, slave} - {None}:
                os.close(end)

    def unplug(self, process):
        """Cut the power in the middle of whatever it does; the line goes with it."""
        process.kill()
        process.wait()
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), self._master)  # the last end of the line on the board's side
