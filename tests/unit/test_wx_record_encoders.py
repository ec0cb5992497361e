"""A recording whose encoder the board may be too slow for."""

import asyncio
import struct
import time

from kiosk.media import encoders
from tests.fakes.booth import Booth

SAID = struct.pack("<4000h", *((at * 211) % 40000 - 20000 for at in range(4000)))


class Sluggish:
    """The encoder of a board that is too slow for it: a frame takes three times as long as it lasts."""

    def __init__(self, encoder, frame_ms):
        self._encoder, self._frame_ms = encoder, frame_ms
        self.frame_bytes = encoder.frame_bytes
        self.close = encoder.close

    def encode(self, view, output):
        time.sleep_ms(3 * self._frame_ms)
        return self._encoder.encode(view, output)


class SlowBoard:
    """A board with none but such encoders."""

    def __enter__(self):
        self._create = encoders.create
        encoders.create = self._sluggish
        encoders._fast.clear()

    def __exit__(self, *exc):
        encoders.create = self._create

    def _sluggish(self, settings):
        encoder, output = self._create(settings)
        return Sluggish(encoder, encoder.frame_bytes // settings.frame * 1000 // settings.rate_hz), output


async def test_a_board_that_is_too_slow_for_an_encoder_says_so_before_it_hears_anything():
    async with Booth(SAID) as booth:
        with SlowBoard():
            for name in ("mp3", "aac"):
                text = "not supported: %s of 8000 Hz, numberOfChannels 1: to encode it takes this board " % name
                await booth.refused(text, 100, format=name, sampleRate=8000, numberOfChannels=1)
            await booth.record(format="wav", duration=100)  # which takes no encoder
        assert booth.names() == ["Error", "Error", "Start", "Stop"] and len(booth.temporary()) == 1
        # It is asked again, not remembered: a host may have been busy with other things.
        await booth.record(format="mp3", sampleRate=8000, numberOfChannels=1, duration=100)
        assert booth.names()[4:] == ["Start", "Stop"]


async def test_the_old_call_gives_a_wav_on_such_a_board():
    async with Booth(SAID) as booth:
        with SlowBoard():
            task = booth.wx.startRecord()
            await booth.listening(2000)
            await booth.wx.stopRecord()
            url = (await task).tempFilePath
        content = booth.content(url)
        assert url.endswith(".wav") and len(content) > 2044 and content[44:] == SAID[: len(content) - 44]


async def test_the_old_call_that_is_stopped_while_the_encoder_is_tried():
    async with Booth(SAID) as booth:
        with SlowBoard():
            task = booth.wx.startRecord()
            await asyncio.sleep_ms(0)
            await booth.wx.stopRecord()
            assert booth.size((await task).tempFilePath) == 44


async def test_stop_while_the_encoder_is_tried():
    async with Booth(SAID) as booth:
        encoders._fast.clear()
        booth.manager.start(format="aac", sampleRate=16000, numberOfChannels=1)
        await asyncio.sleep_ms(0)
        booth.manager.stop()
        res = await booth.until("Stop")
        assert booth.names() == ["Start", "Stop"] and res.duration == 0
