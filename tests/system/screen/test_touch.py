"""The drivers of touch controllers against their models: a finger is found where it is."""

import time

import pytest

from host_tools.errors import ExecError
from host_tools.models.cst816s import Cst816s
from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.wiring import SpiWiring
from host_tools.models.xpt2046 import Xpt2046
from host_tools.paths import ROOT
from tests.system.screen.conftest import ask, touch_at

TARGETS = pytest.mark.parametrize("name", ["unix", "virtual"])
POLL = "[tuple(touch) for touch in touch.touches[:touch.poll()]]"


def seen(target, wanted, code=POLL):
    """What the code says, once it is what is wanted, or after a minute: the models' wires and the console are two ways to the board."""
    end = time.monotonic() + 60
    found = ask(target, code)
    while found != wanted and time.monotonic() < end:
        time.sleep(0.02)
        found = ask(target, code)
    return found


def load(target, name):
    """Put a driver that the board has not on it."""
    target.exec("import os, sys\nos.mkdir('/touch')\nsys.path.insert(0, '/')")
    for each in (name, "glass"):
        target.put(f"/touch/{each}.py", (ROOT / "drivers" / "touch" / f"{each}.py").read_bytes())
    target.exec(f"from touch import {name}\nfrom machine import I2C, SPI, Pin\nirq = Pin(27, Pin.IN, Pin.PULL_UP)")


def test_two_fingers_on_a_boards_screen(screen):
    target, _, fingers = screen
    assert seen(target, []) == [] and not seen(target, False, "touch.is_pending()")
    fingers.press(40, 100)
    assert seen(target, True, "touch.is_pending()")
    assert seen(target, [(0, 40, 100)]) == [(0, 40, 100)]
    fingers.press(319, 0, finger=1)
    fingers.move(41, 239)
    assert seen(target, [(0, 41, 239), (1, 319, 0)]) == [(0, 41, 239), (1, 319, 0)]
    fingers.release()
    assert seen(target, [(1, 319, 0)]) == [(1, 319, 0)]
    fingers.release(1)
    assert seen(target, []) == [] and not seen(target, False, "touch.is_pending()")


def test_asking_takes_no_heap(screen):
    target, _, fingers = screen
    fingers.press(1, 2)
    used = "import gc\ntouch.poll()\ngc.collect()\nbefore = gc.mem_alloc()\nfor _ in range(20):\n    touch.poll()\ngc.mem_alloc() - before"
    assert ask(target, used) < 200  # of the prompt's own


def test_the_interrupt_calls(screen):
    target, _, fingers = screen
    target.exec("calls = []\ndef note(pin):\n    calls.append(1)\nassert touch.on_change(note)")
    fingers.press(3, 4)
    target.exec("import time\nfor _ in range(500):\n    if calls: break\n    time.sleep_ms(10)")
    assert ask(target, "len(calls)") == 1
    target.exec("touch.deinit()\ntouch.deinit()")
    fingers.release()
    fingers.press(3, 4)
    assert ask(target, "len(calls)") == 1


@pytest.mark.parametrize("turns", range(4))
def test_the_touch_turns_with_the_picture(wire, turns):
    fingers = Ft6x36(turns=turns)
    target = wire("unix", [touch_at(fingers)])
    target.exec(f"touch = __import__(board.touch).touch()\ntouch.turn({turns})")
    width, height = (320, 240) if turns & 1 else (240, 320)
    for x, y in ((0, 0), (width - 1, 0), (0, height - 1), (30, 70)):
        fingers.press(x, y)
        assert seen(target, [(0, x, y)]) == [(0, x, y)]
    with pytest.raises(ValueError, match="is not on the screen"):
        fingers.press(width, 0)


MAKE = {
    "ft6x36": "touch = ft6x36.FT6X36(I2C(0, scl=Pin(13), sda=Pin(12), freq=400000), irq, Pin(28, Pin.OUT, value=1))",
    "cst816s": "touch = cst816s.CST816S(I2C(0, scl=Pin(13), sda=Pin(12), freq=400000), irq, Pin(28, Pin.OUT, value=1))",
    "xpt2046": "touch = xpt2046.XPT2046(SPI(0, sck=Pin(6), mosi=Pin(7), miso=Pin(4)), Pin(29, Pin.OUT, value=1), irq)",
}
MISSING = {"ft6x36": "no FT6x36", "cst816s": "no CST816S", "xpt2046": "no XPT2046"}


@TARGETS
@pytest.mark.parametrize("chip", MAKE)
def test_a_chip_that_is_not_there_is_told(wire, name, chip):
    target = wire(name, [])
    load(target, chip)
    with pytest.raises(ExecError) as raised:
        target.exec(MAKE[chip])
    assert f"OSError: [Errno 19] ENODEV: {MISSING[chip]}" in raised.value.traceback


@pytest.mark.parametrize("model", [Ft6x36, Cst816s])
def test_another_chip_at_the_address_is_told(wire, model):
    fingers = model()
    fingers.identity = 0x5A
    target = wire("unix", [touch_at(fingers)])
    chip = model.__name__.lower()
    load(target, chip)
    with pytest.raises(ExecError, match=f"{MISSING[chip]}: it says 5a"):
        target.exec(MAKE[chip])


def test_what_a_starting_chip_says_is_nobody_and_a_dead_one_is_an_error(wire):
    fingers = Ft6x36(turns=1)
    target = wire("unix", [touch_at(fingers)])
    target.exec("touch = __import__(board.touch).touch()")
    fingers.press(5, 5)
    fingers.garbage = True
    assert seen(target, []) == []
    fingers.garbage, fingers.is_silent = False, True
    with pytest.raises(ExecError, match=r"OSError: \[Errno 5\] EIO"):
        target.exec("touch.poll()")
    fingers.is_silent = False
    assert seen(target, [(0, 5, 5)]) == [(0, 5, 5)]


@TARGETS
def test_a_cst816s_is_kept_awake(wire, name):
    fingers = Cst816s()
    target = wire(name, [touch_at(fingers)])
    load(target, "cst816s")
    target.exec(MAKE["cst816s"])
    assert fingers.stays_awake
    assert seen(target, []) == []
    fingers.press(200, 239)
    assert seen(target, [(0, 200, 239)]) == [(0, 200, 239)]
    fingers.release()
    assert seen(target, []) == []


def resistive(wire, name, **trouble):
    fingers = Xpt2046(**trouble)
    target = wire(name, [SpiWiring(fingers, 0, cs=29, pins={"int": 27})])
    load(target, "xpt2046")
    target.exec(MAKE["xpt2046"])
    return target, fingers


@TARGETS
def test_a_resistive_glass(wire, name):
    target, fingers = resistive(wire, name)
    assert seen(target, []) == []
    for x, y in ((0, 0), (239, 319), (60, 300)):
        fingers.press(x, y)
        assert seen(target, [(0, x, y)]) == [(0, x, y)]
    fingers.pressure = 100  # hardly there
    assert seen(target, []) == []
    fingers.release()
    assert seen(target, []) == []


def test_noise_and_spikes_are_taken_out(wire):
    target, fingers = resistive(wire, "unix", noise=25, spikes=10)
    fingers.press(100, 200)
    assert seen(target, 1, "touch.poll()")
    found = ask(target, "[(touch.touches[0][1], touch.touches[0][2]) for _ in range(60) if touch.poll()]")
    assert len(found) >= 50
    assert all(abs(x - 100) <= 3 and abs(y - 200) <= 3 for x, y in found)


def test_a_glass_mounted_askew_is_calibrated(wire):
    target, fingers = resistive(wire, "unix", noise=4)
    meant = ((20, 20), (220, 30), (120, 300))
    seen = []
    for x, y in meant:
        fingers.press(239 - x, 319 - y)  # the other way round
        seen.append(ask(target, "touch.raw()"))
    target.exec(f"touch.calibrate({seen}, {meant})")
    fingers.press(239 - 70, 319 - 111)
    ((_, x, y),) = ask(target, POLL)
    assert abs(x - 70) <= 1 and abs(y - 111) <= 1
    with pytest.raises(ExecError, match="lie on one line"):
        target.exec(f"touch.calibrate(((1, 1), (2000, 2000), (4000, 4000)), {meant})")
    assert ask(target, POLL)  # as it was calibrated before
