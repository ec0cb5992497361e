"""The ten storage APIs.  What is under them: test_storage.py."""

import asyncio

import vfs

import wx
from kiosk import app, log, storage
from tests.fakes.ramblockdev import RAMBlockDev

log.level = len(log.LEVELS)

_FOLDER = "/flash/data/shop/storage"


class _Program:
    storage = None


def _open_program(limit_bytes=50000):
    chip = RAMBlockDev(16)
    vfs.VfsLfs2.mkfs(chip)
    vfs.mount(vfs.VfsLfs2(chip), "/flash")
    app.current = _Program()
    app.current.storage = storage.Storage(_FOLDER, limit_bytes)


def _damage(name):
    with open(_FOLDER + "/" + name, "r+b") as file:
        file.write(b"#")


def _message(function, *args, **options):
    try:
        function(*args, **options)
    except wx.Error as exc:
        return exc.errMsg
    raise AssertionError("no error")


def test_sync_apis():
    _open_program()
    assert wx.getStorageSync("key") == ""
    assert wx.setStorageSync("key", {"a": [1]}) is None
    wx.setStorageSync(key="other", data=None)
    assert wx.getStorageSync("key") == {"a": [1]} and wx.getStorageSync("other") is None
    info = wx.getStorageInfoSync()
    assert sorted(info.keys) == sorted(info["keys"]) == ["key", "other"]
    assert info.currentSize == 1 and info.limitSize == 49
    wx.removeStorageSync("key")
    wx.removeStorageSync("key")
    assert wx.getStorageInfoSync()["keys"] == ["other"]
    wx.clearStorageSync()
    info = wx.getStorageInfoSync()
    assert info["keys"] == [] and info.currentSize == 0


def test_sync_apis_raise():
    _open_program(1000)
    wrong = "setStorageSync:fail parameter error: "
    assert _message(wx.setStorageSync, "", 1) == wrong + "parameter.key should not be an empty String;"
    assert _message(wx.setStorageSync, 5, 1) == wrong + "parameter.key should be String instead of Number;"
    assert _message(wx.setStorageSync, "a", print).endswith(" what JSON can hold instead of Function;")
    assert _message(wx.setStorageSync, "a", "x" * 1000).startswith("setStorageSync:fail the maximum size of the stor")
    assert _message(wx.getStorageSync).startswith("getStorageSync:fail parameter error")
    app.current.storage.set("a", "x" * 200)
    _damage("a.0")
    assert "damaged" in _message(wx.getStorageSync, "a")


async def test_async_apis():
    _open_program()
    assert (await wx.setStorage(key="key", data=[1, "é"])).errMsg == "setStorage:ok"
    res = await wx.getStorage({"key": "key"})
    assert res.data == [1, "é"] and res.errMsg == "getStorage:ok"
    res = await wx.getStorageInfo()
    assert (res["keys"], res.currentSize, res.limitSize, res.errMsg) == (["key"], 1, 49, "getStorageInfo:ok")
    assert (await wx.removeStorage(key="key")).errMsg == "removeStorage:ok"
    results = []
    wx.getStorage(key="key", fail=results.append, complete=results.append)
    await asyncio.sleep_ms(20)
    assert len(results) == 2 and results[0].errMsg == "getStorage:fail data not found", results
    await wx.setStorage(key="key", data=1)
    assert (await wx.clearStorage()).errMsg == "clearStorage:ok"
    assert wx.getStorageSync("key") == ""


async def test_encryption_is_refused():
    _open_program()
    for call in (lambda: wx.setStorage(key="a", data=1, encrypt=True), lambda: wx.getStorage(key="a", encrypt=True)):
        try:
            await call()
        except wx.Error as exc:
            assert exc.errMsg.endswith("Storage:fail not supported: encrypt") and exc.errno == 100
            continue
        raise AssertionError
    assert app.current.storage.keys() == []
    await wx.setStorage(key="a", data=1, encrypt=False)
    assert (await wx.getStorage(key="a", encrypt=False)).data == 1
