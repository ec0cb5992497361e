"""The module codecs against other people's encoders and decoders: ffmpeg, lame and sox.

Signal-to-noise ratios are in dB, over the whole file without 3,000 samples at each end.
"""

import array
import math
import operator
import random
import re
import subprocess

import pytest

from host_tools.paths import ROOT, unix_image
from tests.system.audio import sbr

FEED = ROOT / "tests" / "system" / "audio" / "feed.py"
EDGE = 3000  # samples: what coders do with silence before and after differs
# The encoders answer in the time that a loaded machine wants.
TIMEOUT_S = 100
# MP3 against ffmpeg's decoding in floating point.  Measured of tones: 78 to 81 dB.
MP3_DB = 72
MPEG_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)


def _run(command, **options):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, timeout=TIMEOUT_S, check=False, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def _feed(*args, bits=64, heap="4m"):
    """Run feed.py; return the numbers it printed."""
    printed = _run([unix_image(bits), "-X", "heapsize=" + heap, FEED, *args])
    return [int(word) for word in printed.split()]


def _tone(folder, rate_hz, channels, seconds=1.0):
    """A WAV file of two tones, another pair in each channel, and a bit of noise."""
    path = folder / f"tone-{rate_hz}-{channels}.wav"
    tones = [f"{math.pi * rate_hz / 100:.0f}", f"{rate_hz / 11:.0f}"]
    synth = ["synth", str(seconds)]
    for channel in range(channels):
        synth += ["sine", tones[channel]]
    _run(["sox", "-R", "-D", "-n", "-r", rate_hz, "-c", channels, "-b", 16, path, *synth, "vol", "0.4"])
    return path


def _samples(data):
    numbers = array.array("h")
    numbers.frombytes(data[: len(data) // 2 * 2])
    return numbers


def _by_ffmpeg(path, *options):
    """What ffmpeg decodes a file to, with nothing left out at its start and end."""
    return _samples(
        _run(["ffmpeg", "-v", "error", "-flags2", "+skip_manual", *options, "-i", path, "-f", "s16le", "-"])
    )


def _ratio_db(wanted, got, shift, channels, first=EDGE, count=None):
    """The signal-to-noise ratio when `got` begins `shift` frames later than `wanted`."""
    begin, end = first * channels, len(wanted) - EDGE * channels
    end = min(end, len(got) - shift * channels, begin + count * channels if count else end)
    ours = got[begin + shift * channels : end + shift * channels]
    theirs = wanted[begin:end]
    signal = sum(map(operator.mul, theirs, theirs))
    noise = sum((a - b) ** 2 for a, b in zip(theirs, ours))
    return 10 * math.log10(signal / max(noise, 1e-3))


def _aligned_db(wanted, got, channels, shifts):
    """The ratio at the best of the shifts, found on a short piece, measured on all."""
    best = max(shifts, key=lambda shift: _ratio_db(wanted, got, shift, channels, count=300))
    return _ratio_db(wanted, got, best, channels)


def _decode(path, name, step=1000, **options):
    """Decode by ours; return the samples and (rate, channels, damaged, skipped, state)."""
    target = path.with_suffix(".ours")
    said = _feed("decode", name, step, path, target, **options)
    return _samples(target.read_bytes()), said


def _lame(source, target, *options):
    _run(["lame", "--quiet", *options, source, target])
    return target


LAME_OPTIONS = {
    "cbr": ("-b", "64", "-m", "s"),
    "joint": ("-b", "48", "-m", "j"),
    "vbr": ("-V", "4"),
    "abr": ("--abr", "56"),
    "crc": ("-b", "64", "-p"),
}


@pytest.mark.parametrize("rate_hz", MPEG_RATES)
@pytest.mark.parametrize("channels", (1, 2))
def test_an_mp3_of_lame_is_decoded_as_by_ffmpeg(tmp_path, rate_hz, channels):
    path = _lame(_tone(tmp_path, rate_hz, channels), tmp_path / "x.mp3", "-b", "64", "--resample", rate_hz / 1000)
    ours, (rate, count, damaged, _, _) = _decode(path, "mp3")
    assert (rate, count, damaged) == (rate_hz, channels, 0)
    # ffmpeg leaves out the first frame, which tells about the file and holds no sound.
    assert _aligned_db(_by_ffmpeg(path), ours, channels, (0, 576, 1152)) > MP3_DB


@pytest.mark.parametrize("options", LAME_OPTIONS.values(), ids=LAME_OPTIONS)
def test_every_way_to_spend_bits_is_decoded_as_by_ffmpeg(tmp_path, options):
    path = _lame(_tone(tmp_path, 44100, 2), tmp_path / "x.mp3", "--resample", "44.1", *options)
    ours, said = _decode(path, "mp3")
    assert said[:3] == [44100, 2, 0]
    assert _aligned_db(_by_ffmpeg(path), ours, 2, (0, 1152)) > MP3_DB


def test_an_mp3_of_sox_is_decoded_as_by_ffmpeg(tmp_path):
    path = tmp_path / "x.mp3"
    _run(["sox", _tone(tmp_path, 22050, 2), "-C", "64.2", path])
    ours, said = _decode(path, "mp3")
    assert said[:3] == [22050, 2, 0]
    assert _aligned_db(_by_ffmpeg(path), ours, 2, (0, 576)) > MP3_DB


@pytest.mark.parametrize("rate_hz,bit_rate", ((44100, 128000), (22050, 64000), (16000, 32000), (8000, 16000)))
@pytest.mark.parametrize("extension", (1, 3), ids=("alone", "with-mid-side"))
def test_intensity_stereo_is_decoded_as_by_ffmpeg(tmp_path, rate_hz, bit_rate, extension):
    """No encoder here writes it; so the headers of a file in plain stereo say that it is."""
    wav = tmp_path / "x.wav"
    # The bands above the sine have no numbers in the right channel: there its scale factors are positions.
    synth = ("synth", "1", "pinknoise", "sine", rate_hz / 100, "vol", "0.4")
    _run(["sox", "-R", "-D", "-n", "-r", rate_hz, "-c", 2, "-b", 16, wav, *synth])
    path = _lame(wav, tmp_path / "x.mp3", "-t", "-m", "s", "-b", bit_rate // 1000, "--resample", rate_hz / 1000)
    plain, _ = _decode(path, "mp3")
    data = bytearray(path.read_bytes())
    at = data.index(0xFF)
    while at + 4 <= len(data):
        data[at + 3] = data[at + 3] & 0x0F | 0x40 | extension << 4
        at += (144 if rate_hz >= 32000 else 72) * bit_rate // rate_hz + (data[at + 2] >> 1 & 1)
    path.write_bytes(data)
    ours, said = _decode(path, "mp3")
    assert said[:3] == [rate_hz, 2, 0]
    assert ours != plain
    assert _aligned_db(_by_ffmpeg(path), ours, 2, (0, 576, 1152)) > MP3_DB


def test_what_is_louder_than_full_scale_is_cut_to_it(tmp_path):
    wav = tmp_path / "x.wav"
    _run(
        ["sox", "-R", "-D", "-n", "-r", 44100, "-c", 2, "-b", 16, wav, "synth", "1", "square", "300", "square", "2000"]
    )
    for scale in (1, 4, 8):
        path = _lame(wav, tmp_path / "x.mp3", "-b", "128", "--scale", scale)
        ours, said = _decode(path, "mp3")
        assert said[:3] == [44100, 2, 0]
        # Measured: 83, 39 and 20 dB.  With wrong signs it would be less than 0.
        assert _aligned_db(_by_ffmpeg(path), ours, 2, (0, 1152)) > (MP3_DB if scale == 1 else 15), scale


@pytest.mark.parametrize("rate_hz", MPEG_RATES)
@pytest.mark.parametrize("channels", (1, 2))
def test_an_aac_of_ffmpeg_is_decoded_as_by_ffmpeg(tmp_path, rate_hz, channels):
    path = tmp_path / "x.aac"
    _run(["ffmpeg", "-v", "error", "-i", _tone(tmp_path, rate_hz, channels), "-b:a", 3 * rate_hz, path])
    ours, said = _decode(path, "aac")
    assert said[:4] == [rate_hz, channels, 0, 0]
    theirs = _by_ffmpeg(path)
    # FAAD2 leaves out the first frame, which is what the filter bank had before the sound.
    assert _ratio_db(theirs[1024 * channels :], ours, 0, channels) > 55


@pytest.mark.parametrize("name", ("mp3", "aac"))
def test_the_input_may_be_cut_anywhere(tmp_path, name):
    tone = _tone(tmp_path, 44100, 2)
    path = tmp_path / ("x." + name)
    _run(["ffmpeg", "-v", "error", "-i", tone, "-b:a", "128k", path])
    whole, said = _decode(path, name, 100000)
    for step in (1, 2, 7, 417, 418, 2049):
        again, said_again = _decode(path, name, step)
        assert (again, said_again) == (whole, said), step


@pytest.mark.parametrize("name", ("mp3", "aac"))
def test_both_word_sizes_decode_alike_on_a_boards_heap(tmp_path, name):
    path = tmp_path / ("x." + name)
    _run(["ffmpeg", "-v", "error", "-i", _tone(tmp_path, 44100, 2), "-b:a", "128k", path])
    wide, _ = _decode(path, name)
    narrow, said = _decode(path, name, bits=32, heap="190k")
    assert narrow == wide
    assert said[4] < {"mp3": 16000, "aac": 34000}[name]


# (name, rate, channels, bit rate): the corners of the recorder's table (wx-rules 13) that the library does.
ENCODINGS = [
    ("mp3", 8000, 1, 16000),
    ("mp3", 8000, 2, 48000),
    ("mp3", 11025, 1, 48000),
    ("mp3", 12000, 1, 64000),
    ("mp3", 16000, 1, 96000),
    ("mp3", 22050, 2, 64000),
    ("mp3", 24000, 2, 128000),
    ("mp3", 32000, 2, 192000),
    ("mp3", 44100, 2, 128000),
    ("mp3", 44100, 1, 64000),
    ("mp3", 48000, 2, 320000),
    ("aac", 8000, 1, 16000),
    ("aac", 8000, 2, 48000),
    ("aac", 11025, 1, 48000),
    ("aac", 12000, 1, 64000),
    ("aac", 16000, 1, 96000),
    ("aac", 22050, 2, 64000),
    ("aac", 24000, 2, 128000),
    ("aac", 32000, 2, 192000),
    ("aac", 44100, 2, 128000),
    ("aac", 44100, 1, 64000),
    ("aac", 48000, 2, 320000),
]


@pytest.mark.parametrize("name,rate_hz,channels,bit_rate", ENCODINGS)
def test_what_we_encode_ffmpeg_decodes(tmp_path, name, rate_hz, channels, bit_rate):
    wav = _tone(tmp_path, rate_hz, channels)
    raw = tmp_path / "x.raw"
    raw.write_bytes(_run(["ffmpeg", "-v", "error", "-i", wav, "-f", "s16le", "-"]))
    path = tmp_path / ("x." + name)
    _feed("encode", name, rate_hz, channels, bit_rate, 999, raw, path)
    probed = _run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,sample_rate,channels", "-of", "csv=p=0", path]
    )
    assert probed.decode().strip() == f"{name},{rate_hz},{channels}"
    wanted, theirs = _samples(raw.read_bytes()), _by_ffmpeg(path)
    assert len(theirs) >= len(wanted)  # finish() brought the last sample out
    assert 0.8 < path.stat().st_size * 8 / (len(wanted) / channels / rate_hz) / bit_rate < 1.3
    delays = range(900, 1200) if name == "mp3" else range(1400, 2800)
    # Measured: MP3 74 to 79 dB, AAC 50 to 54 dB.
    assert _aligned_db(wanted, theirs, channels, delays) > (65 if name == "mp3" else 42)
    ours, said = _decode(path, name)
    assert said[:4] == [rate_hz, channels, 0, 0]
    # Measured: AAC 82 dB.
    assert _aligned_db(theirs, ours, channels, (0,) if name == "mp3" else (-1024,)) > (MP3_DB if name == "mp3" else 70)


@pytest.mark.parametrize("name", ("mp3", "aac"))
def test_damage_neither_hangs_nor_kills(tmp_path, name):
    path = tmp_path / ("x." + name)
    _run(["ffmpeg", "-v", "error", "-i", _tone(tmp_path, 44100, 2, 0.5), "-b:a", "64k", path])
    good = path.read_bytes()
    chance = random.Random(5)
    for turn in range(60):
        data = bytearray(good)
        for _ in range(chance.choice((1, 10, 200))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        first = chance.randrange(len(data) // 2)
        damaged = tmp_path / f"damaged.{name}"
        damaged.write_bytes(data[first : first + chance.randrange(len(data) - first)] if turn % 2 else data)
        ours, said = _decode(damaged, name, chance.choice((100, 5000)))
        assert len(ours) <= 4 * 44100, (turn, said)


@pytest.mark.parametrize("name", ("mp3", "aac"))
def test_sound_is_found_behind_and_between_garbage(tmp_path, name):
    path = tmp_path / ("x." + name)
    _run(["ffmpeg", "-v", "error", "-i", _tone(tmp_path, 44100, 2), "-b:a", "128k", "-write_xing", "0", path])
    good = path.read_bytes()
    noise = bytes(random.Random(6).randrange(256) for _ in range(20000))
    path.write_bytes(noise + good + noise + good)
    ours, (rate_hz, channels, _, skipped, _) = _decode(path, name)
    assert (rate_hz, channels) == (44100, 2)
    assert 39000 < skipped < 42000
    assert 1.9 * 2 * 44100 < len(ours) < 2.2 * 2 * 44100


@pytest.mark.parametrize("name", ("mp3", "aac"))
@pytest.mark.parametrize("what", ("empty", "wav", "other"))
def test_what_is_no_such_file_gives_nothing(tmp_path, name, what):
    wav = _tone(tmp_path, 8000, 1)
    path = tmp_path / "x.bin"
    if what == "empty":
        path.write_bytes(b"")
    elif what == "wav":
        path.write_bytes(wav.read_bytes())
    else:
        other = tmp_path / ("other.mp3" if name == "aac" else "other.aac")
        _run(["ffmpeg", "-v", "error", "-i", wav, other])
        path.write_bytes(other.read_bytes())
    ours, said = _decode(path, name)
    assert len(ours) == 0
    assert said[:3] == [0, 0, 0]
    assert said[3] == path.stat().st_size


LIB = ROOT / "build" / "sources" / "micropython" / "lib"
MODULE = ROOT / "firmware" / "cmodules" / "codecs"
# As micropython.mk has them.
_RECIPE = (MODULE / "micropython.mk").read_text(encoding="utf-8").replace("\\\n", " ")
_MP3 = re.search(r"CODECS_MP3 := \$\(addprefix \$\(CODECS_DIR\)/, ([^)]*)\)", _RECIPE).group(1).split()
_FAAD = re.search(r"lib/faad2/libfaad/, ([^)]*)\)", _RECIPE).group(1).split()
_FAAD_FLAGS = (
    *("-DFIXED_POINT", "-DLC_ONLY_DECODER", "-DDISABLE_SBR", "-DHAVE_INTTYPES_H", "-DHAVE_STRING_H"),
    *('-DPACKAGE_VERSION=""', "-I", LIB / "faad2/include", "-I", LIB / "faad2/libfaad"),
)
_FAAD_SOURCES = (
    *(MODULE / name for name in ("aac_faad.c", "aac_filterbank.c")),
    *(LIB / "faad2/libfaad" / name for name in _FAAD),
)
# The decoders, FAAD2 with the products of each kind of core: (format, sources, flags).
LIBRARIES = {
    "mp3": (
        "mp3",
        [MODULE / name for name in _MP3],
        ("-fsanitize=undefined", "-fno-sanitize-recover=undefined"),
    ),
    "faad2": ("aac", _FAAD_SOURCES, _FAAD_FLAGS),
    "faad2, 32 bits": ("aac", _FAAD_SOURCES, ("-DCODECS_NARROW", *_FAAD_FLAGS)),
}


@pytest.fixture(scope="module", params=LIBRARIES)
def alone(request, tmp_path_factory):
    """One decoder, compiled for the host with the address sanitizer: (program, format)."""
    name, sources, flags = LIBRARIES[request.param]
    program = tmp_path_factory.mktemp("alone") / "decode"
    own = [ROOT / "tests/system/audio/harness.c", MODULE / "framing.c", *sources]
    command = ["gcc", "-O1", "-g", "-w", "-fsanitize=address", "-fno-omit-frame-pointer"]
    command += [f"-DDECODER=codecs_{name}_decoder"]
    command += ["-include", MODULE / "allocation.h", "-I", MODULE, "-I", LIB.parent, *flags, *own]
    _run([*command, "-lm", "-o", program])
    return program, name


def _alone(program, path):
    """Run it; return the samples, the frames and how many were damaged."""
    done = subprocess.run(
        [str(program), str(path)],
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
        env={"ASAN_OPTIONS": "detect_leaks=0"},
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
    frames, damaged = map(int, done.stderr.split())
    return _samples(done.stdout), frames, damaged


def test_each_library_decodes_as_ffmpeg_does(tmp_path, alone):
    program, name = alone
    path = tmp_path / ("x." + name)
    for rate_hz, channels in ((44100, 2), (44100, 1), (22050, 2), (8000, 1)):
        wav = _tone(tmp_path, rate_hz, channels)
        _run(["ffmpeg", "-v", "error", "-y", "-i", wav, "-b:a", 2 * rate_hz, "-write_xing", "0", path])
        ours, frames, damaged = _alone(program, path)
        assert frames > 6 and damaged == 0
        theirs = _by_ffmpeg(path)
        # FAAD2 leaves the first frame out.
        assert _ratio_db(theirs, ours, -1024 if name == "aac" else 0, channels) > 55, (rate_hz, channels)


def test_no_library_reads_or_writes_beyond_a_damaged_frame(tmp_path, alone):
    program, name = alone
    path = tmp_path / ("x." + name)
    _run(["ffmpeg", "-v", "error", "-i", _tone(tmp_path, 44100, 2, 0.5), "-b:a", "96k", path])
    good = path.read_bytes()
    chance = random.Random(7)
    hurt = 0
    for turn in range(120):
        data = bytearray(good)
        for _ in range(chance.choice((3, 30, 300))):
            # A bit anywhere, or one behind a header: where the lengths and the tables are named.
            at = chance.randrange(len(data))
            if turn % 2:
                at = max(0, data.rfind(b"\xff", 0, at)) + 4 + chance.randrange(30)
            data[min(at, len(data) - 1)] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        hurt += _alone(program, path)[2]
    assert hurt > 0


def test_more_channels_than_a_header_says_are_damage(tmp_path, alone):
    """Of AAC: the elements of a frame tell them again.  An MP3's header is all there is to know."""
    program, name = alone
    path = tmp_path / ("x." + name)
    _run(
        ["ffmpeg", "-v", "error", "-i", _tone(tmp_path, 44100, 2, 0.5), *(["-ac", "6"] if name == "aac" else []), path]
    )
    if name == "aac":
        path.write_bytes(b"".join(map(sbr.as_stereo, sbr.frames(path.read_bytes()))))
    _, frames, damaged = _alone(program, path)
    assert frames > 15 and damaged == (frames if name == "aac" else 0)
