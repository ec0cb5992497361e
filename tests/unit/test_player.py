"""The player: which events come in which order, where it goes on, and what is heard."""

import asyncio
import io
import struct
from array import array

from drivers.audio.fake import Speaker
from kiosk.errors import KioskError
from kiosk.media import mixer
from kiosk.media.player import PAUSED, PLAYING, STOPPED, Player
from kiosk.media.wav import WavReader


class _Paced(Speaker):
    """Takes a second for a second, or nearly."""

    async def write(self, view):
        await super().write(view)
        await asyncio.sleep_ms(len(view) // 16)


class _Scene:
    """A player of one file of 8 kHz, whose samples count up; `events` are those that it told of."""

    def __init__(self, seconds=1, speaker=None):
        self.speaker = speaker or Speaker()
        mixer._current = mixer.Mixer(self.speaker)
        self.events = []
        self.count = int(8000 * seconds)
        self._data = struct.pack("<%dh" % self.count, *range(1, self.count + 1))
        self.fault = None
        self.opened = 0
        self.player = Player(self._open, lambda *event: self.events.append(event))

    async def _open(self, src):
        await asyncio.sleep_ms(1)
        if self.fault:
            raise self.fault
        head = struct.pack(
            "<4sI8sIHHIIHH4sI", b"RIFF", 36, b"WAVEfmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", len(self._data)
        )
        self.opened += 1
        return WavReader(io.BytesIO(head + self._data))

    def names(self):
        return [event[0] for event in self.events if event[0] != "TimeUpdate"]

    def heard(self):
        return array("h", self.speaker.heard)

    async def until(self, name):
        for _ in range(4000):
            if name in self.names():
                return
            await asyncio.sleep_ms(1)
        raise AssertionError("%s did not come: %s" % (name, self.events))

    async def idle(self):
        for _ in range(4000):
            if mixer._current.is_idle:
                return
            await asyncio.sleep_ms(1)
        raise AssertionError


async def test_from_the_beginning_to_the_end():
    scene = _Scene(0.5)
    scene.player.play()
    assert scene.player.state == PLAYING
    scene.player.play()
    await scene.until("Ended")
    assert scene.names() == ["Canplay", "Play", "Ended"] and scene.player.state == STOPPED
    assert list(scene.heard()[:4000]) == list(range(1, 4001))
    await scene.idle()
    scene.player.play()  # after the end from the head again
    scene.speaker.heard[:] = b""
    await asyncio.sleep_ms(5)
    await scene.idle()
    assert list(scene.heard()[:3]) == [1, 2, 3] and scene.opened == 2


async def test_pause_goes_on_where_it_was_and_stop_at_the_head():
    scene = _Scene(speaker=_Paced())
    player = scene.player
    player.play()
    await scene.until("Play")
    while len(scene.speaker.heard) < 4000:
        await asyncio.sleep_ms(0)
    player.pause()
    player.pause()
    await scene.idle()
    assert player.state == PAUSED and scene.names() == ["Canplay", "Play", "Pause"]
    at = player.position_ms()
    assert 0 < at < 1000
    first = max(scene.heard())
    scene.speaker.heard[:] = b""
    player.play()
    await asyncio.sleep_ms(100)
    assert first <= scene.heard()[60] <= first + 120  # out of the fade in, from where it was
    assert scene.opened == 1
    player.stop()
    player.stop()
    await scene.idle()
    assert scene.names() == ["Canplay", "Play", "Pause", "Play", "Stop"] and player.position_ms() == 0
    scene.speaker.heard[:] = b""
    player.play()
    await asyncio.sleep_ms(100)
    assert list(scene.heard()[:3]) == [1, 2, 3] and scene.opened == 2
    player.destroy()


async def test_start_time_and_seek():
    scene = _Scene()
    player = scene.player
    player.start_ms = 500
    player.play()
    await scene.until("Ended")
    heard = scene.heard()
    assert heard[100] == 4101 and max(heard) == 8000
    player.seek(250)  # before play(): where it begins
    scene.speaker.heard[:] = b""
    scene.events.clear()
    player.play()
    await scene.until("Ended")
    assert scene.heard()[100] == 2101 and scene.names() == ["Canplay", "Play", "Ended"]


async def test_seek_while_it_plays_and_while_it_pauses():
    scene = _Scene(2, _Paced())
    player = scene.player
    player.play()
    await scene.until("Play")
    await asyncio.sleep_ms(50)
    player.seek(1500)
    assert scene.names()[-2:] == ["Seeking", "Seeked"]
    await asyncio.sleep_ms(100)
    heard = scene.heard()
    assert 12100 in list(heard) and 8000 not in list(heard)
    player.pause()
    await scene.idle()
    player.seek(100)
    assert player.position_ms() == 100
    scene.speaker.heard[:] = b""
    player.play()
    await asyncio.sleep_ms(100)
    assert scene.heard()[100] == 901
    player.seek(99999)
    await scene.until("Ended")


async def test_seek_as_soon_as_it_plays_and_before_the_line_is_open():
    scene = _Scene()
    while not scene.opened:
        scene.player.play()
        await asyncio.sleep_ms(0)
    assert not scene.speaker.opened
    scene.player.seek(500)
    await scene.until("Ended")
    assert scene.heard()[100] == 4101 and scene.names().count("Error") == 0


async def test_a_loop_has_no_gap_and_no_end():
    scene = _Scene(0.1)
    scene.player.loop = True
    scene.player.play()
    while len(scene.speaker.heard) < 8000:
        await asyncio.sleep_ms(0)
    assert list(scene.heard()[:2400]) == list(range(1, 801)) * 3
    scene.player.loop = False
    await scene.until("Ended")


async def test_time_is_told_while_it_plays():
    scene = _Scene(2, _Paced())
    scene.player.play()
    await scene.until("Play")
    while ("TimeUpdate",) not in scene.events:
        await asyncio.sleep_ms(5)
    assert 0 < scene.player.position_ms() < 2000 and scene.player.duration_ms == 2000
    scene.player.stop()
    scene.events.clear()
    await asyncio.sleep_ms(600)
    assert not scene.events


async def test_faults_are_events_and_it_can_play_again():
    scene = _Scene()
    for fault in (KioskError("format", "no"), OSError(2, "no file"), MemoryError()):
        scene.fault = fault
        scene.events.clear()
        scene.player.play()
        await scene.until("Error")
        assert scene.events == [("Error", fault)] and scene.player.state == STOPPED
    scene.fault = None
    scene.speaker.fail = 5
    scene.player.play()
    await asyncio.sleep_ms(20)
    assert scene.events[-1][0] == "Error" and scene.events[-1][1].errno == 5
    scene.player.play()
    await scene.until("Ended")


async def test_stop_before_the_file_is_open_leaves_nothing_open():
    scene = _Scene()
    scene.player.play()
    scene.player.stop()
    await asyncio.sleep_ms(20)
    assert scene.names() == ["Stop"] and mixer._current.is_idle


async def test_nothing_is_told_after_destroy():
    scene = _Scene()
    scene.player.play()
    await scene.until("Play")
    scene.events.clear()
    scene.player.destroy()
    scene.player.play()
    scene.player.seek(3)
    scene.player.stop()
    await scene.idle()
    await asyncio.sleep_ms(300)
    assert not scene.events and not scene.speaker.is_open


async def test_volume_and_speed():
    scene = _Scene()
    scene.player.volume = 0.5
    assert scene.player.volume == 0.5
    scene.player.speed = 2.0
    scene.player.play()
    await scene.until("Ended")
    await scene.idle()
    heard = scene.heard()
    assert max(heard) in (3999, 4000) and 3900 < sum(1 for value in heard if value) < 4100
