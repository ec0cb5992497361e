"""
MicroPython script: the operations of the flash that wx.setStorageSync costs, beside a bare file write of the same text.

    setstorage.py

On a chip of 256 blocks of 4096 bytes with littlefs as an RP2040 board mounts it (progsize=256), five other keys in the
store.  Prints one JSON line; F stands for {"reads": , "programs": , "erases": , "program_bytes": }:

    sizes   {"20": {"set": F, "bare": F}, "1024": ..., "9216": ...}: means of 200 calls
    mixed   10,000 sets of 40 keys, 2 to 3,000 bytes, without "program_bytes": {"calls": , "mean": F, "p99": F,
            "max": F, "first_1000": F, "last_1000": F (means), "wear_max": , "unerased": }
"""

import json
import random
import sys

sys.path[0] = "."  # for tests.fakes

import vfs  # noqa: E402

import wx  # noqa: E402
from kiosk import app, storage  # noqa: E402
from tests.fakes.ramblockdev import RAMBlockDev  # noqa: E402

_COUNTERS = ("reads", "programs", "erases", "program_bytes")
_FOLDER = "/flash/data/bench/storage"
_CALLS = 200
_MIXED_CALLS = 10000
_KEYS = 40


class Program:
    """Stands for the running mini-program."""

    storage = None


def new_chip():
    """A formatted chip, mounted, with a store of five keys that is the running mini-program's."""
    chip = RAMBlockDev(256)
    vfs.VfsLfs2.mkfs(chip, progsize=256)
    vfs.mount(vfs.VfsLfs2(chip, progsize=256), "/flash")
    app.current = Program()
    app.current.storage = storage.Storage(_FOLDER, 1 << 20)
    for i in range(5):
        wx.setStorageSync("other%d" % i, "x" * 50)
    return chip


def mean_of(chip, calls, function):
    """Mean of each counter over `calls` calls of function(i)."""
    function(0)
    chip.reset_counters()
    for i in range(calls):
        function(i)
    return {name: getattr(chip, name) / calls for name in _COUNTERS}


def bare_write(text):
    with open(_FOLDER + "/bare", "w") as file:
        file.write(text)


def measure_size(size):
    text = "v" * size
    chip = new_chip()
    found = {"set": mean_of(chip, _CALLS, lambda i: wx.setStorageSync("key", text))}
    vfs.umount("/flash")
    chip = new_chip()
    found["bare"] = mean_of(chip, _CALLS, lambda i: bare_write(text))
    vfs.umount("/flash")
    return found


def counts(chip):
    return [getattr(chip, name) for name in _COUNTERS[:3]]


def measure_mixed():
    chip = new_chip()
    random.seed(18)
    text = "v" * 3000
    seen = [[], [], []]
    for _ in range(_MIXED_CALLS):
        size = random.choice((2, 10, 40, 90, 150, 400, 1000, 3000))
        before = counts(chip)
        wx.setStorageSync("key%d" % random.randrange(_KEYS), text[:size])
        for values, new, old in zip(seen, counts(chip), before):
            values.append(new - old)
    ends = {"calls": _MIXED_CALLS, "wear_max": max(chip.wear.values()), "unerased": chip.unerased}
    for name, start in (("first_1000", 0), ("last_1000", _MIXED_CALLS - 1000)):
        ends[name] = {key: sum(values[start : start + 1000]) / 1000 for key, values in zip(_COUNTERS, seen)}
    ends["mean"] = {key: sum(values) / _MIXED_CALLS for key, values in zip(_COUNTERS, seen)}
    ends["p99"] = {key: sorted(values)[_MIXED_CALLS * 99 // 100] for key, values in zip(_COUNTERS, seen)}
    ends["max"] = {key: max(values) for key, values in zip(_COUNTERS, seen)}
    return ends


print(json.dumps({"sizes": {str(size): measure_size(size) for size in (20, 1024, 9216)}, "mixed": measure_mixed()}))
