"""`kiosk run --screenshot PNG --tap X,Y@MS`."""

import argparse
import threading

import pytest
from PIL import Image

from host_tools.cli import run
from host_tools.cli.main import main
from tests.system.screen.scenes import PRELUDE, REFERENCES, SCENES


@pytest.fixture
def app(tmp_path):
    """A mini-program that does nothing."""
    folder = tmp_path / "app"
    (folder / "pages" / "index").mkdir(parents=True)
    (folder / "app.json").write_text('{"pages": ["pages/index/index"], "window": {"navigationStyle": "custom"}}')
    (folder / "pages" / "index" / "index.py").write_text("@Page\nclass Index:\n    data = {}\n")
    return folder


def parsed(*options):
    parser = argparse.ArgumentParser()
    run.add_parser(parser.add_subparsers())
    return parser.parse_args(["run", *(str(option) for option in options)])


def test_the_screenshot_is_what_was_painted_and_the_taps_are_felt(app, tmp_path):
    path = tmp_path / "shot.png"
    arguments = parsed(app, "--screenshot", path, "--tap", "40,100@30", "--tap", "319,239@5")
    screen = run.Screen(arguments.screenshot, arguments.tap)
    felt, changed, both = [], screen.touch.changed, threading.Event()

    def note():
        felt.append(dict(screen.touch.fingers))
        changed()
        if len(felt) == 4:
            both.set()

    screen.touch.changed = note
    with run._kiosk(arguments, "test", app, screen, run.Album(None)) as target:
        target.exec(PRELUDE + SCENES["shapes"] + "show()", timeout_s=60)
        screen.start()
        assert both.wait(60)
    assert felt == [{0: (0, 319)}, {}, {0: (139, 40)}, {}]  # on the glass, which lies on its side
    with Image.open(path) as shot, Image.open(REFERENCES / "shapes.png") as wanted:
        assert shot.convert("RGB").tobytes() == wanted.convert("RGB").tobytes()


def test_a_board_that_shows_nothing_is_black(app, tmp_path):
    path = tmp_path / "shot.png"
    assert main(["run", str(app), "--headless", "--timeout", "1", "--screenshot", str(path), "--tap", "1,1@0"]) == 0
    with Image.open(path) as shot:
        assert shot.size == (320, 240) and not shot.getbbox()


def test_a_mini_program_that_ends_itself_has_been_seen(app, tmp_path):
    """The display is off by then: the picture is the last one that it showed."""
    path = tmp_path / "shot.png"
    index = app / "pages" / "index"
    (index / "index.wxml").write_text('<view style="height: 240px; background: #f00" bindtap="end"></view>')
    (index / "index.py").write_text("@Page\nclass Index:\n    def end(self, event):\n        wx.exitMiniProgram()\n")
    taps = [option for at_ms in range(500, 60000, 500) for option in ("--tap", f"40,100@{at_ms}")]
    assert main(["run", str(app), "--headless", "--screenshot", str(path), *taps]) == 0
    with Image.open(path) as shot:
        assert shot.convert("RGB").getcolors() == [(320 * 240, (255, 0, 0))]


@pytest.mark.parametrize("text", ["", "40", "40,100", "40,100@", "-1,5@3", "320,0@1", "0,240@1", "1,1@1.5", "a,b@c"])
def test_a_tap_that_cannot_be_is_wrong_usage(app, text, capsys):
    with pytest.raises(SystemExit) as raised:
        main(["run", str(app), f"--tap={text}"])
    assert raised.value.code == 2
    error = capsys.readouterr().err
    assert "argument --tap: " in error


def test_a_folder_that_is_not_there_is_said_at_once(app, tmp_path, capsys):
    assert main(["run", str(app), "--screenshot", str(tmp_path / "no" / "shot.png")]) == 1
    assert "no such folder" in capsys.readouterr().err


def test_a_real_board_has_a_screen_of_its_own(app, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["run", str(app), "--target", "serial:/dev/null", "--screenshot", str(tmp_path / "shot.png")])
    assert "has a screen of its own" in capsys.readouterr().err
