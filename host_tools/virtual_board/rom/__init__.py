"""The boot ROM of the virtual board: compiled from C when its sources are newer than what was made of them."""

import subprocess
from pathlib import Path

from host_tools.errors import HostError
from host_tools.paths import BUILD

_SOURCES = Path(__file__).parent
_ROM = BUILD / "virtual_board" / "rom.bin"
_FLAGS = [
    "-mcpu=cortex-m0plus",
    "-mthumb",
    "-Os",
    "-Wall",
    "-Werror",
    "-ffreestanding",
    "-fno-builtin",
    "-fno-tree-loop-distribute-patterns",  # no memcpy() of the compiler's own making: ours would call itself
    "-nostdlib",
]


def rom_image() -> Path:
    """The ROM's 16 KB image; HostError when it cannot be compiled."""
    sources = [path for path in _SOURCES.iterdir() if path.suffix in (".c", ".h", ".S", ".ld")]
    if not _ROM.exists() or _ROM.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        _compile([path for path in sorted(sources) if path.suffix in (".c", ".S")])
    return _ROM


def _compile(sources: "list[Path]") -> None:
    _ROM.parent.mkdir(parents=True, exist_ok=True)
    program = _ROM.with_suffix(".elf")
    commands = [
        ["arm-none-eabi-gcc", *_FLAGS, "-T", _SOURCES / "rom.ld", *sources, "-lgcc", "-o", program],
        ["arm-none-eabi-objcopy", "-O", "binary", program, _ROM],
    ]
    for command in commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise HostError(f"{command[0]} is not there; it comes with Debian's gcc-arm-none-eabi")
        if done.returncode:
            raise HostError(f"the boot ROM: {done.stderr.strip().splitlines()[-1]}")
