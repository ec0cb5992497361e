"""Scenarios of the network's status, with a fake station (tests/fakes/wlan.py); see tests/conformance/proof.py."""

FAKES = ("wlan",)


async def _joined():
    # A station that has joined its network, and the air around it; ends with _leave().
    import asyncio

    import board
    from kiosk.net import wifi

    board.wlan_failures = FAILURES  # noqa: F821  of the fake
    air = FakeWlan({"shop": "correct horse"})  # noqa: F821
    task = asyncio.create_task(wifi.keep(wifi.Station(air, 5)))
    await asyncio.sleep_ms(0)
    wifi.station.add("shop", "correct horse")
    return air, task


async def _leave(task):
    from kiosk.net import wifi

    wifi.station.forget("shop")
    task.cancel()
    wifi.station = None


async def kinds(t):
    """wx.getNetworkType"""
    from kiosk.net import wifi

    assert (await wx.getNetworkType()).networkType == "unknown"
    _, task = await _joined()
    try:
        await t.until(lambda: wifi.station.joined)
        res = await wx.getNetworkType()
        assert (res.networkType, res.signalStrength, res.weakNet, res.hasSystemProxy) == ("wifi", -50, False, False)
    finally:
        await _leave(task)


async def changes(t):
    """wx.onNetworkStatusChange wx.offNetworkStatusChange wx.onNetworkWeakChange wx.offNetworkWeakChange"""
    seen, weak, never = [], [], []
    wx.onNetworkStatusChange(lambda res: seen.append((res.isConnected, res.networkType)))
    wx.onNetworkWeakChange(lambda res: weak.append((res.weakNet, res.networkType)))
    for on, off in (
        (wx.onNetworkStatusChange, wx.offNetworkStatusChange),
        (wx.onNetworkWeakChange, wx.offNetworkWeakChange),
    ):
        on(never.append)
        off(never.append)
    air, task = await _joined()
    try:
        await t.until(lambda: seen)
        air.signal_dbm = -80
        await t.until(lambda: weak)
        del air.networks["shop"]
        await t.until(lambda: len(seen) > 1)
        assert seen == [(True, "wifi"), (False, "none")] and weak[0] == (True, "wifi") and never == []
    finally:
        await _leave(task)
