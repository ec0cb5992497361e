"""What a recording meets: no permission, no memory, a full disk, a microphone that fails, the background, the end."""

import asyncio
import builtins
import gc
import os
import struct

from drivers.audio import none
from kiosk import tasks
from kiosk.media import recorder
from tests.fakes import filestore
from tests.fakes.booth import Booth

SAID = struct.pack("<4000h", *((at * 211) % 40000 - 20000 for at in range(4000)))
PCM = {"format": "PCM", "sampleRate": 16000, "numberOfChannels": 1}
WAV = {"format": "wav", "sampleRate": 16000, "numberOfChannels": 1}


class Silent:
    """A microphone that has heard `says` and then gives nothing more, not even silence."""

    bits, channels, side, has_offset, settle_ms = 16, 1, 0, False, 0

    def __init__(self, says=b""):
        self.says = says
        self.is_open = False

    def open(self, rate_hz):
        self.is_open = True

    async def read_into(self, view):
        if not self.says:
            await asyncio.Event().wait()
        part, self.says = self.says[:100], self.says[100:]
        view[: len(part)] = part
        await asyncio.sleep_ms(0)
        return len(part)

    def deinit(self):
        self.is_open = False


async def _begun(booth, heard=1000, **options):
    booth.manager.start(options or WAV)
    await booth.until("Start")
    await booth.listening(heard)


async def _gives_nothing(name):
    async with Booth() as booth:
        booth.microphone = Silent()
        recorder._current = recorder.Recorder(booth.microphone)
        await booth.refused("the microphone gives nothing", 5, format=name, numberOfChannels=1)
        assert booth.names() == ["Start", "Error"] and booth.temporary() == [] and not booth.microphone.is_open


async def test_a_microphone_that_gives_nothing():
    await _gives_nothing("wav")


async def test_a_microphone_that_gives_an_encoder_nothing():
    await _gives_nothing("mp3")


async def test_a_microphone_that_gives_the_old_call_nothing():
    async with Booth() as booth:
        booth.microphone = Silent()
        recorder._current = recorder.Recorder(booth.microphone)
        try:
            await booth.wx.startRecord()
        except booth.wx.Error as exc:
            assert exc.errMsg == "startRecord:fail timeout: the microphone gives nothing" and exc.errno == 5
        else:
            raise AssertionError


async def test_a_microphone_that_falls_silent_and_is_paused_meanwhile():
    async with Booth() as booth:
        booth.microphone = Silent(SAID[:1000])
        recorder._current = recorder.Recorder(booth.microphone)
        booth.manager.start(WAV)
        res = await booth.until("Stop")
        assert booth.names() == ["Start", "Error", "Stop"] and booth.content(res.tempFilePath)[44:] == SAID[:1000]
        booth.heard.clear()
        booth.manager.start(WAV)
        await booth.until("Start")
        booth.manager.pause()
        await booth.hears("gives nothing", 5)
        assert booth.names() == ["Start", "Pause", "Error"]


async def test_a_microphone_that_fails():
    async with Booth(SAID) as booth:
        await _begun(booth)
        booth.microphone.fail = 5
        res = await booth.until("Stop")
        assert booth.names() == ["Start", "Error", "Stop"]
        await booth.hears("the microphone was told to fail", -1)
        data = booth.content(res.tempFilePath)
        size = len(data) - 44
        assert size >= 900 and data[44:] == SAID[:size] and struct.unpack_from("<I", data, 40)[0] == size
        booth.heard.clear()
        booth.microphone.open(8000)  # somebody else has it
        await booth.refused("the microphone is open", -1, **WAV)
        booth.microphone.deinit()
        assert booth.names() == ["Error"] and (await booth.record(duration=10, **WAV)).duration == 10


async def test_no_microphone():
    import board

    async with Booth() as booth:
        recorder._current = recorder.Recorder(none.Microphone())
        await booth.refused("not supported: no microphone", 100)
        recorder._current, had, board.microphone = None, board.microphone, None
        await booth.refused("not supported: no microphone", 100)
        board.microphone = had
        assert booth.temporary() == []


async def test_a_microphone_that_has_not_the_rate():
    async with Booth() as booth:

        def no(rate_hz):
            raise ValueError("the microphone cannot hear at %s Hz" % rate_hz)

        booth.microphone.open = no
        await booth.refused("the microphone cannot hear at 8000 Hz", 100)
        assert booth.temporary() == []


async def test_refused():
    async with Booth(SAID, allow=()) as booth:
        await booth.refused("auth deny", 103)
        try:
            await booth.wx.startRecord()
        except booth.wx.Error as exc:
            assert exc.errMsg == "startRecord:fail auth deny" and exc.errno == 103
        else:
            raise AssertionError
        assert booth.names() == ["Error"] and booth.microphone.opened == [] and booth.temporary() == []


async def _fills_the_flash(booth, **options):
    booth.manager.start(dict(options, duration=600000))
    res = await booth.until("Stop")
    assert booth.names() == ["Start", "Error", "Stop"]
    await booth.hears("no space left on device", 1300202)
    assert res.fileSize == booth.size(res.tempFilePath) > 40000
    before = booth.names().count("Error")
    booth.manager.start(options)
    await booth.hears("no space left on device", 1300202, before)
    return res


async def test_a_full_flash_leaves_a_wav_whose_header_is_right_without_a_copy():
    async with Booth(SAID, size_kb=128, most=1024) as booth:
        res = await _fills_the_flash(booth, **WAV)
        head = booth.head(res.tempFilePath, 44 + len(SAID))
        assert struct.unpack_from("<I", head, 40)[0] == res.fileSize - 44 and head[44:] == SAID
        assert res.duration == (res.fileSize - 44) * 1000 // 32000


async def test_a_full_flash_leaves_the_samples():
    async with Booth(SAID, size_kb=128, most=1024) as booth:
        res = await _fills_the_flash(booth, **PCM)
        assert booth.head(res.tempFilePath, len(SAID)) == SAID and res.duration == res.fileSize * 1000 // 32000


async def test_a_full_flash_leaves_whole_frames_of_mp3():
    async with Booth(SAID, size_kb=128, most=1024) as booth:
        res = await _fills_the_flash(booth, format="mp3", sampleRate=48000, encodeBitRate=320000)
        assert res.fileSize % 960 == 0 and abs(res.duration - res.fileSize // 40) < 100  # 24 ms each


async def test_frames_of_a_recording_that_a_full_flash_ends():
    async with Booth(SAID, size_kb=128, most=1024) as booth:
        sizes = []
        booth.manager.onFrameRecorded(lambda res: sizes.append((len(res.frameBuffer), res.isLastFrame)))
        booth.manager.start(dict(PCM, frameSize=4))
        res = await booth.until("Stop")
        assert sum(size for size, _ in sizes) == res.fileSize and not any(last for _, last in sizes)


async def test_somebody_else_fills_the_flash():
    async with Booth(SAID, size_kb=512, most=1024) as booth:
        await _begun(booth, **PCM)
        await booth.when(lambda: recorder.current().heard > 50000)
        with open(filestore.MOUNT + "/other", "wb") as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass  # that is what is wanted
        res = await booth.until("Stop")
        await booth.hears("no space left on device", 1300202)
        assert booth.size(res.tempFilePath) == res.fileSize >= 32768
        assert booth.head(res.tempFilePath, len(SAID)) == SAID and res.duration == res.fileSize * 1000 // 32000


async def test_a_flash_that_fails():
    async with Booth(SAID) as booth:
        await _begun(booth, **WAV)
        from kiosk.media import recording

        class Broken:
            def __init__(self, file):
                self._file = file

            def write(self, view):
                raise OSError(5, "told to fail")

            def __getattr__(self, name):
                return getattr(self._file, name)

        file = recording.current._file
        file._writer._file = Broken(file._file)
        res = await booth.until("Stop")
        await booth.hears("input/output error", 1300005)
        assert booth.content(res.tempFilePath)[44:] == SAID[: res.fileSize - 44] and res.fileSize > 900


async def test_the_file_is_taken_away_meanwhile():
    for options in (WAV, PCM, {"format": "aac"}):
        async with Booth(SAID) as booth:
            await _begun(booth, **options)
            for name in booth.temporary():
                os.remove(filestore.MOUNT + "/test/tmp/" + name)
            booth.manager.stop()
            await booth.hears("no such file or directory", 1300002)
            assert booth.names() == ["Start", "Error"] and booth.temporary() == []
            assert (await booth.record(duration=10, **PCM)).duration == 10


async def test_no_memory_for_the_encoder():
    async with Booth(SAID) as booth:
        if gc.mem_free() > 1000000:
            return  # of a build with megabytes; the other one has a board's heap
        held = []
        while gc.mem_free() > 45000:
            held.append(bytearray(1000))
        for name, kb in (("mp3", 65), ("aac", 53)):
            await booth.refused("out of memory: encoding %s takes %d KB" % (name, kb), 111, format=name)
            booth.heard.clear()
        assert booth.temporary() == [] and booth.microphone.opened == []
        res = await booth.record(duration=50, **WAV)
        assert res.duration == 50  # which takes no encoder
        held.clear()
        gc.collect()
        assert (await booth.record(format="mp3", duration=50)).duration == 50


async def test_no_memory_for_the_frames():
    async with Booth(SAID) as booth:
        if gc.mem_free() > 1000000:
            return  # as above
        await booth.refused("out of memory", 111, frameSize=200, **PCM)
        assert booth.temporary() == []


async def test_an_image_without_codecs():
    real = builtins.__import__

    def without(name, *args):
        if name == "codecs":
            raise ImportError("no module named 'codecs'")
        return real(name, *args)

    async with Booth(SAID) as booth:
        builtins.__import__ = without
        try:
            for name in ("mp3", "aac"):
                await booth.refused("not supported: format %s, for this image has no codecs" % name, 100, format=name)
                booth.heard.clear()
            assert (await booth.record(duration=50, **WAV)).duration == 50
            task = booth.wx.startRecord()
            await asyncio.sleep_ms(0)
            await booth.wx.stopRecord()
            assert (await task).tempFilePath.endswith(".wav")
        finally:
            builtins.__import__ = real


async def test_in_the_background_it_pauses_and_can_go_on():
    async with Booth(SAID, slow=True) as booth:
        await _begun(booth)
        booth.program.visible = False
        await booth.until("Pause")
        assert booth.names() == ["Start", "InterruptionBegin", "Pause"]
        booth.manager.resume()
        await booth.hears("not in the background", 1001)
        booth.program.visible = True
        await booth.until("InterruptionEnd")
        booth.manager.resume()
        await booth.until("Resume")
        booth.manager.stop()
        await booth.until("Stop")


async def test_five_seconds_in_the_background_end_it():
    async with Booth(SAID, slow=True) as booth:
        await _begun(booth)
        booth.manager.pause()
        booth.program.visible = False
        await booth.until("InterruptionBegin")
        await booth.refused("is recording or paused", 1001)
        for interrupt in booth.program.at_background:  # what the supervisor does after five seconds
            interrupt()
        res = await booth.until("Stop")
        assert booth.names() == ["Start", "Pause", "InterruptionBegin", "Error", "Stop"] and res.fileSize > 900
        await booth.refused("not in the background", 1001)


async def test_the_background_ends_an_old_recording():
    async with Booth(SAID, slow=True) as booth:
        task = booth.wx.startRecord()
        await booth.listening(1000)
        booth.program.visible = False
        res = await task
        assert res.errMsg == "startRecord:ok" and booth.size(res.tempFilePath)


async def test_nobody_else_touches_the_file_meanwhile():
    async with Booth(SAID, slow=True) as booth:
        await _begun(booth)
        for name in booth.temporary():
            try:
                await booth.wx.saveFile(tempFilePath="wxfile://tmp/" + name)
            except booth.wx.Error as exc:
                assert "operation not permitted" in exc.errMsg
            else:
                raise AssertionError
        booth.manager.stop()
        res = await booth.until("Stop")
        saved = await booth.wx.saveFile(tempFilePath=res.tempFilePath)
        assert len(booth.content(saved.savedFilePath)) == res.fileSize


async def test_closing_while_it_records():
    for options in (WAV, {"format": "mp3"}):
        async with Booth(SAID, slow=True) as booth:
            await _begun(booth, **options)
            await tasks.cancel_all()
            assert booth.names() == ["Start"] and booth.temporary() == [] and not booth.microphone.is_open
            assert booth.program.at_background == ()


async def test_closing_lets_it_end_in_peace():
    async with Booth(SAID, slow=True) as booth:
        await _begun(booth)
        booth.program.closing = True  # as supervisor.stop(), which grants 300 ms then
        res = await booth.until("Stop")
        assert booth.head(res.tempFilePath, 1000)[44:] == SAID[:956] and res.fileSize == booth.size(res.tempFilePath)


async def test_a_listener_that_raises_harms_nothing():
    faults = []

    async def bad(res):
        raise ValueError("meant to be")

    async with Booth(SAID) as booth:
        tasks.on_error = lambda exc, quiet: faults.append(str(exc))
        booth.manager.onStart(lambda res: {}["none"])
        booth.manager.onFrameRecorded(bad)
        res = await booth.record(duration=200, frameSize=1, **PCM)
        await asyncio.sleep_ms(0)
        assert res.duration == 200 and faults.count("meant to be") == len(faults) - 1 >= 5
