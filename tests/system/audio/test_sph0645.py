"""The SPH0645: what it says has an offset, of which the recorder keeps nothing."""

import math

from host_tools.models.audio import Sph0645
from host_tools.models.wiring import I2sWiring
from host_tools.target import open_target
from tests.system.audio.conftest import MICROPHONE, PRELUDE
from tests.system.audio.waiting import finish

OFFSET = -1 << 20  # of 24 bits; 4096 of 16
TONE = [round(5000 * math.sin(2 * math.pi * 1000 * at / 16000)) for at in range(16)]  # a whole period
LISTEN = """
from machine import Pin
from audio.inmp441 import SPH0645
from kiosk.media import recorder
async def listen():
    recording = recorder.Recorder(SPH0645(0, Pin(16), Pin(17), Pin(18)))
    heard, part = bytearray(), memoryview(bytearray(512))
    recording.start(16000, 1)
    while len(heard) < 24000:
        heard.extend(part[:await recording.read_into(part)])
    recording.stop()
    return bytes(heard[16000:24000])
begin(listen())
"""


def test_its_offset_is_not_recorded(tmp_path):
    microphone = Sph0645([value << 8 for value in TONE] * 2000, offset=OFFSET)
    assert microphone.listen()[0] & 0x3F == 0  # 18 bits of 24
    with open(tmp_path / "output", "w", encoding="utf-8") as output, open_target(
        "unix", chips=[I2sWiring(microphone, *MICROPHONE)], output=output, errors=output
    ) as target:
        target.exec(PRELUDE + LISTEN)
        data = finish(target)[0]
    heard = [int.from_bytes(data[at : at + 2], "little", signed=True) for at in range(0, len(data), 2)]
    first = min(range(16), key=lambda at: sum(abs(a - b) for a, b in zip(heard[at:], TONE)))
    off = [heard[first + at] - TONE[at % 16] for at in range(len(heard) - first)]
    assert max(map(abs, off)) < 60  # of 4096: what the high pass has left after half a second, and its ripple
