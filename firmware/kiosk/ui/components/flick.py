"""A finger that turns a wheel: how far it has moved, and how far the wheel goes on when it leaves."""

import time

_GOES_ON = const(6)  # px for each px of the last step
_STILL_MS = const(80)  # a finger that has not moved for so long throws nothing


class Flick:
    """y: where the finger is, in px."""

    def __init__(self, y):
        self.y = y
        self._step = 0
        self._since_ms = time.ticks_ms()

    def move(self, y):
        """int: px that it has moved down."""
        self._step = y - self.y
        self.y = y
        self._since_ms = time.ticks_ms()
        return self._step

    def rest(self):
        """int: px that the wheel goes on, down."""
        return 0 if time.ticks_diff(time.ticks_ms(), self._since_ms) > _STILL_MS else self._step * _GOES_ON
