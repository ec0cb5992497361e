"""kiosk.net.jsontext: pairs of escapes, and what MicroPython's parser takes although it is no JSON."""

import json

from kiosk.net.jsontext import loads


def _loads(text):
    data = b"<<" + text.encode() + b">>"
    return loads(bytearray(data), 2, len(data) - 4)


def test_pairs_of_escapes():
    # Expected: CPython's json.loads().
    for text, expected in (
        (r'"\ud83d\ude00"', "😀"),
        (r'"a\uD83D\uDE00b\ud83d\ude01c"', "a😀b😁c"),
        (r'{"\ud83d\ude00": ["\udbff\udfff", "\u4f60", "\n"]}', {"😀": ["\U0010ffff", "你", "\n"]}),
        (r'"\\ud83d\ude00"', "\\ud83d" + chr(0xDE00)),
        (r'"\\\ud83d\ude00"', "\\😀"),
        (r'"\\\\ud83d\\ude00"', "\\\\ud83d\\ude00"),
        (r'"\ud83d\ud83d\ude00"', chr(0xD83D) + "😀"),
        (r'"\ud83dx\ude00"', chr(0xD83D) + "x" + chr(0xDE00)),
        (r'"\ude00\ud83d"', chr(0xDE00) + chr(0xD83D)),
        (r'"\ud83d"', chr(0xD83D)),
        (r'"\ud7ff\ue000"', "\ud7ff\ue000"),
    ):
        assert _loads(text) == expected, (text, _loads(text), expected)


def test_many_pairs_between_much_text():
    filling = "x" * 100 + "é\\\\" + "\\n"
    text = '["' + '", "'.join([filling + r"\ud83d\ude00" * 3 + filling] * 30) + '"]'
    plain = text.replace(r"\ud83d\ude00", "😀")
    assert _loads(text) == json.loads(plain)


def test_no_json():
    for text in (
        "",
        " ",
        "{",
        "[1, 2",
        '{"a": 1',
        "[1}",
        '{"a": 1]',
        ",5",
        ":5",
        ",[]",
        "[]]",
        "nul",
        '"a',
        "1 2",
        r"{\ud83d\ude00",
    ):
        before = text
        try:
            value = _loads(text)
        except ValueError:
            assert text == before
            continue
        raise AssertionError((text, value))


def test_json():
    for text, expected in (
        ("[ ]", []),
        (" {} \r\n", {}),
        ("\t5", 5),
        ("-1.5", -1.5),
        ("null", None),
        ("true", True),
        ('""', ""),
    ):
        assert _loads(text) == expected and type(_loads(text)) is type(expected), text
