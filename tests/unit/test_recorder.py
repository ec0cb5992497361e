"""The recorder: what it makes of what microphones give, pauses, and who has the microphone."""

import asyncio
import struct

from drivers.audio.fake import Microphone
from kiosk.errors import KioskError
from kiosk.media.recorder import Recorder

VALUES = [(at * 211) % 40000 - 20000 for at in range(2000)]


def _pack(values):
    return struct.pack("<%dh" % len(values), *values)


def _wide(values, others=False):
    """Samples of 24 bits in 32; with others: in the right slots, beside noise in the left ones."""
    size = 8 if others else 4
    found = bytearray(b"\x55" * (size * len(values)))
    for at, value in enumerate(values):
        struct.pack_into("<i", found, at * size + size - 4, value << 16)
    return found


async def _take(recorder, count, part=100):
    found, view = bytearray(), memoryview(bytearray(part))
    while len(found) < count:
        size = await recorder.read_into(view[: min(part, count - len(found))])
        assert size
        found.extend(view[:size])
    return bytes(found)


async def test_what_is_said_is_what_is_recorded():
    for channels, expected in ((1, VALUES), (2, [value for value in VALUES for _ in range(2)])):
        microphone = Microphone(_pack(VALUES))
        recorder = Recorder(microphone)
        recorder.start(16000, channels)
        assert await _take(recorder, 2 * len(expected)) == _pack(expected)
        assert recorder.frames == 2000 and microphone.opened == [16000]
        recorder.stop()
        assert not recorder.is_open and not microphone.is_open
        assert await recorder.read_into(memoryview(bytearray(10))) == 0
        recorder.stop()


async def test_slots_of_32_bits_on_either_side():
    for side in (0, 1):
        microphone = Microphone(_wide(VALUES, side == 1))
        microphone.bits, microphone.side, microphone.channels = 32, side, side + 1
        recorder = Recorder(microphone)
        recorder.start(8000, 1)
        assert await _take(recorder, 4000) == _pack(VALUES)


async def test_an_offset_and_what_comes_at_first_are_taken_out():
    microphone = Microphone(_pack([30000] * 80 + [5000 + value // 10 for value in VALUES * 4]))
    microphone.has_offset, microphone.settle_ms = True, 10
    recorder = Recorder(microphone)
    recorder.start(8000, 1)
    data = struct.unpack("<7500h", await _take(recorder, 15000))
    assert max(data[:1000]) < 8000
    assert abs(sum(data[-2000:]) / 2000 - sum(VALUES) / 20000) < 100


async def test_what_is_said_in_a_pause_is_not_recorded():
    microphone = Microphone(_pack(VALUES), most=100)
    recorder = Recorder(microphone)
    recorder.start(16000, 1)
    first = await _take(recorder, 400)
    recorder.paused = True

    async def later():
        while microphone._at < 1000:
            await asyncio.sleep_ms(0)
        recorder.paused = False

    task = asyncio.create_task(later())
    second = await _take(recorder, 400)
    await task
    assert first == _pack(VALUES[:200]) and recorder.frames == 400 and recorder.heard == microphone._at // 2
    at = _pack(VALUES).index(second)
    assert 1000 <= at < 1400


async def test_the_microphone_has_one_owner_and_its_faults_come_through():
    microphone = Microphone(_pack(VALUES))
    recorder = Recorder(microphone)
    recorder.start(16000, 1)
    try:
        recorder.start(16000, 1)
    except KioskError as exc:
        assert exc.reason == "system error: is recording or paused"
    else:
        raise AssertionError
    microphone.fail = 5
    try:
        await recorder.read_into(memoryview(bytearray(100)))
    except OSError as exc:
        assert exc.errno == 5
    else:
        raise AssertionError
    assert await _take(recorder, 100) == _pack(VALUES[:50])  # what came before and after is not lost
    recorder.stop()
    microphone.open(8000)  # somebody else has it
    try:
        recorder.start(16000, 1)
    except OSError as exc:
        assert exc.errno == 16 and not recorder.is_open
    else:
        raise AssertionError
