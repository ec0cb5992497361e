"""Pages on a board's display and heap: what they leave, and what is too much for them."""

import pytest

from tests.bench import pageheap


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
