"""wx.connectSocket and its SocketTask: life and death of a socket, the calls without one, limits, close codes."""

import asyncio

import wx
from kiosk import api
from kiosk.net.websocket import sockets
from tests.fakes.httpserver import HOST, Heard, ok
from tests.fakes.wspeer import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Client,
    Sockets,
    accepted,
    closing,
    echo,
    frame,
    header_of,
    websocket,
)

_FAILED = "connectSocket:fail "
_NOT_CONNECTED = ":fail WebSocket is not connected"


async def _fails(awaitable, message, errno):
    try:
        await awaitable
    except api.Error as exc:
        assert (exc.errMsg, exc.errno) == (message, errno), (exc.errMsg, exc.errno)
        return
    raise AssertionError("no failure")


async def test_echo():
    async with Sockets(websocket(echo, "X-A: b")) as net:
        client = Client(net, "/a?b=c")
        assert client.task.readyState == client.task.CONNECTING and not client.heard
        assert (await client.task).errMsg == "connectSocket:ok"
        header = await client.until("open")
        assert header["X-A"] == "b" and client.task.readyState == client.task.OPEN == 1
        assert net.heads[0][0] == "GET /a?b=c HTTP/1.1"
        sent = ["", "hello", "é你😀" * 50, b"\x00\xff", "x" * 125, "x" * 126, b"y" * 1024, b"z" * 5001]
        for data in sent:
            assert (await client.task.send(data=data)).errMsg == "sendSocketMessage:ok"
        await client.until("message", len(sent))
        assert client.messages() == sent
        assert client.task.bufferedAmount == 0
        assert (await client.task.close({"code": 3001, "reason": "bye é"})).errMsg == "closeSocket:ok"
        assert client.task.readyState == client.task.CLOSING
        assert await client.closed() == (3001, "bye é", [])


async def test_callbacks():
    async with Sockets(websocket(echo)) as net:
        heard, sent = Heard(), Heard()
        task = wx.connectSocket(heard.options(url="ws://%s:%d" % (HOST, net.port)))
        assert task.readyState == task.CONNECTING
        assert task.send(sent.options(data="x")) is None
        assert not heard and not sent
        await sent.until(2)
        assert heard.names() == ["success", "complete"] and heard[0][1].socketTaskId > 0
        assert sent.names() == ["fail", "complete"]
        assert sent[0][1].errMsg == "sendSocketMessage" + _NOT_CONNECTED


async def test_the_request():
    async with Sockets(websocket(echo, "Sec-WebSocket-Protocol: b")) as net:
        header = {"X-A": "1", "X-Number": 5, "host": "evil", "Sec-WebSocket-Key": "x", "Referer": "y", "upgrade": "h2c"}
        client = await Client(net, header=header, protocols=["a", "b"]).opened()
        lines = net.heads[0]
        for name, value in (
            ("Host", "%s:%d" % (HOST, net.port)),
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Protocol", "a, b"),
            ("Sec-WebSocket-Extensions", None),
            ("X-A", "1"),
            ("X-Number", "5"),
            ("Referer", None),
            ("User-Agent", "mpkiosk"),
        ):
            assert header_of(lines, name) == value, (name, lines)
            assert len([line for line in lines if line.lower().startswith(name.lower() + ":")]) == (value is not None)
        assert client.heard[0][1]["Sec-WebSocket-Protocol"] == "b"
        other = await Client(net).until("error")
        assert (
            other == _FAILED + "Error during WebSocket handshake: 'Sec-WebSocket-Protocol' value 'b' was not asked for"
        )
        assert header_of(net.heads[0], "Sec-WebSocket-Key") != header_of(net.heads[1], "Sec-WebSocket-Key")


async def test_wrong_options():
    async with Sockets(websocket(echo)) as net:
        url = "ws://%s:%d" % (HOST, net.port)
        for options in (
            {"header": {"a b": "c"}},
            {"header": {"a": "b\r\nX: y"}},
            {"protocols": ["a", "a"]},
            {"protocols": [""]},
        ):
            options["url"] = url
            try:
                await wx.connectSocket(options)
                raise AssertionError(options)
            except api.Error as exc:
                assert exc.errMsg.startswith(_FAILED + "parameter error: parameter.") and exc.errno == 1001
        for url in ("http://a", "https://a", "wss://", "ws://a b", ""):
            task = wx.connectSocket(url=url)
            await _fails(task, _FAILED + 'invalid url "%s"' % (url if url[:4] != "http" else url + "/"), 600009)
            await _fails(task.send(data="x"), "sendSocketMessage" + _NOT_CONNECTED, 600001)
            await _fails(task.close(), "closeSocket" + _NOT_CONNECTED, 600001)
        await _fails(
            wx.connectSocket(), _FAILED + "parameter error: parameter.url should be String instead of Undefined;", 1001
        )
        assert net.connections == 0


async def test_only_listed_domains():
    async with Sockets(websocket(echo), {"domains": {"socket": ["wss://a.example"]}}) as net:
        for url in ("ws://%s:%d" % (HOST, net.port), "wss://b.example", "ws://a.example", "wss://a.example:444"):
            await _fails(wx.connectSocket(url=url), _FAILED + "url not in domain list", 600002)
        assert net.connections == 0
        net.program.settings["urlCheck"] = False


async def test_answers_that_make_no_socket():
    def changed(old, new):
        async def play(connection):
            lines = await connection.request()
            if header_of(lines, "Sec-WebSocket-Key"):
                await connection.send(accepted(lines).replace(old, new))
                await connection.request()

        return play

    text = _FAILED + "Error during WebSocket handshake: "
    async with Sockets(None) as net:
        for old, new, reason in (
            (b"Accept: ", b"Accept: x", "Incorrect 'Sec-WebSocket-Accept' header value"),
            (b"Sec-WebSocket-Accept", b"X", "Incorrect 'Sec-WebSocket-Accept' header value"),
            (b"Upgrade: WebSocket", b"Upgrade: h2c", "invalid 'Upgrade' header"),
            (b"keep-alive, Upgrade", b"close", "invalid 'Connection' header"),
            (b"101 ", b"200 ", "Unexpected response code: 200"),
            (b"101 ", b"302 ", "Unexpected response code: 302"),
            (
                b"\r\n\r\n",
                b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
                "an extension that was not asked for",
            ),
            (
                b"\r\n\r\n",
                b"\r\nSec-WebSocket-Protocol: a\r\n\r\n",
                "'Sec-WebSocket-Protocol' value 'a' was not asked for",
            ),
        ):
            net.play = changed(old, new)
            assert await Client(net).closed() == (1006, "abnormal closure", [text + reason])
            await net.settle()
        net.play = changed(b"HTTP/1.1", b"SSH-2")
        assert await Client(net).closed() == (1006, "abnormal closure", [_FAILED + "net::ERR_INVALID_HTTP_RESPONSE"])


async def test_nobody_there():
    async with Sockets(websocket(echo)) as net:
        port, net.port = net.port, 1
        assert await Client(net).closed() == (1006, "abnormal closure", [_FAILED + "net::ERR_CONNECTION_REFUSED"])
        net.port = port


async def _silent(stalled):
    await stalled.request()
    await stalled.request()


async def test_timeouts():
    async with Sockets(_silent, None, {"networkTimeout": {"connectSocket": 50}}) as net:
        assert await Client(net, timeout=30).closed() == (1006, "abnormal closure", [_FAILED + "timeout"])
        assert await Client(net).closed() == (1006, "abnormal closure", [_FAILED + "timeout"])


async def test_the_timeout_is_over_once_it_is_open():
    async with Sockets(websocket(echo)) as net:
        client = await Client(net, timeout=60).opened()
        await asyncio.sleep_ms(120)
        await client.task.send(data="x")
        assert await client.until("message") == "x"


async def test_closing_while_connecting():
    async with Sockets(_silent) as net:
        for turns in range(12):
            client = Client(net)
            for _ in range(turns):
                await asyncio.sleep_ms(turns // 6)
            client.task.abort() if turns % 2 else await client.task.close()
            text = _FAILED + "WebSocket is closed before the connection is established"
            assert await client.closed() == (1006, "abnormal closure", [text])
            await net.settle()


async def test_closing_codes():
    async with Sockets(websocket(echo)) as net:
        client = await Client(net).opened()
        for code in (0, 999, 1001, 1005, 1006, 2999, 5000, -1, 3000.5):
            await _fails(client.task.close(code=code), "closeSocket:fail invalid code", 1001)
        await _fails(client.task.close(reason="é" * 62), "closeSocket:fail invalid reason", 1001)
        assert client.task.readyState == client.task.OPEN
        await client.task.close(code=4999, reason="é" * 61 + "x")
        await _fails(client.task.send(data="x"), "sendSocketMessage" + _NOT_CONNECTED, 600001)
        assert await client.closed() == (4999, "é" * 61 + "x", [])
        await client.task.close()
        client = await Client(net).opened()
        await client.task.close()
        assert await client.closed() == (1000, "normal closure", [])


async def test_closed_by_the_server():
    answers = []

    def sending(data):
        async def play(peer):
            await peer.raw(data)
            answers.append(await peer.until_close())

        return play

    async with Sockets(None) as net:
        for data, expected in (
            (closing(1000), (1000, "normal closure", [])),
            (closing(1001, "gone é".encode()), (1001, "gone é", [])),
            (closing(4000, b"x" * 123), (4000, "x" * 123, [])),
            (frame(CLOSE), (1005, "", [])),
        ):
            net.play = websocket(sending(data + frame(TEXT, b"after")))
            client = Client(net)
            assert await client.closed() == expected
            assert not client.messages()
            await net.settle()
        assert answers == [b"\x03\xe8", b"\x03\xe9", b"\x0f\xa0", b""], answers


async def test_an_answer_without_a_reason():
    for answer, expected in ((closing(3000), (3000, "mine", [])), (frame(CLOSE), (3000, "mine", []))):

        async def play(peer, answer=answer):
            assert await peer.until_close() == b"\x0b\xb8mine"
            await peer.raw(answer)

        async with Sockets(websocket(play)) as net:
            client = await Client(net).opened()
            await client.task.close(code=3000, reason="mine")
            assert await client.closed() == expected


async def test_the_server_goes():
    async def ends(peer):
        await peer.send(TEXT, b"x")

    async def resets(peer):
        await peer.receive()
        peer.connection.reset()

    async with Sockets(websocket(ends)) as net:
        assert await Client(net).closed() == (1001, "Stream end encountered", [])
        net.play = websocket(resets)
        client = await Client(net).opened()
        await client.task.send(data="x")
        assert await client.closed() == (1006, "abnormal closure", [_FAILED + "net::ERR_CONNECTION_RESET"])


async def test_a_server_that_does_not_answer_the_close():
    async def play(peer):
        await peer.until_close()
        while True:
            await peer.send(TEXT, b"I do not listen")
            await asyncio.sleep_ms(5)

    async with Sockets(websocket(play)) as net:
        client = await Client(net).opened()
        await client.task.close()
        assert await client.closed() == (1006, "abnormal closure", [])
        assert not client.messages()


async def test_pings():
    got = []

    async def play(peer):
        await peer.send(TEXT, b"ab", final=False)
        await peer.send(PING, b"1" * 125)
        got.append(await peer.receive())
        await peer.send(PONG, b"nobody asked")
        await peer.send(PING)
        got.append(await peer.receive())
        await peer.send(0, b"cd")
        await peer.until_close()

    async with Sockets(websocket(play)) as net:
        client = Client(net)
        assert await client.until("message") == "abcd"
        assert got == [(PONG, b"1" * 125), (PONG, b"")], got


async def test_many_at_once():
    async with Sockets(websocket(echo)) as net:
        clients = [Client(net, "/%d" % number) for number in range(5)]
        text = _FAILED + "reach max websocket connect count 5"
        await _fails(wx.connectSocket(url="ws://%s:%d" % (HOST, net.port)), text, 600007)
        for number, client in enumerate(clients):
            await client.opened()
            await client.task.send(data=str(number))
        for number, client in enumerate(clients):
            assert await client.until("message") == str(number)
        await clients[2].task.close()
        await clients[2].closed()
        await (await Client(net).opened()).task.close()


async def test_one_at_a_time_before_1_7():
    async with Sockets(websocket(echo), {"urlCheck": False, "libVersion": "1.6.9"}) as net:
        first = await Client(net).opened()
        second = await Client(net).opened()
        assert await first.closed() == (1000, "normal closure", [])
        assert second.task.readyState == second.task.OPEN
        third = Client(net)  # the one before is open
        fourth = Client(net)  # the one before is being connected
        assert (await second.closed())[0] == 1000 and (await third.closed())[0] == 1006
        await fourth.opened()


async def test_calls_without_a_task():
    async with Sockets(websocket(echo)) as net:
        heard = []
        gone = heard.append
        wx.onSocketMessage(gone)
        wx.offSocketMessage(gone)
        wx.onSocketOpen(lambda res: heard.append(("open", "Upgrade" in res.header)))
        wx.onSocketMessage(lambda res: heard.append(("message", res.data)))
        wx.onSocketError(lambda res: heard.append(("error", res.errMsg)))
        wx.onSocketClose(lambda res: heard.append(("close", res.code, res.reason)))
        await _fails(wx.sendSocketMessage(data="x"), "sendSocketMessage" + _NOT_CONNECTED, 600001)
        await _fails(wx.closeSocket(), "closeSocket" + _NOT_CONNECTED, 600001)
        first = Client(net)
        await _fails(wx.closeSocket(), "closeSocket" + _NOT_CONNECTED, 600001)
        await first.opened()
        second = await Client(net).opened()
        assert (await wx.sendSocketMessage(data="to the first")).errMsg == "sendSocketMessage:ok"
        await first.until("message")
        await second.task.send(data="to the second")
        await second.until("message")
        assert (await wx.closeSocket(code=3000, reason="r")).errMsg == "closeSocket:ok"
        await first.closed()
        await wx.sendSocketMessage(data=b"now the second")
        await second.until("message", 2)
        assert first.messages() == ["to the first"]
        assert second.messages() == ["to the second", b"now the second"]
        assert heard[:2] == [("open", True)] * 2 and heard[-2:] == [
            ("close", 3000, "r"),
            ("message", b"now the second"),
        ]


async def test_background():
    async with Sockets(websocket(echo)) as net:
        client = await Client(net).opened()
        net.play = _silent
        other = Client(net)
        await asyncio.sleep_ms(20)
        for interrupt in net.program.at_background:
            interrupt()
        assert await client.closed() == (1000, "interrupted", [])
        assert await other.closed() == (1000, "interrupted", [_FAILED + "interrupted"])


async def test_the_mini_program_ends():
    said = []

    async def play(peer):
        said.append(await peer.until_close())

    async with Sockets(websocket(play)) as net:
        clients = []
        for _ in range(3):
            clients.append(await Client(net).opened())
        net.play = _silent
        clients.append(Client(net))
        await asyncio.sleep_ms(20)
        clients.append(Client(net))  # has not even begun
        sockets.close_all()
        await net.settle()
        assert said == [b"\x03\xe8interrupted"] * 3, said
        assert [client.heard[1:] for client in clients] == [[]] * 5, "nobody is to hear of it"


async def test_exceptions_in_listeners_harm_nothing():
    from kiosk import tasks

    reported = []
    tasks.on_error = lambda *args: reported.append(args)

    def bad(res):
        raise ValueError("mine")

    async with Sockets(websocket(echo)) as net:
        client = Client(net)
        for event in (client.task.onOpen, client.task.onMessage, client.task.onClose):
            event(bad)
        await client.opened()
        await client.task.send(data="x")
        await client.until("message")
        await client.task.close()
        await client.closed()
        assert len(reported) == 3
    tasks.on_error = None


async def test_closing_in_a_listener():
    async with Sockets(websocket(echo)) as net:
        client = Client(net)
        client.task.onOpen(lambda res: client.task.send(data="x"))
        client.task.onMessage(lambda res: client.task.close(reason="enough"))
        assert await client.closed() == (1000, "enough", [])
        assert client.messages() == ["x"]


async def test_a_request_beside_it():
    async with Sockets(websocket(echo)) as net:
        client = await Client(net).opened()

        async def play(connection):
            await connection.request()
            await connection.send(ok(b"x"))

        net.play = play
        assert (await net.get())["data"] == "x"
        await client.task.send(data=memoryview(b"abc")[1:])
        assert await client.until("message") == b"bc"
        assert BINARY == 2
