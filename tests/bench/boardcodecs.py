"""Compressed sound on the emulated RP2040

Frames are decoded and encoded by the image's own libraries; cycles between marks, of which the interrupts are a part.
The share is of a core at 133 MHz.  Float arithmetic is that of the emulated boot ROM (docs/virtual-board.md).
"""

import subprocess
from pathlib import Path
from typing import Sequence, Tuple

from host_tools.paths import firmware_image
from host_tools.target import open_target
from host_tools.virtual_board.nano import BOARD
from tests.bench.board import run_script
from tests.bench.table import Row

Stream = Tuple[str, int, int, int]

_CORE_HZ = 133e6
_LIMIT_PERCENT = 45
_SECONDS = 0.6
# format, rate, channels, kbit/s: what is decoded, by the image that may be shipped and by that with the GPL's codecs
_STREAMS = (("mp3", 44100, 2, 128), ("mp3", 48000, 2, 320), ("mp3", 22050, 1, 48), ("mp3", 8000, 1, 16))
_GPL_STREAMS = (("aac", 44100, 2, 128), ("aac", 48000, 2, 320), ("aac", 22050, 1, 48))
# format, rate, channels, bit/s: what is encoded
_ENCODED = (
    ("mp3", 8000, 1, 16000), ("mp3", 16000, 1, 32000), ("mp3", 44100, 2, 128000),
    ("aac", 8000, 1, 16000), ("aac", 16000, 1, 32000), ("aac", 44100, 2, 128000),
)  # fmt: skip
_FRAMES = 6
_PATIENCE_S = 900
_DECODE = """
import codecs, gc, machine
for path in %r:
    gc.collect()
    piece = memoryview(open(path, "rb").read())
    decoder, output = codecs.Decoder(path[-3:]), bytearray(codecs.PCM_BYTES)
    frames = given = 0
    while frames < 3:  # its reservoir and its overlap are empty before
        taken, given = decoder.feed(piece, output)
        piece = piece[taken:]
        frames += given > 0
    machine.mem32[0x4006C000] = 1
    samples = 0
    for _ in range(%d):
        taken, given = decoder.feed(piece, output)
        piece = piece[taken:]
        samples += given // 2
    machine.mem32[0x4006C000] = samples
    machine.mem32[0x4006C000] = decoder.state_bytes
    decoder.close()
    piece = None
"""
_ENCODE = """
import array, codecs, gc, machine
for format, rate_hz, channels, bit_rate in %r:
    gc.collect()
    encoder, output = codecs.Encoder(format, rate_hz, channels, bit_rate), bytearray(codecs.ENCODED_BYTES)
    frame = encoder.frame_bytes
    # two tones and a sawtooth: neither silence nor noise
    said = array.array("h", ((at * 389 %% 9973 - 4986) + (at * 61 %% 4001 - 2000) for at in range(frame // 2)))
    for _ in range(2):
        encoder.encode(said, output)
    machine.mem32[0x4006C000] = 1
    for _ in range(%d):
        encoder.encode(said, output)
    machine.mem32[0x4006C000] = frame // 2 * %d
    encoder.close()
    encoder = None
"""


def rows(scratch: Path):
    """The figures of this bench."""
    flash = scratch / "codecs.flash"
    with open_target("virtual", flash=flash, warp=True) as target:
        for stream in (*_STREAMS, *_GPL_STREAMS):
            target.put(_name(stream), _sound(scratch, *stream))
    for stream, taken, state in _decoded(flash, _STREAMS):
        limit = _LIMIT_PERCENT if stream[2] == 2 else None
        beside = f"{taken:,.0f} cycles a sample; {state:,} bytes"
        yield Row(_title(stream), _share(stream, taken), "% of the core", limit, peer=beside)
    for stream, taken, state in _decoded(flash, _GPL_STREAMS, image=firmware_image(BOARD, gpl=True)):
        limit = _LIMIT_PERCENT if stream[2] == 2 else None
        beside = f"{taken:,.0f} cycles a sample; {state:,} bytes; by FAAD2"
        yield Row(_title(stream) + ", GPL_CODECS=1", _share(stream, taken), "% of the core", limit, peer=beside)
    board = run_script(_ENCODE % (_ENCODED, _FRAMES, _FRAMES), 2 * len(_ENCODED), patience_s=_PATIENCE_S)
    for (name, rate_hz, channels, bit_rate), taken in zip(_ENCODED, _cycles_a_sample(board)):
        share = taken * rate_hz * channels / _CORE_HZ * 100
        yield Row(f"emulated RP2040: {name.upper()} of {_text(rate_hz, channels)}, {bit_rate // 1000} kbit/s, encoded", taken,
                  "cycles a sample", peer=f"{share:.0f}% of the core")  # fmt: skip


def _text(rate_hz: int, channels: int) -> str:
    return f"{rate_hz / 1000:g} kHz {'stereo' if channels == 2 else 'mono'}"


def _title(stream: Stream) -> str:
    name, rate_hz, channels, kbits = stream
    return f"emulated RP2040: {name.upper()} of {_text(rate_hz, channels)}, {kbits} kbit/s, decoded"


def _name(stream: Stream) -> str:
    return f"/{stream[1]}.{stream[0]}"


def _share(stream: Stream, cycles: float) -> float:
    """Cycles a sample as % of the core, while the stream plays."""
    return cycles * stream[1] * stream[2] / _CORE_HZ * 100


def _sound(scratch: Path, name: str, rate_hz: int, channels: int, kbits: int) -> bytes:
    """Tones and noise, by lame or ffmpeg."""
    wav, path = scratch / "said.wav", scratch / f"said.{name}"
    synth = ["synth", str(_SECONDS), "sine", "440", "sine", "1000"][: 4 if channels == 1 else 6]
    noise = ["synth", str(_SECONDS), "pinknoise", "mix", "vol", "0.4"]
    head = ["sox", "-R", "-n", "-r", str(rate_hz), "-c", str(channels), "-b", "16", wav]
    subprocess.run([str(part) for part in [*head, *synth, *noise]], check=True)
    if name == "mp3":
        subprocess.run(["lame", "--quiet", "-b", str(kbits), "--noreplaygain", "-t", wav, path], check=True)
    else:
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", wav, "-b:a", f"{kbits}k", path], check=True)
    return path.read_bytes()


def _decoded(flash: Path, streams: Sequence[Stream], **settings):
    """Yield (stream, cycles a sample, bytes of the decoder) of streams on the flash."""
    code = _DECODE % ([_name(stream) for stream in streams], _FRAMES)
    board = run_script(code, 3 * len(streams), flash=flash, patience_s=_PATIENCE_S, **settings)
    for stream, (start, end, state) in zip(streams, zip(*[iter(board.marks)] * 3)):
        yield stream, (end.busy_cycles - start.busy_cycles) / end.value, state.value


def _cycles_a_sample(board):
    for start, end in zip(board.marks[::2], board.marks[1::2]):
        yield (end.busy_cycles - start.busy_cycles) / end.value
