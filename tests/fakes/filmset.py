"""A mini-program on a flash, with a camera and a microphone that give what they are told.  Runs in MicroPython."""

import asyncio
import os
import sys
import time

import board
from drivers.audio.fake import Microphone
from drivers.camera.fake import Camera
from kiosk import app, log, tasks
from kiosk.files import tree
from kiosk.media import recorder
from tests.fakes import filestore

log.level = len(log.LEVELS)  # what is meant to fail needs no log
_LIMIT_MS = const(60000)  # far more than anything here takes


def jpeg(number, size=600):
    """The markers of a JPEG around a number that is read back."""
    scan = bytes([number & 127]) * size
    return b"\xff\xd8\xff\xfe\x00\x04no\xff\xda\x00\x04\x01\x02" + scan + b"\xff\xd9"


class Hearing(Microphone):
    """In real time, as the pictures are stamped by it: 8 kHz, in parts of 10 ms."""

    async def read_into(self, view):
        """The next part, when it has been heard."""
        await asyncio.sleep_ms(10)
        now = time.ticks_ms()
        due = time.ticks_diff(now, self._opened_ms) * 16 - self._at
        return await super().read_into(view[: max(2, min(len(view), due // 2 * 2))])

    def open(self, rate_hz):
        """From now on."""
        super().open(rate_hz)
        self._opened_ms = time.ticks_ms()


class _Lens:
    facings = ("back", "front")

    def __init__(self, cameras):
        self._cameras = cameras

    def camera(self, facing):
        return self._cameras[facing]


class Filmset:
    """camera, microphone: those that it has; microphone None: none is wired."""

    def __init__(self, size_kb=1024, allow=("scope.camera", "scope.record"), frame_ms=60, microphone=True, picture=600):
        self.camera = Camera(
            [jpeg(number, picture) for number in range(12 if picture > 1000 else 50)], frame_ms=frame_ms
        )
        self.microphone = Hearing(bytes(100), 2000) if microphone else None
        self._size_kb = size_kb
        self._allow = allow

    async def __aenter__(self):
        filestore.mount_in_a_file(self._size_kb)
        board.data_folder = filestore.MOUNT
        board.camera = "lens"
        sys.modules["lens"] = _Lens({"back": self.camera, "front": self.camera})
        settings = {"appid": "test", "allow": self._allow}
        app.current = self.program = app.MiniProgram(filestore.ROOT, {}, settings, {})
        board.microphone = "sound" if self.microphone else None
        recorder._current = recorder.Recorder(self.microphone) if self.microphone else None
        return self

    async def __aexit__(self, exc_type, exc, traceback):
        await tasks.cancel_all()
        assert exc_type or not (self.camera.is_open or (self.microphone and self.microphone.is_open))
        for close in self.program.at_close:
            close()
        assert exc_type or not tree.look(filestore.MOUNT + "/test/tmp")
        app.current = None
        filestore.unmount()

    async def when(self, condition):
        """Wait until `condition()`."""
        start = time.ticks_ms()
        while not condition():
            assert time.ticks_diff(time.ticks_ms(), start) < _LIMIT_MS
            await asyncio.sleep_ms(5)

    def path(self, url):
        """str: where a file of wxfile://tmp is."""
        return filestore.MOUNT + "/test/" + url[len("wxfile://") :]

    def temporary(self):
        """Names in wxfile://tmp."""
        folder = filestore.MOUNT + "/test/tmp"
        return os.listdir(folder) if tree.look(folder) else []
