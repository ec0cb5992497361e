"""What calls share: the ten places and the queue, time limits, what the background and a closing interrupt."""

import asyncio
import gc
from time import ticks_diff, ticks_ms

import wx
from kiosk import tasks
from kiosk.net import activity
from kiosk.net.call import Call
from tests.fakes.httpserver import Heard, Loopback, failed, ok


async def _silent(connection):
    await connection.request()
    await connection.request()  # nothing is ever answered


def _aborted(heard):
    assert heard.names() == ["fail", "complete"], heard
    failed(heard[0][1], "abort", 104)


async def test_ten_at_once_then_first_come_first_served():
    release = asyncio.Event()

    async def play(connection):
        await connection.request()
        await release.wait()
        await connection.send(ok(b"x", "Connection: close"))

    async with Loopback(play) as net:
        running = [asyncio.create_task(net.get("/%d" % number, dataType="text")) for number in range(14)]
        while len(net.heads) < 10:
            await asyncio.sleep_ms(1)
        await asyncio.sleep_ms(30)
        assert net.connections == 10 and len(activity._running) == 10 and len(activity._waiting) == 4
        release.set()
        results = await asyncio.gather(*running)
        assert all(result["data"] == "x" for result in results)
        assert [head[0].split(" ")[1] for head in net.heads[10:]] == ["/10", "/11", "/12", "/13"]
        profile = results[13]["profile"]
        assert profile["queueEnd"] - profile["queueStart"] >= 25 and profile["fetchStart"] >= profile["queueEnd"]


async def test_thirty_may_wait():
    async with Loopback(_silent) as net:
        heard = Heard()
        calls = [wx.request(heard.options(url=net.url)) for _ in range(40)]
        await asyncio.sleep_ms(0)
        too_many = await net.get()
        failed(too_many, "exceed max task count 40", 600007)
        assert len(activity._waiting) == 30 and not heard
        for call in calls:
            call.abort()
        await heard.until(80)
        assert heard.names().count("fail") == 40 and not activity._waiting and not activity._running
        del calls, call, heard, too_many
        gc.collect()


async def test_one_that_waits_can_be_aborted_and_can_time_out():
    async with Loopback(_silent) as net:
        blockers = [wx.request(url=net.url) for _ in range(10)]
        heard = Heard()
        waiting = wx.request(heard.options(url=net.url))
        late = asyncio.create_task(net.get(timeout=30))
        await asyncio.sleep_ms(5)
        assert len(activity._waiting) == 2
        waiting.abort()
        await heard.until(2)
        _aborted(heard)
        failed(await late, "timeout", 5)
        assert not activity._waiting
        for blocker in blockers:
            blocker.abort()


async def test_where_the_time_limit_comes_from():
    async def took(net, **options):
        started = ticks_ms()
        failed(await net.get(**options), "timeout", 5)
        return ticks_diff(ticks_ms(), started)

    async with Loopback(_silent, config={"networkTimeout": {"request": 120}}) as net:
        assert 110 <= await took(net) < 1000
        assert 30 <= await took(net, timeout=40) < 110
        assert 110 <= await took(net, timeout=0) < 1000
        assert 30 <= await took(net, timeout=40.5) < 110
    for timeout in (None, 0, -5):
        assert Call({"timeout": timeout}, None)._timeout_ms() == 60000


async def test_a_request_after_a_sound_is_interrupted_in_the_background():
    from kiosk.net import pool

    async with Loopback(_silent) as net:
        net.program.at_close += (pool.close_all,)  # as a sound from the network does
        call = asyncio.create_task(net.get())
        await asyncio.sleep_ms(20)
        for interrupt in net.program.at_background:
            interrupt()
        failed(await call, "interrupted", 600003)


async def test_all_are_interrupted_in_the_background():
    async with Loopback(_silent) as net:
        calls = [asyncio.create_task(net.get()) for _ in range(13)]
        await asyncio.sleep_ms(20)
        assert net.program.at_background == (activity.interrupt_all,)
        net.program.at_background[0]()
        for call in calls:
            failed(await call, "interrupted", 600003)


async def test_closing_the_mini_program_leaves_nothing():
    async with Loopback(_silent) as net:
        heard = Heard()
        for _ in range(12):
            wx.request(heard.options(url=net.url))
        await asyncio.sleep_ms(20)
        await tasks.cancel_all()
        assert not heard and not activity._running and not activity._waiting
        await net.settle()
