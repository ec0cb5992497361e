"""kiosk.net.text: bytes that claim to be UTF-8.  Expected values: CPython's bytes.decode("utf-8", "replace")."""

from kiosk.net.text import decode, header_text, without_mark

_CASES = (
    (b"", ""), (b"plain", "plain"), ("é你😀".encode(), "é你😀"), (b"\xff", "\ufffd"), (b"a\xffb", "a\ufffdb"),
    (b"\x80\x80", "\ufffd\ufffd"), (b"\xc0\x80", "\ufffd\ufffd"), (b"\xc1\xbf", "\ufffd\ufffd"), (b"\xc3", "\ufffd"),
    (b"\xc3(", "\ufffd("), (b"\xe0\x80\x80", "\ufffd\ufffd\ufffd"), (b"\xe4\xbd", "\ufffd"), (b"\xe4\xbdx", "\ufffdx"),
    (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"), (b"\xed\x9f\xbf", "\ud7ff"), (b"\xee\x80\x80", "\ue000"),
    (b"\xf0\x80\x80\x80", "\ufffd\ufffd\ufffd\ufffd"), (b"\xf0\x9f\x98", "\ufffd"), (b"\xf0\x9f\x98x", "\ufffdx"),
    (b"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"), (b"\xf4\x8f\xbf\xbf", "\U0010ffff"), (b"\xf5", "\ufffd"),
    (b"\xf8\x88\x80\x80\x80", "\ufffd\ufffd\ufffd\ufffd\ufffd"), (b"\xe4\xe4\xbd\xa0", "\ufffd你"),
)  # fmt: skip


async def test_what_is_not_utf_8_is_replaced():
    for data, expected in _CASES:
        # MicroPython's own decoder is more lenient than the standard: an invalid byte at the end makes sure of ours.
        got = await decode(memoryview(data + b"\xff"))
        assert got == expected + "\ufffd", (data, got)


async def test_segments_do_not_cut_characters():
    for before in range(505, 516):
        text = "x" * before + "é你😀" * 200
        data = text.encode() + b"\xff"
        assert await decode(memoryview(data)) == text + "\ufffd", before
    data = b"\x80" * 2000
    assert await decode(memoryview(data)) == "\ufffd" * 2000


def test_one_byte_order_mark():
    for data, expected in (
        (b"\xef\xbb\xbfx", b"x"), (b"\xef\xbb\xbf\xef\xbb\xbfx", b"\xef\xbb\xbfx"), (b"x", b"x"), (b"", b""),
        (b"\xef\xbb", b"\xef\xbb"), (b"\xef\xbb\xbf", b""), (b"\xef\xbbxy", b"\xef\xbbxy"),
    ):  # fmt: skip
        assert bytes(without_mark(memoryview(data))) == expected


def test_header_lines():
    assert header_text("X: é".encode()) == "X: é" and header_text(b"X: \xe9") == "X: é"
