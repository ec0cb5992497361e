"""RequestTask: the order of the callbacks, abort at every stage, the listeners, chunks."""

import asyncio
import gc

import wx
from kiosk import tasks
from tests.fakes.httpserver import Heard, Loopback, failed, ok, replies

_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


async def _silent(connection):
    await connection.request()
    await connection.request()  # nothing is ever answered


async def test_callbacks_come_after_the_call_and_in_order():
    async with Loopback(replies(ok(b"x"))) as net:
        heard = Heard()
        task = wx.request(heard.options(url=net.url))
        assert isinstance(task, wx.network.RequestTask) and not heard
        await heard.until(2)
        assert heard.names() == ["success", "complete"] and heard[0][1] is heard[1][1]
        assert heard[0][1].data == "x"


def _aborted(heard):
    assert heard.names() == ["fail", "complete"], heard
    failed(heard[0][1], "abort", 104)


async def test_abort_at_once():
    async with Loopback(_silent) as net:
        heard = Heard()
        task = wx.request(heard.options(url=net.url))
        task.abort()
        assert not heard
        await heard.until(2)
        _aborted_early(heard)
        assert net.connections == 0


def _aborted_early(heard):
    assert heard.names() == ["fail", "complete"] and heard[0][1]["errMsg"] == "request:fail abort", heard


async def test_abort_at_every_stage():
    # Half a millisecond further each time: connecting, sending, waiting, in the head, in the body, and once it is over.
    async def play(connection):
        await connection.request()
        for piece in (b"HTTP/1.1 200 OK\r\nContent-", b"Length: 6\r\n\r\n", b"abc", b"def"):
            await asyncio.sleep_ms(2)
            await connection.send(piece)
        await connection.request()

    async with Loopback(play) as net:
        stages = set()
        for turns in range(40):
            heard = Heard()
            task = wx.request(heard.options(url=net.url + "/%d" % turns, method="POST", data=b"x" * 3000))
            for _ in range(turns):
                await asyncio.sleep_ms(turns // 20)
            task.abort()
            await heard.until(2)
            stages.add(heard.names()[0])
            if heard.names()[0] == "fail":
                _aborted_early(heard)
            task.abort()  # of what is over: no harm
            await asyncio.sleep_ms(0)
            assert len(heard) == 2
            await net.settle()
            net.bodies.clear()
        assert stages == {"success", "fail"}


async def test_abort_by_a_listener():
    for event in ("onHeadersReceived", "onChunkReceived"):
        async with Loopback(replies(_HEAD + b"3\r\nabc\r\n" * 3 + b"0\r\n\r\n")) as net:
            heard = Heard()
            task = wx.request(heard.options(url=net.url, enableChunked=True))
            seen = []

            def stop(res, task=task, seen=seen):
                seen.append(res)
                task.abort()

            getattr(task, event)(stop)
            await heard.until(2)
            _aborted(heard)
            assert len(seen) == 1


async def test_nothing_is_left_on_the_heap():
    async def round_of_calls(net):
        for number in range(12):
            net.play = replies(ok(b"x" * 3000), ok(b"y", length=9)) if number % 3 else _silent
            silent, aborted = net.play is _silent, number % 4 == 1
            limit = 20 if silent and not aborted else 60000
            task = wx.request(url=net.url, method="POST", data=b"z" * 3000, timeout=limit)
            task.onHeadersReceived(lambda res: None)
            if aborted:
                await asyncio.sleep_ms(1)
                task.abort()
            try:
                await task
            except wx.Error:
                pass
        await net.settle()
        net.heads.clear()
        net.bodies.clear()
        gc.collect()
        return gc.mem_alloc()

    async with Loopback(_silent) as net:
        await round_of_calls(net)
        before = await round_of_calls(net)
        for _ in range(4):
            after = await round_of_calls(net)
        assert after - before < 64, after - before


async def test_an_awaited_task():
    async with Loopback(replies(ok(b"x"))) as net:
        assert (await wx.request(url=net.url)).data == "x"
        task = wx.request(url=net.url)
        task.abort()
        try:
            await task
            raise AssertionError
        except wx.Error as exc:
            assert exc.errMsg == "request:fail abort" and exc.errno == 104


async def test_headers_received():
    async with Loopback(replies(ok(b"x", "Set-Cookie: a=1", "X-A: b"), ok(b"y"))) as net:
        heard, gone = [], []
        task = wx.request(url=net.url)
        task.onHeadersReceived(heard.append)
        task.onHeadersReceived(gone.append)
        task.offHeadersReceived(gone.append)
        task.offHeadersReceived(lambda res: None)
        await task
        assert len(heard) == 1 and len(gone) in (0, 1)
        assert heard[0].statusCode == 200 and heard[0].header["X-A"] == "b" and heard[0].cookies == ["a=1"]
        task = wx.request(url=net.url)
        task.onHeadersReceived(heard.append)
        task.offHeadersReceived()
        await task
        assert len(heard) == 1


async def test_headers_of_a_redirect_left_to_the_caller():
    async with Loopback(replies(ok(b"", "Location: /b", status="302 X"))) as net:
        heard = []
        task = wx.request(url=net.url, redirect="manual")
        task.onHeadersReceived(heard.append)
        result = await task
        assert [res.statusCode for res in heard] == [302] and result.statusCode == 302


async def test_only_the_last_head_is_heard_of():
    async with Loopback(replies(ok(b"", "Location: /b", status="302 X"), ok(b"end"))) as net:
        heard = []
        task = wx.request(url=net.url)
        task.onHeadersReceived(heard.append)
        await task
        assert [res.statusCode for res in heard] == [200]


async def test_chunks_come_as_they_are_received():
    async def play(connection):
        await connection.request()
        await connection.send(_HEAD)
        for _ in range(3):
            seen = len(heard)
            await connection.send(b"5\r\nhello\r\n")
            waited = 0
            while len(heard) == seen:  # the next one is sent only when this one has been heard of
                await asyncio.sleep_ms(1)
                waited += 1
                assert waited < 2000
        await connection.send(b"1388\r\n" + b"x" * 5000 + b"\r\n0\r\n\r\n")
        await connection.request()

    async with Loopback(play) as net:
        heard = []
        task = wx.request(url=net.url, enableChunked=True)
        task.onChunkReceived(heard.append)
        result = await task
        assert [bytes(res.data) for res in heard[:3]] == [b"hello"] * 3
        assert b"".join([res.data for res in heard[3:]]) == b"x" * 5000 and type(heard[0].data) is bytes
        assert result.data == ""
    async with Loopback(replies(ok(b"with a length"), ok(b"x", "Content-Encoding: gzip"))) as net:
        heard = []
        task = wx.request(url=net.url, enableChunked=True)
        task.onChunkReceived(heard.append)
        await task
        assert [res.data for res in heard] == [b"with a length"]
        result = await net.get(enableChunked=True)
        failed(result, "not supported: enableChunked with a compressed response", 100)


async def test_chunks_before_a_failure():
    async with Loopback(replies(_HEAD + b"5\r\nhello\r\n5\r\nhe")) as net:
        heard, ends = [], Heard()
        task = wx.request(ends.options(url=net.url, enableChunked=True))
        task.onChunkReceived(heard.append)
        await ends.until(2)
        assert b"".join([res.data for res in heard]) == b"hellohe"
        failed(ends[0][1], "net::ERR_INCOMPLETE_CHUNKED_ENCODING")


async def test_an_exception_in_a_callback_harms_nothing():
    reported = []
    tasks.on_error = lambda exc, quietly: reported.append(exc)

    def bad(res):
        raise ValueError("mine")

    async with Loopback(replies(ok(b"x"))) as net:
        heard = Heard()
        options = heard.options(url=net.url)
        options["success"] = bad
        task = wx.request(options)
        task.onHeadersReceived(bad)
        await heard.until(1)
        assert heard.names() == ["complete"] and len(reported) == 2
    tasks.on_error = None


async def test_the_loop_turns_during_a_long_body():
    async def play(connection):
        await connection.request()
        await connection.send(ok(b"", length=200000))
        for _ in range(200):
            await connection.send(b"x" * 1000)
        await connection.request()

    turns = [0]

    async def count():
        while True:
            turns[0] += 1
            await asyncio.sleep_ms(0)

    async with Loopback(play) as net:
        counter = asyncio.create_task(count())
        seen = []
        task = wx.request(url=net.url, enableChunked=True)
        task.onChunkReceived(lambda res: seen.append(turns[0]))
        await task
        counter.cancel()
        assert len(set(seen)) >= 10, len(set(seen))
