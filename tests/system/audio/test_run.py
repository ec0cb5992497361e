"""`kiosk run --mic WAV --speaker WAV`: what goes in and what comes out of a run.

wx has no API of sound yet and a mini-program may import nothing else, so the console records and plays.
"""

import argparse
import wave

import pytest

from host_tools.cli import run
from host_tools.cli.main import main
from tests.system.audio.conftest import PRELUDE
from tests.system.audio.test_sound import PLAY, RECORD, tone, wav
from tests.system.audio.waiting import finish

TWICE = """
async def twice():
    for path in ('/one.wav', '/two.wav'):
        await record(path, 16000, 1, 3200)
        play(path)
        await silence()
begin(twice())
"""


@pytest.fixture
def app(tmp_path):
    """A mini-program that does nothing."""
    folder = tmp_path / "app"
    (folder / "pages" / "index").mkdir(parents=True)
    (folder / "app.json").write_text('{"pages": ["pages/index/index"]}')
    (folder / "pages" / "index" / "index.py").write_text("@Page\nclass Index:\n    data = {}\n")
    return folder


def parsed(*options):
    parser = argparse.ArgumentParser()
    run.add_parser(parser.add_subparsers())
    return parser.parse_args(["run", *(str(option) for option in options)])


def test_the_microphone_hears_one_file_and_the_speaker_fills_the_other(app, tmp_path):
    said = tone(5000)
    (tmp_path / "in.wav").write_bytes(wav(said))
    arguments = parsed(app, "--mic", tmp_path / "in.wav", "--speaker", tmp_path / "out.wav")
    with run._kiosk(arguments, "test", app, run.Screen(None, []), run.Album(None)) as target:
        target.exec(PRELUDE + PLAY + RECORD + TWICE)
        assert finish(target) == [None]
    with wave.open(str(tmp_path / "out.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 2, 2)
        data = file.readframes(file.getnframes())
    left = [int.from_bytes(data[at : at + 2], "little", signed=True) for at in range(0, len(data), 4)]
    first = left.index(said[0])
    assert left[first : first + 1600] == said[:1600]
    again = left.index(said[0], first + 1680)
    assert left[again : again + 1600] == said[:1600]  # from its beginning each time it is opened
    assert not any(left[again + 1600 + 80 :])


def test_a_run_writes_the_file_though_nothing_was_played(app, tmp_path):
    assert main(["run", str(app), "--headless", "--timeout", "1", "--speaker", str(tmp_path / "out.wav")]) == 0
    with wave.open(str(tmp_path / "out.wav")) as file:
        assert file.getnframes() == 0


def test_options_that_cannot_be_are_refused(app, tmp_path, capsys):
    (tmp_path / "text.wav").write_text("no sound")
    for options, said in (
        (["--mic", tmp_path / "gone.wav"], "gone.wav: no WAV file of 16 bits"),
        (["--mic", tmp_path / "text.wav"], "text.wav: no WAV file of 16 bits"),
        (["--speaker", tmp_path / "no" / "out.wav"], "no such folder"),
    ):
        assert main(["run", str(app), "--headless", *(str(option) for option in options)]) == 1
        error = capsys.readouterr().err
        assert said in error and error.count("\n") == 1
