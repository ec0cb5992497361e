"""
What is wired to what: a list of these is given to the virtual board or to the emulator, which carry the same models.

Pins are the board's GPIO numbers, buses the board's numbers of its peripherals; `pins` are a chip's pins by the names of
its data sheet, those of the bus excepted.
"""

from dataclasses import dataclass, field
from typing import Dict, Union

from host_tools.models.audio import Microphone, Speaker
from host_tools.models.wires import AnalogModel, I2cModel, Model, SpiModel, UartModel


@dataclass(frozen=True)
class SpiWiring:
    """A chip on an SPI bus, with its chip select and its other pins."""

    model: SpiModel
    bus: int
    cs: int
    pins: Dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class I2cWiring:
    """A chip on an I2C bus, with its other pins."""

    model: I2cModel
    bus: int
    pins: Dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class UartWiring:
    """A chip on a UART, with its other pins."""

    model: UartModel
    bus: int
    pins: Dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class I2sWiring:
    """A loudspeaker or microphone at three pins: clock, word select, data."""

    model: Union[Speaker, Microphone]
    sck: int
    ws: int
    sd: int


@dataclass(frozen=True)
class PinWiring:
    """A chip with nothing but pins."""

    model: Model
    pins: Dict[str, int]


@dataclass(frozen=True)
class AnalogWiring:
    """What an ADC pin sees."""

    model: AnalogModel
    pin: int


Wiring = Union[SpiWiring, I2cWiring, UartWiring, I2sWiring, PinWiring, AnalogWiring]
