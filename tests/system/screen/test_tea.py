"""examples/tea from the first cup to the last page: a swiper, a tab bar, a component, a form with its keyboard, a question."""

import pytest

from host_tools.paths import ROOT
from tests.system.screen.test_forms import Forms
from tests.system.screen.test_pages import started

pytestmark = pytest.mark.timeout(900)  # the emulated board on a machine that has other things to do
APP = ROOT / "examples" / "tea"
BANNER = (32, 88)  # the rows of the swiper, which moves by itself
MORE_GREEN, MORE_BLACK, ORDER_TAB = (284, 126), (284, 193), (240, 224)


class Tea(Forms):
    """A board with the tea house on its screen."""

    def shows(self, wanted):
        """As Kiosk.shows(), whatever the swiper is at, which is on the pages "tea-menu..."."""
        if not (isinstance(wanted, str) and wanted.startswith("tea-menu")):
            return super().shows(wanted)
        reference = without_banner(self.reference(wanted))
        return super().shows(lambda picture: without_banner(picture) == reference)


def without_banner(picture):
    """The bytes of a picture but for those rows."""
    first, last = (row * 320 * 3 for row in BANNER)
    return picture[:first] + picture[last:]


@pytest.fixture(params=["unix", "virtual"])
def tea(request, wire, tmp_path):
    """The example on each target."""
    tea = started(wire, request.param, APP, tmp_path / "tea", Tea)
    tea.target.exec("from kiosk import ui")
    yield tea
    assert not tea.glass.faults


def test_a_tea_is_ordered(tea):
    assert tea.shows("tea-menu")
    for place in (MORE_GREEN, MORE_GREEN, MORE_BLACK):
        tea.tap(place)
    assert tea.shows("tea-menu-chosen")
    tea.tap(ORDER_TAB)
    assert tea.shows("tea-order")
    tea.tap((230, 115))
    tea.target.exec("ui.screen.focused.typed('Mei')")
    assert tea.shows("tea-name")
    tea.target.exec("wx.hideKeyboard()", timeout_s=90)
    tea.drag((100, 200), (100, 180), (100, 40))
    tea.drag((100, 200), (100, 180), (100, 40))
    assert tea.shows("tea-order-end")
    tea.tap((160, 180))
    assert tea.shows("tea-question")
    tea.tap((230, 165))
    assert tea.shows("tea-done")
    assert tea.ask("wx.getStorageSync('order')") == {
        "name": "Mei", "cup": "small", "ice": False, "sugar": 50,
    }  # fmt: skip
    tea.tap((100, 175))
    tea.until("pages/cart/cart", "getCurrentPages()[-1].route")
    tea.until(0, "page.data['total']")
