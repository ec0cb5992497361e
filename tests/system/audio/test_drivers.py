"""The drivers of amplifier and microphone against their models, as the boards have them wired."""

import pytest

from tests.system.audio.waiting import ask, finish, sounds

SAID = [(index * 3701) % 8_000_000 - 4_000_000 for index in range(3000)]
PLAY = """
import array
data = array.array('h', [(i * 37) %% 30000 - 15000 or 1 for i in range(%d)])
amplifier = __import__(board.speaker).speaker()
async def play():
    amplifier.open(%d, %d)
    await amplifier.write(bytes(data))
    await amplifier.close()
begin(play())
"""
TARGETS = pytest.mark.parametrize("name", ["unix", "virtual"])


def sent(count):
    return [(index * 37) % 30000 - 15000 or 1 for index in range(count)]


@TARGETS
@pytest.mark.parametrize("channels", [1, 2])
def test_what_is_written_is_played_to_its_end_and_then_silence(sounding, name, channels):
    target, speaker = sounding(name)
    target.exec(PLAY % (4800, 16000, channels))
    assert finish(target) == [None]
    for side in (0, 1):
        assert sounds(speaker, side) == (sent(4800) if channels == 1 else sent(4800)[side::2])
        assert speaker.side(side)[-1] == 0
    target.exec("ended.clear()\nbegin(play())")  # it can be opened again
    assert finish(target) == [None]


def test_what_the_amplifier_cannot_do_is_refused(sounding):
    target, _ = sounding("unix")
    target.exec("amplifier = __import__(board.speaker).speaker()\nerrors = []")
    for call in ("open(22050, 1)", "open(16000, 3)", "open(16000, 1)", "open(16000, 1)"):
        target.exec(f"try:\n    amplifier.{call}\nexcept Exception as exc:\n    errors.append(repr(exc))")
    errors = ask(target, "errors")
    assert errors[:2] == [
        "ValueError('the speaker cannot play 1 channels of 22050 Hz',)",
        "ValueError('the speaker cannot play 3 channels of 16000 Hz',)",
    ]
    assert errors[2:] == ["OSError(16, 'the speaker is open')"]
    target.exec("amplifier.deinit()\namplifier.deinit()")


def test_the_shutdown_pin_is_high_while_the_line_runs(sounding):
    target, _ = sounding("unix")
    target.exec("levels = []\nfrom machine import Pin\nfrom audio.max98357a import MAX98357A")
    target.exec("amplifier = MAX98357A(1, Pin(19), Pin(20), Pin(21), levels.append)")
    target.exec("async def play():\n    amplifier.open(8000, 1)\n    await amplifier.close()\nbegin(play())")
    finish(target)
    assert ask(target, "levels") == [0, 1, 0]


LISTEN = """
ear = __import__(board.microphone).microphone()
async def listen():
    heard, part = bytearray(), memoryview(bytearray(800))
    ear.open(16000)
    while len(heard) < 8000:
        heard.extend(part[:await ear.read_into(part)])
    ear.deinit()
    return bytes(heard[:8000])
begin(listen())
"""


def words(data):
    return [int.from_bytes(data[at : at + 4], "little", signed=True) >> 8 for at in range(0, len(data), 4)]


@TARGETS
def test_the_microphone_gives_what_is_said(sounding, name):
    target, _ = sounding(name, SAID)
    target.exec(LISTEN)
    assert words(finish(target)[0])[1:] == SAID[1:2000]  # the virtual board's first word is cut: no word select before


def test_a_microphone_on_the_right_is_heard_there(sounding):
    target, _ = sounding("unix", SAID, side=1)
    target.exec("from machine import Pin\nfrom audio.inmp441 import INMP441")
    right = "INMP441(0, Pin(16), Pin(17), Pin(18), side=1)"
    target.exec(LISTEN.replace("__import__(board.microphone).microphone()", right))
    heard = words(finish(target)[0])
    assert (ask(target, "ear.channels"), ask(target, "ear.side")) == (2, 1)
    assert heard[1::2] == SAID[:1000] and not any(heard[::2])


def test_it_hears_from_the_beginning_each_time(sounding):
    target, _ = sounding("unix", SAID)
    target.exec(LISTEN)
    first = finish(target)
    target.exec("ended.clear()\nbegin(listen())")
    assert finish(target) == first


def test_a_board_without_them_says_so(kiosk):
    if ask(kiosk.target, "__import__('sys').platform") != "linux":
        pytest.skip("the board has a speaker")
    for name, call in (("speaker", "open(16000, 1)"), ("microphone", "open(16000)")):
        said = kiosk.target.exec(
            f"import board\nthing = __import__(board.{name}).{name}()\n"
            f"try:\n    thing.{call}\nexcept OSError as exc:\n    print(exc.errno, exc)\nthing.deinit()"
        )
        assert f"no {name}" in said and said.startswith("19 ")
