"""TLS by wx.request and wx.connectSocket: whom a kiosk believes, pinned keys, sessions, and what it says when it does not.

The other sides are Python's ssl with certificates of trustme's, and nginx.
"""

import datetime
import hashlib
import json
import socket
import ssl
import struct
import threading
import time

import pytest
from cryptography import x509

from host_tools.roots import bundle, shipped
from tests.certificates import make, pin_of, rsa_key

pytestmark = pytest.mark.online

_UNTRUSTED = "The certificate is not correctly signed by the trusted CA: "
_NO_TLS_1_2 = "the server does not speak TLS 1.2"
_WRONG_NAME = "The certificate Common Name (CN) does not match with the expected CN"
_WRONG_PIN = "none of the pinned keys is in the server's chain"
_BOTH = """
import wx

@Page
class Index:
    data = {}

    def onLoad(self, query):
        wx.request(url="https://%(server)s/secret", complete=lambda res: self.setData({"request": [res.errMsg, res.get("errno")]}))
        task = wx.connectSocket(url="wss://%(server)s/secret", fail=lambda res: None)
        task.onError(lambda res: self.setData({"socket": res.errMsg}))
        task.onOpen(lambda res: self.setData({"socket": "open"}))
"""


@pytest.fixture
def shop(kiosk, authority):
    """A running mini-program that may talk to any server, on a kiosk that trusts the authority."""
    kiosk.put("/ca/test.der", authority.der)
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    return kiosk


def ask(kiosk, url, **options):
    """The result of wx.request."""
    return kiosk.call("request", {"url": url, **options})


def refused(kiosk, url):
    """The reason why the handshake failed, and that nothing else did."""
    result = ask(kiosk, url)
    start = "request:fail ssl hand shake error: "
    assert result["errMsg"].startswith(start) and result["errno"] == 600001, result
    return result["errMsg"][len(start) :]


def until(kiosk, *keys):
    """The page's data once it has all keys."""
    deadline = time.monotonic() + 60
    while not all(key in (data := kiosk.pages()[0]["data"]) for key in keys):
        assert time.monotonic() < deadline, data
        time.sleep(0.05)
    return data


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_https(shop, authority, name, on_board):
    server = authority.serve(name)
    result = ask(shop, server.url + "/a?b=c", header={"X-Test": "yes"})
    assert result["data"]["path"] == "/a?b=c" and result["data"]["headers"]["X-Test"] == "yes"
    profile = result["profile"]
    assert 0 < profile["connectEnd"] <= profile["SSLconnectionStart"] <= profile["SSLconnectionEnd"]
    assert profile["SSLconnectionEnd"] <= profile["requestStart"] and profile["socketReused"] is False
    assert ask(shop, server.url)["profile"]["socketReused"] is True
    # Records end where they like: bodies around the sizes of TLS's and of our own buffers, both ways.
    sizes = (1, 1023, 1025, 4095, 4097, 16383, 16385, 40_000)
    for size in sizes[:3] if on_board else sizes:  # a board's heap does not hold what its console prints of more
        result = ask(shop, f"{server.url}/bytes/{size}", responseType="arraybuffer")
        assert bytes(result["data"]) == bytes(i % 256 for i in range(size)), size
        result = ask(shop, server.url, method="POST", data="x" * size)
        assert result["data"]["size"] == size


def test_a_timeout_during_the_handshake_and_life_after_it(shop, authority):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result = ask(shop, f"https://localhost:{silent.getsockname()[1]}/", timeout=300)
    assert (result["errMsg"], result["errno"]) == ("request:fail timeout", 5)
    assert ask(shop, authority.serve("localhost").url)["statusCode"] == 200


# Faults: each has a text of its own, by request and by socket, and no byte of either is sent.


def in_days(days):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)


def answering(reply, reset=False):
    """A server that answers the first bytes of every connection with `reply` and hangs up."""

    def start(authority, folder):
        listener = socket.create_server(("127.0.0.1", 0))

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(reply)
                    if reset:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1], lambda: listener.shutdown(socket.SHUT_RDWR)

    return start


def issued(*names, **options):
    """A server with a certificate of the trusted authority's."""
    return lambda authority, folder: (authority.serve(*names, **options).port, None)


def with_context(change):
    """A server whose side of TLS `change` has changed."""

    def start(authority, folder):
        context = authority.context(authority.issue("localhost"))
        context.set_ciphers("ALL:@SECLEVEL=0")
        change(context)
        return authority.serve("localhost", context=context).port, None

    return start


def made(make_certificate):
    """A server with a certificate of tests.certificates."""
    return lambda authority, folder: (
        authority.serve("localhost", context=make_certificate().context(folder)).port,
        None,
    )


def only_tls_1_0(context):
    with pytest.warns(DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1


def only_tls_1_3(context):
    context.minimum_version = ssl.TLSVersion.TLSv1_3


def only_strange_ciphers(context):
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("CAMELLIA:@SECLEVEL=0")


FAULTS = {
    "expired": (issued("localhost", not_after=in_days(-1)), "The certificate validity has expired"),
    "not yet valid": (issued("localhost", not_before=in_days(1)), "The certificate validity starts in the future"),
    "wrong host": (issued("other.example"), _WRONG_NAME),
    "the host is only the end of the name": (issued("notlocalhost", "localhost.example"), _WRONG_NAME),
    "a wildcard for the whole name": (
        made(lambda: make("A server", host="*")),
        _WRONG_NAME + "; " + _UNTRUSTED + "CN=A server is signed by itself",
    ),
    "an IP instead of the name": (issued("127.0.0.1"), _WRONG_NAME),
    "expired and wrong host": (
        issued("other.example", not_after=in_days(-1)),
        "The certificate validity has expired; " + _WRONG_NAME,
    ),
    "self-signed": (
        made(lambda: make("A server", host="localhost")),
        _UNTRUSTED + "CN=A server is signed by itself",
    ),
    "unknown authority": (
        made(lambda: make("A server", make("Nobody's CA"), host="localhost")),
        _UNTRUSTED + "CN=A server is signed by CN=Nobody's CA",
    ),
    "weak key": (
        made(lambda: make("A server", key=rsa_key(1024), host="localhost")),
        _UNTRUSTED + "CN=A server is signed by itself; "
        "The certificate is signed with an unacceptable key (eg bad curve, RSA too short).",
    ),
    "TLS 1.0 only": (with_context(only_tls_1_0), _NO_TLS_1_2),
    "TLS 1.3 only": (with_context(only_tls_1_3), _NO_TLS_1_2),
    "no common cipher": (with_context(only_strange_ciphers), "the server has no cipher in common with us"),
    "plain HTTP": (answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "the server does not speak TLS on this port"),
    "SSH": (answering(b"SSH-2.0-OpenSSH_9.2\r\n"), "the server does not speak TLS on this port"),
    "hangs up": (answering(b""), "the server hung up"),
    "hangs up in a record": (answering(b"\x16\x03\x03\x00\x50\x02\x00"), "the server hung up"),
    "resets": (answering(b"", reset=True), "net::ERR_CONNECTION_RESET"),
    "an alert": (answering(b"\x15\x03\x03\x00\x02\x02\x50"), "the server refused it with alert 80"),
    "a name it does not know": (answering(b"\x15\x03\x03\x00\x02\x02\x70"), "the server does not know the host name"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(kiosk, authority, tmp_path, name):
    start, reason = FAULTS[name]
    kiosk.put("/ca/test.der", authority.der)
    port, close = start(authority, tmp_path)
    try:
        page = _BOTH % {"server": f"localhost:{port}"}
        assert kiosk.run({"pages/index/index.py": page}, urlCheck=False)["errMsg"] == "launch:ok"
        data = until(kiosk, "request", "socket")
    finally:
        if close:
            close()
    assert data["request"] == ["request:fail ssl hand shake error: " + reason, 600001]
    assert data["socket"].endswith("ssl hand shake error: " + reason)
    assert not any(server.requests for server in authority._servers)


def test_an_ip_is_a_name_like_any_other(shop, authority):
    assert ask(shop, authority.serve("127.0.0.1").url)["statusCode"] == 200
    for name in ("127.0.0.2", "localhost"):
        port = authority.serve(name).port
        assert refused(shop, f"https://127.0.0.1:{port}/") == _WRONG_NAME, name


def test_a_name_with_a_wildcard(shop, authority):
    port = authority.serve("*.localhost").port
    assert ask(shop, f"https://shop.localhost:{port}/")["statusCode"] == 200
    for host in ("localhost", "a.shop.localhost"):
        assert refused(shop, f"https://{host}:{port}/") == _WRONG_NAME, host


def test_before_the_clock_is_set(shop, authority):
    server = authority.serve("localhost")
    shop.exec(
        "from kiosk.net import trust\n"
        "class Unset:\n    time = staticmethod(lambda: 0)\n    gmtime = staticmethod(lambda: (2023, 12, 31))\n"
        "real, trust.time = trust.time, Unset"
    )
    assert refused(shop, server.url) == "the clock is not set"
    shop.exec("from kiosk.net import trust\nimport time\ntrust.time = time")
    assert ask(shop, server.url)["statusCode"] == 200


# Roots.


def test_the_image_carries_certifis(kiosk):
    program = "import hashlib, binascii\nfrom kiosk.net.shipped_roots import DATA\nprint(binascii.hexlify(hashlib.sha256(DATA).digest()).decode())"
    assert kiosk.exec(program).strip() == hashlib.sha256(bundle(shipped())).hexdigest()


def test_a_bundle_in_the_folder(kiosk, authority):
    kiosk.put("/ca/roots.bin", bundle([*shipped(), authority.der]))
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    assert ask(kiosk, authority.serve("localhost").url)["statusCode"] == 200
    other = type(authority)()
    assert refused(kiosk, other.serve("localhost").url).startswith(_UNTRUSTED)
    assert ask(kiosk, authority.child().serve("localhost").url)["statusCode"] == 200
    other.close()
    assert kiosk.errors == ""


def test_authorities_that_share_a_name(kiosk, authority, tmp_path):
    roots = [make("Twice") for _ in range(3)]
    kiosk.put("/ca/roots.bin", bundle([*shipped(), *(root.der for root in roots[:2])]))
    kiosk.put("/ca/third.der", roots[2].der)
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    for root in [*roots, roots[0]]:
        context = make("A server", root, host="localhost").context(tmp_path)
        assert ask(kiosk, authority.serve("localhost", context=context).url)["statusCode"] == 200
    context = make("A server", make("Twice"), host="localhost").context(tmp_path)
    assert refused(kiosk, authority.serve("localhost", context=context).url).startswith(_UNTRUSTED)


def test_a_damaged_bundle_takes_nothing_away(kiosk, authority, on_board):
    good = bundle([*shipped(), authority.der])
    flipped = bytearray(good)
    flipped[5000] ^= 1
    url = authority.serve("localhost").url
    damaged = (b"", good[:7], good[:40], good[:5000], bytes(flipped), good[:-1], good + b"\0", b"\2" + good[1:])
    for data in damaged[1:5] if on_board else damaged:
        kiosk.put("/ca/roots.bin", data)
        before = len(kiosk.errors)
        assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
        assert refused(kiosk, url).startswith(_UNTRUSTED), len(data)
        assert "roots.bin is damaged: the image's own certificates count instead" in kiosk.errors[before:]
        kiosk.stop()
        kiosk.put("/ca/test.der", authority.der)  # those count as before
        assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
        assert ask(kiosk, url)["statusCode"] == 200
        kiosk.stop()
        kiosk.exec("import os\nos.remove('/ca/test.der')")
    kiosk.put("/ca/roots.bin", good)
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    assert ask(kiosk, url)["statusCode"] == 200


def test_a_bundle_that_is_replaced_meanwhile(kiosk, authority):
    kiosk.put("/ca/roots.bin", bundle([authority.der]))
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    assert ask(kiosk, authority.serve("localhost").url)["statusCode"] == 200
    other = type(authority)()
    kiosk.put("/ca/roots.bin", bundle([other.der]))
    server = other.serve("localhost")
    assert refused(kiosk, server.url).startswith(_UNTRUSTED)
    assert "roots.bin has changed" in kiosk.errors
    kiosk.stop()
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    assert ask(kiosk, server.url)["statusCode"] == 200
    other.close()


def test_a_file_that_is_no_certificate_is_passed_over(shop, authority):
    shop.put("/ca/bad.der", b"no certificate")
    assert ask(shop, authority.serve("localhost").url)["statusCode"] == 200
    assert "bad.der is passed over: no DER certificate" in shop.errors


# Memory.


def test_a_handshake_needs_no_more_than_what_is_asked_for(make_kiosk, tmp_path, authority, on_board):
    kiosk = make_kiosk(heap=190 * 1024)
    root = make("A CA", key=rsa_key(4096))
    middle = make("Another", root, key=rsa_key(2048))
    context = make("A server", middle, key=rsa_key(2048), host="localhost").context(tmp_path)
    context.load_verify_locations(cadata=middle.der)  # sent along with the server's own
    kiosk.put("/ca/roots.bin", bundle([*shipped(), root.der]))
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    assert ask(kiosk, authority.serve("localhost", context=context).url)["errMsg"] == "request:ok"  # loads the modules
    seen = set()
    in_vain = []
    for free_kb in range(64, 32, -6 if on_board else -1):
        server = authority.serve("localhost", context=context)  # a port of its own: no session to resume
        kiosk.exec(
            f"import gc\nballast = []\ngc.collect()\nwhile gc.mem_free() > {free_kb * 1024}:\n"
            "    ballast.append(bytearray(512))\n    gc.collect()"
        )
        result = ask(kiosk, server.url)
        kiosk.exec("ballast.clear()")
        seen.add(result["errMsg"])
        if result["errMsg"] != "request:ok":
            assert (result["errMsg"], result["errno"]) == ("request:fail out of memory", 111), free_kb
            in_vain += [free_kb] * server.connections
    assert seen == {"request:ok", "request:fail out of memory"}
    assert len(in_vain) <= 2, in_vain  # the one large piece may be gone between the look at the heap and the handshake
    assert ask(kiosk, server.url)["errMsg"] == "request:ok"


# Pins.


def pinned_kiosk(kiosk, pins, server=None, **settings):
    """Launch a mini-program with pins; it asks `server` ("host:port") at once if one is given."""
    text = json.dumps({"appid": "test", "pins": pins, **settings})
    files = {"kiosk.json": text}
    if server:
        files["pages/index/index.py"] = _BOTH % {"server": server}
    assert kiosk.run(files, urlCheck=False)["errMsg"] == "launch:ok"


def pin_of_der(der):
    return pin_of(x509.load_der_x509_certificate(der))


def test_a_pin_may_be_of_any_certificate_in_the_chain(kiosk, authority):
    kiosk.put("/ca/test.der", authority.der)
    child = authority.child()
    leaf = child.issue("localhost")
    leaf_pin = pin_of(x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()))
    wrong = make("Another").pin
    for pins in ([leaf_pin], [pin_of_der(child.der)], [pin_of_der(authority.der)], [wrong, leaf_pin]):
        server = child.serve("localhost", context=child.context(leaf))
        pinned_kiosk(kiosk, {f"https://LocalHost:{server.port}": pins})
        assert ask(kiosk, server.url + "/close")["statusCode"] == 200
        assert ask(kiosk, server.url + "/close")["statusCode"] == 200
        assert server.handshakes == [False, True]
        kiosk.stop()


def test_a_server_with_the_wrong_key_gets_no_byte(kiosk, authority):
    kiosk.put("/ca/test.der", authority.der)
    server = authority.serve("localhost")
    wrong = [make("Another").pin, make("One more").pin]
    pinned_kiosk(kiosk, {server.url: wrong}, server=f"localhost:{server.port}")
    data = until(kiosk, "request", "socket")
    assert data["request"] == ["request:fail ssl hand shake error: " + _WRONG_PIN, 600001]
    assert data["socket"].endswith(_WRONG_PIN)
    assert server.handshakes == [] and server.requests == []


def test_a_pin_is_for_one_port(kiosk, authority):
    kiosk.put("/ca/test.der", authority.der)
    pinned, free = authority.serve("localhost"), authority.serve("localhost")
    pinned_kiosk(kiosk, {pinned.url: [make("Another").pin]})
    assert refused(kiosk, pinned.url) == _WRONG_PIN
    assert ask(kiosk, free.url)["statusCode"] == 200
    # On the way of a redirect, too.
    assert refused(kiosk, f"{free.url}/to?{pinned.url}") == _WRONG_PIN
    assert pinned.requests == [] and len(free.requests) == 2


def test_a_pin_is_no_trust(kiosk, authority):
    server = authority.serve("localhost")
    pinned_kiosk(kiosk, {server.url: [pin_of_der(authority.der)]})
    assert refused(kiosk, server.url).startswith(_UNTRUSTED)


def test_a_session_does_not_lead_past_a_pin(kiosk, authority):
    kiosk.put("/ca/test.der", authority.der)
    server = authority.serve("localhost")
    pinned_kiosk(kiosk, {})
    for _ in range(2):
        assert ask(kiosk, server.url + "/close")["statusCode"] == 200
    assert server.handshakes == [False, True]
    kiosk.stop()
    pinned_kiosk(kiosk, {server.url: [make("Another").pin]})
    assert refused(kiosk, server.url) == _WRONG_PIN
    assert len(server.requests) == 2


_MANY = """
import wx

@Page
class Index:
    data = {}

    def onLoad(self, query):
        for number, url in enumerate(%r):
            wx.request(url=url, complete=lambda res, number=number: self.setData({"n%%d" %% number: res.errMsg}))
"""


def test_handshakes_at_the_same_time_do_not_mix(kiosk, authority, tmp_path, on_board):
    kiosk.put("/ca/test.der", authority.der)
    other = authority.serve("localhost", context=make("A server", make("No CA"), host="localhost").context(tmp_path))
    good, pinned, wrong = (authority.serve("localhost") for _ in range(3))
    pins = {pinned.url: [pin_of_der(authority.der)], wrong.url: [make("Another").pin]}
    order = [good, other, pinned, wrong, good, wrong, other, pinned, good, other]
    if on_board:  # its heap holds no more at once
        order = order[:5]
    files = {
        "kiosk.json": json.dumps({"appid": "test", "pins": pins}),
        "pages/index/index.py": _MANY % [server.url for server in order],
    }
    assert kiosk.run(files, urlCheck=False)["errMsg"] == "launch:ok"
    data = until(kiosk, *(f"n{number}" for number in range(len(order))))
    for number, server in enumerate(order):
        expected = {other: _UNTRUSTED, wrong: _WRONG_PIN}.get(server, "request:ok")
        assert expected in data[f"n{number}"], number
    assert other.requests == wrong.requests == []


# Sessions.


def without_tickets(context):
    context.options |= ssl.OP_NO_TICKET


@pytest.mark.parametrize("change", [lambda context: None, without_tickets], ids=["by ticket", "by session ID"])
def test_a_session_is_resumed(shop, authority, change):
    context = authority.context(authority.issue("localhost"))
    change(context)
    server = authority.serve("localhost", context=context)
    for _ in range(4):
        assert ask(shop, server.url + "/close")["statusCode"] == 200
    assert server.handshakes == [False, True, True, True]
    assert context.session_stats()["hits"] == 3
    shop.stop()
    assert shop.run(urlCheck=False)["errMsg"] == "launch:ok"  # a mini-program knows nothing of another's sessions
    assert ask(shop, server.url + "/close")["statusCode"] == 200
    assert server.handshakes[4:] == [False]


def test_sockets_and_requests_share_sessions(kiosk, authority):
    kiosk.put("/ca/test.der", authority.der)
    server = authority.serve("localhost")
    page = _BOTH % {"server": f"localhost:{server.port}"}
    assert kiosk.run({"pages/index/index.py": page}, urlCheck=False)["errMsg"] == "launch:ok"
    until(kiosk, "request", "socket")  # the server knows nothing of WebSockets
    for _ in range(2):  # the first goes over the connection of the page's
        assert ask(kiosk, server.url + "/close")["statusCode"] == 200
    assert server.handshakes[0] is False and server.handshakes[2:] == [True]
    kiosk.stop()
    socket_first = page.replace("wx.request(url", "self.later = lambda: wx.request(url")
    assert kiosk.run({"pages/index/index.py": socket_first}, urlCheck=False)["errMsg"] == "launch:ok"
    until(kiosk, "socket")
    assert ask(kiosk, server.url + "/close")["statusCode"] == 200
    assert server.handshakes[3:] == [False, True]


def test_nginx_resumes_sessions(kiosk, nginx):
    kiosk.put("/ca/test.der", nginx.der)
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    reused = [ask(kiosk, nginx.tls_url + "/session")["data"] for _ in range(3)]
    assert reused == [".", "r", "r"]


def test_a_server_that_has_forgotten(shop, authority):
    certificate = authority.issue("localhost")
    server = authority.serve("localhost", context=authority.context(certificate))
    for expected in (False, True):
        assert ask(shop, server.url + "/close")["statusCode"] == 200
        assert server.handshakes[-1] is expected
    server.server.context = authority.context(certificate)  # other keys for its tickets
    for expected in (False, True):
        assert ask(shop, server.url + "/close")["statusCode"] == 200
        assert server.handshakes[-1] is expected
    # Whoever cannot resume is looked at like anybody.
    server.server.context = authority.context(type(authority)().issue("localhost"))
    assert refused(shop, server.url).startswith(_UNTRUSTED)
    server.server.context = authority.context(certificate)
    assert ask(shop, server.url + "/close")["statusCode"] == 200
    assert server.handshakes[-1] is False


def test_two_sessions_are_kept(shop, authority):
    servers = [authority.serve("localhost") for _ in range(3)]
    for server in servers:
        assert ask(shop, server.url + "/close")["statusCode"] == 200
    for server in reversed(servers):
        assert ask(shop, server.url + "/close")["statusCode"] == 200
    assert [server.handshakes for server in servers] == [[False, False], [False, True], [False, True]]


def test_a_certificate_is_looked_at_again_after_an_hour(shop, authority):
    server = authority.serve("localhost")
    for later_s in (0, 3000, 3500, 3601):
        shop.exec(
            "import time\nfrom kiosk.net import trust\n"
            "class Later:\n    gmtime = time.gmtime\n"
            f"    time = staticmethod(lambda: time.time() + {later_s})\n"
            "trust.time = Later"
        )
        assert ask(shop, server.url + "/close")["statusCode"] == 200
    assert server.handshakes == [False, True, True, False]
