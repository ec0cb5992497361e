"""
Frames of pixels for a mini-program: RGBA of a small size, of what the camera sees.

They come while nobody takes JPEGs.  A frame takes width x height x 4 bytes of heap and is the mini-program's; one that comes while the
mini-program is busy with the one before, or for which there is no memory, is left out.
"""

import micropython

import kiosk
from kiosk import camera, log
from kiosk.api import Result
from kiosk.tasks import launch

_TAG = "camera"
# Of the pixels of a row, each `step` / 16384 pixels.
_VIPER = """
@micropython.viper
def rgba(source: ptr8, target: ptr8, at: int, first: int, step: int, count: int):
    phase = step >> 1
    for _ in range(count):
        place = first + ((phase >> 14) << 1)
        high = int(source[place])
        low = int(source[place + 1])
        red = high & 0xf8
        green = (high & 0x07) << 5 | (low & 0xe0) >> 3
        blue = (low & 0x1f) << 3
        target[at] = red | red >> 5
        target[at + 1] = green | green >> 6
        target[at + 2] = blue | blue >> 5
        target[at + 3] = 255
        at += 4
        phase += step
"""


def _compiled():
    for source in (_VIPER, _VIPER.replace("@micropython.viper\n", "").replace(": ptr8", "").replace(": int", "")):
        scope = {"micropython": micropython}
        try:
            exec(source, scope)
            return scope["rgba"]
        except (SyntaxError, NotImplementedError):  # a port without a native emitter takes the plain one
            continue
    raise RuntimeError("neither is compiled")


if not hasattr(kiosk, "_camera_rgba"):  # why it is kept there: net/websocket/octets.py
    kiosk._camera_rgba = _compiled()


class PixelFrames:
    """width, height: of what `heard` is called with: a Result of width, height and data (bytearray).  A taker; see kiosk/camera."""

    quality = None

    def __init__(self, width, height, heard):
        self.width = width
        self.height = height
        self._heard = heard
        self._convert = kiosk._camera_rgba
        self._data = None
        self._task = None
        self.fault = None

    async def start(self, facing):
        """Frames come from now on.  KioskError as camera.attach() has it."""
        self.fault = None
        await camera.attach(self, facing, (self.width, self.height), "rgb565")

    def stop(self):
        """No more."""
        camera.detach(self)
        self._data = None

    def begin(self, size_bytes, at_ms):
        """A frame comes; JPEGs are not for this."""
        self._data = None
        if camera.kind != "rgb565" or (self._task and not self._task.done()):
            return
        try:
            self._data = bytearray(4 * self.width * self.height)
        except MemoryError:
            log.warn(_TAG, "no memory for a frame of %dx%d", self.width, self.height)
            return
        self._seen = self._row = 0
        self._size = camera.size

    async def write(self, view):
        """Whole rows: of those that are wanted, the pixels that are."""
        if self._data is None:
            return
        width, height = self._size
        step = (width << 14) // self.width
        rows = len(view) // (2 * width)
        while self._row < self.height:
            wanted = (2 * self._row + 1) * height // (2 * self.height)
            if wanted >= self._seen + rows:
                break
            first = 2 * width * (wanted - self._seen)
            self._convert(view, self._data, 4 * self.width * self._row, first, step, self.width)
            self._row += 1
        self._seen += rows

    async def end(self, is_whole):
        """The mini-program hears of it."""
        data, self._data = self._data, None
        if data is not None and is_whole:
            self._task = launch(self._heard, Result(width=self.width, height=self.height, data=data))

    def failed(self, exc):
        """The camera is gone."""
        self.fault = exc
        self._data = None
