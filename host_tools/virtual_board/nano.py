"""The Arduino Nano RP2040 Connect: what is wired to what (its data sheet's pinout; the numbers are GPIOs)."""

from host_tools.models.nina import Nina
from host_tools.models.wiring import SpiWiring

BOARD = "ARDUINO_NANO_RP2040_CONNECT"


def nina_wiring(model: Nina) -> SpiWiring:
    """The NINA-W102 on SPI1: chip select is its GPIO1 line."""
    return SpiWiring(model, bus=1, cs=9, pins={"ack": 10, "reset": 3, "gpio0": 2})
