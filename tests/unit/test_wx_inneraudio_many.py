"""InnerAudioContexts together, with the mute switch, other sounds, and a mini-program that is hidden or closed."""

import asyncio

import board
import wx
from kiosk import app, log
from kiosk.errors import KioskError
from kiosk.media import mixer, panel, sound
from tests.fakes.playing import EVENTS, Paced, Playing, create, listen


class _Hasty(Paced):
    # Thirty at once on a board's heap take longer than their sound.
    async def write(self, view):
        await asyncio.sleep_ms(0)
        self.heard = bytearray(view)


async def test_thirty_at_once():
    scene = Playing(_Hasty())
    contexts = [create("/short.wav", volume=0.02) for _ in range(30)]
    for context, _ in contexts:
        context.play()
    for _, seen in contexts:
        await scene.until(lambda seen=seen: "Ended" in seen or 10001 in seen)
    # On a board's heap there may be no room for all of them: then those say so.
    assert all(seen[-1] in ("Ended", 10001) for _, seen in contexts)
    assert sum(1 for _, seen in contexts if seen[-1] == "Ended") >= 8
    await scene.idle()
    contexts[0][0].play()
    await scene.until(lambda: contexts[0][1].count("Ended") >= 1)
    await scene.close()


async def test_two_are_mixed():
    scene = Playing()
    one, seen = create("/long.wav", volume=0.5)
    two, _ = create("/other.wav", volume=0.5)
    one.play()
    two.play()
    await scene.until(lambda: len(scene.heard()) > 1000)
    heard = scene.heard()
    assert any(5000 < value < 8000 for value in heard)
    one.destroy()
    two.destroy()
    await scene.close()


async def test_the_mute_switch():
    scene = Playing()
    context, seen = create("/long.wav")
    loud, _ = create("/long.wav", obeyMuteSwitch=False)
    panel.mute(True)
    try:
        context.play()
        await scene.until(lambda: context.currentTime > 0.1)
        assert len(scene.heard()) == 0
        panel.mute(False)
        await scene.until(lambda: len(scene.heard()) > 100)
        panel.mute(True)
        context.stop()
        await scene.idle()
        scene.speaker.heard[:] = b""
        loud.play()
        await scene.until(lambda: len(scene.heard()) > 100)
        loud.stop()
        await scene.idle()
        await wx.setInnerAudioOption(obeyMuteSwitch=False)
        scene.speaker.heard[:] = b""
        context.play()
        await scene.until(lambda: len(scene.heard()) > 100)
    finally:
        panel.mute(False)
    context.stop()
    await scene.close()


async def test_mix_with_other():
    scene = Playing()
    music = wx.getBackgroundAudioManager()
    heard = []
    listen(music, EVENTS, heard)
    music.title = "Song"
    music.src = "/long.wav"
    await scene.until(lambda: "Play" in heard)
    context, seen = create("/short.wav")
    context.play()
    await scene.until(lambda: "Ended" in seen)
    assert "Pause" not in heard
    await wx.setInnerAudioOption(mixWithOther=False)
    context.play()
    await scene.until(lambda: seen.count("Ended") == 2)
    assert heard[-1] == "Pause" and music.paused
    await scene.close()


async def test_the_background_pauses_it():
    scene = Playing(requiredBackgroundModes=["audio"])
    context, seen = create("/long.wav")
    context.play()
    await scene.until(lambda: "Play" in seen)
    scene.hide()
    await scene.until(lambda: seen[-1] == "Pause")
    context.play()
    await scene.until(lambda: seen[-1] == 10001)
    scene.program.visible = True
    context.play()
    await scene.until(lambda: seen[-1] == "Play")
    await scene.close()


async def test_the_mini_program_closes_while_it_plays():
    scene = Playing()
    context, seen = create("/long.wav")
    paused, _ = create("/long.wav")
    paused.play()
    context.play()
    await scene.until(lambda: "Play" in seen)
    paused.pause()
    count = len(seen)
    await scene.close()  # which wants the speaker closed
    assert len(seen) == count and scene.speaker.closed == 1  # in peace
    assert scene.speaker.heard[-64:] == bytes(64)


async def test_it_closes_at_once():
    scene = Playing()
    context, seen = create("/long.wav")
    context.play()
    await scene.until(lambda: "Play" in seen)
    for close in scene.program.at_close:  # from the background, or after a stall
        close()
    assert not scene.speaker.is_open and mixer._current.is_idle
    app.current = None


async def test_no_speaker():
    scene = Playing()
    scene.speaker.fail = 19
    context, seen = create("/short.wav")
    context.play()
    await scene.until(lambda: 10001 in seen)
    assert context.paused and seen[-1] == 10001
    context.play()
    await scene.until(lambda: "Ended" in seen)
    await scene.close()


async def test_a_board_without_a_speaker():
    scene = Playing()
    mixer._current, board.speaker = None, None
    context, seen = create("/short.wav")
    context.play()
    await scene.until(lambda: 10001 in seen)
    assert context.paused and seen == ["Canplay", 10001]
    assert context.currentTime == 0 and context.duration == 0.25
    await scene.close()


async def test_every_exception_has_its_code():
    log.level = len(log.LEVELS)
    for exc, code, errno in (
        (KioskError("format", "x"), 10004, 10004),
        (KioskError("sound file", "x"), 10003, 10003),
        (KioskError("no file", "x"), 10003, 10003),
        (KioskError("network", "x"), 10002, 10002),
        (KioskError("tls", "x"), 10002, 10002),
        (KioskError("oom"), 10001, 10001),
        (MemoryError(), 10001, 10001),
        (OSError(19, "no speaker"), 10001, 10001),
        (OSError(5), 10001, 10001),
        (KioskError("parameter", "x"), -1, 1001),
        (ValueError("x"), -1, -1),
    ):
        res = sound.result("operateAudio", exc)
        assert (res.errCode, res.errno) == (code, errno), (exc, res)
        assert res.errMsg.startswith("operateAudio:fail "), res
    assert sound.result("operateAudio", OSError(19, "no speaker")).errMsg == "operateAudio:fail no speaker"
    assert sound.result("operateAudio", None) == {}
