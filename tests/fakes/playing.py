"""A mini-program with a speaker, for tests of the API of sound: its package has WAV files whose samples count up."""

import asyncio
import io
import struct
from array import array

import vfs

import board
import wx
from drivers.audio.fake import Speaker
from kiosk import app, log, tasks
from kiosk.media import mixer
from tests.fakes.ramblockdev import RAMBlockDev

board.data_folder = "/flash"
RATE_HZ = 8000


class Paced(Speaker):
    """Takes a second for a second, or nearly, so that what plays is there to be paused."""

    async def write(self, view):
        """Keep it, and take its time."""
        await super().write(view)
        await asyncio.sleep_ms(len(view) // 16)


def wav_head(count):
    """The head of a WAV file of `count` samples of mono."""
    head = struct.pack("<IHHIIHH", 16, 1, 1, RATE_HZ, RATE_HZ * 2, 2, 16)
    size = struct.pack("<I", count * 2)
    return b"RIFF" + struct.pack("<I", count * 2 + 36) + b"WAVEfmt " + head + b"data" + size


class _CountingWav:
    # A WAV file of mono that is made while it is read: a board's heap has no room for it.

    def __init__(self, count, first):
        self._head = wav_head(count)
        self._first = first
        self.size = len(self._head) + count * 2
        self._at = 0

    def readinto(self, view):
        at, count = self._at, min(len(view), self.size - self._at)
        view = memoryview(view)
        if at < len(self._head):
            count = min(count, len(self._head) - at)
            view[:count] = self._head[at : at + count]
        else:
            begin = self._first + (at - len(self._head)) // 2
            samples = array("h", range(begin, begin + count // 2 + 2))
            odd = at & 1
            view[:count] = bytes(samples)[odd : odd + count]
        self._at += count
        return count

    def seek(self, offset, whence=0):
        self._at = offset + (0, self._at, self.size)[whence]
        return self._at

    def close(self):
        pass


class _Package:
    # A file system of those.

    _FILES = (("/short.wav", 2000, 1), ("/long.wav", 16000, 1), ("/other.wav", 2000, 10001))

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def open(self, path, mode):
        if path == "/text.wav":
            return io.BytesIO(b"no sound")
        for name, count, first in self._FILES:
            if path == name:
                return _CountingWav(count, first)
        raise OSError(2, path)

    def stat(self, path):
        file = self.open(path, "rb")
        return (0x8000, 0, 0, 0, 0, 0, file.seek(0, 2), 0, 0, 0)


class Playing:
    """speaker: a fake one.  program: the MiniProgram that there is already, without a file; else one with files: /short.wav (0.25 s), /long.wav (2 s), /other.wav (as long, from 10001), /text.wav (no sound)."""

    def __init__(self, speaker=None, program=None, **config):
        log.level = len(log.LEVELS)
        self.speaker = speaker or Paced()
        mixer._current = mixer.Mixer(self.speaker)
        self.failures = []
        tasks.on_error = lambda exc, quiet: self.failures.append(exc)
        self.program = program
        if program is None:
            self._open_program(config)

    def _open_program(self, config):
        chip = RAMBlockDev(16, 512)
        vfs.VfsLfs2.mkfs(chip)
        vfs.mount(vfs.VfsLfs2(chip), "/flash")
        vfs.mount(_Package(), "/package")
        app.current = self.program = app.MiniProgram("/package", config, {"appid": "shop"}, {})

    def heard(self):
        """What has been played, without the silence around it: an array of samples."""
        data = self.speaker.heard
        begin, end = 0, len(data)
        while begin < end and not (data[begin] or data[begin + 1]):
            begin += 2
        while begin < end and not (data[end - 1] or data[end - 2]):
            end -= 2
        return array("h", data[begin:end])

    def highest(self):
        """The highest sample that has been played."""
        data, highest = self.speaker.heard, 0
        for at in range(0, len(data), 1024):  # all at once would take the room of another copy
            highest = max(highest, max(array("h", data[at : at + 1024])))
        return highest

    async def until(self, condition):
        """Wait for it."""
        for _ in range(8000):
            if condition():
                return
            await asyncio.sleep_ms(1)
        raise AssertionError("what was waited for did not come")

    async def idle(self):
        """Wait until the speaker was given back."""
        await self.until(mixer.is_idle)

    def hide(self):
        """The mini-program goes into the background."""
        self.program.visible = False
        for hide in self.program.at_hide:
            hide()

    async def close(self):
        """It closes, as the supervisor does it; what is left is a fault."""
        self.program.closing = True
        self.hide()
        await self.idle()
        await tasks.cancel_all()
        for close in self.program.at_close:
            close()
        app.current = None
        assert not self.speaker.is_open and not self.failures


def listen(target, names, seen):
    """Let `seen` hear events: their names, and the errCode of an Error."""
    for name in names:

        def hear(res, name=name):
            seen.append(res.errCode if name == "Error" else name)

        getattr(target, "on" + name)(hear)


EVENTS = ("Canplay", "Play", "Pause", "Stop", "Ended", "Error", "Waiting", "Seeking", "Seeked")


def create(src="", **properties):
    """An InnerAudioContext with these properties, src the last, and the list of what its listeners hear."""
    context = wx.createInnerAudioContext()
    seen = []
    listen(context, EVENTS, seen)
    for name, value in properties.items():
        setattr(context, name, value)
    context.src = src
    return context, seen
