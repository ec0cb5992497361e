"""RecorderManager, startRecord and stopRecord, over a microphone that says what it is told."""

import struct

from kiosk.media import recordingformat
from tests.fakes import emulator
from tests.fakes.booth import Booth

RATES = (
    (8000, 16000, 48000),
    (11025, 16000, 48000),
    (12000, 24000, 64000),
    (16000, 24000, 96000),
    (22050, 32000, 128000),
    (24000, 32000, 128000),
    (32000, 48000, 192000),
    (44100, 64000, 320000),
    (48000, 64000, 320000),
)
SAID = struct.pack("<8000h", *((at * 211) % 40000 - 20000 for at in range(8000)))


def _twice(data):
    return b"".join(data[at : at + 2] * 2 for at in range(0, len(data), 2))


async def test_wav_is_what_was_said_bit_for_bit():
    async with Booth(SAID) as booth:
        res = await booth.record(format="wav", sampleRate=16000, numberOfChannels=1, duration=250)
        assert booth.names() == ["Start", "Stop"] and booth.microphone.opened == [16000]
        assert (res.duration, res.fileSize) == (250, 44 + 8000) and res.tempFilePath.endswith(".wav")
        data = booth.content(res.tempFilePath)
        assert data[44:] == SAID[:8000] and struct.unpack_from("<I", data, 40)[0] == 8000
        assert struct.unpack_from("<HHI", data, 20) == (1, 1, 16000)
        res = await booth.record(format="wav", sampleRate=8000, numberOfChannels=2, duration=100)
        assert booth.content(res.tempFilePath)[44:] == _twice(SAID[:1600]) and res.duration == 100


async def test_a_wav_that_is_stopped_early_has_a_header_that_is_right():
    async with Booth(SAID) as booth:
        booth.manager.start(format="wav", sampleRate=16000, numberOfChannels=1)
        await booth.until("Start")
        await booth.listening(9000)
        booth.manager.stop()
        res = await booth.until("Stop")
        data = booth.content(res.tempFilePath)
        size = len(data) - 44
        assert size >= 8400 and data[44:] == SAID[:size] and res.fileSize == len(data)
        assert struct.unpack_from("<I", data, 40)[0] == size and struct.unpack_from("<I", data, 4)[0] == size + 36
        assert res.duration == size // 2 * 1000 // 16000
        assert len(booth.temporary()) == 1


async def test_the_defaults():
    """Rule 13: 60 s, 8000 Hz, two channels, 48000 bit/s, AAC."""
    settings = []
    made = recordingformat.Settings

    class Seen(made):
        def __init__(self, options):
            super().__init__(options)
            settings.append(self)

    recordingformat.Settings = Seen
    async with Booth(SAID) as booth:
        booth.manager.start()
        await booth.until("Start")
        booth.manager.stop()
        res = await booth.until("Stop")
        assert res.tempFilePath.endswith(".aac") and booth.microphone.opened == [8000]
        one = settings[0]
        assert (one.frames, one.rate_hz, one.channels, one.bit_rate) == (480000, 8000, 2, 48000)
        assert one.format == "aac" and one.frame_bytes == 0
    recordingformat.Settings = made


async def test_legal_and_illegal_pairs_of_rates():
    """Rule 13: each end of each range is taken by either encoder, one beyond is not."""
    emulator.only("is too slow for most of these encodings")
    async with Booth(SAID) as booth:
        for rate_hz, least, most in RATES:
            for kind in ("mp3", "aac"):
                for bit_rate, channels in ((least, 1), (most, 2), (most, 1), (most - 1, 2)):
                    options = {"sampleRate": rate_hz, "encodeBitRate": bit_rate, "numberOfChannels": channels}
                    res = await booth.record(format=kind, duration=1, **options)
                    assert res.fileSize > 0, options
                for bit_rate in (least - 1, most + 1):
                    await booth.refused("encodeBitRate", 1001, sampleRate=rate_hz, encodeBitRate=bit_rate, format=kind)
                booth.heard.clear()
            await booth.refused("encodeBitRate", 1001, sampleRate=rate_hz, encodeBitRate=1, format="wav")
            booth.heard.clear()
        await booth.refused("from 64000 to 320000 at a sampleRate of 44100", 1001, sampleRate=44100)


async def test_samples_without_an_encoder_need_no_bit_rate():
    async with Booth(SAID) as booth:
        for name in ("wav", "PCM", "pcm"):
            res = await booth.record(format=name, sampleRate=44100, numberOfChannels=1, duration=10)
            assert res.duration == 10
        assert booth.content(res.tempFilePath) == SAID[:882]


async def test_wrong_options():
    nan, huge = float("nan"), 1 << 80
    cases = (
        ("duration", (0, -1, 600001, nan, float("inf"), huge)),
        ("sampleRate", (0, 8001, 96000, nan, -8000, huge)),
        ("numberOfChannels", (0, 3, 1.5, nan)),
        ("encodeBitRate", (0, 15999, 48001, nan, huge)),
        ("format", ("", "AAC", "ogg", "\0")),
        ("frameSize", (0, 0.5, -1, 513, nan, huge)),
        ("audioSource", ("", "other")),
    )
    wrong = {"Number": ("8000", True, [], {}, b"", print), "String": (1, True, [], {}, b"", print)}
    kinds = {"format": "String", "audioSource": "String"}
    async with Booth(SAID) as booth:
        for name, values in cases:
            kind = kinds.get(name, "Number")
            for value in values + wrong[kind]:
                options = {"format": "mp3", name: value}
                await booth.refused("parameter error: parameter.%s should be" % name, 1001, **options)
                booth.heard.clear()
        for given in (5, None, "x", [], print):
            booth.manager.start(given)
            await booth.hears("parameter should be Object", 1001)
            booth.heard.clear()
        await booth.refused("not supported: audioSource headsetMic", 100, audioSource="headsetMic")
        assert booth.microphone.opened == [] and booth.temporary() == []
        res = await booth.record(format="wav", duration=10, audioSource="mic", sampleRate=8000.0, frameSize=None)
        assert res.duration == 10


async def test_nothing_is_heard_before_a_call_has_returned():
    async with Booth(SAID) as booth:
        booth.manager.start(format="bad")
        booth.manager.stop()
        booth.manager.pause()
        booth.manager.resume()
        assert booth.heard == []
        await booth.until("Error", 4)
        assert [res.errMsg for _, res in booth.heard[1:]] == ["operateRecorder:fail recorder not start"] * 3
        booth.manager.start(format="wav", duration=10)
        assert booth.names() == ["Error"] * 4
        await booth.until("Stop")


async def test_stop_before_onstart_ends_the_recording():
    """Rule 14: where WeChat's recorder goes on for ever."""
    async with Booth(SAID) as booth:
        for name in ("wav", "PCM", "mp3", "aac"):
            booth.heard.clear()
            booth.manager.start(format=name, numberOfChannels=1)  # of two a board encodes no MP3 in time
            booth.manager.stop()
            res = await booth.until("Stop")
            assert booth.names() == ["Start", "Stop"] and res.duration == 0, booth.heard
            assert not booth.microphone.is_open and len(booth.content(res.tempFilePath)) == res.fileSize
        booth.manager.stop()
        await booth.hears("recorder not start", 1001)


async def test_stop_in_onstart():
    async with Booth(SAID) as booth:
        booth.manager.onStart(lambda res: booth.manager.stop())
        res = await booth.record(format="wav")
        assert res.duration == 0 and booth.names() == ["Stop"]


async def test_starting_twice():
    async with Booth(SAID) as booth:
        booth.manager.start(format="wav", sampleRate=16000, numberOfChannels=1, duration=200)
        await booth.refused("is recording or paused", 1001)
        await booth.until("Start")
        booth.manager.start(format="bad")
        await booth.hears("is recording or paused", 1001, 1)
        try:
            await booth.wx.startRecord()
        except booth.wx.Error as exc:
            assert exc.errMsg == "startRecord:fail is recording or paused"
        else:
            raise AssertionError
        res = await booth.until("Stop")
        assert booth.content(res.tempFilePath)[44:] == SAID[:6400]


async def test_a_listener_of_onstop_may_start_again():
    async with Booth(SAID) as booth:
        options = {"format": "wav", "duration": 20}
        seen = []

        def again(res):
            seen.append(res.duration)
            if len(seen) < 3:
                booth.manager.start(options)

        booth.manager.onStop(again)
        booth.manager.start(options)
        await booth.when(lambda: len(seen) == 3)
        assert seen == [20, 20, 20]


async def test_pause_and_resume():
    async with Booth(SAID, most=100) as booth:
        manager = booth.manager
        manager.start(format="PCM", sampleRate=16000, numberOfChannels=1, duration=100)
        manager.pause()
        await booth.hears("not recording", 1001)
        await booth.until("Start")
        manager.resume()
        await booth.hears("not paused", 1001, 1)
        await booth.listening(400)
        manager.pause()
        manager.pause()
        await booth.hears("not recording", 1001, 2)
        assert "Pause" in booth.names()
        at = booth.microphone._at
        await booth.listening(at + 2000)
        manager.resume()
        await booth.until("Resume")
        res = await booth.until("Stop")
        data = booth.content(res.tempFilePath)
        assert len(data) == 3200 and res.duration == 100
        cut = next(at for at in range(3200) if data[at] != SAID[at])
        assert data[:cut] == SAID[:cut] and 300 < cut < 600
        rest = SAID.find(data[cut - cut % 2 :])
        assert rest > cut + 1500, (rest, cut)


async def test_stop_while_paused():
    async with Booth(SAID) as booth:
        booth.manager.start(format="wav", sampleRate=16000, numberOfChannels=1)
        await booth.until("Start")
        await booth.listening(2000)
        booth.manager.pause()
        await booth.until("Pause")
        booth.manager.stop()
        booth.manager.stop()
        res = await booth.until("Stop")
        data = booth.content(res.tempFilePath)[44:]
        assert 1000 < len(data) <= 2100 and data == SAID[: len(data)]
        assert booth.names() == ["Start", "Pause", "Stop"]


async def test_frames_are_the_file():
    """Rule 14: onFrameRecorded; the last one says so."""
    async with Booth(SAID) as booth:
        for name, duration in (("mp3", 2000), ("PCM", 400)):
            booth.heard.clear()
            res = await booth.record(format=name, frameSize=1, sampleRate=8000, numberOfChannels=1, duration=duration)
            frames = [frame for event, frame in booth.heard if event == "FrameRecorded"]
            assert b"".join(frame.frameBuffer for frame in frames) == booth.content(res.tempFilePath)
            assert [len(frame.frameBuffer) for frame in frames[:-1]] == [1024] * (len(frames) - 1)
            assert 0 < len(frames[-1].frameBuffer) <= 1024 and len(frames) > 5
            assert [frame.isLastFrame for frame in frames] == [False] * (len(frames) - 1) + [True]
            assert booth.names()[-2:] == ["FrameRecorded", "Stop"]


async def test_formats_without_frames():
    """The documents know those of MP3 and PCM."""
    async with Booth(SAID) as booth:
        for name in ("aac", "wav"):
            booth.heard.clear()
            await booth.record(format=name, frameSize=1, duration=200)
            assert booth.names() == ["Start", "Stop"]


async def test_a_frame_of_a_fraction_of_a_kilobyte():
    async with Booth(SAID) as booth:
        res = await booth.record(format="PCM", frameSize=1.5, sampleRate=8000, numberOfChannels=1, duration=192)
        frames = [frame.frameBuffer for event, frame in booth.heard if event == "FrameRecorded"]
        assert [len(frame) for frame in frames] == [1536, 1536] and res.fileSize == 3072


async def test_there_is_one_manager_and_a_later_listener_takes_the_place():
    async with Booth(SAID) as booth:
        assert booth.wx.getRecorderManager() is booth.manager
        seen = []
        booth.manager.onStart(seen.append)
        for name in ("onStart", "onError", "onFrameRecorded"):
            try:
                getattr(booth.manager, name)(5)
            except booth.wx.Error as exc:
                assert exc.errMsg == "%s:fail parameter error: parameter should be Function instead of Number;" % name
            else:
                raise AssertionError
        await booth.record(format="wav", duration=10)
        assert len(seen) == 1 and booth.names() == ["Stop"]


async def test_the_old_calls():
    async with Booth(SAID) as booth:
        wx = booth.wx
        try:
            await wx.stopRecord()
        except wx.Error as exc:
            assert exc.errMsg == "stopRecord:fail recorder not start"
        else:
            raise AssertionError
        ended = []
        wx.startRecord(success=ended.append, fail=ended.append)
        assert (await wx.stopRecord()).errMsg == "stopRecord:ok"  # at once: it starts and ends
        await booth.when(lambda: ended)
        assert ended[0].errMsg == "startRecord:ok" and ended[0].tempFilePath.endswith(".mp3")
        task = wx.startRecord()
        await booth.listening(12000)
        await wx.stopRecord()
        res = await task
        assert len(booth.content(res.tempFilePath)) > 800
        assert booth.heard == [] and booth.microphone.opened == [16000, 16000]


async def test_the_old_call_ends_after_a_minute():
    emulator.only("is too slow for MP3 of 16 kHz, and records a WAV instead")
    async with Booth(SAID, most=1024) as booth:
        res = await booth.wx.startRecord()
        size = booth.wx.getFileSystemManager().statSync(res.tempFilePath).size
        assert abs(size - 60 * 32000 // 8) < 1000, size


async def test_the_sources():
    import board

    async with Booth(SAID) as booth:
        res = await booth.wx.getAvailableAudioSources()
        assert res.audioSources == ["auto", "buildInMic", "mic"]
        had, board.microphone = board.microphone, None
        assert (await booth.wx.getAvailableAudioSources()).audioSources == []
        board.microphone = had
