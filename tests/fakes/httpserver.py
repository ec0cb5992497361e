"""
A scripted HTTP server in the same process and event loop as the client under test, and what a test needs around it.

    async with Loopback(replies(ok(b"hello"))) as net:
        result = await net.get("/path")

A play is a coroutine function that gets each Connection in turn and says what the server does with it; the connection
is closed when the play ends.  Leaving the `async with` checks that the client has left nothing behind: no descriptor,
no entry in the poller, no place taken; and that the next request works.

Runs in MicroPython.
"""

import asyncio
import gc
import os
import random
from asyncio import core

from kiosk import app, log
from kiosk.net import activity, pool

HOST = "127.0.0.1"
log.level = len(log.LEVELS)  # what is meant to fail needs no log
_SETTLE_MS = 3000


class Connection:
    """The server's end of one connection.  number: 1 for the first."""

    def __init__(self, stream, net):
        self.stream = stream
        self.number = net.connections
        self._net = net
        self._open = True

    async def request(self):
        """The head of the next request as a list of lines, its body read; None when the client has hung up."""
        lines = []
        while True:
            line = await self.stream.readline()
            if not line:
                return None
            line = line.decode().rstrip("\r\n")
            if not line:
                break
            lines.append(line)
        body = b""
        for line in lines:
            if line.lower().startswith("content-length:"):
                body = await self.stream.readexactly(int(line.split(":")[1]))
        self._net.heads.append(lines)
        self._net.bodies.append(body)
        return lines

    async def send(self, data):
        """Send bytes."""
        self.stream.write(data)
        await self.stream.drain()

    def reset(self):
        """Close so that the client gets a RST instead of an end."""
        self.stream.s.setsockopt(1, 13, b"\x01\x00\x00\x00\x00\x00\x00\x00")  # SOL_SOCKET, SO_LINGER {1, 0}
        self.close()

    def close(self):
        """Close, once: by the second time the descriptor may be somebody else's."""
        if self._open:
            self._open = False
            self.stream.s.close()


class Loopback:
    """A server at a free port, a mini-program that may talk to it, and the client's wx.request."""

    def __init__(self, play, settings=None, config=None):
        self.play = play
        self.connections = 0
        self.heads = []  # of all requests, each a list of lines
        self.bodies = []
        self._tasks = []
        self._settings = settings or {"urlCheck": False}
        self._settings["appid"] = "test"
        self._config = config or {}

    async def __aenter__(self):
        gc.collect()
        app.current = self.program = app.MiniProgram("/", self._config, self._settings, {})
        self._server, self.port = await _listen(self._serve)
        self.url = "http://%s:%d" % (HOST, self.port)
        self._descriptors = descriptors()
        self._polled = len(core._io_queue.map)
        return self

    async def __aexit__(self, exc_type, exc, traceback):
        if exc_type is None:
            await self.settle()
            self.play = replies(ok(b"still alive"))
            result = await self.get("/after")
            assert result.get("data") == "still alive", result
            await self.settle()
        for close in self.program.at_close:
            close()
        for task in self._tasks:
            task.cancel()
        self._server.close()
        await self._server.wait_closed()
        app.current = None

    async def settle(self):
        """Close the idle connections, then wait until nothing of the client's is left."""
        pool.close_all()
        waited = 0
        while descriptors() != self._descriptors or len(core._io_queue.map) != self._polled or activity._running:
            await asyncio.sleep_ms(5)
            waited += 5
            assert waited < _SETTLE_MS, (descriptors(), self._descriptors, core._io_queue.map, activity._running)

    def forget(self):
        """Let go of the requests so far."""
        self.heads.clear()
        self.bodies.clear()

    async def get(self, path="/", **options):
        """The result, success or failure, of wx.request."""
        options["url"] = self.url + path
        return await request(**options)

    async def ask(self, api, path="/", **options):
        """The result, success or failure, of another API."""
        options["url"] = self.url + path
        return await answer(api, options)

    async def hear(self, path="/", **options):
        """As get(), but by callbacks: there must be one success or fail, then one complete with the same result."""
        import wx

        heard, over = Heard(), asyncio.Event()
        options = heard.options(url=self.url + path, **options)
        completed = options["complete"]
        options["complete"] = lambda result: (completed(result), over.set())
        wx.request(options)
        assert not heard, heard
        await asyncio.wait_for_ms(over.wait(), 10000)
        await asyncio.sleep_ms(0)
        assert heard.names() in (["success", "complete"], ["fail", "complete"]) and heard[0][1] is heard[1][1], heard
        assert heard[0][1]["errMsg"].startswith("request:ok" if heard[0][0] == "success" else "request:fail "), heard
        return heard[0][1]

    async def _serve(self, stream, _):
        self.connections += 1
        stream.s.setsockopt(6, 1, 1)  # IPPROTO_TCP, TCP_NODELAY: what is sent apart is a segment of its own, at once
        connection = Connection(stream, self)
        task = asyncio.current_task()
        self._tasks.append(task)
        try:
            await self.play(connection)
        except OSError:
            pass  # the client hung up, as some are meant to
        finally:
            self._tasks.remove(task)
            connection.close()


class Heard(list):
    """Callbacks of one call, in the order in which they came."""

    def options(self, **options):
        """The options with all three callbacks."""
        for name in ("success", "fail", "complete"):
            options[name] = self._listener(name)
        return options

    def _listener(self, name):
        return lambda result: self.append((name, result))

    async def until(self, count):
        """Wait for that many."""
        waited = 0
        while len(self) < count:
            await asyncio.sleep_ms(2)
            waited += 2
            assert waited < 3000, self

    def names(self):
        """Which were called."""
        return [name for name, _ in self]


async def _listen(serve):
    while True:
        port = 20000 + random.getrandbits(13)  # below those that the system gives to clients
        try:
            return await asyncio.start_server(serve, HOST, port, 64), port
        except OSError:
            gc.collect()  # start_server() has left its socket open, and descriptors are counted here


def descriptors():
    """How many descriptors the process has open."""
    return len(os.listdir("/proc/self/fd"))


async def request(**options):
    """The result, success or failure, of wx.request."""
    return await answer("request", options)


async def answer(name, options):
    """The result, success or failure, of an API of wx."""
    import wx

    try:
        return await getattr(wx, name)(options)
    except wx.Error as exc:
        return exc.result


def ok(body=b"", *lines, status="200 OK", length=None):
    """bytes: a response with Content-Length."""
    head = "HTTP/1.1 %s\r\nContent-Length: %d\r\n" % (status, len(body) if length is None else length)
    return (head + "".join(line + "\r\n" for line in lines) + "\r\n").encode() + body


def replies(*items):
    """A play: answer each request with the next of `items` (bytes), whichever connection it comes over; then close."""
    left = list(items)

    async def play(connection):
        while left:
            if not await connection.request():
                return
            await connection.send(left.pop(0))

    return play


def failed(result, reason, errno=600001):
    """Whether a result is just that failure."""
    expected = "request:fail " + reason
    assert result["errMsg"] == expected and result["errno"] == errno, (result, expected, errno)
    assert result["useHttpDNS"] is False, result
    return result["exception"]
