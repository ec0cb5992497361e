"""The background music: BackgroundAudioManager and the old API over the same one, and the panel of the user."""

import asyncio

import wx
from kiosk import router
from kiosk.media import mixer, panel
from tests.fakes.playing import EVENTS, Playing, listen


async def _fails(awaitable, errno, part):
    try:
        await awaitable
    except wx.Error as exc:
        assert exc.errno == errno and part in exc.errMsg, exc.errMsg
        return
    raise AssertionError(part)


def _manager():
    manager = wx.getBackgroundAudioManager()
    seen = []
    listen(manager, EVENTS, seen)
    return manager, seen


async def test_what_it_is_before_anything_was_done():
    scene = Playing()
    manager, _ = _manager()
    assert wx.getBackgroundAudioManager() is manager
    for name in ("src", "title", "epname", "singer", "coverImgUrl", "webUrl", "referrerPath"):
        assert getattr(manager, name) == "", name
    assert (manager.protocol, manager.audioType, manager.referrerPolicy) == ("http", "music", "no-referrer")
    assert (manager.startTime, manager.playbackRate, manager.buffered) == (0, 1, 0)
    assert (manager.duration, manager.currentTime, manager.paused) == (0, 0, True)
    assert await wx.getBackgroundAudioPlayerState() == {"status": 2, "errMsg": "getBackgroundAudioPlayerState:ok"}
    await scene.close()


async def test_src_plays_and_wants_a_title():
    scene = Playing()
    manager, seen = _manager()
    said = []
    manager.onError(said.append)
    manager.src = "/short.wav"
    await scene.until(lambda: said)
    assert said[0].errCode == -1 and said[0].errMsg == "operateBackgroundAudio:fail parameter error: title is nil!"
    assert manager.src == "" and manager.paused
    manager.title, manager.singer, manager.epname = "Song", "Singer", "Album"
    manager.src = "/short.wav"
    assert not manager.paused
    await scene.until(lambda: "Ended" in seen)
    assert seen == [-1, "Canplay", "Play", "Ended"] and list(scene.heard()[:3]) == [1, 2, 3]
    assert panel.shown() == {"state": {"status": 2}, "texts": {"title": "Song", "singer": "Singer", "epname": "Album"}}
    await scene.idle()
    scene.speaker.heard[:] = b""
    manager.startTime = 0.125
    manager.src = "/short.wav"  # the same once more, as players with a loop do
    await scene.until(lambda: seen.count("Ended") == 2)
    assert scene.heard()[100] == 1102
    await scene.close()


async def test_a_new_src_while_it_plays():
    scene = Playing()
    manager, seen = _manager()
    manager.title = "Song"
    manager.src = "/long.wav"
    await scene.until(lambda: "Play" in seen)
    manager.src = "/long.wav"  # plays already
    manager.src = "/other.wav"
    await scene.until(lambda: "Ended" in seen)
    assert seen == ["Canplay", "Play", "Stop", "Canplay", "Play", "Ended"] and scene.highest() == 12000
    manager.src = "/gone.wav"
    await scene.until(lambda: seen[-1] == 10003)
    manager.src = ""
    manager.play()
    await scene.until(lambda: seen[-2:] == [10003, 10003])
    await scene.close()


async def test_pause_seek_and_stop():
    scene = Playing()
    manager, seen = _manager()
    manager.title = "Song"
    manager.src = "/long.wav"
    await scene.until(lambda: manager.currentTime > 0.1)
    manager.pause()
    manager.seek(1.25)
    assert manager.currentTime == 1.25 and manager.paused and manager.duration == 2 and manager.buffered == 2
    await scene.idle()
    manager.src = "/long.wav"  # that which pauses goes on
    scene.speaker.heard[:] = b""
    await scene.until(lambda: len(scene.heard()) > 200)
    assert scene.heard()[100] == 10102
    manager.stop()
    await scene.idle()
    assert seen == ["Canplay", "Play", "Pause", "Seeking", "Seeked", "Play", "Stop"] and manager.currentTime == 0
    manager.play()  # the src is still there
    await scene.until(lambda: seen[-1] == "Play")
    manager.stop()
    await scene.close()


async def test_wrong_types_change_nothing():
    scene = Playing()
    manager, seen = _manager()
    manager.title = "Song"
    wrong = (("title", None), ("src", 5), ("epname", {}), ("protocol", 1), ("protocol", "rtmp"), ("startTime", "1"))
    for name, value in wrong:
        setattr(manager, name, value)
    manager.seek(float("nan"))
    manager.playbackRate = "fast"
    await scene.until(lambda: len(seen) == len(wrong) + 2)
    assert set(seen) == {-1} and (manager.title, manager.src, manager.protocol) == ("Song", "", "http")
    manager.protocol = "hls"
    assert manager.protocol == "hls"
    await scene.close()


async def test_the_old_api_from_the_beginning_to_the_end():
    scene = Playing()
    manager, seen = _manager()
    old = []
    wx.onBackgroundAudioPlay(lambda res: old.append("Play"))
    wx.onBackgroundAudioPause(lambda res: old.append("Pause"))
    wx.onBackgroundAudioStop(lambda res: old.append("Stop"))
    await wx.playBackgroundAudio(dataUrl="/long.wav", title="Song", coverImgUrl="/a.png")
    assert manager.title == "Song" and manager.src == "/long.wav" and not manager.paused  # it is the same music
    await wx.playBackgroundAudio(dataUrl="/long.wav")  # plays already
    state = await wx.getBackgroundAudioPlayerState()
    assert state.status == 1 and state.duration == 2 and state.dataUrl == "/long.wav" and state.downloadPercent == 100
    assert 0 <= state.currentPosition < 2 and isinstance(state.downloadPercent, int)
    await wx.pauseBackgroundAudio()
    assert (await wx.getBackgroundAudioPlayerState()).status == 0
    await wx.seekBackgroundAudio(position=1.5)
    assert (await wx.getBackgroundAudioPlayerState()).currentPosition == 1.5
    await wx.playBackgroundAudio(dataUrl="/long.wav")  # goes on
    await scene.until(lambda: "Stop" in old)
    assert old == ["Play", "Pause", "Play", "Stop"] and "Ended" in seen and seen.count("Stop") == 0
    await wx.stopBackgroundAudio()
    await wx.pauseBackgroundAudio()  # of nothing: no failure
    await asyncio.sleep_ms(10)
    assert old.count("Stop") == 1
    await _fails(wx.seekBackgroundAudio(position=1), 10001, "seekBackgroundAudio:fail no music is playing")
    await _fails(wx.seekBackgroundAudio(position=float("nan")), 1001, "NaN")
    await _fails(wx.seekBackgroundAudio(), 1001, "parameter.position should be Number instead of Undefined")
    await _fails(wx.playBackgroundAudio(dataUrl="/gone.wav"), 10003, "playBackgroundAudio:fail")
    await _fails(wx.playBackgroundAudio(dataUrl="/text.wav"), 10004, "playBackgroundAudio:fail")
    await _fails(wx.playBackgroundAudio(dataUrl=""), 10003, "src is empty")
    await _fails(wx.playBackgroundAudio(dataUrl=5), 1001, "parameter.dataUrl should be String instead of Number")
    await scene.close()


async def test_stopped_before_it_is_heard():
    scene = Playing()
    playing = wx.playBackgroundAudio(dataUrl="/long.wav")
    await asyncio.sleep_ms(0)
    wx.getBackgroundAudioManager().stop()
    assert (await playing).errMsg == "playBackgroundAudio:ok" and mixer._current.is_idle
    await scene.close()


async def test_another_one_before_it_has_begun():
    scene = Playing()
    first, second = wx.playBackgroundAudio(dataUrl="/long.wav"), wx.playBackgroundAudio(dataUrl="/short.wav")
    await _fails(first, 104, "playBackgroundAudio:fail interrupted")
    assert (await second).errMsg == "playBackgroundAudio:ok"
    assert wx.getBackgroundAudioManager().src == "/short.wav"
    await scene.close()


async def test_a_speaker_that_fails():
    scene = Playing()
    scene.speaker.fail = 19
    manager, seen = _manager()
    await wx.playBackgroundAudio(dataUrl="/long.wav")
    await scene.until(lambda: seen[-1] == 10001)
    assert manager.paused and seen == ["Canplay", "Play", 10001]
    await wx.playBackgroundAudio(dataUrl="/long.wav")
    await scene.until(lambda: manager.currentTime > 0)
    await scene.close()


async def test_in_the_background():
    for allowed in (False, True):
        scene = Playing(**({"requiredBackgroundModes": ["audio"]} if allowed else {}))
        manager, seen = _manager()
        manager.title = "Song"
        manager.src = "/long.wav"
        await scene.until(lambda seen=seen: "Play" in seen)
        scene.hide()
        await asyncio.sleep_ms(20)
        assert seen == ["Canplay", "Play"] + ([] if allowed else ["Pause"])
        manager.play()
        await asyncio.sleep_ms(20)
        assert seen[2:] == ([] if allowed else ["Pause", 10001]) and manager.paused != allowed
        scene.program.visible = True
        manager.play()
        assert not manager.paused
        await scene.close()
        import vfs

        vfs.umount("/flash")
        vfs.umount("/package")
        for name in ("backgroundaudio", "inneraudio"):
            _forget(name)


def _forget(chapter):
    # As the loader does it when a mini-program closes.
    import sys

    sys.modules.pop("wx." + chapter, None)


async def test_the_panel():
    scene = Playing()
    panel.press("play")  # there is nothing
    manager, seen = _manager()
    listen(manager, ("Prev", "Next"), seen)
    manager.title = "Song"
    manager.src = "/long.wav"
    await scene.until(lambda: "Play" in seen)
    for button in ("previous", "next", "pause", "play"):
        panel.press(button)
    await scene.until(lambda: seen[-1] == "Play")
    panel.press("stop")
    await scene.until(lambda: "Stop" in seen)
    assert seen == ["Canplay", "Play", "Prev", "Next", "Pause", "Play", "Stop"], seen
    try:
        panel.press("louder")
    except ValueError as exc:
        assert "louder" in str(exc)
    else:
        raise AssertionError
    await scene.close()
    panel.press("next")  # and no mini-program


async def test_music_is_ducked_under_a_voice_and_interrupted_by_no_page():
    scene = Playing()
    manager, seen = _manager()
    manager.title = "Song"
    manager.src = "/long.wav"
    await scene.until(lambda: manager.currentTime > 0.3)
    router.stack.clear()  # pages come and go
    await wx.playVoice(filePath="/other.wav")
    assert not manager.paused and seen == ["Canplay", "Play"]
    # The voice counts up from 10001; after the ramp the music, at its sample 2400 or more, is under it at a quarter.
    together = [value for value in scene.heard() if value > 10001]
    assert 10061 + 2400 // 4 < together[60] < 10061 + 8000 // 4, together[60]
    manager.stop()
    await scene.close()
