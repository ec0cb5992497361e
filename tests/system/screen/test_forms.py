"""Controls, fields and pickers of a mini-program on the boards' screens: seen as in the reviewed pictures, touched, heard of."""

import ast
import time

import pytest

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from host_tools.paths import ROOT
from tests.system.screen.conftest import display_at, touch_at
from tests.system.screen.test_pages import PATIENCE_S, Kiosk

APP = ROOT / "tests" / "system" / "screen" / "forms"
FINGERS = "[(each.x, each.y + (each.view.top if each.view else 0)) for each in ui.screen._fingers._down]"
CLOSED = "ui.screen.focused is None and ui.screen.layers.shown == []"


class Forms(Kiosk):
    """A board with the controls on its screen."""

    def ask(self, expression):
        """What an expression is on the board; `page` is the page that is seen."""
        return ast.literal_eval(
            self.target.exec(f"page = getCurrentPages()[-1]\nprint(repr({expression}))", timeout_s=90)
        )

    def until(self, wanted, expression):
        """Wait until an expression has this value on the board."""
        end = time.monotonic() + PATIENCE_S
        while self.ask(expression) != wanted:
            assert time.monotonic() < end, f"{expression} is {self.ask(expression)}, not {wanted}"
            self.target.wait(10)

    def told(self, *wanted):
        """Wait until the page has been told this, and nothing else."""
        self.until(len(wanted), "len(page.told)")
        assert self.ask("page.told") == list(wanted)
        self.target.exec("page.told.clear()")

    def tap(self, place):
        """A finger comes and goes; the board has seen it."""
        self.drag(place)

    def open(self, page):
        """Go to a page and wait until it is seen."""
        self.target.exec(f"wx.navigateTo(url='/pages/{page}/{page}')", timeout_s=90)
        assert self.shows(f"forms-{page}")

    def drag(self, *places):
        """A finger goes from one place to the next, where the board has seen it, and rests at the last."""
        for place in places:
            self.fingers.press(*place)
            self.until([place], FINGERS)
        time.sleep(0.5)  # a finger that rests lets nothing glide on
        self.fingers.release()
        self.until(0, "len(ui.screen._fingers._down)")


@pytest.fixture(params=["unix", "virtual"])
def forms(request, wire, tmp_path):
    """The mini-program on each target."""
    glass, fingers = St7789(turns=1), Ft6x36(turns=1)
    appid = pack_folder(APP, tmp_path / "forms")
    target = wire(request.param, [display_at(glass), touch_at(fingers)], apps={appid: tmp_path / "forms"})
    assert target.launch(appid)["errMsg"] == "launch:ok"
    target.exec("from kiosk import ui")
    yield Forms(target, glass, fingers)
    assert not glass.faults


def test_controls_are_seen_touched_and_heard_of(forms):
    assert forms.shows("forms-index")
    forms.tap((90, 20))  # a box
    forms.told(("change", ["apple", "pear", "none"]))
    forms.tap((38, 85))  # the text beside a radio
    forms.told(("change", "s"))
    forms.tap((35, 155))
    forms.told(("change", False))
    forms.drag((78, 198), (95, 198), (200, 198))
    assert forms.shows("forms-changed")
    heard = forms.ask("page.told")
    assert heard[-1] == ("change", 150) and all(name == "changing" for name, _ in heard[:-1])


def test_a_field_is_typed_in_and_left(forms):
    forms.open("fields")
    forms.tap((290, 22))
    assert forms.shows("forms-focused")
    forms.target.exec("ui.screen.focused.typed('!')\nui.screen.focused.composing('ni hao')")
    assert forms.shows("forms-typed")
    forms.told("focus", "input")
    forms.tap((5, 50))
    forms.told("blur")
    assert forms.ask(CLOSED) and forms.ask("page.data['text']") == "below the keyboard"


def test_the_page_moves_up_for_a_field_that_the_keyboard_would_hide(forms):
    forms.open("fields")
    forms.drag((310, 200), (310, 180), (310, 60))
    assert forms.shows("forms-scrolled")
    forms.tap((290, 215))
    assert forms.shows("forms-above-the-keyboard")
    forms.target.exec("ui.screen.focused.typed('!')")
    assert forms.ask("page.data['text']") == "below the keyboard!"
    forms.target.exec("wx.hideKeyboard()", timeout_s=90)
    assert forms.ask(CLOSED)
    forms.target.exec("wx.navigateBack()", timeout_s=90)
    assert forms.shows("forms-index")


def test_a_page_change_while_the_keyboard_is_open_takes_it_away(forms):
    forms.open("fields")
    forms.tap((290, 22))
    assert forms.shows("forms-focused")
    forms.fingers.press(100, 60)  # and a finger is on the next field meanwhile
    forms.until(1, "len(ui.screen._fingers._down)")
    forms.target.exec("wx.navigateBack()", timeout_s=90)
    forms.fingers.release()
    assert forms.shows("forms-index")
    assert forms.ask(CLOSED)


def test_wheels_are_turned_and_closed(forms):
    forms.open("pickers")
    forms.tap((100, 22))
    assert forms.shows("forms-wheels")
    forms.tap((160, 189))
    forms.tap((290, 50))
    assert forms.shows("forms-pickers")
    forms.told(("change", 2))
    forms.tap((100, 60))
    assert forms.shows("forms-date")
    forms.tap((160, 5))
    assert forms.shows("forms-pickers")
    forms.tap((240, 181))
    forms.told(("change", [2, 2]))
