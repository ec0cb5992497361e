"""Scenarios of the chapter "Network", WebSocket, against a server that echoes; see tests/conformance/proof.py."""


def _listening(task, seen):
    task.onOpen(lambda res: seen.append(("open", res.header)))
    task.onMessage(lambda res: seen.append(("message", res.data)))
    task.onError(lambda res: seen.append(("error", res.errMsg)))
    task.onClose(lambda res: seen.append(("close", res.code)))
    return task


async def a_socket(t):
    """wx.connectSocket SocketTask.onOpen SocketTask.onMessage SocketTask.onClose SocketTask.send SocketTask.close"""
    seen = []
    task = _listening(wx.connectSocket(url=t.ws, header={"X-Test": "yes"}, protocols=["chat"], timeout=9000), seen)
    await t.until(lambda: seen)
    assert seen[0][0] == "open" and seen[0][1]["Upgrade"].lower() == "websocket"
    await task.send(data="é")
    await t.until(lambda: len(seen) > 1)
    await task.send(data=b"\0\1")
    await t.until(lambda: len(seen) > 2)
    assert seen[1:] == [("message", "é"), ("message", b"\0\1")]
    await t.fails(lambda: task.close(code=1001, reason="not a client's"), 1001, "closeSocket:fail invalid")
    await task.close(code=3000, reason="done")
    await t.until(lambda: len(seen) > 3)
    assert seen[3] == ("close", 3000)
    await t.fails(lambda: task.send(data="late"), 600001, "sendSocketMessage:fail")
    await t.fails(lambda: wx.connectSocket(url="no address"), 600009)


async def a_socket_that_fails(t):
    """SocketTask.onError"""
    seen = []
    _listening(wx.connectSocket(url="ws://127.0.0.1:1/"), seen)
    await t.until(lambda: seen)
    assert seen[0][0] == "error" and ":fail" in seen[0][1]


async def global_calls(t):
    """wx.onSocketOpen wx.onSocketMessage wx.onSocketClose wx.sendSocketMessage wx.closeSocket"""
    seen = []
    await t.fails(lambda: wx.sendSocketMessage(data="early"), 600001, "sendSocketMessage:fail")
    await t.fails(lambda: wx.closeSocket(), 600001, "closeSocket:fail")
    wx.onSocketOpen(lambda res: seen.append("open"))
    wx.onSocketMessage(lambda res: seen.append(res.data))
    wx.onSocketClose(lambda res: seen.append(res.code))
    wx.connectSocket(url=t.ws)
    await t.until(lambda: seen)
    await wx.sendSocketMessage(data="hello")
    await t.until(lambda: len(seen) > 1)
    await wx.closeSocket(code=1000, reason="done")
    await t.until(lambda: len(seen) > 2)
    assert seen == ["open", "hello", 1000]


async def a_global_failure(t):
    """wx.onSocketError"""
    seen = []
    wx.onSocketError(lambda res: seen.append(res.errMsg))
    wx.connectSocket(url="ws://127.0.0.1:1/")
    await t.until(lambda: seen)
    assert ":fail" in seen[0]


async def not_listening_any_more(t):
    """wx.offSocketOpen wx.offSocketMessage wx.offSocketClose wx.offSocketError"""
    seen, heard = [], []
    for on, off in (
        (wx.onSocketOpen, wx.offSocketOpen),
        (wx.onSocketMessage, wx.offSocketMessage),
        (wx.onSocketClose, wx.offSocketClose),
        (wx.onSocketError, wx.offSocketError),
    ):
        on(seen.append)
        off(seen.append)
    task = _listening(wx.connectSocket(url=t.ws), heard)
    await t.until(lambda: heard)
    await task.send(data="x")
    await t.until(lambda: len(heard) > 1)
    await task.close()
    await t.until(lambda: len(heard) > 2)
    _listening(wx.connectSocket(url="ws://127.0.0.1:1/"), heard)
    await t.until(lambda: len(heard) > 4)
    assert seen == []
