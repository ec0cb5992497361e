"""
What is wired to what: a list of these is given to the virtual board or to the emulator, which carry the same models.

Pins are the board's GPIO numbers, buses the board's numbers of its peripherals; `pins` are a chip's pins by the names of
its data sheet, those of the bus excepted.
"""

from dataclasses import dataclass, field
from typing import Dict, Union

from host_tools.errors import TargetError
from host_tools.models.audio import Microphone, Speaker
from host_tools.models.wires import AnalogModel, I2cModel, Model, SpiModel, UartModel

_BUSES = 2  # of each kind
_ADC_PINS = range(26, 30)


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


def all_pins(wiring: Wiring) -> Dict[str, int]:
    """Every pin of a wiring, by name."""
    if isinstance(wiring, I2sWiring):
        return {"sck": wiring.sck, "ws": wiring.ws, "sd": wiring.sd}
    if isinstance(wiring, AnalogWiring):
        return {"out": wiring.pin}
    return {"cs": wiring.cs, **wiring.pins} if isinstance(wiring, SpiWiring) else dict(wiring.pins)


def check(wiring: Wiring) -> None:
    """Refuse, with a TargetError, what an RP2040 does not have."""
    name = type(wiring.model).__name__
    if getattr(wiring, "bus", 0) not in range(_BUSES):
        raise TargetError(f"{name}: the RP2040 has no such bus: {wiring.bus}")
    if isinstance(wiring, AnalogWiring) and wiring.pin not in _ADC_PINS:
        raise TargetError(f"{name}: GPIO {wiring.pin} is no input of the ADC (those are 26 to 29)")
    for pin in all_pins(wiring).values():
        if pin not in range(30):
            raise TargetError(f"{name}: the RP2040 has no GPIO {pin}")
    if isinstance(wiring, I2cWiring) and ("scl" in wiring.pins) != ("sda" in wiring.pins):
        raise TargetError(f"{name}: scl and sda are named both or not at all")
