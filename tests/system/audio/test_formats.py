"""Files that ffmpeg, lame and sox make, played by ours and compared with what ffmpeg hears.

Ratios are signal to noise in dB over the whole file.
"""

import pytest

from tests.system.audio.peers import AAC_PLAIN, ffmpeg, heard_by_ffmpeg, played, ratio_db, run, tone

RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
AAC_HEAD = 1024  # samples before the first sound, which FAAD2 leaves out and ffmpeg does not
# MP3 of ours is 98 dB and AAC 70 dB from ffmpeg's, measured; both round each in their own way.
MP3_DB, AAC_DB = 72, 55
HELD_BYTES = 24 * 1024


def _check(folder, path, channels, rate_hz, least_db, *, head=0, slack=0, places=(0, 371, 1), exact=True):
    """Play all of it and from some places (ms) on; return what was said.  slack: frames that ffmpeg may have more."""
    theirs = heard_by_ffmpeg(path)[head * channels :]
    said, (ours, *sought) = played(folder, path.name, *places)
    assert said["opened"][:2] == [rate_hz, channels] and said["opened"][3] == 0
    assert -slack <= (len(theirs) - len(ours)) // channels <= slack, (len(theirs), len(ours))
    assert ratio_db(theirs, ours) > least_db
    milliseconds = len(ours) // channels * 1000 // rate_hz
    assert abs(said["opened"][2] - milliseconds) <= 50
    assert abs(said["ended"][0] - milliseconds) <= 1 and abs(said["ended"][1] - milliseconds) <= 1
    for place, found, (_, position) in zip(places, sought, said["starts"]):
        first = place * rate_hz // 1000
        assert 0 <= place - position <= 1
        rest = ours[first * channels :]
        assert abs(len(rest) - len(found)) <= (0 if exact else 2 * 1152 * channels), (place, len(rest), len(found))
        assert ratio_db(rest, found) > least_db, place
    assert said["held"] < HELD_BYTES and said["held_open"] == 0
    return said


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("channels", (1, 2))
def test_mp3_of_every_rate(tmp_path, rate_hz, channels):
    path = tmp_path / "x.mp3"
    run("lame", "--quiet", "-b", "64", "--resample", rate_hz / 1000, tone(tmp_path, rate_hz, channels), path)
    _check(tmp_path, path, channels, rate_hz, MP3_DB)


WAYS = {
    "cbr": ("-b", "128"),
    "padded": ("-b", "80"),
    "joint": ("-b", "96", "-m", "j"),
    "crc": ("-b", "64", "-p"),
    "high": ("-b", "320"),
    "vbr": ("-V", "3"),
    "abr": ("--abr", "90"),
    "tags": ("-b", "96", "--tt", "Title", "--add-id3v2", "--pad-id3v2-size", "50000"),
    "old tags": ("-V", "5", "--tt", "Title", "--id3v1-only"),
}


@pytest.mark.parametrize("options", WAYS.values(), ids=WAYS)
def test_mp3_of_lame_is_found_to_the_sample(tmp_path, options):
    path = tmp_path / "x.mp3"
    run("lame", "--quiet", "--resample", "44.1", *options, tone(tmp_path, 44100, 2, 3.3), path)
    _check(tmp_path, path, 2, 44100, MP3_DB, places=(2000, 0, 1, 3299, 26, 1234))


@pytest.mark.parametrize("options", (("-b", "96"), ("-V", "4")), ids=("cbr", "vbr"))
def test_mp3_without_a_header_is_counted(tmp_path, options):
    path = tmp_path / "x.mp3"
    run("lame", "--quiet", "-t", "--resample", "44.1", *options, tone(tmp_path, 44100, 2, 3.3), path)
    _check(tmp_path, path, 2, 44100, MP3_DB, slack=1152, places=(2000, 500))


def test_mp3_of_ffmpeg_and_sox(tmp_path):
    wav = tone(tmp_path, 22050, 2, 2)
    ffmpeg(
        "-i", wav, "-b:a", "48k", "-metadata", "title=x", "-id3v2_version", "4", "-write_id3v1", "1", tmp_path / "f.mp3"
    )
    _check(tmp_path, tmp_path / "f.mp3", 2, 22050, MP3_DB)
    run("sox", wav, "-C", "64.2", tmp_path / "s.mp3")
    _check(tmp_path, tmp_path / "s.mp3", 2, 22050, MP3_DB, slack=1152)


def test_an_ape_tag_is_no_sound(tmp_path):
    path = tmp_path / "x.mp3"
    run("lame", "--quiet", "-b", "96", tone(tmp_path, 44100, 1), path)
    plain, _ = played(tmp_path, path.name)
    item = b"\xff\xfb\x90\x64" * 400  # what looks like frames
    tag = len(item).to_bytes(4, "little") + bytes(4) + b"Cover\0" + item
    foot = (
        b"APETAGEX" + (2000).to_bytes(4, "little") + (len(tag) + 32).to_bytes(4, "little") + (1).to_bytes(4, "little")
    )
    path.write_bytes(path.read_bytes() + tag + foot + bytes(12) + b"TAG" + bytes(125))
    said, _ = played(tmp_path, path.name)
    assert said["ended"] == plain["ended"]


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("channels", (1, 2))
def test_aac_of_every_rate(tmp_path, rate_hz, channels):
    path = tmp_path / "x.aac"
    ffmpeg("-i", tone(tmp_path, rate_hz, channels), *AAC_PLAIN, "-b:a", 3 * rate_hz, path)
    _check(tmp_path, path, channels, rate_hz, AAC_DB, head=AAC_HEAD)


def test_a_long_aac_is_estimated_then_counted(tmp_path):
    path = tmp_path / "x.aac"
    ffmpeg("-i", tone(tmp_path, 16000, 1, 60), "-b:a", "24k", path)
    said, (ours, late) = played(tmp_path, path.name, 55000)
    assert said["opened"][2] != said["ended"][0]
    assert abs(said["opened"][2] - said["ended"][0]) < 1500  # the first 25 s are not like the others
    assert len(ours) * 1000 // 16000 == said["ended"][0]
    assert ratio_db(ours[55000 * 16 :], late) > AAC_DB


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("place", ("first", "last"))
def test_m4a_with_its_index_first_or_last(tmp_path, rate_hz, place):
    path = tmp_path / "x.m4a"
    flags = ("-movflags", "+faststart") if place == "first" else ()
    ffmpeg("-i", tone(tmp_path, rate_hz, 2, 3), *AAC_PLAIN, "-b:a", 3 * rate_hz, *flags, path)
    _check(tmp_path, path, 2, rate_hz, AAC_DB, slack=1024, places=(2500, 0, 1, 1234))


def test_a_video_of_which_only_the_sound_is_played(tmp_path):
    path = tmp_path / "x.mp4"
    video = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=10:duration=3")
    ffmpeg(*video, "-i", tone(tmp_path, 44100, 2, 3), "-c:v", "mpeg4", *AAC_PLAIN, path)
    _check(tmp_path, path, 2, 44100, AAC_DB, slack=1024, places=(2500, 100))
    path = tmp_path / "x.mov"
    ffmpeg("-i", tone(tmp_path, 44100, 2, 3), *AAC_PLAIN, path)
    _check(tmp_path, path, 2, 44100, AAC_DB, slack=1024)
    path = tmp_path / "mp3.mp4"
    ffmpeg("-i", tone(tmp_path, 44100, 2, 3), "-c:a", "libmp3lame", path)
    said, (ours,) = played(tmp_path, path.name)
    assert said["opened"][:2] == [44100, 2] and ratio_db(heard_by_ffmpeg(path)[:200000], ours) > MP3_DB


def test_the_name_says_nothing(tmp_path):
    run("lame", "--quiet", "-b", "64", tone(tmp_path, 44100, 1), tmp_path / "x.aac")
    ffmpeg("-i", tone(tmp_path, 44100, 1), tmp_path / "x.m4a")
    (tmp_path / "x.wav").write_bytes((tmp_path / "x.m4a").read_bytes())
    tone(tmp_path, 44100, 1).rename(tmp_path / "x.mp3")
    for name in ("x.aac", "x.wav", "x.mp3"):
        said, _ = played(tmp_path, name)
        assert abs(said["ended"][0] - 1000) <= 1, name


UNPLAYABLE = {
    "ogg": ("Ogg", ("-c:a", "libvorbis")),
    "flac": ("FLAC", ()),
    "opus.mp4": ("Opus", ("-c:a", "libopus")),
    "alac.m4a": ("alac", ("-c:a", "alac")),
    "fragments.mp4": ("fragments", ("-c:a", "aac", "-movflags", "frag_keyframe+empty_moov")),
    "six.m4a": ("AAC of 6 channels", ("-ac", "6", "-c:a", "aac")),
    "six.aac": ("AAC of 6 channels", ("-ac", "6", "-c:a", "aac")),
    "four.aac": ("AAC of 4 channels", ("-ac", "4", "-channel_layout", "4.0", "-c:a", "aac")),
    "quad.aac": ("AAC of unusual channels", ("-ac", "4", "-channel_layout", "quad", "-c:a", "aac")),
    "eight.aac": ("AAC of 8 channels", ("-ac", "8", "-c:a", "aac")),
    "ltp.aac": ("AAC of type 4, not low complexity", ("-c:a", "aac", "-profile:a", "aac_ltp", "-strict", "-2")),
    "main.aac": ("AAC of type 1, not low complexity", ("-c:a", "aac", "-profile:a", "aac_main")),
    "mp2": ("", ("-c:a", "mp2")),
    "aiff": ("AIFF", ()),
}


@pytest.mark.parametrize("name", UNPLAYABLE)
def test_what_cannot_be_played_says_what_it_is(tmp_path, name):
    words, options = UNPLAYABLE[name]
    path = tmp_path / ("x." + name)
    ffmpeg("-i", tone(tmp_path, 48000, 2), *options, path)
    said, _ = played(tmp_path, path.name)
    assert said["error"][0] == 10004 and words in said["error"][1], said


@pytest.mark.parametrize("name", ("x.mp3", "v.mp3", "x.aac", "x.m4a"))
def test_a_file_cut_short_is_played_as_far_as_it_goes(tmp_path, name):
    path = tmp_path / name
    options = {"v": ("-q:a", "4"), "x": ("-b:a", "96k")}[name[0]]
    ffmpeg("-i", tone(tmp_path, 44100, 2, 3), *options, *(("-movflags", "+faststart") if "m4a" in name else ()), path)
    _, (whole,) = played(tmp_path, name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    said, (cut,) = played(tmp_path, name)
    assert 0.5 < len(cut) / len(whole) < 0.75, said
    assert ratio_db(whole, cut[: -2 * 1152 * 2]) > 60


@pytest.mark.parametrize("name", ("x.mp3", "v.mp3", "x.aac", "x.m4a"))
def test_a_boards_heap_is_enough(tmp_path, name):
    options = {"v": ("-q:a", "4"), "x": ("-b:a", "96k")}[name[0]]
    ffmpeg("-i", tone(tmp_path, 44100, 2, 3), *options, tmp_path / name)
    wide, whole = played(tmp_path, name, 1500)
    narrow, again = played(tmp_path, name, 1500, bits=32, heap="190k")
    assert again == whole and narrow["ended"] == wide["ended"]
    assert narrow["held"] < HELD_BYTES, narrow["held"]
