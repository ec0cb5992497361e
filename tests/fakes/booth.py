"""A mini-program on a flash, with a microphone that says what it is told.  Runs in MicroPython."""

import asyncio
import gc
import os
import time

import board
from drivers.audio.fake import Microphone
from kiosk import app, log, tasks
from kiosk.files import tree
from kiosk.media import recorder
from tests.fakes import filestore

log.level = len(log.LEVELS)  # what is meant to fail needs no log
EVENTS = ("Start", "Pause", "Resume", "Stop", "FrameRecorded", "Error", "InterruptionBegin", "InterruptionEnd")
_LIMIT_MS = const(60000)  # far more than anything here takes


class Slow(Microphone):
    """As slow as a real one, so that something else may happen meanwhile."""

    async def read_into(self, view):
        """The next part, a while later."""
        await asyncio.sleep_ms(5)
        return await super().read_into(view)


class Booth:
    """says (bytes): int16, then silence.  heard: (event, result) of the RecorderManager, in their order."""

    def __init__(self, says=b"", size_kb=1024, allow=("scope.record",), most=300, slow=False):
        self.microphone = Slow(says, most) if slow else Microphone(says, most)
        self.heard = []
        self._size_kb = size_kb
        self._allow = allow

    async def __aenter__(self):
        filestore.mount_in_a_file(self._size_kb)
        board.data_folder = filestore.MOUNT
        settings = {"appid": "test", "urlCheck": False}
        if self._allow is not None:
            settings["allow"] = self._allow
        app.current = self.program = app.MiniProgram(filestore.ROOT, {}, settings, {})
        recorder._current = recorder.Recorder(self.microphone)
        import wx

        self.wx = wx
        self.manager = wx.getRecorderManager()
        for event in EVENTS:
            getattr(self.manager, "on" + event)(self._listener(event))
        gc.collect()
        return self

    def _listener(self, event):
        return lambda res: self.heard.append((event, res))

    async def __aexit__(self, exc_type, exc, traceback):
        await tasks.cancel_all()
        assert not self.microphone.is_open
        assert exc_type or self.program.at_background == ()
        for close in self.program.at_close:
            close()
        assert not tree.look(filestore.MOUNT + "/test/tmp")
        app.current = None
        filestore.unmount()

    def names(self):
        """The events so far."""
        return [event for event, _ in self.heard]

    async def until(self, event, count=1):
        """Wait for an event to come for the `count`th time; return its result."""
        await self.when(lambda: self.names().count(event) >= count)
        return [res for name, res in self.heard if name == event][count - 1]

    async def when(self, condition):
        """Wait until `condition()`."""
        start = time.ticks_ms()
        while not condition():
            assert time.ticks_diff(time.ticks_ms(), start) < _LIMIT_MS, self.heard
            await asyncio.sleep_ms(0)

    async def listening(self, count):
        """Wait until the microphone has said so many bytes."""
        await self.when(lambda: self.microphone._at >= count)

    async def record(self, **options):
        """From start() to onStop; returns its result."""
        before = self.names().count("Stop")
        self.manager.start(**options)
        return await self.until("Stop", before + 1)

    async def refused(self, part, errno, **options):
        """What start() says to onError: `part` of its errMsg, and errno."""
        before = self.names().count("Error")
        self.manager.start(options)
        await self.hears(part, errno, before)

    async def hears(self, part, errno, before=0):
        """The next onError after so many."""
        res = await self.until("Error", before + 1)
        assert res.errMsg.startswith("operateRecorder:fail ") and part in res.errMsg, res
        assert res.errno == errno, res

    def content(self, url):
        """bytes: a file that the mini-program may read."""
        return self.wx.getFileSystemManager().readFileSync(url)

    def size(self, url):
        """int: how long it is."""
        return self.wx.getFileSystemManager().statSync(url).size

    def head(self, url, count):
        """bytes: its first ones, where a board has no memory for all."""
        return self.wx.getFileSystemManager().readFileSync(url, None, 0, count)

    def temporary(self):
        """Names in wxfile://tmp."""
        folder = filestore.MOUNT + "/test/tmp"
        return os.listdir(folder) if tree.look(folder) else []
