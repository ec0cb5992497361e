"""Three hundred requests to a moody server, one in ten aborted at a random moment.  See tests/system/test_soak.py, too."""

import asyncio
import random

import wx
from tests.fakes.httpserver import Heard, Loopback, ok

_CALLS = const(300)
_TOGETHER = const(4)
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


async def _moody(connection):
    while await connection.request():
        mood = random.randrange(12)
        if mood == 0:
            connection.reset()
            return
        if mood == 1:
            await connection.send(ok(b"half of it", length=20))
            return
        if mood == 2:
            await connection.send(ok(b"", "Location: /else", status="302 Found"))
        elif mood == 3:
            for index in range(len(_CHUNKED)):
                await connection.send(_CHUNKED[index : index + 1])
        elif mood == 4:
            await connection.send(b"HTTP/1.1 200 OK\r\n\r\nuntil the end")
            return
        elif mood < 8:
            await connection.send(_CHUNKED)
        else:
            await connection.send(ok(b"x" * 1500))


async def _calls(net, count, ends):
    for _ in range(count):
        heard = Heard()
        data = b"x" * 3000 if random.randrange(3) == 0 else None
        task = wx.request(heard.options(url=net.url, method="POST" if data else "GET", data=data))
        aborted = random.randrange(10) == 0
        if aborted:
            for _ in range(random.randrange(16)):
                await asyncio.sleep_ms(0)
            task.abort()
        await heard.until(2)
        await asyncio.sleep_ms(0)
        assert heard.names() in (["success", "complete"], ["fail", "complete"]), heard
        assert heard[0][1] is heard[1][1]
        how = heard[0][1]["errMsg"]
        assert aborted or how != "request:fail abort", heard
        ends[how] = ends.get(how, 0) + 1
        net.forget()


async def test_one_end_each_and_nothing_left():
    random.seed(20)
    async with Loopback(_moody) as net:  # which looks for descriptors and places that are left
        ends = {}
        await asyncio.gather(*[_calls(net, _CALLS // _TOGETHER, ends) for _ in range(_TOGETHER)])
        assert sum(ends.values()) == _CALLS
        assert {"request:ok", "request:fail abort", "request:fail net::ERR_CONTENT_LENGTH_MISMATCH"} <= set(ends), ends
