"""The touch controller of a board that has none: nobody ever touches it."""


class Touch:
    """No touch controller is wired."""

    points = 0
    touches = ()

    def poll(self) -> int:
        """Nobody."""
        return 0

    def is_pending(self) -> bool:
        """Never."""
        return False

    def on_change(self, handler) -> bool:
        """Nobody is called."""
        return False

    def turn(self, turns: int) -> None:
        """Nothing turns."""

    def deinit(self) -> None:
        """There is nothing to let go of."""
