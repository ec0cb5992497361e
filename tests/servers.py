"""
Servers for the tests to talk to, on free loopback ports: httpbin, and HTTPS servers with certificates of trustme's.

A pytest plugin (see conftest.py).  Each server has answered once before a test gets it, and is stopped at the end.
"""

import contextlib
import http.client
import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
from dataclasses import dataclass
from typing import List, Optional

import pytest
import trustme

_START_S = 20
_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """A running server: `url` without a slash at its end, and the port in it."""

    url: str
    port: int


@dataclass(frozen=True)
class TlsServer(Server):
    """A running HTTPS server of an Authority."""

    server: "_TlsServer"

    @property
    def connections(self) -> int:
        """How many clients have connected."""
        return self.server.connections

    @property
    def handshakes(self) -> List[bool]:
        """Each handshake that has succeeded: whether it resumed a session."""
        return self.server.handshakes

    @property
    def requests(self) -> List[str]:
        """The paths that were asked for."""
        return self.server.requests


@pytest.fixture(scope="session")
def httpbin(tmp_path_factory):
    """httpbin under gunicorn's threads: keep-alive, chunked and compressed replies, redirects, delays."""
    folder = tmp_path_factory.mktemp("httpbin")
    with socket.create_server((_HOST, 0)) as listener, open(folder / "log", "w+", encoding="utf-8") as log:
        # gunicorn takes over the listening socket, so that nobody else can get the port in between.
        os.set_inheritable(listener.fileno(), True)
        command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "--threads", "8"]
        command += ["--worker-class", "gthread", "--keep-alive", "5", "--log-level", "warning", "httpbin:app"]
        process = subprocess.Popen(
            command, cwd=folder, pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        port = listener.getsockname()[1]
        try:
            _wait_for_answer(port, process, log)
            yield Server(f"http://{_HOST}:{port}", port)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for_answer(port: int, process: subprocess.Popen, log) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection(_HOST, port, timeout=1)
        try:
            connection.request("GET", "/status/204")
            if connection.getresponse().status == 204:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    log.seek(0)
    pytest.fail(f"httpbin does not answer:\n{log.read()}")


class Authority:
    """A certificate authority of this test run, and HTTPS servers with its certificates."""

    def __init__(self, key_type: trustme.KeyType = trustme.KeyType.ECDSA):
        self._authority = trustme.CA(key_type=key_type)
        self._servers = []

    @property
    def der(self) -> bytes:
        """The authority's own certificate, as a kiosk keeps it in its folder of trusted ones."""
        return ssl.PEM_cert_to_DER_cert(self._authority.cert_pem.bytes().decode())

    def issue(self, *names: str, **options) -> trustme.LeafCert:
        """A certificate for `names`; the options are trustme's (not_before, not_after, key_type)."""
        return self._authority.issue_cert(*names, **options)

    def child(self, key_type: trustme.KeyType = trustme.KeyType.ECDSA) -> "Authority":
        """An authority that this one vouches for; its servers show its certificate, too."""
        made = Authority(key_type)
        made._authority = self._authority.create_child_ca(key_type=key_type)
        made._servers = self._servers
        return made

    def context(self, certificate: trustme.LeafCert) -> ssl.SSLContext:
        """A server's side of TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context

    def serve(self, *names: str, context: Optional[ssl.SSLContext] = None, **options) -> "TlsServer":
        """Start an HTTPS server at 127.0.0.1 with `context`, or else with a certificate for `names`."""
        server = _TlsServer((_HOST, 0), _Echo)
        server.context = context or self.context(self.issue(*names, **options))
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self._servers.append(server)
        port = server.server_address[1]
        return TlsServer(f"https://{names[0]}:{port}", port, server)

    def close(self) -> None:
        """Stop every server."""
        for server in self._servers:
            server.shutdown()
            server.server_close()


class _TlsServer(http.server.ThreadingHTTPServer):
    """Makes the handshake in the connection's own thread: a client that never does it holds up nobody."""

    context: ssl.SSLContext
    patience_s = 60  # an emulated board may need more
    daemon_threads = True

    def __init__(self, *args):
        super().__init__(*args)
        self.connections = 0
        self.handshakes = []
        self.requests = []

    def finish_request(self, request, client_address):
        self.connections += 1
        request.settimeout(self.patience_s)
        try:
            request = self.context.wrap_socket(request, server_side=True)
        except OSError:
            return  # a client that does not trust this server, which is what some tests are about
        self.handshakes.append(request.session_reused)
        with request:
            super().finish_request(request, client_address)
            with contextlib.suppress(OSError):  # the client need not answer the farewell
                request.unwrap()  # without it OpenSSL would not resume the session

    def handle_error(self, request, client_address):
        """A client that hangs up is no news."""


class _Echo(http.server.BaseHTTPRequestHandler):
    """Answers with what was asked, as JSON; `/bytes/N` with N bytes, each its own position modulo 256.

    After `/close` it hangs up; `/to?URL` leads to that URL.
    """

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one segment: with Nagle's algorithm the second would wait for 40 ms

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path, _, location = self.path.partition("?")
        kind, _, count = path[1:].partition("/")
        if kind == "bytes":
            reply, content_type = bytes(i % 256 for i in range(int(count))), "application/octet-stream"
        else:
            asked = {"method": self.command, "path": self.path, "headers": dict(self.headers), "size": len(body)}
            reply, content_type = json.dumps(asked).encode(), "application/json"
        self.server.requests.append(self.path)
        self.send_response(302 if kind == "to" else 200)
        if kind == "to":
            self.send_header("Location", urllib.parse.unquote(location, "latin-1"))  # any bytes
        elif kind == "close":
            self.send_header("Connection", "close")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer  # noqa: N815  http.server's own names

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def authority():
    """An Authority that no kiosk trusts yet."""
    made = Authority()
    yield made
    made.close()
