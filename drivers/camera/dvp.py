"""
A sensor on the ESP32's parallel port, by the firmware's own `camera` module (micropython-camera-API 0.4 or later).

Source: the README of cnadler86/micropython-camera-API.  A frame is in the driver's own memory (PSRAM); what is read of it
is copied from there.  Not tried on silicon.
"""

import asyncio
import errno
import time

_PATIENCE_MS = const(2000)
_POLL_MS = const(5)
_COLD_FRAMES = const(8)
_XCLK_HZ = const(20000000)
# (width, height), the module's name of it; RGB565 goes as far as QVGA.
_SIZES = (
    (160, 120, "QQVGA"), (176, 144, "QCIF"), (240, 240, "R240X240"), (320, 240, "QVGA"), (400, 296, "CIF"),
    (640, 480, "VGA"), (800, 600, "SVGA"), (1024, 768, "XGA"), (1280, 1024, "SXGA"), (1600, 1200, "UXGA"),
)  # fmt: skip
_RAW = const(4)  # so many of them


class Dvp:
    """data: the numbers of eight pins, D0 first; the others': numbers.  torch: a Pin, or None.  module: the firmware's."""

    zoom_most = 1.0

    def __init__(self, data, pclk, vsync, href, xclk, sda, scl, torch=None, module=None):
        self._pins = {
            "data_pins": list(data), "pclk_pin": pclk, "vsync_pin": vsync, "href_pin": href, "xclk_pin": xclk,
            "sda_pin": sda, "scl_pin": scl, "xclk_freq": _XCLK_HZ,
        }  # fmt: skip
        self._module = module
        self._torch = torch
        self.has_torch = torch is not None
        self.settle_frames = _COLD_FRAMES
        self.sizes = tuple((width, height) for width, height, _ in _SIZES)
        self._camera = None
        self._percent = None
        self._frame = None
        self._at = 0
        self._is_begun = False

    def fit(self, kind: str, width: int, height: int) -> tuple:
        """The smallest of its sizes that covers it, or the largest."""
        sizes = self.sizes if kind == "jpeg" else self.sizes[:_RAW]
        for size in sizes:
            if size[0] >= width and size[1] >= height:
                return size
        return sizes[-1]

    def torch(self, on: bool) -> None:
        """Switch the light."""
        if self._torch:
            self._torch(1 if on else 0)

    def light(self):
        """The module does not tell."""
        return

    async def open(self, kind: str, width: int, height: int) -> None:
        """Start the module's driver, or set it up anew."""
        if kind not in ("jpeg", "rgb565") or self.fit(kind, width, height) != (width, height):
            raise ValueError("the camera gives no %s of %dx%d" % (kind, width, height))
        module = self._module
        if module is None:
            try:
                module = self._module = __import__("camera")
                module.Camera  # noqa: B018  another module of that name has none
            except (ImportError, AttributeError):
                self._module = None
                raise OSError(errno.ENODEV, "the firmware has no module for cameras")
        name = _SIZES[self.sizes.index((width, height))][2]
        settings = {
            "pixel_format": module.PixelFormat.JPEG if kind == "jpeg" else module.PixelFormat.RGB565,
            "frame_size": getattr(module.FrameSize, name),
        }
        self._drop()
        try:
            if self._camera is None:
                self.settle_frames = _COLD_FRAMES
                self._camera = module.Camera(init=True, **settings, **self._pins)
            else:
                self.settle_frames = 2  # what its two buffers hold is of the old kind
                self._camera.reconfigure(**settings)
        except Exception as exc:  # noqa: BLE001  the module's own kinds are many
            self.close()
            raise OSError(errno.ENODEV, "the camera cannot be used: %s" % exc)
        self._percent = None
        await asyncio.sleep_ms(0)

    def quality(self, percent: int) -> None:
        """Set it, if it is another one."""
        if self._camera and percent != self._percent:
            self._camera.set_quality(max(1, min(100, percent)))
            self._percent = percent

    def zoom(self, times: float) -> None:
        """It cannot."""

    def _drop(self):
        if self._frame is not None:
            self._frame = None
            free = getattr(self._camera, "free_buffer", None)
            if free:
                free()

    def begin(self) -> None:
        """The frame before is given back."""
        if not self._camera:
            raise OSError(errno.EPERM, "closed")
        self._drop()
        self._at = 0
        self._is_begun = True

    def abandon(self) -> None:
        """The frame is not wanted."""
        self._is_begun = False

    async def ready(self) -> int:
        """Its size; the module waits by itself where it cannot be asked."""
        until = time.ticks_add(time.ticks_ms(), _PATIENCE_MS)
        while True:
            if not self._is_begun:
                raise OSError(errno.EPERM, "closed")
            is_there = getattr(self._camera, "frame_available", None)
            if is_there is None or is_there():
                self._frame = self._camera.capture()
                if self._frame:
                    return len(self._frame)
            if time.ticks_diff(until, time.ticks_ms()) < 0:
                raise OSError(errno.ETIMEDOUT, "no frame")
            await asyncio.sleep_ms(_POLL_MS)

    async def read_into(self, view) -> int:
        """The next part, copied."""
        if not self._is_begun or self._frame is None:
            raise OSError(errno.EPERM, "closed")
        count = min(len(view), len(self._frame) - self._at)
        if count:
            view[:count] = memoryview(self._frame)[self._at : self._at + count]
            self._at += count
        return count

    def close(self) -> None:
        """The module's driver ends."""
        self.torch(False)
        self.abandon()
        self._drop()
        camera, self._camera = self._camera, None
        if camera:
            camera.deinit()
