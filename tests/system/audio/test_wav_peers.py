"""WAV files that sox and ffmpeg make are read, and ours are read by them: by the same samples."""

import math
import random
import struct
import subprocess
import wave

import pytest

from host_tools.paths import unix_image

SECONDS, RATE = 1, 22050
READ = """
from kiosk.media.wav import WavReader
reader = WavReader(open(%r, "rb"))
view = memoryview(bytearray(1000))
with open(%r, "wb") as out:
    while True:
        count = reader.read_into(view)
        if not count:
            break
        out.write(view[:count])
print(reader.rate_hz, reader.channels, reader.frames, reader.duration_ms)
"""
WRITE = """
from kiosk.media.wav import WavWriter
writer = WavWriter(open(%r, "wb"), 22050, %d)
with open(%r, "rb") as raw:
    writer.write(raw.read())
if %r:
    writer.close()
else:
    writer._file.flush()
"""


def device(tmp_path, code):
    script = tmp_path / "script.py"
    script.write_text(code, encoding="utf-8")
    done = subprocess.run([str(unix_image(64)), str(script)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split()


def ours(tmp_path, path):
    """What our reader makes of a file, and its numbers."""
    numbers = [int(word) for word in device(tmp_path, READ % (str(path), str(tmp_path / "out")))]
    data = (tmp_path / "out").read_bytes()
    return struct.unpack(f"<{len(data) // 2}h", data), numbers


def tool(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True, timeout=60)


def samples_by(name, path, tmp_path):
    """How sox or ffmpeg reads a file."""
    raw = tmp_path / "theirs.raw"
    if name == "sox":
        tool("sox", "-D", path, "-t", "raw", "-e", "signed", "-b", "16", raw)
    else:
        tool("ffmpeg", "-y", "-i", path, "-f", "s16le", raw)
    return struct.unpack(f"<{raw.stat().st_size // 2}h", raw.read_bytes())


def noise_db(found, theirs):
    """How far the signal stands above the difference."""
    noise = sum((one - other) ** 2 for one, other in zip(found, theirs))
    return 10 * math.log10(sum(sample * sample for sample in found) / max(1, noise))


@pytest.fixture
def original(tmp_path):
    """A second of noise under a tone, stereo."""
    made = random.Random(7)
    path = tmp_path / "original.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{2 * RATE}h", *(made.randint(-9000, 9000) for _ in range(2 * RATE))))
    return path


FFMPEG = ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "adpcm_ima_wav"]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("codec", FFMPEG)
def test_files_of_ffmpeg(original, tmp_path, codec, channels):
    path = tmp_path / "made.wav"
    tool("ffmpeg", "-y", "-i", original, "-ac", channels, "-c:a", codec, path)
    found, numbers = ours(tmp_path, path)
    theirs = samples_by("ffmpeg", path, tmp_path)
    if codec == "adpcm_ima_wav":
        # ffmpeg multiplies where IMA's own text adds shifted steps, as sox does.
        assert found == samples_by("sox", path, tmp_path)[: len(found)]
        assert noise_db(found, theirs) > 40
    else:  # it cuts 24 and 32 bits off, where we round
        assert max(abs(one - other) for one, other in zip(found, theirs)) <= (codec in ("pcm_s24le", "pcm_s32le"))
    assert len(theirs) - len(found) <= (0 if codec.startswith("pcm_") else 2100 * channels)  # filling of the last block
    assert numbers == [RATE, channels, len(found) // channels, len(found) // channels * 1000 // RATE]
    assert numbers[2] >= RATE


@pytest.mark.parametrize("encoding", ["-e signed -b 16", "-e signed -b 24", "-e signed -b 32", "-b 8", "-e ima-adpcm"])
def test_files_of_sox(original, tmp_path, encoding):
    path = tmp_path / "made.wav"
    tool("sox", "-D", original, *encoding.split(), path)
    found, numbers = ours(tmp_path, path)
    assert found == samples_by("sox", path, tmp_path)[: len(found)]
    assert numbers[:3] == [RATE, 2, RATE]


def test_what_they_write_into_a_pipe(original, tmp_path):
    path = tmp_path / "piped.wav"
    expected = samples_by("ffmpeg", original, tmp_path)
    for command in (["ffmpeg", "-i", original, "-f", "wav", "-"], ["sox", original, "-t", "wav", "-"]):
        path.write_bytes(subprocess.run([str(word) for word in command], capture_output=True, check=True).stdout)
        assert ours(tmp_path, path)[0] == expected


@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("peer", ["sox", "ffmpeg"])
def test_ours_are_read_by_them_finished_or_cut_by_the_power(original, tmp_path, peer, channels, finished):
    raw = tmp_path / "raw"
    data = original.read_bytes()[44:]
    raw.write_bytes(data)
    path = tmp_path / "ours.wav"
    device(tmp_path, WRITE % (str(path), channels, str(raw), finished))
    assert samples_by(peer, path, tmp_path) == struct.unpack(f"<{len(data) // 2}h", data)
    if finished:
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getnchannels()) == (RATE, channels)
            assert file.getnframes() == 2 * RATE // channels
