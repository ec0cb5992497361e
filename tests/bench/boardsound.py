"""Sound on the emulated RP2040

WAV files from the flash to the pins of the speaker, and from those of the microphone to the flash, while wx.downloadFile
brings a file of 4 MB to the same flash; what was heard is compared word by word.  60 s of each, some minutes of the host's;
MPKIOSK_BENCH_SOUND_S=10 for less.  Then small files, one after another: the beginnings and ends of downloads, each of
which takes the place of the file before.  The last rows: how long play() takes to be heard, and what it takes of the heap.
"""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import List, Tuple

from host_tools.models.audio import Microphone, Speaker
from host_tools.models.nina import Nina
from host_tools.models.wires import Model
from host_tools.models.wiring import I2sWiring, PinWiring
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import nina_wiring
from tests.bench.board import run_script, run_to
from tests.bench.table import Row
from tests.system.virtual.boards import CONNECT

_SECONDS = int(os.environ.get("MPKIOSK_BENCH_SOUND_S", "60"))
_SEARCH_SECONDS = 3
_RINGS_MS = (20, 40, 60, 80, 90, 100, 120, 150, 200, 300, 400)  # tried: smaller ones, or else larger
_SPEAKER, _MICROPHONE, _FLAG = (19, 20, 21), (16, 17, 18), 22
_SERVER = ("127.0.0.1", 8139)
_LARGE_BYTES = 4 * 1024 * 1024  # more than come in that time
_SMALL_BYTES = 50_000
_SMALL_SECONDS = 20
_PATIENCE_S = 900
_HEAP_LIMIT = 24 * 1024
_COMMON = (
    """
import asyncio, board, gc, kiosk, machine, micropython, sys, time, wx
from kiosk import app, files
from kiosk.media import mixer, recorder
from kiosk.media.player import Player
from kiosk.media.wav import WavReader, WavWriter
app.current = app.MiniProgram("/", {}, {"appid": "bench", "urlCheck": False}, {})
files.current()
async def open_file(src):
    return WavReader(open(src, "rb"))
def nobody(*event):
    if event[0] == "Error":
        sys.print_exception(event[1])
def player(src, loop=False):
    made = Player(open_file, nobody)
    made.src, made.loop = src, loop
    return made
downloads = 0
async def download(size):
    global downloads
    while True:
        await wx.downloadFile(url="http://%s:%d/" + str(size), filePath=wx.env.USER_DATA_PATH + "/file")
        downloads += 1
"""
    % _SERVER
)
# The samples are never zero, so that a gap is seen.
_WRITE = """
import array, machine
from kiosk.media.wav import WavWriter
part = bytes(array.array("h", ((at * 389) % 20000 - 9999 or 1 for at in range(882))))
for path, rate_hz, channels, parts in (("/said.wav", 44100, 2, 100), ("/short.wav", 16000, 1, 18)):
    writer = WavWriter(open(path, "wb"), rate_hz, channels, parts * 882 // channels)
    for _ in range(parts):
        writer.write(part)
    writer.close()
machine.mem32[0x4006C000] = 1
"""
_PLAY = (
    CONNECT
    + _COMMON
    + """
from audio.max98357a import MAX98357A
MAX98357A.ring_ms = %d
join()
async def measure():
    task = asyncio.create_task(download(%d))
    await asyncio.sleep_ms(300)
    player("/said.wav", True).play()
    await asyncio.sleep_ms(500)
    machine.mem32[0x4006C000] = 1
    await asyncio.sleep_ms(%d)
    machine.mem32[0x4006C000] = 100 + downloads
    machine.mem32[0x4006C000] = 2
kiosk.run(measure())
"""
)
_RECORD = (
    CONNECT
    + _COMMON
    + """
from audio.inmp441 import INMP441
INMP441._ring_frames = lambda self, rate_hz: rate_hz * %d // 1000
join()
@micropython.viper
def broken(data: ptr16, count: int, last: int) -> int:
    found = 0
    at = 0
    while at < count:
        now = int(data[at])
        if last >= 0 and now != (last + 1) & 0xFFFF:
            found += 1
        last = now
        at += 1
    return found
async def record():
    taken = recorder.current()
    writer = WavWriter(open("/heard.wav", "wb"), 16000, 1)
    view = memoryview(bytearray(512))
    taken.start(16000, 1)
    last = -1
    while True:
        count = await taken.read_into(view)
        if broken(view, count >> 1, last):
            machine.mem32[0x4006C000] = 3
        last = view[count - 2] | view[count - 1] << 8
        writer.write(view[:count])
async def measure():
    tasks = asyncio.create_task(download(%d)), asyncio.create_task(record())
    await asyncio.sleep_ms(500)
    machine.mem32[0x4006C000] = 1
    await asyncio.sleep_ms(%d)
    machine.mem32[0x4006C000] = 2
kiosk.run(measure())
"""
)
_START = (
    _COMMON
    + """
flag = machine.Pin(22, machine.Pin.OUT, value=0)
async def one(src):
    gc.collect()
    before = gc.mem_alloc()
    sound = player(src)
    flag.value(1)
    sound.play()
    await asyncio.sleep_ms(500)
    gc.collect()
    machine.mem32[0x4006C000] = gc.mem_alloc() - before
    sound.destroy()
    await asyncio.sleep_ms(300)
    flag.value(0)
async def measure():
    await one("/short.wav")
    await one("/said.wav")
kiosk.run(measure())
"""
)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response_only(200)
        size = int(self.path[1:])
        self.send_header("Content-Length", str(size))
        self.end_headers()
        try:
            self.wfile.write((bytes(range(256)) * (size // 256 + 1))[:size])
        except ConnectionError:
            self.close_connection = True  # the board was switched off in the middle of a large one

    def log_message(self, *_):
        """Nobody reads it."""


class _Flag(Model):
    """When the board's pin rose, in ns."""

    def __init__(self):
        self.rose_ns: List[float] = []

    def pin_changed(self, name, level):
        if level:
            self.rose_ns.append(self.wires.now_ns())


class _Ear(Speaker):
    """When a sound begins, in ns: the first word that is not silence after 100 ms of it."""

    def __init__(self):
        super().__init__()
        self.began_ns: List[float] = []
        self._heard_ns = -1e9

    def hear(self, now_ns, batch):
        known = len(self.words)
        super().hear(now_ns, batch)
        if any(value for _, _, value in self.words[known:]):
            if now_ns - self._heard_ns > 100e6:
                self.began_ns.append(now_ns)
            self._heard_ns = now_ns


def rows(scratch: Path):
    """The figures of this bench."""
    flash = scratch / "sound.flash"
    run_script(_WRITE, 1, flash=flash)
    server = ThreadingHTTPServer(_SERVER, _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield from _pair("44.1 kHz stereo WAV, played", _play, flash, 4, 44100, 100)
        yield from _pair("16 kHz mono, recorded", _record, flash, 8, 16000, 300)
        yield from _small(flash)
    finally:
        server.shutdown()
        server.server_close()
    yield from _starts(flash)


def _pair(what: str, run, flash: Path, frame_bytes: int, rate_hz: int, driver_ms: int):
    """Gaps and the core's share with the ring that the driver has; the smallest ring that has none."""
    what = f"emulated RP2040: {what} while a file is downloaded to the flash"
    gaps, share = run(flash, driver_ms, _SECONDS)
    yield Row(f"{what}: gaps in {_SECONDS} s", gaps, "gaps", 0)
    yield Row(f"{what}: the core is busy", share * 100, "%", peer="sound, download and flash")
    holds, beside = _smallest(lambda ring_ms: run(flash, ring_ms, _SEARCH_SECONDS)[0], driver_ms, not gaps)
    yield Row(f"{what}: smallest ibuf that holds", rate_hz * holds // 1000 * frame_bytes, "bytes",
              peer=f"{holds} ms, tried for {_SEARCH_SECONDS} s; {beside}")  # fmt: skip


def _small(flash: Path):
    """Gaps where downloads begin and end."""
    board, gaps = _played(flash, 100, _SMALL_SECONDS, _SMALL_BYTES)
    ended = next(mark.value for mark in board.marks if mark.value >= 100) - 100
    what = "emulated RP2040: 44.1 kHz stereo WAV, played while small files are downloaded, one after another"
    yield Row(f"{what}: gaps in {_SMALL_SECONDS} s", gaps, "gaps", 0, peer=f"{ended} files of {_SMALL_BYTES:,} bytes")


def _smallest(gaps_of, driver_ms: int, holds: bool) -> Tuple[int, str]:
    """Of the rings from the driver's down, or else up, in ms, the smallest without a gap; what was beside it."""
    smaller = [each for each in reversed(_RINGS_MS) if each < driver_ms]
    larger = [each for each in _RINGS_MS if each > driver_ms]
    for ring_ms in smaller if holds else larger:
        gaps = gaps_of(ring_ms)
        if holds and gaps:
            return driver_ms, f"{ring_ms} ms: {gaps} gaps in {_SEARCH_SECONDS} s"
        if not holds and not gaps:
            return ring_ms, f"{driver_ms} ms had gaps"
        driver_ms = ring_ms
    return driver_ms, "no smaller one was tried" if holds else "and that has gaps, too"


def _typed(code: str):
    return [(600e6, b"\r\x01"), (650e6, code.encode() + b"\x04")]  # as scripted() does


def _measured(board) -> Tuple[object, object]:
    start = next(mark for mark in board.marks if mark.value == 1)
    return start, next(mark for mark in board.marks if mark.value == 2)


def _share(board) -> float:
    start, end = _measured(board)
    return (end.busy_cycles - start.busy_cycles) / (end.cycles - start.cycles)


def _play(flash: Path, ring_ms: int, seconds: int) -> Tuple[int, float]:
    board, gaps = _played(flash, ring_ms, seconds, _LARGE_BYTES)
    return gaps, _share(board)


def _played(flash: Path, ring_ms: int, seconds: int, size: int) -> Tuple[VirtualBoard, int]:
    """The board, and the gaps that were heard, while files of `size` bytes are downloaded."""
    speaker = Speaker()
    chips = [nina_wiring(Nina()), I2sWiring(speaker, *_SPEAKER)]
    code = _PLAY % (ring_ms, size, seconds * 1000)
    board = run_to(2, flash, script=_typed(code), chips=chips, patience_s=_PATIENCE_S)
    left = speaker.side(0)
    heard = left[next(index for index, value in enumerate(left) if value) :]
    if len(heard) < 44100 * seconds:
        raise RuntimeError(f"{len(heard)} samples in {seconds} s: {bytes(board.printed)!r}")
    return board, sum(1 for before, after in zip(heard, heard[1:]) if before and not after)


def _record(flash: Path, ring_ms: int, seconds: int) -> Tuple[int, float]:
    said = [((value + 0x8000 & 0xFFFF) - 0x8000) << 8 for value in range(16000 * (seconds + 8))]
    chips = [nina_wiring(Nina()), I2sWiring(Microphone(said), *_MICROPHONE)]
    code = _RECORD % (ring_ms, _LARGE_BYTES, seconds * 1000)
    board = run_to(2, flash, script=_typed(code), chips=chips, patience_s=_PATIENCE_S)
    start, end = _measured(board)
    return sum(mark.value == 3 and start.cycles < mark.cycles < end.cycles for mark in board.marks), _share(board)


def _starts(flash: Path):
    flag, ear = _Flag(), _Ear()
    chips = [I2sWiring(ear, *_SPEAKER), PinWiring(flag, {"flag": _FLAG})]
    board = run_script(_START, 2, flash=flash, chips=chips)
    first_ms, later_ms = ((began - rose) / 1e6 for rose, began in zip(flag.rose_ns, ear.began_ns))
    what = "emulated RP2040: play() of a local WAV of 44.1 kHz stereo"
    yield Row(f"{what} to its first sample on the pins", later_ms, "ms", 60,
              peer=f"the first after a start, 16 kHz mono, for which modules are loaded: {first_ms:.1f} ms")  # fmt: skip
    yield Row(f"{what}: heap that it holds, the ring included", board.marks[1].value, "bytes", _HEAP_LIMIT)
