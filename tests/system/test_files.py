"""The mini-program's files over the console, on a real file system: wx-rules.md, rule 23."""

import pytest

PAGE = """
import wx

fs = wx.getFileSystemManager()

@Page
class Index:
    async def onLoad(self, query):
        path = wx.env["USER_DATA_PATH"] + "/a.txt"
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
    assert one["filePath"] == saved and one["size"] == 4 and one["createTime"] > 1_700_000_000
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
    kiosk = make_kiosk(heap=190 * 1024)
    kiosk.run(FILES)
    kiosk.wait(200)
    expression = "fs.truncateSync({'filePath': 'wxfile://usr/a.txt', 'length': 3000000})"
    assert evaluate(kiosk, expression) == "truncateSync:fail no space left on device"
    assert evaluate(kiosk, "fs.readFileSync('wxfile://usr/a.txt', 'utf8')") == "of the package"
    assert evaluate(kiosk, "fs.writeFileSync('wxfile://usr/b', 'x' * 2000)") == "None"


def test_closing_leaves_no_memory_behind(make_kiosk):
    kiosk = make_kiosk(heap=190 * 1024)
    used = []
    for _ in range(4):
        kiosk.run(FILES)
        kiosk.wait(200)
        evaluate(kiosk, "fs.openSync({'filePath': 'wxfile://usr/c', 'flag': 'w'})")
        assert kiosk.stop()["errMsg"] == "stop:ok"
        used.append(kiosk.state()["heapUsed"])
    assert used[-1] - used[1] < 256, used
