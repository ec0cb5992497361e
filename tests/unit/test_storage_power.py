"""
Faults of the flash under kiosk.storage, tried at every operation: power cuts, errors of the chip, exceptions.

After each one every key has its old or its new value, and the store goes on working, before and after a restart.

What cannot be asked for, because the file systems do not stand it themselves: littlefs that is told of a failed read
while it writes takes what it could not read for empty, and loses other files; an exception that jumps out of a read leaves
littlefs's search for free blocks and FAT's one buffer half done.
"""

import gc

import vfs

from kiosk import log, storage
from kiosk.errors import KioskError
from tests.fakes import emulator
from tests.fakes.ramblockdev import PowerCut, RAMBlockDev

log.level = len(log.LEVELS)  # each fault that is mended is a line

_MOUNT = "/flash"
_FOLDER = _MOUNT + "/shop/storage"
_LIMIT = 40000
_OTHERS = {"a": 1, "another key": "x" * 300, "ANOTHER KEY": [1, 2], "é": "é" * 99}
_memory = bytearray(64 * 1024)  # of every chip in here: a board's heap has no room for two
_ABSENT = KioskError  # no value can be this
_SMALL, _SMALL2 = {"n": 1, "s": "old"}, ["new", 2.5, None]
_LARGE, _LARGE2 = ["o" * 900] * 10, ["n" * 901] * 10

# What is there, what is done, what is there then.
_CHANGES = (
    (_ABSENT, _SMALL),
    (_ABSENT, _LARGE),
    (_SMALL, _SMALL2),
    (_LARGE, _LARGE2),
    (_LARGE, _SMALL2),
    (_SMALL, _LARGE2),
    (_SMALL, _ABSENT),
    (_LARGE, _ABSENT),
)
_ERASING = ((_ABSENT, _LARGE), (_LARGE, _LARGE2), (_SMALL, _LARGE2))


class Rp2:
    """littlefs as an RP2040 board mounts it."""

    key = "key"
    kind = vfs.VfsLfs2
    block_size = 4096
    options = {"progsize": 256}


class Esp32(Rp2):
    """littlefs as an ESP32 board mounts it."""

    options = {}


class Fat:
    """FAT on what replaces sectors in one go: an SD card, or flash behind a layer that levels wear."""

    key = "a key whose name takes several entries of a FAT folder"
    kind = vfs.VfsFat
    block_size = 512
    options = {}


class FatShortKey(Fat):
    """With a key so short that littlefs would keep the entry in the folder."""

    key = "k"


class Stop(BaseException):
    """What a guard raises: no Exception."""


def _mount(system, chip):
    vfs.mount(system.kind(chip, **system.options), _MOUNT)
    return storage.Storage(_FOLDER, _LIMIT)


def _prepared(system, old):
    """A chip that holds the other keys, and `old` under the system's key."""
    chip = RAMBlockDev(block_size=system.block_size, data=_memory)
    system.kind.mkfs(chip, **system.options)
    store = _mount(system, chip)
    for key, value in _OTHERS.items():
        store.set(key, value)
    _change(system, store, old)
    vfs.umount(_MOUNT)
    chip = chip.powered_on()
    chip.checkpoint()
    return chip


def _change(system, store, value):
    if value is _ABSENT:
        store.remove(system.key)
    else:
        store.set(system.key, value)


def _value(store, key):
    try:
        return store.get(key)
    except KioskError as exc:
        if exc.args[0] != "no data":
            raise
        return _ABSENT


def _check(system, store, allowed):
    """The value of the system's key, one of those allowed; all else is as it was, and storing works."""
    value = _value(store, system.key)
    assert value in allowed, ("value", str(value)[:60])
    for key, other in _OTHERS.items():
        assert _value(store, key) == other, key
    assert set(store.keys()) == set(_OTHERS) | (set() if value is _ABSENT else {system.key}), store.keys()
    used = store.size_bytes()
    assert used == storage.Storage(_FOLDER, 0).size_bytes()
    for fresh in ("value" * 30, "v"):
        store.set("fresh", fresh)
        assert store.get("fresh") == fresh
    store.remove("fresh")
    assert store.size_bytes() == used
    return value


def _try_each(system, changes, arm, check, in_order=True):
    """For each change: arm(chip, n) and change, for n = 0, 1, 2 ... until nothing happens; check() what is left.

    On a board, some of these n.
    """
    step = emulator.step(7)
    for old, new in changes:
        chip = _prepared(system, old)
        n = 0
        outcomes = []
        happened = True
        while happened:
            store = _mount(system, chip)
            arm(chip, n)
            allowed = (old, new)
            try:
                _change(system, store, new)
                allowed = (new,)
            except (PowerCut, OSError, Stop):
                pass
            happened = chip.faults > 0 or len(allowed) > 1
            chip.disarm()
            try:
                chip, value = check(system, chip, store, allowed)
            except BaseException:
                print(system.__name__, str(old)[:30], "->", str(new)[:30], "n =", n)
                raise
            outcomes.append(value == new)
            vfs.umount(_MOUNT)
            chip = chip.rolled_back()
            gc.collect()
            n += step
        assert n > step, "nothing was tried"
        assert outcomes[-1]
        assert not in_order or outcomes == sorted(outcomes), outcomes  # old up to some point, new from there


# Power cuts.


def _after_cut(system, chip, store, allowed):
    if len(allowed) > 1:
        assert chip.dead
    vfs.umount(_MOUNT)
    chip = chip.powered_on()
    for n in range(2):  # and cuts while the first one is mended
        store = _mount(system, chip)
        chip.cut_after(n)
        try:
            store.size_bytes()
        except (PowerCut, OSError):
            assert chip.dead
        vfs.umount(_MOUNT)
        chip = chip.powered_on()
    store = _mount(system, chip)
    return chip, _check(system, store, allowed)


def test_power_cut_rp2():
    _try_each(Rp2, _CHANGES, lambda chip, n: chip.cut_after(n), _after_cut)


def test_power_cut_esp32():
    _try_each(Esp32, _CHANGES, lambda chip, n: chip.cut_after(n), _after_cut)


def test_power_cut_fat():
    for system in (Fat, FatShortKey):
        _try_each(system, _CHANGES, lambda chip, n: chip.cut_after(n), _after_cut)


def test_power_cut_in_the_middle_of_an_operation():
    for system in (Rp2, Esp32):
        _try_each(system, _CHANGES, lambda chip, n: chip.cut_after(n, torn=True), _after_cut)


# Exceptions and errors, after which the device goes on.


def _after_exception(system, chip, store, allowed):
    operations = chip.reads + chip.programs
    gc.collect()
    assert chip.reads + chip.programs == operations, "the collector has closed a file that was left open"
    value = _check(system, store, allowed)
    vfs.umount(_MOUNT)
    chip = chip.powered_on()
    return chip, _check(system, _mount(system, chip), (value,))


def _after_restart(system, chip, store, allowed):
    # A read that fails is for the file systems: littlefs keeps what it has not read, and both end a listing early.
    vfs.umount(_MOUNT)
    chip = chip.powered_on()
    return chip, _check(system, _mount(system, chip), allowed)


def _interrupt_each(system):
    _try_each(system, _CHANGES, lambda chip, n: chip.interrupt_after(n, Stop()), _after_exception)
    _try_each(system, _CHANGES, lambda chip, n: chip.interrupt_after(n, Stop(), done=False), _after_exception)
    if system is not Fat:
        _try_each(system, _ERASING, lambda chip, n: chip.interrupt_after(n, Stop(), "erase"), _after_exception)


def test_exception_out_of_the_flash_rp2():
    _interrupt_each(Rp2)


def test_exception_out_of_the_flash_esp32():
    _interrupt_each(Esp32)


def test_exception_out_of_the_flash_fat():
    _interrupt_each(Fat)


def test_failed_program_or_erase():
    for system in (Rp2, Esp32, Fat):
        _try_each(system, _CHANGES, lambda chip, n: chip.fail("program", after=n), _after_exception)
        if system is not Fat:
            _try_each(system, _ERASING, lambda chip, n: chip.fail("erase", after=n), _after_exception)


def test_failed_read():
    def after_restart(system, chip, store, allowed):
        vfs.umount(_MOUNT)
        chip = chip.powered_on()
        return chip, _check(system, _mount(system, chip), allowed)

    _try_each(Fat, _CHANGES, lambda chip, n: chip.fail("read", after=n), after_restart, in_order=False)
    for system in (Rp2, Esp32, Fat):
        chip = _prepared(system, _LARGE)
        failed = 1
        n = 0
        while failed:
            store = _mount(system, chip)
            chip.fail("read", after=n)
            try:
                assert _value(store, system.key) in (_LARGE, _ABSENT)  # a listing may end early without a word
            except (OSError, KioskError):
                pass
            failed = chip.faults
            vfs.umount(_MOUNT)
            chip = chip.powered_on()
            assert _mount(system, chip).get(system.key) == _LARGE
            vfs.umount(_MOUNT)
            chip = chip.rolled_back()
            n += 1
        assert n > 10


# Exceptions between two bytecodes, and memory that runs out: every call that kiosk.storage makes of others fails in turn.


class _Failing:
    """Stands for a module or a function that kiosk.storage uses: counts the calls, and fails at one."""

    calls = 0
    fail_at = -1

    def __init__(self, real):
        self.real = real

    def __call__(self, *args, **options):
        _Failing.calls += 1
        if _Failing.calls == _Failing.fail_at:
            raise Stop
        return self.real(*args, **options)

    def __getattr__(self, name):
        found = getattr(self.real, name)
        return _Failing(found) if callable(found) and not isinstance(found, type) else found


def test_exception_at_any_call():
    for name in ("os", "open", "binascii", "json", "vfs", "io"):
        setattr(storage, name, _Failing(getattr(storage, name, open)))

    def arm(chip, n):
        _Failing.calls = 0
        _Failing.fail_at = n + 1

    def check(system, chip, store, allowed):
        _Failing.fail_at = -1
        return _after_exception(system, chip, store, allowed)

    for system in (Rp2, Fat):
        _try_each(system, _CHANGES, arm, check)
