"""
The protocol between a board and the models of its chips, small enough that any board can speak it.

A model is told what happens on its wires and answers at once; its thinking takes no emulated time.  What it does later
it says with a delay.  Pins go by the names that the chip's data sheet gives them; the board knows their numbers.
"""

from dataclasses import dataclass
from typing import Callable


@dataclass
class Wires:
    """What a model may do to its board."""

    drive: Callable[[str, int, float], None]  # pin, level, delay in ns
    now_ns: Callable[[], float]  # emulated time since power on


@dataclass(frozen=True)
class Prepared:
    """What a chip will send next, and after how many received bytes it wants to see them (0: at the end)."""

    miso: bytes = b""
    ask_after: int = 0


class SpiModel:
    """A chip on an SPI bus, selected by a pin of its own."""

    wires: Wires

    def attach(self, wires: Wires) -> None:
        """Called once, before anything happens on the wires."""
        self.wires = wires

    def pin_changed(self, name: str, level: int) -> None:
        """The board drives one of the chip's other pins to a level."""

    def select(self) -> Prepared:
        """A transaction begins."""
        return Prepared()

    def shift(self, mosi: bytes) -> Prepared:
        """As many bytes have come as the chip asked for."""
        raise NotImplementedError

    def deselect(self, mosi: bytes) -> None:
        """The transaction is over; `mosi` is what came since the last shift()."""
