"""The drivers of an SD card and a NOR flash against the models: what we write, others read; what breaks, says so."""

import ast
import re
import subprocess

import pytest
from littlefs import LittleFS
from littlefs.context import UserContext

from host_tools.errors import ExecError
from host_tools.models.sdcard import BLOCK, SdCard, crc7, crc16
from host_tools.models.spiflash import SpiFlash
from host_tools.models.wiring import SpiWiring
from host_tools.paths import ROOT

MB = 1024 * 1024
TEXT = b"written by the board\n" * 60


def ask(target, code):
    """What the last line of the code is, as a value."""
    *before, last = code.strip().splitlines()
    return ast.literal_eval(target.exec("\n".join([*before, f"print(repr(({last})))"]), timeout_s=90))


def fails(target, code):
    """The OSError that the code raises, as (number, text)."""
    with pytest.raises(ExecError) as raised:
        target.exec(code, timeout_s=90)
    *_, last = raised.value.traceback.splitlines()
    found = re.fullmatch(r"OSError: \[Errno (\d+)\] \w+: (.*)", last)
    assert found, raised.value.traceback
    return f"({found[1]}, {found[2]!r})"


def load(target, name):
    """Put a driver on the board, and the bus and chip select that it is given."""
    target.put(f"/{name}.py", (ROOT / "drivers" / "storage" / f"{name}.py").read_bytes())
    target.exec(
        f"import sys, os, vfs\nsys.path.append('/')\nfrom machine import SPI, Pin\nimport {name}\n"
        "spi = SPI(0, sck=Pin(6), mosi=Pin(7), miso=Pin(4))\ncs = Pin(5, Pin.OUT, value=1)"
    )


# The card.


@pytest.fixture
def make_card(tmp_path):
    """Make the model of a card of some megabytes."""

    def make(megabytes=4, **settings):
        path = tmp_path / "card"
        with path.open("wb") as file:
            file.truncate(megabytes * MB)
        return SdCard(path, **settings)

    return make


def insert(target, start=True):
    load(target, "sdcard")
    if start:
        target.exec("card = sdcard.SDCard(spi, cs)", timeout_s=60)


def mtools(command, card, *arguments):
    """What one of mtools says about the card's file."""
    done = subprocess.run([command, "-i", str(card.path), *arguments], capture_output=True, check=True, timeout=60)
    return done.stdout


@pytest.mark.parametrize("high_capacity", [False, True], ids=["SDSC", "SDHC"])
def test_a_file_on_the_card_is_read_by_mtools(wired, make_card, high_capacity):
    card = make_card(high_capacity=high_capacity)
    target = wired([SpiWiring(card, 0, cs=5)])
    insert(target)
    assert ask(target, "card.blocks") == card.blocks
    target.exec("vfs.VfsFat.mkfs(card)\nvfs.mount(vfs.VfsFat(card), '/sd')", timeout_s=90)
    target.exec(f"with open('/sd/notes.txt', 'wb') as file:\n    file.write({TEXT!r})\nvfs.umount('/sd')", timeout_s=90)
    assert mtools("mtype", card, "::/notes.txt") == TEXT
    assert b"notes    txt" in mtools("mdir", card, "::")


def test_what_mtools_writes_is_read_on_the_board(wire, make_card, tmp_path):
    card = make_card()
    (tmp_path / "said").write_bytes(TEXT)
    subprocess.run(["mformat", "-i", str(card.path), "-h", "16", "-s", "32", "-t", "16"], check=True, timeout=60)
    mtools("mcopy", card, str(tmp_path / "said"), "::/said.txt")
    target = wire("unix", [SpiWiring(card, 0, cs=5)])
    insert(target)
    assert ask(target, "vfs.mount(vfs.VfsFat(card), '/sd')\nopen('/sd/said.txt', 'rb').read()") == TEXT


@pytest.mark.parametrize("megabytes", [1, 3, 1024, 2048], ids=str)
def test_the_size_of_a_card_is_what_its_register_says(wire, make_card, megabytes):
    card = make_card(megabytes)
    target = wire("unix", [SpiWiring(card, 0, cs=5)])
    insert(target)
    assert ask(target, "card.blocks, card.ioctl(4, 0), card.ioctl(5, 0)") == (card.blocks, card.blocks, BLOCK)


def test_several_blocks_go_at_once(wire, make_card):
    card = make_card(high_capacity=True)
    target = wire("unix", [SpiWiring(card, 0, cs=5)])
    insert(target)
    target.exec("import array\ndata = bytes(array.array('H', range(1024)))\nback = bytearray(2048)")
    target.exec("card.writeblocks(card.blocks - 4, data)\ncard.readblocks(card.blocks - 4, back)")
    assert ask(target, "back == data") is True
    assert card.path.read_bytes()[-2048:] == ask(target, "data")
    assert ask(target, "card.readblocks(0, back)\nbytes(back[:4])") == bytes(4)  # a new command is heard after it


def test_wrong_blocks_are_refused(wire, make_card):
    target = wire("unix", [SpiWiring(make_card(), 0, cs=5)])
    insert(target)
    assert "no such block" in fails(target, "card.readblocks(card.blocks, bytearray(512))")
    assert "no such block" in fails(target, "card.writeblocks(card.blocks - 1, bytearray(1024))")
    assert "not whole blocks" in fails(target, "card.readblocks(0, bytearray(100))")


def test_an_empty_slot(wired, make_card):
    card = make_card()
    card.present = False
    target = wired([SpiWiring(card, 0, cs=5)])
    insert(target, start=False)
    assert fails(target, "sdcard.SDCard(spi, cs)") == "(19, 'no SD card')"
    card.insert()
    assert ask(target, "sdcard.SDCard(spi, cs).blocks") == card.blocks


def test_a_card_that_does_not_start(wire, make_card):
    card = make_card()
    card.never_ready = True
    target = wire("unix", [SpiWiring(card, 0, cs=5)])
    insert(target, start=False)
    assert fails(target, "sdcard.SDCard(spi, cs)") == "(110, 'SD card does not start')"


@pytest.mark.parametrize("count", [1, 3])
def test_a_card_that_is_taken_out_in_mid_write_keeps_what_was_written_before(wired, make_card, count):
    card = make_card()
    target = wired([SpiWiring(card, 0, cs=5)])
    insert(target)
    target.exec("card.writeblocks(7, b'\\x11' * 512 * 3)")
    card.remove_in_write(count)
    number = fails(target, f"card.writeblocks(7, b'\\x22' * 512 * {count})")
    assert number in ("(19, 'SD card is gone')", "(110, 'SD card stays busy')")
    written = card.path.read_bytes()[7 * BLOCK : 10 * BLOCK]
    assert written == b"\x22" * BLOCK * (count - 1) + b"\x11" * BLOCK * (4 - count)
    assert fails(target, "card.readblocks(7, bytearray(512))") == "(19, 'no SD card')"
    card.insert()
    assert ask(
        target, "card = sdcard.SDCard(spi, cs)\nback = bytearray(512)\ncard.readblocks(9, back)\nbytes(back)"
    ) == (b"\x11" * BLOCK)


@pytest.mark.parametrize("blocks", [1, 2])
def test_a_write_that_the_card_refuses(wired, make_card, blocks):
    card = make_card()
    target = wired([SpiWiring(card, 0, cs=5)])
    insert(target)
    card.write_errors = 1
    assert fails(target, f"card.writeblocks(3, b'\\x33' * 512 * {blocks})") == "(5, 'SD card refuses to write: 0d')"
    assert not any(card.path.read_bytes())
    target.exec(f"card.writeblocks(3, b'\\x33' * 512 * {blocks})")
    assert card.path.read_bytes()[3 * BLOCK : (3 + blocks) * BLOCK] == b"\x33" * BLOCK * blocks


@pytest.mark.parametrize("blocks", [1, 2])
def test_a_read_that_fails(wired, make_card, blocks):
    card = make_card()
    target = wired([SpiWiring(card, 0, cs=5)])
    insert(target)
    card.read_errors = 1
    assert fails(target, f"card.readblocks(3, bytearray(512 * {blocks}))") == "(5, 'SD card cannot read: 04')"
    target.exec(f"card.readblocks(3, bytearray(512 * {blocks}))")


def test_a_read_whose_checksum_is_wrong(wire, make_card):
    card = make_card()
    target = wire("unix", [SpiWiring(card, 0, cs=5)])
    insert(target)
    card.bad_reads = 1
    assert fails(target, "card.readblocks(3, bytearray(512))") == "(5, 'SD card: wrong checksum')"
    target.exec("card.readblocks(3, bytearray(512))")


def test_a_card_that_stays_busy(wire, make_card):
    card = make_card()
    target = wire("unix", [SpiWiring(card, 0, cs=5)])
    insert(target)
    card.never_ready = True
    assert fails(target, "card.writeblocks(3, bytes(512))") == "(110, 'SD card stays busy')"


def test_the_card_checks_what_it_is_sent(wire, make_card):
    card = make_card()
    target = wire("unix", [SpiWiring(card, 0, cs=5)])
    insert(target, start=False)
    command = "cs(0)\nspi.write(%r)\nanswer = spi.read(2, 0xFF)[1]\ncs(1)\nanswer"
    assert ask(target, command % b"\x40\0\0\0\0\x95") == 0x01
    assert ask(target, command % b"\x48\0\0\x01\xaa\x01") == 0x09  # idle, wrong checksum
    assert ask(target, command % b"\x51\0\0\0\0\xff") == 0x05  # idle, not allowed
    assert ask(target, command % b"\x7b\0\0\0\x01\xff") == 0x01  # from now on all are checked
    assert ask(target, command % b"\x77\0\0\0\0\xff") == 0x09


def test_the_checksums_are_those_of_the_specification():
    assert crc7(bytes.fromhex("4000000000")) == 0x95  # CMD0, PLSS 4.5
    assert crc7(bytes.fromhex("5100000000")) == 0x55  # CMD17, PLSS 4.5
    assert crc16(b"\xff" * 512) == bytes.fromhex("7fa1")  # PLSS 4.5


def test_a_file_that_is_no_card_is_refused(tmp_path):
    (tmp_path / "card").write_bytes(bytes(1000))
    with pytest.raises(ValueError, match="no multiple of 512 KB"):
        SdCard(tmp_path / "card")


# The flash.


@pytest.fixture
def chip(tmp_path):
    """The model of a NOR flash of 1 MB."""
    return SpiFlash(tmp_path / "flash", MB)


def solder(target):
    load(target, "spiflash")
    target.exec("flash = spiflash.SPIFlash(spi, cs)")


WRITE = """
with open('/ext/notes.txt', 'wb') as file:
    file.write(%r)
"""


def read_by_others(chip):
    """The files on the chip, as littlefs-python reads them."""
    fs = LittleFS(UserContext(chip.size), block_size=4096, block_count=chip.size // 4096, mount=False)
    fs.context.buffer[:] = chip.path.read_bytes()
    fs.mount()
    return {name: fs.open("/" + name, "rb").read() for name in fs.listdir("/")}


def test_a_file_on_the_flash_is_read_by_littlefs_python(wired, chip):
    target = wired([SpiWiring(chip, 0, cs=5)])
    solder(target)
    assert ask(target, "flash.size, flash.ioctl(4, 0), flash.ioctl(5, 0)") == (MB, 256, 4096)
    target.exec("vfs.VfsLfs2.mkfs(flash)\nvfs.mount(vfs.VfsLfs2(flash), '/ext')", timeout_s=90)
    target.exec(WRITE % TEXT + "os.mkdir('/ext/empty')\nos.rmdir('/ext/empty')\nvfs.umount('/ext')", timeout_s=90)
    assert read_by_others(chip) == {"notes.txt": TEXT}
    assert chip.erased and chip.programmed


def test_programming_clears_bits_and_erasing_sets_them(wired, chip):
    target = wired([SpiWiring(chip, 0, cs=5)])
    solder(target)
    target.exec("flash.writeblocks(1, b'\\xf0' * 300, 200)\nflash.writeblocks(1, b'\\x3c', 200)")
    content = chip.path.read_bytes()[4096:8192]
    assert content == b"\xff" * 200 + b"\x30" + b"\xf0" * 299 + b"\xff" * (4096 - 500)
    assert ask(target, "back = bytearray(4)\nflash.readblocks(1, back, 198)\nbytes(back)") == b"\xff\xff\x30\xf0"
    target.exec("flash.ioctl(6, 1)")
    assert chip.path.read_bytes() == b"\xff" * MB
    target.exec("flash.writeblocks(2, bytes(8192))")
    assert chip.path.read_bytes()[8192:16384] == bytes(8192)
    assert (chip.erased, chip.programmed) == (3, 3 + 32)


def test_a_page_wraps_at_its_end_and_a_write_must_be_enabled(wire, chip):
    target = wire("unix", [SpiWiring(chip, 0, cs=5)])
    solder(target)
    program = "cs(0)\nspi.write(b'\\x02\\x00\\x00\\xfe' + b'abcd')\ncs(1)\n"
    target.exec(program)
    assert chip.path.read_bytes() == b"\xff" * MB
    target.exec("cs(0)\nspi.write(b'\\x06')\ncs(1)\n" + program)
    content = chip.path.read_bytes()
    assert (content[:2], content[254:256], content[256:258]) == (b"cd", b"ab", b"\xff\xff")


@pytest.mark.parametrize(("instruction", "size"), [("52", 32 * 1024), ("d8", 64 * 1024), ("c7", MB)])
def test_larger_pieces_are_erased_at_once(wire, chip, instruction, size):
    chip.path.write_bytes(bytes(MB))
    target = wire("unix", [SpiWiring(chip, 0, cs=5)])
    solder(target)
    address = "" if instruction == "c7" else "01ff00"
    target.exec(f"cs(0)\nspi.write(b'\\x06')\ncs(1)\ncs(0)\nspi.write(bytes.fromhex('{instruction}{address}'))\ncs(1)")
    target.exec("flash._wait(10000)")
    start = 0 if size == MB else 0x1FF00 - 0x1FF00 % size
    content = chip.path.read_bytes()
    assert content[start : start + size] == b"\xff" * size
    assert content.count(b"\xff") == size
    assert chip.erased == size // 4096


def test_no_flash(wire):
    target = wire("unix", [])
    load(target, "spiflash")
    assert fails(target, "spiflash.SPIFlash(spi, cs)") == "(19, 'no SPI flash')"


def test_beyond_the_flash(wire, chip):
    target = wire("unix", [SpiWiring(chip, 0, cs=5)])
    solder(target)
    assert "beyond the SPI flash" in fails(target, "flash.readblocks(256, bytearray(1))")
    assert "beyond the SPI flash" in fails(target, "flash.writeblocks(255, bytes(8192))")
    assert "beyond the SPI flash" in fails(target, "flash.ioctl(6, 256)")
    assert chip.path.read_bytes() == b"\xff" * MB  # nothing was begun


def test_a_flash_that_stays_busy(wire, chip):
    target = wire("unix", [SpiWiring(chip, 0, cs=5)])
    solder(target)
    chip.never_ready = True
    assert fails(target, "flash.writeblocks(0, b'a', 0)") == "(110, 'SPI flash stays busy')"


def test_a_cut_of_the_power_leaves_the_old_file_or_the_new(wire, chip):
    """Cut at every program and erase that writing a file anew takes, in the middle of it."""
    target = wire("unix", [SpiWiring(chip, 0, cs=5)])
    solder(target)
    target.exec(
        "vfs.VfsLfs2.mkfs(flash)\nvfs.mount(vfs.VfsLfs2(flash), '/ext')" + WRITE % b"old" + "vfs.umount('/ext')"
    )
    before = chip.path.read_bytes()
    for operation in range(1, 100):
        chip.path.write_bytes(before)
        chip.cut_after(operation)
        try:
            target.exec("vfs.mount(vfs.VfsLfs2(flash), '/ext')" + WRITE % TEXT, timeout_s=60)
            was_cut = False
        except ExecError as error:
            assert "OSError" in error.traceback.splitlines()[-1]
            was_cut = True
        chip.cut_after(0)
        chip.power_on()
        assert read_by_others(chip) in ({"notes.txt": b"old"}, {"notes.txt": TEXT})
        target.exec("try:\n    vfs.umount('/ext')\nexcept OSError:\n    pass\nflash = spiflash.SPIFlash(spi, cs)")
        if not was_cut:
            break
    assert 5 < operation < 99
    assert read_by_others(chip) == {"notes.txt": TEXT}


def test_a_file_that_is_no_flash_is_refused(tmp_path):
    (tmp_path / "flash").write_bytes(bytes(100000))
    with pytest.raises(ValueError, match="no size of such a chip"):
        SpiFlash(tmp_path / "flash")
