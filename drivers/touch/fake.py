"""A touch controller for tests: it says what it was told to."""


class Touch:
    """script: list of lists of (id, x, y), one for each poll(); then nobody touches it.  fail: errno of the next poll()."""

    points = 2

    def __init__(self, script=()):
        self.script = list(script)
        self.touches = [[0, 0, 0] for _ in range(self.points)]
        self.handler = None
        self.fail = 0

    def poll(self) -> int:
        """What the script says next."""
        if self.fail:
            number, self.fail = self.fail, 0
            raise OSError(number, "the touch controller was told to fail")
        found = self.script.pop(0) if self.script else ()
        for index, touch in enumerate(found):
            self.touches[index][:] = touch
        return len(found)

    def is_pending(self) -> bool:
        """While the script goes on."""
        return bool(self.script)

    def on_change(self, handler) -> bool:
        """Kept, for the test to call."""
        self.handler = handler
        return True

    def turn(self, turns: int) -> None:
        """The script is in the screen's coordinates anyway."""

    def deinit(self) -> None:
        """The end."""
        self.handler = None
