"""The table of pinyin: what the host puts in, and what it refuses."""

import struct

import pytest

from host_tools.errors import HostError
from host_tools.fonts.bitmap import common_cjk
from host_tools.pinyin.table import build, shipped

READINGS = {"中": ["zhong"], "国": ["guo"], "行": ["xing", "hang"], "重": ["zhong", "chong"], "果": ["guo"]}
WORDS = [
    ("中国", 900.0, ["zhong", "guo"]),
    ("重", 50.0, ["zhong"]),
    ("中", 40.0, ["zhong"]),
    ("中果", 5.0, ["zhong", "guo"]),
    ("国画", 5.0, ["guo", "hua"]),
    ("行", 9.0, ["hang"]),
]


def groups(data):
    """Syllable -> (characters, [(length, level, text)]) of a table, read by the form's description alone."""
    magic, version, _, count, _ = struct.unpack_from("<2sBBHH", data)
    assert (magic, version) == (b"KP", 1)
    names = [data[8 + 6 * at : 14 + 6 * at].rstrip(b"\0").decode() for at in range(count)]
    offsets = struct.unpack_from(f"<{count + 1}I", data, 8 + 6 * count)
    assert names == sorted(names) and offsets[-1] == len(data)
    characters = []
    for at in offsets[:-1]:
        characters.append("".join(map(chr, struct.unpack_from(f"<{data[at]}H", data, at + 1))))
    found = {}
    for number, name in enumerate(names):
        at, words = offsets[number] + 1 + 2 * len(characters[number]), []
        while at < offsets[number + 1]:
            length = (data[at] >> 6) + 2
            text = characters[number][data[at + 1]]
            for place in range(length - 1):
                syllable, which = struct.unpack_from("<HB", data, at + 2 + 3 * place)
                text += characters[syllable][which]
            words.append((length, data[at] & 63, text))
            at += 3 * length - 1
        found[name] = characters[number], words
    return found


def test_characters_and_words_by_how_usual_they_are():
    found = groups(build(WORDS, READINGS))
    assert set(found) == {"zhong", "guo", "xing", "hang", "chong"}
    assert found["zhong"][0] == "中重" and found["guo"][0] == "国果"
    assert [text for _, _, text in found["zhong"][1]] == ["中国", "中果"]
    assert found["zhong"][1][0][1] == 63 > found["zhong"][1][1][1]
    assert found["hang"] == ("行", []) and found["xing"] == ("行", []) and found["chong"] == ("重", [])
    assert groups(build(WORDS, READINGS, most=1))["zhong"][1] == [(2, 63, "中国")]


def test_a_syllable_that_has_no_room_is_refused():
    for syllable in ("zhuangx", "nü", "a'b", ""):
        with pytest.raises(HostError, match="one to six letters"):
            build([], {"中": [syllable]})


def test_what_images_carry_is_what_they_can_show():
    found = groups(shipped(common_cjk()))
    shown = set(common_cjk())
    assert 390 < len(found) < 420
    everything = {character for characters, _ in found.values() for character in characters}
    assert everything <= shown and len(everything) == 3755
    words = [text for _, each in found.values() for _, _, text in each]
    assert len(words) == 12_000 and {"你好", "中国", "北京", "计算机"} <= set(words)
