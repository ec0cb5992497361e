"""Scenarios of the chapter "Base" and of the device; see tests/conformance/proof.py."""


async def what_there_is(t):
    """wx.canIUse wx.env"""
    assert wx.canIUse("setStorage.object.key") is True and wx.canIUse("setStorage.object.none") is False
    assert wx.canIUse("nothing") is False
    assert wx.env["USER_DATA_PATH"] == "wxfile://usr"


async def what_it_is(t):
    """wx.getSystemInfo wx.getSystemInfoSync wx.getSystemInfoAsync"""
    for info in (wx.getSystemInfoSync(), await wx.getSystemInfo(), await wx.getSystemInfoAsync()):
        assert info["brand"] == "mpkiosk" and info["SDKVersion"].count(".") == 2 and info["language"] == "zh_CN"
    t.observe("SystemInfo", wx.getSystemInfoSync())


async def how_it_was_started(t):
    """wx.getLaunchOptionsSync wx.getEnterOptionsSync"""
    for options in (wx.getLaunchOptionsSync(), wx.getEnterOptionsSync()):
        assert options["path"] == "pages/index/index" and options["scene"] == 1001 and options["query"] == {}


def _raise():
    raise ValueError("meant to be")


async def errors(t):
    """wx.onError wx.offError"""
    heard, never = [], []
    wx.onError(heard.append)
    wx.onError(never.append)
    wx.offError(never.append)
    setTimeout(_raise, 1)
    await t.until(lambda: heard)
    assert "ValueError: meant to be" in heard[0] and never == []


async def rejections(t):
    """wx.onUnhandledRejection wx.offUnhandledRejection"""
    heard, never = [], []
    wx.onUnhandledRejection(heard.append)
    wx.onUnhandledRejection(never.append)
    wx.offUnhandledRejection(never.append)
    wx.getStorage(key="none")
    await t.until(lambda: heard)
    assert heard[0].reason.errMsg == "getStorage:fail data not found" and never == []


async def hiding(t):
    """wx.onAppHide wx.offAppHide wx.onAppShow wx.offAppShow"""
    from kiosk import supervisor

    heard, never = [], []
    wx.onAppHide(lambda res: heard.append("hide"))
    wx.onAppShow(lambda res: heard.append("show"))
    for on, off in ((wx.onAppHide, wx.offAppHide), (wx.onAppShow, wx.offAppShow)):
        on(never.append)
        off(never.append)
    supervisor.set_visible(False)
    supervisor.set_visible(True)
    assert heard == ["hide", "show"] and never == []


async def leaving(t):
    """wx.exitMiniProgram"""
    from kiosk import app

    results = []
    wx.exitMiniProgram(success=results.append)
    await t.until(lambda: app.current is None)
    assert results[0].errMsg == "exitMiniProgram:ok"
