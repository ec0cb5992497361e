"""The models around the emulated RP2040: what the emulator is told of their wiring, and who answers which of its frames."""

import struct
from typing import Callable, List, Sequence, Tuple

from host_tools.models.audio import Microphone
from host_tools.models.wires import Wires
from host_tools.models.wiring import (
    AnalogWiring,
    I2cWiring,
    I2sWiring,
    SpiWiring,
    UartWiring,
    Wiring,
    all_pins,
    check,
)
from host_tools.virtual_board.link import Frame, Link

# Lines of a bus: a wiring may name them, to say which pins they are on; the model does not hear their edges.
_BUS_LINES = {
    SpiWiring: ("sck", "mosi", "miso"),
    I2cWiring: ("scl", "sda"),
    UartWiring: ("tx", "rx"),
}
_STOP, _START_WRITING, _START_READING, _WRITE, _READ = range(5)  # as in emulator/i2c.mjs


class Chips:
    """The models, each known to the emulator by its place in the list of wirings."""

    def __init__(self, wirings: Sequence[Wiring]):
        for wiring in wirings:
            check(wiring)
        self._wirings = list(wirings)

    def settings(self) -> dict:
        """The wiring, as the emulator wants it (emulator/main.mjs)."""
        settings = {kind: [] for kind in ("spi", "i2c", "uart", "analog", "speakers", "microphones")}
        for unit, wiring in enumerate(self._wirings):
            kind, facts = _facts(wiring)
            if kind:
                settings[kind].append({"unit": unit, **facts})
        watched = {pin for wiring in self._wirings for pin in _own_pins(wiring).values()}
        return {**settings, "watch": sorted(watched), "names": self._names()}

    def _names(self) -> List[Tuple[int, str, str]]:
        """(pin, chip, the chip's name for it), for a trace."""
        names = []
        used = {}
        for wiring in self._wirings:
            model = type(wiring.model).__name__.lower()
            used[model] = used.get(model, 0) + 1
            chip = model if used[model] == 1 else f"{model}{used[model]}"
            names += [(pin, chip, name) for name, pin in all_pins(wiring).items()]
        return names

    def attach(self, add: Callable[[str, int, float, bytes], None], now_ns: Callable[[], float]) -> None:
        """Give each model its wires: `add` sends a frame with the next answer, from any thread."""

        def wires(unit: int, pins: dict) -> Wires:
            def drive(name: str, level: int, delay_ns: float = 0) -> None:
                add("p", pins[name], delay_ns, bytes([level]))

            def send(data: bytes, delay_ns: float = 0) -> None:
                add("j", unit, delay_ns, data)

            return Wires(drive, now_ns, send)

        for unit, wiring in enumerate(self._wirings):
            if not isinstance(wiring, (I2sWiring, AnalogWiring)):
                wiring.model.attach(wires(unit, wiring.pins))

    def handle(self, frame: Frame, link: Link) -> None:
        """Have a model answer a frame."""
        if frame.kind == "p":
            self._pin(frame.unit, frame.payload[0])
            link.answer()
        elif frame.kind == "w":
            self._wirings[frame.unit].model.hear(frame.value, frame.payload)
        else:
            _ANSWERS[frame.kind](self._wirings[frame.unit].model, frame, link)
            link.answer()

    def _pin(self, pin: int, level: int) -> None:
        for wiring in self._wirings:
            for name, number in _own_pins(wiring).items():
                if number == pin:
                    wiring.model.pin_changed(name, level)


def _spi(model, frame: Frame, link: Link) -> None:
    if frame.kind == "u":
        model.deselect(frame.payload)
    else:
        prepared = model.select() if frame.kind == "s" else model.shift(frame.payload)
        link.add("b", frame.unit, prepared.ask_after, prepared.miso)


def _i2c(model, frame: Frame, link: Link) -> None:
    operation, value = frame.payload
    answer = 0
    if operation == _READ:
        answer = model.read() & 0xFF
    elif operation == _WRITE:
        answer = bool(model.write(value))
    elif operation == _STOP:
        model.stop()
    else:
        answer = bool(model.start(operation == _START_READING))
    link.add("y", frame.unit, answer)


def _uart(model, frame: Frame, _link: Link) -> None:
    (baud_hz,) = struct.unpack_from("<I", frame.payload)
    model.receive(frame.payload[4:], baud_hz)


def _analog(model, frame: Frame, link: Link) -> None:
    link.add("v", frame.unit, model.volts(frame.value))


def _microphone(model, frame: Frame, link: Link) -> None:
    link.add("a", frame.unit, 0, model.listen())


_ANSWERS = {"s": _spi, "x": _spi, "u": _spi, "y": _i2c, "j": _uart, "v": _analog, "n": _microphone}


def _own_pins(wiring: Wiring) -> "dict[str, int]":
    """The pins whose edges the model hears."""
    if isinstance(wiring, (I2sWiring, AnalogWiring)):
        return {}
    lines = _BUS_LINES.get(type(wiring), ())
    return {name: pin for name, pin in wiring.pins.items() if name not in lines}


def _facts(wiring: Wiring) -> Tuple[str, dict]:
    """The kind of settings that a wiring belongs to, and its entry there."""
    if isinstance(wiring, SpiWiring):
        return "spi", {"bus": wiring.bus, "cs": wiring.cs, "pins": wiring.pins}
    if isinstance(wiring, I2cWiring):
        return "i2c", {"bus": wiring.bus, "address": wiring.model.address, "pins": wiring.pins}
    if isinstance(wiring, UartWiring):
        return "uart", {"bus": wiring.bus, "pins": wiring.pins}
    if isinstance(wiring, AnalogWiring):
        return "analog", {"pin": wiring.pin}
    if isinstance(wiring, I2sWiring):
        wires = all_pins(wiring)
        if isinstance(wiring.model, Microphone):
            return "microphones", {**wires, "side": wiring.model.side}
        return "speakers", wires
    return "", {}
