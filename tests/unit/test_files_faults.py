"""kiosk.files when something goes wrong: the quota, a full or failing flash, power cuts, calls that are cut short."""

import asyncio
import gc
import os

import vfs

from kiosk import errors, files, log
from kiosk.errors import KioskError
from kiosk.files import content, descriptors, saved, tree
from tests.fakes.ramblockdev import PowerCut, RAMBlockDev

log.level = len(log.LEVELS)

_MOUNT = "/flash"
_FOLDER = _MOUNT + "/shop"
_ROOT = _MOUNT + "/app"
_USR = "wxfile://usr/"
_memory = bytearray(80 * 1024)  # of every chip in here; littlefs takes 8 KB for a folder


def _mounted(kind=vfs.VfsLfs2):
    chip = RAMBlockDev(block_size=512 if kind is vfs.VfsFat else 4096, data=_memory)
    kind.mkfs(chip)
    vfs.mount(kind(chip), _MOUNT)
    tree.make(_ROOT)
    _put(_ROOT + "/a.txt", b"package")
    return chip


def _again(limit_bytes=30000):
    return files.Files(_FOLDER, _ROOT, limit_bytes)


def _on_both(test):
    for kind in (vfs.VfsLfs2, vfs.VfsFat):
        _mounted(kind)
        test(_again())
        vfs.umount(_MOUNT)
        gc.collect()


def _put(path, data):
    with open(path, "wb") as file:
        file.write(data)


def _fails(row, operation, *args):
    try:
        result = files.now(operation, *args)
    except KioskError as exc:
        assert exc.args[0] == row, (row, exc, args[1:])
        return exc
    raise AssertionError((row, args[1:], result))


def _read(store, url, *args):
    return files.now(content.read_file, store, url, *args)


def _write(store, url, data, *args):
    files.now(content.write_file, store, url, data, *args)


def _temporary(store, data=b"saved"):
    url, path = store.temporary(".png")
    _put(path, data)
    return url


def test_quota():
    def test(_):
        store = _again(1000)
        _write(store, _USR + "a", "x" * 600)
        for operation, args in (
            (content.write_file, ("y" * 1001,)),
            (content.append_file, ("y" * 401,)),
            (content.truncate, (1001,)),
            (content.copy_file, (_USR + "b",)),
        ):
            assert _fails("file quota", operation, store, _USR + "a", *args).errno == 1300202
            assert _read(store, _USR + "a") == b"x" * 600 and store.quota.used() == 600
        _fails("file quota", saved.save_file, store, _temporary(store, b"z" * 401))
        files.now(saved.save_file, store, _temporary(store, b"z" * 400))
        _write(store, _USR + "a", "y" * 600)
        fd = files.now(descriptors.open_file, store, _USR + "a", "a")
        _fails("file quota", descriptors.write, store, fd, "1")
        files.now(descriptors.close, store, fd)
        assert store.quota.used() == 1000 == _again().quota.used()

    _on_both(test)


def test_a_failure_makes_the_quota_count_anew():
    _mounted()
    store = _again(1000)
    _write(store, _USR + "a", "12345")

    def fail():
        _put(_FOLDER + "/usr/b", b"123")
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
        store = _again(1 << 30)
        _write(store, _USR + "a", "old" * 300)
        for operation, args in (
            (content.truncate, (_USR + "a", 90000)),
            (_write_much, (_USR + "a",)),
            (_write_much, (_USR + "b",)),
        ):
            try:
                files.now(operation, store, *args)
            except OSError as exc:
                assert errors.from_exception(exc).args[0] == "no space"
            else:
                raise AssertionError
            assert _read(store, _USR + "a") == b"old" * 300 and store.quota.used() == 900
            assert not os.listdir(_FOLDER + "/tmp") and os.listdir(_FOLDER + "/usr") == ["a"]

    _on_both(test)


def test_failing_flash():
    chip = _mounted()
    store = _again()
    _write(store, _USR + "a", b"o" * 3000)
    for kind in ("program", "erase"):
        for after in range(12):
            gc.collect()
            chip.fail(kind, after=after, times=100)
            try:
                _write(store, _USR + "a", b"n" * 3000)
                expected = (b"n" * 3000,)
            except KioskError as exc:
                assert exc.errno == 1300005, exc
                expected = (b"o" * 3000, b"n" * 3000)
            except OSError as exc:
                assert exc.errno == 28, exc  # littlefs looks for better blocks until there are none
                expected = (b"o" * 3000, b"n" * 3000)
            chip.disarm()
            assert _read(store, _USR + "a") in expected and store.quota.used() == 3000
            vfs.umount(_MOUNT)
            vfs.mount(vfs.VfsLfs2(chip), _MOUNT)
            store = _again()
            assert _read(store, _USR + "a") in expected and not tree.look(_FOLDER + "/tmp")
            _write(store, _USR + "a", b"o" * 3000)
    chip.fail("read", after=1, times=100)
    assert _fails("file io", content.read_file, store, _USR + "a").errno == 1300005


def test_power_cut_at_every_operation():
    """On littlefs a file has its old content or its new one, others are untouched, nothing is left over."""
    for operation, args, result in (
        (content.write_file, (b"n" * 3000,), b"n" * 3000),
        (content.append_file, (b"n" * 1000,), b"o" * 2500 + b"n" * 1000),
        (content.truncate, (100,), b"o" * 100),
    ):
        chip = _mounted()
        store = _again()
        _write(store, _USR + "b", "other")
        _write(store, _USR + "a", b"o" * 2500)
        vfs.umount(_MOUNT)
        chip = chip.powered_on()
        chip.checkpoint()
        cuts = 0
        while True:
            vfs.mount(vfs.VfsLfs2(chip), _MOUNT)
            store = _again()
            chip.cut_after(cuts, torn=cuts % 2 == 1)
            try:
                files.now(operation, store, _USR + "a", *args)
                break
            except PowerCut:
                cuts += 1
            vfs.umount(_MOUNT)
            chip = chip.powered_on()
            vfs.mount(vfs.VfsLfs2(chip), _MOUNT)
            store = _again()
            assert _read(store, _USR + "a") in (b"o" * 2500, result), (operation, cuts)
            assert _read(store, _USR + "b") == b"other" and not tree.look(_FOLDER + "/tmp")
            assert store.quota.used() == 5 + len(_read(store, _USR + "a"))
            vfs.umount(_MOUNT)
            chip = chip.rolled_back()
            gc.collect()
        assert cuts > 5 and _read(store, _USR + "a") == result
        vfs.umount(_MOUNT)


async def test_pieces_let_the_loop_turn_and_cancelling_clears_up():
    _mounted()
    store = _again()
    _write(store, _USR + "a", b"o" * 6000)
    turns = 0

    async def count():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep_ms(0)

    counter = asyncio.create_task(count())
    await files.gently(content.copy_file, store, _USR + "a", _USR + "b")
    assert turns >= 6000 // 512
    gc.collect()
    task = asyncio.create_task(files.gently(content.write_file, store, _USR + "a", b"n" * 6000))
    for _ in range(5):
        await asyncio.sleep_ms(0)
    assert os.listdir(_FOLDER + "/tmp")
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        counter.cancel()
    assert not os.listdir(_FOLDER + "/tmp") and _read(store, _USR + "a") == b"o" * 6000 and store.quota.used() == 12000


async def test_a_file_that_is_opened_while_it_is_written_stays():
    _mounted()
    store = _again()
    _write(store, _USR + "a", "old")
    gc.collect()
    task = asyncio.create_task(files.gently(content.write_file, store, _USR + "a", b"n" * 5000))
    for _ in range(3):
        await asyncio.sleep_ms(0)
    fd = files.now(descriptors.open_file, store, _USR + "a", "r")
    try:
        await task
    except KioskError as exc:
        assert exc.args[0] == "file operation"
        files.now(descriptors.close, store, fd)
        assert _read(store, _USR + "a") == b"old" and store.quota.used() == 3 and not os.listdir(_FOLDER + "/tmp")
        return
    raise AssertionError
