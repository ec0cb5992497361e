"""A mini-program on the boards' screens: seen as in the reviewed pictures, on each target the same; touched, and seen again."""

import time

import pytest
from PIL import Image

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from host_tools.paths import ROOT
from tests.system.screen.conftest import display_at, touch_at
from tests.system.screen.scenes import REFERENCES

APP = ROOT / "examples" / "counter"
SHELF = ROOT / "tests" / "system" / "screen" / "shelf"
PATIENCE_S = 300  # the emulated board on a machine that has other things to do
PLUS, LIST, MINUS = (278, 112), (160, 208), (42, 112)


class Kiosk:
    """A board with the example on its screen."""

    def __init__(self, target, glass, fingers):
        self.target, self.glass, self.fingers = target, glass, fingers

    def reference(self, name):
        """The bytes of a reviewed picture."""
        with Image.open(REFERENCES / f"{name}.png") as reference:
            return reference.convert("RGB").tobytes()

    def shows(self, wanted):
        """Wait until the screen shows a picture: the name of a reference, or what a function says is it."""
        if isinstance(wanted, str):
            pixels = self.reference(wanted)

            def wanted(picture):
                return picture == pixels

        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.target.wait(10)
            if wanted(self.glass.image().tobytes()):
                return True
        self.glass.image().save("build/last.png")
        return False

    def tap(self, place):
        """Touch the screen until that is seen."""
        before = self.glass.image().tobytes()
        self.fingers.press(*place)
        assert self.shows(lambda picture: picture != before), "nothing happened when the finger came down"
        self.fingers.release()


def started(wire, target_name, source, folder, kind=Kiosk):
    """A board that runs the mini-program in `source`, packed into `folder`."""
    glass, fingers = St7789(turns=1), Ft6x36(turns=1)
    appid = pack_folder(source, folder)
    target = wire(target_name, [display_at(glass), touch_at(fingers)], apps={appid: folder})
    assert target.launch(appid)["errMsg"] == "launch:ok"
    return kind(target, glass, fingers)


@pytest.fixture(params=["unix", "virtual"])
def kiosk(request, wire, tmp_path):
    """The example on each target."""
    return started(wire, request.param, APP, tmp_path / "counter")


@pytest.fixture(params=["unix", "virtual"])
def shelf(request, wire, tmp_path):
    """A page of custom components on each target."""
    return started(wire, request.param, SHELF, tmp_path / "shelf")


def test_custom_components_are_seen_and_touched(shelf):
    assert shelf.shows("components")
    before = shelf.glass.pixels
    shelf.tap((100, 130))
    assert shelf.shows("components-chosen")
    assert 0 < shelf.glass.pixels - before < 320 * 240  # the card, twice, and the title: not twice the screen
    assert not shelf.glass.faults


def test_a_page_is_seen_touched_and_left(kiosk):
    assert kiosk.shows("counter")
    kiosk.fingers.press(*MINUS)
    assert kiosk.shows("counter-pressed")
    kiosk.fingers.release()
    assert kiosk.shows("counter-below-zero")
    before = kiosk.glass.pixels
    kiosk.tap(PLUS)
    assert kiosk.shows("counter")
    assert 0 < kiosk.glass.pixels - before < 320 * 240 // 2  # a button and a number, not the screen
    kiosk.tap(LIST)
    assert kiosk.shows("list")
    kiosk.target.stop()
    assert not kiosk.glass.is_on
    kiosk.target.launch("counter")
    assert kiosk.shows("counter")
    assert not kiosk.glass.faults
