"""playVoice and its kin: one at a time, what goes on and what begins anew, how each call ends."""

import asyncio

import wx
from kiosk.media import mixer
from tests.fakes.playing import Playing


async def _fails(awaitable, errno, part):
    try:
        await awaitable
    except wx.Error as exc:
        assert exc.errno == errno and exc.errMsg.startswith("playVoice:fail") and part in exc.errMsg, exc.errMsg
        return
    raise AssertionError(part)


async def _heard(scene, samples):
    await scene.until(lambda: len(scene.heard()) >= samples)


async def test_success_comes_when_it_has_ended():
    scene = Playing()
    assert (await wx.playVoice(filePath="/short.wav")).errMsg == "playVoice:ok"
    assert list(scene.heard()[:2000]) == list(range(1, 2001))
    await scene.close()


async def test_the_same_file_goes_on_after_a_pause():
    scene = Playing()
    first = wx.playVoice(filePath="/long.wav", duration=1)
    await _heard(scene, 2000)
    await wx.pauseVoice()
    await scene.idle()
    last = scene.highest()
    scene.speaker.heard[:] = b""
    second = wx.playVoice(filePath="/long.wav")
    assert (await second).errMsg == (await first).errMsg == "playVoice:ok"
    heard = scene.heard()
    assert last <= heard[100] <= last + 160 and scene.highest() == 8000
    await scene.close()


async def test_after_stop_it_begins_at_its_head():
    scene = Playing()
    first = wx.playVoice(filePath="/long.wav")
    await _heard(scene, 2000)
    await wx.pauseVoice()
    await wx.stopVoice()
    assert (await first).errMsg == "playVoice:ok"
    await scene.idle()
    scene.speaker.heard[:] = b""
    second = wx.playVoice(filePath="/long.wav")
    await _heard(scene, 100)
    assert list(scene.heard()[:3]) == [1, 2, 3]
    await wx.stopVoice()
    assert (await second).errMsg == "playVoice:ok"
    await scene.close()


async def test_another_one_interrupts():
    scene = Playing()
    first = wx.playVoice(filePath="/long.wav")
    await _heard(scene, 500)
    second = wx.playVoice(filePath="/other.wav")
    await _fails(first, 104, "interrupted")
    await second
    assert scene.highest() == 12000 and 16000 not in list(scene.heard())
    await scene.close()


async def test_another_one_interrupts_the_one_that_pauses():
    scene = Playing()
    first = wx.playVoice(filePath="/long.wav")
    await _heard(scene, 500)
    await wx.pauseVoice()
    await scene.idle()
    await wx.playVoice(filePath="/short.wav")
    await _fails(first, 104, "interrupted")
    await scene.idle()
    scene.speaker.heard[:] = b""
    third = wx.playVoice(filePath="/long.wav")  # is not the one that paused any more
    await _heard(scene, 100)
    assert list(scene.heard()[:3]) == [1, 2, 3]
    await wx.stopVoice()
    await third
    await scene.close()


async def test_the_same_one_while_it_plays_begins_anew():
    scene = Playing()
    first = wx.playVoice(filePath="/long.wav")
    await _heard(scene, 1000)
    second = wx.playVoice(filePath="/long.wav", duration=1)
    await _fails(first, 104, "interrupted")
    scene.speaker.heard[:] = b""
    await second
    assert scene.highest() == 8000
    await scene.close()


async def test_two_calls_in_one_breath():
    scene = Playing()
    first, second = wx.playVoice(filePath="/long.wav"), wx.playVoice(filePath="/short.wav")
    await _fails(first, 104, "interrupted")
    await second
    assert scene.highest() == 2000
    await scene.close()


async def test_not_longer_than_it_may():
    scene = Playing()
    assert wx.playVoice.options[1] == ("duration", "Number", 60)
    await wx.playVoice(filePath="/long.wav", duration=0.5)
    assert scene.highest() == 4000
    await wx.playVoice(filePath="/short.wav", duration=float("inf"))
    for duration in (0, -1, float("nan")):
        await _fails(wx.playVoice(filePath="/short.wav", duration=duration), 1001, "parameter.duration")
    await _fails(wx.playVoice(filePath="/short.wav", duration="2"), 1001, "parameter.duration should be Number")
    await scene.close()


async def test_a_pause_does_not_count_for_its_duration():
    scene = Playing()
    first = wx.playVoice(filePath="/long.wav", duration=1)
    await _heard(scene, 2000)
    await wx.pauseVoice()
    await scene.idle()
    await wx.playVoice(filePath="/long.wav", duration=1)
    await first
    assert scene.highest() == 8000
    await scene.close()


async def test_what_cannot_be_played():
    scene = Playing()
    await _fails(wx.playVoice(), 1001, "parameter.filePath should be String instead of Undefined")
    await _fails(wx.playVoice(filePath=5), 1001, "parameter.filePath should be String instead of Number")
    await _fails(wx.playVoice(filePath=""), 10003, "src is empty")
    await _fails(wx.playVoice(filePath="/gone.wav"), 10003, "")
    await _fails(wx.playVoice(filePath="/text.wav"), 10004, "")
    scene.speaker.fail = 19
    await _fails(wx.playVoice(filePath="/short.wav"), 10001, "")
    await wx.playVoice(filePath="/short.wav")
    await scene.close()


async def test_pause_and_stop_of_nothing():
    scene = Playing()
    assert (await wx.pauseVoice()).errMsg == "pauseVoice:ok"
    assert (await wx.stopVoice()).errMsg == "stopVoice:ok"
    await wx.playVoice(filePath="/short.wav")
    await wx.pauseVoice()
    await wx.stopVoice()
    await scene.close()


async def test_the_background_pauses_it_and_refuses_another():
    scene = Playing()
    first = wx.playVoice(filePath="/long.wav")
    await _heard(scene, 500)
    scene.hide()
    await scene.idle()
    await _fails(wx.playVoice(filePath="/short.wav"), 10001, "background")
    await _fails(first, 104, "interrupted")
    await scene.close()


async def test_the_mini_program_closes_meanwhile():
    scene = Playing()
    answers = []
    wx.playVoice(filePath="/long.wav", complete=answers.append)
    await _heard(scene, 500)
    await scene.close()
    await asyncio.sleep_ms(20)
    assert answers == [] and mixer._current.is_idle
