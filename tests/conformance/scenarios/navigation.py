"""Scenarios of the chapter "Route"; see tests/conformance/proof.py.  The mini-program has pages a to c, and two tabs."""


def _routes():
    from kiosk import router

    return [one.route.rpartition("/")[2] for one in router.stack]


async def forward_and_back(t):
    """wx.navigateTo wx.redirectTo wx.navigateBack"""
    heard = []
    res = await wx.navigateTo(url="/pages/a/a?n=1", events={"answer": heard.append})
    assert _routes() == ["index", "a"]
    from kiosk import router

    assert router.stack[-1].options == {"n": "1"}
    router.stack[-1].getOpenerEventChannel().emit("answer", 5)
    assert heard == [5] and res.eventChannel is not None
    await wx.redirectTo(url="../b/b")
    assert _routes() == ["index", "b"]
    await wx.navigateTo(url="../a/a")
    await wx.navigateBack(delta=2)
    assert _routes() == ["index"]
    await t.fails(lambda: wx.navigateBack(), 1001, "navigateBack:fail")
    await t.fails(lambda: wx.navigateTo(url="/pages/none"), 1001, "navigateTo:fail")
    await t.fails(lambda: wx.redirectTo(url="/pages/none"), 1001, "redirectTo:fail")


async def starting_over(t):
    """wx.reLaunch"""
    await wx.navigateTo(url="/pages/a/a")
    await wx.reLaunch(url="/pages/b/b")
    assert _routes() == ["b"]
    await t.fails(lambda: wx.reLaunch(url="/pages/none"), 1001)


async def tabs(t):
    """wx.switchTab"""
    await wx.switchTab(url="/pages/tab1/tab1")
    await wx.switchTab(url="/pages/tab2/tab2")
    assert _routes() == ["tab2"]
    await t.fails(lambda: wx.switchTab(url="/pages/a/a"), 1001)
