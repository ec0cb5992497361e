"""
Put the runtime on a MicroPython that is there already: .mpy files in /lib, over the serial line.

`main.py` is what starts the kiosk.  It is taken away first and written last, when all the rest has been found to be as it
should, so a copy that was broken off leaves a board with its plain prompt, and the next one goes on where this one ended.
"""

import ast
import base64
import contextlib
import hashlib
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Callable, Dict, Iterable, Iterator, List, Tuple

import serial
from mpremote.transport import TransportError, TransportExecError

from host_tools.errors import HostError, TargetError
from host_tools.firmware import frozen
from host_tools.firmware.boards import Board
from host_tools.paths import MPY_CROSS
from host_tools.target.line import Line, connect

_LIBRARY = "/lib"
_STARTER = "/main.py"
_KEPT = "/main.old.py"
_MPY_VERSION = 6
# sys.implementation._mpy >> 10, as py/persistentcode.h numbers the processors
ARCHITECTURES = (
    "none", "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp", "xtensa", "xtensawin",
    "rv32imc",
)  # fmt: skip
_CHUNK = 1024  # bytes of a file in one command, which the board has to compile
_PATHS = 24  # paths in one command
_FOLDER_BLOCKS = 2  # what littlefs takes for a folder
_SPARE_BLOCKS = 4  # littlefs writes folders anew elsewhere before it gives the old ones back

_PROBE = "import sys;print((sys.implementation.name,sys.platform,getattr(sys.implementation,'_mpy',0)))"
_SPACE = "import os;s=os.statvfs('/');print((s[0],s[3]))"
# The bytes and the SHA-256 of each file, or None
_LOOK = """
import hashlib, os
def look(path):
    try:
        size = os.stat(path)[6]
        file = open(path, 'rb')
    except OSError:
        return None
    digest = hashlib.sha256()
    while True:
        part = file.read(512)
        if not part:
            file.close()
            return size, digest.digest()
        digest.update(part)
for path in %r:
    print((path, look(path)))
"""
_MAKE_FOLDERS = """
import os
for path in %r:
    try:
        os.stat(path)
    except OSError:
        os.mkdir(path)
"""
# A starter of the user's own is kept; one of ours says so in its first line.
_TAKE_AWAY = """
import os
with open(%r) as file:
    ours = file.readline().strip() == %r
os.remove(%r) if ours else os.rename(%r, %r)
"""
_OPEN = "from binascii import a2b_base64;f=open(%r,'wb');w=lambda text:f.write(a2b_base64(text))"
_RESTART = "import time, machine;reset=machine.reset", "time.sleep_ms(100);reset()"
_RUNS = "import sys;print('kiosk.supervisor' in sys.modules)"
_START_S = 30  # a port that is the board's own USB has to be found anew by the system
_LOOK_S = 1

Progress = Callable[[str, int, int], None]  # file, bytes done so far, bytes in all
Found = Dict[str, Tuple[int, bytes]]  # path -> its bytes and its SHA-256


def install(port: str, board: Board, progress: Progress) -> int:
    """
    Bring the runtime on the interpreter at `port` up to date; if anything was written, start the board anew.

    Returns the number of files that were written, when the kiosk has started.  HostError (TargetError for what the board or the line has to do with)
    when it cannot be done.
    """
    with tempfile.TemporaryDirectory(prefix="mpkiosk-") as scratch:
        files = compiled(board, Path(scratch))
        with _interpreter(port) as line:
            _check(line, port, board)
            written = _update(line, port, files, progress)
            restarts = written and _restart(line)
        if restarts:
            _await_kiosk(port)
    return written


def compiled(board: Board, scratch: Path) -> Dict[str, bytes]:
    """Path on the board -> content: every module of the board's manifest as .mpy, and main.py as it is, last."""
    files = {}
    modules = frozen.modules(board.folder / "manifest.py")
    starter = modules.pop(_STARTER[1:])
    for name, source in modules.items():
        target = scratch / "module.mpy"
        command = [MPY_CROSS, f"-march={board.facts['arch']}", "-O2", "-s", name, "-o", target, source]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise HostError(f"{name}: {(done.stderr.strip().splitlines() or ['mpy-cross failed'])[-1]}")
        files[f"{_LIBRARY}/{name[: -len('.py')]}.mpy"] = target.read_bytes()
    files[_STARTER] = starter.read_bytes()
    return files


@contextlib.contextmanager
def _interpreter(port: str, **how) -> Iterator[Line]:
    """The raw REPL of the interpreter at a port; every way in which the line fails is a TargetError."""
    line = connect(port, **how)
    try:
        yield line
        line.exit_raw_repl()
    except TransportExecError as error:
        lines = error.error_output.strip().splitlines() or ["it raised"]
        raise TargetError(f"the board at {port} could not do its part: {lines[-1]}") from error
    except TransportError as error:
        raise TargetError(f"the board at {port} no longer answers; reset it and repeat the command") from error
    except (serial.SerialException, OSError) as error:
        raise TargetError(f"the line to {port} broke off; connect the board again and repeat the command") from error
    finally:
        with contextlib.suppress(OSError):  # of a line that is gone
            line.close()


def _check(line: Line, port: str, board: Board) -> None:
    name, platform, mpy = _ask(line, _PROBE)[0]
    if name != "micropython":
        raise TargetError(f"{port} runs {name}, not MicroPython")
    if platform != board.facts["platform"]:
        raise TargetError(
            f"the MicroPython at {port} runs on {platform}; {board.name} is for {board.facts['platform']}"
        )
    if mpy & 0xFF != _MPY_VERSION:
        raise TargetError(
            f"the MicroPython at {port} loads .mpy files of version {mpy & 0xFF}, these are of {_MPY_VERSION}"
        )
    number = mpy >> 10
    arch = ARCHITECTURES[number] if number < len(ARCHITECTURES) else f"architecture {number}"
    if arch not in ("none", board.facts["arch"]):
        raise TargetError(
            f"the MicroPython at {port} runs {arch} code; {board.name} is compiled for {board.facts['arch']}"
        )


def _ask(line: Line, code: str) -> List:
    """The values that the code prints, one a line."""
    return [ast.literal_eval(text) for text in line.exec(code).decode().splitlines()]


def _look(line: Line, paths: List[str]) -> Found:
    found = {}
    for start in range(0, len(paths), _PATHS):
        found.update(_ask(line, _LOOK % (paths[start : start + _PATHS],)))
    return {path: entry for path, entry in found.items() if entry}


def _update(line: Line, port: str, files: Dict[str, bytes], progress: Progress) -> int:
    found = _look(line, list(files))
    stale = {path: data for path, data in files.items() if _differs(found, path, data)}
    if not stale:
        return 0
    stale[_STARTER] = stale.pop(_STARTER, files[_STARTER])  # last
    _check_space(line, stale, found)
    if _STARTER in found:
        line.exec(_TAKE_AWAY % (_STARTER, files[_STARTER].decode().splitlines()[0], _STARTER, _STARTER, _KEPT))
    line.exec(_MAKE_FOLDERS % (_folders(stale),))
    total, done = sum(map(len, stale.values())), 0
    for path, data in stale.items():
        progress(path, done, total)
        if path == _STARTER:
            _check_arrived(line, port, files)
        _write(line, path, data)
        done += len(data)
    progress("", done, total)
    return len(stale)


def _restart(line: Line) -> bool:
    """Start the board anew; False for an interpreter that cannot be, which is that of the Unix port."""
    prepare, restart = _RESTART
    try:
        line.exec(prepare)
    except TransportExecError:
        return False
    line.exec_raw_no_follow(restart)
    return True


def _await_kiosk(port: str) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        time.sleep(_LOOK_S)
        with contextlib.suppress(TargetError), _interpreter(port, interrupt=False, timeout_s=_LOOK_S) as line:
            if _ask(line, _RUNS) == [True]:
                return
    raise TargetError(f"the files are on the board, but no kiosk has started at {port}; reset the board")


def _differs(found: Found, path: str, data: bytes) -> bool:
    return path not in found or found[path][1] != hashlib.sha256(data).digest()


def _folders(paths: Iterable[str]) -> List[str]:
    """The folders of some files, the outer ones first."""
    return sorted({str(folder) for path in paths for folder in Path(path).parents if folder.name})


def _check_space(line: Line, stale: Dict[str, bytes], found: Found) -> None:
    """Raise TargetError when the files do not fit, old versions given back, each only when the new one is there."""
    block, free = _ask(line, _SPACE)[0]

    def blocks(size: int) -> int:
        return -(-size // block)

    new = sum(blocks(len(data)) for data in stale.values())
    old = sum(blocks(found[path][0]) for path in stale if path in found)
    both = max((blocks(len(data)) for path, data in stale.items() if path in found), default=0)
    folders = _FOLDER_BLOCKS * len(set(_folders(stale)) - set(_folders(found)))
    needed = new - old + both + folders + _SPARE_BLOCKS
    if needed > free:
        raise TargetError(
            f"the board has {free * block // 1024} KB free, the runtime takes {needed * block // 1024} KB"
        )


def _write(line: Line, path: str, data: bytes) -> None:
    # Not by mpremote's fs_writefile(): bytes as Python's text are twice as long as in base64, and the line is the slow part.
    line.exec(_OPEN % path)
    for start in range(0, len(data), _CHUNK):
        line.exec(f"w('{base64.b64encode(data[start : start + _CHUNK]).decode()}')")
    line.exec("f.close()")


def _check_arrived(line: Line, port: str, files: Dict[str, bytes]) -> None:
    found = _look(line, [path for path in files if path != _STARTER])
    damaged = [path for path, data in files.items() if path != _STARTER and _differs(found, path, data)]
    if damaged:
        raise TargetError(f"{damaged[0]} did not arrive at {port} as it was sent; repeat the command")
