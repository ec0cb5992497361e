"""wx.request: what the options become on the wire, and what the response becomes in the result (wx-rules.md, 6 to 9)."""

import json
import time

import wx
from kiosk import app
from tests.fakes.httpserver import Loopback, failed, ok, replies, request


async def _sent(path="/p", **options):
    """Head lines and body of what a request with these options sends."""
    async with Loopback(replies(ok(b""))) as net:
        result = await net.get(path, **options)
        assert result["errMsg"] == "request:ok", result
        return net.heads[0], net.bodies[0]


async def _refused(reason, errno, path="/", **options):
    async with Loopback(replies()) as net:
        failed(await net.get(path, **options), reason, errno)
        assert net.connections == 0


async def test_a_plain_get():
    head, body = await _sent()
    assert head[0] == "GET /p HTTP/1.1" and head[1].startswith("Host: 127.0.0.1:") and body == b""
    assert sorted(head[2:]) == ["Content-Type: application/json", "User-Agent: mpkiosk"]  # WeChat has it on a GET, too


async def test_data_of_a_get_becomes_the_query():
    for data, expected in (
        ({"a": "x y", "b&": "é/?"}, ("a=x%20y", "b%26=%C3%A9%2F%3F")),
        ({"n": 1, "f": 1.5, "g": 2.0, "t": True, "z": None}, ("n=1", "f=1.5", "g=2", "t=true", "z=null")),
        ({"o": {"k": [1, 2]}}, ("o=" + "%7B%22k%22%3A%20%5B1%2C%202%5D%7D",)),
        (["x", "y"], ("0=x", "1=y")),
        ("raw=1&é", ("raw=1", "%C3%A9")),
        ({}, ()),
        ("", ()),
    ):
        for method in ("GET", "HEAD", "TRACE"):
            head, body = await _sent(data=data, method=method)
            target = head[0].split(" ")[1]
            path, _, query = target.partition("?")
            assert path == "/p" and sorted(query.split("&") if query else ()) == sorted(expected), (data, target)
            assert body == b""
    head, _ = await _sent("/p?a=1#frag", data={"b": 2})
    assert head[0] == "GET /p?a=1&b=2 HTTP/1.1"
    await _refused("invalid request data: an ArrayBuffer cannot become a query", 101, data=b"x")


async def test_data_of_other_methods_becomes_the_body():
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        head, body = await _sent(method=method, data={"a": [1, "é"], "b": None})
        assert head[0] == method + " /p HTTP/1.1"
        assert json.loads(body) == {"a": [1, "é"], "b": None}
        assert "Content-Length: %d" % len(body) in head and "Content-Type: application/json" in head
    for data, expected in (
        ("as é is", "as é is".encode()),
        (b"\x00\xff", b"\x00\xff"),
        (bytearray(b"x"), b"x"),
        ([1], b"[1]"),
    ):
        _, body = await _sent(method="POST", data=data)
        assert body == expected
    _, body = await _sent(method="POST", data=memoryview(b"abcd")[1:3])
    assert body == b"bc"


async def test_bodies_larger_than_a_segment():
    data = bytes(range(256)) * 40
    for size in (2047, 2048, 2049, len(data)):
        head, body = await _sent(method="POST", data=data[:size])
        assert body == data[:size] and "Content-Length: %d" % size in head


async def test_a_form():
    for content_type in ("application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=utf-8"):
        head, body = await _sent(method="POST", data={"a b": "c&d"}, header={"content-type": content_type})
        assert body == b"a%20b=c%26d" and "Content-Type: " + content_type in head
        assert len([line for line in head if line.lower().startswith("content-type")]) == 1
    _, body = await _sent(method="POST", data={"a": 1}, header={"content-type": "text/plain"})
    assert body == b'{"a": 1}'


async def test_no_data():
    head, body = await _sent(method="POST")
    assert "Content-Length: 0" in head and body == b""
    head, _ = await _sent(method="DELETE")
    assert not any(line.startswith("Content-Length") for line in head)


async def test_methods():
    head, _ = await _sent(method="post", data="")
    assert head[0] == "POST /p HTTP/1.1"
    expected = "parameter error: parameter.method should be one of OPTIONS|GET|HEAD|POST|PUT|DELETE|TRACE|CONNECT;"
    for method in ("PATCH", "", "GET /\r\nX: y"):
        await _refused(expected, 1001, method=method)
    async with Loopback(replies(ok(b""), ok(b"x"))) as net:
        result = await net.get("/p?q", method="CONNECT", data={"a": 1})
        assert net.heads[0][0] == "CONNECT 127.0.0.1:%d HTTP/1.1" % net.port and result["data"] == ""
        await net.get()
        assert net.connections == 2


async def test_headers():
    head, _ = await _sent(header={"X-A": "é", "n": 5, "b": True, "User-agent": "me", "none": None})
    for line in ("X-A: é", "n: 5", "b: true", "User-Agent: me"):
        assert line in head, head
    for name in (
        "Referer",
        "referer",
        "HOST",
        "Content-Length",
        "transfer-encoding",
        "Connection",
        "Upgrade",
        "Expect",
    ):
        head, _ = await _sent(header={name: "42"})
        assert not any(line.endswith(": 42") for line in head), head
        assert len(head) == 4
    assert not any("none" in line for line in head)
    for name, value in (
        ("X", "a\r\nY: b"),
        ("X", "a\n"),
        ("X", "a\0b"),
        ("X Y", "a"),
        ("", "a"),
        ("X:", "a"),
        ("é", "a"),
    ):
        reason = "parameter error: parameter.header has an invalid field %r;" % name
        await _refused(reason, 1001, header={name: value})


async def test_types_of_the_options():
    async with Loopback(replies()) as net:
        for name, value, expected in (
            ("data", 5, "String or Object or Array or ArrayBuffer instead of Number"),
            ("header", "x", "Object instead of String"),
            ("timeout", "5", "Number instead of String"),
            ("enableChunked", 1, "Boolean instead of Number"),
        ):
            result = await net.get(**{name: value})
            assert result["errMsg"] == "request:fail parameter error: parameter.%s should be %s;" % (name, expected), (
                result
            )
    result = await request(data="x")
    assert result["errMsg"] == "request:fail parameter error: parameter.url should be String instead of Undefined;"
    assert result["errno"] == 1001


async def test_every_option_of_the_typings_is_declared():
    names = {option[0].lstrip("*") for option in wx.request.options}
    assert names == {
        "url", "data", "dataType", "enableCache", "enableChunked", "enableHttp2", "enableHttpDNS",
        "enableHttpDNSFallback", "enableProfile", "enableQuic", "forceCellularNetwork", "header", "httpDNSServiceId",
        "httpDNSTimeout", "method", "redirect", "responseType", "timeout", "useHighPerformanceMode",
    }  # fmt: skip
    without_effect = {"enableCache": True, "enableHttp2": True, "enableHttpDNS": True, "enableHttpDNSFallback": False}
    without_effect.update({"enableQuic": True, "forceCellularNetwork": True, "httpDNSServiceId": "x"})
    without_effect.update({"httpDNSTimeout": 5, "useHighPerformanceMode": False})
    head, _ = await _sent(**without_effect)
    assert len(head) == 4


async def _received(reply, **options):
    async with Loopback(replies(reply)) as net:
        return await net.get(**options)


async def test_data_by_its_type():
    text = '{"a": [1, "é"]}'
    for body, options, expected in (
        (text, {}, {"a": [1, "é"]}), (text, {"dataType": "其他"}, text), (text, {"responseType": "arraybuffer"}, text.encode()),
        ("null", {}, None), ("not json", {}, "not json"), ("", {}, ""), ("{", {}, "{"), ("5 6", {}, "5 6"),
        ('{"a": 1', {}, '{"a": 1'), ("[1, 2", {}, "[1, 2"), ("[1}", {}, "[1}"), (",5", {}, ",5"), (" [ ] \n", {}, []), ("12", {}, 12),
        ("\ufeff" + text, {}, {"a": [1, "é"]}), ("\ufeffx", {}, "x"), ("\ufeff\ufeffx", {"dataType": "text"}, "\ufeffx"),
        (r'{"a": "\ud83d\ude00"}', {}, {"a": "😀"}), (r'{no \ud83d\ude00', {}, r'{no \ud83d\ude00'),
        (b'{"a": "\xff"}', {}, {"a": "\ufffd"}), (b"a\xffb\xe4\xbd", {}, "a\ufffdb\ufffd"),
        (b"\xef\xbb\xbf\xff", {"responseType": "arraybuffer"}, b"\xef\xbb\xbf\xff"),
    ):  # fmt: skip
        result = await _received(ok(body if isinstance(body, bytes) else body.encode()), **options)
        assert result["data"] == expected and type(result["data"]) is type(expected), (body, options, result["data"])


async def test_any_status_is_a_success():
    for status in (200, 201, 304, 400, 404, 500, 599, 999):
        result = await _received(ok(b"", status="%d X" % status))
        assert result["errMsg"] == "request:ok" and result["statusCode"] == status


async def test_the_fields_of_a_success():
    # wx-typings.json: "request", "@RequestProfile", "@RequestException".
    result = await _received(ok(b"x" * 2000, "Set-Cookie: a=1"))
    fields = {"data", "statusCode", "header", "cookies", "profile", "exception", "useHttpDNS", "errMsg"}
    assert set(result) == fields
    assert result["exception"] == {"retryCount": 0, "reasons": []} and result["useHttpDNS"] is False
    profile = result.profile
    assert len(profile) == 31 and profile.protocol == "http/1.1" and profile.peerIP == "127.0.0.1"
    now_ms = time.time_ns() // 1000000
    order = ("invokeStart", "queueStart", "queueEnd", "fetchStart", "domainLookUpStart", "domainLookUpEnd")
    order += ("connectStart", "connectEnd", "requestStart", "requestEnd", "responseStart", "responseEnd")
    for earlier, later in zip(order, order[1:]):
        assert now_ms - 5000 < profile[earlier] <= profile[later] <= now_ms + 1, (earlier, later)
    assert profile.receivedBytedCount == len(ok(b"x" * 2000, "Set-Cookie: a=1")) and profile.sendBytesCount > 60
    assert profile.rtt == profile.connectEnd - profile.connectStart
    for field in ("SSLconnectionStart", "SSLconnectionEnd", "redirectStart", "redirectEnd", "httpRttEstimate"):
        assert profile[field] == 0
    assert (await _received(ok(b""), enableProfile=False))["profile"] is None


async def test_only_listed_servers():
    settings = {"urlCheck": True, "domains": {"request": ["https://good.example"], "upload": ["https://h"]}}
    app.current = app.MiniProgram("/", {}, dict(settings, appid="test"), {})
    for url in ("https://h/", "http://good.example/", "https://good.example:444/", "https://x.good.example/"):
        failed(await request(url=url), "url not in domain list", 600002)
    for url in ("ws://h/", "h", "https://good.example\\@evil/", "https://good.example@evil/", " https://good.example"):
        failed(await request(url=url), 'invalid url "%s"' % (url + "/" if url == "ws:/" else url), 600009)


async def test_redirects_are_checked_as_well():
    async with Loopback(replies(ok(b"", "Location: http://other.example/", status="302 X"))) as net:

        class Settings(dict):
            asked = 0

            def get(self, name, default=None):
                if name == "urlCheck":
                    self.asked += 1
                    return self.asked > 1  # off for the first server, on from then
                return default

        app.current.settings = Settings()
        failed(await net.get(), "url not in domain list", 600002)
        app.current.settings = {"urlCheck": False}


async def test_without_a_clock_or_certificates_nothing_is_trusted():
    import board
    from kiosk.net import roots, trust

    folder, shipped = board.ca_folder, roots._shipped_bundle
    roots._shipped_bundle = lambda: None
    board.ca_folder = "/proc/self/fdinfo"  # a folder without certificates
    try:
        async with Loopback(replies(ok(b""))) as net:
            result = await request(url="https://127.0.0.1:%d/" % net.port)
            failed(result, "ssl hand shake error: no trusted certificates")
            board.ca_folder = "/no/such/folder"
            failed(await request(url="https://h/"), "ssl hand shake error: no trusted certificates")
            del board.ca_folder
            failed(await request(url="https://h/"), "ssl hand shake error: no trusted certificates")

            class Unset:
                gmtime = staticmethod(lambda: (2023, 12, 31))

            trust.time = Unset
            failed(await request(url="https://h/"), "ssl hand shake error: the clock is not set")
            assert net.connections == 0
    finally:
        board.ca_folder = folder
        roots._shipped_bundle = shipped
        trust.time = time
