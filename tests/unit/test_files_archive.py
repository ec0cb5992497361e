"""kiosk.files.archive: unzip and readZipEntry.  The zip files are made by CPython's zipfile."""

import binascii
import gc
import os
import struct

import vfs

from kiosk import files, log
from kiosk.errors import KioskError
from kiosk.files import archive, content, entries
from tests.fakes import emulator
from tests.fakes.ramblockdev import RAMBlockDev

log.level = len(log.LEVELS)

_FOLDER = "/flash/shop"
_ZIP = "wxfile://usr/z.zip"
_OUT = "wxfile://usr/out"
# a.txt "hello"; d/; d/e/b.bin 3,000 digits, deflated; "\u4e2d.txt" "é"
_GOOD = binascii.a2b_base64(
    "UEsDBBQAAAAIAAAAIVCGphA2BwAAAAUAAAAFAAAAYS50eHTLSM3JyQcAUEsDBBQAAAAIAAAAIVAAAAAAAgAAAAAAAAACAAAAZC8DAFBLAwQU"
    "AAAACAAAACFQvfyHmiIAAAC4CwAACQAAAGQvZS9iLmJpbu3GSQEAIAgAsEp4INq/mDV4bK/FmGvnqfvCzMzMzMya7gNQSwMEFAAACAgAAAAh"
    "UD6NBA4EAAAAAgAAAAcAAADkuK0udHh0O7wSAFBLAQIUAxQAAAAIAAAAIVCGphA2BwAAAAUAAAAFAAAAAAAAAAAAAACAAQAAAABhLnR4dFBL"
    "AQIUAxQAAAAIAAAAIVAAAAAAAgAAAAAAAAACAAAAAAAAAAAAAACAASoAAABkL1BLAQIUAxQAAAAIAAAAIVC9/IeaIgAAALgLAAAJAAAAAAAA"
    "AAAAAACAAUwAAABkL2UvYi5iaW5QSwECFAMUAAAICAAAACFQPo0EDgQAAAACAAAABwAAAAAAAAAAAAAAgAGVAAAA5LitLnR4dFBLBQYAAAAA"
    "BAAEAM8AAAC+AAAAAAA="
)


def _opened(limit_bytes=20000):
    chip = RAMBlockDev(20)
    vfs.VfsLfs2.mkfs(chip)
    vfs.mount(vfs.VfsLfs2(chip), "/flash")
    return files.Files(_FOLDER, "/flash/app", limit_bytes)


def _stored(*parts, encrypted=0, method=0, crc=None, more=0):
    """A zip file of stored entries (name, data)."""
    body = directory = b""
    for name, data in parts:
        rest = struct.pack(
            "<HHHHHIII", 20, encrypted, method, 0, 0, crc or binascii.crc32(data), len(data), len(data) + more
        )
        rest += struct.pack("<HH", len(name), 0)
        directory += b"PK\1\2\x14\0" + rest + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += b"PK\3\4" + rest + name + data
    return (
        body
        + directory
        + b"PK\5\6\0\0\0\0"
        + struct.pack("<HHIIH", len(parts), len(parts), len(directory), len(body), 0)
    )


def _write(store, data):
    files.now(content.write_file, store, _ZIP, data)


def _fails(row, operation, *args):
    try:
        result = files.now(operation, *args)
    except KioskError as exc:
        assert exc.args[0] == row, (row, exc)
        return exc
    raise AssertionError((row, result))


def _get(path):
    with open(_FOLDER + "/usr/out/" + path, "rb") as file:
        return file.read()


def test_unzip():
    store = _opened()
    _write(store, _GOOD)
    for _ in range(2):
        files.now(archive.unzip, store, _ZIP, _OUT + "/")
        assert _get("a.txt") == b"hello" and _get("d/e/b.bin") == b"0123456789" * 300
        assert _get("\u4e2d.txt") == "é".encode() and sorted(os.listdir(_FOLDER + "/usr")) == ["out", "z.zip"]
        assert store.quota.used() == len(_GOOD) + 3007 and not store.held
    files.now(entries.rmdir, store, _OUT, True)
    _write(store, _GOOD + b"PK" * 2000)  # what follows may be a comment
    files.now(archive.unzip, store, _ZIP, "wxfile://usr")
    assert "a.txt" in os.listdir(_FOLDER + "/usr")


def test_zip_entries():
    store = _opened()
    _write(store, _GOOD)
    found = dict(files.now(archive.read_zip_entry, store, _ZIP, "all", "utf8"))
    assert found == {"a.txt": "hello", "d/e/b.bin": "0123456789" * 300, "\u4e2d.txt": "é"}
    wanted = [
        {"path": "a.txt"},
        {"path": "d/e/b.bin", "encoding": "utf8", "position": 9, "length": 3},
        {"path": "none"},
    ]
    found = dict(files.now(archive.read_zip_entry, store, _ZIP, wanted))
    assert found["a.txt"] == b"hello" and found["d/e/b.bin"] == "901" and found["none"].errno == 1300002
    for wrong in ("some", [1], [{}], [{"path": 1}]):
        _fails("file argument", archive.read_zip_entry, store, _ZIP, wrong)
    assert not store.held


def test_hostile_names_write_nothing():
    store = _opened()
    for name in (b"../x", b"/x", b"a/../../x", b"a\\..\\x", b"a\0", b"..", b"", b"\xff", b"a//b", b"x" * 256, b"./x"):
        _write(store, _stored((b"good", b"1"), (name, b"2")))
        try:
            files.now(archive.unzip, store, _ZIP, _OUT)
        except KioskError as exc:
            assert exc.args[0] in ("file permission", "file argument", "file name", "file io"), (name, exc)
        else:
            raise AssertionError(name)
        assert os.listdir(_FOLDER + "/usr") == ["z.zip"] and not store.held, name
    _write(store, _GOOD)
    for target in ("/app", "wxfile://tmp", "wxfile://store/x", "wxfile://usr/.."):
        _fails("file permission", archive.unzip, store, _ZIP, target)


def test_damaged_files():
    store = _opened(5000)
    _write(store, _stored((b"a", b"123")))
    files.now(archive.unzip, store, _ZIP, _OUT)
    assert _get("a") == b"123"
    for row, data in (
        ("file argument", b""),
        ("file argument", b"no zip file" * 200),
        ("file io", _stored((b"a", b"456"), crc=1)),
        ("file quota", _stored((b"a", b"456"), more=1 << 20)),
        ("file io", _stored((b"a", b"456"), more=1000)),
        ("unsupported", _stored((b"a", b"456"), encrypted=1)),
        ("unsupported", _stored((b"a", b"456"), method=12)),
    ):
        _write(store, data)
        _fails(row, archive.unzip, store, _ZIP, _OUT)
        assert _get("a") == b"123" and not store.held and not os.listdir(_FOLDER + "/tmp")


def test_every_damaged_byte():
    """Any byte of a zip file may be wrong: what comes is an error of the table or the right content."""
    store = _opened(10000)
    allowed = (
        "file argument",
        "file io",
        "file permission",
        "file name",
        "unsupported",
        "no file",
        "not a folder",
        "file quota",
    )
    for place in range(0, len(_GOOD), 3 * emulator.step(11)):
        data = bytearray(_GOOD)
        data[place] ^= 0x41
        gc.collect()
        _write(store, data)
        try:
            for _, found in files.now(archive.read_zip_entry, store, _ZIP, "all"):
                assert isinstance(found, KioskError) or bytes(found) in (
                    b"hello",
                    "é".encode(),
                    b"0123456789" * 300,
                    b"",
                )
        except KioskError as exc:
            assert exc.args[0] in allowed, (place, exc)
        except MemoryError:
            continue  # a size of gigabytes: the API says "out of memory"
        assert not store.held


# What Google's encoder makes of b"the quick brown fox " * 100 and "你好".
_BROTLI = binascii.a2b_base64("E9UH+J0JdqyTgcH6dliD0OGVy95S0DIjL7S3HmQSWUyTI2zTkVogurbbkHo=")
_TEXT = b"the quick brown fox " * 100 + "你好".encode()


def test_brotli():
    store = _opened()
    _write(store, _BROTLI)
    assert files.now(archive.read_compressed_file, store, _ZIP, "br") == _TEXT
    _fails("file argument", archive.read_compressed_file, store, _ZIP, "gz")
    _fails("no file", archive.read_compressed_file, store, "wxfile://usr/none", "br")


def test_brotli_that_is_none():
    store = _opened()
    for data in (b"", b"x" * 700, _BROTLI[:-1], _BROTLI[:20], b"\xff" + _BROTLI):
        _write(store, data)
        assert _fails("brotli", archive.read_compressed_file, store, _ZIP, "br").errno == 1301111


def test_brotli_damaged_at_each_bit():
    store = _opened()
    for place in range(0, 8 * len(_BROTLI), emulator.step(37)):
        data = bytearray(_BROTLI)
        data[place >> 3] ^= 1 << (place & 7)
        _write(store, data)
        try:
            content_read = files.now(archive.read_compressed_file, store, _ZIP, "br")
            assert isinstance(content_read, bytearray)
        except KioskError as exc:
            assert exc.args[0] == "brotli", (place, exc)
        except MemoryError:
            continue  # a window of megabytes: the API says "out of memory"
        gc.collect()
