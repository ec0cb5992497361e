"""A camera for tests: no chip, no clock; it gives the pictures that it was told, in turn, and fails when asked to."""

import asyncio
import errno

FAULTS = ("missing", "identity", "no answer", "slow", "no start", "no end", "truncated")


class Camera:
    """pictures: byte strings, given in turn, again and again; of "rgb565" those of `pixels`, else a gray of the size.

    faults (list): one of FAULTS or None for each frame that comes next, or for each open() ("missing", "identity").
    opened (list of (kind, width, height)), begun (int): how often; settings (list): ("quality", 80), ("torch", True) ...
    """

    sizes = ((160, 120), (320, 240), (640, 480))
    settle_frames = 1
    has_torch = True
    zoom_most = 4.0
    brightness = 110
    padding = 5  # bytes behind a JPEG

    def __init__(self, pictures=(), pixels=(), frame_ms=2):
        self.pictures = pictures
        self.pixels = pixels
        self.frame_ms = frame_ms
        self.faults = []
        self.opened = []
        self.settings = []
        self.begun = 0
        self.is_open = False
        self._is_begun = False
        self._given = 0
        self._data = b""
        self._at = 0

    def fit(self, kind: str, width: int, height: int) -> tuple:
        """The smallest that has as much; pixels as they are asked for."""
        if kind == "rgb565":
            return width, height
        for size in self.sizes:
            if size[0] >= width and size[1] >= height:
                return size
        return self.sizes[-1]

    def torch(self, on: bool) -> None:
        """Note it."""
        self.settings.append(("torch", on))

    def light(self):
        """What it was told."""
        return self.brightness

    async def open(self, kind: str, width: int, height: int) -> None:
        """Note it."""
        await asyncio.sleep_ms(0)
        if kind not in ("jpeg", "rgb565") or (kind == "jpeg" and (width, height) not in self.sizes):
            raise ValueError("no %s of %dx%d" % (kind, width, height))
        if self.faults and self.faults[0] in FAULTS[:2]:
            fault = self.faults.pop(0)
            raise OSError(errno.ENODEV, "no camera" if fault == "missing" else "not the camera: 7F A2")
        self.opened.append((kind, width, height))
        self.is_open = True

    def quality(self, percent: int) -> None:
        """Note it."""
        self.settings.append(("quality", percent))

    def zoom(self, times: float) -> None:
        """Note it."""
        self.settings.append(("zoom", times))

    def begin(self) -> None:
        """The next picture."""
        if not self.is_open:
            raise OSError(errno.EPERM, "closed")
        self.begun += 1
        self._is_begun = True
        self._data = b""

    def abandon(self) -> None:
        """The picture is not wanted."""
        self._is_begun = False

    async def ready(self) -> int:
        """It is there, after frame_ms."""
        for _ in range(self.frame_ms + 1):
            if not self._is_begun:
                raise OSError(errno.EPERM, "closed")
            await asyncio.sleep_ms(1)
        fault = self.faults.pop(0) if self.faults and self.faults[0] not in FAULTS[:2] else None
        if fault == "no answer":
            raise OSError(errno.EIO, "the camera does not answer")
        if fault == "slow":
            raise OSError(errno.ETIMEDOUT, "no frame")
        self._data = self._faulty(self._picture(), fault)
        self._at = 0
        return len(self._data)

    def _picture(self):
        kind, width, height = self.opened[-1]
        if kind == "jpeg":
            found = self.pictures[self._given % len(self.pictures)] + b"\x00" * self.padding
        else:
            found = self.pixels[self._given % len(self.pixels)] if self.pixels else b"\x84\x10" * (width * height)
        self._given += 1
        return found

    def _faulty(self, data, fault):
        if fault == "no start":
            return b"\x00\x00" + data[2:]
        if fault == "no end":
            return data[: -self.padding - 2] + b"\x00\x00"
        return data[: len(data) // 2] if fault == "truncated" else data

    async def read_into(self, view) -> int:
        """The next part."""
        await asyncio.sleep_ms(0)
        if not self._is_begun:
            raise OSError(errno.EPERM, "closed")
        part = self._data[self._at : self._at + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """The end."""
        self.is_open = self._is_begun = False
