"""
kiosk.manifest.strictjson against texts whose faults were found by hand.

What is JSON and what is not was also held against CPython's parser, which agrees on each text of this file but for what
RFC 8259 leaves open (duplicate keys, depth).
"""

import json

from kiosk.manifest import strictjson

_END = 'the file ends before the "%s" of line %d is closed'
_KEY = "expected a key in double quotes"
_COLON = 'expected ":"'
_NEXT_KEY = 'expected "," or "}"'
_NEXT_ENTRY = 'expected "," or "]"'
_VALUE = "expected a value"
_WORD = "expected a value (the only words are true, false and null)"
_DIGIT = "expected a digit"
_ZERO = "a number must not begin with 0"
_FOLLOWS = "nothing may follow the end of the value"
_COMMENT = "a comment, which JSON does not have"
_OPEN_STRING = "the string is not closed"
_OPEN_LINE = "the string is not closed on its line"
_BACKSLASH = 'a "\\" in a string must be written "\\\\"'
_HEX = '"\\u" needs four hexadecimal digits'
_QUOTES = " (a string stands in double quotes)"

# text, line of the fault, reason
_BROKEN = (
    (b"", 1, _VALUE),
    (b" \n\n", 1, _VALUE),
    (b"\xef\xbb\xbf", 1, _VALUE),
    (b"{", 1, _END % ("{", 1)),
    (b'{"a"', 1, _END % ("{", 1)),
    (b'{"a":', 1, _END % ("{", 1)),
    (b'{"a": 1,\n', 1, _END % ("{", 1)),
    (b'{\n"a": [\n1\n\n\n', 3, _END % ("[", 2)),
    (b'{"a": [1,\n2\n]\n', 3, _END % ("{", 1)),
    (b"}", 1, _VALUE),
    (b"]", 1, _VALUE),
    (b",", 1, _VALUE),
    (b":", 1, _VALUE),
    (b"[,1]", 1, _VALUE),
    (b"[1,,2]", 1, _VALUE),
    (b'{"a": }', 1, _VALUE),
    (b'{"a": ,\n"b": 1}', 1, _VALUE),
    (b"[1\n,\n]", 2, 'a "," must not stand before "]"'),
    (b'{"a": 1,\n"b": 2,\n\n}', 2, 'a "," must not stand before "}"'),
    (b"[1 2]", 1, _NEXT_ENTRY),
    (b"[1\n2]", 2, _NEXT_ENTRY),
    (b"[1:2]", 1, _NEXT_ENTRY),
    (b'["a" "b"]', 1, _NEXT_ENTRY),
    (b"[1}", 1, _NEXT_ENTRY),
    (b'{"a": 1]', 1, _NEXT_KEY),
    (b'{"a": 1\n"b": 2}', 2, _NEXT_KEY),
    (b'{"a": "b": 1}', 1, _NEXT_KEY),
    (b'{"a": [1, {"b": 2}\n}', 2, _NEXT_ENTRY),
    (b'{"a" 1}', 1, _COLON),
    (b'{"a",\n"b": 1}', 1, _COLON),
    (b'{"a"}', 1, _COLON),
    (b"{1: 2}", 1, _KEY),
    (b"{a: 1}", 1, _KEY),
    (b"{\n,}", 2, _KEY),
    (b'{"a": 1, null: 2}', 1, _KEY),
    (b"{'a': 1}", 1, _KEY + _QUOTES),
    (b"['a']", 1, _VALUE + _QUOTES),
    (b"[True]", 1, _WORD),
    (b"[\n\nFalse]", 3, _WORD),
    (b"[None]", 1, _WORD),
    (b"[undefined]", 1, _WORD),
    (b"[nul]", 1, _WORD),
    (b"NaN", 1, _WORD),
    (b"[truex]", 1, _NEXT_ENTRY),
    (b"[nulltrue]", 1, _NEXT_ENTRY),
    (b"[-Infinity]", 1, _DIGIT),
    (b"-", 1, _DIGIT),
    (b"[-]", 1, _DIGIT),
    (b"[--1]", 1, _DIGIT),
    (b"[1.]", 1, _DIGIT),
    (b"[1.\n5]", 1, _DIGIT),
    (b"[1.e5]", 1, _DIGIT),
    (b"[1e]", 1, _DIGIT),
    (b"[1E+]", 1, _DIGIT),
    (b"[1e+-2]", 1, _DIGIT),
    (b"[+1]", 1, _VALUE),
    (b"[.5]", 1, _VALUE),
    (b"01", 1, _ZERO),
    (b"[1,\n-00.5]", 2, _ZERO),
    (b"[0x10]", 1, _NEXT_ENTRY),
    (b"[1.2.3]", 1, _NEXT_ENTRY),
    (b"[1_000]", 1, _NEXT_ENTRY),
    (b"1-2", 1, _FOLLOWS),
    (b"1 2", 1, _FOLLOWS),
    (b"{}\n}", 2, _FOLLOWS),
    (b"[]\n,", 2, _FOLLOWS),
    (b'"a" "b"', 1, _FOLLOWS),
    (b"{}\x00", 1, _FOLLOWS),
    (b"{} // end", 1, _COMMENT),
    (b"// start\n{}", 1, _COMMENT),
    (b"/* start */ {}", 1, _COMMENT),
    (b"{\n# a\n}", 2, _COMMENT),
    (b'{"a": 1 // one\n}', 1, _COMMENT),
    (b'{"a": 1, /* two */\n}', 1, _COMMENT),
    (b'{"a": // one\n1}', 1, _COMMENT),
    (b'{"a" /* b */: 1}', 1, _COMMENT),
    (b'"', 1, _OPEN_STRING),
    (b'["a]', 1, _OPEN_STRING),
    (b'["a\\"]', 1, _OPEN_STRING),
    (b'["\\', 1, _BACKSLASH),
    (b'{"a": "b\n}', 1, _OPEN_LINE),
    (b'{\n"a": "b,\r\n"c": 1}', 2, _OPEN_LINE),
    (b'{"a": "b\\"\n}', 1, _OPEN_LINE),
    (b'["a\tb"]', 1, "a control character in a string must be written \\u0009"),
    (b'["\x00"]', 1, "a control character in a string must be written \\u0000"),
    (b'[1,\n"\\u0041\x1f"]', 2, "a control character in a string must be written \\u001f"),
    (b'["C:\\path"]', 1, _BACKSLASH),
    (b'["\\\n"]', 1, _BACKSLASH),
    (b'["\\\'"]', 1, _BACKSLASH),
    (b'["\\x41"]', 1, _BACKSLASH),
    (b'["\\u12"]', 1, _HEX),
    (b'[\n"\\u00g0"]', 2, _HEX),
    (b'["\\u 123"]', 1, _HEX),
    (b'["\\u1', 1, _HEX),
    (b'["\xff"]', 1, "not UTF-8"),
    (b'["ok",\n"\xe4\xbd"]', 2, "not UTF-8"),
    (b'["\\n\x80"]', 1, "not UTF-8"),
    (b'{"\xc4": 1}', 1, "not UTF-8"),
    (b'\xff\xfe{\x00"\x00', 1, "not UTF-8"),
    (b"[1, \xe4", 1, "not UTF-8"),
    (b"{\x00", 1, _KEY),
    (b'{"a": 1\xef\xbc\x8c\n"b": 2}', 1, _NEXT_KEY + ', not "\uff0c"'),
    (b'{"a"\xef\xbc\x9a 1}', 1, _COLON + ', not "\uff1a"'),
    (b"{\xe2\x80\x9ca\xe2\x80\x9d: 1}", 1, _KEY + ', not "\u201c"'),
    (b"[\n\xc2\xa01]", 2, _VALUE + ', not "\xa0"'),
    (b"[1 \xf0\x9f\x98\x80]", 1, _NEXT_ENTRY + ', not "\U0001f600"'),
    (b'\xef\xbb\xbf{"a" 1}', 1, _COLON),
    (b"\n\xef\xbb\xbf{}", 2, _VALUE + ', not "\ufeff"'),
    (b'{"a": 1, "a": 1}', 1, "duplicate key"),
    (b'{"a": {\n"b": 1,\n"\\u0062": 2}}', 3, "duplicate key"),
)

_VALID = (
    b"null",
    b"true",
    b" false\r\n",
    b"0",
    b"-0",
    b"-0.0",
    b"10",
    b"-120.50",
    b"1e5",
    b"1E+05",
    b"2.5e-3",
    b"123456789012345678901234567890",
    b'""',
    b'"abc"',
    b'"a // b /* c */ # d"',
    b'"{[,:]}"',
    b'"\\"\\\\\\/\\b\\f\\n\\r\\t"',
    b'"\\\\"',
    b'"\\u0041\\u4f60\\uABcd"',
    b'"\xe4\xbd\xa0\xe5\xa5\xbd \xf0\x9f\x98\x80"',
    b'"\x7f"',
    b"{}",
    b"[]",
    b"{ }",
    b"[\n]",
    b"[[], {}, [[]], [{}]]",
    b'{"": 0}',
    b'{"a": 1, "b": [1, 2, {"a": null}], "c": {"a": {"a": ""}}}',
    b'{"\\u0061": 1, "A": 2, "a ": 3}',
    b'[{"a": 1}, {"a": 1}]',
    b' \t\r\n{ "a" :\t2\r\n,"b" : [ 1 ,2 ] } ',
    b"[" * 32 + b"]" * 32,
)


def _fault(data):
    try:
        strictjson.loads(data)
    except strictjson.JsonFault as fault:
        return fault
    raise AssertionError("accepted: %r" % data)


def test_broken_texts_are_refused_with_line_and_reason():
    for data, line, reason in _BROKEN:
        fault = _fault(data)
        assert (fault.line, fault.reason) == (line, reason), (data, fault.line, fault.reason)


def test_valid_texts_are_what_json_says_they_are():
    for data in _VALID:
        assert strictjson.loads(data) == json.loads(data), data


def test_a_cut_text_is_never_accepted():
    whole = b'{"a": [1, -2.5e+3, {"b\\n\\u0041": "\xe4\xbd\xa0", "c": true}], "d": {}}'
    assert strictjson.loads(whole)
    for end in range(len(whole)):
        assert _fault(whole[:end]).line == 1, end


def test_byte_order_mark_is_no_part_of_the_text():
    assert strictjson.loads(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert strictjson.line_of(b'\xef\xbb\xbf{"a":\n1}', ("a",)) == 2


def test_depth_is_limited():
    for opening in (b"[", b'{"a":'):
        fault = _fault(b"\n" + opening * 33)
        assert (fault.line, fault.reason) == (2, "nested deeper than 32")


def test_depth_counts_what_is_open_and_no_more():
    assert len(strictjson.loads(b"[" + b"[],{}," * 40 + b"0]")) == 81


def test_duplicate_key_comes_with_its_path():
    assert _fault(b'{"a": 1, "b": [0, {"c": 1, "d": {}, "c": 2}]}').path == ("b", 1, "c")
    assert _fault(b'{"a": 1, "a": 2}').path == ("a",)
    assert _fault(b"[1,").path == ()


def test_fault_has_a_text_for_a_log():
    assert str(_fault(b"[\n1 2]")) == "line 2: " + _NEXT_ENTRY


_TEXT = b"""{
  "pages": ["a",
    "b"],
  "tabBar":
  {
    "list": [
      {"text": "x"}, {
        "text":

          "y", "deep": [[1, 2,
        3]]
      }
    ], "0": 5
  },
  "n\\u0061me":
    "",
  "last": null
}
"""


def test_line_of_a_value_is_where_it_begins():
    for path, line in (
        ((), 1),
        (("pages",), 2),
        (("pages", 0), 2),
        (("pages", 1), 3),
        (("tabBar",), 5),
        (("tabBar", "list"), 6),
        (("tabBar", "list", 0, "text"), 7),
        (("tabBar", "list", 1), 7),
        (("tabBar", "list", 1, "text"), 10),
        (("tabBar", "list", 1, "deep", 0, 1), 10),
        (("tabBar", "list", 1, "deep", 0, 2), 11),
        (("tabBar", "0"), 13),
        (("name",), 16),
        (("last",), 17),
        (["pages", 1], 3),
    ):
        assert strictjson.line_of(_TEXT, path) == line, (path, strictjson.line_of(_TEXT, path))


def test_line_of_what_is_missing_is_its_holders():
    for path, line in (
        (("window", "x"), 1),
        (("pages", 2), 2),
        (("pages", "0"), 2),
        (("tabBar", "list", 1, "pagePath"), 7),
        (("tabBar", 0), 5),
        (("last", "x", 1), 17),
    ):
        assert strictjson.line_of(_TEXT, path) == line, (path, strictjson.line_of(_TEXT, path))
