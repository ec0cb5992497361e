"""Scenarios of the chapter "Data storage"; see tests/conformance/proof.py."""


async def keeps_what_it_is_given(t):
    """wx.setStorage wx.getStorage"""
    wx.clearStorageSync()
    value = {"list": [1, 2.5, "é", None, True]}
    await wx.setStorage(key="a", data=value)
    res = await wx.getStorage(key="a")
    assert res.data == value and wx.getStorageSync("a") == value
    await t.fails(lambda: wx.getStorage(key="none"), 1300002, "data not found")
    await t.fails(lambda: wx.setStorage(key="", data=object()), 1001)


async def sync_keeps_what_it_is_given(t):
    """wx.setStorageSync wx.getStorageSync"""
    wx.clearStorageSync()
    wx.setStorageSync("b", [1, {"c": "d"}])
    assert wx.getStorageSync("b") == [1, {"c": "d"}] and wx.getStorageSync("none") == ""


async def removing(t):
    """wx.removeStorage wx.removeStorageSync"""
    for key in "abc":
        wx.setStorageSync(key, key)
    await wx.removeStorage(key="a")
    wx.removeStorageSync("b")
    assert [wx.getStorageSync(key) for key in "abc"] == ["", "", "c"]


async def clearing(t):
    """wx.clearStorage"""
    wx.setStorageSync("a", 1)
    await wx.clearStorage()
    assert wx.getStorageInfoSync()["keys"] == []


async def clearing_sync(t):
    """wx.clearStorageSync"""
    wx.setStorageSync("a", 1)
    wx.clearStorageSync()
    assert wx.getStorageInfoSync()["keys"] == []


async def what_is_there(t):
    """wx.getStorageInfo wx.getStorageInfoSync"""
    wx.clearStorageSync()
    wx.setStorageSync("a", "x" * 3000)
    for info in (wx.getStorageInfoSync(), await wx.getStorageInfo()):
        assert info["keys"] == ["a"] and 3 <= info["currentSize"] < info["limitSize"]
