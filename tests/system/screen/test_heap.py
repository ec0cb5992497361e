"""Pages on a board's display and heap: what they leave, and what is too much for them."""

import pytest

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from host_tools.paths import ROOT
from tests.bench import pageheap
from tests.system.screen.conftest import display_at, touch_at


@pytest.fixture
def program(tmp_path):
    """The mini-program of the bench, with its page of 40 nodes on the screen."""
    with open(tmp_path / "output", "w", encoding="utf-8") as output:
        target, glass = pageheap.open_program(tmp_path, output=output, errors=output)
        with target:
            started = pageheap.Program(target, glass)
            started.go("rows")
            started.used()  # when all is painted
            yield started
            assert not glass.faults


def test_opening_and_closing_a_page_leaves_nothing(program):
    program.back()
    assert program.rounds(20) < 512


def test_1000_rows_are_shown_as_far_as_they_fit_and_the_page_goes_on(program):
    before = program.glass.image().tobytes()
    set_data = "from kiosk import router\nrouter.stack[-1].setData({'rows': [{'id': n, 'name': 'r', 'count': %s} for n in range(%d)]})\nprint(1)"
    program.ask(set_data % ("9", 1000))
    program.used()
    assert program.glass.image().tobytes() != before
    program.ask(set_data % ("n", 1))
    program.used()
    shown = "from kiosk import router, ui\nprint(len(ui.screen.views[router.stack[-1]].tree.root.children))"
    assert program.ask(shown) == 2  # the head and the row


def test_a_megabyte_is_refused_and_what_is_shown_stays(program):
    before = program.glass.image().tobytes()
    told = program.ask(
        "from kiosk import router\n"
        "row = 'x' * 1000\n"
        "try:\n"
        "    router.stack[-1].setData({'title': [row] * 1100})\n"
        "    print('taken')\n"
        "except Exception as exc:\n"
        "    print([str(exc)])\n"
    )
    assert told == ["setData: more than 1024 KB of data at once"]
    program.used()
    assert program.glass.image().tobytes() == before


def test_a_mini_program_that_has_ended_leaves_nothing_of_the_screen(wire, tmp_path):
    appid = pack_folder(ROOT / "examples" / "counter", tmp_path / "counter")
    chips = [display_at(St7789(turns=1)), touch_at(Ft6x36(turns=1))]
    target = wire("unix32", chips, apps={appid: tmp_path / "counter"})
    idle = min(target.state()["heapUsed"] for _ in range(3))
    after = []
    for looks in (False, True, False, True, False, False):
        assert target.launch(appid)["errMsg"] == "launch:ok"
        if looks:  # the console is a task of its own, and its answers change the order of the tasks
            target.state()
        target.wait(300)
        assert target.state()["heapUsed"] > idle + 30000
        target.stop()
        after.append(min(target.state()["heapUsed"] for _ in range(3)))
    # Names that a mini-program brings (4 KB of this one's) stay known until the kiosk starts again.
    assert max(after) < idle + 6144, (idle, after)
    assert max(after) - min(after) < 256, after
