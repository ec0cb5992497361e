"""
A push button between a pin ("out") and ground, or the supply, whose contact bounces.

Source: what oscilloscopes show of tactile switches: some 0.1 to 5 ms of bouncing on both edges, mostly below 1 ms.

What it can be made to do wrong: `bounces_ns` are the times between the edges of one contact, as many as you like.
"""

from typing import Sequence, Tuple

from host_tools.models.wires import Model, Wires

BOUNCES_NS = (90e3, 40e3, 150e3, 60e3)


class Button(Model):
    """active_low: pressed is 0, as with a pull-up.  script: (ns since the start, pressed) for what happens by itself.

    bounces_ns: an even number of times between edges, after the first one; none for an ideal contact.
    """

    def __init__(
        self,
        active_low: bool = True,
        bounces_ns: Sequence[float] = BOUNCES_NS,
        script: Sequence[Tuple[float, bool]] = (),
    ):
        if len(bounces_ns) % 2:
            raise ValueError("after an odd number of bounces the contact is where it was")
        self.active_low = active_low
        self.bounces_ns = tuple(bounces_ns)
        self._script = tuple(script)

    def attach(self, wires: Wires) -> None:
        """The button is there, released."""
        super().attach(wires)
        wires.drive("out", self._level(False), 0)
        for at_ns, pressed in self._script:
            self._move(pressed, at_ns)

    def _level(self, pressed: bool) -> int:
        return int(pressed != self.active_low)

    def _move(self, pressed: bool, delay_ns: float) -> None:
        level = self._level(pressed)
        self.wires.drive("out", level, delay_ns)
        for pause_ns in self.bounces_ns:
            delay_ns += pause_ns
            level ^= 1
            self.wires.drive("out", level, delay_ns)

    def press(self, delay_ns: float = 0) -> None:
        """Somebody presses it, and keeps it pressed."""
        self._move(True, delay_ns)

    def release(self, delay_ns: float = 0) -> None:
        """Somebody lets it go."""
        self._move(False, delay_ns)
