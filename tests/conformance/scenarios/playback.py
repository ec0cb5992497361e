"""Scenarios of the chapters about playing sound, with a speaker that keeps what is played; see tests/conformance/proof.py."""

import asyncio
import struct
from array import array


class _Speaker:
    # Takes a second for a second, or nearly.
    rates_hz = (8000,)
    ring_ms = 20

    def __init__(self):
        self.heard = bytearray()

    def open(self, rate_hz, channels):
        pass

    async def write(self, view):
        self.heard.extend(view)
        await asyncio.sleep_ms(len(view) // 16)

    async def close(self):
        pass

    def deinit(self):
        pass

    def samples(self):
        return [sample for sample in array("h", self.heard) if sample]


_EVENTS = ("Canplay", "Play", "Pause", "Stop", "Ended", "Error", "Waiting", "Seeking", "Seeked", "TimeUpdate")
_LONG = "wxfile://usr/long.wav"
_SHORT = "wxfile://usr/short.wav"


def _begin():
    # The speaker, and two files whose samples count up: of a second, and of a tenth of it from 10001 on.
    from kiosk.media import mixer

    speaker = _Speaker()
    mixer._current = mixer.Mixer(speaker)
    fs = wx.getFileSystemManager()
    for url, first, count in ((_LONG, 1, 8000), (_SHORT, 10001, 800)):
        head = struct.pack("<IHHIIHH4sI", 16, 1, 1, 8000, 16000, 2, 16, b"data", count * 2)
        samples = bytes(array("h", range(first, first + count)))
        fs.writeFileSync(url, b"RIFF" + struct.pack("<I", count * 2 + 36) + b"WAVEfmt " + head + samples)
    fs.writeFileSync("wxfile://usr/text.wav", "no sound")
    return speaker


def _listen(target, seen, names=_EVENTS):
    for name in names:
        listener = (
            (lambda res: seen.append(res.errCode)) if name == "Error" else lambda res, name=name: seen.append(name)
        )
        getattr(target, "on" + name)(listener)


class _Starving:
    # Puts a source that has nothing for a while in the place of a Sound's own.
    def __init__(self, source):
        self._source = source
        self._times = 5

    def __getattr__(self, name):
        return getattr(self._source, name)

    def read_into(self, view):
        if self._times:
            self._times -= 1
            return None
        return self._source.read_into(view)


async def _starve(t, sound):
    await t.until(lambda: sound._source)
    sound._source = _Starving(sound._source)


async def inner_from_the_beginning_to_the_end(t):
    """wx.createInnerAudioContext InnerAudioContext.play InnerAudioContext.src InnerAudioContext.duration InnerAudioContext.paused InnerAudioContext.onCanplay InnerAudioContext.onPlay InnerAudioContext.onEnded InnerAudioContext.onTimeUpdate"""  # fmt: skip
    speaker = _begin()
    context = wx.createInnerAudioContext({"useWebAudioImplement": False})
    seen = []
    _listen(context, seen)
    context.src = _LONG
    await t.until(lambda: seen)
    assert seen == ["Canplay"] and context.duration == 1 and context.paused is True and context.src == _LONG
    context.play()
    await t.until(lambda: "Ended" in seen or not context.paused)
    assert context.paused is False
    await t.until(lambda: "TimeUpdate" in seen)
    t.observe("InnerAudioContext", context)
    await t.until(lambda: "Ended" in seen)
    assert [name for name in seen if name != "TimeUpdate"] == ["Canplay", "Play", "Ended"]
    assert speaker.samples()[:8000] == list(range(1, 8001))


async def inner_pause_seek_and_stop(t):
    """InnerAudioContext.pause InnerAudioContext.stop InnerAudioContext.seek InnerAudioContext.currentTime InnerAudioContext.buffered InnerAudioContext.startTime InnerAudioContext.onPause InnerAudioContext.onStop InnerAudioContext.onSeeking InnerAudioContext.onSeeked"""  # fmt: skip
    speaker = _begin()
    context = wx.createInnerAudioContext()
    seen = []
    _listen(context, seen, _EVENTS[:-1])
    context.src = _LONG
    context.startTime = 0.25
    context.play()
    await t.until(lambda: len(speaker.samples()) > 200)
    assert speaker.samples()[100] == 2102 and context.startTime == 0.25 and context.buffered == 1
    context.pause()
    assert context.paused
    context.seek(0.501)
    assert context.currentTime == 0.501
    context.currentTime = 0.75
    assert context.currentTime == 0.75
    speaker.heard[:] = b""
    context.play()
    await t.until(lambda: len(speaker.samples()) > 200)
    assert 6001 < max(speaker.samples()) < 8000
    context.stop()
    await t.until(lambda: seen[-1] == "Stop")
    assert context.currentTime == 0
    assert seen == ["Canplay", "Play", "Pause"] + ["Seeking", "Seeked"] * 2 + ["Play", "Stop"]


async def inner_properties(t):
    """InnerAudioContext.autoplay InnerAudioContext.loop InnerAudioContext.volume InnerAudioContext.playbackRate InnerAudioContext.referrerPolicy InnerAudioContext.destroy"""  # fmt: skip
    speaker = _begin()
    context = wx.createInnerAudioContext()
    assert (context.autoplay, context.loop, context.volume, context.playbackRate) == (False, False, 1, 1)
    assert context.referrerPolicy == "no-referrer"
    context.autoplay, context.loop, context.volume, context.playbackRate = True, True, 0.5, 2.0
    context.referrerPolicy = "origin"
    context.src = _SHORT
    seen = []
    _listen(context, seen)
    await t.until(lambda: len(speaker.samples()) > 1000)  # 400 are one round
    middle = speaker.samples()[:300]
    assert min(middle) >= 5000 and max(middle) < 5400 and middle[101] - middle[100] == 1
    context.destroy()
    count = len(seen)
    context.play()
    await asyncio.sleep_ms(300)
    assert len(seen) == count and "Ended" not in seen and context.paused


async def inner_errors(t):
    """InnerAudioContext.onError"""
    _begin()
    for src, code in (("/gone.wav", 10003), ("wxfile://usr/text.wav", 10004), (5, -1)):
        context = wx.createInnerAudioContext()
        heard = []
        context.onError(heard.append)
        context.src = src
        await t.until(lambda heard=heard: heard)
        assert heard[0].errCode == code and ":fail" in heard[0].errMsg


async def inner_waiting(t):
    """InnerAudioContext.onWaiting"""
    speaker = _begin()
    context = wx.createInnerAudioContext()
    seen = []
    context.onWaiting(lambda res: seen.append("Waiting"))
    context.src = _SHORT
    context.play()
    await _starve(t, context._sound)
    await t.until(lambda: seen)
    await t.until(lambda: speaker.samples())


async def inner_offs(t):
    """InnerAudioContext.offCanplay InnerAudioContext.offPlay InnerAudioContext.offPause InnerAudioContext.offStop InnerAudioContext.offEnded InnerAudioContext.offTimeUpdate InnerAudioContext.offError InnerAudioContext.offWaiting InnerAudioContext.offSeeking InnerAudioContext.offSeeked"""  # fmt: skip
    _begin()
    never, told = [], []
    context = wx.createInnerAudioContext()
    for name in _EVENTS:
        getattr(context, "on" + name)(never.append)
        getattr(context, "on" + name)(lambda res, name=name: told.append(name))
        getattr(context, "off" + name)(never.append)
    context.src = _LONG
    context.play()
    await _starve(t, context._sound)
    await t.until(lambda: "TimeUpdate" in told)
    context.pause()
    context.seek(0.5)
    context.stop()
    context.src = _SHORT
    context.play()
    await t.until(lambda: "Ended" in told)
    context.src = "/gone.wav"
    await t.until(lambda: "Error" in told)
    assert set(told) == set(_EVENTS) and never == []


async def mute_switch(t):
    """InnerAudioContext.obeyMuteSwitch wx.setInnerAudioOption"""
    from kiosk.media import panel

    speaker = _begin()
    context = wx.createInnerAudioContext()
    assert context.obeyMuteSwitch is True
    context.src, context.loop = _SHORT, True
    panel.mute(True)
    try:
        context.play()
        await t.until(lambda: len(speaker.heard) > 4000)
        assert speaker.samples() == []
        context.obeyMuteSwitch = False
        await t.until(lambda: speaker.samples())
        context.obeyMuteSwitch = True
        await wx.setInnerAudioOption(obeyMuteSwitch=False)
        speaker.heard[:] = b""
        await t.until(lambda: len(speaker.samples()) > 2000)
    finally:
        panel.mute(False)
    context.destroy()
    await t.fails(lambda: wx.setInnerAudioOption(mixWithOther="yes"), 1001)


async def manager_from_src_to_the_end(t):
    """wx.getBackgroundAudioManager BackgroundAudioManager.src BackgroundAudioManager.title BackgroundAudioManager.duration BackgroundAudioManager.paused BackgroundAudioManager.startTime BackgroundAudioManager.onCanplay BackgroundAudioManager.onPlay BackgroundAudioManager.onEnded BackgroundAudioManager.onTimeUpdate BackgroundAudioManager.onError"""  # fmt: skip
    speaker = _begin()
    manager = wx.getBackgroundAudioManager()
    assert wx.getBackgroundAudioManager() is manager and manager.title == ""
    seen = []
    _listen(manager, seen)
    manager.src = _LONG
    await t.until(lambda: seen)
    assert seen.pop() == -1  # there is no title
    manager.title = "Song"
    manager.startTime = 0.25
    manager.src = _LONG
    await t.until(lambda: "TimeUpdate" in seen)
    assert manager.duration == 1 and manager.paused is False
    t.observe("BackgroundAudioManager", manager)
    await t.until(lambda: "Ended" in seen)
    assert [name for name in seen if name != "TimeUpdate"] == ["Canplay", "Play", "Ended"]
    assert manager.paused is True and speaker.samples()[100] == 2102 and manager.startTime == 0.25


async def manager_methods(t):
    """BackgroundAudioManager.play BackgroundAudioManager.pause BackgroundAudioManager.stop BackgroundAudioManager.seek BackgroundAudioManager.currentTime BackgroundAudioManager.buffered BackgroundAudioManager.playbackRate BackgroundAudioManager.onPause BackgroundAudioManager.onStop BackgroundAudioManager.onSeeking BackgroundAudioManager.onSeeked"""  # fmt: skip
    speaker = _begin()
    manager = wx.getBackgroundAudioManager()
    seen = []
    _listen(manager, seen, _EVENTS[:-1])
    manager.title = "Song"
    assert manager.playbackRate == 1
    manager.playbackRate = 2.0
    manager.src = _LONG
    await t.until(lambda: len(speaker.samples()) > 200)
    assert speaker.samples()[101] - speaker.samples()[100] == 2 and manager.buffered == 1
    manager.pause()
    manager.seek(0.75)
    assert manager.currentTime == 0.75
    speaker.heard[:] = b""
    manager.play()
    await t.until(lambda: len(speaker.samples()) > 200)
    assert 6000 < max(speaker.samples()) < 8000
    manager.stop()
    await t.until(lambda: seen[-1] == "Stop")
    assert seen == ["Canplay", "Play", "Pause", "Seeking", "Seeked", "Play", "Stop"]


async def manager_panel(t):
    """BackgroundAudioManager.epname BackgroundAudioManager.singer BackgroundAudioManager.coverImgUrl BackgroundAudioManager.webUrl BackgroundAudioManager.protocol BackgroundAudioManager.audioType BackgroundAudioManager.referrerPath BackgroundAudioManager.referrerPolicy BackgroundAudioManager.title BackgroundAudioManager.onPrev BackgroundAudioManager.onNext"""  # fmt: skip
    from kiosk.media import panel

    _begin()
    manager = wx.getBackgroundAudioManager()
    texts = {"epname": "E", "singer": "S", "coverImgUrl": "C", "webUrl": "W", "protocol": "hls", "audioType": "podcast"}
    texts.update({"referrerPath": "R", "referrerPolicy": "origin", "title": "T"})
    for name in texts:
        setattr(manager, name, texts[name])
    assert panel.shown()["texts"] == texts
    seen = []
    _listen(manager, seen, ("Prev", "Next"))
    panel.press("previous")
    panel.press("next")
    assert seen == ["Prev", "Next"]


async def manager_waiting(t):
    """BackgroundAudioManager.onWaiting"""
    _begin()
    manager = wx.getBackgroundAudioManager()
    seen = []
    _listen(manager, seen, ("Waiting",))
    manager.title = "Song"
    manager.src = _SHORT
    await _starve(t, manager._sound)
    await t.until(lambda: seen)


async def background_music(t):
    """wx.playBackgroundAudio wx.pauseBackgroundAudio wx.seekBackgroundAudio wx.stopBackgroundAudio wx.getBackgroundAudioPlayerState wx.onBackgroundAudioPlay wx.onBackgroundAudioPause wx.onBackgroundAudioStop"""  # fmt: skip
    from kiosk.media import panel

    speaker = _begin()
    seen = []
    wx.onBackgroundAudioPlay(lambda res: seen.append("Play"))
    wx.onBackgroundAudioPause(lambda res: seen.append("Pause"))
    wx.onBackgroundAudioStop(lambda res: seen.append("Stop"))
    assert (await wx.getBackgroundAudioPlayerState()).status == 2
    await wx.playBackgroundAudio(dataUrl=_LONG, title="Song", coverImgUrl="/cover.png")
    assert panel.shown()["texts"] == {"title": "Song", "coverImgUrl": "/cover.png"}
    await t.until(lambda: len(speaker.samples()) > 200)
    res = await wx.getBackgroundAudioPlayerState()
    assert (res.status, res.duration, res.dataUrl, res.downloadPercent) == (1, 1, _LONG, 100)
    await wx.pauseBackgroundAudio()
    await wx.seekBackgroundAudio(position=0.5)
    res = await wx.getBackgroundAudioPlayerState()
    assert (res.status, res.currentPosition) == (0, 0.5)
    await wx.playBackgroundAudio(dataUrl=_LONG)
    await wx.stopBackgroundAudio()
    await t.until(lambda: len(seen) > 3)
    assert seen == ["Play", "Pause", "Play", "Stop"]
    await t.fails(lambda: wx.seekBackgroundAudio(position=1), 10001)
    await t.fails(lambda: wx.playBackgroundAudio(dataUrl="/gone.wav"), 10003)


async def voices(t):
    """wx.playVoice wx.pauseVoice wx.stopVoice"""
    speaker = _begin()
    await wx.playVoice(filePath=_LONG, duration=0.5)
    assert max(speaker.samples()) == 4000
    speaker.heard[:] = b""
    first = wx.playVoice(filePath=_LONG)
    await t.until(lambda: len(speaker.samples()) > 500)
    await wx.pauseVoice()
    await asyncio.sleep_ms(150)
    count = max(speaker.samples())
    await asyncio.sleep_ms(100)
    assert max(speaker.samples()) == count < 8000
    second = wx.playVoice(filePath=_LONG)
    await t.until(lambda: max(speaker.samples()) > count + 500)
    await wx.stopVoice()
    assert (await first).errMsg == (await second).errMsg == "playVoice:ok"
    assert max(speaker.samples()) < 8000
    third = wx.playVoice(filePath=_LONG)
    await wx.playVoice(filePath=_SHORT)
    await t.fails(lambda: third, 104)
    await t.fails(lambda: wx.playVoice(filePath="/gone.wav"), 10003)


async def audio_of_a_page(t):
    """wx.createAudioContext AudioContext.setSrc AudioContext.play AudioContext.pause AudioContext.seek"""
    from kiosk.media.component import find

    speaker = _begin()
    page = getCurrentPages()[-1]
    seen = []
    page.onAudio = lambda event: seen.append(event.type)
    song = find(page, "song")
    song.set({"bindplay": "onAudio", "bindpause": "onAudio", "bindended": "onAudio"})
    audio = wx.createAudioContext("song")
    audio.setSrc(_LONG)
    audio.seek(0.25)
    audio.play()
    await t.until(lambda: len(speaker.samples()) > 200)
    assert speaker.samples()[100] == 2102
    audio.pause()
    await t.until(lambda: "pause" in seen)
    wx.createAudioContext("song", page).play()
    await t.until(lambda: "ended" in seen)
    assert seen == ["play", "pause", "play", "ended"]
