"""Addresses and header fields that would lead past kiosk.json are refused before a byte is sent; `tests/addresses.py` has them.

By all four calls that take a URL.  What redirects make of them is tested against TLS (tests/system/test_addresses.py).
"""

import wx
from kiosk.errors import KioskError
from kiosk.net import domains
from kiosk.net.url import parse
from tests.addresses import FIELDS, LISTED, SAME, TRICKS
from tests.fakes import filestore
from tests.fakes.httpserver import HOST, Loopback, ok, replies, request
from tests.fakes.shop import Shop

_ERRNO = {"url": 600009, "domain": 600002}
_SETTINGS = {
    "domains": {
        "request": [LISTED],
        "upload": [LISTED],
        "download": [LISTED],
        "socket": [LISTED.replace("https", "wss")],
    }
}


def _filled(url, port):
    return url.replace("{evil}", "%s:%d" % (HOST, port)).replace("{port}", str(port))


async def _errno(awaitable):
    try:
        await awaitable
    except wx.Error as exc:
        return exc.errno
    raise AssertionError("not refused")


async def _listening(use):
    """use(port), while a server listens there which must hear nothing."""
    async with Loopback(replies(), settings=dict(_SETTINGS)) as net:
        await use(net.port)
        assert net.connections == 0 and net.heads == []
        net.program.settings["urlCheck"] = False  # for the request that Loopback ends with


async def _each_trick(kind, call):
    seen = set()

    async def use(port):
        for name, url, refused in TRICKS:
            assert name not in seen, name
            seen.add(name)
            assert await _errno(call(_filled(url, port))) == _ERRNO[refused], (kind, name)

    await _listening(use)
    assert len(seen) > 100


async def test_tricks_by_request():
    await _each_trick("request", lambda url: wx.request(url=url))


async def test_tricks_by_download():
    await _each_trick("download", lambda url: wx.downloadFile(url=url))


async def test_tricks_by_upload():
    async with Shop(replies(), settings=dict(_SETTINGS)) as net:
        filestore.put(net.files.folder + "/usr/a", b"x")
        for name, url, refused in TRICKS:
            call = wx.uploadFile(url=_filled(url, net.port), filePath=filestore.USR + "a", name="a")
            assert await _errno(call) == _ERRNO[refused], name
        assert net.connections == 0
        net.program.settings["urlCheck"] = False


async def test_tricks_by_socket():
    async def use(port):
        for name, url, refused in TRICKS:
            assert await _refused_socket(_filled(_as_socket(url), port)) == refused, name

    await _listening(use)


def _as_socket(url):
    # With the schemes of sockets and those of requests exchanged.
    scheme, colon, rest = url.partition(":")
    return {"https": "wss", "http": "ws", "wss": "https", "ws": "http"}.get(scheme, scheme) + colon + rest


async def _refused_socket(url):
    from kiosk.net.websocket import sockets

    try:
        sockets.open_socket({"url": url, "header": None, "protocols": None, "timeout": None}, None)
    except KioskError as exc:
        return exc.args[0]
    raise AssertionError("not refused")


async def test_the_same_server_written_otherwise_is_allowed():
    async def use(port):
        for name, url in SAME:
            result = await request(url=_filled(url, port))
            # It was looked up, and there are no name servers in here.
            assert result["errMsg"] == "request:fail net::ERR_NAME_NOT_RESOLVED", (name, result)

    await _listening(use)
    for listed, url in (
        ("https://a", "https://A:443/"), ("https://a:443", "https://a/"), ("https://A:443", "https://a:443/"),
        ("https://127.0.0.1", "https://127.0.0.1:443/x"), ("https://A_b", "https://a_B"),
    ):  # fmt: skip
        domains.check("request", parse(url), {"domains": {"request": [listed]}})


async def test_each_kind_has_its_own_list():
    for listed in ("request", "upload", "download", "socket"):
        for kind in ("request", "upload", "download", "socket"):
            scheme = "wss" if kind == "socket" else "https"
            settings = {"domains": {listed: [("wss" if listed == "socket" else "https") + "://a"]}}
            try:
                domains.check(kind, parse(scheme + "://a/"), settings)
                assert kind == listed
            except KioskError as exc:
                assert exc.args[0] == "domain" and kind != listed


async def test_header_fields():
    async with Loopback(replies()) as net:
        for name, field, value in FIELDS:
            result = await net.get("/", header={field: value})
            assert result["errno"] == 1001 and "parameter.header has an invalid field" in result["errMsg"], name
            for scheme in ("ws://%s:%d/", "http://%s:%d/"):
                url = scheme % (HOST, net.port)
                call = wx.downloadFile if scheme[0] == "h" else wx.connectSocket
                assert await _errno(call(url=url, header={field: value})) == 1001, (name, scheme)
        assert net.connections == 0


async def test_what_the_wire_has_of_odd_values():
    async with Loopback(replies(ok(b""))) as net:
        # Characters of which only the low byte is a line end.
        result = await net.get("/\u010a\u010d?\u2028", header={"X-A": "\u010a\u010d\u2028\u0085"})
        assert result["statusCode"] == 200
        assert net.heads[0][0] == "GET /%C4%8A%C4%8D?%E2%80%A8 HTTP/1.1"
        assert "X-A: \u010a\u010d\u2028\u0085" in net.heads[0] and len(net.heads[0]) == 5, net.heads
