"""What touch controllers have in common: places on the glass become places on the screen; an interrupt pin."""


class Glass:
    """width, height: of the glass as its maker draws it; turns: quarter turns of the screen; interrupt: a Pin, low when touched."""

    points = 1

    def __init__(self, width, height, turns, interrupt):
        self._width = width
        self._height = height
        self._interrupt = interrupt
        self.touches = [[0, 0, 0] for _ in range(self.points)]
        self.turn(turns)

    def turn(self, turns: int) -> None:
        """Quarter turns, clockwise, as of the display."""
        if turns not in (0, 1, 2, 3):
            raise ValueError("quarter turns are 0 to 3, not %s" % turns)
        self._turns = turns

    def _put(self, index, finger, x, y):
        """Keep a touch, given as the glass has it."""
        right = self._width - 1
        bottom = self._height - 1
        x = min(max(x, 0), right)
        y = min(max(y, 0), bottom)
        turns = self._turns
        if turns == 1:
            x, y = y, right - x
        elif turns == 2:
            x, y = right - x, bottom - y
        elif turns == 3:
            x, y = bottom - y, x
        touch = self.touches[index]
        touch[0] = finger
        touch[1] = x
        touch[2] = y

    def is_pending(self) -> bool:
        """Whether asking may find something."""
        return self._interrupt is None or not self._interrupt()

    def on_change(self, handler) -> bool:
        """Have `handler(pin)` called when something is touched."""
        pin = self._interrupt
        if pin is None:
            return False
        pin.irq(handler, pin.IRQ_FALLING)
        return True

    def deinit(self) -> None:
        """Let go of the pin."""
        self.on_change(None)
