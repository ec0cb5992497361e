"""The drivers of displays against their models: what is seen on the glass is what was sent over the wire."""

import pytest
from PIL import Image

from host_tools.errors import ExecError
from host_tools.models.gc9a01 import Gc9a01
from host_tools.models.ili9341 import Ili9341
from host_tools.models.st7789 import St7789
from host_tools.paths import ROOT
from tests.system.screen.conftest import ask, display_at

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)
# A picture with no symmetry: each corner has a colour of its own, and the top edge a mark.
PAINT = """
def rectangle(x, y, width, height, high, low):
    row = bytes((high, low)) * width
    display.begin(x, y, width, height)
    for _ in range(height):
        display.write(row)
    display.end()
def picture():
    w, h = display.width, display.height
    rectangle(0, 0, w, h, 0, 0)
    rectangle(0, 0, 10, 10, 0xf8, 0)
    rectangle(w - 10, 0, 10, 10, 0x07, 0xe0)
    rectangle(0, h - 10, 10, 10, 0, 0x1f)
    rectangle(w // 2, 0, 3, 5, 0xff, 0xff)
    light(100)
def light(percent):
    import time
    from machine import Pin
    display.backlight(percent)
    Pin(22, Pin.OUT)(0)  # the emulator tells its host of pulses without waiting; a pin waits its turn behind them
    Pin(22)(1)
    time.sleep_ms(5)
"""
PARTS = "dc=Pin(15, Pin.OUT), reset=Pin(25, Pin.OUT, value=1), backlight=Pin(26, Pin.OUT)"


def load(target, name):
    """Put a driver that the board has not on it, where the board's own are, too."""
    package = {path.stem: path for path in (ROOT / "drivers" / "display").glob("*.py")}
    target.exec("import os, sys\nfor path in ('/display',):\n    os.mkdir(path)\nsys.path.insert(0, '/')")
    for each in {name, "panel"}:
        target.put(f"/display/{each}.py", package[each].read_bytes())
    target.exec(
        f"from display import {name}\nfrom machine import SPI, Pin\nspi = SPI(0, sck=Pin(6), mosi=Pin(7), miso=Pin(4))"
    )


def corners(image):
    width, height = image.size
    return [image.getpixel(place) for place in ((1, 1), (width - 2, 1), (1, height - 2), (width - 2, height - 2))]


def test_a_board_shows_a_picture_the_right_way_round(screen, tmp_path):
    target, glass, _ = screen
    target.exec(PAINT + "picture()", timeout_s=60)
    assert glass.faults == []
    assert (ask(target, "display.width, display.height"), glass.image().size) == ((320, 240), (320, 240))
    assert corners(glass.image()) == [RED, GREEN, BLUE, BLACK]
    assert glass.image().getpixel((161, 4)) == WHITE and glass.image().getpixel((161, 5)) == BLACK
    glass.screenshot(tmp_path / "shot.png")
    with Image.open(tmp_path / "shot.png") as file:
        assert (file.format, file.size, file.getpixel((1, 1))) == ("PNG", (320, 240), RED)


def test_it_is_dark_until_it_is_lit_and_asleep_when_it_is_let_go(screen):
    target, glass, _ = screen
    target.exec(PAINT + "picture()\nlight(0)", timeout_s=60)
    assert corners(glass.image()) == [BLACK] * 4
    target.exec("light(40)")
    assert corners(glass.image())[0] == RED
    target.exec("display.sleep()\ndisplay.sleep()")
    assert glass.is_asleep and corners(glass.image()) == [BLACK] * 4
    target.exec("display.wake()")
    assert corners(glass.image())[0] == RED  # its memory has it still
    target.exec("display.invert(True)")
    assert corners(glass.image()) == [(0, 255, 255), (255, 0, 255), (255, 255, 0), WHITE]
    target.exec("display.deinit()\ndisplay.deinit()\nlight(0)")
    assert glass.is_asleep and not glass.is_on and not glass.is_lit()
    assert glass.faults == []


CHIPS = {
    "st7789": (St7789, "ST7789", {}),
    "ili9341": (Ili9341, "ILI9341", {}),
    "gc9a01": (Gc9a01, "GC9A01", {}),
}


@pytest.mark.parametrize("name", ["unix", "virtual"])
@pytest.mark.parametrize("chip", CHIPS)
def test_each_chip_in_each_turn(wire, name, chip):
    model, driver, settings = CHIPS[chip]
    glass = model(**settings)
    target = wire(name, [display_at(glass)])
    load(target, chip)
    target.exec(f"display = {chip}.{driver}(spi, Pin(5, Pin.OUT, value=1), {PARTS})\n{PAINT}", timeout_s=60)
    for turns in range(4) if name == "unix" else (0, 3):
        glass.turns = turns
        target.exec(f"display.turn({turns})\npicture()", timeout_s=60)
        image = glass.image()
        assert image.size == ask(target, "display.width, display.height")
        if chip == "gc9a01":  # its corners are not there
            assert image.getpixel((121, 3)) == WHITE and corners(image) == [BLACK] * 4
        else:
            assert corners(image) == [RED, GREEN, BLUE, BLACK]
            assert image.getpixel((image.width // 2 + 1, 4)) == WHITE
    assert glass.faults == []


@pytest.mark.parametrize(("width", "height", "offset"), [(240, 240, (0, 0)), (135, 240, (52, 40)), (172, 320, (34, 0))])
def test_a_glass_on_a_part_of_the_memory(wire, width, height, offset):
    glass = St7789(width, height, offset)
    target = wire("unix", [display_at(glass)])
    load(target, "st7789")
    size = f"width={width}, height={height}, offset={offset}"
    target.exec(f"display = st7789.ST7789(spi, Pin(5, Pin.OUT, value=1), {PARTS}, {size})\n{PAINT}")
    for turns in range(4):
        glass.turns = turns
        target.exec(f"display.turn({turns})\npicture()")
        assert corners(glass.image()) == [RED, GREEN, BLUE, BLACK]
    assert glass.faults == []


@pytest.mark.parametrize("identity", [b"", b"\x00\x77\x89"], ids=["nothing wired", "another chip"])
def test_an_ili9341_that_is_none_is_told(wire, identity):
    target = wire("unix", [display_at(Ili9341(identity))] if identity else [])
    load(target, "ili9341")
    with pytest.raises(ExecError) as raised:
        target.exec(f"ili9341.ILI9341(spi, Pin(5, Pin.OUT, value=1), {PARTS})")
    said = "ff ff ff" if not identity else "00 77 89"
    assert f"OSError: [Errno 19] ENODEV: no ILI9341: it says {said}" in raised.value.traceback
    target.exec(f"ili9341.ILI9341(spi, Pin(5, Pin.OUT, value=1), has_miso=False, {PARTS})")


@pytest.mark.parametrize(
    "window", ["-1, 0, 4, 4", "0, 0, 321, 1", "0, 240, 1, 1", "319, 0, 2, 1", "5, 5, 0, 3", "5, 5, 3, -1"]
)
def test_a_window_beside_the_glass_is_refused(wire, window):
    glass = St7789(turns=1)
    target = wire("unix", [display_at(glass)])
    target.exec("display = __import__(board.display).display()")
    with pytest.raises(ExecError, match="is not on the screen"):
        target.exec(f"display.begin({window})")
    target.exec(PAINT + "picture()")
    assert corners(glass.image()) == [RED, GREEN, BLUE, BLACK] and glass.faults == []


def test_what_is_left_in_the_middle_of_a_picture_does_not_spoil_the_next(screen):
    target, glass, _ = screen
    target.exec(PAINT + "display.begin(0, 0, 100, 100)\ndisplay.write(bytes(600))\npicture()", timeout_s=60)
    assert corners(glass.image()) == [RED, GREEN, BLUE, BLACK] and glass.faults == []


def test_a_board_without_a_display_says_so(wire):
    target = wire("unix", [])
    assert ask(target, "__import__(board.display).size()") == (0, 0)
    with pytest.raises(ExecError, match="ENODEV: no display"):
        target.exec("__import__(board.display).display().begin(0, 0, 1, 1)")
    assert ask(target, "__import__(board.touch).touch().poll()") == 0


def test_the_model_notes_what_is_wrong(wire):
    glass = St7789()
    target = wire("unix", [display_at(glass)])
    target.exec(
        "from machine import SPI, Pin\nspi = SPI(0, sck=Pin(6), mosi=Pin(7), miso=Pin(4))\n"
        "cs, dc = Pin(5, Pin.OUT, value=1), Pin(15, Pin.OUT)\n"
        "def send(command, data=b''):\n"
        "    dc(0); cs(0); spi.write(bytes((command,))); dc(1); spi.write(data) if data else None; cs(1)\n"
        "send(0x3a, b'\\x55'); send(0x2a, b'\\0\\0\\0\\xf0'); send(0x77); send(0x36); send(0x2c, b'abc'); send(0x01); send(0x11)"
    )
    assert glass.faults == [
        "0 to 240 are not in 240 columns",
        "unknown command 77",
        "command 36 with 0 parameters",
        "half a pixel was sent",
        "command 11 too soon after a reset or a wake",
    ]
