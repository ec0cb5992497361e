"""Dialogs on the boards' screens: as in the reviewed pictures, on each target the same, and answered by a finger."""

import pytest

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from tests.system.screen.conftest import ask, display_at, touch_at
from tests.system.screen.test_pages import Kiosk

WXML = (
    '<view style="height: 60px; background: #07c160; color: #fff">Hello 你好</view><view bindtap="tapped">page</view>'
)
LAYERS = "__import__('kiosk').ui.screen.layers.shown"
BESIDE = -2
SCRIPT = """
taps = []


@Page
class Index:
    def tapped(self, event):
        taps.append(1)

    def onUnload(self):
        wx.showToast(title="too late")
        wx.showModal(title="too late")
"""


def started(name, wire, folder, wxml=WXML):
    """A Kiosk whose mini-program runs, with this markup or none."""
    source = folder / "source"
    (source / "pages" / "index").mkdir(parents=True)
    (source / "app.json").write_text('{"pages": ["pages/index/index"], "window": {"navigationStyle": "custom"}}')
    (source / "kiosk.json").write_text('{"appid": "test", "name": "咖啡店"}')
    (source / "pages" / "index" / "index.py").write_text(SCRIPT)
    if wxml:
        (source / "pages" / "index" / "index.wxml").write_text(wxml)
    pack_folder(source, folder / "test")
    glass, fingers = St7789(turns=1), Ft6x36(turns=1)
    target = wire(name, [display_at(glass), touch_at(fingers)], apps={"test": folder / "test"})
    assert target.launch("test")["errMsg"] == "launch:ok"
    target.exec("answers = []")
    return Kiosk(target, glass, fingers)


@pytest.fixture(params=["unix", "virtual"])
def kiosk(request, wire, tmp_path):
    """A page on each target."""
    return started(request.param, wire, tmp_path)


def call(kiosk, name, **options):
    """Call an API, whose answer will be in `answers`."""
    kiosk.target.exec(f"wx.{name}(dict({options!r}, complete=answers.append))")


def answer(kiosk):
    """The first answer, once it has come."""
    assert kiosk.shows(lambda _: ask(kiosk.target, "len(answers)") > 0)
    return ask(kiosk.target, "answers.pop(0)")


def test_dialogs_are_seen_and_answered(kiosk):
    call(kiosk, "showToast", title="已保存", duration=10000000)
    assert kiosk.shows("dialog-toast") and answer(kiosk)["errMsg"] == "showToast:ok"
    call(kiosk, "hideToast")
    assert kiosk.shows("dialog-none") and answer(kiosk)["errMsg"] == "hideToast:ok"
    call(kiosk, "showModal", title="提示", content="这是一个模态弹窗")
    assert kiosk.shows("dialog-modal")
    kiosk.fingers.press(230, 150)
    assert kiosk.shows("dialog-modal-pressed")
    kiosk.fingers.release()
    assert kiosk.shows("dialog-none") and answer(kiosk)["confirm"] is True
    call(
        kiosk,
        "showActionSheet",
        itemList=["拿铁 Latte", "美式 Americano", "摩卡 Mocha", "水 Water", "茶 Tea"],
        alertText="请选择",
    )
    assert kiosk.shows("dialog-sheet")
    kiosk.fingers.press(160, 100)
    assert kiosk.shows("dialog-sheet-pressed")
    kiosk.fingers.release()
    assert kiosk.shows("dialog-none") and answer(kiosk)["tapIndex"] == 1
    assert not kiosk.glass.faults


def test_a_text_is_typed_into_a_question(kiosk):
    call(kiosk, "showModal", title="你的名字", editable=True, placeholderText="请输入 name")
    assert kiosk.shows("dialog-entry")
    for key in ((240, 120), (256, 153), (112, 120)):  # i, k and r: none of them is a syllable
        kiosk.fingers.press(*key)  # what is seen changes by itself: the caret blinks
        assert kiosk.shows(lambda _: ask(kiosk.target, f"{LAYERS}[-1]._down is not None"))
        kiosk.fingers.release()
        assert kiosk.shows(lambda _: ask(kiosk.target, f"{LAYERS}[-1]._down is None"))
    assert kiosk.shows(lambda _: ask(kiosk.target, f"{LAYERS}[0].spelt") == "ikr")
    kiosk.fingers.press(295, 50)  # 确定
    assert kiosk.shows(lambda _: ask(kiosk.target, f"{LAYERS}[0].pressed") == 1)
    kiosk.fingers.release()
    answered = answer(kiosk)
    assert answered["confirm"] is True and answered["content"] == "ikr"
    assert kiosk.shows("dialog-none") and not kiosk.glass.faults


def test_of_a_loading_only_the_mark_is_painted_again(kiosk):
    call(kiosk, "showLoading", title="加载中", mask=True)
    assert kiosk.shows(lambda picture: kiosk.glass.image().getpixel((100, 100)) == (74, 77, 74))
    before, pixels = kiosk.glass.image(), kiosk.glass.pixels
    assert kiosk.shows(lambda picture: picture != before.tobytes())
    assert (
        0 < kiosk.glass.pixels - pixels <= 44 * 44 * 50
    )  # as often as it turned, on a machine that has other things to do
    fingers = "__import__('kiosk').ui.screen._fingers._down"
    kiosk.fingers.press(20, 70)  # on the page, but for the mask
    assert kiosk.shows(lambda _: ask(kiosk.target, f"len({fingers})") == 1)
    kiosk.fingers.release()
    assert kiosk.shows(lambda _: ask(kiosk.target, f"len({fingers})") == 0)
    call(kiosk, "hideLoading")
    assert kiosk.shows("dialog-none") and ask(kiosk.target, "__import__('sys').modules['pages.index.index'].taps") == []


def test_a_page_without_markup_has_dialogs_and_they_go_with_the_mini_program(wire, tmp_path):
    kiosk = started("unix32", wire, tmp_path, wxml="")
    assert not kiosk.glass.is_on
    call(kiosk, "showModal", title="First", content="m" * 3000)
    assert kiosk.shows(lambda picture: kiosk.glass.is_on and any(picture))
    call(kiosk, "showActionSheet", itemList=["A"])
    kiosk.target.stop()
    assert not kiosk.glass.is_on and ask(kiosk.target, "answers") == []
    for _ in range(2):
        assert kiosk.target.launch("test")["errMsg"] == "launch:ok"
        assert not kiosk.glass.is_on
        call(kiosk, "showLoading", title="t")
        assert kiosk.shows(lambda picture: kiosk.glass.is_on)
        kiosk.target.stop()
        assert not kiosk.glass.is_on


def test_what_is_far_too_long_is_cut(wire, tmp_path):
    kiosk = started("unix", wire, tmp_path)
    for name in ("showToast", "showModal"):
        kiosk.target.exec(f"wx.{name}(title='长' * 350000, icon='none', duration=10000000, complete=answers.append)")
    kiosk.target.exec("wx.showActionSheet(itemList=['x' * 1000000], alertText='y' * 1000000)")
    assert answer(kiosk)["errMsg"] == "showToast:ok"
    assert kiosk.shows(lambda picture: kiosk.glass.image().getpixel((10, 10))[1] < 100)  # the mask over the green
    kiosk.fingers.press(160, 5)  # beside the sheet
    assert kiosk.shows(lambda _: ask(kiosk.target, f"{LAYERS}[1].pressed") == BESIDE)
    kiosk.fingers.release()
    assert kiosk.shows(lambda _: ask(kiosk.target, f"len({LAYERS})") == 2)
    assert not kiosk.glass.faults


def test_a_finger_that_is_down_while_pages_change_answers_nothing(wire, tmp_path):
    kiosk = started("unix", wire, tmp_path)
    call(kiosk, "showModal", title="提示", content="这是一个模态弹窗")
    assert kiosk.shows("dialog-modal")
    kiosk.fingers.press(230, 150)
    assert kiosk.shows("dialog-modal-pressed")
    kiosk.target.exec("wx.navigateTo(url='/pages/index/index')")
    assert kiosk.shows("dialog-modal-pressed")  # dialogs are the mini-program's
    kiosk.fingers.release()
    assert kiosk.shows("dialog-none") and answer(kiosk)["confirm"] is True


def test_a_permission_is_given_by_a_finger(wire, tmp_path):
    kiosk = started("unix", wire, tmp_path)
    kiosk.target.exec("from kiosk import permissions\nimport asyncio\n"
                      "async def may():\n    await permissions.require('scope.record')\n    answers.append({'may': True})\n"
                      "task = asyncio.create_task(may())")  # fmt: skip
    assert kiosk.shows("dialog-permission")
    assert kiosk.target.ask("permission")["asked"] == ["scope.record"]
    kiosk.fingers.press(230, 150)
    assert kiosk.shows(lambda picture: kiosk.glass.image().getpixel((170, 170)) == (239, 239, 239))
    kiosk.fingers.release()
    assert kiosk.shows("dialog-none") and answer(kiosk) == {"may": True}
    assert kiosk.target.ask("permission")["answers"] == {"scope.record": True}
