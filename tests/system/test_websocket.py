"""wx.connectSocket against a server that is not ours: the `websockets` package, plain and under TLS, in whole mini-programs."""

import json
import ssl
import threading
import time

import pytest
import trustme
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

pytestmark = pytest.mark.online

PAGE = """
import wx

@Page
class Index:
    data = {"open": "", "got": [], "sizes": [], "errors": [], "closed": None}

    def onLoad(self, query):
        self.task = wx.connectSocket(%s)
        self.task.onOpen(self.onOpen)
        self.task.onMessage(self.onMessage)
        self.task.onError(lambda res: self.setData({"errors": self.data["errors"] + [res.errMsg]}))
        self.task.onClose(lambda res: self.setData({"closed": [res.code, res.reason]}))

    def onOpen(self, res):
        self.setData({"open": res.header.get("Sec-WebSocket-Protocol", "none")})
        self.left = %s
        self.sendNext()

    def sendNext(self):
        if self.left:
            self.task.send(data=self.left.pop(0))

    def onMessage(self, res):
        shown = res.data if len(res.data) < 40 else ""
        self.setData({"got": self.data["got"] + [shown], "sizes": self.data["sizes"] + [len(res.data)]})
        self.sendNext()
        if res.data == "bye":
            self.task.close(code=3000, reason="done é")
"""


class Peer:
    """A `websockets` server on a free port; /echo, /big/N (a message of N bytes in fragments), /close/CODE, /ping."""

    def __init__(self, context=None, **options):
        self.closes = []  # code, reason of each connection at the server's end
        self.pongs = []
        self.headers = []
        self._server = serve(self._serve, "127.0.0.1", 0, ssl=context, **options)
        self.port = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()

    def _serve(self, connection):
        kind, _, argument = connection.request.path[1:].partition("/")
        self.headers.append(connection.request.headers)
        if kind == "big":
            connection.send(b"x" * 500 for _ in range(int(argument) // 500))
        elif kind == "close":
            connection.close(int(argument), "from the server")
        elif kind == "ping":
            self.pongs.append(connection.ping(b"are you there").wait(5))
        try:
            for message in connection:
                connection.send(message)
        except ConnectionClosed:
            pass
        self.closes.append((connection.protocol.close_rcvd.code, connection.protocol.close_rcvd.reason))


@pytest.fixture
def peer():
    made = Peer(select_subprotocol=lambda connection, offered: offered[-1] if offered else None)
    yield made
    made.close()


def run(kiosk, url, messages=(), **options):
    """Launch a mini-program that opens a socket and sends messages."""
    page = PAGE % (repr({"url": url, **options}), repr(list(messages)))
    assert kiosk.run({"pages/index/index.py": page}, urlCheck=False)["errMsg"] == "launch:ok"


def until(kiosk, key, wanted=bool):
    """The page's data once `wanted(data[key])`."""
    deadline = time.monotonic() + 60
    while not wanted((data := kiosk.pages()[0]["data"])[key]):
        assert time.monotonic() < deadline, data
        time.sleep(0.05)
    return data


def settled(find):
    """Wait for what the server's thread has yet to note."""
    deadline = time.monotonic() + 60
    while not find() and time.monotonic() < deadline:
        time.sleep(0.02)
    return find()


@pytest.mark.emulator("the program's messages of 70 KB have no room on a board")
def test_echo_and_close(kiosk, peer):
    messages = ["", "é你😀", b"\x00\xff", "x" * 125, "x" * 126, b"y" * 65536, "z" * 70000, "bye"]
    run(kiosk, f"ws://127.0.0.1:{peer.port}/echo", messages, protocols=["chat", "other"], header={"X-Test": "yes"})
    data = until(kiosk, "closed")
    assert data["open"] == "other" and data["errors"] == []
    assert data["sizes"] == [0, 3, 2, 125, 126, 65536, 70000, 3]
    assert data["got"][1] == "é你😀" and data["got"][2] == [0, 255]
    assert data["closed"] == [3000, "done é"]
    assert settled(lambda: peer.closes) == [(3000, "done é")]
    headers = peer.headers[0]
    assert headers["X-Test"] == "yes" and "Sec-WebSocket-Extensions" not in headers


def test_fragments_from_the_server(kiosk, peer):
    run(kiosk, f"ws://127.0.0.1:{peer.port}/big/50000")
    assert until(kiosk, "got")["sizes"] == [50000]


def test_a_message_beyond_the_memory(make_kiosk, peer):
    kiosk = make_kiosk(heap=190 * 1024)
    run(kiosk, f"ws://127.0.0.1:{peer.port}/big/500000")
    data = until(kiosk, "closed")
    assert data["closed"] == [1009, "message too big"]
    assert data["errors"] == ["connectSocket:fail message too big"] and data["got"] == []
    run(kiosk, f"ws://127.0.0.1:{peer.port}/echo", ["x" * 5000, b"y" * 1000, "bye"])
    assert until(kiosk, "closed")["sizes"] == [5000, 1000, 3]


def test_closed_by_the_server(kiosk, peer):
    run(kiosk, f"ws://127.0.0.1:{peer.port}/close/4001")
    data = until(kiosk, "closed")
    assert data["closed"] == [4001, "from the server"] and data["errors"] == []


def test_ping(kiosk, peer):
    run(kiosk, f"ws://127.0.0.1:{peer.port}/ping")
    assert settled(lambda: peer.pongs) == [True]


def test_not_a_websocket_server(kiosk, httpbin):
    run(kiosk, httpbin.url.replace("http", "ws") + "/status/404")
    data = until(kiosk, "closed")
    # gunicorn refuses the upgrade before httpbin sees the request.
    assert data["errors"] == ["connectSocket:fail Error during WebSocket handshake: Unexpected response code: 400"]
    assert data["closed"] == [1006, "abnormal closure"]


def test_the_mini_program_stops(kiosk, peer):
    run(kiosk, f"ws://127.0.0.1:{peer.port}/echo", ["x"])
    until(kiosk, "got")
    kiosk.stop()
    assert settled(lambda: peer.closes) == [(1000, "interrupted")]
    heap = []
    for _ in range(6):
        run(kiosk, f"ws://127.0.0.1:{peer.port}/echo", ["x"])
        until(kiosk, "got")
        kiosk.stop()
        heap.append(kiosk.state()["heapUsed"])
    assert max(heap[2:]) - heap[1] < 512, heap


def test_in_the_background(kiosk, peer):
    run(kiosk, f"ws://127.0.0.1:{peer.port}/echo", ["x"])
    until(kiosk, "got")
    kiosk.hide()
    assert kiosk.pages()[0]["data"]["closed"] is None
    assert until(kiosk, "closed")["closed"] == [1000, "interrupted"]
    assert settled(lambda: peer.closes) == [(1000, "interrupted")]


def test_calls_over_the_console(kiosk, peer):
    run(kiosk, f"ws://127.0.0.1:{peer.port}/echo")
    until(kiosk, "open")
    assert kiosk.call("sendSocketMessage", {"data": "hi"})["errMsg"] == "sendSocketMessage:ok"
    assert until(kiosk, "got")["got"] == ["hi"]
    assert kiosk.call("closeSocket", {"code": 1001})["errMsg"] == "closeSocket:fail invalid code"
    assert kiosk.call("closeSocket")["errMsg"] == "closeSocket:ok"
    assert until(kiosk, "closed")["closed"] == [1000, "normal closure"]
    result = kiosk.call("connectSocket", {"url": f"ws://127.0.0.1:{peer.port}/echo"})
    assert result["errMsg"] == "connectSocket:ok"


def test_tls(kiosk):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    peer = Peer(context)
    try:
        kiosk.put("/ca/test.der", ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode()))
        settings = {"appid": "test", "domains": {"socket": [f"wss://localhost:{peer.port}"]}}
        page = PAGE % (repr({"url": f"wss://localhost:{peer.port}/echo"}), repr(["a" * 20000, b"b" * 3000, "bye"]))
        files = {"kiosk.json": json.dumps(settings), "pages/index/index.py": page}
        assert kiosk.run(files)["errMsg"] == "launch:ok"
        data = until(kiosk, "closed")
        assert data["sizes"] == [20000, 3000, 3] and data["closed"] == [3000, "done é"] and data["errors"] == []
        result = kiosk.call("connectSocket", {"url": f"ws://localhost:{peer.port}/echo"})
        assert (result["errMsg"], result["errno"]) == ("connectSocket:fail url not in domain list", 600002)
        run(kiosk, f"wss://127.0.0.1:{peer.port}/echo")
        data = until(kiosk, "closed")
        assert data["errors"][0].startswith("connectSocket:fail ssl hand shake error: ")
        assert data["closed"] == [1006, "abnormal closure"]
    finally:
        peer.close()
