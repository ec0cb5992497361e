"""Chapter "File": the methods of the FileSystemManager, wx.saveFile and its kin.  What is under them: test_files.py."""

import asyncio
import gc
import os
import time

import vfs

import board
import wx
from kiosk import app, files, log
from tests.fakes.ramblockdev import RAMBlockDev

log.level = len(log.LEVELS)
board.data_folder = "/flash"

_USR = "wxfile://usr/"


class _Program:
    appid = "shop"
    root = "/flash/app"

    def __init__(self):
        self.at_close = ()


def _open_program():
    chip = RAMBlockDev(20)
    vfs.VfsLfs2.mkfs(chip)
    vfs.mount(vfs.VfsLfs2(chip), "/flash")
    os.mkdir("/flash/app")
    app.current = _Program()
    return wx.getFileSystemManager()


def _fails(message, errno, function, *args, **options):
    try:
        function(*args, **options)
    except wx.Error as exc:
        assert exc.errMsg == message, exc.errMsg
        assert exc.errno == errno, exc.errno
        return
    raise AssertionError(message)


async def _rejects(message, errno, awaitable):
    try:
        await awaitable
    except wx.Error as exc:
        assert exc.errMsg == message, exc.errMsg
        assert exc.errno == errno, exc.errno
        return
    raise AssertionError(message)


def _temporary(data=b"temporary"):
    url, path = files.current().temporary(".txt")
    with open(path, "wb") as file:
        file.write(data)
    return url


_ZIP = (  # a.txt, "hello", stored
    "UEsDBBQAAAAAAAAAIVCGphA2BQAAAAUAAAAFAAAAYS50eHRoZWxsb1BLAQIUAxQAAAAAAAAAIVCGphA2BQAAAAUAAAAFAAAAAAAA"
    "AAAAAACAAQAAAABhLnR4dFBLBQYAAAAAAQABADMAAAAoAAAAAAA="
)
_METHODS = """
readdirSync readCompressedFileSync access accessSync appendFile appendFileSync close copyFile copyFileSync fstat ftruncate
getFileInfo getSavedFileList mkdir mkdirSync open read readCompressedFile readFile readZipEntry readdir removeSavedFile
rename renameSync rmdir rmdirSync saveFile stat truncate unlink unlinkSync unzip write writeFile writeFileSync readSync
fstatSync statSync writeSync openSync saveFileSync readFileSync closeSync ftruncateSync truncateSync
"""


def test_all_methods_are_there():
    manager = _open_program()
    missing = [name for name in _METHODS.split() if not callable(getattr(manager, name, None))]
    assert not missing, missing
    for name in ("other", "getFileInfoSync", "unzipSync", "Sync", ""):
        assert not hasattr(manager, name), name
    assert manager is wx.getFileSystemManager()


def test_sync_methods():
    fs = _open_program()
    file = _USR + "d/f"
    assert fs.mkdirSync(_USR + "d", True) is None and fs.accessSync(_USR + "d") is None
    assert fs.writeFileSync(file, "6869", "hex") is None and fs.readFileSync(file, "utf8") == "hi"
    fs.appendFileSync(file, " there")
    assert fs.readFileSync(file) == b"hi there" and fs.readFileSync(filePath=file, position=3, length=2) == b"th"
    assert fs.readdirSync(_USR + "d") == ["f"]
    stats = fs.statSync(file)
    assert stats.size == 8 and stats.isFile() and not stats.isDirectory() and stats.mode == 0o100644
    assert stats.lastModifiedTime > 1700000000 and stats.lastAccessedTime > 1700000000
    assert fs.statSync(_USR).isDirectory()
    assert sorted([one.path for one in fs.statSync("wxfile://usr", True)]) == ["/", "/d", "/d/f"]
    fs.copyFileSync(file, _USR + "g")
    fs.truncateSync({"filePath": _USR + "g", "length": 2})
    assert fs.readFileSync(_USR + "g", "utf8") == "hi"
    fs.renameSync(_USR + "g", _USR + "h")
    fs.unlinkSync(_USR + "h")
    fs.rmdirSync(_USR + "d", True)
    assert fs.readdirSync("wxfile://usr") == []
    saved = fs.saveFileSync(_temporary())
    assert fs.readFileSync(saved, "utf8") == "temporary"
    assert fs.saveFileSync(_temporary(), _USR + "own") == _USR + "own"


def test_sync_descriptors():
    fs = _open_program()
    fd = fs.openSync({"filePath": _USR + "f", "flag": "w+"})
    assert fs.writeSync({"fd": fd, "data": "hello"}).bytesWritten == 5
    assert fs.writeSync(fd=fd, data=b"!").bytesWritten == 1
    buffer = bytearray(4)
    result = fs.readSync({"fd": fd, "arrayBuffer": buffer, "position": 1, "length": 3})
    assert result.bytesRead == 3 and result.arrayBuffer is buffer and buffer == b"ell\0"
    assert fs.fstatSync({"fd": fd}).size == 6
    fs.ftruncateSync({"fd": fd, "length": 1})
    assert fs.closeSync({"fd": fd}) is None and fs.readFileSync(_USR + "f") == b"h"
    _fails("closeSync:fail bad file descriptor", 1300009, fs.closeSync, {"fd": fd})
    _fails("closeSync:fail bad file descriptor", 1300009, fs.closeSync, {"fd": fd, 5: 6})


def test_sync_methods_raise():
    fs = _open_program()
    _fails("accessSync:fail no such file or directory wxfile://usr/x", 1300002, fs.accessSync, _USR + "x")
    _fails("readFileSync:fail permission denied wxfile://usr/../x", 1300013, fs.readFileSync, _USR + "../x")
    _fails("readdirSync:fail no such file or directory wxfile://usr/x", 1300002, fs.readdirSync, _USR + "x")
    _fails("writeFileSync:fail permission denied /a", 1300013, fs.writeFileSync, "/a", "x")
    _fails("readFileSync:fail is a directory wxfile://usr", 1300021, fs.readFileSync, "wxfile://usr")
    wrong = "parameter error: parameter.path should be String instead of "
    _fails("accessSync:fail " + wrong + "Number;", 1001, fs.accessSync, 5)
    _fails("accessSync:fail " + wrong + "Undefined;", 1001, fs.accessSync)
    reason = "writeFileSync:fail parameter error: parameter.data should be String or ArrayBuffer instead of Object;"
    _fails(reason, 1001, fs.writeFileSync, _USR + "x", {})
    assert fs.readdirSync("wxfile://usr") == []


async def test_async_methods():
    fs = _open_program()
    file = _USR + "f"
    for call, message in (
        (lambda: fs.mkdir(dirPath=_USR + "d"), "mkdir:ok"),
        (lambda: fs.writeFile(filePath=file, data="x" * 2000), "writeFile:ok"),
        (lambda: fs.appendFile({"filePath": file, "data": b"end"}), "appendFile:ok"),
        (lambda: fs.copyFile(srcPath=file, destPath=_USR + "d/g"), "copyFile:ok"),
        (lambda: fs.truncate(filePath=file, length=3), "truncate:ok"),
        (lambda: fs.access(path=file), "access:ok"),
        (lambda: fs.rename(oldPath=file, newPath=_USR + "e"), "rename:ok"),
        (lambda: fs.unlink(filePath=_USR + "e"), "unlink:ok"),
    ):
        assert (await call()).errMsg == message
    result = await fs.readFile(filePath=_USR + "d/g", encoding="utf8")
    assert result.data == "x" * 2000 + "end" and result.errMsg == "readFile:ok"
    assert (await fs.stat(path=_USR + "d/g")).stats.size == 2003
    assert [one.path for one in (await fs.stat(path=_USR + "d", recursive=True)).stats] == ["/", "/g"]
    assert (await fs.readdir(dirPath=_USR + "d"))["files"] == ["g"]
    assert (await fs.getFileInfo(filePath=_USR + "d/g")).size == 2003
    info = await fs.getFileInfo(filePath=_USR + "d/g", digestAlgorithm="sha1")
    assert info.size == 2003 and len(info.digest) == 40
    fd = (await fs.open(filePath=_USR + "d/g", flag="r+")).fd
    assert (await fs.read(fd=fd, arrayBuffer=bytearray(10))).bytesRead == 10
    assert (await fs.write(fd=fd, data="yz")).bytesWritten == 2
    assert (await fs.ftruncate(fd=fd, length=12)).errMsg == "ftruncate:ok"
    assert (await fs.fstat(fd=fd)).stats.size == 12
    assert (await fs.close(fd=fd)).errMsg == "close:ok"
    assert fs.readFileSync(_USR + "d/g", "utf8") == "x" * 10 + "yz"
    assert (await fs.rmdir(dirPath=_USR + "d", recursive=True)).errMsg == "rmdir:ok"
    await _rejects("stat:fail no such file or directory wxfile://usr/d", 1300002, fs.stat(path=_USR + "d"))
    await _rejects(
        "copyFile:fail no such file or directory wxfile://usr/d",
        1300002,
        fs.copyFile(srcPath=_USR + "d", destPath=file),
    )
    await _rejects("write:fail bad file descriptor", 1300009, fs.write(fd="99", data=""))


async def test_any_value_of_any_option():
    """Whatever is handed over, the call succeeds or fails with its own errMsg, and not for a reason nobody thought of."""
    fs = _open_program()
    values = (None, True, -1, 1.5, float("nan"), float("inf"), 1 << 70, "", "\0", "x" * 2000, b"", [], {}, print)
    calls = 0
    for name in _METHODS.split():
        method = getattr(fs, name)
        good = {option[0].lstrip("*"): _good(option[0]) for option in method.options}
        for option in good:
            for value in values:
                options = dict(good)
                options[option] = value
                try:
                    result = method(**options)
                    if not name.endswith("Sync"):
                        result = await result
                        assert result.errMsg == name + ":ok"
                except wx.Error as exc:
                    assert exc.errMsg.startswith(name + ":fail ") and len(exc.errMsg) < 500, exc.errMsg
                    assert exc.errno not in (-1, 1300201) or "too many" in exc.errMsg, (option, value, exc.errMsg)
                calls += 1
            gc.collect()
    assert calls > 1000, calls


def _good(option):
    if "Path" in option or "path" in option:
        return "wxfile://usr/x"
    if option in ("*fd", "*data", "*compressionAlgorithm", "*entries"):
        return "1"
    return bytearray(4) if option == "*arrayBuffer" else None


async def test_zip_files():
    fs = _open_program()
    fs.writeFileSync(_USR + "z", _ZIP, "base64")
    assert (await fs.unzip(zipFilePath=_USR + "z", targetPath=_USR + "out")).errMsg == "unzip:ok"
    assert fs.readFileSync(_USR + "out/a.txt", "utf8") == "hello"
    found = (await fs.readZipEntry(filePath=_USR + "z", entries="all", encoding="utf8")).entries
    assert found["a.txt"].data == "hello" and found["a.txt"].errMsg == "readZipEntry:ok"
    found = (await fs.readZipEntry(filePath=_USR + "z", entries=[{"path": "none"}])).entries
    assert found["none"].errMsg == "readZipEntry:fail no such file or directory none" and found["none"].errno == 1300002
    options = {"filePath": _USR + "z", "compressionAlgorithm": "br"}
    reason = "fail brotli decompress fail"
    _fails("readCompressedFileSync:" + reason, 1301111, fs.readCompressedFileSync, options)
    await _rejects("readCompressedFile:" + reason, 1301111, fs.readCompressedFile(options))


async def test_callbacks():
    fs = _open_program()
    results = []
    assert fs.access(path=_USR + "x", fail=results.append, complete=results.append) is None
    while len(results) < 2:
        await asyncio.sleep_ms(20)
    assert [one.errMsg for one in results] == ["access:fail no such file or directory wxfile://usr/x"] * 2
    results.clear()
    fs.writeFile({"filePath": _USR + "x", "data": "1", "success": results.append})
    while not results:
        await asyncio.sleep_ms(20)
    assert results[0].errMsg == "writeFile:ok" and fs.readFileSync(_USR + "x") == b"1"


def _is_now(unix_s):
    return 0 <= time.time() - unix_s < 1000  # by a board's own clock, which may not know what year it is


async def test_saved_files():
    fs = _open_program()
    saved = (await wx.saveFile(tempFilePath=_temporary())).savedFilePath
    other = (await fs.saveFile(tempFilePath=_temporary())).savedFilePath
    for result in (await wx.getSavedFileList(), await fs.getSavedFileList()):
        assert sorted([one.filePath for one in result.fileList]) == sorted([saved, other]), (
            result.fileList,
            saved,
            other,
        )
        assert result.fileList[0].size == 9 and _is_now(result.fileList[0].createTime)
    info = await wx.getSavedFileInfo(filePath=saved)
    assert info.size == 9 and _is_now(info.createTime) and info.errMsg == "getSavedFileInfo:ok"
    assert (await wx.removeSavedFile(filePath=saved)).errMsg == "removeSavedFile:ok"
    assert (await fs.removeSavedFile(filePath=other)).errMsg == "removeSavedFile:ok"
    assert (await wx.getSavedFileList()).fileList == []
    await _rejects(
        "getSavedFileInfo:fail no such file or directory " + saved, 1300002, wx.getSavedFileInfo(filePath=saved)
    )
    await _rejects("saveFile:fail permission denied /a", 1300013, wx.saveFile(tempFilePath="/a"))


async def test_closing_ends_all():
    fs = _open_program()
    url = _temporary()
    fs.openSync({"filePath": _USR + "f", "flag": "w"})
    fs.writeFileSync(_USR + "g", "kept")
    (close,) = app.current.at_close
    close()
    _fails("accessSync:fail no such file or directory " + url, 1300002, fs.accessSync, url)
    app.current = _Program()
    assert fs.readFileSync(_USR + "g", "utf8") == "kept" and len(app.current.at_close) == 1


def test_what_it_holds():
    _open_program()
    gc.collect()
    before = gc.mem_alloc()
    fs = wx.getFileSystemManager()
    fs.accessSync("wxfile://usr")
    gc.collect()
    held = gc.mem_alloc() - before
    print("bytes held:", held)
    assert held < 16000
