"""
What takes the flash and the RAM of an image, by module; `make size` and `make size-diff` show it.

Read from the linker's map: C by its folder, frozen Python by its package.  RAM is what is taken before the heap.

    python3 -m host_tools.firmware.size RPI_PICO_W [--against COMMIT --tree <MicroPython's sources>]
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from host_tools.errors import HostError
from host_tools.firmware import boards, frozen
from host_tools.firmware.boards import Board
from host_tools.paths import BUILD, ROOT, gpl_wanted, image_name
from host_tools.setup.progress import BuildError, step

Sizes = Dict[str, Tuple[int, int]]  # module -> bytes of flash, of RAM

_WRAPPED = re.compile(r"^( ?[.*\w]\S*)\n +0x", re.M)  # a long name stands on a line of its own
_OUTPUT = re.compile(r"(\.\S+) +0x([0-9a-f]+) +0x([0-9a-f]+)(?: load address 0x([0-9a-f]+))?$")
_INPUT = re.compile(r" (\S+) +0x([0-9a-f]+) +0x([0-9a-f]+) (\S.*)$")
_REGION = re.compile(r"^(FLASH|RAM|SCRATCH_\w) +0x([0-9a-f]+) +0x([0-9a-f]+)", re.M)
_FOLDER = re.compile(r"/(firmware/cmodules/[^/]+|boards/[^/]+|lib/[^/]+|drivers/[^/]+|shared/[^/]+|extmod|py)/")
_FROZEN = re.compile(
    r"\.rodata\.(?:fun_data|children|proto_fun|raw_code|frozen_module|const_obj|const_obj_table_data"
    r"|const_qstr_table_data|mp_global_dict_locals_dict|mp_frozen_\w+?)_(\w+)$"
)
_HEAP = ".heap"  # the linker's least; the real one is all that is left
_NOT_LOADED = ".uninitialized"  # RAM that keeps what it holds over a reset
_ASYNCIO = ("__init__", "core", "event", "funcs", "lock", "stream")


def sizes(text: str, modules: List[str]) -> Sizes:
    """What the map `text` says; `modules` are the files that are frozen (`kiosk/net/url.py`)."""
    mangled = {re.sub(r"\W", "_", name[: -len(".py")]): name for name in modules}
    regions = [(kind, int(start, 16), int(start, 16) + int(size, 16)) for kind, start, size in _REGION.findall(text)]
    text = _WRAPPED.sub(r"\1 0x", text[text.index("Linker script and memory map") :])
    found: Dict[str, List[int]] = {}
    flash = ram = False
    section, left = "", 0

    def add(module: str, size: int) -> None:
        entry = found.setdefault(module, [0, 0])
        entry[0] += size * flash
        entry[1] += size * ram

    for line in text.splitlines():
        output = _OUTPUT.match(line)
        if output:
            add("(alignment)", left)
            section, address, left = output.group(1), int(output.group(2), 16), int(output.group(3), 16)
            region = next((kind for kind, start, end in regions if start <= address < end), None)
            taken = region is not None and section != _HEAP
            flash = taken and (region == "FLASH" or bool(output.group(4))) and not section.startswith(_NOT_LOADED)
            ram = taken and region != "FLASH"
            continue
        part = _INPUT.match(line)
        if part and part.group(1)[0] != "*" and (flash or ram):
            size = min(int(part.group(3), 16), left)
            left -= size
            add(_module(part.group(1), part.group(4), mangled), size)
    add("(alignment)", left)
    return {module: (entry[0], entry[1]) for module, entry in found.items() if any(entry)}


def _module(section: str, file: str, mangled: Dict[str, str]) -> str:
    if section.startswith(".stack"):
        return "(stack)"
    if "frozen_content" in file:
        return _frozen(section, mangled)
    archive = re.search(r"([^/]+\.a)\(", file)
    if archive:
        return archive.group(1)
    folder = _FOLDER.search(file)
    if folder:
        return folder.group(1)
    return "lib/pico-sdk" if file.startswith("pico-sdk/") else "the port"


def _frozen(section: str, mangled: Dict[str, str]) -> str:
    name = _FROZEN.match(section)
    rest = name.group(1) if name else ""
    while rest and rest not in mangled:
        rest = rest.rpartition("_")[0]
    if not rest:
        text = section == ".rodata" or section.startswith(".rodata.str")
        return "frozen (text, certificates)" if text else "frozen (names, tables)"
    folder, _, file = mangled[rest].rpartition("/")
    return f"frozen {folder or file}"


def table(now: Sizes, before: Optional[Sizes] = None) -> str:
    """A text table, the largest first; with `before` only what differs, and by how much."""
    rows = []
    for module in now.keys() | (before or {}).keys():
        flash, ram = now.get(module, (0, 0))
        flash_before, ram_before = (before or {}).get(module, (0, 0))
        if before is None or (flash, ram) != (flash_before, ram_before):
            rows.append((module, flash, ram, flash - flash_before, ram - ram_before))
    rows.sort(key=lambda row: (-max(abs(row[3]), abs(row[4])), row[0]))
    flash, ram = total(now)
    flash_before, ram_before = total(before or {})
    rows.append(("total", flash, ram, flash - flash_before, ram - ram_before))
    lines = [f"{'module':40}{'flash':>10}{'RAM':>10}" + ("" if before is None else f"{'flash':>10}{'RAM':>10}")]
    for row in rows:
        line = f"{row[0]:40}{row[1]:>10,}{row[2]:>10,}"
        lines.append(line if before is None else line + f"{row[3]:>+10,}{row[4]:>+10,}")
    return "\n".join(lines)


def total(parts: Sizes) -> Tuple[int, int]:
    """Bytes of flash and of RAM in all."""
    return sum(part[0] for part in parts.values()), sum(part[1] for part in parts.values())


def of_image(board: Board, linker_map: Path) -> Sizes:
    """The sizes in a board's image, whose linker's map is given."""
    if not linker_map.exists():
        raise HostError(f"{board.name} has no map of the linker; there is one for boards of the RP2040")
    names = [*frozen.modules(board.folder / "manifest.py"), *(f"asyncio/{name}.py" for name in _ASYNCIO), "rp2.py"]
    return sizes(linker_map.read_text(encoding="utf-8", errors="replace"), names)


def _map_of_commit(board: Board, commit: str, tree: Path, jobs: int) -> Path:
    """The linker's map of the image of a commit, built the first time and kept."""
    done = subprocess.run(
        ["git", "rev-parse", "--verify", commit], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise HostError(f"no such commit: {commit}")
    number = done.stdout.strip()
    image = image_name(board.name, gpl_wanted())
    kept = BUILD / "size" / f"{number[:12]}-{image}.map"
    if kept.exists():
        return kept
    work = BUILD / "size" / "work"
    shutil.rmtree(work, ignore_errors=True)
    (work / "build").mkdir(parents=True)
    archive = subprocess.run(["git", "archive", number], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", str(work)], input=archive.stdout, check=True)
    for shared in ("mpy-cross", "roots", "fonts", "pinyin"):
        (work / "build" / shared).symlink_to(BUILD / shared)
    command = [
        sys.executable,
        "-m",
        "host_tools.firmware.build",
        board.name,
        "--tree",
        tree.resolve(),
        "--jobs",
        str(jobs),
    ]
    with step(f"building {board.name} as of {number[:12]}"):
        done = subprocess.run(
            [str(part) for part in command], cwd=work, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": ""},
        )  # fmt: skip
    built = work / "build" / "firmware" / image / "firmware.elf.map"
    if done.returncode or not built.exists():
        raise HostError(f"commit {number[:12]} has no image of {board.name}: {done.stderr.strip().splitlines()[-1]}")
    shutil.copyfile(built, kept)
    shutil.rmtree(work)
    return kept


def main(argv: Optional[List[str]] = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("board")
    parser.add_argument("--against", metavar="COMMIT")
    parser.add_argument("--tree", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args(argv)
    try:
        board = boards.load(arguments.board)
        now = of_image(board, BUILD / "firmware" / image_name(board.name, gpl_wanted()) / "firmware.elf.map")
        before = None
        if arguments.against:
            before = of_image(board, _map_of_commit(board, arguments.against, arguments.tree, arguments.jobs))
        print(table(now, before))
    except (BuildError, HostError) as error:
        print(f"mpkiosk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
