"""Images and what takes them: which chip an image is for, drives of boot loaders, and esptool."""

import contextlib
import errno
import importlib.util
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Callable, List

from host_tools.errors import HostError
from host_tools.firmware import uf2

# What a boot loader's drive says of itself in INFO_UF2.TXT, after "Board-ID: "
_DRIVES = {"RPI-RP2": "rp2040", "RP2350": "rp2350"}
_INFO = "INFO_UF2.TXT"
_CHUNK = 64 * 1024

# Espressif's images: a magic byte, and the chip's number at offset 12
_ESP_MAGIC = 0xE9
_ESP_CHIPS = {0: "esp32", 2: "esp32s2", 5: "esp32c3", 9: "esp32s3", 12: "esp32c2", 13: "esp32c6", 16: "esp32h2"}


def chip_of(image: Path) -> str:
    """The chip that an image is for: "rp2040", "esp32s3" ...  HostError for what is no image of a known kind."""
    try:
        data = image.read_bytes()
    except OSError as error:
        raise HostError(f"{image}: {error.strerror}") from error
    if data[:4] == b"UF2\n":
        families = uf2.families(data)
        chips = [chip for chip, family in uf2.FAMILIES.items() if family in families]
        if len(families) != 1 or not chips:
            raise HostError(f"{image}: a UF2 file for " + ", ".join(f"family {family or 0:#x}" for family in families))
        return chips[0]
    if len(data) > 24 and data[0] == _ESP_MAGIC:
        number = struct.unpack_from("<H", data, 12)[0]
        return _ESP_CHIPS.get(number, f"Espressif's chip number {number}")
    raise HostError(f"{image}: neither a UF2 file nor an image of Espressif's")


def end_of(image: Path) -> int:
    """Where in the flash an image ends, in bytes from the flash's beginning; chip_of() must know it."""
    data = image.read_bytes()
    if data[:4] == b"UF2\n":
        return max(address + len(payload) for address, payload, _ in uf2.read(data)) - uf2.RP2_FLASH
    return len(data)  # esptool() writes it from the beginning


def drives() -> List[Path]:
    """The mounted drives of boot loaders."""
    places = [Path("/media"), Path("/run/media"), Path("/Volumes"), Path("/mnt")]
    return sorted(
        {info.parent for place in places for depth in ("*", "*/*") for info in place.glob(f"{depth}/{_INFO}")}
    )


def copy_to_drive(image: Path, drive: Path, progress: Callable[[str, int, int], None]) -> None:
    """Copy a UF2 file to a boot loader's drive; HostError when it is for another chip or the drive goes away."""
    try:
        info = (drive / _INFO).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise HostError(f"{drive} is no drive of a boot loader: it has no {_INFO}") from error
    board_id = next((line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("Board-ID:")), "")
    chip, wanted = chip_of(image), _DRIVES.get(board_id)
    if chip != wanted:
        raise HostError(f"{image.name} is for the {chip}, the board at {drive} is {wanted or board_id or 'unknown'}")
    data = image.read_bytes()
    try:
        with open(drive / image.name, "wb", buffering=0) as file:
            _write(file, data, progress)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            with contextlib.suppress(OSError):
                (drive / image.name).unlink()
            raise HostError(f"{drive} is full: no room for the {len(data) // 1024} KB of {image.name}") from error
        raise HostError(
            f"{drive} went away while it was written ({error.strerror}); connect the board again"
        ) from error


def _write(file, data: bytes, progress: Callable[[str, int, int], None]) -> None:
    for start in range(0, len(data), _CHUNK):
        progress("", start, len(data))
        chunk = data[start : start + _CHUNK]
        while chunk:
            chunk = chunk[file.write(chunk) :]
        last = start + _CHUNK >= len(data)
        try:
            os.fsync(file.fileno())  # else the system says "done" while it has all of it in memory
        except OSError:
            if not last:  # a board starts as soon as it has the last block, and its drive goes with that
                raise
    progress("done", len(data), len(data))


def esptool(image: Path, port: str, chip: str) -> None:
    """Let esptool write an image for an ESP32 to the board at `port`; its output, progress included, goes to ours."""
    done = subprocess.run(
        [*_esptool_command(), "--chip", chip, "--port", port, "write_flash", "0x0", str(image)], check=False
    )
    if done.returncode:
        raise HostError(f"esptool could not write to {port}; is the board in its boot loader, the port free?")


def _esptool_command() -> List[str]:
    if importlib.util.find_spec("esptool"):
        return [sys.executable, "-m", "esptool"]
    found = shutil.which("esptool") or shutil.which("esptool.py")
    if not found:
        raise HostError("an ESP32 is flashed by esptool, which is not here; run: pip install esptool")
    return [found]
