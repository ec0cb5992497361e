"""kiosk.net.url: what is a URL and what is not, where a redirect leads, how a query is written."""

from kiosk.errors import KioskError
from kiosk.net.url import encode_component, is_host, join, parse, with_query


def _refused(text):
    try:
        parse(text)
    except KioskError as exc:
        assert exc.errno == 600009 and exc.reason == 'invalid url "%s"' % text, exc.reason
        return True
    return False


def test_parts():
    url = parse("https://Example.COM/a/b?c=d&e=f#part")
    assert (url.scheme, url.host, url.port, url.target) == ("https", "example.com", 443, "/a/b?c=d&e=f")
    assert url.secure and url.origin == "https://example.com" and url.authority == "Example.COM"
    url = parse("HTTP://h:8080")
    assert (url.scheme, url.host, url.port, url.target, url.secure) == ("http", "h", 8080, "/", False)
    assert url.origin == "http://h:8080"
    assert parse("http://h?q").target == "/?q"
    assert parse("http://h#/a").target == "/"
    assert parse("http://h/a?b?c/d").target == "/a?b?c/d"


def test_default_ports_and_origins():
    for scheme, port in (("http", 80), ("https", 443), ("ws", 80), ("wss", 443)):
        url = parse("%s://h/" % scheme)
        assert url.port == port and url.key == parse("%s://h:%d/x" % (scheme, port)).key
        assert url.origin == scheme + "://h"
    assert parse("http://h").key != parse("https://h").key
    assert parse("http://h").key != parse("http://i").key
    assert parse("http://h").key != parse("http://h:81").key


def test_ipv6_literals():
    for literal in ("::1", "::", "1:2:3:4:5:6:7:8", "fe80::1", "::ffff:1.2.3.4", "1::", "1:2:3:4:5:6:1.2.3.4"):
        url = parse("http://[%s]:81/x" % literal)
        assert url.host == literal and url.port == 81 and url.origin == "http://[%s]:81" % literal
    for literal in ("", "1", "1:2", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1%25eth0", "::1.2.3"):
        assert _refused("http://[%s]/" % literal), literal
    assert _refused("http://[::1/") and _refused("http://::1/") and _refused("http://[::1]a/")
    assert _refused("http://[1:2:3:4:5:6:7::8]/")


def test_hosts():
    for host in ("a", "a.b", "a-b.c", "xn--fiqs8s.cn", "a_b", "h.", "1.2.3.4", "255.255.255.255", "1a", "0xg", "0x1.a"):
        assert is_host(host), host
    for host in (
        "",
        ".",
        ".a",
        "a..b",
        "a b",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "1.2.3.a.4",
        "a/b",
        "é",
        "0x7f",
        "1.2.3.0X4",
        "a.0x",
    ):
        assert not is_host(host), host
    assert is_host("a" * 63) and not is_host("a" * 64) and not is_host(".".join(["abcdefghi"] * 26))


def test_refused():
    for text in ("", "h", "/path", "//h/", "http:", "http:/h", "http:///", "http://", "ftp://h/", "file:///etc"):
        assert _refused(text), text
    for text in ("http://u@h/", "http://u:p@h/", "http://h:", "http://h:0/", "http://h:65536/", "http://h:8x/"):
        assert _refused(text), text
    for text in (
        "http://h:-1/",
        "http://h:123456/",
        "http://h: 80/",
        "http://h:+80/",
        "http://h:080/",
        "javascript:alert(1)",
    ):
        assert _refused(text), text
    for char in "\x00\t\n\r \x1f\x7f\\":
        assert _refused("http://h/a%sb" % char) and _refused("http://h%s/" % char), repr(char)
    for value in (None, 5, b"http://h/"):
        try:
            parse(value)
            raise AssertionError(value)
        except KioskError:
            pass


def test_a_refused_host_stays_refused():
    # The last authority is kept to save time; a bad one must not be.
    parse("http://good/")
    for _ in range(2):
        assert _refused("http://good:99999/")
    assert parse("http://good/").port == 80 and parse("https://good/").port == 443


def test_what_is_not_ascii_is_encoded():
    assert parse("http://h/你?é=1").target == "/%E4%BD%A0?%C3%A9=1"
    assert parse("http://h/%20%zz").target == "/%20%zz"
    assert _refused("http://é/")


def test_join():
    # RFC 3986, 5.4, as far as HTTP goes.
    base = parse("http://a/b/c/d;p?q")
    for location, expected in (
        ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"), ("g?y", "/b/c/g?y"),
        ("#s", "/b/c/d;p?q"), ("g#s", "/b/c/g"), (";x", "/b/c/;x"), ("", "/b/c/d;p?q"), (".", "/b/c/"), ("./", "/b/c/"),
        ("..", "/b/"), ("../", "/b/"), ("../g", "/b/g"), ("../..", "/"), ("../../g", "/g"), ("../../../g", "/g"),
        ("/./g", "/g"), ("/../g", "/g"), ("g.", "/b/c/g."), (".g", "/b/c/.g"), ("g..", "/b/c/g.."), ("./../g", "/b/g"),
        ("g?y/./x", "/b/c/g?y/./x"), ("g?y/../x", "/b/c/g?y/../x"),
    ):  # fmt: skip
        url = join(base, location)
        assert url.target == expected and url.host == "a" and url.port == 80, (location, url.target)
    url = join(base, "//h:81/x")
    assert (url.scheme, url.host, url.port, url.target) == ("http", "h", 81, "/x")
    url = join(parse("http://a:81/"), "https://h/x")
    assert (url.scheme, url.host, url.port, url.target) == ("https", "h", 443, "/x")
    assert join(parse("http://a:81/b"), "c").port == 81
    assert join(parse("http://[::1]:81/b"), "c").origin == "http://[::1]:81"
    for location in ("http://h /", "ftp://h/", "mailto:a@b", "/a b", "//"):
        try:
            join(base, location)
            raise AssertionError(location)
        except KioskError as exc:
            assert exc.errno == 600009


def test_encode_component():
    # What Node's encodeURIComponent() gives.
    assert encode_component("azAZ09-_.!~*'()") == "azAZ09-_.!~*'()"
    assert encode_component(' "#$%&+,/:;<=>?@[\\]^`{|}') == (
        "%20%22%23%24%25%26%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D"
    )
    assert encode_component("é你😀\n\x00") == "%C3%A9%E4%BD%A0%F0%9F%98%80%0A%00"
    assert encode_component("") == ""


def test_with_query():
    for url, query, expected in (
        ("http://h/a", "", "http://h/a"), ("http://h/a", "x=1", "http://h/a?x=1"), ("http://h/a?b", "x", "http://h/a?b&x"),
        ("http://h/a?", "x", "http://h/a?x"), ("http://h/a?b&", "x", "http://h/a?b&x"), ("http://h#f", "x", "http://h?x#f"),
        ("http://h?a#f?g", "x", "http://h?a&x#f?g"), ("http://h#f", "", "http://h#f"),
    ):  # fmt: skip
        assert with_query(url, query) == expected, (url, query)
