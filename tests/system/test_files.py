"""The mini-program's files over the console, on a real file system: wx-rules.md, rule 23."""

import hashlib
import time

import brotlicffi
import pytest

PAGE = """
import wx

fs = wx.getFileSystemManager()

@Page
class Index:
    async def onLoad(self, query):
        path = wx.env.USER_DATA_PATH + "/a.txt"
        await fs.writeFile(filePath=path, data="hello")
        print((await fs.readFile(filePath=path, encoding="utf8")).data)
        print(fs.readFileSync("/assets/a.txt", "utf8"))
        fs.copyFile(srcPath="assets/a.txt", destPath=path, complete=lambda res: print(res.errMsg))
"""
FILES = {"pages/index/index.py": PAGE, "assets/a.txt": "of the package"}
TEMPORARY = """
from kiosk import files
url, path = files.current().temporary(".png")
with open(path, "wb") as file:
    file.write(b"1234")
print(url)
"""


def evaluate(kiosk, expression):
    """What an expression over `fs` gives, or the errMsg of what it raises."""
    code = f"""
import wx
fs = wx.getFileSystemManager()
try:
    print({expression})
except wx.Error as exc:
    print(exc.errMsg)
"""
    return kiosk.exec(code).strip()


@pytest.fixture
def shop(kiosk):
    """A mini-program that has written a file and copied one of its package over it."""
    assert kiosk.run(FILES)["errMsg"] == "launch:ok"
    kiosk.wait(200)
    return kiosk


def test_a_page_reads_and_writes(shop):
    assert shop.output.splitlines() == ["hello", "of the package", "copyFile:ok"], shop.errors
    assert evaluate(shop, "fs.readFileSync('wxfile://usr/a.txt', 'utf8')") == "of the package"
    assert shop.errors == ""


def test_files_stay_and_temporary_ones_go(shop):
    url = shop.exec(TEMPORARY).strip()
    loose = shop.exec(TEMPORARY).strip()
    saved = shop.call("saveFile", {"tempFilePath": url})["savedFilePath"]
    assert evaluate(shop, f"fs.statSync('{loose}').size") == "4"
    assert shop.stop()["errMsg"] == "stop:ok"
    assert shop.exec("import os\nprint(sorted(os.listdir('/data/test')))").strip() == "['store', 'usr']"
    shop.launch("test")
    assert evaluate(shop, f"fs.readFileSync('{saved}', 'utf8')") == "1234"
    assert evaluate(shop, f"fs.accessSync('{loose}')") == f"accessSync:fail no such file or directory {loose}"
    (one,) = shop.call("getSavedFileList", {})["fileList"]
    assert one["filePath"] == saved and one["size"] == 4
    now = int(shop.exec("import time\nprint(int(time.time()))"))  # by the kiosk's own clock, which may not be set yet
    assert now - 3600 < one["createTime"] <= now
    assert shop.call("removeSavedFile", {"filePath": saved})["errMsg"] == "removeSavedFile:ok"
    assert shop.call("getSavedFileList", {})["fileList"] == []


def test_nobody_sees_another_ones_files(shop):
    """Rule 23: a mini-program has its own folders, and paths with dots are refused."""
    shop.run({"pages/index/index.py": "@Page\nclass Index:\n    pass\n"}, appid="other")
    assert "no such file" in evaluate(shop, "fs.readFileSync('wxfile://usr/a.txt')")
    assert evaluate(shop, "fs.readdirSync('wxfile://usr')") == "[]"
    for path in (
        "wxfile://usr/../../test/usr/a.txt",
        "../test/app.json",
        "./app.json",
        "/../../data/test/usr/a.txt",
    ):
        assert "fail permission denied" in evaluate(shop, f"fs.readFileSync('{path}')")
    assert "permission denied" in evaluate(shop, "fs.writeFileSync('/assets/a.txt', '')")


def test_a_full_flash_keeps_what_is_there(make_kiosk):
    kiosk = make_kiosk(heap=190 * 1024, flash_kb=2048)
    kiosk.run(FILES)
    kiosk.wait(200)
    expression = "fs.truncateSync({'filePath': 'wxfile://usr/a.txt', 'length': 3000000})"
    assert evaluate(kiosk, expression) == "truncateSync:fail no space left on device"
    assert evaluate(kiosk, "fs.readFileSync('wxfile://usr/a.txt', 'utf8')") == "of the package"
    assert evaluate(kiosk, "fs.writeFileSync('wxfile://usr/b', 'x' * 2000)") == "None"


def test_closing_leaves_no_memory_behind(make_kiosk):
    kiosk = make_kiosk(heap=190 * 1024)
    used = []
    for _ in range(6):
        kiosk.run(FILES)
        kiosk.wait(200)
        evaluate(kiosk, "fs.openSync({'filePath': 'wxfile://usr/c', 'flag': 'w'})")
        assert kiosk.stop()["errMsg"] == "stop:ok"
        used.append(kiosk.state()["heapUsed"])
    # The collector takes whatever looks like a pointer for one, so a dead object may stay for a launch or two.
    assert min(used[2:]) - used[1] < 256, used


@pytest.mark.parametrize(("size", "quality", "window"), [(0, 11, 22), (1, 5, 10), (30000, 11, 16), (200000, 1, 22)])
def test_what_brotli_has_compressed(make_kiosk, size, quality, window):
    kiosk = make_kiosk(**{"heap": 4 << 20} if size > 100_000 else {})
    text = (b"mini-program %d " % size) * (size // 14 + 1)
    kiosk.run()
    kiosk.exec("import wx\nwx.getFileSystemManager().mkdirSync('wxfile://usr/d')")
    kiosk.put("/data/test/usr/d/a.br", brotlicffi.compress(text[:size], quality=quality, lgwin=window))
    code = "wx.getFileSystemManager().readCompressedFileSync({'filePath': 'wxfile://usr/d/a.br', 'compressionAlgorithm': 'br'})"
    seen = kiosk.exec(f"import hashlib, wx\ndata = {code}\nprint(len(data), hashlib.sha1(data).digest().hex())").split()
    assert seen == [str(size), hashlib.sha1(text[:size]).hexdigest()]


BEYOND = """
import wx

@Page
class Index:
    def onLoad(self, query):
        wx.getFileSystemManager().readCompressedFile(
            filePath="wxfile://usr/a.br", compressionAlgorithm="br", fail=lambda res: print(res.errMsg, res.errno)
        )
"""


def test_brotli_beyond_the_memory(make_kiosk):
    kiosk = make_kiosk(heap=190 * 1024)
    kiosk.run()
    kiosk.exec("import wx\nwx.getFileSystemManager().mkdirSync('wxfile://usr/d')")
    kiosk.put("/data/test/usr/a.br", brotlicffi.compress(bytes(5_000_000)))
    kiosk.run({"pages/index/index.py": BEYOND})
    deadline = time.monotonic() + 60
    while not kiosk.output:
        assert time.monotonic() < deadline
    assert kiosk.output == "readCompressedFile:fail out of memory 111\n"
    assert kiosk.state()["heapFree"] > 140 * 1024
