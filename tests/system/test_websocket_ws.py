"""wx.connectSocket against a server in another language, by other people: `ws` of npm, in whole mini-programs."""

import json
import queue
import subprocess
import threading
import time

import pytest

from host_tools.paths import BUILD, ROOT
from tests.system.test_websocket import run, until

pytestmark = pytest.mark.online

_NODE_PACKAGES = BUILD / "peers" / "node" / "node_modules"


class Peer:
    """tests/peers/wsserver.js; see there what its paths do and what it observes."""

    def __init__(self):
        self._process = subprocess.Popen(
            ["node", str(ROOT / "tests" / "peers" / "wsserver.js"), str(_NODE_PACKAGES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._seen = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.port = self.next("listening")["port"]

    def _read(self):
        for line in self._process.stdout:
            self._seen.put(json.loads(line))

    def next(self, event):
        """The next thing observed of that name."""
        deadline = time.monotonic() + 60
        while True:
            found = self._seen.get(timeout=max(0.01, deadline - time.monotonic()))
            if found["event"] == event:
                return found

    def url(self, path):
        """The address of what a path does."""
        return f"ws://127.0.0.1:{self.port}{path}"

    def close(self):
        """End it."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture
def peer():
    made = Peer()
    yield made
    made.close()


def test_echo_of_text_and_binary(kiosk, peer):
    messages = ["", "é你😀", b"", b"\x00\xff", "x" * 125, b"y" * 126, "z" * 65535, b"b" * 70000, "bye"]
    header = {"X-Test": "yes", "Authorization": "Bearer 1", "Cookie": "a=b", "Referer": "no"}
    run(kiosk, peer.url("/echo"), messages, protocols=["other", "chat"], header=header)
    data = until(kiosk, "closed")
    assert data["open"] == "chat" and data["errors"] == []
    assert data["sizes"] == [0, 3, 0, 2, 125, 126, 65535, 70000, 3]
    assert data["got"][1] == "é你😀" and data["got"][3] == [0, 255]
    assert data["closed"] == [3000, "done é"]
    opened = peer.next("open")
    assert opened["protocol"] == "chat" and opened["extensions"] == ""
    headers = opened["headers"]
    assert (headers["x-test"], headers["authorization"], headers["cookie"]) == ("yes", "Bearer 1", "a=b")
    assert headers["host"] == f"127.0.0.1:{peer.port}" and "referer" not in headers
    assert headers["sec-websocket-protocol"] == "other, chat" and "sec-websocket-extensions" not in headers
    closed = peer.next("close")
    assert (closed["code"], closed["reason"]) == (3000, "done é")


def test_no_subprotocol_in_common(kiosk, peer):
    run(kiosk, peer.url("/echo"), ["bye"], protocols=["other"])
    assert until(kiosk, "closed")["open"] == "none"


def test_fragments(kiosk, peer):
    run(kiosk, peer.url("/fragments/25050"))
    data = until(kiosk, "got")
    assert data["sizes"] == [25050] and data["errors"] == []


def test_a_message_of_a_megabyte(kiosk, peer):
    run(kiosk, peer.url("/big/1000000"))
    assert until(kiosk, "got")["sizes"] == [1000000]


def test_a_message_beyond_the_memory(make_kiosk, peer):
    kiosk = make_kiosk(heap=190 * 1024)
    run(kiosk, peer.url("/big/100000"))
    data = until(kiosk, "closed")
    assert data["closed"] == [1009, "message too big"] and data["got"] == []
    closed = peer.next("close")
    assert (closed["code"], closed["reason"]) == (1009, "message too big")


def test_ping(kiosk, peer):
    run(kiosk, peer.url("/ping"))
    assert peer.next("pong")["data"] == "are you there"


@pytest.mark.parametrize("code", [1000, 1001, 1011, 3000, 4999])
def test_closed_by_the_server(kiosk, peer, code):
    run(kiosk, peer.url(f"/close/{code}"))
    data = until(kiosk, "closed")
    assert data["closed"] == [code, "from ws"] and data["errors"] == []
    assert peer.next("close")["code"] == code


def test_the_server_breaks_off(kiosk, peer):
    run(kiosk, peer.url("/drop"))
    data = until(kiosk, "closed")
    assert data["closed"] == [1001, "Stream end encountered"] and data["errors"] == []
    assert peer.next("close")["code"] == 1006


def test_compression_is_neither_asked_for_nor_taken(kiosk, peer):
    # perMessageDeflate is accepted and has no effect, which RFC 7692 allows any client: it offers no extension, so a
    # server that could compress does not, and one that insists is refused.
    run(kiosk, peer.url("/deflate"), ["x" * 5000, "bye"], perMessageDeflate=True)
    data = until(kiosk, "closed")
    assert data["sizes"] == [5000, 3] and data["errors"] == []
    assert peer.next("open")["extensions"] == ""
    run(kiosk, peer.url("/insist"), ["bye"], perMessageDeflate=True)
    data = until(kiosk, "closed")
    text = "connectSocket:fail Error during WebSocket handshake: an extension that was not asked for"
    assert data["errors"] == [text] and data["closed"] == [1006, "abnormal closure"]
    peer.next("hung up")


FIVE = """
import wx

@Page
class Index:
    data = {"got": {}, "closed": 0, "sixth": ""}

    def onLoad(self, query):
        for number in range(5):
            self.open(str(number))
        wx.connectSocket(url=%r, fail=lambda res: self.setData({"sixth": res.errMsg}))

    def open(self, name):
        task = wx.connectSocket(url=%r)
        task.onOpen(lambda res: task.send(data=name * 2000))
        task.onMessage(lambda res: self.onMessage(task, name, res.data))
        task.onClose(lambda res: self.setData({"closed": self.data["closed"] + (res.code == 1000)}))

    def onMessage(self, task, name, data):
        self.setData({"got." + name: data == name * 2000})
        task.close()
"""


def test_several_sockets_at_once(kiosk, peer):
    page = FIVE % (peer.url("/echo"), peer.url("/echo"))
    assert kiosk.run({"pages/index/index.py": page}, urlCheck=False)["errMsg"] == "launch:ok"
    data = until(kiosk, "closed", lambda closed: closed == 5)
    assert data["got"] == {str(number): True for number in range(5)}
    assert data["sixth"] == "connectSocket:fail reach max websocket connect count 5"
