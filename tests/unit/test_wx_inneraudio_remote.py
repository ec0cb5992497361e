"""InnerAudioContext and the background music over HTTP: what has come so far, waiting, servers that stop."""

import asyncio
from array import array

import wx
from tests.fakes.httpserver import Loopback, ok, replies
from tests.fakes.playing import EVENTS, Playing, create, listen, wav_head
from tests.fakes.soundserver import asked_range, head, ranged

_COUNT = const(8000)


def _sound():
    return wav_head(_COUNT) + bytes(array("h", range(1, _COUNT + 1)))


async def test_it_plays_while_it_comes():
    async with Loopback(ranged(_sound())) as net:
        scene = Playing(program=net.program)
        context, seen = create(net.url, autoplay=True)
        await scene.until(lambda: context.currentTime > 0.1)
        assert context.duration == 1 and context.currentTime <= context.buffered <= 1
        await scene.until(lambda: "Ended" in seen)
        assert [name for name in seen if name != "Waiting"] == ["Canplay", "Play", "Ended"]
        assert scene.highest() == 8000
        assert len(net.heads) == 1
        await scene.idle()


async def test_what_is_only_looked_at_leaves_no_connection():
    async with Loopback(ranged(_sound())) as net:
        scene = Playing(program=net.program)
        context, seen = create(net.url)
        await scene.until(lambda: seen)
        assert seen == ["Canplay"] and context.duration == 1 and context.buffered == 0
        await net.settle()
        context.play()
        context.seek(0.75)
        await scene.until(lambda: "Ended" in seen)
        assert scene.highest() == 8000 and 3000 not in list(scene.heard())
        await scene.idle()


async def test_a_server_that_stops_makes_it_wait():
    go_on = asyncio.Event()
    sound = _sound()

    async def play(connection):
        lines = await connection.request()
        first = (asked_range(lines) or (0, None))[0]
        await connection.send(head("200 OK", "Content-Length: %d" % len(sound)))
        await connection.send(sound[first:6000])
        await go_on.wait()
        await connection.send(sound[6000:])

    async with Loopback(play) as net:
        scene = Playing(program=net.program)
        context, seen = create(net.url, autoplay=True)
        await scene.until(lambda: seen[-1:] == ["Waiting"] and len(scene.heard()) > 2900)
        assert not context.paused and context.buffered < 0.5
        go_on.set()
        await scene.until(lambda: "Ended" in seen)
        assert scene.highest() == 8000
        await scene.idle()


async def test_a_server_that_is_not_there():
    async with Loopback(replies(ok(b""))) as net:
        scene = Playing(program=net.program)
        for url in ("http://127.0.0.1:1/", "http://no.such.host.invalid/"):
            context, seen = create(url, autoplay=True)
            await scene.until(lambda seen=seen: seen)
            assert seen == [10002], (url, seen)
        manager = wx.getBackgroundAudioManager()
        said = []
        listen(manager, EVENTS, said)
        manager.title = "Song"
        manager.src = "http://127.0.0.1:1/"
        await scene.until(lambda: said)
        assert said == [10002] and manager.paused
        try:
            await wx.playVoice(filePath="http://127.0.0.1:1/")
        except wx.Error as exc:
            assert exc.errno == 10002
        else:
            raise AssertionError


async def test_a_server_that_does_not_answer_is_left_when_it_is_not_wanted_any_more():
    asked = []

    async def play(connection):
        asked.append(await connection.request())
        await connection.request()  # never answered

    def stop(context):
        context.stop()

    def choose(context):
        context.src = ""

    def destroy(context):
        context.destroy()

    async with Loopback(play) as net:
        scene = Playing(program=net.program)
        for autoplay in (True, False):
            for leave in (stop, choose, destroy):
                if leave is stop and not autoplay:
                    continue  # there is nothing to stop, and src is still wanted
                asked.clear()
                context, seen = create(net.url, autoplay=autoplay)
                await scene.until(lambda: asked)
                leave(context)
                await net.settle()
                assert seen in ([], ["Stop"]), seen
        assert not scene.failures
