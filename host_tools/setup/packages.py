"""Make sure that the machine can do what the build needs, by trying it; install Debian packages for what it cannot.

Runs before anything is set up, with the system's Python and nothing beyond its standard library:

    python3 -m host_tools.setup.packages build sources unix32
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Callable, List, Optional, Tuple

from host_tools.setup.progress import BuildError, step

C_PROGRAM = "#include <math.h>\n#include <stdio.h>\nint main(int n, char **a) { return printf(*a) < sqrt(n); }\n"


@dataclass(frozen=True)
class Need:
    """One ability of the machine, the packages that give it, and a check that it is there."""

    what: str
    packages: Tuple[str, ...]
    works: Callable[[], bool]


def succeeds(command: List[str], stdin: str = "") -> bool:
    """Whether a command exists, and ends well when fed `stdin`."""
    try:
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def on_path(tool: str) -> Callable[[], bool]:
    """A check for a command."""
    return lambda: shutil.which(tool) is not None


def links_c(*flags: str) -> Callable[[], bool]:
    """A check that gcc with these flags makes an executable: compiler, headers and libraries of that word size."""

    def check() -> bool:
        with tempfile.TemporaryDirectory() as folder:
            return succeeds(["gcc", *flags, "-x", "c", "-", "-o", folder + "/program", "-lm"], C_PROGRAM)

    return check


def links_arm() -> bool:
    """Whether the compiler of the RP2040 is there, with its C and C++ libraries."""
    with tempfile.TemporaryDirectory() as folder:
        flags = ["-mcpu=cortex-m0plus", "-mthumb", "--specs=nosys.specs", "-x", "c++"]
        program = "#include <math.h>\n#include <new>\nint main(int n, char **) { return sqrt(n) > 2; }\n"
        return succeeds(["arm-none-eabi-g++", *flags, "-", "-o", folder + "/program", "-lm"], program)


def makes_venvs() -> bool:
    """Debian leaves ensurepip out of python3: `python3 -m venv` starts, and then fails."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


NEEDS = {
    "build": (
        Need("make", ("make",), on_path("make")),
        Need("a C compiler", ("gcc", "libc6-dev"), links_c()),
        Need("python3 -m venv", ("python3-venv",), makes_venvs),
    ),
    # dpkg-dev brings patch, xz and the rest that dpkg-source calls
    "sources": (Need("dpkg-source", ("dpkg-dev",), on_path("dpkg-source")),),
    "rp2": (
        Need("cmake", ("cmake",), on_path("cmake")),
        Need(
            "a compiler for the RP2040",
            ("gcc-arm-none-eabi", "libnewlib-arm-none-eabi", "libstdc++-arm-none-eabi-newlib"),
            links_arm,
        ),
    ),
    "unix32": (Need("gcc -m32", ("gcc-multilib",), links_c("-m32")),),
    "peers": (
        Need("dpkg", ("dpkg",), on_path("dpkg")),
        Need("node", ("nodejs",), on_path("node")),
        Need("npm", ("npm",), on_path("npm")),
        Need("curl", ("curl",), on_path("curl")),
        Need("mtools", ("mtools",), on_path("mtype")),
        Need("sigrok-cli", ("sigrok-cli",), on_path("sigrok-cli")),
        Need("ffmpeg", ("ffmpeg",), on_path("ffmpeg")),
        Need("lame", ("lame",), on_path("lame")),
        Need("pdftoppm", ("poppler-utils",), on_path("pdftoppm")),
        Need("a browser to lay out beside", ("chromium-headless-shell",), on_path("chromium-headless-shell")),
        Need("sox with MP3", ("sox", "libsox-fmt-mp3"), on_path("sox")),
    ),
    "virtual": (
        Need("node", ("nodejs",), on_path("node")),
        Need("npm", ("npm",), on_path("npm")),
        Need("a compiler for the RP2040", ("gcc-arm-none-eabi",), on_path("arm-none-eabi-gcc")),
    ),
}


def root_prefix() -> Optional[List[str]]:
    """What makes a command run as root here: nothing for root itself, sudo, or None where neither goes."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if succeeds(["sudo", "-n", "true"]) else None


def install(packages: List[str], prefix: List[str]) -> None:
    """Install packages with apt-get; lists that are empty or out of date are read anew."""
    apt_get = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=60"]
    command = [*apt_get, "install", "-y", "--no-install-recommends", *packages]
    with step("installing " + " ".join(packages)):
        if not succeeds(command):
            succeeds([*apt_get, "update"])
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise BuildError(f"apt-get install {' '.join(packages)}: {' '.join(done.stderr.splitlines()[-1:])}")


def provide(needs: List[Need]) -> None:
    """Return when all needs are met; raise BuildError with the way out when they cannot be."""
    missing = [need for need in needs if not need.works()]
    packages = [package for need in missing for package in need.packages]
    prefix = root_prefix()
    if missing and prefix is not None and shutil.which("apt-get"):
        install(packages, prefix)
        missing = [need for need in missing if not need.works()]
    if missing:
        what = ", ".join(need.what for need in missing)
        raise BuildError(f"missing {what}; run: sudo apt-get install {' '.join(packages)}")


def main(argv: Optional[List[str]] = None) -> int:
    """Check, and provide, what the named parts of the build need."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("parts", nargs="+", choices=NEEDS, metavar="part", help=", ".join(NEEDS))
    parts = parser.parse_args(argv).parts
    try:
        provide([need for part in parts for need in NEEDS[part]])
    except BuildError as error:
        print(f"mpkiosk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
