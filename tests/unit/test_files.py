"""kiosk.files: confinement, contents, folders, descriptors, saved files, sweeping.  Faults: test_files_faults.py."""

import gc
import os

from kiosk import files, log
from kiosk.errors import KioskError
from kiosk.files import content, descriptors, entries, paths, saved, tree
from tests.fakes.filestore import FOLDER, MOUNT, ROOT, USR, again, fails, mounted, on_both, put, read, write

log.level = len(log.LEVELS)

# The confinement.

_HOSTILE = (
    "", "/", "//", ".", "..", "./a", "../a", "/./a", "/../a", "a/../b", "a/./b", "a//b", "//etc/passwd", "a\0b", "a\\..\\b",
    "..\\a", "\\a", " ", "a/ /b", "... ", ".. /a", "a/...", "wxfile://", "wxfile:///usr/a", "wxfile://usr//a",
    "wxfile://usr/..", "wxfile://usr/../tmp/a", "wxfile://usr/a/../../b", "wxfile://usr/./a", "wxfile://usr/a\\b",
    "wxfile://usr/a\0", "wxfile://usr/\n", "wxfile://usr/.. ", "wxfile://other/a", "wxfile://usr.x/a", "wxfile://USR/a",
    "WXFILE://usr/a", "wxfile:/usr/a", "wxfile://../usr/a", "wxfile://usr/" + "x" * 256, "wxfile://usr/" + "a/" * 33,
    "wxfile://usr/" + "é" * 128, "file:///etc/passwd", "http://usr/a", "http://tmp/a", "C:/a", "wxfile://usr\\..\\x",
    "wxfile://storage/k", "wxfile://store/../storage/k",
)  # fmt: skip


def test_hostile_paths():
    mounted()
    store = again()
    tree.make(FOLDER + "/storage")
    put(FOLDER + "/storage/k", b"secret")
    before = sorted(tree.walk(MOUNT))
    tried = 0
    for url in _HOSTILE:
        tried += 1
        try:
            paths.resolve(url, FOLDER, ROOT)
        except KioskError as exc:
            assert exc.args[0] in ("file permission", "file argument", "file name"), url
            assert len(exc.reason) < 300
            for operation, args in (
                (content.read_file, ()),
                (content.write_file, (b"x",)),
                (content.append_file, (b"x",)),
                (content.truncate, (1,)),
                (entries.mkdir, (True,)),
                (entries.rmdir, (True,)),
                (entries.unlink, ()),
                (descriptors.open_file, ("w",)),
                (saved.save_file, ()),
                (saved.remove_saved, ()),
                (entries.readdir, ()),
            ):
                fails(exc.args[0], operation, store, url, *args)
            continue
        raise AssertionError(url)
    assert tried >= 40
    assert sorted(tree.walk(MOUNT)) == before


def test_where_paths_lead():
    for url, expected in (
        ("wxfile://usr", ("usr", "/d/usr")),
        ("wxfile://usr/", ("usr", "/d/usr")),
        ("wxfile://usr/a/b.c", ("usr", "/d/usr/a/b.c")),
        ("wxfile://usr/a/", ("usr", "/d/usr/a")),
        ("wxfile://usr/..a/%2e%2e", ("usr", "/d/usr/..a/%2e%2e")),
        ("wxfile://tmp/1", ("tmp", "/d/tmp/1")),
        ("wxfile://store/1.png", ("store", "/d/store/1.png")),
        ("/img/a", ("", "/r/img/a")),
        ("img/a", ("", "/r/img/a")),
        ("wxfile://usr/" + "é" * 127, ("usr", "/d/usr/" + "é" * 127)),
    ):
        assert paths.resolve(url, "/d", "/r") == expected, url
    for url, expected in (
        ("a/b.png", ".png"),
        ("a.b/c", ""),
        ("a.", ""),
        ("a.b/c.tar.GZ", ".GZ"),
        ("a.b c", ""),
        ("x", ""),
    ):
        assert paths.suffix(url) == expected, url


def test_only_usr_is_written():
    def test(store):
        url, path = store.temporary(".txt")
        put(path, b"temporary")
        kept = files.now(saved.save_file, store, _temporary(store))
        for other in (url, kept, "/a.txt", "a.txt", "new"):
            for operation, args in (
                (content.write_file, ("x",)),
                (content.append_file, ("x",)),
                (content.truncate, (1,)),
                (entries.unlink, ()),
                (entries.mkdir, ()),
                (entries.rename, (USR + "b",)),
                (descriptors.open_file, ("w",)),
                (descriptors.open_file, ("r+",)),
            ):
                fails("file permission", operation, store, other, *args)
        write(store, USR + "a", "x")
        for other in (url, kept, "/a.txt"):
            fails("file permission", content.copy_file, store, USR + "a", other)
            fails("file permission", entries.rename, store, USR + "a", other)
        for operation in (entries.rmdir, entries.unlink, entries.mkdir):
            fails("file operation", operation, store, "wxfile://usr")
        assert read(store, url) == b"temporary" and read(store, "a.txt", "utf8") == "package"

    on_both(test)


def _temporary(store, data=b"saved"):
    url, path = store.temporary(".png")
    put(path, data)
    return url


# Contents.


def test_contents():
    def test(store):
        for size in (0, 1, 511, 512, 513, 4000):
            data = bytes(range(256)) * 16
            data = data[:size]
            gc.collect()
            write(store, USR + "a", data)
            assert read(store, USR + "a") == data and store.quota.used() == size
        assert read(store, USR + "a", None, 100, 30) == data[100:130]
        assert read(store, USR + "a", None, 3990) == data[3990:]
        assert read(store, USR + "a", None, 3990, 50) == data[3990:]
        for wrong in (
            (None, 4001),
            (None, -1),
            (None, 1.5),
            (None, float("nan")),
            (None, 0, 0),
            (None, float("inf")),
            ("x",),
        ):
            fails("file argument", content.read_file, store, USR + "a", *wrong)
        gc.collect()
        files.now(content.append_file, store, USR + "a", "é" * 600)
        assert read(store, USR + "a", "utf-8", 4000) == "é" * 600 and store.quota.used() == 5200
        files.now(content.copy_file, store, USR + "a", USR + "b")
        files.now(content.copy_file, store, "/a.txt", USR + "c")
        gc.collect()
        assert read(store, USR + "b") == read(store, USR + "a") and read(store, USR + "c") == b"package"
        for length in (700, 900, 0):
            files.now(content.truncate, store, USR + "b", length)
            assert read(store, USR + "b") == (data[:700] + bytes(200))[:length]
        assert not os.listdir(FOLDER + "/tmp")
        assert store.quota.used() == 5207 == again().quota.used()
        write(store, USR + "a", "")
        assert files.now(content.get_file_info, store, USR + "c", "md5") == (7, _md5())

    on_both(test)


def _md5():
    import hashlib

    return "".join("%02x" % byte for byte in hashlib.md5(b"package").digest())


def test_what_is_no_file():
    def test(store):
        files.now(entries.mkdir, store, USR + "d")
        write(store, USR + "f", "x")
        for operation in (content.read_file, content.copy_file, content.truncate, content.get_file_info):
            args = (USR + "new",) if operation is content.copy_file else ()
            fails("no file", operation, store, USR + "none", *args)
            fails("is a folder", operation, store, USR + "d", *args)
        fails("no file", content.append_file, store, USR + "none", "x")
        fails("no file", content.write_file, store, USR + "none/x", "x")
        fails("not a folder", content.write_file, store, USR + "f/x", "x")
        fails("is a folder", content.write_file, store, USR + "d", "x")
        fails("no file", content.read_file, store, USR + "f/x")
        fails("is a folder", content.copy_file, store, USR + "f", USR + "d")
        error = fails("no file", entries.access, store, USR + "x")
        assert error.reason == "no such file or directory wxfile://usr/x" and error.errno == 1300002

    on_both(test)


def test_encodings():
    mounted()
    store = again()
    for encoding, text, data in (
        ("utf8", "aé中😀", b"a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"),
        ("ucs2", "a中😀", b"a\0\x2d\x4e\x3d\xd8\x00\xde"),
        ("utf16le", "", b""),
        ("latin1", "a\xe9\xff", b"a\xe9\xff"),
        ("binary", "\x80", b"\x80"),
        ("ascii", "abc", b"abc"),
        ("hex", "00ff10", b"\x00\xff\x10"),
        ("base64", "AP8Q", b"\x00\xff\x10"),
    ):
        write(store, USR + "a", text, encoding)
        assert read(store, USR + "a") == data, encoding
        assert read(store, USR + "a", encoding) == text, encoding
    for data, expected in (
        (b"a\xffb", "a\ufffdb"),
        (b"\xe4\xb8", "\ufffd\ufffd"),
        (b"\xc0\x80\xff\xed\xa0\x80", "\ufffd\ufffd\ufffd\ufffd"),
        (b"\xc3\xa9\xf0\x9f\x98\x80\x80", "é😀\ufffd"),
    ):
        write(store, USR + "a", data)
        assert read(store, USR + "a", "utf8") == expected, (data, read(store, USR + "a", "utf8"))
    write(store, USR + "a", b"\x00\xd8a\0\x00\xdcb")
    assert read(store, USR + "a", "ucs2") == "\ufffda\ufffd"
    fails("file argument", content.write_file, store, USR + "a", "xyz", "hex")
    fails("file argument", content.write_file, store, USR + "a", "x", "utf7")


# Folders.


def test_folders():
    def test(store):
        mkdir, rmdir = entries.mkdir, entries.rmdir
        fails("no file", mkdir, store, USR + "a/b")
        files.now(mkdir, store, USR + "a/b/c", True)
        files.now(mkdir, store, USR + "a/b/c", True)
        fails("file exists", mkdir, store, USR + "a/b/c")
        write(store, USR + "a/b/f", "12345")
        fails("file exists", mkdir, store, USR + "a/b/f", True)
        fails("not a folder", mkdir, store, USR + "a/b/f/g", True)
        assert sorted(files.now(entries.readdir, store, USR + "a/b")) == ["c", "f"]
        assert files.now(entries.readdir, store, "wxfile://usr") == ["a"]
        fails("not a folder", entries.readdir, store, USR + "a/b/f")
        found = dict(files.now(entries.stat, store, USR + "a", True))
        assert sorted(found) == ["/", "/b", "/b/c", "/b/f"] and found["/b/f"][1] == 5 and found["/b"][0] == 0o40755
        assert abs(found["/b/f"][3] - _now_s()) < 100
        fails("folder not empty", rmdir, store, USR + "a")
        fails("not a folder", rmdir, store, USR + "a/b/f")
        fails("file operation", entries.unlink, store, USR + "a/b")
        files.now(rmdir, store, USR + "a/b/c")
        files.now(entries.rename, store, USR + "a/b", USR + "z")
        assert read(store, USR + "z/f") == b"12345"
        fails("file argument", entries.rename, store, USR + "z", USR + "z/y")
        fails("file exists", entries.rename, store, USR + "z", USR + "a")
        fails("no file", entries.rename, store, USR + "none", USR + "a")
        write(store, USR + "g", "123")
        files.now(entries.rename, store, USR + "g", USR + "z/f")
        assert store.quota.used() == 3 and read(store, USR + "z/f") == b"123"
        files.now(rmdir, store, USR + "z", True)
        assert store.quota.used() == 0 and files.now(entries.readdir, store, "wxfile://usr/") == ["a"]
        write(store, USR + "g", "123")
        files.now(entries.unlink, store, USR + "g")
        fails("no file", entries.unlink, store, USR + "g")
        assert store.quota.used() == 0

    on_both(test)


def _now_s():
    import time

    return time.time()


# Descriptors.


def test_descriptors():
    def test(store):
        url = USR + "f"
        opened = lambda flag: files.now(descriptors.open_file, store, url, flag)  # noqa: E731
        written = lambda *args: files.now(descriptors.write, store, *args)  # noqa: E731
        close = lambda fd: files.now(descriptors.close, store, fd)  # noqa: E731
        fails("no file", descriptors.open_file, store, url, "r")
        fails("no file", descriptors.open_file, store, url, "r+")
        fails("file argument", descriptors.open_file, store, url, "q")
        fd = opened("w+")
        assert isinstance(fd, str) and written(fd, "hello") == 5 and written(fd, b"..world", 2, 4) == 4
        assert read(store, url) == b"helloworl" and store.quota.used() == 9
        assert written(fd, "HE", None, None, "utf8", 0) == 2 and written(fd, "d") == 1
        buffer = bytearray(6)
        assert files.now(descriptors.read, store, fd, buffer, 1, 4, 0) == (4, buffer) and buffer == b"\0HEll\0"
        assert files.now(descriptors.fstat, store, fd)[1] == 10
        files.now(descriptors.ftruncate, store, fd, 4)
        assert read(store, url) == b"HEll" and written(fd, "!", None, None, None, 6) == 1
        assert read(store, url) == b"HEll\0\0!" and store.quota.used() == 7
        for operation, args in (
            (entries.unlink, ()),
            (content.write_file, ("x",)),
            (content.truncate, (1,)),
            (entries.rename, (USR + "g",)),
            (descriptors.open_file, ("a",)),
        ):
            fails("file operation", operation, store, url, *args)
        fails("file argument", descriptors.read, store, fd, buffer, 5, 4)
        fails("file argument", descriptors.read, store, fd, b"abc")
        close(fd)
        for operation, args in ((descriptors.close, ()), (descriptors.write, ("x",)), (descriptors.fstat, ())):
            assert fails("file descriptor", operation, store, fd, *args).errno == 1300009
        fd = opened("a")
        fails("file permission", descriptors.read, store, fd, buffer)
        written(fd, "ab")
        close(fd)
        fd = opened("r")
        fails("file permission", descriptors.write, store, fd, "x")
        assert files.now(descriptors.read, store, fd, buffer)[0] == 6 and buffer == b"HEll\0\0"
        assert files.now(descriptors.read, store, fd, buffer)[0] == 3
        assert files.now(descriptors.read, store, fd, buffer)[0] == 0
        close(fd)
        fails("file exists", descriptors.open_file, store, url, "wx")
        close(opened("w"))
        assert store.quota.used() == 0 and not store.held
        for _ in range(8):
            opened("r")
        fails("file system", descriptors.open_file, store, url, "r")
        store.close()
        assert not store.descriptors and not store.held

    on_both(test)


# Saved and temporary files.


class _Dice:
    """os, with numbers that come again."""

    def __init__(self, *numbers):
        self._numbers = list(numbers)

    def urandom(self, count):
        return bytes([self._numbers.pop(0)]) * count

    def __getattr__(self, name):
        return getattr(os, name)


def test_a_saved_file_takes_no_others_name():
    def test(store):
        saved.os = _Dice(7, 7, 8)
        try:
            first = files.now(saved.save_file, store, _temporary(store, b"first"))
            second = files.now(saved.save_file, store, _temporary(store, b"second"))
        finally:
            saved.os = os
        assert (read(store, first), read(store, second)) == (b"first", b"second"), (first, second)

    on_both(test)


def test_saved_files_stay_and_temporary_ones_go():
    def test(store):
        assert files.now(saved.saved_list, store) == []
        url = _temporary(store)
        kept = files.now(saved.save_file, store, url)
        assert kept.startswith("wxfile://store/") and kept.endswith(".png") and store.quota.used() == 5
        fails("no file", saved.save_file, store, url)
        fails("file permission", saved.save_file, store, kept)
        fails("file permission", saved.save_file, store, "/a.txt")
        mine = files.now(saved.save_file, store, _temporary(store, b"mine"), USR + "mine")
        assert mine == USR + "mine" and read(store, mine) == b"mine"
        loose = _temporary(store)
        store.close()
        fails("no file", entries.access, store, loose)
        loose = _temporary(store)
        store = again()
        fails("no file", entries.access, store, loose)
        assert read(store, kept) == b"saved" and read(store, mine) == b"mine" and store.quota.used() == 9
        ((found, size, time_s),) = files.now(saved.saved_list, store)
        assert (found, size) == (kept, 5) and abs(time_s - _now_s()) < 100
        assert files.now(saved.saved_info, store, kept) == (5, time_s)
        fails("file permission", saved.remove_saved, store, mine)
        files.now(saved.remove_saved, store, kept)
        fails("no file", saved.remove_saved, store, kept)
        assert files.now(saved.saved_list, store) == [] and store.quota.used() == 4

    on_both(test)
