"""A Player of a sound that comes over the network: what it tells when nothing comes, and where it goes on."""

import asyncio
import struct

from drivers.audio.fake import Speaker
from kiosk import tasks
from kiosk.media import mixer, sources
from kiosk.media.player import PLAYING, STOPPED, Player
from tests.fakes.httpserver import Loopback
from tests.fakes.soundserver import asked_range, head

_SIZE = const(12000)  # bytes of samples, of 8 kHz


FILE = memoryview(
    b"RIFF\0\0\0\0WAVE"
    + struct.pack("<4sIHHIIHH4sI", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", _SIZE)
    + struct.pack("<%dh" % (_SIZE // 2), *range(1, _SIZE // 2 + 1))
)


class _Paced(Speaker):
    """Takes a tenth of a second for a second."""

    async def write(self, view):
        await super().write(view)
        await asyncio.sleep_ms(len(view) // 160)


class _Scene:
    """A player of a WAV of which the server sends `first` bytes, and the rest when it is told to."""

    def __init__(self, first, then="rest"):
        self.speaker = _Paced()
        mixer._current = mixer.Mixer(self.speaker)
        self.events, self.more = [], asyncio.Event()
        self.player = Player(sources.open_source, lambda *event: self.events.append(event))
        self._first, self._then = first, then
        self.requests = 0

    async def play(self, connection):
        """What the server does."""
        while True:
            lines = await connection.request()
            if not lines:
                return
            self.requests += 1
            asked = asked_range(lines)
            start = asked[0] if asked else 0
            size = len(FILE)
            span = "Content-Range: bytes %d-%d/%d" % (start, size - 1, size)
            length = "Content-Length: %d" % (size - start)
            await connection.send(head("206 Partial" if asked else "200 OK", span, length))
            if not asked:
                await connection.send(FILE[: self._first])
                await self.more.wait()
                start = self._first
                if self._then == "break":
                    return
            elif self._then == "break":
                return
            await connection.send(FILE[start:])

    def names(self):
        """The events, without those of the time."""
        return [event[0] for event in self.events if event[0] != "TimeUpdate"]

    async def until(self, name):
        """Wait for an event."""
        for _ in range(4000):
            if name in self.names():
                return
            await asyncio.sleep_ms(2)
        raise AssertionError((name, self.events))


async def test_nothing_to_play_is_waiting_and_it_goes_on():
    scene = _Scene(6000)
    async with Loopback(scene.play) as net:
        scene.player.src = net.url
        scene.player.play()
        await scene.until("Waiting")
        assert scene.names() == ["Canplay", "Play", "Waiting"] and scene.player.state == PLAYING
        assert scene.player.duration_ms == _SIZE // 16
        at = scene.player._source.position_ms
        assert at == (6000 - 44) // 16, at
        scene.more.set()
        await scene.until("Ended")
        assert scene.names() == ["Canplay", "Play", "Waiting", "Ended"]
        heard = struct.unpack("<%dh" % (len(scene.speaker.heard) // 2), scene.speaker.heard)
        assert max(heard) == _SIZE // 2
        # Nothing is lost: what was heard last before and what came first after it are neighbours.
        last = (6000 - 44) // 2
        assert last in heard and heard[heard.index(_SIZE // 2) - 1] == _SIZE // 2 - 1


async def test_a_place_that_has_not_come_is_asked_for_and_waited_for():
    scene = _Scene(5000)
    async with Loopback(scene.play) as net:
        scene.player.src = net.url
        scene.player.play()
        await scene.until("Waiting")
        scene.player.seek(700)
        assert scene.names()[-2:] == ["Seeking", "Seeked"] and scene.player._source.position_ms == 700
        scene.more.set()
        await scene.until("Ended")
        assert "Error" not in scene.names()
        heard = struct.unpack("<%dh" % (len(scene.speaker.heard) // 2), scene.speaker.heard)
        # 3000 may be passed on the ramp at which it comes back, but not in steps of one.
        assert (3000, 3001) not in zip(heard, heard[1:]) and (5900, 5901) in zip(heard, heard[1:])


async def test_a_server_that_goes_away_is_an_error_once():
    scene = _Scene(6000, "break")
    async with Loopback(scene.play) as net:
        scene.player.src = net.url
        scene.player.play()
        await scene.until("Waiting")
        scene.more.set()
        await scene.until("Error")
        assert scene.names() == ["Canplay", "Play", "Waiting", "Error"] and scene.player.state == STOPPED
        error = scene.events[-1][1]
        assert error.errno == 10002 and error.reason.startswith("net::ERR_"), error
        assert scene.requests == 2  # it was taken up again once


async def test_a_little_is_not_played_at_once():
    scene = _Scene(1000)
    async with Loopback(scene.play) as net:
        scene.player.src = net.url
        scene.player.play()
        await scene.until("Waiting")
        await asyncio.sleep_ms(50)
        assert not any(scene.speaker.heard)
        scene.more.set()
        await scene.until("Ended")
        assert scene.names() == ["Canplay", "Play", "Waiting", "Ended"]
        heard = struct.unpack("<%dh" % (len(scene.speaker.heard) // 2), scene.speaker.heard)
        assert max(heard) == _SIZE // 2 and heard.count(0) < len(heard)


async def test_stop_and_destroy_hang_up_at_any_moment():
    for wait_for in (None, "Canplay", "Waiting"):
        for end in ("stop", "destroy"):
            scene = _Scene(5000)
            async with Loopback(scene.play) as net:
                scene.player.src = net.url
                scene.player.play()
                if wait_for:
                    await scene.until(wait_for)
                getattr(scene.player, end)()
                scene.more.set()
                while tasks._running or not mixer._current.is_idle:  # it may have been about to open
                    await asyncio.sleep_ms(2)
