"""What the tests of formats need: files of ffmpeg, lame and sox, how ffmpeg hears them, and how a Player would."""

import array
import json
import math
import operator
import subprocess

from host_tools.paths import ROOT, unix_image

PLAY = ROOT / "tests" / "system" / "audio" / "play.py"
TIMEOUT_S = 100  # what a loaded machine wants


def run(*command):
    """What a program prints; it must succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


# Noise that a decoder makes up cannot be compared.
AAC_PLAIN = ("-c:a", "aac", "-aac_pns", "0")


def ffmpeg(*options):
    """Run ffmpeg."""
    return run("ffmpeg", "-nostdin", "-v", "error", "-y", *options)


def tone(folder, rate_hz, channels, seconds=1.0):
    """A WAV file of two sweeps, another in each channel: no piece of it is like another."""
    path = folder / f"tone-{rate_hz}-{channels}-{seconds}.wav"
    low, high = rate_hz / 60, rate_hz / 7
    synth = ["synth", seconds, "sine", f"{low:.0f}-{high:.0f}"]
    if channels == 2:
        synth += ["sine", f"{high:.0f}-{low:.0f}"]
    run("sox", "-R", "-D", "-n", "-r", rate_hz, "-c", channels, "-b", 16, path, *synth, "vol", "0.4")
    return path


def samples(data):
    """array of int16."""
    numbers = array.array("h")
    numbers.frombytes(data[: len(data) // 2 * 2])
    return numbers


def heard_by_ffmpeg(path, *options):
    """The samples that ffmpeg plays of a file."""
    return samples(ffmpeg(*options, "-i", path, "-f", "s16le", "-"))


def played(folder, src, *places, bits=64, heap="4m", path=None):
    """What play.py says of `src`, and the samples of each reading: all of it, and from each place (ms) on."""
    out = (path or folder) / "played.raw"
    said = json.loads(run(unix_image(bits), "-X", "heapsize=" + heap, PLAY, folder, src, out, *places))
    if "error" in said:
        return said, None
    data = out.read_bytes()
    starts = [0, *(start for start, _ in said["starts"]), len(data)]
    return said, [samples(data[begin:end]) for begin, end in zip(starts, starts[1:])]


def ratio_db(wanted, got, skipped=0):
    """The signal-to-noise ratio of what both have, without the first so many samples."""
    count = min(len(wanted), len(got))
    assert count > skipped, (len(wanted), len(got))
    signal = sum(map(operator.mul, wanted[skipped:count], wanted[skipped:count]))
    noise = sum((one - other) ** 2 for one, other in zip(wanted[skipped:count], got[skipped:count]))
    return 10 * math.log10(max(signal, 1) / max(noise, 1e-3))
