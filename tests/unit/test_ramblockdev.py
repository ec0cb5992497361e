"""The fake flash chip: what it must do for the tests that stand on it to mean anything."""

import errno

import vfs

from tests.fakes.ramblockdev import PowerCut, RAMBlockDev


def _read(chip, block, length, offset=0):
    buffer = bytearray(length)
    assert chip.readblocks(block, buffer, offset) == 0
    return bytes(buffer)


def _raised(function, *args):
    try:
        function(*args)
    except (PowerCut, ValueError) as exc:
        return type(exc)
    return None


def test_programs_erases_and_counts():
    chip = RAMBlockDev(4, 512)
    assert chip.ioctl(4, 0) == 4 and chip.ioctl(5, 0) == 512 and chip.ioctl(3, 0) is None
    assert _read(chip, 3, 512) == b"\xff" * 512
    assert chip.writeblocks(1, b"abcd", 16) == 0
    assert _read(chip, 1, 6, 15) == b"\xffabcd\xff"
    assert chip.unerased == 0
    chip.writeblocks(1, b"x", 17)
    assert chip.unerased == 1
    assert chip.ioctl(6, 1) == 0
    assert _read(chip, 1, 512) == b"\xff" * 512
    chip.writeblocks(2, b"s" * 1024)
    assert _read(chip, 2, 1024) == b"s" * 1024
    assert (chip.reads, chip.programs, chip.erases, chip.unerased) == (4, 3, 1, 1)
    assert (chip.read_bytes, chip.program_bytes, chip.wear) == (2054, 1029, {1: 1})
    chip.reset_counters()
    assert (chip.reads, chip.programs, chip.erases, chip.wear) == (0, 0, 0, {})


def test_after_a_power_cut_nothing_changes_any_more():
    chip = RAMBlockDev(2, 512)
    chip.cut_after(1)
    chip.writeblocks(0, b"one", 0)
    assert _raised(chip.writeblocks, 0, b"two", 3) is PowerCut
    assert chip.dead and chip.faults == 1
    assert chip.writeblocks(0, b"late", 9) == 0 and chip.ioctl(6, 0) == 0
    assert _read(chip, 0, 12) == b"one" + b"\xff" * 9
    alive = chip.powered_on()
    alive.writeblocks(0, b"new", 3)
    chip.writeblocks(0, b"late", 9)
    assert _read(alive, 0, 12) == b"onenew" + b"\xff" * 6


def test_a_torn_operation_is_half_done():
    chip = RAMBlockDev(1, 512)
    chip.cut_after(0, torn=True)
    assert _raised(chip.writeblocks, 0, b"abcd", 0) is PowerCut
    assert _read(chip, 0, 4) == b"ab\xff\xff"
    chip = chip.powered_on()
    chip.writeblocks(0, b"z", 511)
    chip.cut_after(0, torn=True)
    assert _raised(chip.ioctl, 6, 0) is PowerCut
    assert _read(chip, 0, 1) == b"\xff" and _read(chip, 0, 1, 511) == b"z"


def test_failures_come_when_they_are_asked_for():
    chip = RAMBlockDev(1, 512)
    chip.fail("program", errno.EIO, after=1, times=2)
    chip.fail("erase")
    answers = [chip.writeblocks(0, b"x", i) for i in range(4)]
    assert answers == [0, -errno.EIO, -errno.EIO, 0] and chip.ioctl(6, 0) == -errno.EIO
    assert _read(chip, 0, 4) == b"x\xff\xffx" and chip.faults == 3
    chip.fail("read", errno.ETIMEDOUT)
    assert chip.readblocks(0, bytearray(4)) == -errno.ETIMEDOUT
    chip.fail("read")
    chip.disarm()
    assert _read(chip, 0, 1) == b"x"


def test_an_exception_leaves_the_chip_alive():
    chip = RAMBlockDev(1, 512)
    chip.interrupt_after(1, ValueError())
    chip.writeblocks(0, b"a", 0)
    assert _raised(chip.writeblocks, 0, b"b", 1) is ValueError
    chip.interrupt_after(0, ValueError(), done=False)
    assert _raised(chip.writeblocks, 0, b"c", 2) is ValueError
    chip.interrupt_after(0, ValueError(), "read")
    assert _raised(_read, chip, 0, 1) is ValueError
    chip.interrupt_after(0, ValueError(), "erase", done=False)
    assert _raised(chip.ioctl, 6, 0) is ValueError
    assert _read(chip, 0, 3) == b"ab\xff" and not chip.dead and chip.faults == 4


def test_rolling_back_undoes_everything():
    chip = RAMBlockDev(4, 512)
    chip.writeblocks(0, b"kept", 100)
    before = bytes(chip.data)
    chip.checkpoint()
    for _ in range(2):
        chip.ioctl(6, 0)
        chip.writeblocks(0, b"new", 255)
        chip.writeblocks(1, b"b" * 1024)
        chip.flip_bit(1500, 3)
        assert chip.data[1500] == ord("b") ^ 8
        stale = chip
        chip = chip.rolled_back()
        assert bytes(chip.data) == before
        stale.writeblocks(3, b"late", 0)
        assert bytes(chip.data) == before


def test_file_systems_take_it_for_a_disk():
    for kind, chip in ((vfs.VfsLfs2, RAMBlockDev(8)), (vfs.VfsFat, RAMBlockDev(64, 512))):
        kind.mkfs(chip)
        disk = kind(chip)
        with disk.open("/a", "w") as file:
            file.write("text" * 1000)
        disk.umount()
        with kind(chip.powered_on()).open("/a", "r") as file:
            assert file.read() == "text" * 1000
        assert chip.unerased == 0
