"""Fixtures: boards with a display and a touch controller where their own drivers look for them."""

import ast

import pytest

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.models.wiring import I2cWiring, SpiWiring
from host_tools.target import open_target

DISPLAY_PINS = {"dc": 15, "reset": 25, "backlight": 26}
TOUCH_PINS = {"int": 27, "reset": 28}


def display_at(model):
    """A display where the Nano Connect and the emulator have theirs."""
    return SpiWiring(model, 0, cs=5, pins=DISPLAY_PINS)


def touch_at(model):
    """A touch controller there."""
    return I2cWiring(model, 0, TOUCH_PINS)


def ask(target, code):
    """What the last line of the code is, as a value."""
    *before, last = code.strip().splitlines()
    return ast.literal_eval(target.exec("\n".join([*before, f"print(repr(({last})))"]), timeout_s=90))


@pytest.fixture
def wire(tmp_path):
    """Start boards with chips: `wire("unix", [wiring, ...])`; "unix32" is that with a board's heap.  Further settings: the target's."""
    started = []

    def start(name, chips, **settings):
        output = open(tmp_path / f"output{len(started)}", "w", encoding="utf-8")  # noqa: SIM115
        settings.update({"warp": True} if name == "virtual" else {"errors": output})
        if name == "unix32":
            name, settings["heap"] = "unix", 190 * 1024
        target = open_target(name, chips=chips, output=output, **settings)
        started.append((target, output))
        target.exec("import board")
        return target

    yield start
    for target, output in started:
        target.close()
        output.close()


@pytest.fixture(params=["unix", "unix32", "virtual"])
def screen(request, wire):
    """The board's own display, made: (target, model of the display, model of the touch controller)."""
    glass, fingers = St7789(turns=1), Ft6x36(turns=1)
    target = wire(request.param, [display_at(glass), touch_at(fingers)])
    target.exec("display = __import__(board.display).display()\ntouch = __import__(board.touch).touch()", timeout_s=60)
    return target, glass, fingers
