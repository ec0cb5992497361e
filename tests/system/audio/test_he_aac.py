"""AAC that is more than low complexity in one or two channels: the core of HE-AAC is played, the rest is refused or silent.

Which of both, and why, is in docs/mini-programs.md.
"""

import pytest

from tests.system.audio import sbr
from tests.system.audio.peers import AAC_PLAIN, ffmpeg, heard_by_ffmpeg, played, ratio_db, run, tone

# What is made up out of SBR or PS is left out: ours plays what ffmpeg plays of the same stream without it.
LEAST_DB = 55
FORMAT = 10004


def _adts(folder, rate_hz, channels, *options):
    path = folder / "core.aac"
    ffmpeg("-i", tone(folder, rate_hz, channels, 3), *AAC_PLAIN, "-b:a", "40k", *options, path)
    return path


@pytest.mark.parametrize("rate_hz,channels", ((22050, 2), (24000, 2), (16000, 1)))
def test_the_core_of_he_aac_is_played(tmp_path, rate_hz, channels):
    core = _adts(tmp_path, rate_hz, channels)
    both = tmp_path / "he.aac"
    both.write_bytes(sbr.with_sbr(core.read_bytes()))
    assert both.stat().st_size > core.stat().st_size + 1000
    # Other people's decoder sees SBR in it.
    probed = run("ffprobe", "-v", "quiet", "-show_entries", "stream=profile", "-of", "csv=p=0", both)
    assert probed.decode().strip() == ("HE-AAC" if channels == 2 else "HE-AACv2")
    said, (ours,) = played(tmp_path, both.name)
    plain, (alone,) = played(tmp_path, core.name)
    assert ours == alone and said["opened"][:2] == plain["opened"][:2] == [rate_hz, channels]
    assert ratio_db(heard_by_ffmpeg(core)[1024 * channels :], ours) > LEAST_DB
    assert abs(said["ended"][0] - 3000) < 100


def test_he_aac_in_an_m4a_whose_clock_is_twice_as_fast(tmp_path):
    core = _adts(tmp_path, 22050, 2)
    (tmp_path / "he.aac").write_bytes(sbr.with_sbr(core.read_bytes()))
    path = tmp_path / "he.m4a"
    ffmpeg("-i", tmp_path / "he.aac", "-c", "copy", path)
    assert b"mdhd" in path.read_bytes() and (44100).to_bytes(4, "big") in path.read_bytes()
    said, (ours, late) = played(tmp_path, path.name, 1500)
    _, (alone,) = played(tmp_path, core.name)
    assert said["opened"][:2] == [22050, 2]
    assert abs(said["opened"][2] - 3000) < 150 and abs(said["ended"][1] - 3000) < 150
    assert ratio_db(alone, ours[-len(alone) :]) > 90
    assert ratio_db(ours[1500 * 22050 // 1000 * 2 :], late) > LEAST_DB


@pytest.mark.parametrize("kind,channels", ((5, 2), (5, 1), (29, 1)), ids=("v1", "v1 mono", "v2"))
def test_an_m4a_that_says_he_aac_plays_its_core_in_its_time(tmp_path, kind, channels):
    path = tmp_path / "he.m4a"
    ffmpeg("-i", tone(tmp_path, 22050, channels, 3), *AAC_PLAIN, "-b:a", "40k", tmp_path / "plain.m4a")
    path.write_bytes(sbr.says_he_aac((tmp_path / "plain.m4a").read_bytes(), 22050, channels, kind))
    said, (ours, late) = played(tmp_path, path.name, 1500)
    _, (plain,) = played(tmp_path, "plain.m4a")
    assert said["opened"][:2] == [22050, channels]
    assert abs(said["opened"][2] - 3000) < 100 and abs(said["ended"][1] - 3000) < 100
    assert ratio_db(plain, ours) > 90
    assert ratio_db(ours[1500 * 22050 // 1000 * channels :], late) > LEAST_DB


def test_more_channels_than_a_header_says_are_no_sound_and_no_crash(tmp_path):
    path = tmp_path / "x.aac"
    ffmpeg("-i", tone(tmp_path, 48000, 2, 3), "-ac", 6, "-c:a", "aac", path)
    path.write_bytes(b"".join(map(sbr.as_stereo, sbr.frames(path.read_bytes()))))
    for bits in (64, 32):
        said, _ = played(tmp_path, path.name, bits=bits, heap="4m" if bits == 64 else "190k")
        assert said["error"][0] == FORMAT and "could be decoded" in said["error"][1], said
