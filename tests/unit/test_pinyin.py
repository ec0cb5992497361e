"""What pinyin may mean: with the table of the image, and with tables that are damaged."""

from kiosk.ui.keyboard.table import DATA

from kiosk.ui.keyboard.pinyin import LETTERS, Table

_TABLE = Table(DATA)


def _texts(letters, most=60):
    return [text for text, _ in _TABLE.candidates(letters, most)]


def test_whole_words_come_first():
    for letters, word in (
        ("nihao", "你好"), ("zhongguo", "中国"), ("women", "我们"), ("beijing", "北京"), ("xianzai", "现在"),
        ("chifan", "吃饭"), ("jisuanji", "计算机"), ("lvse", "绿色"), ("nv", "女"), ("yi", "一"), ("de", "的"),
    ):  # fmt: skip
        assert _texts(letters)[0] == word, (letters, _texts(letters)[:5])
        assert _TABLE.candidates(letters, 1) == [(word, len(letters))]


def test_a_syllable_that_has_only_begun_and_initials():
    assert "你好" in _texts("niha")[:3] and "你好" in _texts("nih")[:3]
    assert _texts("zg")[0] == "中国" and "你好" in _texts("nh")[:12]
    assert "中国" in _texts("zhongg")[:2]
    assert _TABLE.candidates("zg", 1)[0][1] == 2


def test_what_may_be_parted_in_two_ways_is():
    texts = _texts("xian")
    assert "西安" in texts and "先" in texts and "县" in texts
    texts = _texts("xi'an")
    assert texts[0] == "西安" and "先" not in texts and "西" in texts
    assert ("西", 2) in _TABLE.candidates("xi'an", 60)


def test_what_is_left_of_the_letters_waits():
    found = _TABLE.candidates("woaini", 60)
    assert found[0][0].startswith("我") and dict(found)["我"] == 2


def test_characters_of_two_readings_are_under_both():
    assert "行" in _texts("xing") and "行" in _texts("hang")
    assert "银行" in _texts("yinhang")[:2] and "长大" in _texts("zhangda")[:2]


def test_no_candidate_comes_twice_and_no_more_than_asked_for():
    for letters in ("shi", "s", "xian", "zhongg", "yiyi"):
        texts = _texts(letters, 40)
        assert len(texts) == len(set(texts)) <= 40


def test_what_is_no_pinyin_means_nothing():
    for letters in ("", "v", "i", "u", "'", "''", "vvvv", "1", "你", "NIHAO"):
        assert _texts(letters) == [], letters
    assert _texts("nii")[0] == _texts("ni")[0]  # as far as it goes
    assert "你" in _texts("'ni") and "你" in _texts("ni''")


def test_two_hundred_letters():
    assert LETTERS == 24
    for letters in ("z" * 200, "zhuang" * 40, "a" * 200, "a'" * 100):
        found = _TABLE.candidates(letters, 60)
        assert 0 < len(found) <= 60 and all(0 < taken <= LETTERS for _, taken in found), letters[:6]


def test_a_table_that_is_damaged_says_so():
    whole = memoryview(DATA)
    short = bytes(whole[:5000])
    for data in (b"", b"KP", short[:8], short[:2000], short, whole[:-1], b"KF" + short[2:], b"KP\2\0" + short[4:]):
        try:
            Table(data)
        except ValueError as exc:
            assert "table of pinyin" in str(exc)
        else:
            raise AssertionError(len(data))
