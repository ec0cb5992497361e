"""
Build the image of a board; `make firmware BOARD=...` is the way to call it.

Runs with the system's Python and nothing beyond its standard library:

    python3 -m host_tools.firmware.build RPI_PICO_W --tree <MicroPython's sources>
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Optional

from host_tools.errors import HostError
from host_tools.firmware import boards, uf2
from host_tools.firmware.boards import Board
from host_tools.paths import BUILD, MPY_CROSS, ROOT, gpl_wanted, image_name
from host_tools.setup.packages import NEEDS, provide
from host_tools.setup.progress import BuildError, step

_LOG_LINES = 20


class _Failed(BuildError):
    """A build tool failed; `log` is all it said."""

    def __init__(self, board: Board, log: str):
        super().__init__(f"building {board.name} failed, all of it is in {_log(board).relative_to(ROOT)}")
        self.log = log


def _log(board: Board) -> Path:
    return BUILD / "log" / f"firmware-{image_name(board.name, gpl_wanted())}.log"


def _run(board: Board, command: List[str], environment: Optional[Dict[str, str]] = None) -> None:
    path = _log(board)
    with path.open("a", encoding="utf-8") as log:
        done = subprocess.run(
            command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}, check=False
        )
    if done.returncode:
        raise _Failed(board, path.read_text(encoding="utf-8", errors="replace"))


def build(board: Board, tree: Path, jobs: int) -> Path:
    """Build the board's image in build/firmware/<board>, that with the GPL's codecs beside it; return the file to flash."""
    builders = {"rp2": _build_rp2, "esp32": _build_esp32}
    if board.port not in builders:
        remedy = {"unix": "make unix", "stock": "kiosk install --port PORT"}[board.port]
        raise BuildError(f"{board.name} has no image of its own; use: {remedy}")
    return builders[board.port](board, tree, jobs, BUILD / "firmware" / image_name(board.name, gpl_wanted()))


def _begin(board: Board, folder: Path) -> None:
    """Make the folders, once it is known that the board can be built."""
    _log(board).parent.mkdir(parents=True, exist_ok=True)
    _log(board).write_text("")
    folder.mkdir(parents=True, exist_ok=True)


def _build_rp2(board: Board, tree: Path, jobs: int, folder: Path) -> Path:
    part = board.facts.get("needs")
    if part and not (tree / part["file"]).exists():
        raise BuildError(f"{board.name} needs {part['what']}; pass MICROPYTHON_DIR=<a git checkout that holds it>")
    provide(list(NEEDS["rp2"]))
    _begin(board, folder)
    environment = {"MICROPY_MPYCROSS": str(MPY_CROSS), "MAKEFLAGS": ""}
    work = folder / "cmake"
    if _other_tree(work, tree):
        shutil.rmtree(work)
    with step(f"building the image of {board.name}"):
        configure = {
            "MICROPY_BOARD": board.name,
            "MICROPY_BOARD_DIR": board.folder,
            "USER_C_MODULES": ROOT / "firmware" / "cmodules",
            "PICO_NO_PICOTOOL": 1,
        }
        options = [f"-D{key}={value}" for key, value in configure.items()]
        source = tree / "ports" / "rp2"
        try:
            _run(board, ["cmake", "-S", str(source), "-B", str(work), *options], environment)
            _run(board, ["cmake", "--build", str(work), "--parallel", str(jobs)], environment)
        except _Failed as failed:
            _explain_overflow(board, failed)
            raise
    check_size(board, work / "firmware.bin")
    code = (work / "firmware.bin").read_bytes()
    _put(folder / "firmware.uf2", uf2.write(code, uf2.RP2_FLASH, uf2.FAMILIES[board.mcu]))
    for ending in ("elf", "elf.map", "bin"):
        _put(folder / f"firmware.{ending}", (work / f"firmware.{ending}").read_bytes())
    return folder / "firmware.uf2"


def _put(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all.  firmware.bin comes last: make takes its date for that of all the others."""
    new = path.with_name(path.name + ".new")
    new.write_bytes(data)
    os.replace(new, path)


def _other_tree(work: Path, tree: Path) -> bool:
    """Whether a build folder belongs to other sources, which CMake would refuse."""
    cache = work / "CMakeCache.txt"
    return cache.exists() and f"CMAKE_HOME_DIRECTORY:INTERNAL={tree}/ports/rp2\n" not in cache.read_text()


def _build_esp32(board: Board, tree: Path, jobs: int, folder: Path) -> Path:
    idf = os.environ.get("IDF_PATH")
    if not idf or not (Path(idf) / "export.sh").exists():
        raise BuildError(
            f"{board.name} needs ESP-IDF: set IDF_PATH to its folder (MicroPython 1.25 wants IDF 5.2 to 5.4)"
        )
    _begin(board, folder)
    with step(f"building the image of {board.name}"):
        variables = {
            "BOARD": board.name,
            "BOARD_DIR": board.folder,
            "BUILD": folder / "idf",
            "USER_C_MODULES": ROOT / "firmware" / "cmodules" / "micropython.cmake",
            "MICROPY_MPYCROSS": MPY_CROSS,
        }
        arguments = [f"{key}={value}" for key, value in variables.items()]
        command = f'. "{idf}/export.sh" && exec make -j{jobs} -C "{tree}/ports/esp32" "$@"'
        _run(board, ["bash", "-c", command, "make", *arguments], {"MAKEFLAGS": ""})
    check_size(board, folder / "idf" / "micropython.bin")
    _put(folder / "firmware.bin", (folder / "idf" / "firmware.bin").read_bytes())
    return folder / "firmware.bin"


def _explain_overflow(board: Board, failed: _Failed) -> None:
    """Say in the user's terms what the linker says when the chip's address range is full."""
    over = re.search(r"region `(\w+)' overflowed by (\d+) bytes", failed.log)
    if over:
        raise BuildError(
            f"the image of {board.name} is too large: {over.group(2)} bytes more than {over.group(1)} holds"
        )


def check_size(board: Board, image: Path) -> None:
    """Raise BuildError for an image that its partition does not hold."""
    partition = board.image_partition()
    size = image.stat().st_size
    if partition and size > partition.size:
        raise BuildError(
            f"the image of {board.name} is too large: {size} bytes, "
            f"{size - partition.size} more than its partition {partition.name} holds"
        )


def main(argv: Optional[List[str]] = None) -> int:
    """Build one image and say where it is."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("board")
    parser.add_argument("--tree", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args(argv)
    try:
        image = build(boards.load(arguments.board), arguments.tree.resolve(), arguments.jobs)
    except _Failed as failed:
        print("\n".join(failed.log.splitlines()[-_LOG_LINES:]), file=sys.stderr)
        print(f"mpkiosk: {failed}", file=sys.stderr)
        return 1
    except (BuildError, HostError) as error:
        print(f"mpkiosk: {error}", file=sys.stderr)
        return 1
    print(image.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
