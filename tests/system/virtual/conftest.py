"""Fixtures of the tests that are about the virtual board itself, whatever the other tests run on."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from host_tools.target import open_target
from tests.system.virtual.boards import BODY, CONNECT


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_):
        """The tests read what they sent, not a log."""


@pytest.fixture(scope="module")
def body_server():
    """The port of an HTTP server that answers each GET with BODY, and closes."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def virtual(tmp_path_factory):
    """A kiosk on a virtual board that the tests of a module share."""
    path = tmp_path_factory.mktemp("virtual") / "output"
    with open(path, "w", encoding="utf-8") as output, open_target("virtual", output=output, warp=True) as target:
        yield target


@pytest.fixture
def online(virtual):
    """The shared kiosk, with its Wi-Fi up."""
    virtual.exec(CONNECT)
    assert virtual.exec("print(wlan.isconnected() or join())").strip() == "True"
    return virtual
