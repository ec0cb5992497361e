"""`kiosk flash` and the images it takes: the right chip only, drives that vanish, esptool in its place."""

import errno
import io
import os
import stat
import subprocess
import sys

import pytest

from host_tools.cli import main
from host_tools.errors import HostError
from host_tools.firmware import images, uf2
from host_tools.paths import ROOT

PAYLOAD = bytes(range(256)) * 700  # 350 KB as a UF2 file: more than one chunk


@pytest.fixture
def image(tmp_path):
    """A UF2 file for the RP2040."""
    path = tmp_path / "firmware.uf2"
    path.write_bytes(uf2.write(PAYLOAD, 0x10000000, uf2.FAMILIES["rp2040"]))
    return path


@pytest.fixture
def drive(tmp_path):
    """What a RP2040's boot loader shows."""
    folder = tmp_path / "RPI-RP2"
    folder.mkdir()
    (folder / "INFO_UF2.TXT").write_text("UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n")
    return folder


def esp_image(path, chip):
    path.write_bytes(bytes([0xE9, 1, 2, 0x2F]) + bytes(8) + chip.to_bytes(2, "little") + bytes(100))
    return path


def flash(*arguments, capsys):
    """Run the command; return (status, the line on stderr)."""
    status = main.main(["flash", *map(str, arguments)])
    return status, capsys.readouterr().err


def test_an_image_arrives_on_the_drive(image, drive, capsys):
    assert flash("RPI_PICO_W", "--image", image, "--drive", drive, capsys=capsys) == (0, "")
    assert (drive / "firmware.uf2").read_bytes() == image.read_bytes()


def test_progress_reaches_the_end(image, drive):
    seen = []
    images.copy_to_drive(image, drive, lambda what, done, total: seen.append(done / total))
    assert seen == sorted(seen) and len(seen) > 3 and seen[0] == 0 and seen[-1] == 1


def test_chips_are_told_by_the_image(image, tmp_path):
    assert images.chip_of(image) == "rp2040"
    assert images.chip_of(esp_image(tmp_path / "s3.bin", 9)) == "esp32s3"
    assert images.chip_of(esp_image(tmp_path / "c3.bin", 5)) == "esp32c3"
    assert images.chip_of(esp_image(tmp_path / "new.bin", 99)) == "Espressif's chip number 99"


def test_an_image_for_another_chip_is_refused(image, drive, tmp_path, capsys):
    other = tmp_path / "other.uf2"
    other.write_bytes(uf2.write(PAYLOAD, 0, uf2.FAMILIES["esp32s3"]))
    status, line = flash("RPI_PICO_W", "--image", other, "--drive", drive, capsys=capsys)
    assert (status, line) == (1, f"kiosk: {other} is for the esp32s3; RPI_PICO_W has an rp2040\n")
    status, line = flash("ESP32_S3_KIOSK", "--image", esp_image(tmp_path / "c3.bin", 5), "--port", "x", capsys=capsys)
    assert status == 1 and "is for the esp32c3; ESP32_S3_KIOSK has an esp32s3" in line
    (drive / "INFO_UF2.TXT").write_text("Board-ID: RP2350\n")
    status, line = flash("RPI_PICO_W", "--image", image, "--drive", drive, capsys=capsys)
    assert (status, line) == (1, f"kiosk: firmware.uf2 is for the rp2040, the board at {drive} is rp2350\n")
    assert [path.name for path in drive.iterdir()] == ["INFO_UF2.TXT"]


def test_a_family_that_nobody_knows_is_refused(tmp_path):
    path = tmp_path / "strange.uf2"
    path.write_bytes(uf2.write(b"x", 0, 0x12345678))
    with pytest.raises(HostError, match="a UF2 file for family 0x12345678"):
        images.chip_of(path)


@pytest.mark.parametrize("content", [b"", b"UF2\n", b"\x7fELF" + bytes(600), b"\xe9"])
def test_what_is_no_image_is_refused(content, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(HostError, match="UF2"):
        images.chip_of(path)


def test_what_is_missing_is_named(image, tmp_path, capsys):
    status, line = flash("RPI_PICO_W", "--image", tmp_path / "gone", capsys=capsys)
    assert status == 1 and line.endswith("run: make firmware BOARD=RPI_PICO_W\n")
    status, line = flash("RPI_PICO_W", "--image", image, "--drive", tmp_path, capsys=capsys)
    assert (status, line) == (1, f"kiosk: {tmp_path} is no drive of a boot loader: it has no INFO_UF2.TXT\n")
    status, line = flash("UNIX", capsys=capsys)
    assert (status, line) == (1, "kiosk: UNIX has no image of its own\n")
    status, line = flash("ESP32_S3_KIOSK", "--image", esp_image(tmp_path / "s3.bin", 9), capsys=capsys)
    assert (status, line) == (1, "kiosk: ESP32_S3_KIOSK is flashed over its serial line: --port PORT\n")
    status, line = flash("NANO", capsys=capsys)
    assert status == 1 and line.startswith("kiosk: no such board: NANO; ")


class Unplugged(io.RawIOBase):
    """A file on a drive that is pulled out after so many bytes."""

    def __init__(self, path, left):
        super().__init__()
        self._file, self._left = open(path, "wb", buffering=0), left  # noqa: SIM115

    def write(self, data):
        if self._left <= 0:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        written = self._file.write(data[: self._left])
        self._left -= written
        return written

    def fileno(self):
        return self._file.fileno()

    def close(self):
        self._file.close()
        super().close()


def test_a_full_drive_is_one_line_and_keeps_no_half_image(image, drive, capsys, monkeypatch):
    class Full(Unplugged):
        """A file on a drive with no more room."""

        def write(self, data):
            try:
                return super().write(data)
            except OSError:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None

    monkeypatch.setattr(images, "open", lambda path, *_, **__: Full(path, 100_000), raising=False)
    status, line = flash("RPI_PICO_W", "--image", image, "--drive", drive, capsys=capsys)
    size = image.stat().st_size // 1024
    assert (status, line) == (1, f"kiosk: {drive} is full: no room for the {size} KB of firmware.uf2\n")
    assert [path.name for path in drive.iterdir()] == ["INFO_UF2.TXT"]


def test_an_image_that_reaches_into_the_file_system_is_refused(drive, tmp_path, capsys):
    end = 1728 * 1024  # of the Pico W's partition
    for name, at, refused in (("fits.uf2", end - 256, False), ("long.uf2", end, True)):
        path = tmp_path / name
        path.write_bytes(uf2.write(b"x", uf2.RP2_FLASH + at, uf2.FAMILIES["rp2040"]))
        status, line = flash("RPI_PICO_W", "--image", path, "--drive", drive, capsys=capsys)
        what = f"kiosk: {path} reaches beyond the partition image of RPI_PICO_W, into the kiosk's files\n"
        assert (status, line) == ((1, what) if refused else (0, ""))
        assert (drive / name).exists() != refused
    path = esp_image(tmp_path / "long.bin", 9)
    with path.open("r+b") as file:
        file.truncate(0x310001)
    status, line = flash("ESP32_S3_KIOSK", "--image", path, "--port", "x", capsys=capsys)
    assert status == 1 and "reaches beyond the partition ota_0 of ESP32_S3_KIOSK" in line


@pytest.mark.parametrize("after", [0, 1, 100_000, 350_000])
def test_a_drive_that_is_unplugged_in_mid_copy_is_one_line(image, drive, after, monkeypatch):
    monkeypatch.setattr(images, "open", lambda path, *_, **__: Unplugged(path, after), raising=False)
    with pytest.raises(HostError, match="went away while it was written .No such device.; connect the board again"):
        images.copy_to_drive(image, drive, lambda *_: None)


def test_a_drive_that_goes_with_the_last_block_is_as_it_should_be(image, drive, monkeypatch):
    size, real = image.stat().st_size, os.fsync

    def fsync(descriptor):
        real(descriptor)
        if os.fstat(descriptor).st_size == size:
            raise OSError(errno.EIO, "gone")

    monkeypatch.setattr(images.os, "fsync", fsync)
    images.copy_to_drive(image, drive, lambda *_: None)
    assert (drive / image.name).read_bytes() == image.read_bytes()


def run_with_esptool(image, tmp_path, script):
    """`kiosk flash` in a process whose PATH has an esptool that is `script`, or none."""
    folder = tmp_path / "bin"
    folder.mkdir()
    if script:
        tool = folder / "esptool"
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    command = [
        sys.executable,
        "-m",
        "host_tools.cli.main",
        "flash",
        "ESP32_S3_KIOSK",
        "--image",
        image,
        "--port",
        "tty",
    ]
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT, env={"PATH": f"{folder}:/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_esptool_writes_the_esp32_s3(tmp_path):
    image = esp_image(tmp_path / "firmware.bin", 9)
    done = run_with_esptool(image, tmp_path, 'echo "$@"')
    assert (done.returncode, done.stdout) == (0, f"--chip esp32s3 --port tty write_flash 0x0 {image}\n"), done.stderr


def test_what_esptool_cannot_do_is_one_line_after_its_own(tmp_path):
    done = run_with_esptool(esp_image(tmp_path / "firmware.bin", 9), tmp_path, "echo no chip >&2; exit 2")
    assert done.returncode == 1
    assert done.stderr == (
        "no chip\nkiosk: esptool could not write to tty; is the board in its boot loader, the port free?\n"
    )


def test_without_esptool_one_line_says_how_to_get_it(tmp_path):
    done = run_with_esptool(esp_image(tmp_path / "firmware.bin", 9), tmp_path, None)
    assert (done.returncode, done.stderr) == (
        1, "kiosk: an ESP32 is flashed by esptool, which is not here; run: pip install esptool\n",
    )  # fmt: skip
