"""wx-rules.md, rule 12, sentence by sentence; and rule 8 as far as it is about sockets (see also test_websocket.py)."""

import asyncio

import wx
from kiosk import api
from tests.fakes.wspeer import CLOSE, TEXT, Client, Sockets, closing, echo, frame, websocket

_METHODS = ("send", "close", "onOpen", "onClose", "onError", "onMessage")


async def _failure(awaitable):
    try:
        await awaitable
    except api.Error as exc:
        return exc.errMsg, exc.errno
    raise AssertionError("no failure")


async def test_rule_12_the_task_has_six_methods_and_what_ports_read():
    async with Sockets(websocket(echo)) as net:
        client = Client(net)
        assert all(callable(getattr(client.task, name)) for name in _METHODS)
        states = [client.task.readyState]
        result = await client.task
        assert result.errMsg == "connectSocket:ok" and result.socketTaskId > 0
        await client.opened()
        states.append(client.task.readyState)
        await client.task.close()
        states.append(client.task.readyState)
        await client.closed()
        states.append(client.task.readyState)
        assert states == [0, 1, 2, 3]
        task = client.task
        assert states == [task.CONNECTING, task.OPEN, task.CLOSING, task.CLOSED]


async def test_rule_12_close_codes():
    async with Sockets(websocket(echo)) as net:
        client = await Client(net).opened()
        for code in (999, 1001, 1005, 2999, 5000):
            assert (await _failure(client.task.close(code=code)))[0] == "closeSocket:fail invalid code", code
        assert (await _failure(client.task.close(reason="é" * 62)))[0] == "closeSocket:fail invalid reason"
        for code, reason in ((1000, "x" * 123), (3000, ""), (4999, "é" * 61)):
            client = await Client(net).opened()
            await client.task.close(code=code, reason=reason)
            assert await client.closed() == (code, reason or ("normal closure" if code == 1000 else ""), [])


async def test_rule_12_send_before_open_and_after_close():
    expected = ("sendSocketMessage:fail WebSocket is not connected", 600001)
    async with Sockets(websocket(echo)) as net:
        client = Client(net)
        assert await _failure(client.task.send(data="early")) == expected
        await client.opened()
        await client.task.close()
        assert await _failure(client.task.send(data="late")) == expected
        await client.closed()
        assert await _failure(client.task.send(data="very late")) == expected


async def test_rule_12_each_observed_reason():
    async def hangs_up(peer):
        await peer.send(TEXT, b"x")

    async def breaks_off(peer):
        await peer.receive()
        peer.connection.reset()

    async def says_nothing_more(peer):
        await peer.raw(closing(1000))
        await peer.until_close()

    async def sends_no_code(peer):
        await peer.raw(frame(CLOSE))
        await peer.until_close()

    async with Sockets(websocket(says_nothing_more)) as net:
        assert await Client(net).closed() == (1000, "normal closure", [])
        net.play = websocket(sends_no_code)
        assert await Client(net).closed() == (1005, "", [])
        net.play = websocket(hangs_up)
        assert await Client(net).closed() == (1001, "Stream end encountered", [])
        net.play = websocket(breaks_off)
        client = await Client(net).opened()
        await client.task.send(data="x")
        code, reason, errors = await client.closed()
        assert (code, reason) == (1006, "abnormal closure") and len(errors) == 1
        net.play = websocket(echo)
        client = await Client(net).opened()
        for interrupt in net.program.at_background:
            interrupt()
        assert await client.closed() == (1000, "interrupted", [])


async def test_rule_12_a_connect_failure_is_an_error_before_it_is_a_close():
    async def refuses(connection):
        await connection.request()
        await connection.send(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    async with Sockets(refuses) as net:
        heard = []
        wx.onSocketError(lambda res: heard.append(("global error", res.errno)))
        wx.onSocketClose(lambda res: heard.append(("global close", res.code)))
        client = Client(net)
        await client.closed()
        assert [kind for kind, _ in client.heard] == ["error", "close"]
        assert heard == [("global error", 600001), ("global close", 1006)], heard
        port, net.port = net.port, 1
        client = Client(net)
        await client.closed()
        net.port = port
        assert client.heard[0] == ("error", "connectSocket:fail net::ERR_CONNECTION_REFUSED")
        assert client.heard[1:] == [("close", (1006, "abnormal closure"))]


async def test_rule_8_the_sixth_socket_fails():
    async with Sockets(websocket(echo)) as net:
        clients = []
        for _ in range(5):
            clients.append(await Client(net).opened())
        sixth = Client(net)
        text = "connectSocket:fail reach max websocket connect count 5"
        assert await _failure(sixth.task) == (text, 600007)
        await asyncio.sleep_ms(20)
        assert not sixth.heard, "a call that has failed has no events"
        await clients[0].task.close()
        await clients[0].closed()
        await Client(net).opened()
