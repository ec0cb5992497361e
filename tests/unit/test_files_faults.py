"""kiosk.files when something goes wrong: the quota, a full or failing flash, power cuts, calls that are cut short."""

import asyncio
import gc
import os

import vfs

from kiosk import errors, files, log
from kiosk.errors import KioskError
from kiosk.files import content, descriptors, saved, tree
from tests.fakes import emulator
from tests.fakes.filestore import FOLDER, MOUNT, USR, again, fails, mounted, on_both, put, read, write
from tests.fakes.ramblockdev import PowerCut

log.level = len(log.LEVELS)


def _temporary(store, data=b"saved"):
    url, path = store.temporary(".png")
    put(path, data)
    return url


def test_quota():
    def test(_):
        store = again(1000)
        write(store, USR + "a", "x" * 600)
        for operation, args in (
            (content.write_file, ("y" * 1001,)),
            (content.append_file, ("y" * 401,)),
            (content.truncate, (1001,)),
            (content.copy_file, (USR + "b",)),
        ):
            assert fails("file quota", operation, store, USR + "a", *args).errno == 1300202
            assert read(store, USR + "a") == b"x" * 600 and store.quota.used() == 600
        fails("file quota", saved.save_file, store, _temporary(store, b"z" * 401))
        files.now(saved.save_file, store, _temporary(store, b"z" * 400))
        write(store, USR + "a", "y" * 600)
        fd = files.now(descriptors.open_file, store, USR + "a", "a")
        fails("file quota", descriptors.write, store, fd, "1")
        files.now(descriptors.close, store, fd)
        assert store.quota.used() == 1000 == again().quota.used()

    on_both(test)


def test_a_failure_makes_the_quota_count_anew():
    mounted()
    store = again(1000)
    write(store, USR + "a", "12345")

    def fail():
        put(FOLDER + "/usr/b", b"123")
        raise OSError(5)

    try:
        store.quota.change(100, fail)
    except OSError:
        assert store.quota.used() == 8
        return
    raise AssertionError


def _write_much(store, url):
    return content.replace(store, url, (b"x" * 512 for _ in range(200)))


def test_full_flash():
    def test(store):
        store = again(1 << 30)
        write(store, USR + "a", "old" * 300)
        for operation, args in (
            (content.truncate, (USR + "a", 90000)),
            (_write_much, (USR + "a",)),
            (_write_much, (USR + "b",)),
        ):
            try:
                files.now(operation, store, *args)
            except OSError as exc:
                assert errors.from_exception(exc).args[0] == "no space"
            else:
                raise AssertionError
            assert read(store, USR + "a") == b"old" * 300 and store.quota.used() == 900
            assert not os.listdir(FOLDER + "/tmp") and os.listdir(FOLDER + "/usr") == ["a"]

    on_both(test)


def test_failing_flash():
    chip = mounted()
    store = again()
    write(store, USR + "a", b"o" * 3000)
    for kind in ("program", "erase"):
        for after in range(0, 12, emulator.step(5)):
            gc.collect()
            chip.fail(kind, after=after, times=100)
            try:
                write(store, USR + "a", b"n" * 3000)
                expected = (b"n" * 3000,)
            except KioskError as exc:
                assert exc.errno == 1300005, exc
                expected = (b"o" * 3000, b"n" * 3000)
            except OSError as exc:
                assert exc.errno == 28, exc  # littlefs looks for better blocks until there are none
                expected = (b"o" * 3000, b"n" * 3000)
            chip.disarm()
            assert read(store, USR + "a") in expected and store.quota.used() == 3000
            vfs.umount(MOUNT)
            vfs.mount(vfs.VfsLfs2(chip), MOUNT)
            store = again()
            assert read(store, USR + "a") in expected and not tree.look(FOLDER + "/tmp")
            write(store, USR + "a", b"o" * 3000)
    chip.fail("read", after=1, times=100)
    assert fails("file io", content.read_file, store, USR + "a").errno == 1300005


def test_power_cut_at_every_operation():
    """On littlefs a file has its old content or its new one, others are untouched, nothing is left over."""
    for operation, args, result in (
        (content.write_file, (b"n" * 3000,), b"n" * 3000),
        (content.append_file, (b"n" * 1000,), b"o" * 2500 + b"n" * 1000),
        (content.truncate, (100,), b"o" * 100),
    ):
        chip = mounted()
        store = again()
        write(store, USR + "b", "other")
        write(store, USR + "a", b"o" * 2500)
        vfs.umount(MOUNT)
        chip = chip.powered_on()
        chip.checkpoint()
        cuts = 0
        while True:
            vfs.mount(vfs.VfsLfs2(chip), MOUNT)
            store = again()
            chip.cut_after(cuts, torn=cuts % 2 == 1)
            try:
                files.now(operation, store, USR + "a", *args)
                break
            except PowerCut:
                cuts += 1
            vfs.umount(MOUNT)
            chip = chip.powered_on()
            vfs.mount(vfs.VfsLfs2(chip), MOUNT)
            store = again()
            assert read(store, USR + "a") in (b"o" * 2500, result), (operation, cuts)
            assert read(store, USR + "b") == b"other" and not tree.look(FOLDER + "/tmp")
            assert store.quota.used() == 5 + len(read(store, USR + "a"))
            vfs.umount(MOUNT)
            chip = chip.rolled_back()
            gc.collect()
        assert cuts > 5 and read(store, USR + "a") == result
        vfs.umount(MOUNT)


async def test_pieces_let_the_loop_turn_and_cancelling_clears_up():
    mounted()
    store = again()
    write(store, USR + "a", b"o" * 6000)
    turns = 0

    async def count():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep_ms(0)

    counter = asyncio.create_task(count())
    await files.gently(content.copy_file, store, USR + "a", USR + "b")
    assert turns >= 6000 // 512
    gc.collect()
    task = asyncio.create_task(files.gently(content.write_file, store, USR + "a", b"n" * 6000))
    for _ in range(5):
        await asyncio.sleep_ms(0)
    assert os.listdir(FOLDER + "/tmp")
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        counter.cancel()
    assert not os.listdir(FOLDER + "/tmp") and read(store, USR + "a") == b"o" * 6000 and store.quota.used() == 12000


async def test_a_file_that_is_opened_while_it_is_written_stays():
    mounted()
    store = again()
    write(store, USR + "a", "old")
    gc.collect()
    task = asyncio.create_task(files.gently(content.write_file, store, USR + "a", b"n" * 5000))
    for _ in range(3):
        await asyncio.sleep_ms(0)
    fd = files.now(descriptors.open_file, store, USR + "a", "r")
    try:
        await task
    except KioskError as exc:
        assert exc.args[0] == "file operation"
        files.now(descriptors.close, store, fd)
        assert read(store, USR + "a") == b"old" and store.quota.used() == 3 and not os.listdir(FOLDER + "/tmp")
        return
    raise AssertionError
