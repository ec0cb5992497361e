"""Scenarios of the chapter "File"; see tests/conformance/proof.py."""

_USR = "wxfile://usr/"
_ZIP = (  # a.txt, "hello", stored
    "UEsDBBQAAAAAAAAAIVCGphA2BQAAAAUAAAAFAAAAYS50eHRoZWxsb1BLAQIUAxQAAAAAAAAAIVCGphA2BQAAAAUAAAAFAAAAAAAA"
    "AAAAAACAAQAAAABhLnR4dFBLBQYAAAAAAQABADMAAAAoAAAAAAA="
)
_BROTLI = "GwMB+B2pU5+7cC1WhiYnQdjoki3tLQaMBo5lxi8="  # "hello brotli ", 20 times


def _clean():
    # An empty usr and nothing saved, without what is being proved.
    import os

    from kiosk import files

    files.current()

    def empty(folder):
        for name, kind, *_ in list(os.ilistdir(folder)):
            if kind == 0x4000:
                empty(folder + "/" + name)
                os.rmdir(folder + "/" + name)
            else:
                os.remove(folder + "/" + name)

    root = files.current().folder
    for area in ("usr", "store"):
        if area in os.listdir(root):
            empty(root + "/" + area)
    return root + "/usr/"


def _put(path, data):
    with open(path, "wb") as file:
        file.write(data)


def _get(path):
    with open(path, "rb") as file:
        return file.read()


def _exists(path):
    import os

    try:
        os.stat(path)
    except OSError:
        return False
    return True


def _temporary():
    from kiosk import files

    url, path = files.current().temporary(".txt")
    _put(path, b"temporary")
    return url


async def one_manager(t):
    """wx.getFileSystemManager"""
    manager = wx.getFileSystemManager()
    assert manager is wx.getFileSystemManager() and callable(manager.readFile)


async def looking(t):
    """FileSystemManager.access FileSystemManager.accessSync"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    _put(folder + "a", b"")
    assert (await fs.access(path=_USR + "a")).errMsg == "access:ok" and fs.accessSync(_USR + "a") is None
    await t.fails(lambda: fs.access(path=_USR + "b"), 1300002)
    await t.fails(lambda: fs.accessSync(_USR + "b"), 1300002)


async def facts(t):
    """FileSystemManager.stat FileSystemManager.statSync Stats.isDirectory Stats.isFile"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    _put(folder + "a", b"12345")
    stats = (await fs.stat(path=_USR + "a")).stats
    assert stats.size == fs.statSync(_USR + "a").size == 5
    t.observe("Stats", stats)
    assert stats.isFile() is True and stats.isDirectory() is False
    stats = fs.statSync("wxfile://usr")
    assert stats.isFile() is False and stats.isDirectory() is True
    assert sorted([one.path for one in (await fs.stat(path="wxfile://usr", recursive=True)).stats]) == ["/", "/a"]
    await t.fails(lambda: fs.stat(path=_USR + "b"), 1300002)
    await t.fails(lambda: fs.statSync(_USR + "b"), 1300002)


async def folders(t):
    """FileSystemManager.mkdir FileSystemManager.mkdirSync FileSystemManager.rmdir FileSystemManager.rmdirSync"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    await fs.mkdir(dirPath=_USR + "a/b", recursive=True)
    fs.mkdirSync(_USR + "a/c")
    assert _exists(folder + "a/b") and _exists(folder + "a/c")
    await t.fails(lambda: fs.mkdir(dirPath=_USR + "a"), 1301005)
    fs.rmdirSync(_USR + "a/c")
    assert not _exists(folder + "a/c")
    await t.fails(lambda: fs.rmdir(dirPath=_USR + "a"), 1300066)
    await fs.rmdir(dirPath=_USR + "a", recursive=True)
    assert not _exists(folder + "a")


async def listing(t):
    """FileSystemManager.readdir FileSystemManager.readdirSync"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    _put(folder + "a", b"")
    assert (await fs.readdir(dirPath="wxfile://usr"))["files"] == fs.readdirSync("wxfile://usr") == ["a"]
    await t.fails(lambda: fs.readdir(dirPath=_USR + "a"), 1300020)


async def names(t):
    """FileSystemManager.rename FileSystemManager.renameSync FileSystemManager.unlink FileSystemManager.unlinkSync"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    _put(folder + "a", b"kept")
    await fs.rename(oldPath=_USR + "a", newPath=_USR + "b")
    fs.renameSync(_USR + "b", _USR + "c")
    assert _get(folder + "c") == b"kept" and not _exists(folder + "a")
    _put(folder + "d", b"")
    await fs.unlink(filePath=_USR + "c")
    fs.unlinkSync(_USR + "d")
    assert not _exists(folder + "c") and not _exists(folder + "d")
    await t.fails(lambda: fs.unlink(filePath=_USR + "c"), 1300002)
    await t.fails(lambda: fs.rename(oldPath=_USR + "c", newPath=_USR + "d"), 1300002)


async def reading(t):
    """FileSystemManager.readFile FileSystemManager.readFileSync"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    _put(folder + "a", b"\xc3\xa9123")
    assert (await fs.readFile(filePath=_USR + "a")).data == b"\xc3\xa9123"
    assert (await fs.readFile(filePath=_USR + "a", encoding="utf8", position=0, length=3)).data == "é1"
    assert fs.readFileSync(_USR + "a", "utf8", 2, 2) == "12"
    await t.fails(lambda: fs.readFile(filePath=_USR + "b"), 1300002)


async def writing(t):
    """FileSystemManager.writeFile FileSystemManager.writeFileSync FileSystemManager.appendFile FileSystemManager.appendFileSync"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    await fs.writeFile(filePath=_USR + "a", data="é")
    await fs.appendFile(filePath=_USR + "a", data=b"\0")
    assert _get(folder + "a") == b"\xc3\xa9\0"
    fs.writeFileSync(_USR + "b", "6869", "hex")
    fs.appendFileSync(_USR + "b", "!")
    assert _get(folder + "b") == b"hi!"
    await t.fails(lambda: fs.writeFile(filePath="/b", data=""), 1300013)
    await t.fails(lambda: fs.appendFile(filePath=_USR + "none", data=""), 1300002)


async def copies_and_cuts(t):
    """FileSystemManager.copyFile FileSystemManager.copyFileSync FileSystemManager.truncate FileSystemManager.truncateSync"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    _put(folder + "a", b"12345")
    await fs.copyFile(srcPath=_USR + "a", destPath=_USR + "b")
    fs.copyFileSync(_USR + "b", _USR + "c")
    await fs.truncate(filePath=_USR + "b", length=3)
    fs.truncateSync({"filePath": _USR + "c", "length": 1})
    assert [_get(folder + name) for name in "abc"] == [b"12345", b"123", b"1"]
    await t.fails(lambda: fs.copyFile(srcPath=_USR + "none", destPath=_USR + "b"), 1300002)
    await t.fails(lambda: fs.truncate(filePath=_USR + "none"), 1300002)


async def digests(t):
    """FileSystemManager.getFileInfo"""
    _put(_clean() + "a", b"abc")
    info = await wx.getFileSystemManager().getFileInfo(filePath=_USR + "a", digestAlgorithm="sha1")
    assert info.size == 3 and info.digest == "a9993e364706816aba3e25717850c26c9cd0d89d"
    await t.fails(lambda: wx.getFileSystemManager().getFileInfo(filePath=_USR + "b"), 1300002)


async def descriptors(t):
    """FileSystemManager.open FileSystemManager.close FileSystemManager.read FileSystemManager.write FileSystemManager.fstat FileSystemManager.ftruncate"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    fd = (await fs.open(filePath=_USR + "a", flag="w+")).fd
    assert (await fs.write(fd=fd, data="hello")).bytesWritten == 5
    assert (await fs.write(fd=fd, data=b"xyz", offset=1, length=1, position=0, encoding="utf8")).bytesWritten == 1
    buffer = bytearray(6)
    result = await fs.read(fd=fd, arrayBuffer=buffer, offset=2, length=3, position=1)
    assert result.bytesRead == 3 and result.arrayBuffer is buffer and buffer == b"\0\0ell\0"
    assert (await fs.fstat(fd=fd)).stats.size == 5
    await fs.ftruncate(fd=fd, length=2)
    await fs.close(fd=fd)
    assert _get(folder + "a") == b"ye"
    await t.fails(lambda: fs.close(fd=fd), 1300009)
    await t.fails(lambda: fs.fstat(fd=fd), 1300009)
    await t.fails(lambda: fs.ftruncate(fd=fd, length=1), 1300009)
    await t.fails(lambda: fs.read(fd=fd, arrayBuffer=buffer), 1300009)
    await t.fails(lambda: fs.write(fd=fd, data=""), 1300009)
    await t.fails(lambda: fs.open(filePath=_USR + "none"), 1300002)


async def sync_descriptors(t):
    """FileSystemManager.openSync FileSystemManager.closeSync FileSystemManager.readSync FileSystemManager.writeSync FileSystemManager.fstatSync FileSystemManager.ftruncateSync"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    fd = fs.openSync({"filePath": _USR + "a", "flag": "w+"})
    assert fs.writeSync({"fd": fd, "data": "hello"}).bytesWritten == 5
    buffer = bytearray(3)
    assert fs.readSync({"fd": fd, "arrayBuffer": buffer, "position": 1}).bytesRead == 3 and buffer == b"ell"
    assert fs.fstatSync({"fd": fd}).size == 5
    fs.ftruncateSync({"fd": fd, "length": 2})
    fs.closeSync({"fd": fd})
    assert _get(folder + "a") == b"he"
    await t.fails(lambda: fs.closeSync({"fd": fd}), 1300009)


async def saved(t):
    """wx.saveFile wx.getSavedFileList wx.getSavedFileInfo wx.removeSavedFile"""
    _clean()
    url = (await wx.saveFile(tempFilePath=_temporary())).savedFilePath
    (one,) = (await wx.getSavedFileList()).fileList
    assert one.filePath == url and one.size == 9 and one.createTime > 1700000000
    info = await wx.getSavedFileInfo(filePath=url)
    assert info.size == 9 and info.createTime == one.createTime
    await wx.removeSavedFile(filePath=url)
    assert (await wx.getSavedFileList()).fileList == []
    await t.fails(lambda: wx.getSavedFileInfo(filePath=url), 1300002)
    await t.fails(lambda: wx.saveFile(tempFilePath="wxfile://tmp/none"), 1300002)


async def saved_by_the_manager(t):
    """FileSystemManager.saveFile FileSystemManager.saveFileSync FileSystemManager.getSavedFileList FileSystemManager.removeSavedFile"""
    folder = _clean()
    fs = wx.getFileSystemManager()
    url = (await fs.saveFile(tempFilePath=_temporary())).savedFilePath
    assert fs.saveFileSync(_temporary(), _USR + "own") == _USR + "own" and _get(folder + "own") == b"temporary"
    own = await fs.saveFile(tempFilePath=_temporary(), filePath=_USR + "two")
    assert own.savedFilePath == _USR + "two" and _exists(folder + "two")
    (one,) = (await fs.getSavedFileList()).fileList
    assert one.filePath == url and one.size == 9
    await fs.removeSavedFile(filePath=url)
    assert (await fs.getSavedFileList()).fileList == []
    await t.fails(lambda: fs.removeSavedFile(filePath=url), 1300002)
    await t.fails(lambda: fs.saveFile(tempFilePath="wxfile://tmp/none"), 1300002)


async def archives(t):
    """FileSystemManager.unzip FileSystemManager.readZipEntry"""
    import binascii

    folder = _clean()
    fs = wx.getFileSystemManager()
    _put(folder + "z", binascii.a2b_base64(_ZIP))
    await fs.unzip(zipFilePath=_USR + "z", targetPath=_USR + "out")
    assert _get(folder + "out/a.txt") == b"hello"
    found = (await fs.readZipEntry(filePath=_USR + "z", entries="all", encoding="utf8")).entries
    assert found["a.txt"].data == "hello"
    await t.fails(lambda: fs.unzip(zipFilePath=_USR + "out/a.txt", targetPath=_USR + "no"), 1300022)
    await t.fails(lambda: fs.readZipEntry(filePath=_USR + "none", entries="all"), 1300002)


async def compressed(t):
    """FileSystemManager.readCompressedFile FileSystemManager.readCompressedFileSync"""
    import binascii

    folder = _clean()
    fs = wx.getFileSystemManager()
    _put(folder + "a", binascii.a2b_base64(_BROTLI))
    options = {"filePath": _USR + "a", "compressionAlgorithm": "br"}
    assert (await fs.readCompressedFile(options)).data == b"hello brotli " * 20
    assert fs.readCompressedFileSync(options) == b"hello brotli " * 20
    _put(folder + "a", b"hello")
    await t.fails(lambda: fs.readCompressedFile(options), 1301111)
    await t.fails(lambda: fs.readCompressedFile(filePath=_USR + "a", compressionAlgorithm="zip"), 1300022)
