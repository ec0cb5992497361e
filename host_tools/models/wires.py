"""
The protocol between a board and the models of its chips, small enough that any board can speak it.

A model is told what happens on its wires and answers at once; its thinking takes no emulated time.  What it does later
it says with a delay.  Pins go by the names that the chip's data sheet gives them; the board knows their numbers.

A model may be several of these at once (a display with an SPI and a touch controller with an I2C side are two models).
"""

from dataclasses import dataclass
from typing import Callable


@dataclass
class Wires:
    """What a model may do to its board."""

    drive: Callable[[str, int, float], None]  # pin, level, delay in ns
    now_ns: Callable[[], float]  # emulated time since power on
    send: Callable[[bytes, float], None] = None  # UART models only: bytes to the board, delay in ns


class Model:
    """A chip with nothing but pins, such as a button; the other kinds are pins and a bus."""

    wires: Wires

    def attach(self, wires: Wires) -> None:
        """Called once, before anything happens on the wires."""
        self.wires = wires

    def pin_changed(self, name: str, level: int) -> None:
        """The board drives one of the chip's pins (those of its bus excepted) to a level."""

    def pin_pulses(self, name: str, freq_hz: float, duty: float) -> None:
        """The board drives one of the chip's pins with pulses that are high for `duty` (0 to 1) of the time.

        The emulator says so instead of moving the pin; the virtual board moves it.
        """


@dataclass(frozen=True)
class Prepared:
    """What a chip will send next, and after how many received bytes it wants to see them (0: at the end)."""

    miso: bytes = b""
    ask_after: int = 0


class SpiModel(Model):
    """A chip on an SPI bus, selected by a pin of its own."""

    def select(self) -> Prepared:
        """A transaction begins."""
        return Prepared()

    def shift(self, mosi: bytes) -> Prepared:
        """As many bytes have come as the chip asked for."""
        raise NotImplementedError

    def deselect(self, mosi: bytes) -> None:
        """The transaction is over; `mosi` is what came since the last shift()."""


class I2cModel(Model):
    """A chip on an I2C bus.  A transaction is start(), bytes one way, perhaps start() again, stop()."""

    address = 0  # 7 bits

    def start(self, reading: bool) -> bool:
        """The chip is addressed; whether it acknowledges."""
        raise NotImplementedError

    def write(self, value: int) -> bool:
        """A byte comes; whether the chip acknowledges it."""
        raise NotImplementedError

    def read(self) -> int:
        """The next byte that the board fetches."""
        raise NotImplementedError

    def stop(self) -> None:
        """The transaction is over."""


class UartModel(Model):
    """A chip on a UART; it speaks with wires.send() whenever it likes."""

    def receive(self, data: bytes, baud_hz: int) -> None:
        """The board has sent bytes at this rate."""
        raise NotImplementedError


class AnalogModel(Model):
    """What an ADC pin sees."""

    def volts(self, now_ns: float) -> float:
        """The voltage now."""
        raise NotImplementedError
