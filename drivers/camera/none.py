"""The camera of a board that has none: it cannot be opened, and says so."""

import errno


class Camera:
    """No camera is wired."""

    sizes = ((320, 240),)
    settle_frames = 0
    has_torch = False
    zoom_most = 1.0

    def fit(self, kind: str, width: int, height: int) -> tuple:
        """Its one size."""
        return self.sizes[0]

    def torch(self, on: bool) -> None:
        """There is none."""

    def light(self):
        """There is nothing to measure."""
        return

    async def open(self, kind: str, width: int, height: int) -> None:
        """OSError, always."""
        raise OSError(errno.ENODEV, "no camera")

    def quality(self, percent: int) -> None:
        """Nothing comes of it."""

    def zoom(self, times: float) -> None:
        """Nothing comes of it."""

    def begin(self) -> None:
        """OSError, always: it is never open."""
        raise OSError(errno.ENODEV, "no camera")

    def abandon(self) -> None:
        """There is no frame."""

    async def ready(self) -> int:
        """OSError, always: it is never open."""
        raise OSError(errno.ENODEV, "no camera")

    async def read_into(self, view) -> int:
        """OSError, always: it is never open."""
        raise OSError(errno.ENODEV, "no camera")

    def close(self) -> None:
        """There is nothing to close."""
