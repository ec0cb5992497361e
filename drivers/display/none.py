"""The screen of a board that has none: it cannot be painted on, and says so."""

import errno


class Display:
    """No display is wired."""

    width = height = turns = 0

    def begin(self, x: int, y: int, width: int, height: int) -> None:
        """OSError, always."""
        raise OSError(errno.ENODEV, "no display")

    def write(self, view) -> None:
        """OSError, always."""
        raise OSError(errno.ENODEV, "no display")

    def end(self) -> None:
        """Nothing was begun."""

    def turn(self, turns: int) -> None:
        """Nothing turns."""

    def invert(self, on: bool) -> None:
        """Nothing is inverted."""

    def backlight(self, percent: int) -> None:
        """There is none."""

    def sleep(self) -> None:
        """There is nothing to sleep."""

    def wake(self) -> None:
        """There is nothing to wake."""

    def deinit(self) -> None:
        """There is nothing to let go of."""
