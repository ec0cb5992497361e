"""kiosk.net.domains: only what kiosk.json lists, by exact host and port, over TLS."""

from kiosk.errors import KioskError
from kiosk.net.domains import check
from kiosk.net.url import parse

_SETTINGS = {
    "urlCheck": True,
    "domains": {
        "request": ["https://api.example.com", "https://Port.example:8443", "https://default.example:443"],
        "upload": ["https://up.example"],
        "socket": ["wss://ws.example"],
    },
}


def _allowed(kind, url, settings=_SETTINGS):
    try:
        check(kind, parse(url), settings)
    except KioskError as exc:
        assert exc.errno in (600002, 600009), exc.errno
        return exc.args[0]
    return True


def test_listed_servers():
    for url in ("https://api.example.com", "https://API.example.com:443/x?y", "https://port.example:8443/"):
        assert _allowed("request", url) is True, url
    assert _allowed("request", "https://default.example/") is True
    assert _allowed("upload", "https://up.example/") is True
    assert _allowed("socket", "wss://ws.example/") is True


def test_all_others():
    for url in ("https://example.com/", "https://x.api.example.com/", "https://api.example.com.evil.org/"):
        assert _allowed("request", url) == "domain", url
    for url in (
        "http://api.example.com/",
        "https://api.example.com:8443/",
        "https://port.example/",
        "https://up.example/",
    ):
        assert _allowed("request", url) == "domain", url
    listed = {"domains": {"request": ["http://h"], "socket": ["ws://h"]}}  # which no kiosk.json can have
    assert _allowed("request", "http://h/", listed) == "domain" and _allowed("socket", "ws://h/", listed) == "domain"
    assert _allowed("download", "https://api.example.com/") == "domain"
    assert _allowed("socket", "ws://ws.example/") == "domain"


def test_schemes():
    for check_on in (True, False):
        settings = dict(_SETTINGS, urlCheck=check_on)
        assert _allowed("request", "wss://ws.example/", settings) == "url"
        assert _allowed("socket", "https://ws.example/", settings) == "url"


def test_without_the_check():
    off = {"urlCheck": False}
    for url in ("http://any.host:81/", "https://any.host/", "http://10.0.0.1/"):
        assert _allowed("request", url, off) is True
    assert _allowed("socket", "ws://any.host/", off) is True
    assert _allowed("request", "https://any.host/", {}) == "domain"  # nothing said: nothing allowed
