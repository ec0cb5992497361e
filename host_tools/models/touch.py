"""What the models of touch controllers have in common: fingers on a glass, given by the pixels of the screen under it."""

from typing import Dict, Tuple

from host_tools.models.wires import Model


class Fingers(Model):
    """width, height: of the glass as its maker draws it; turns: quarter turns that the screen is mounted with.

    Its pin is "int".  press(), move() and release() may be called from any thread.
    """

    most = 1

    def __init__(self, width: int = 240, height: int = 320, turns: int = 0):
        self.width = width
        self.height = height
        self.turns = turns
        self.fingers: Dict[int, Tuple[int, int]] = {}  # finger -> place on the glass

    def _on_glass(self, x: int, y: int) -> Tuple[int, int]:
        right, bottom = self.width - 1, self.height - 1
        return ((x, y), (right - y, x), (right - x, bottom - y), (y, bottom - x))[self.turns]

    def press(self, x: int, y: int, finger: int = 0) -> None:
        """A finger comes down on a pixel of the screen."""
        place = self._on_glass(x, y)
        if not (0 <= place[0] < self.width and 0 <= place[1] < self.height):
            raise ValueError(f"{x},{y} is not on the screen")
        if finger not in range(self.most):
            raise ValueError(f"there is no finger {finger}: the chip tells {self.most} apart")
        self.fingers = {**self.fingers, finger: place}
        self.changed()

    def move(self, x: int, y: int, finger: int = 0) -> None:
        """A finger that is down moves."""
        if finger not in self.fingers:
            raise ValueError(f"finger {finger} is not on the glass")
        self.press(x, y, finger)

    def release(self, finger: int = 0) -> None:
        """A finger goes."""
        self.fingers = {each: place for each, place in self.fingers.items() if each != finger}
        self.changed()

    def changed(self) -> None:
        """Say so on the interrupt pin, which is low while the glass is touched."""
        self.wires.drive("int", 0 if self.fingers else 1, 0)
