"""The on-screen keyboard on a board's display, under a finger: what is typed, what is painted, what it holds."""

import time

import pytest
from PIL import Image, ImageChops

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from tests.system.screen.conftest import ask, display_at, touch_at
from tests.system.screen.keyboards import OPEN, PICTURES, PRELUDE, image_of
from tests.system.screen.scenes import REFERENCES

KEYS = dict(zip("qwertyuiop", ((16 + 32 * index, 120) for index in range(10))))
KEYS.update(zip("asdfghjkl", ((32 + 32 * index, 153) for index in range(9))))
KEYS.update(zip("zxcvbnm", ((64 + 32 * index, 186) for index in range(7))))
FIRST_CANDIDATE = (15, 90)


@pytest.fixture(params=["unix", "unix32"])
def board(request, wire):
    """A kiosk with a display and a touch controller, its console; (target, display, controller)."""
    glass, fingers = St7789(turns=1), Ft6x36(turns=1)
    target = wire(request.param, [display_at(glass), touch_at(fingers)])
    target.exec(PRELUDE, timeout_s=60)
    return target, glass, fingers


def tap(target, fingers, x, y):
    """Press there and let go, each once the kiosk has seen the one before."""
    for act in (lambda: fingers.press(x, y), fingers.release):
        seen = ask(target, "len(touches)")
        act()
        end = time.monotonic() + 60
        while ask(target, "len(touches)") == seen:
            assert time.monotonic() < end, f"nothing was felt at {x},{y}"


def test_a_chinese_word_is_typed_with_a_finger(board):
    target, _, fingers = board
    target.exec(OPEN.format(type="text", confirm="send"), timeout_s=60)
    for letter in "zhongg":
        tap(target, fingers, *KEYS[letter])
    assert ask(target, "told[-1]") == ("composing", "zhongg")
    tap(target, fingers, *FIRST_CANDIDATE)
    assert ask(target, "told[-2:]") == [("typed", "中国"), ("composing", "")]


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did_when_somebody_looked(board, name, tmp_path):
    target, glass, _ = board
    seen = image_of(target, glass, name)
    with Image.open(REFERENCES / f"keyboard_{name}.png") as file:
        wanted = file.convert("RGB")
    seen.save(tmp_path / f"{name}.png")
    different = ImageChops.difference(seen, wanted).getbbox()
    assert different is None, f"{different} differ: {tmp_path}/{name}.png"


def test_what_it_holds_is_given_back(wire):
    target = wire("unix32", [display_at(St7789(turns=1)), touch_at(Ft6x36(turns=1))])
    target.exec(PRELUDE, timeout_s=60)
    target.exec(OPEN.format(type="text", confirm="done") + "compose('zhongguo')\nclose()", timeout_s=60)
    closed = ask(target, "held()")
    target.exec(OPEN.format(type="text", confirm="done"), timeout_s=60)
    shown = ask(target, "held()")
    target.exec("compose('zhongguo')", timeout_s=60)
    composing = ask(target, "held()")
    target.exec("close()", timeout_s=60)
    assert shown - closed < 4096 and composing - closed < 10240
    assert ask(target, "held()") - closed < 1024
