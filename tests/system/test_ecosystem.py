"""Existing MicroPython code in a mini-program: requests, urequests and uwebsockets.client, which block."""

import ssl
import textwrap

import pytest
import trustme

from tests.system.test_websocket import Peer, until

pytestmark = pytest.mark.online

PAGE = """
import json
%s

@Page
class Index:
    data = {"result": None, "error": None}

    def onLoad(self, query):
        try:
            self.setData({"result": self.fetch()})
        except Exception as error:
            self.setData({"error": [type(error).__name__] + [str(arg) for arg in error.args]})

    def fetch(self):
%s
"""


@pytest.fixture
def peer():
    made = Peer()
    yield made
    made.close()


def run(kiosk, imports, *lines, settings=None, **options):
    """The data of a page once `lines`, a function's body, have returned or raised."""
    page = PAGE % (imports, "\n".join("        " + line for line in lines))
    files = {"pages/index/index.py": page, **({"kiosk.json": settings} if settings else {})}
    assert kiosk.run(files, **options)["errMsg"] == "launch:ok"
    return kiosk.pages()[0]["data"]


@pytest.mark.parametrize("name", ["requests", "urequests"])
def test_requests(kiosk, httpbin, name):
    lines = (
        f"answer = {name}.get({httpbin.url!r} + '/get?a=1', headers={{'X-Test': 'yes'}}, timeout=4)",
        "got = [answer.status_code, answer.json()['args'], answer.json()['headers']['X-Test']]",
        f"answer = {name}.post({httpbin.url!r} + '/post', json={{'b': 2}}, timeout=4)",
        f"moved = {name}.request('GET', {httpbin.url!r} + '/redirect-to?status_code=302&url=' + {httpbin.url!r} + '/status/404')",
        "return got + [answer.json()['json'], moved.status_code]",
    )
    data = run(kiosk, f"import {name}", *lines, urlCheck=False)
    assert data["error"] is None
    assert data["result"] == [200, {"a": "1"}, "yes", {"b": 2}, 404]


def test_requests_only_to_listed_domains(kiosk, httpbin):
    data = run(kiosk, "import requests", f"requests.get({httpbin.url!r} + '/get')")
    assert data["error"] == ["OSError", "600002", "url not in domain list"]
    data = run(kiosk, "import requests", "requests.get('gopher://a/b')", urlCheck=False)
    assert data["error"][:2] == ["OSError", "600009"]


def test_requests_check_certificates(kiosk, authority):
    server = authority.serve("localhost")
    settings = '{"appid": "test", "domains": {"request": ["%s"]}}' % server.url
    lines = ("import requests", f"return requests.get({server.url + '/a'!r}, timeout=4).json()['path']")
    data = run(kiosk, *lines, settings=settings)
    assert data["error"][0] == "OSError" and "is not correctly signed by the trusted CA" in data["error"][-1], data
    kiosk.put("/ca/test.der", authority.der)
    data = run(kiosk, *lines, settings=settings)
    assert (data["error"], data["result"]) == (None, "/a")
    other = server.url.replace("localhost", "127.0.0.1")
    data = run(kiosk, "import requests", f"requests.get({other + '/a'!r}, timeout=4)", urlCheck=False)
    assert data["error"] and data["result"] is None, data


def test_redirects_are_checked_too(kiosk, httpbin):
    # The list comes into force within the first request: its headers are asked for after its address.
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    code = f"""
    import requests
    from kiosk import app

    class Header(dict):
        def __iter__(self):
            app.current.settings["urlCheck"] = True
            return iter(list(self.keys()))

    try:
        requests.get("{httpbin.url}/redirect-to?url={httpbin.url}/get", headers=Header(), timeout=4)
    except OSError as error:
        print(error.args[1])
    """
    assert kiosk.exec(textwrap.dedent(code)).strip() == "url not in domain list"


def test_uwebsockets(kiosk, peer):
    lines = (
        f"with uwebsockets.client.connect('ws://127.0.0.1:{peer.port}/echo') as websocket:",
        "    got = []",
        "    for data in ('hello', b'\\x00\\xff', 'é' * 3000, ''):",
        "        websocket.send(data)",
        "        got.append(websocket.recv() == data)",
        "    websocket.settimeout(0.1)",
        "    try:",
        "        websocket.recv()",
        "    except OSError as error:",
        "        got.append(error.args[1])",
        "    websocket.send('still there')",
        "    got.append(websocket.recv())",
        "    assert websocket.open",
        "return got + [websocket.open]",
    )
    data = run(kiosk, "import uwebsockets.client", *lines, urlCheck=False)
    assert data["error"] is None
    assert data["result"] == [True, True, True, True, "timeout", "still there", False]
    # The loop goes on as before, and so do sockets of the other kind.
    script = f"""
    import wx, uwebsockets.client

    @Page
    class Index:
        data = {{"got": []}}

        def onLoad(self, query):
            self.task = wx.connectSocket(url="ws://127.0.0.1:{peer.port}/echo")
            self.task.onOpen(self.onOpen)
            self.task.onMessage(self.onMessage)

        async def onOpen(self, res):
            self.task.send(data="one")
            websocket = uwebsockets.client.connect("ws://127.0.0.1:{peer.port}/echo")
            websocket.send("two")
            self.setData({{"got": self.data["got"] + [websocket.recv()]}})
            websocket.close(3001, "done")

        def onMessage(self, res):
            self.setData({{"got": self.data["got"] + [res.data]}})
    """
    assert kiosk.run({"pages/index/index.py": script}, urlCheck=False)["errMsg"] == "launch:ok"
    assert until(kiosk, "got", lambda got: len(got) == 2)["got"] == ["two", "one"]
    assert (3001, "done") in peer.closes


def test_uwebsockets_closed_by_the_server(kiosk, peer):
    lines = (
        f"websocket = uwebsockets.client.connect('ws://127.0.0.1:{peer.port}/close/4001')",
        "return [websocket.recv(), websocket.open]",
    )
    assert run(kiosk, "import uwebsockets.client", *lines, urlCheck=False)["result"] == [None, False]
    lines = (
        f"websocket = uwebsockets.client.connect('ws://127.0.0.1:{peer.port}/ping')",
        "websocket.settimeout(0.3)",
        "websocket.recv()",
    )
    assert run(kiosk, "import uwebsockets.client", *lines, urlCheck=False)["error"][-1] == "timeout"
    assert peer.pongs == [True]


def test_uwebsockets_only_to_listed_domains(kiosk, peer):
    line = f"uwebsockets.client.connect('ws://127.0.0.1:{peer.port}/echo')"
    data = run(kiosk, "import uwebsockets.client", line)
    assert data["error"] == ["OSError", "600002", "url not in domain list"]
    data = run(kiosk, "import uwebsockets.client", "uwebsockets.client.connect('http://a')", urlCheck=False)
    assert data["error"][0] == "ValueError"
    data = run(kiosk, "import uwebsockets.client", "uwebsockets.client.connect('ws://127.0.0.1:1/')", urlCheck=False)
    assert data["error"] == ["OSError", "600001", "net::ERR_CONNECTION_REFUSED"]


def test_uwebsockets_checks_certificates(kiosk):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    peer = Peer(context)
    try:
        line = f"uwebsockets.client.connect('wss://localhost:{peer.port}/echo').open"
        data = run(kiosk, "import uwebsockets.client", "return " + line, urlCheck=False)
        assert "is not correctly signed by the trusted CA" in data["error"][-1]
        kiosk.put("/ca/test.der", ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode()))
        data = run(kiosk, "import uwebsockets.client", "return " + line, urlCheck=False)
        assert (data["error"], data["result"]) == (None, True)
    finally:
        peer.close()


def test_outside_of_the_loop(kiosk, peer, httpbin):
    # As a board's script would: on the console, with no mini-program.
    code = f"""
    import requests, uwebsockets.client
    print(requests.get("{httpbin.url}/status/204", timeout=4).status_code)
    with uwebsockets.client.connect("ws://127.0.0.1:{peer.port}/echo") as websocket:
        websocket.send("hello")
        print(websocket.recv())
    """
    assert kiosk.exec(textwrap.dedent(code)).split() == ["204", "hello"]


def test_a_mini_program_that_waits_for_too_long_is_stopped(kiosk, peer):
    page = PAGE % (
        "import uwebsockets.client",
        f"        return uwebsockets.client.connect('ws://127.0.0.1:{peer.port}/echo').recv()",
    )
    result = kiosk.run({"pages/index/index.py": page}, urlCheck=False)
    assert "did not give control back" in result["errMsg"], result
    assert kiosk.run()["errMsg"] == "launch:ok"
