"""wx.request against nginx: the server that most of the world's answers come from, in its many moods."""

import gzip
import hashlib
import socket
import threading

import pytest

pytestmark = pytest.mark.online

PAGE = """
import hashlib
import wx

@Page
class Index:
    data = {"bytes": 0, "largest": 0, "sha1": "", "errMsg": ""}

    def onLoad(self, query):
        self.digest, self.bytes, self.largest = hashlib.sha1(), 0, 0
        task = wx.request(url=query["url"], enableChunked=True, complete=self.onComplete)
        task.onChunkReceived(self.onChunk)

    def onChunk(self, res):
        self.digest.update(res.data)
        self.bytes += len(res.data)
        self.largest = max(self.largest, len(res.data))

    def onComplete(self, res):
        sha1 = "".join(["%02x" % byte for byte in self.digest.digest()])
        self.setData({"bytes": self.bytes, "largest": self.largest, "sha1": sha1, "errMsg": res.errMsg})
"""


@pytest.fixture
def shop(kiosk):
    """A running mini-program that may talk to any server."""
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    return kiosk


def ask(kiosk, url, **options):
    """The result of wx.request."""
    return kiosk.call("request", {"url": url, **options})


@pytest.mark.parametrize("way", ["files", "chunked"])
def test_three_megabytes_pass_through_a_small_heap(make_kiosk, nginx, way):
    content = hashlib.shake_256(b"stream").digest(3 << 20)
    nginx.add("stream.bin", content)
    kiosk = make_kiosk(heap=190 * 1024)
    kiosk.program({"pages/index/index.py": PAGE})
    kiosk.launch("test", query=f"url={nginx.url}/{way}/stream.bin", urlCheck=False)
    for _ in range(100):
        data = kiosk.pages()[0]["data"]
        if data["errMsg"]:
            break
        kiosk.wait(100)
    assert data["errMsg"] == "request:ok" and data["bytes"] == len(content), (data, kiosk.errors)
    assert data["sha1"] == hashlib.sha1(content).hexdigest() and data["largest"] <= 2048


def test_answers_with_a_length_in_chunks_and_compressed(shop, nginx):
    text = "é你😀 " * 700
    url = nginx.add("text.txt", text.encode())
    (nginx.files / "packed.txt.gz").write_bytes(gzip.compress(text.encode()))
    plain = ask(shop, url)
    assert plain["data"] == text and int(plain["header"]["Content-Length"]) == len(text.encode())
    chunked = ask(shop, nginx.url + "/chunked/text.txt")
    assert chunked["data"] == text and chunked["header"]["Transfer-Encoding"] == "chunked"
    # Compressed only for those who ask for it; then both in chunks and with a length.
    assert "Content-Encoding" not in ask(shop, nginx.url + "/gzip/text.txt")["header"]
    for path, framing in (("/gzip/text.txt", "Transfer-Encoding"), ("/packed/packed.txt", "Content-Length")):
        packed = ask(shop, nginx.url + path, header={"Accept-Encoding": "gzip"})
        assert packed["data"] == text and packed["header"]["Content-Encoding"] == "gzip" and framing in packed["header"]


def test_ranges_and_conditions(shop, nginx):
    url = nginx.add("range.txt", b"0123456789")
    result = ask(shop, url, header={"Range": "bytes=2-4"}, dataType="text")
    assert (result["statusCode"], result["data"]) == (206, "234")
    assert result["header"]["Content-Range"] == "bytes 2-4/10"
    assert ask(shop, url, header={"Range": "bytes=20-"})["statusCode"] == 416
    tag = result["header"]["ETag"]
    unchanged = ask(shop, url, header={"If-None-Match": tag})
    assert unchanged["statusCode"] == 304 and unchanged["data"] == "" and unchanged["header"]["ETag"] == tag
    again = ask(shop, url)
    assert again["profile"]["socketReused"] is True  # after the 304, too, which had no body


def test_bodies_arrive_whole(shop, nginx):
    for size in (0, 1, 2047, 2049, 100_000):
        result = ask(shop, nginx.url + "/post", method="POST", data=b"x" * size)
        assert result["data"] == size, size
    content = bytes(range(256)) * 300
    result = ask(shop, nginx.url + "/uploads/a/b.bin", method="PUT", data=content)
    assert result["statusCode"] == 201 and (nginx.uploads / "a" / "b.bin").read_bytes() == content
    assert ask(shop, nginx.url + "/uploads/a/b.bin", method="DELETE")["statusCode"] == 204
    assert not (nginx.uploads / "a" / "b.bin").exists()


def test_redirects_with_a_body(shop, nginx):
    for status in (301, 302, 303):
        assert ask(shop, f"{nginx.url}/redirect/{status}", method="POST", data="abc")["data"] == "hello"
    for status in (307, 308):
        assert ask(shop, f"{nginx.url}/redirect/{status}", method="POST", data="abc")["data"] == 3


def test_refusals(shop, nginx):
    for path, status in (("/forbidden", 403), ("/files/no.such", 404), ("/files/", 403), ("/oops", 404)):
        assert ask(shop, nginx.url + path)["statusCode"] == status
    assert ask(shop, nginx.url + "/small", method="POST", data="x" * 2000)["statusCode"] == 413
    assert ask(shop, nginx.url + "/files/hello.txt", method="POST", data="x")["statusCode"] == 405
    result = ask(shop, nginx.url + "/closed")
    assert (result["errMsg"], result["errno"]) == ("request:fail net::ERR_EMPTY_RESPONSE", 600001)
    assert ask(shop, nginx.url + "/files/hello.txt")["data"] == "hello"


def test_a_server_that_tires_of_a_connection(shop, nginx):
    reused = [ask(shop, nginx.url + "/few/hello.txt")["profile"]["socketReused"] for _ in range(5)]
    assert reused == [False, True, True, False, True]
    reused = [ask(shop, nginx.url + "/once/hello.txt")["profile"]["socketReused"] for _ in range(2)]
    assert reused == [True, False]  # the first still over the one that was kept before


def test_a_head_only(shop, nginx):
    nginx.add("head.bin", bytes(50_000))
    result = ask(shop, nginx.url + "/files/head.bin", method="HEAD")
    assert result["header"]["Content-Length"] == "50000" and result["data"] == ""
    assert ask(shop, nginx.url + "/files/hello.txt")["profile"]["socketReused"] is True


def test_over_tls(shop, nginx):
    shop.put("/ca/nginx.der", nginx.der)
    text = "0123456789 abcdefghijklmno pqrstuvwxyz\n" * 500  # more than one record of TLS
    nginx.add("tls.bin", text.encode())
    assert ask(shop, nginx.tls_url + "/files/tls.bin", dataType="text")["data"] == text
    result = ask(shop, f"https://localhost:{nginx.tls_port}/chunked/hello.txt")
    assert result["data"] == "hello"
    assert ask(shop, nginx.tls_url + "/post", method="POST", data=b"x" * 10_000)["data"] == 10_000


def test_plain_http_to_a_port_with_tls(shop, nginx):
    result = ask(shop, f"http://127.0.0.1:{nginx.tls_port}/")
    assert result["statusCode"] == 400  # nginx says so in plain text


@pytest.mark.emulator("the Wi-Fi chip of a board has no IPv6")
def test_an_ipv6_literal(shop):
    def answer(listener):
        connection, _ = listener.accept()
        with connection:
            asked.append(connection.recv(4096))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nsix")

    asked = []
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        thread = threading.Thread(target=answer, args=(listener,), daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        result = ask(shop, f"http://[::1]:{port}/a")
        thread.join(5)
    assert result["data"] == "six" and result["profile"]["peerIP"] == "::1" and result["profile"]["port"] == port
    assert b"\r\nHost: [::1]:%d\r\n" % port in asked[0]
