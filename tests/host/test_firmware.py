"""`make firmware`: what is in the image, and one clear line when there can be none."""

import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from host_tools import paths
from host_tools.firmware import boards, build
from host_tools.firmware.boards import Partition
from host_tools.paths import BUILD, ROOT
from host_tools.setup.progress import BuildError

NANO = BUILD / "firmware" / "ARDUINO_NANO_RP2040_CONNECT"


def firmware(name, tmp_path, path=os.environ["PATH"], **environment):
    """Build a board from an empty tree of sources; return the process."""
    command = [sys.executable, "-m", "host_tools.firmware.build", name, "--tree", str(tmp_path)]
    environment = {"PATH": str(path), "HOME": str(tmp_path), **environment}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("NONE", r"no such board: NONE; BOARD is one of: ARDUINO_NANO_RP2040_CONNECT .*UNIX"),
        ("UNIX", r"UNIX has no image of its own; use: make unix"),
        ("GENERIC_S3_STOCK", r"GENERIC_S3_STOCK has no image of its own; use: kiosk install --port PORT"),
        ("RPI_PICO_W", r"RPI_PICO_W needs the CYW43 driver, .*; pass MICROPYTHON_DIR=<a git checkout that holds it>"),
        ("ESP32_S3_KIOSK", r"ESP32_S3_KIOSK needs ESP-IDF: set IDF_PATH to its folder .*"),
    ],
)
def test_what_cannot_be_built_is_one_line(name, line, tmp_path):
    there = (BUILD / "firmware" / name).exists()
    done = firmware(name, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(f"mpkiosk: {line}\n", done.stderr), done.stderr
    assert (BUILD / "firmware" / name).exists() == there


def test_an_idf_path_that_leads_nowhere_is_the_same_line(tmp_path):
    done = firmware("ESP32_S3_KIOSK", tmp_path, IDF_PATH=str(tmp_path))
    assert done.returncode == 1 and "needs ESP-IDF" in done.stderr


def test_a_missing_toolchain_is_one_line_that_says_what_to_install(tmp_path):
    done = firmware("ARDUINO_NANO_RP2040_CONNECT", tmp_path, path=tmp_path)
    packages = "cmake gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib"
    assert (done.returncode, done.stderr) == (
        1, f"mpkiosk: missing cmake, a compiler for the RP2040; run: sudo apt-get install {packages}\n",
    )  # fmt: skip


def test_a_missing_compiler_is_one_line_too(tmp_path):
    (tmp_path / "cmake").symlink_to(shutil.which("cmake"))
    before = files_of("ARDUINO_NANO_RP2040_CONNECT")
    done = firmware("ARDUINO_NANO_RP2040_CONNECT", tmp_path, path=tmp_path)
    packages = "gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib"
    assert (done.returncode, done.stderr) == (
        1, f"mpkiosk: missing a compiler for the RP2040; run: sudo apt-get install {packages}\n",
    )  # fmt: skip
    assert files_of("ARDUINO_NANO_RP2040_CONNECT") == before


def files_of(name):
    """The files of a board in build/firmware, and when they were written."""
    return {path: path.stat().st_mtime_ns for path in (BUILD / "firmware" / name).glob("firmware*")}


def test_make_names_the_boards_before_it_fetches_anything(tmp_path):
    for name in ("Makefile", "boards"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    for arguments in (["firmware"], ["firmware", "BOARD=NANO"]):
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}  # not the make that runs these tests
        done = subprocess.run(
            ["make", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2 and done.stdout == ""
        assert re.search(r"mpkiosk: BOARD=(NANO)? is no board; there are: .*RPI_PICO_W UNIX", done.stderr)
    assert not (tmp_path / "build").exists()


def test_an_image_that_its_partition_does_not_hold_is_refused(tmp_path):
    image = tmp_path / "firmware.bin"
    board = SimpleNamespace(name="TOY", image_partition=lambda: Partition("image", "factory", 0, 1000))
    image.write_bytes(bytes(1000))
    build.check_size(board, image)
    image.write_bytes(bytes(1001))
    with pytest.raises(BuildError, match="TOY is too large: 1001 bytes, 1 more than its partition image holds"):
        build.check_size(board, image)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A copy of the Nano's folder with 64 KB for the image, and a compiler that makes images of `small.image_bytes`."""
    shutil.copytree(boards.BOARDS / "ARDUINO_NANO_RP2040_CONNECT", tmp_path / "boards" / "SMALL")
    (tmp_path / "boards/SMALL/partitions.csv").write_text("image, app, factory, 0x0, 64K\n")
    board = boards.load("SMALL", tmp_path / "boards")
    board.image_bytes = 64 * 1024

    def compile_(_, command, environment):
        work = tmp_path / "build/firmware" / ("SMALL-gpl" if os.environ.get("GPL_CODECS") == "1" else "SMALL") / "cmake"
        work.mkdir(exist_ok=True)
        for ending in ("elf", "elf.map", "bin"):
            (work / f"firmware.{ending}").write_bytes(bytes(board.image_bytes))

    monkeypatch.setattr(build, "BUILD", tmp_path / "build")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "_run", compile_)
    monkeypatch.setattr(build.boards, "load", lambda name: board)
    return board


def test_an_image_that_is_too_large_leaves_the_one_before(small, tmp_path, capsys):
    folder = tmp_path / "build/firmware/SMALL"
    assert build.main(["SMALL", "--tree", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "build/firmware/SMALL/firmware.uf2\n"
    before = {path.name: path.read_bytes() for path in folder.glob("firmware*")}
    assert sorted(before) == ["firmware.bin", "firmware.elf", "firmware.elf.map", "firmware.uf2"]
    small.image_bytes += 1
    assert build.main(["SMALL", "--tree", str(tmp_path)]) == 1
    line = "mpkiosk: the image of SMALL is too large: 65537 bytes, 1 more than its partition image holds"
    assert capsys.readouterr().err.splitlines()[-1] == line
    assert {path.name: path.read_bytes() for path in folder.glob("firmware*")} == before


def test_the_image_with_the_gpls_codecs_is_another_one_beside_the_free(small, tmp_path, capsys, monkeypatch):
    folders = {name: tmp_path / "build/firmware" / name for name in ("SMALL", "SMALL-gpl")}
    small.image_bytes = 1000
    assert build.main(["SMALL", "--tree", str(tmp_path)]) == 0
    monkeypatch.setenv("GPL_CODECS", "1")
    small.image_bytes = 2000
    assert build.main(["SMALL", "--tree", str(tmp_path)]) == 0
    assert capsys.readouterr().out.split() == [f"build/firmware/{name}/firmware.uf2" for name in folders]
    assert [(folder / "firmware.bin").stat().st_size for folder in folders.values()] == [1000, 2000]
    assert {path.name for path in (tmp_path / "build/log").iterdir()} == {
        "firmware-SMALL.log",
        "firmware-SMALL-gpl.log",
    }
    monkeypatch.setenv("GPL_CODECS", "0")
    small.image_bytes = 3000
    assert build.main(["SMALL", "--tree", str(tmp_path)]) == 0
    assert [(folder / "firmware.bin").stat().st_size for folder in folders.values()] == [3000, 2000]


def test_where_images_are():
    assert paths.firmware_image("X") == BUILD / "firmware" / "X" / "firmware.bin"
    assert paths.firmware_image("X", gpl=True) == BUILD / "firmware" / "X-gpl" / "firmware.bin"


def test_the_image_is_written_last_because_make_looks_at_its_date(small, tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(build.os, "replace", lambda new, path: written.append(path.name))
    build.build(small, tmp_path, 1)
    assert written[-1] == "firmware.bin" and "firmware.uf2" in written


def test_an_image_that_the_chip_s_addresses_do_not_hold_is_explained():
    board = boards.load("RPI_PICO_W")
    failed = build._Failed(board, "ld: region `FLASH' overflowed by 4711 bytes\ncollect2: error\n")
    with pytest.raises(BuildError, match="the image of RPI_PICO_W is too large: 4711 bytes more than FLASH holds"):
        build._explain_overflow(board, failed)
    build._explain_overflow(board, build._Failed(board, "error: something else\n"))


def disassembly(function):
    command = ["arm-none-eabi-objdump", "-d", f"--disassemble={function}", str(NANO / "firmware.elf")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("function", ["rp2_flash_readblocks", "rp2_flash_writeblocks"])
def test_the_flash_driver_raises_nothing_in_the_middle_of_littlefs(function):
    code = disassembly(function)
    assert "<mp_usbd_task>" in code  # what took the place of the look for pending exceptions
    assert "mp_event_handle_nowait" not in code and "mp_handle_pending" not in code


def test_the_image_holds_the_runtime_and_no_more_than_it_needs():
    image = (NANO / "firmware.bin").read_bytes()
    for frozen in (b"kiosk/supervisor.py", b"wx/__init__.py", b"board.py", b"usbline.py", b"asyncio/core.py"):
        assert frozen in image
    symbols = subprocess.run(
        ["arm-none-eabi-nm", str(NANO / "firmware.elf")], capture_output=True, text=True, check=True
    ).stdout
    for present in ("guard_module", "mp_module_tls", "mod_network_nic_type_nina", "mbedtls_ssl_handshake"):
        assert present in symbols
    for absent in ("mp_module_bluetooth", "mp_module_thread", "tud_msc_read10_cb", "mp_module_webrepl"):
        assert absent not in symbols
