"""The speaker and the microphone of a board that has none: they cannot be opened, and say so."""

import errno


class Speaker:
    """No amplifier is wired."""

    rates_hz = (16000,)
    ring_ms = 0

    def open(self, rate_hz: int, channels: int) -> None:
        """OSError, always."""
        raise OSError(errno.ENODEV, "no speaker")

    async def write(self, view) -> None:
        """OSError, always: it is never open."""
        raise OSError(errno.ENODEV, "no speaker")

    async def close(self) -> None:
        """There is nothing to close."""

    def deinit(self) -> None:
        """There is nothing to close."""


class Microphone:
    """No microphone is wired."""

    bits = 16
    channels = 1
    side = 0
    has_offset = False
    ring_ms = settle_ms = 0

    def open(self, rate_hz: int) -> None:
        """OSError, always."""
        raise OSError(errno.ENODEV, "no microphone")

    async def read_into(self, view) -> int:
        """OSError, always: it is never open."""
        raise OSError(errno.ENODEV, "no microphone")

    def deinit(self) -> None:
        """There is nothing to close."""
