"""The mini-program that a kiosk starts by itself: chosen over the console, started at power on, and never for ever."""

import pytest

STARTED = """
    @Page
    class Index:
        def onReady(self):
            self.setData({"ready": True})
    """
BROKEN = {
    "raises": "raise ValueError('no page')\n",
    "stalls": "while True:\n    pass\n",
    "stalls later": "@Page\nclass Index:\n    async def onReady(self):\n        while True:\n            pass\n",
}


@pytest.fixture
def power_on(make_kiosk, tmp_path):
    """Switch a board on that keeps its flash; the one that was on loses its power."""
    on = []

    def start():
        while on:
            on.pop().close()
        on.append(make_kiosk(flash=tmp_path / "flash"))
        return on[0]

    return start


def choose(kiosk, index=STARTED):
    kiosk.program({"pages/index/index.py": index})
    assert kiosk.ask("autostart", "test") == {"errMsg": "autostart:ok", "appid": "test"}


def test_nothing_starts_by_itself_until_told_to(power_on):
    kiosk = power_on()
    assert kiosk.ask("autostart") == {"errMsg": "autostart:ok", "appid": ""}
    choose(kiosk)
    assert kiosk.state()["running"] is None
    kiosk = power_on()
    assert kiosk.state()["running"] == "test"
    assert kiosk.pages()[0]["data"] == {"ready": True}
    assert kiosk.ask("autostart", "")["appid"] == ""
    assert power_on().state()["running"] is None


@pytest.mark.parametrize("appid", ["missing", "../data", "/"])
def test_what_is_not_installed_is_refused(kiosk, appid):
    assert kiosk.ask("autostart", appid)["errMsg"] == f"autostart:fail parameter error: {appid} is not installed;"
    assert kiosk.ask("autostart")["appid"] == ""


def test_one_that_was_removed_leaves_an_idle_kiosk(power_on):
    kiosk = power_on()
    choose(kiosk)
    kiosk.exec("import os\nos.rename('/apps/test', '/apps/moved')")
    kiosk = power_on()
    assert kiosk.state()["running"] is None
    assert kiosk.ask("autostart")["appid"] == "test"


@pytest.mark.parametrize("how", BROKEN)
def test_one_that_cannot_start_leaves_a_console(power_on, how, request):
    if how == "stalls" and request.config.getoption("--target") == "virtual":
        pytest.skip("the guard's five seconds are more of the host's than its tools wait for a console")
    kiosk = power_on()
    choose(kiosk, BROKEN[how])
    kiosk = power_on()
    assert kiosk.wait(15000)["running"] is None
    assert kiosk.run({"pages/index/index.py": STARTED})["errMsg"] == "launch:ok"


def test_after_three_short_lives_the_kiosk_stays_idle_once(power_on):
    choose(power_on())
    for running in ("test", "test", "test", None, "test"):
        assert power_on().state()["running"] == running


def test_a_damaged_count_is_no_try(power_on):
    kiosk = power_on()
    choose(kiosk)
    kiosk.put("/autostart.tries", b"\xff\x00x")
    assert power_on().state()["running"] == "test"
    kiosk = power_on()
    kiosk.put("/autostart", b"\xff\xfe")
    assert power_on().state()["running"] is None
