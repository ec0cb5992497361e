"""kiosk.storage on littlefs and on FAT.  Faults of the flash: test_storage_power.py; the APIs: test_wx_storage.py."""

import collections
import gc
import os

import vfs

from kiosk import api, errors, log, storage
from kiosk.errors import KioskError
from kiosk.storage import entry
from tests.fakes.ramblockdev import RAMBlockDev

log.level = len(log.LEVELS)

_MOUNT = "/flash"
_FOLDER = _MOUNT + "/data/shop/storage"
_memory = bytearray(64 * 1024)  # of every chip in here: a board's heap has no room for two


def _mounted(kind=vfs.VfsLfs2):
    chip = RAMBlockDev(block_size=512 if kind is vfs.VfsFat else 4096, data=_memory)
    kind.mkfs(chip)
    vfs.mount(kind(chip), _MOUNT)
    return chip


def _on_both(test):
    for kind in (vfs.VfsLfs2, vfs.VfsFat):
        _mounted(kind)
        test(_again())
        vfs.umount(_MOUNT)
        gc.collect()


def _again():
    """The same folder after a restart."""
    return storage.Storage(_FOLDER, 50000)


def _error(function, *args):
    try:
        function(*args)
    except KioskError as exc:
        return exc
    raise AssertionError("no error")


def _files():
    return sorted(os.listdir(_FOLDER))


def _file(name):
    """The path of the one file of a key that is not empty."""
    (found,) = [file for file in _files() if file[:-2] == name and os.stat(_FOLDER + "/" + file)[6]]
    return _FOLDER + "/" + found


def _read(path):
    with open(path, "rb") as file:
        return file.read()


def _write(path, data):
    with open(path, "wb") as file:
        file.write(data)


# Values.


def test_values_come_back_as_they_were():
    values = (None, True, False, 0, -7, 1 << 40, -(1 << 80), 1.5, -0.25, 1e20)
    values += ("", "text", "中文 😀", '"\\/\0\x01\n\t\x7f')
    values += ([], {}, [[], {}, [None]], {"": ""}, {"a": {"b": [1, {"c": None}]}}, {"key with \n": [True, False]})
    values += ("x" * 3000, "é😀" * 999, list(range(300)), {"n%d" % i: [i, str(i) * 9] for i in range(40)})

    def test(store):
        for value in values:
            store.set("key", value)
            found = store.get("key")
            assert found == value and type(found) is type(value), value
            assert _again().get("key") == value

    _on_both(test)


def test_values_are_fresh_objects():
    def test(store):
        value = {"list": [1]}
        store.set("key", value)
        value["list"].append(2)
        first = store.get("key")
        first["list"].append(3)
        assert store.get("key") == {"list": [1]}

    _on_both(test)


def test_what_json_spells_otherwise():
    """As JSON.stringify: keys become text, a tuple is an array; subclasses are what they are derived from."""
    _mounted()
    store = _again()
    point = collections.namedtuple("Point", "x y")(1, "two")
    ordered = collections.OrderedDict([("b", 1), ("a", 2)])
    for value, expected in (
        ((1, (2,)), [1, [2]]),
        ({1: "a", 2.5: "b", 3.0: "c"}, {"1": "a", "2.5": "b", "3": "c"}),
        ({None: 1, False: 2, True: 3}, {"null": 1, "false": 2, "true": 3}),
        (api.Result(a=1, data=api.Result(b="x" * 300)), {"a": 1, "data": {"b": "x" * 300}}),
        (point, [1, "two"]),
        ({"at": [point, point]}, {"at": [[1, "two"], [1, "two"]]}),
        (ordered, {"b": 1, "a": 2}),
    ):
        store.set("key", value)
        assert store.get("key") == expected, (value, store.get("key"))


def test_what_json_cannot_hold_is_refused_before_anything_is_written():
    chip = _mounted()
    store = _again()
    store.set("key", "old")
    chip.reset_counters()
    for bad, name in (
        (b"bytes", "ArrayBuffer"),
        (bytearray(2), "ArrayBuffer"),
        (print, "Function"),
        (object(), "object"),
        ({1, 2}, "set"),
        (float("nan"), "NaN"),
        (-float("inf"), "Infinity"),
    ):
        for value in (bad, ["x" * 900, [bad]], {"a": {"b": bad}}, {"a": "x" * 900, "b": [1, bad]}):
            exc = _error(store.set, "key", value)
            assert exc.args[0] == "parameter" and exc.args[1].endswith("instead of %s;" % name), exc
    for value in ({(1, 2): 3}, {b"a": 1}, {float("nan"): 1}):
        assert _error(store.set, "key", value).args[0] == "parameter"
    assert chip.programs == chip.erases == 0
    assert store.get("key") == "old"


def _depth(value):
    if isinstance(value, (dict, list, tuple)):
        return 1 + max([_depth(item) for item in (value.values() if isinstance(value, dict) else value)] or [0])
    return 0


def test_cycles_and_deep_values():
    _mounted()
    store = _again()
    depths = []
    text = entry._text
    entry._text = lambda value: depths.append(_depth(value)) or text(value)
    for nest in (lambda inner: [inner], lambda inner: {"a": inner}, lambda inner: (1, [inner], 2)):
        value = 1
        for _ in range(30):
            value = nest(value)
        store.set("key", value)
        store.get("key")
    value = "bottom"
    for _ in range(64):
        value = [value]
    store.set("key", value)
    found = store.get("key")
    for _ in range(64):
        found = found[0]
    assert found == "bottom"
    assert max(depths) < 10  # what C recurses into
    cycle = [1, 2]
    cycle.append({"a": cycle})
    for bad in ([value], cycle, {"x": cycle}):
        exc = _error(store.set, "key", bad)
        assert exc.args == ("parameter", "parameter.data should not be nested more than 64 deep;")


# Keys.


def test_any_text_is_a_key():
    keys = ["a", "A", "userInfo", "userinfo", "user+info", "user=2finfo", "=41", "@", ".", "..", "../up", "/", "a/b/c"]
    keys += ["key.0", "key.1", "~", "LONGNA~1.0", " ", "CON", "nul", "键", "😀", "\0", '"quoted"\n', "a" * 96, "a" * 97]
    keys += ["K" * 48, "K" * 49, "键" * 10, "键" * 32, "long " * 60, "long " * 60 + "!"]

    def test(store):
        for i, key in enumerate(keys):
            store.set(key, i)
        for each in (store, _again()):
            assert sorted(each.keys()) == sorted(keys)
            for i, key in enumerate(keys):
                assert each.get(key) == i, key
        assert _error(store.get, "userINFO").args[0] == "no data"
        for key in keys:
            store.remove(key)
            assert _error(store.get, key).args[0] == "no data", key
        assert store.keys() == [] and store.size_bytes() == 0 and _files() == []
        assert _error(store.set, "", 1).args == ("parameter", "parameter.key should not be an empty String;")

    _on_both(test)


def test_remove_and_clear():
    def test(store):
        store.remove("nothing")
        store.clear()
        assert store.keys() == [] and store.size_bytes() == 0
        try:
            os.stat(_MOUNT + "/data")
            raise AssertionError("reading made a folder")
        except OSError:
            pass
        for key in ("a", "b", "c"):
            store.set(key, key * 200)
        store.remove("b")
        assert sorted(store.keys()) == ["a", "c"]
        store.clear()
        assert store.keys() == [] and _again().keys() == [] and store.size_bytes() == 0
        store.set("a", 1)
        assert store.get("a") == 1

    _on_both(test)


def test_mini_programs_do_not_see_each_other():
    _mounted()
    one = storage.Storage(_MOUNT + "/data/one/storage", 9999)
    two = storage.Storage(_MOUNT + "/data/two/storage", 9999)
    one.set("key", 1)
    assert two.keys() == [] and _error(two.get, "key").args[0] == "no data"
    two.set("key", 2)
    two.clear()
    assert one.get("key") == 1


# Sizes.


def test_size_is_what_a_scan_would_count():
    def test(store):
        for i in range(60):
            store.set("key%d" % (i % 7), "x" * (i * i % 700))
            if i % 5 == 0:
                store.remove("key%d" % (i % 4))
            assert store.size_bytes() == _again().size_bytes()
        assert store.size_bytes() == sum([entry[3] for entry in os.ilistdir(_FOLDER)])

    _on_both(test)


def test_limits():
    def test(_):
        store = storage.Storage(_FOLDER, 3000, 1000)
        store.set("a", "x" * 1000)
        assert _error(store.set, "a", "x" * 1001).args[0] == "entry size"
        assert _error(store.set, "a", ["x" * 600, {"b": "y" * 600}]).args[0] == "entry size"
        store.set("b", "é" * 500)
        assert _error(store.set, "b", "é" * 501).args[0] == "entry size"
        store.set("c", "x" * 800)
        used = store.size_bytes()
        assert _error(store.set, "d", "x" * 500).args[0] == "quota"  # by weight
        assert _error(store.set, "d", "\n" * (2980 - used)).args[0] == "quota"  # by what it takes written
        assert _error(store.set, "d", 1 << 500).args[0] == "quota"
        assert store.size_bytes() == used <= 3000 and sorted(store.keys()) == ["a", "b", "c"]
        store.set("c", "y" * 790)  # what it replaces does not count
        store.remove("a")
        store.set("d", "x" * 500)

    _on_both(test)


def test_what_cannot_fit_is_not_tried():
    chip = _mounted()
    store = storage.Storage(_FOLDER, 60)
    store.set("a", "12345")
    assert _error(store.set, "b", "x" * 30).args[0] == "quota"  # 30 would fit, what belongs to it would not
    assert store.keys() == ["a"]
    chip.reset_counters()
    assert _error(store.set, "b", "x" * 3000).args[0] == "quota"
    assert chip.programs == chip.erases == 0


def test_no_room_for_a_folder():
    """FAT says EACCES when a folder cannot grow."""
    _mounted(vfs.VfsFat)
    with open(_MOUNT + "/filler", "wb") as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            pass
    try:
        _again().set("key", 1)
        raise AssertionError("there was room")
    except OSError as exc:
        assert errors.from_exception(exc).args[0] == "no space", exc


def test_operations_are_close_to_those_of_a_bare_write():
    """The figures are in the bench; this is only to notice when a short cut is gone."""
    system = vfs.VfsLfs2
    chip = RAMBlockDev(data=_memory)
    system.mkfs(chip, progsize=256)
    vfs.mount(system(chip, progsize=256), _MOUNT)
    store = _again()
    for size, programs in ((20, 0), (1000, 2), (6000, 1)):
        store.set("key", "x" * size)
        _write(_FOLDER + "/bare", b"x" * size)
        chip.reset_counters()
        for _ in range(20):
            _write(_FOLDER + "/bare", b"x" * size)
        bare = chip.programs
        chip.reset_counters()
        for _ in range(20):
            store.set("key", "x" * size)
        assert chip.programs <= bare + 20 * programs + 2, (size, chip.programs, bare)


def test_full_flash_keeps_the_old_value():
    def test(store):
        store.limit = 1 << 30
        store.set("key", "old" * 300)
        store.set("small", 1)
        full = 0
        try:
            while True:
                store.set("filler%d" % full, "f" * 4000)
                full += 1
        except OSError as exc:
            assert errors.from_exception(exc).args[0] == "no space"
        for value in ("n" * 12000, "new" * 400, "s" * 80):
            try:
                store.set("key", value)
                expected = value
            except OSError as exc:
                assert errors.from_exception(exc).args[0] == "no space"
                expected = "old" * 300
            assert store.get("key") == expected and _again().get("key") == expected
            store.remove("key")
            store.set("key", "old" * 300)
        assert store.get("small") == 1 and len(store.keys()) == full + 2
        assert store.size_bytes() == _again().size_bytes()
        store.remove("filler0")
        store.set("key", "new")

    _on_both(test)


# Damage.


def test_a_damaged_entry_is_told_and_harms_no_other():
    text = "0123456789" * 40

    def test(store):
        for damage in ("bit", "cut", "long", "other"):
            store.set("good", [1])
            store.set("bad", {"text": text})
            name = _file("bad")
            data = _read(name)
            if damage == "bit":
                data = data[:200] + bytes([data[200] ^ 1]) + data[201:]
            elif damage == "cut":
                data = data[:-1]
            elif damage == "long":
                data += b" "
            else:
                data = _read(_file("good"))
            _write(name, data)
            store = _again()
            exc = _error(store.get, "bad")
            assert exc.args[0] == "system" and "damaged" in exc.args[1], damage
            assert store.get("good") == [1] and sorted(store.keys()) == ["bad", "good"]
            assert _read(name) == data  # nothing is mended or removed behind anybody's back
            store.set("bad", "new")
            assert store.get("bad") == "new"
            store.remove("bad")

    _on_both(test)


def test_every_flipped_bit_is_noticed():
    _mounted()
    store = _again()
    store.set("key", [1, "two", {"three": 3.5}])
    name = _file("key")
    data = _read(name)
    for bit in range(len(data) * 8):
        _write(name, data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :])
        assert _error(store.get, "key").args[0] == "system", bit


def test_the_key_of_a_damaged_file_with_a_long_name_is_left_out():
    _mounted()
    store = _again()
    store.set("long " * 60, "x" * 500)
    store.set("other", 1)
    (name,) = [name for name in _files() if name[0] == "@"]
    _write(_FOLDER + "/" + name, b"#" + _read(_FOLDER + "/" + name)[1:])
    assert store.keys() == ["other"]
    assert "damaged" in _error(store.get, "long " * 60).args[1]


# What a power cut can leave.


def test_an_empty_file_counts_as_none():
    def test(store):
        store.set("there", 1)
        for name in ("new.0", "new1.1", "there.1"):
            _write(_FOLDER + "/" + name, b"")
        store = _again()
        assert store.keys() == ["there"] and store.get("there") == 1
        assert _error(store.get, "new").args[0] == _error(store.get, "new1").args[0] == "no data"
        for key in ("new", "new1", "there"):
            for value in (2, "x" * 900, "y" * 901, 3):
                store.set(key, value)
                assert store.get(key) == value and _again().get(key) == value
        assert store.size_bytes() == _again().size_bytes()
        for key in ("new", "new1", "there"):
            store.remove(key)
        assert _files() == [] and store.size_bytes() == 0

    _on_both(test)


def test_the_intact_one_of_a_pair_stays():
    old, new, bad = "old" * 100, "new" * 100, b"half of"

    def test(store):
        store.set("key", old)
        old_file = _read(_file("key"))
        store.set("key", new)
        new_file = _read(_FOLDER + "/key.1")
        for first, second, allowed in (
            (old_file, new_file, (old, new)),
            (old_file, bad, (old,)),
            (bad, new_file, (new,)),
            (bad, bad + bad, ()),
        ):
            _write(_FOLDER + "/key.0", first)
            _write(_FOLDER + "/key.1", second)
            store = _again()
            assert store.keys() == ["key"]
            if allowed:
                assert store.get("key") in allowed and _read(_file("key")) in (first, second)
                assert store.size_bytes() == _again().size_bytes()
            else:
                assert "damaged" in _error(store.get, "key").args[1] and len(_files()) == 2
            for value in ("x" * 500, 1):
                store.set("key", value)
                assert store.get("key") == value and _again().get("key") == value
            store.remove("key")
            assert _files() == [] and store.size_bytes() == 0

    _on_both(test)


def test_noise_in_a_fat_folder_is_passed_over():
    """FAT links a new sector to a folder before it clears it."""
    _mounted(vfs.VfsFat)
    store = _again()
    for key in ("a", "zz", "b"):
        store.set(key, key)
    store.remove("zz")
    at = _memory.find(b"\xe5Z      0  ")
    assert at > 0
    vfs.umount(_MOUNT)
    _memory[at : at + 32] = b"\xff" * 32
    vfs.mount(vfs.VfsFat(RAMBlockDev(block_size=512, data=_memory)), _MOUNT)
    store = _again()
    assert sorted(store.keys()) == ["a", "b"] and store.get("b") == "b"
    store.set("c", "c" * 600)
    store.clear()
    assert store.keys() == []


def test_a_short_name_that_fat_has_left_is_no_entry():
    _mounted(vfs.VfsFat)
    store = _again()
    store.set("key", 1)
    _write(_FOLDER + "/KEYANDM~1.0", _read(_file("key")))
    store = _again()
    assert store.keys() == ["key"] and store.get("key") == 1
    store.clear()
    assert _files() == []


# Memory.


def test_a_store_holds_little():
    _mounted()
    store = _again()
    for i in range(20):
        store.set("key%d" % i, i)
    gc.collect()
    before = gc.mem_alloc()
    kept = _again()
    kept.set("key1", "x")
    assert len(kept.keys()) == 20
    gc.collect()
    assert gc.mem_alloc() - before < 500, gc.mem_alloc() - before


def test_writing_takes_little():
    _mounted()
    store = _again()
    large = {"n%d" % i: ["x" * 100, i, {"a": [True, None]}] for i in range(70)}
    long = "0123456789abcdef" * 400
    store.set("key", "old")
    hog = []
    try:
        while True:
            hog.append(bytearray(2000))
    except MemoryError:
        pass
    for i in range(2, 18, 2):
        hog[-i] = None  # 16 KB are free, in pieces of 2 KB
    for value in (large, long):
        store.set("key", value)
    hog = None
    assert store.get("key") == long
    store.set("key", large)
    assert store.get("key") == large
