"""
Put the runtime on a MicroPython that is there already: .mpy files in /lib, over the serial line.

`main.py` is what starts the kiosk.  It is taken away first and written last, so a copy that was broken off leaves a
board that comes up with its plain prompt, and the next one goes on where this one ended.
"""

import ast
import contextlib
import hashlib
import subprocess
import tempfile
from pathlib import Path
from typing import Callable, Dict, Iterator

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport

from host_tools.errors import HostError, TargetError
from host_tools.firmware import frozen
from host_tools.firmware.boards import Board
from host_tools.paths import MPY_CROSS
from host_tools.target.line import connect

_LIBRARY = "/lib"
_STARTER = "main.py"
_PROBE = "import sys;print((sys.implementation.name,sys.platform,getattr(sys.implementation,'_mpy',0)&255))"
_SPACE = "import os;print(os.statvfs('/')[:4])"
_MPY_VERSION = 6

Progress = Callable[[str, int, int], None]  # file, bytes done so far, bytes in all


def install(port: str, board: Board, progress: Progress) -> int:
    """Bring the runtime on the interpreter at `port` up to date; return the number of files that were written."""
    with tempfile.TemporaryDirectory(prefix="mpkiosk-") as scratch:
        files = compiled(board, Path(scratch))
        with _interpreter(port) as transport:
            _check(transport, port, board)
            _check_space(transport, files)
            return _copy(transport, files, progress)


def compiled(board: Board, scratch: Path) -> Dict[str, bytes]:
    """Path on the board -> content: every module of the board's manifest as .mpy, and main.py as it is, last."""
    files = {}
    modules = frozen.modules(board.folder / "manifest.py")
    starter = modules.pop(_STARTER)
    for name, source in modules.items():
        target = scratch / "module.mpy"
        command = [MPY_CROSS, f"-march={board.facts['arch']}", "-O2", "-s", name, "-o", target, source]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise HostError(f"{name}: {(done.stderr.strip().splitlines() or ['mpy-cross failed'])[-1]}")
        files[f"{_LIBRARY}/{name[: -len('.py')]}.mpy"] = target.read_bytes()
    files["/" + _STARTER] = starter.read_bytes()
    return files


@contextlib.contextmanager
def _interpreter(port: str) -> Iterator[SerialTransport]:
    """The raw REPL of the interpreter at a port; every way in which the line fails is a TargetError."""
    transport = connect(port)
    try:
        yield transport
        transport.exit_raw_repl()
    except TransportExecError as error:
        lines = error.error_output.strip().splitlines() or ["it raised"]
        raise TargetError(f"the board at {port}: {lines[-1]}") from error
    except (TransportError, serial.SerialException, OSError) as error:
        raise TargetError(f"the line to {port} broke off; connect the board again and repeat the command") from error
    finally:
        with contextlib.suppress(OSError):  # of a line that is gone
            transport.close()


def _check(transport: SerialTransport, port: str, board: Board) -> None:
    name, platform, mpy = ast.literal_eval(transport.exec(_PROBE).decode())
    if name != "micropython":
        raise TargetError(f"{port} runs {name}, not MicroPython")
    if platform != board.facts["platform"]:
        raise TargetError(
            f"the MicroPython at {port} runs on {platform}; {board.name} is for {board.facts['platform']}"
        )
    if mpy != _MPY_VERSION:
        raise TargetError(f"the MicroPython at {port} loads .mpy files of version {mpy}, these are of {_MPY_VERSION}")


def _check_space(transport: SerialTransport, files: Dict[str, bytes]) -> None:
    block, _, _, free = ast.literal_eval(transport.exec(_SPACE).decode())
    needed = sum(-(-len(data) // block) for data in files.values())
    if needed > free and not transport.fs_exists(f"{_LIBRARY}/kiosk"):
        raise TargetError(
            f"the board has {free * block // 1024} KB free, the runtime takes {needed * block // 1024} KB"
        )


def _copy(transport: SerialTransport, files: Dict[str, bytes], progress: Progress) -> int:
    stale = {path: data for path, data in files.items() if not _same(transport, path, data)}
    starter = "/" + _STARTER
    if stale and transport.fs_exists(starter):
        transport.fs_rmfile(starter)
        stale[starter] = files[starter]
    total, done = sum(map(len, stale.values())), 0
    for path, data in stale.items():
        progress(path, done, total)
        _make_folders(transport, path)
        transport.fs_writefile(path, data)
        done += len(data)
    progress("", done, total)
    return len(stale)


def _same(transport: SerialTransport, path: str, data: bytes) -> bool:
    return transport.fs_exists(path) and transport.fs_hashfile(path, "sha256") == hashlib.sha256(data).digest()


def _make_folders(transport: SerialTransport, path: str) -> None:
    parts = path.split("/")[1:-1]
    for depth in range(1, len(parts) + 1):
        folder = "/" + "/".join(parts[:depth])
        if not transport.fs_exists(folder):
            transport.fs_mkdir(folder)
