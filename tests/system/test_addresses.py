"""Redirects that lead past kiosk.json are not followed: each trick of tests/addresses.py as the Location of a listed server."""

import json
import socket
import threading
import urllib.parse

import pytest

from tests.addresses import SAME, TRICKS

pytestmark = pytest.mark.online

# What no longer is what it was: as a reference it is a path on the same server, or its blanks belong to the header.
_PATHS = ("a long s in the scheme", "an empty scheme", "nothing", "a space before it all")
_LISTED = "shop.example:8443"


class Evil:
    """A server that counts who connects to it."""

    def __init__(self):
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def evil():
    made = Evil()
    yield made
    made.close()


@pytest.fixture
def listed(kiosk, authority):
    """The one server that the running mini-program may talk to."""
    server = authority.serve("localhost")
    kiosk.put("/ca/test.der", authority.der)
    settings = {"appid": "test", "domains": {"request": [server.url], "download": [server.url]}}
    assert kiosk.run({"kiosk.json": json.dumps(settings)})["errMsg"] == "launch:ok"
    return server


def lead(kiosk, server, location):
    """The result of a request that `server` redirects to `location`."""
    return kiosk.call("request", {"url": f"{server.url}/to?{urllib.parse.quote(location, safe='')}"})


def filled(url, server, evil):
    url = url.replace(_LISTED, f"localhost:{server.port}")
    return url.replace("{evil}", f"127.0.0.1:{evil.port}").replace("{port}", str(evil.port))


def test_tricks(kiosk, listed, evil):
    tried = 0
    for name, url, refused in TRICKS:
        if name in _PATHS or any(char in url for char in "\r\n\0"):  # which no header can hold
            continue
        before = len(listed.requests)
        result = lead(kiosk, listed, filled(url, listed, evil))
        if url.startswith(("http://", "ws://")):
            assert result["errMsg"] == "request:fail net::ERR_UNSAFE_REDIRECT", (name, result)
        elif url.startswith("//"):
            assert result["errno"] == 600002, (name, result)  # in the scheme of the page that says so
        else:
            assert result["errno"] == {"url": 600009, "domain": 600002}[refused], (name, result)
        assert len(listed.requests) == before + 1, name
        tried += 1
    assert tried > 100 and evil.connections == 0


def test_what_is_a_path_on_the_same_server(kiosk, listed, evil):
    for location in (
        "/x",
        "x",
        "?x",
        "./x",
        f"/https://127.0.0.1:{evil.port}/",
        "http\u017f://127.0.0.1/",
        "://127.0.0.1/",
    ):
        result = lead(kiosk, listed, location)
        assert result["statusCode"] == 200, location
        assert result["data"]["headers"]["Host"] == f"localhost:{listed.port}"
    assert evil.connections == 0


def test_the_same_server_written_otherwise(kiosk, listed, evil):
    for name, url in SAME:
        url = filled(
            url.replace("SHOP.EXAMPLE:8443", _LISTED).replace("Shop.Example:8443", "LocalHost:8443"), listed, evil
        )
        result = lead(kiosk, listed, url.replace("LocalHost:8443", f"LocalHost:{listed.port}"))
        assert result["statusCode"] == 200, (name, result)
    assert evil.connections == 0


def test_every_hop_of_a_chain(kiosk, listed, evil):
    inner = f"{listed.url}/to?" + urllib.parse.quote(f"https://127.0.0.1:{evil.port}/", safe="")
    result = lead(kiosk, listed, inner)
    assert result["errno"] == 600002 and len(listed.requests) == 2
    result = kiosk.call("downloadFile", {"url": f"{listed.url}/to?" + urllib.parse.quote(inner, safe="")})
    assert (result["errMsg"], result["errno"]) == ("downloadFile:fail url not in domain list", 600002)
    assert len(listed.requests) == 4 and evil.connections == 0
