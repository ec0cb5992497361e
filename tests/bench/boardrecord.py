"""Videos on the emulated RP2040: what is recorded of an OV2640's 320x240 with 8 kHz of sound, and what making it whole takes."""

import os
from pathlib import Path

from host_tools.models.audio import Microphone
from host_tools.models.ov2640 import ArduCam, wirings
from host_tools.models.wiring import I2sWiring
from tests.bench.board import run_script
from tests.bench.table import Row

_SECONDS = int(os.environ.get("MPKIOSK_BENCH_VIDEO_S", "10"))
_MICROPHONE = (16, 17, 18)
_PATIENCE_S = 1800
_HEAP_LIMIT = 44 * 1024  # of which the microphone's ring is 37.5 KB
_AV_LIMIT_MS = 80
_MARKS = 8
_CODE = """
import asyncio, gc, kiosk, machine, sys, time
from kiosk import app, camera, files
from kiosk.video.recording import VideoRecording
app.current = app.MiniProgram("/", {}, {"appid": "bench", "allow": ["scope.camera", "scope.record"]}, {})
files.current()
def mark(value):
    machine.mem32[0x4006C000] = value
async def one(longest_ms):
    gc.collect()
    before = gc.mem_alloc()
    recording = VideoRecording(longest_ms)
    await recording.start()
    task = asyncio.create_task(recording.finish())
    await asyncio.sleep_ms(longest_ms // 2)
    gc.collect()
    heap = gc.mem_alloc() - before
    await recording._ended.wait()
    sound_ms, end_ms, size = recording._writer.sound_ms, recording._writer.duration_ms, recording._writer.size
    start = time.ticks_ms()
    fault, kept = await task
    return fault, kept, heap, size, sound_ms, time.ticks_diff(time.ticks_ms(), start)
async def measure():
    try:
        await one(500)
        fault, kept, heap, size, sound_ms, whole_ms = await one(%d)
        if fault:
            raise fault
        for value in (kept.pictures, kept.dropped, kept.duration_ms, size, sound_ms, whole_ms, heap, kept.size):
            mark(value)
    except Exception as exc:
        sys.print_exception(exc)
kiosk.run(measure())
"""


def rows(scratch: Path):
    """The figures of this bench."""
    camera = ArduCam()
    microphone = Microphone([((at * 97) % 20000 - 10000) << 8 for at in range(8000 * (_SECONDS + 4))])
    chips = [*wirings(camera), I2sWiring(microphone, *_MICROPHONE)]
    code = _CODE % (_SECONDS * 1000)
    board = run_script(code, _MARKS, patience_s=_PATIENCE_S, flash=scratch / "video.flash", chips=chips)
    pictures, dropped, duration_ms, size, sound_ms, whole_ms, heap, _ = (mark.value for mark in board.marks)
    what = f"emulated RP2040: a video of 320x240 and 8 kHz, {_SECONDS} s"
    yield Row(f"{what}: pictures a second", pictures * 1000 / duration_ms, "/s",
              peer=f"{size // pictures:,} bytes each, sound and all: {size * 1000 // duration_ms // 1024} KB/s to the flash")  # fmt: skip
    yield Row(f"{what}: pictures that were begun and dropped", dropped, "pictures", 0)
    yield Row(f"{what}: sound and pictures differ at the end by", abs(duration_ms - sound_ms), "ms", _AV_LIMIT_MS)
    yield Row(f"{what}: its index and its header", whole_ms / 1000, "s")
    yield Row(f"{what}: heap while it records, camera and microphone included", heap, "bytes", _HEAP_LIMIT)
