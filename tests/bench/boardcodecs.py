"""Compressed sound on the emulated RP2040

Frames are decoded and encoded by the image's own libraries; cycles between marks, of which the interrupts are a part.
The share is of a core at 133 MHz.  Float arithmetic is that of the emulated boot ROM (docs/virtual-board.md).
"""

import subprocess
from pathlib import Path
from typing import Tuple

from host_tools.target import open_target
from tests.bench.board import run_script
from tests.bench.table import Row

_CORE_HZ = 133e6
_LIMIT_PERCENT = 45
_SECONDS = 0.6
# rate, channels, kbit/s: what is decoded
_STREAMS = ((44100, 2, 128), (48000, 2, 320), (22050, 1, 48), (8000, 1, 16))
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
    piece = memoryview(open(path, "rb").read())
    decoder, output = codecs.Decoder("mp3"), bytearray(codecs.PCM_BYTES)
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
    decoder.close()
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
        for stream in _STREAMS:
            target.put(_name(stream), _mp3(scratch, *stream))
    board = run_script(_DECODE % ([_name(stream) for stream in _STREAMS], _FRAMES), 2 * len(_STREAMS), flash=flash,
                       patience_s=_PATIENCE_S)  # fmt: skip
    for number, (stream, taken) in enumerate(zip(_STREAMS, _cycles_a_sample(board))):
        rate_hz, channels, kbits = stream
        share = taken * rate_hz * channels / _CORE_HZ * 100
        what = f"emulated RP2040: MP3 of {_text(rate_hz, channels)}, {kbits} kbit/s, decoded"
        limit = _LIMIT_PERCENT if number == 0 else None
        yield Row(what, share, "% of the core", limit, peer=f"{taken:,.0f} cycles a sample")
    board = run_script(_ENCODE % (_ENCODED, _FRAMES, _FRAMES), 2 * len(_ENCODED), patience_s=_PATIENCE_S)
    for (name, rate_hz, channels, bit_rate), taken in zip(_ENCODED, _cycles_a_sample(board)):
        share = taken * rate_hz * channels / _CORE_HZ * 100
        yield Row(f"emulated RP2040: {name.upper()} of {_text(rate_hz, channels)}, {bit_rate // 1000} kbit/s, encoded", taken,
                  "cycles a sample", peer=f"{share:.0f}% of the core")  # fmt: skip


def _text(rate_hz: int, channels: int) -> str:
    return f"{rate_hz / 1000:g} kHz {'stereo' if channels == 2 else 'mono'}"


def _name(stream: Tuple[int, int, int]) -> str:
    return f"/{stream[0]}.mp3"


def _mp3(scratch: Path, rate_hz: int, channels: int, kbits: int) -> bytes:
    """Tones and noise, by lame."""
    wav, mp3 = scratch / "said.wav", scratch / "said.mp3"
    synth = ["synth", str(_SECONDS), "sine", "440", "sine", "1000"][: 4 if channels == 1 else 6]
    noise = ["synth", str(_SECONDS), "pinknoise", "mix", "vol", "0.4"]
    head = ["sox", "-R", "-n", "-r", str(rate_hz), "-c", str(channels), "-b", "16", wav]
    subprocess.run([str(part) for part in [*head, *synth, *noise]], check=True)
    subprocess.run(["lame", "--quiet", "-b", str(kbits), "--noreplaygain", "-t", wav, mp3], check=True)
    return mp3.read_bytes()


def _cycles_a_sample(board):
    for start, end in zip(board.marks[::2], board.marks[1::2]):
        yield (end.busy_cycles - start.busy_cycles) / end.value
