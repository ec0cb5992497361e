"""Files through the kiosk to the speaker's wires, and from the microphone's into files: bit for bit."""

import struct

import pytest

from tests.system.audio.waiting import ask, finish, sounds

TARGETS = pytest.mark.parametrize("name", ["unix", "virtual"])
PLAY = """
from kiosk.media import mixer
from kiosk.media.track import Track
from kiosk.media.wav import WavReader
def play(path, **settings):
    source = WavReader(open(path, 'rb'))
    def ended(track, exc):
        source.close()
        ended_with.append(repr(exc))
    track = Track(source, ended, **settings)
    mixer.current().add(track)
    return track
ended_with = []
async def silence():
    while not mixer.current().is_idle:
        await asyncio.sleep_ms(20)
    return ended_with
"""
RECORD = """
from kiosk.media import recorder
from kiosk.media.wav import WavWriter
async def record(path, rate_hz, channels, size):
    writer = WavWriter(open(path, 'wb'), rate_hz, channels)
    view = memoryview(bytearray(512))
    taken = recorder.current()
    taken.start(rate_hz, channels)
    while writer.size < size:
        count = await taken.read_into(view[:min(512, size - writer.size)])
        writer.write(view[:count])
    taken.stop()
    writer.close()
    return writer.size
"""


def wav(values, rate_hz=16000, channels=1):
    data = struct.pack(f"<{len(values)}h", *values)
    head = struct.pack("<IHHIIHH", 16, 1, channels, rate_hz, rate_hz * channels * 2, channels * 2, 16)
    return (
        b"RIFF" + struct.pack("<I", len(data) + 36) + b"WAVEfmt " + head + b"data" + struct.pack("<I", len(data)) + data
    )


def tone(count):
    """Never zero, so that where it begins and ends is seen."""
    return [(at * 389) % 20000 - 9999 or 1 for at in range(count)]


def largest_step(values):
    return max(abs(after - before) for before, after in zip(values, values[1:]))


@TARGETS
@pytest.mark.parametrize("channels", [1, 2])
def test_a_file_is_played_bit_for_bit_and_the_stream_ends_in_zeros(sounding, name, channels):
    target, speaker = sounding(name)
    values = tone(4800 * channels)
    target.put("/said.wav", wav(values, channels=channels))
    target.exec(PLAY + "track = play('/said.wav')\nbegin(silence())")
    assert finish(target) == [["None"]]
    for side in (0, 1):
        heard, sent = sounds(speaker, side), values[side % channels :: channels]
        assert heard[: len(sent)] == sent
        # from its last sample to silence on a ramp, and then nothing but silence
        assert len(heard) - len(sent) <= 80
        assert largest_step([*heard[len(sent) - 1 :], 0]) <= 10000 // 80 + 1
        assert speaker.side(side)[-1] == 0
    assert ask(target, "mixer.current().is_idle")


def test_a_sound_that_is_cut_does_not_click(sounding):
    target, speaker = sounding("unix")
    target.put("/flat.wav", wav([8000] * 48000))
    target.exec(PLAY + "track = play('/flat.wav')")
    target.exec("async def cut():\n    await asyncio.sleep_ms(300)\n    track.leave()\nbegin(cut())")
    finish(target)
    target.exec("begin(silence())")
    assert finish(target, 2)[1] == []  # one that leaves has not ended
    heard = sounds(speaker)
    assert len(heard) < 48000 and set(heard[:3000]) == {8000}
    assert largest_step([*heard, 0]) <= 8000 // 80 + 1


def test_two_files_are_heard_together(sounding):
    target, speaker = sounding("unix")
    target.put("/one.wav", wav([8000] * 16000))
    target.put("/two.wav", wav([500] * 6000))
    target.exec(PLAY + "play('/one.wav')\nplay('/two.wav', priority=1)\nbegin(silence())")
    assert finish(target) == [["None", "None"]]
    heard = sounds(speaker)
    assert set(heard[600:6000]) == {2500} and set(heard[6600:16000]) == {8000}


@TARGETS
@pytest.mark.parametrize("channels", [1, 2])
def test_what_is_said_is_in_the_file(sounding, name, channels):
    said = tone(6000)
    target, _ = sounding(name, [value << 8 for value in said])
    target.exec(RECORD + f"begin(record('/heard.wav', 16000, {channels}, {8000 * channels}))")
    assert finish(target) == [8000 * channels]
    data = bytes.fromhex(target.exec("print(open('/heard.wav', 'rb').read().hex())", timeout_s=60).strip())
    sent = [value for value in said[:4000] for _ in range(channels)]
    assert data[:44] == wav(sent, channels=channels)[:44]
    first = 44 + 2 * channels if name == "virtual" else 44  # its first word is cut: no word select before
    assert data[first:] == wav(sent, channels=channels)[first:]


@TARGETS
def test_a_loop_that_stands_still_for_80_ms_is_not_heard(sounding, name):
    target, speaker = sounding(name)
    values = tone(8000)
    target.put("/said.wav", wav(values))
    target.exec(PLAY + "import time\nplay('/said.wav')\nbegin(silence())")
    target.exec(
        "async def stall():\n    for _ in range(4):\n        await asyncio.sleep_ms(20)\n        time.sleep_ms(80)\n"
        "begin(stall())"
    )
    finish(target, 2)
    assert sounds(speaker)[:8000] == values
    if name == "virtual":  # the emulator's time is the host's, and that of a busy one goes by leaps
        assert ask(target, "mixer.current().underruns") == 0


MEMORY = """
import gc
gc.collect()
before = gc.mem_alloc()
play('/said.wav')
async def measure():
    await asyncio.sleep_ms(300)
    gc.collect()
    return gc.mem_alloc() - before
async def after():
    await silence()
    ended_with.clear()
    gc.collect()
    return gc.mem_alloc() - before
"""


def test_what_playing_takes_of_the_heap_and_that_it_comes_back(sounding):
    target, _ = sounding("unix32")
    target.put("/said.wav", wav([1] * 44100, 44100, 2))
    target.exec(PLAY + "play('/said.wav')\nbegin(silence())")  # once, for what is loaded by it
    finish(target)
    target.exec("ended_with.clear()\nended.clear()" + MEMORY + "begin(measure())")
    taken = finish(target)[0]
    ring = 44100 // 10 * 4  # the emulator's is on the host
    assert taken + ring < 24 * 1024
    target.exec("begin(after())")
    assert finish(target, 2)[1] < 1024  # the tasks and results of the test itself


def test_what_was_recorded_is_played(sounding):
    said = tone(9000)
    target, speaker = sounding("unix", [value << 8 for value in said])
    target.exec(PLAY + RECORD + "begin(record('/heard.wav', 16000, 1, 16000))")
    finish(target)
    target.exec("play('/heard.wav')\nbegin(silence())")
    finish(target, 2)
    assert sounds(speaker)[:8000] == said[:8000]


def test_an_idle_kiosk_holds_nothing_of_it(sounding):
    target, _ = sounding("unix")
    assert ask(target, "[name for name in sys.modules if name.startswith(('kiosk.media', 'audio', 'sound'))]") == []
