"""InnerAudioContext: events in order, what is heard, and a defined outcome for whatever is done to it."""

import asyncio

import wx
from kiosk.media import mixer
from tests.fakes.playing import EVENTS, Playing, create, listen


async def test_what_it_is_before_anything_was_done():
    scene = Playing()
    context = wx.createInnerAudioContext({"useWebAudioImplement": True})
    assert (context.src, context.startTime, context.autoplay, context.loop) == ("", 0, False, False)
    assert (context.obeyMuteSwitch, context.volume, context.playbackRate, context.referrerPolicy) == (
        True,
        1,
        1,
        "no-referrer",
    )
    assert (context.duration, context.currentTime, context.paused, context.buffered) == (0, 0, True, 0)
    assert isinstance(context.duration, float) and isinstance(context.currentTime, float)
    await scene.close()


async def test_from_src_to_the_end():
    scene = Playing()
    context, seen = create("/short.wav")
    assert seen == []  # nothing comes before the call has returned
    await scene.until(lambda: seen)
    assert seen == ["Canplay"] and context.duration == 0.25 and context.paused and mixer._current.is_idle
    context.play()
    assert seen == ["Canplay"] and not context.paused
    await scene.until(lambda: "Ended" in seen)
    assert seen == ["Canplay", "Play", "Ended"] and context.paused
    assert list(scene.heard()[:2000]) == list(range(1, 2001))
    assert context.duration == 0.25  # still known
    await scene.idle()
    scene.speaker.heard[:] = b""
    context.play()  # from the head, opened anew
    await scene.until(lambda: seen.count("Ended") == 2)
    assert seen[3:] == ["Canplay", "Play", "Ended"] and scene.heard()[0] == 1
    await scene.close()


async def test_play_at_once_opens_the_file_once():
    scene = Playing()
    context, seen = create("/short.wav")
    context.play()
    await scene.until(lambda: "Ended" in seen)
    assert seen == ["Canplay", "Play", "Ended"]
    await scene.close()


async def test_autoplay_before_and_after_src():
    scene = Playing()
    for before in (True, False):
        context, seen = create("/short.wav", autoplay=before)
        context.autoplay = True
        assert not context.paused
        context.autoplay = True
        await scene.until(lambda seen=seen: "Ended" in seen)
        assert seen == ["Canplay", "Play", "Ended"]
    await scene.close()


async def test_play_in_on_canplay():
    scene = Playing()
    context, seen = create()
    context.onCanplay(lambda res: context.play())
    context.src = "/short.wav"
    await scene.until(lambda: "Ended" in seen)
    assert seen == ["Canplay", "Play", "Ended"]
    await scene.close()


async def test_pause_goes_on_and_stop_begins_anew():
    scene = Playing()
    context, seen = create("/long.wav")
    context.play()
    await scene.until(lambda: context.currentTime > 0.2)
    context.pause()
    assert context.paused and seen[-1] == "Play"
    await scene.idle()
    at = context.currentTime
    assert 0.2 < at < 1.5 and seen[-1] == "Pause"
    first = scene.highest()
    scene.speaker.heard[:] = b""
    context.play()
    await scene.until(lambda: len(scene.heard()) > 200)
    assert first <= scene.heard()[100] <= first + 160
    context.stop()
    context.stop()
    await scene.idle()
    assert seen == ["Canplay", "Play", "Pause", "Play", "Stop"] and context.currentTime == 0
    scene.speaker.heard[:] = b""
    context.play()
    await scene.until(lambda: len(scene.heard()) > 10)
    assert list(scene.heard()[:3]) == [1, 2, 3]
    context.destroy()
    await scene.close()


async def test_seek_is_to_the_millisecond():
    scene = Playing()
    context, seen = create("/long.wav", startTime=1.5)
    context.seek(0.125)  # before play(): where it begins, in spite of startTime
    assert context.currentTime == 0.125
    context.play()
    await scene.until(lambda: len(scene.heard()) > 200)
    assert scene.heard()[100] == 1001 + 100 + 1  # its first sample fades in from nothing
    context.seek(1.001)
    context.pause()
    assert context.currentTime == 1.001
    context.currentTime = 0.5
    assert context.currentTime == 0.5
    await scene.idle()
    assert seen[:2] == ["Seeking", "Seeked"] and seen[2:4] == ["Canplay", "Play"]
    assert seen[4:] == ["Seeking", "Seeked", "Pause", "Seeking", "Seeked"]
    context.play()
    context.seek(-3)
    assert context.currentTime == 0
    context.seek(float("inf"))
    await scene.until(lambda: "Ended" in seen)
    context.play()
    scene.speaker.heard[:] = b""
    await scene.until(lambda: len(scene.heard()) > 200)
    assert scene.heard()[100] == 12001 + 100 + 1  # startTime is for every beginning
    context.stop()
    await scene.close()


async def test_loop_volume_and_rate():
    scene = Playing()
    context, seen = create("/short.wav", loop=True, volume=0.5, playbackRate=2)
    context.play()
    await scene.until(lambda: len(scene.heard()) > 3000)
    context.loop = False
    assert (context.volume, context.playbackRate, context.loop) == (0.5, 2, False)
    await scene.until(lambda: "Ended" in seen)
    heard = scene.heard()
    assert seen == ["Canplay", "Play", "Ended"] and 950 <= max(heard) <= 1000
    tops = sum(1 for at in range(1, len(heard)) if heard[at] < heard[at - 1] - 500)
    assert tops >= 2  # it began again, at least twice
    context.volume, context.playbackRate = 7, 0.1
    assert (context.volume, context.playbackRate) == (1, 0.5)
    context.volume, context.playbackRate = -1, 99
    assert (context.volume, context.playbackRate) == (0, 2)
    await scene.close()


async def test_time_is_told():
    scene = Playing()
    context, seen = create("/long.wav")
    times = []
    context.onTimeUpdate(lambda res: times.append(context.currentTime))
    context.play()
    await scene.until(lambda: len(times) > 1)
    assert 0 < times[0] < times[1] <= 2 and context.buffered == 2
    context.offTimeUpdate()
    count = len(times)
    await asyncio.sleep_ms(600)
    assert len(times) == count
    context.destroy()
    await scene.close()


async def test_what_cannot_be_played_is_an_error():
    scene = Playing()
    for src, code in (
        ("/gone.wav", 10003),
        ("/text.wav", 10004),
        ("wxfile://usr/none.wav", 10003),
        ("../../x.wav", 10003),
    ):
        context, seen = create()
        said = []
        context.onError(said.append)
        context.src = src
        await scene.until(lambda seen=seen: seen)
        assert seen == [code], (src, seen)
        assert said[0].errMsg.startswith("operateAudio:fail "), said
        context.play()  # says so again
        await scene.until(lambda seen=seen: len(seen) == 2)
        assert seen == [code, code] and context.paused
        context.src = "/short.wav"  # and is of use afterwards
        context.play()
        await scene.until(lambda seen=seen: "Ended" in seen)
    await scene.close()


async def test_play_without_a_source():
    scene = Playing()
    context, seen = create()
    context.play()
    context.pause()
    context.stop()
    await scene.until(lambda: seen)
    context.seek(1)
    await asyncio.sleep_ms(10)
    assert seen == [10003, "Seeking", "Seeked"]
    await scene.close()


async def test_wrong_types_change_nothing():
    scene = Playing()
    context, seen = create("/long.wav", volume=0.25, startTime=0.5)
    context.play()
    await scene.until(lambda: "Play" in seen)
    said = []
    context.onError(said.append)
    wrong = (
        ("src", (5, None, ["/x"])),
        ("startTime", ("1", None, float("nan"), True)),
        ("autoplay", (1, "true")),
        ("loop", (0, None)),
        ("obeyMuteSwitch", ("no",)),
        ("volume", ("loud", float("nan"), {})),
        ("playbackRate", ("2", float("nan"))),
        ("currentTime", ("2", None, float("nan"))),
        ("referrerPolicy", (1,)),
    )
    count = 0
    for name, values in wrong:
        for value in values:
            setattr(context, name, value)
            count += 1
    context.seek({})
    context.seek(True)
    await scene.until(lambda: len(said) == count + 2)
    assert all(one.errCode == -1 for one in said), said
    assert said[0].errMsg == "operateAudio:fail parameter error: parameter.src should be String instead of Number;"
    assert said[5].errMsg.endswith("parameter.startTime should be Number instead of NaN;")
    assert (context.src, context.startTime, context.volume, context.loop) == ("/long.wav", 0.5, 0.25, False)
    assert not context.paused and seen.count("Stop") == 0
    for listener in (5, "x", None, {}):
        try:
            context.onPlay(listener)
        except wx.Error as exc:
            assert exc.errMsg.startswith("onPlay:fail parameter error: parameter should be Function")
        else:
            raise AssertionError(listener)
    context.stop()
    await scene.close()


async def test_another_src_while_it_plays():
    scene = Playing()
    context, seen = create("/long.wav")
    context.play()
    await scene.until(lambda: "Play" in seen)
    context.src = "/long.wav"  # the same: nothing
    context.src = "/other.wav"
    assert context.paused
    await scene.until(lambda: seen.count("Canplay") == 2)
    assert seen == ["Canplay", "Play", "Stop", "Canplay"] and context.duration == 0.25
    await scene.idle()
    scene.speaker.heard[:] = b""
    context.play()
    await scene.until(lambda: "Ended" in seen)
    assert scene.heard()[0] == 10001
    context.src = ""
    assert context.duration == 0
    context.play()
    await scene.until(lambda: seen[-1] == 10003)
    await scene.close()


async def test_three_sources_at_once_and_the_last_one_counts():
    scene = Playing()
    context, seen = create("/long.wav")
    context.src = "/gone.wav"
    context.src = "/short.wav"
    await scene.until(lambda: seen)
    await asyncio.sleep_ms(20)
    assert seen == ["Canplay"] and context.duration == 0.25
    await scene.close()


async def test_nothing_after_destroy():
    scene = Playing()
    context, seen = create("/long.wav")
    context.play()
    await scene.until(lambda: "Play" in seen)
    context.pause()  # its event is on the way
    context.destroy()
    count = len(seen)
    for attempt in (context.play, context.pause, context.stop, context.destroy, lambda: context.seek(1)):
        attempt()
    context.src = "/short.wav"
    context.volume, context.loop, context.startTime = "x", 5, None
    context.volume, context.playbackRate, context.autoplay = 0.5, 2, True
    listen(context, EVENTS, seen)
    context.offPlay()
    context.play()
    await asyncio.sleep_ms(300)
    assert len(seen) == count and context.paused and mixer._current.is_idle
    assert (context.duration, context.currentTime) == (2, 0)
    await scene.close()


async def test_a_listener_may_destroy_it():
    scene = Playing()
    context, seen = create("/short.wav")
    context.onPlay(lambda res: context.destroy())
    context.play()
    await scene.until(lambda: "Play" in seen)
    await asyncio.sleep_ms(300)
    assert seen == ["Canplay", "Play"] and mixer._current.is_idle
    await scene.close()


async def test_a_listener_that_raises_harms_no_other():
    scene = Playing()
    context, seen = create("/short.wav")

    def wrong(res):
        raise ValueError("mine")

    context.onCanplay(wrong)
    context.onCanplay(lambda res: seen.append("after"))
    context.play()
    await scene.until(lambda: "Ended" in seen)
    assert "after" in seen and [str(exc) for exc in scene.failures] == ["mine"]
    scene.failures.clear()
    await scene.close()


async def test_off_takes_one_or_all():
    scene = Playing()
    context = wx.createInnerAudioContext()
    seen = []

    def one(res):
        seen.append("one")

    for name in EVENTS + ("TimeUpdate",):
        getattr(context, "on" + name)(one)
        getattr(context, "on" + name)(lambda res: seen.append("two"))
        getattr(context, "off" + name)(one)
    context.src = "/short.wav"
    context.play()
    await scene.until(lambda: len(seen) >= 3)
    assert "one" not in seen
    for name in EVENTS + ("TimeUpdate",):
        getattr(context, "off" + name)()
    count = len(seen)
    context.stop()
    await asyncio.sleep_ms(10)
    assert len(seen) == count
    await scene.close()
