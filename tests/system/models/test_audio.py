"""I2S of the emulator: the samples, in blocking, non-blocking and asyncio's way; its pace is that of real time."""

import ast
import time

import pytest

from host_tools.models.audio import Microphone, Speaker
from host_tools.models.wiring import I2sWiring

HEARD = [(index * 1000) % 8_000_000 - 4_000_000 for index in range(40000)]
SENT = [(index * 37) % 30000 - 15000 for index in range(3200)]

SETUP = """
import array, time
from machine import I2S, Pin
data = array.array('h', [(i * 37) % 30000 - 15000 for i in range(3200)])
def speaker(**settings):
    usual = {"bits": 16, "format": I2S.STEREO, "rate": 16000, "ibuf": 8000}
    usual.update(settings)
    return I2S(0, sck=Pin(16), ws=Pin(17), sd=Pin(18), mode=I2S.TX, **usual)
def microphone(**settings):
    usual = {"bits": 32, "format": I2S.MONO, "rate": 16000, "ibuf": 16000}
    usual.update(settings)
    return I2S(1, sck=Pin(19), ws=Pin(20), sd=Pin(21), mode=I2S.RX, **usual)
"""


@pytest.fixture
def heard(wire):
    """An emulator with an amplifier and two microphones; yields it and the amplifier."""
    speaker = Speaker()
    right = Microphone([-sample for sample in HEARD], side=1)
    pins = (19, 20, 21)
    chips = [I2sWiring(speaker, 16, 17, 18), I2sWiring(Microphone(HEARD), *pins), I2sWiring(right, *pins)]
    target = wire("unix", chips)
    target.exec(SETUP)
    return target, speaker


def ask(target, expression):
    """The value of an expression."""
    return ast.literal_eval(target.exec(f"print(repr(({expression})))"))


def wait_for(condition):
    """Until the line has played, however long the host takes."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def played(speaker, count):
    """The first so many words from the first that is not silence."""
    wait_for(lambda: any(value for _, _, value in speaker.words))
    start = next(index for index, word in enumerate(speaker.words) if word[2])
    wait_for(lambda: len(speaker.words) >= start + count)
    return speaker.words[start : start + count]


def test_every_word_goes_out_once_and_in_order(heard):
    target, speaker = heard
    target.exec("i2s = speaker(ibuf=2000)\nn = i2s.write(data) + i2s.write(data)")
    assert ask(target, "n") == 2 * 6400
    words = played(speaker, 6400)
    assert [value for _, _, value in words] == SENT * 2
    assert [side for side, _, _ in words[:4]] == [0, 1, 0, 1]
    assert {bits for _, bits, _ in words} == {16}


def test_mono_is_played_on_both_sides_and_32_bits_are_whole(heard):
    target, speaker = heard
    target.exec("i2s = speaker(format=I2S.MONO, bits=32)\ni2s.write(array.array('i', [1, -2000000000, 3]))")
    assert [word[::2] for word in played(speaker, 6)] == [
        (0, 1), (1, 1), (0, -2000000000), (1, -2000000000), (0, 3), (1, 3),
    ]  # fmt: skip


def test_silence_follows_what_was_written(heard):
    target, speaker = heard
    target.exec("i2s = speaker()\ni2s.write(data)")
    assert not any(value for _, _, value in played(speaker, 3200 + 1600)[3200:])


def test_non_blocking_writing_calls_back_when_all_is_taken(heard):
    target, speaker = heard
    target.exec("calls = []\ni2s = speaker(ibuf=2000)\ni2s.irq(lambda i2s: calls.append(1))")
    target.exec("n = i2s.write(data)\nat_once = len(calls)")
    wait_for(lambda: ask(target, "len(calls)") == 1)
    assert ask(target, "n, at_once") == (6400, 0)
    assert [value for _, _, value in played(speaker, 3200)] == SENT


STREAM = """
import asyncio
done = []
async def play():
    stream = asyncio.StreamWriter(i2s)
    stream.write(data)
    await stream.drain()
    done.append("played")
async def listen():
    stream = asyncio.StreamReader(ear)
    got, part = bytearray(), bytearray(400)
    while len(got) < 4000:
        got.extend(part[:await stream.readinto(part)])
    done.append(got)
"""


def test_asyncio_writes_and_reads(heard):
    target, speaker = heard
    target.exec(STREAM + "i2s = speaker(ibuf=2000)\near = microphone()\n")
    target.exec("tasks = [asyncio.create_task(play()), asyncio.create_task(listen())]")
    wait_for(lambda: ask(target, "len(done)") == 2)
    assert [value for _, _, value in played(speaker, 3200)] == SENT
    samples = ask(target, "[s >> 8 for s in array.array('i', bytes(done[done[0] == 'played']))]")
    assert samples == HEARD[: len(samples)]


@pytest.mark.parametrize(
    ("settings", "typecode", "expected"),
    [
        ("bits=32, format=I2S.MONO", "i", [sample << 8 for sample in HEARD[:1000]]),
        ("bits=16, format=I2S.MONO", "h", [sample >> 8 for sample in HEARD[:1000]]),
        ("bits=32, format=I2S.STEREO", "i", [side << 8 for sample in HEARD[:500] for side in (sample, -sample)]),
        ("bits=16, format=I2S.STEREO", "h", [side >> 8 for sample in HEARD[:500] for side in (sample, -sample)]),
    ],
)
def test_the_microphones_are_heard(heard, settings, typecode, expected):
    target, _ = heard
    target.exec(
        f"ear = microphone({settings})\nbuffer = array.array('{typecode}', range(1000))\nn = ear.readinto(buffer)"
    )
    assert ask(target, "list(buffer)") == expected


def test_non_blocking_reading_calls_back_when_the_buffer_is_full(heard):
    target, _ = heard
    target.exec("ear = microphone()\nbuffer = array.array('i', range(1000))\nfull = []")
    target.exec("ear.irq(lambda ear: full.append(1))\near.readinto(buffer)")
    wait_for(lambda: ask(target, "full") == [1])
    assert ask(target, "[s >> 8 for s in buffer]") == HEARD[:1000]


def test_a_program_that_does_not_listen_misses_what_is_said(heard):
    target, _ = heard
    target.exec(
        "ear = microphone(ibuf=800)\ntime.sleep(2)\nbuffer = array.array('i', range(200))\near.readinto(buffer)"
    )
    samples = ask(target, "[s >> 8 for s in buffer]")
    assert samples[:100] == HEARD[:100]  # as many frames of 8 bytes as ibuf holds
    assert samples[100] not in HEARD[100:200]


def test_wrong_use_is_an_error(heard):
    target, _ = heard
    code = "try:\n    %s\nexcept OSError as error:\n    print(error.errno)"
    assert target.exec(code % "speaker().readinto(bytearray(4))").strip() == "1"  # EPERM
    assert target.exec(code % "microphone().write(b'1234')").strip() == "1"
    assert target.exec(code % "microphone().readinto(bytearray(5))").strip() == "22"  # EINVAL: no whole samples


def test_shift_makes_it_louder(heard):
    target, _ = heard
    target.exec("few = array.array('h', [1, -2, 3])\nI2S.shift(buf=few, bits=16, shift=2)")
    assert ask(target, "list(few)") == [4, -8, 12]
