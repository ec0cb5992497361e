"""Scenarios of the chapter "Media", recording, with a microphone that says what it is told; see tests/conformance/proof.py."""

FAKES = ("drivers/audio/fake",)
SAID = bytes(range(256)) * 40


def _hears(says=SAID):
    # Allow it, and put the fake microphone (Microphone, from FAKES) where the board has its own.
    from kiosk import app
    from kiosk.media import recorder

    app.current.settings["allow"] = ["scope.record"]
    microphone = Microphone(says)  # noqa: F821  of the fake
    recorder._current = recorder.Recorder(microphone)
    return microphone


async def a_recording(t):
    """wx.getRecorderManager RecorderManager.start RecorderManager.onStart RecorderManager.onStop"""
    microphone = _hears()
    manager, seen = wx.getRecorderManager(), []
    assert manager is wx.getRecorderManager()
    manager.onStart(lambda res: seen.append("start"))
    manager.onStop(seen.append)
    manager.start(
        duration=100,
        sampleRate=16000,
        numberOfChannels=1,
        encodeBitRate=48000,
        format="wav",
        frameSize=1,
        audioSource="auto",
    )
    assert seen == []
    await t.until(lambda: len(seen) > 1)
    res = seen[1]
    assert seen[0] == "start" and res.duration == 100 and res.fileSize == 3244 and microphone.opened == [16000]
    assert wx.getFileSystemManager().readFileSync(res.tempFilePath)[44:] == SAID[:3200]


async def stopping(t):
    """RecorderManager.stop"""
    _hears()
    manager, seen = wx.getRecorderManager(), []
    manager.onStop(seen.append)
    manager.start(format="mp3", encodeBitRate=16000)
    manager.stop()
    await t.until(lambda: seen)
    assert seen[0].duration == 0 and seen[0].tempFilePath.endswith(".mp3")


async def a_pause(t):
    """RecorderManager.pause RecorderManager.resume RecorderManager.onPause RecorderManager.onResume"""
    microphone = _hears()
    manager, seen, size = wx.getRecorderManager(), [], []
    manager.onStart(lambda res: manager.pause())
    manager.onPause(lambda res: seen.append("pause"))
    manager.onResume(lambda res: seen.append("resume"))
    manager.onStop(lambda res: size.append(res.fileSize))
    manager.start(format="PCM", sampleRate=8000, numberOfChannels=1, duration=100)
    await t.until(lambda: seen and microphone._at > 4000)
    assert seen == ["pause"] and size == []
    manager.resume()
    await t.until(lambda: size)
    assert seen == ["pause", "resume"] and size == [1600]


async def frames(t):
    """RecorderManager.onFrameRecorded"""
    _hears()
    manager, seen, done = wx.getRecorderManager(), [], []
    manager.onFrameRecorded(lambda res: seen.append((bytes(res.frameBuffer), res.isLastFrame)))
    manager.onStop(done.append)
    manager.start(format="PCM", frameSize=1, sampleRate=8000, numberOfChannels=1, duration=100)
    await t.until(lambda: done)
    assert seen == [(SAID[:1024], False), (SAID[1024:1600], True)]


async def errors(t):
    """RecorderManager.onError"""
    _hears()
    manager, seen = wx.getRecorderManager(), []
    manager.onError(lambda res: seen.append((res.errno, res.errMsg)))
    manager.stop()
    manager.start(sampleRate=44100)
    await t.until(lambda: len(seen) > 1)
    assert seen[0] == (1001, "operateRecorder:fail recorder not start")
    assert seen[1][0] == 1001 and seen[1][1].startswith(
        "operateRecorder:fail parameter error: parameter.encodeBitRate "
    )


async def an_interruption(t):
    """RecorderManager.onInterruptionBegin RecorderManager.onInterruptionEnd"""
    from kiosk import supervisor

    _hears().most = 4  # bytes a turn: it is not to be over before it is looked at
    manager, seen = wx.getRecorderManager(), []
    manager.onStart(lambda res: seen.append("start"))
    manager.onInterruptionBegin(lambda res: seen.append("begin"))
    manager.onPause(lambda res: seen.append("pause"))
    manager.onInterruptionEnd(lambda res: seen.append("end"))
    manager.onStop(lambda res: seen.append("stop"))
    manager.start(format="PCM", duration=20000)
    await t.until(lambda: seen)
    supervisor.set_visible(False)
    await t.until(lambda: len(seen) > 2)
    supervisor.set_visible(True)
    await t.until(lambda: len(seen) > 3)
    manager.stop()
    await t.until(lambda: len(seen) > 4)
    assert seen == ["start", "begin", "pause", "end", "stop"]


async def the_old_calls(t):
    """wx.startRecord wx.stopRecord"""
    microphone = _hears()
    results = []
    await t.fails(lambda: wx.stopRecord(), 1001, "stopRecord:fail recorder not start")
    wx.startRecord(success=results.append, fail=results.append)
    await t.until(lambda: microphone._at > 2000)
    assert results == []
    assert (await wx.stopRecord()).errMsg == "stopRecord:ok"
    await t.until(lambda: results)
    assert results[0].errMsg == "startRecord:ok"
    assert wx.getFileSystemManager().statSync(results[0].tempFilePath).size > 100
    microphone.open(8000)  # somebody else has it
    await t.fails(lambda: wx.startRecord(), -1, "startRecord:fail system error: the microphone is open")


async def the_sources(t):
    """wx.getAvailableAudioSources"""
    assert (await wx.getAvailableAudioSources()).audioSources == ["auto", "buildInMic", "mic"]
