"""The table of pinyin that is made on the host: what is in it, and in which order."""

import struct

import pytest

from host_tools.errors import HostError
from host_tools.fonts.bitmap import gb2312
from host_tools.pinyin import table

WORDS = {"中国": 900, "中": 500, "国": 400, "重庆": 50, "重要": 300, "种": 20, "绿色": 60, "西安": 10, "先": 30}
CHARACTERS = "种中重国庆要绿色西安先"


def parts(data):
    """(syllables, {syllable: characters}, {length: {letter: words}}) as the head of table.py describes them."""
    magic, count, characters, total = struct.unpack_from("<4sHHI", data)
    assert magic == b"PY\1\0" and total == len(data)
    syllables = [data[12 + 6 * index : 18 + 6 * index].rstrip(b"\0").decode() for index in range(count)]
    starts = struct.unpack_from(f"<{count + 1}H", data, 12 + 6 * count)
    at = 12 + 8 * count + 2
    codes = [chr(code) for code in struct.unpack_from(f"<{characters}H", data, at)]
    read = {each: "".join(codes[starts[index] : starts[index + 1]]) for index, each in enumerate(syllables)}
    at += 2 * characters
    words, start = {}, at + 4 * 54
    for length in range(1, 5):
        index = struct.unpack_from("<27H", data, at + 54 * (length - 1))
        numbers = [struct.unpack_from(f"<{length}H", data, start + 2 * length * each) for each in range(index[-1])]
        texts = ["".join(codes[number] for number in each) for each in numbers]
        words[length] = {chr(97 + each): texts[index[each] : index[each + 1]] for each in range(26)}
        start += 2 * length * index[-1]
    assert start == len(data)
    return syllables, read, words


def test_the_most_used_comes_first():
    syllables, read, words = parts(table.build(8192, CHARACTERS, WORDS))
    assert syllables == sorted(syllables) and "lv" in syllables
    assert read["zhong"] == "中重种" and read["chong"][0] == "重"
    assert words[2]["z"] == ["中国", "重要"] and words[2]["c"] == ["重庆"] and words[2]["l"] == ["绿色"]
    assert words[1]["z"][:2] == ["中", "重"]


def test_there_are_as_many_words_as_there_is_room_for():
    full = table.build(8192, CHARACTERS, WORDS)
    less = table.build(len(full) - 5, CHARACTERS, WORDS)
    assert len(less) == len(full) - 8
    assert parts(less)[2][2]["x"] == [] and parts(full)[2][2]["x"] == ["西安"]
    with pytest.raises(HostError, match="the characters of the keyboard's table take"):
        table.build(200, CHARACTERS, WORDS)


def test_words_with_other_characters_are_left_out():
    _, read, words = parts(table.build(8192, "中国a，", WORDS))
    assert set("".join(read.values())) == {"中", "国"}
    assert [word for letter in words[2].values() for word in letter] == ["中国"]


def test_the_image_has_both_levels_of_gb2312_and_words():
    data = table.build(80 * 1024, gb2312(range(16, 88)), table.dictionary())
    _, read, words = parts(data)
    assert len(data) <= 80 * 1024
    assert set("".join(read.values())) == set(gb2312(range(16, 88)))
    assert sum(map(len, words[2].values())) > 10_000 and sum(map(len, words[4].values())) > 300
    assert "你好" in words[2]["n"] and "我们" in words[2]["w"]


def test_it_is_written_as_a_module_or_not_at_all(tmp_path):
    table.main(["24", str(tmp_path)])
    path = tmp_path / table.PACKAGE / "table.py"
    scope = {}
    exec(path.read_text(encoding="ascii"), scope)
    assert parts(scope["DATA"])[1]["wo"][0] == "我"
    table.main(["0", str(tmp_path)])
    assert not path.exists()
