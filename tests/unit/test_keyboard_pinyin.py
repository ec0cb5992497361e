"""Pinyin: letters in, hanzi out, from the image's own table."""

import random
from array import array

from kiosk.ui.keyboard.table import DATA

import kiosk
from kiosk.ui.keyboard.composer import Composer
from kiosk.ui.keyboard.pinyin import MOST_LETTERS, Pinyin
from kiosk.ui.keyboard.scan import plain, scan
from kiosk.ui.paint import font


def _first(letters, count=1):
    found = []
    for candidate in Pinyin(DATA).candidates(letters):
        if candidate not in found:
            found.append(candidate)
        if len(found) == count:
            break
    return found


def test_a_word_is_found_by_its_syllables_their_beginnings_and_first_letters():
    for letters in ("zhongguo", "zhongg", "zhguo", "zg", "ZhongGuo", "zhong'guo"):
        assert _first(letters) == [("中国", len(letters))], letters
    assert _first("women") == [("我们", 5)] and _first("nihao") == [("你好", 5)]
    assert _first("lv", 2)[0][1] == 2 and ("绿", 2) in _first("lv", 20)


def test_the_input_is_cut_in_more_than_one_way():
    found = _first("xian", 12)
    assert ("先", 4) in found and ("西安", 4) in found and found[0][1] == 4
    assert len(found[0][0]) == 1
    assert _first("xi'an") == [("西安", 5)]
    assert ("方案", 6) in _first("fangan", 3) and ("反感", 6) in _first("fangan", 3)


def test_what_no_word_covers_is_taken_piece_by_piece():
    assert _first("woaini") == [("我", 2)]
    assert _first("zhongguorenmin") == [("中国", 8)]


def test_a_syllable_offers_each_of_its_characters_and_a_letter_the_most_used():
    found = [text for text, _ in Pinyin(DATA).candidates("yi") if len(text) == 1]
    assert len(set(found)) > 100 and "一" in found[:3]
    assert ("的", 1) in _first("d", 5)


def test_what_is_no_pinyin_gives_nothing():
    for letters in ("", "'", "''", "v", "i", "你", "a1", "\0", "{", "a b"):
        assert _first(letters) == [], letters
    assert _first("a" * MOST_LETTERS, 5) and _first("a" * (MOST_LETTERS + 1)) == []
    assert _first("x" * 200) == [] and _first("zhuang" * 40) == []


def test_no_text_comes_twice():
    for letters in ("xian", "shi", "zhang", "fangan", "x", "lve"):
        texts = [text for text, _ in Pinyin(DATA).candidates(letters)]
        assert texts and len(set(texts)) == len(texts), letters


def test_random_letters_do_no_harm():
    random.seed(6)
    pinyin = Pinyin(DATA)
    for _ in range(300):
        letters = "".join(random.choice("aeioungzhsx'vqb") for _ in range(random.randint(1, MOST_LETTERS)))
        for count, (text, taken) in enumerate(pinyin.candidates(letters)):
            assert text and 0 < taken <= len(letters)
            if count > 30:
                break


def _refused(data):
    try:
        Pinyin(data)
    except ValueError as exc:
        return str(exc)
    return ""


def _small():
    """A table of one character, as host_tools/pinyin/table.py describes it."""
    lone = b"\0\0" + b"\1\0" * 26
    parts = b"a\0\0\0\0\0" + b"\0\0\1\0" + b"\x4a\x55" + lone + bytes(3 * 54) + b"\0\0"
    return b"PY\1\0" + b"\1\0\1\0" + bytes((12 + len(parts), 0, 0, 0)) + parts


def test_a_damaged_table_is_refused():
    data = _small()
    assert set(Pinyin(data).candidates("a")) == {("啊", 1)}
    assert _refused(b"") and _refused(b"KF" + data[2:]) == "this is no table of pinyin"
    assert "damaged" in _refused(data[:-2]) and "damaged" in _refused(data + b"\0\0")
    for at in (4, 6, 8, 10):
        assert "damaged" in _refused(data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]), at
    assert "damaged" in _refused(data[:4] + b"\xff" * 8 + data[12:])


def test_the_loop_is_the_same_in_viper():
    random.seed(7)
    words = bytes(random.getrandbits(4) if index % 2 == 0 else 0 for index in range(600))
    assert kiosk._scan is not plain, "no native emitter"
    for _ in range(200):
        length = random.randint(1, 4)
        bounds = array("i")
        for _ in range(length):
            low = random.randint(0, 12)
            bounds.extend(array("i", (low, low + random.randint(0, 6))))
        at, end = (random.randint(0, 70) * 2 * length for _ in range(2))
        assert scan(words, at, end, length, bounds) == plain(words, at, end, length, bounds)


def _texts(composer, width=320):
    return [key[4][0] for key in composer.keys(width, 0, 36) if isinstance(key[4], tuple)]


def test_pages_of_candidates_go_forth_and_back_and_none_comes_twice():
    composer = Composer(DATA, font.face(16))
    assert composer.spell("shi")
    seen = first = _texts(composer)
    for _ in range(40):
        composer.turn(True)
        texts = _texts(composer)
        if texts[0] in seen:
            break
        seen = seen + texts
    assert len(seen) == len(set(seen)) > 40
    for _ in range(40):
        composer.turn(False)
        texts = _texts(composer)
    assert texts == first
    assert not composer.spell("a" * 200) and composer.letters == "shi"


def test_what_the_image_has_no_picture_of_is_not_offered():
    composer = Composer(DATA, font.face(16))
    composer.spell("yi")
    rare = [text for text, _ in Pinyin(DATA).candidates("yi") if not font.face(16).has(ord(text[0]))]
    assert rare
    offered = []
    while True:
        texts = _texts(composer)
        if offered[-len(texts) :] == texts:
            break
        offered += texts
        composer.turn(True)
    assert not set(rare) & set(offered) and "一" in offered
