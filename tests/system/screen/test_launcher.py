"""The launcher: what a kiosk with a display shows while no mini-program runs, and where it leads."""

import io
import json
import time

import pytest
from PIL import Image

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from host_tools.target import open_target
from tests.system.screen.conftest import ask, display_at, touch_at
from tests.system.screen.test_pages import PATIENCE_S, Kiosk

PAGE = "@Page\nclass Index:\n    data = {}\n    def end(self, event):\n        wx.exitMiniProgram()\n"
WXML = '<view style="height: 240px; background: #f00" bindtap="end"></view>'
BROKEN = "raise ValueError('no coffee left in the machine')\n"
STALLS = "@Page\nclass Index:\n    async def onReady(self):\n        while True:\n            pass\n"
ROW = {"broken": (100, 65), "coffee": (100, 115)}  # where they are in the list


@pytest.fixture
def boot(wire, tmp_path):
    """Start a kiosk with mini-programs: boot("unix", {appid: script of its page})."""

    def start(name, scripts):
        for appid, script in scripts.items():
            source = tmp_path / f"source-{appid}"
            (source / "pages" / "index").mkdir(parents=True, exist_ok=True)
            (source / "app.json").write_text(
                '{"pages": ["pages/index/index"], "window": {"navigationStyle": "custom"}}'
            )
            about = {"appid": appid, "name": {"coffee": "咖啡店 Coffee"}.get(appid, appid), "icon": "icon.png"}
            (source / "kiosk.json").write_text(json.dumps(about))
            if appid == "coffee":
                icon = io.BytesIO()
                Image.new("RGB", (64, 64), (0, 128, 255)).save(icon, "PNG")
                (source / "icon.png").write_bytes(icon.getvalue())
            (source / "pages" / "index" / "index.py").write_text(script)
            (source / "pages" / "index" / "index.wxml").write_text(WXML)
            pack_folder(source, tmp_path / appid)
        flash = tmp_path / "flash"
        with open_target(name.replace("32", ""), flash=flash) as target:
            for appid in scripts:
                target.install(tmp_path / appid, appid)
        glass, fingers = St7789(turns=1), Ft6x36(turns=1)
        return Kiosk(wire(name, [display_at(glass), touch_at(fingers)], flash=flash), glass, fingers)

    return start


def is_red(picture):
    """Whether the mini-program is seen."""
    return picture == b"\xff\0\0" * (320 * 240)


def tap(kiosk, place):
    """Touch a place until the kiosk has seen it come and go; what is there must change when it is touched."""
    before = kiosk.glass.image().tobytes()
    kiosk.fingers.press(*place)
    assert kiosk.shows(lambda picture: picture != before)
    kiosk.fingers.release()


def tap_page(kiosk, place):
    """The same where nothing changes by being touched: until something else is seen."""
    before = kiosk.glass.image().tobytes()
    end = time.monotonic() + PATIENCE_S
    while kiosk.glass.image().tobytes() == before:
        assert time.monotonic() < end
        kiosk.fingers.press(*place)
        time.sleep(0.2)
        kiosk.fingers.release()
        time.sleep(0.2)


def running(kiosk, appid):
    """Wait until this mini-program runs, or none (None)."""
    assert kiosk.shows(lambda _: kiosk.target.state()["running"] == appid)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["unix", "virtual"])
def test_one_is_chosen_and_left(boot, name):
    kiosk = boot(name, {"coffee": PAGE, "broken": BROKEN})
    assert kiosk.shows("launcher")
    tap(kiosk, ROW["coffee"])
    assert kiosk.shows(is_red)
    assert kiosk.target.state()["running"] == "coffee"
    assert not ask(
        kiosk.target, "[name for name in __import__('sys').modules if 'launcher' in name or 'dialogs' in name]"
    )
    tap_page(kiosk, (100, 100))
    assert kiosk.shows("launcher")
    tap(kiosk, ROW["broken"])
    assert kiosk.shows("crash")
    tap_page(kiosk, (100, 100))
    assert kiosk.shows("launcher")
    assert not kiosk.glass.faults


def test_the_console_leads_out_of_it_and_back(boot):
    kiosk = boot("unix", {"coffee": PAGE, "broken": BROKEN})
    assert kiosk.shows("launcher")
    assert kiosk.target.launch("coffee")["errMsg"] == "launch:ok"
    assert kiosk.shows(is_red)
    kiosk.target.stop()
    assert kiosk.shows("launcher")
    assert kiosk.target.launch("missing")["errMsg"].startswith("launch:fail")
    assert kiosk.target.launch("broken")["errMsg"].startswith("launch:fail")
    assert kiosk.shows("launcher")


def test_one_alone_is_no_choice(boot):
    kiosk = boot("unix", {"coffee": PAGE})
    running(kiosk, None)
    assert not kiosk.glass.is_on
    kiosk.target.launch("coffee")
    assert kiosk.shows(is_red)
    kiosk.target.stop()
    assert not kiosk.glass.is_on


def test_a_stall_is_shown_and_goes_away_by_itself(boot):
    kiosk = boot("unix", {"coffee": PAGE, "broken": STALLS})
    assert kiosk.shows("launcher")
    tap(kiosk, ROW["broken"])
    assert kiosk.shows("crash-stall")
    assert kiosk.target.state()["failure"] == "the mini-program did not give control back for 5000 ms"
    assert kiosk.shows("launcher")


def test_no_finger_leads_out_of_one_that_starts_by_itself(boot):
    programs = {"coffee": PAGE, "broken": BROKEN}
    kiosk = boot("unix", programs)
    assert kiosk.target.ask("autostart", "coffee")["appid"] == "coffee"
    assert kiosk.target.launch("coffee")["errMsg"] == "launch:ok"
    assert kiosk.shows(is_red)
    kiosk.target.exec("first = getCurrentPages()[0]")
    kiosk.fingers.press(100, 100)
    assert kiosk.shows(lambda _: ask(kiosk.target, "bool(__import__('kiosk').ui.screen._fingers._down)"))
    kiosk.fingers.release()
    assert kiosk.shows(
        lambda _: ask(kiosk.target, "__import__('kiosk').app.current is not None and getCurrentPages()[0] is not first")
    )
    assert kiosk.shows(is_red)
    kiosk.target.stop()  # whoever is at the console wants it stopped
    running(kiosk, None)
    assert not kiosk.glass.is_on


def test_what_starts_by_itself_and_never_lasts_is_left_alone_for_a_while(boot):
    kiosk = boot("unix", {"coffee": PAGE, "broken": BROKEN})
    kiosk.target.ask("autostart", "broken")
    kiosk.target.exec("from kiosk import startup, launcher\nstartup._count(0)\nlauncher.go_on()")
    assert kiosk.shows("crash")
    tap_page(kiosk, (100, 100))
    assert kiosk.shows("crash")
    assert kiosk.shows(lambda _: ask(kiosk.target, "open('/autostart.tries').read()") == "2")
    tap_page(kiosk, (100, 100))
    assert kiosk.shows(lambda _: ask(kiosk.target, "open('/autostart.tries').read()") == "3")
    assert kiosk.shows("crash")
    tap_page(kiosk, (100, 100))
    assert kiosk.shows("crash-again")
    kiosk.target.ask("autostart", "")
    tap_page(kiosk, (100, 100))
    assert kiosk.shows("launcher")
