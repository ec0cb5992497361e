"""wx.request against servers that are not ours: httpbin, and HTTPS by Python's ssl with certificates of trustme's."""

import datetime
import json
import socket
import threading
import time

import pytest

PAGE = """
import wx

@Page
class Index:
    data = {"chunks": 0, "bytes": 0, "errMsg": ""}

    def onLoad(self, query):
        task = wx.request(url="%s", enableChunked=True, complete=lambda res: self.setData({"errMsg": res.errMsg}))
        task.onChunkReceived(self.onChunk)

    def onChunk(self, res):
        self.setData({"chunks": self.data["chunks"] + 1, "bytes": self.data["bytes"] + len(res.data)})
"""


@pytest.fixture
def shop(kiosk):
    """A running mini-program that may talk to any server."""
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    return kiosk


def ask(kiosk, url, **options):
    """The result of wx.request."""
    return kiosk.call("request", {"url": url, **options})


def test_get_with_data(shop, httpbin):
    result = ask(shop, httpbin.url + "/get?a=1", data={"b": "x y", "é": "你&"}, header={"X-Test": "yes"})
    assert result["errMsg"] == "request:ok" and result["statusCode"] == 200
    assert result["data"]["args"] == {"a": "1", "b": "x y", "é": "你&"}
    assert result["data"]["headers"]["X-Test"] == "yes"
    assert result["data"]["headers"]["Content-Type"] == "application/json"
    assert result["header"]["Server"].startswith("gunicorn")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_json_body(shop, httpbin, method):
    data = {"text": 'é你😀\n"', "list": [1, 2.5, None, True], "nested": {"a": {}}}
    result = ask(shop, f"{httpbin.url}/{method.lower()}", method=method, data=data)
    assert result["data"]["json"] == data


def test_form_body(shop, httpbin):
    header = {"content-type": "application/x-www-form-urlencoded"}
    result = ask(shop, httpbin.url + "/post", method="POST", data={"a": "x&y=z", "é": "你 +"}, header=header)
    assert result["data"]["form"] == {"a": "x&y=z", "é": "你 +"}


def test_text_and_binary_bodies(shop, httpbin):
    result = ask(shop, httpbin.url + "/post", method="POST", data="plain é", header={"content-type": "text/plain"})
    assert result["data"]["data"] == "plain é"
    body = bytes(i % 251 for i in range(100_000))
    header = {"content-type": "application/octet-stream"}
    result = ask(shop, httpbin.url + "/post", method="POST", data=body, header=header, dataType="text")
    assert f'"Content-Length": "{len(body)}"' in result["data"]


@pytest.mark.parametrize("status", [200, 204, 304, 400, 401, 404, 418, 500, 503])
def test_any_status_is_a_success(shop, httpbin, status):
    result = ask(shop, f"{httpbin.url}/status/{status}")
    assert result["errMsg"] == "request:ok" and result["statusCode"] == status


def test_head_and_options(shop, httpbin):
    result = ask(shop, httpbin.url + "/get", method="HEAD")
    assert result["data"] == "" and int(result["header"]["Content-Length"]) > 0
    result = ask(shop, httpbin.url + "/get", method="OPTIONS")
    assert result["header"]["Allow"] and result["data"] == ""


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_compressed_answers(shop, httpbin, coding):
    result = ask(shop, f"{httpbin.url}/{coding}", header={"accept-encoding": coding})
    assert result["data"][{"gzip": "gzipped", "deflate": "deflated"}[coding]] is True


def test_chunked_answers(shop, httpbin):
    result = ask(shop, httpbin.url + "/stream/5", dataType="text")
    assert result["header"]["Transfer-Encoding"] == "chunked"
    assert [json.loads(line)["id"] for line in result["data"].splitlines()] == [0, 1, 2, 3, 4]
    result = ask(shop, httpbin.url + "/stream-bytes/5000?seed=7&chunk_size=333", responseType="arraybuffer")
    same = ask(shop, httpbin.url + "/bytes/5000?seed=7", responseType="arraybuffer")
    assert len(result["data"]) == 5000 and len(same["data"]) == 5000


def test_chunks_as_they_come(kiosk, httpbin):
    page = PAGE % (httpbin.url + "/drip?numbytes=10&duration=1&delay=0")
    assert kiosk.run({"pages/index/index.py": page}, urlCheck=False)["errMsg"] == "launch:ok"
    wanted = time.monotonic() + 10
    while not (data := kiosk.pages()[0]["data"])["errMsg"]:
        assert time.monotonic() < wanted, data
        time.sleep(0.1)
    assert data["errMsg"] == "request:ok" and data["bytes"] == 10 and data["chunks"] > 3


def test_redirects(shop, httpbin):
    result = ask(shop, httpbin.url + "/redirect/5")
    assert result["data"]["url"].endswith("/get") and result["profile"]["redirectEnd"] > 0
    result = ask(shop, httpbin.url + "/redirect/6")
    assert (result["errMsg"], result["errno"]) == ("request:fail exceed max redirection count 5", 600008)
    result = ask(shop, httpbin.url + "/absolute-redirect/1")
    assert result["statusCode"] == 200
    result = ask(shop, httpbin.url + "/redirect/1", redirect="manual")
    assert result["statusCode"] == 302 and result["header"]["Location"] == "/get" and result["data"] == ""


def test_cookies(shop, httpbin):
    result = ask(shop, httpbin.url + "/cookies/set?a=1&b=2", redirect="manual")
    assert sorted(cookie.split(";")[0] for cookie in result["cookies"]) == ["a=1", "b=2"]


def test_a_slow_answer(shop, httpbin):
    started = time.monotonic()
    result = ask(shop, httpbin.url + "/delay/5", timeout=500)
    assert (result["errMsg"], result["errno"]) == ("request:fail timeout", 5)
    assert time.monotonic() - started < 3
    assert ask(shop, httpbin.url + "/get")["statusCode"] == 200


def test_a_kept_connection(shop, httpbin):
    reused = [ask(shop, httpbin.url + "/get")["profile"]["socketReused"] for _ in range(3)]
    assert reused == [False, True, True]


def test_encodings(shop, httpbin):
    result = ask(shop, httpbin.url + "/encoding/utf8")
    assert "⡍⠜⠇⠑⠹" in result["data"] and "სახელით" not in result["data"]
    assert ask(shop, httpbin.url + "/html")["data"].startswith("<!DOCTYPE html>")
    assert ask(shop, httpbin.url + "/json")["data"]["slideshow"]["title"] == "Sample Slide Show"


def test_only_listed_domains(kiosk, httpbin, authority):
    server = authority.serve("127.0.0.1")
    kiosk.put("/ca/test.der", authority.der)
    settings = {"appid": "test", "domains": {"request": [server.url]}}
    assert kiosk.run({"kiosk.json": json.dumps(settings)})["errMsg"] == "launch:ok"
    assert ask(kiosk, server.url + "/x")["statusCode"] == 200
    for url in (httpbin.url, "https://127.0.0.1:1", "https://example.com"):
        result = ask(kiosk, url)
        assert (result["errMsg"], result["errno"]) == ("request:fail url not in domain list", 600002)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_https(shop, authority, name):
    server = authority.serve(name)
    shop.put("/ca/test.der", authority.der)
    result = ask(shop, server.url + "/a?b=c", header={"X-Test": "yes"})
    assert result["data"]["path"] == "/a?b=c" and result["data"]["headers"]["X-Test"] == "yes"
    profile = result["profile"]
    assert 0 < profile["connectEnd"] <= profile["SSLconnectionStart"] <= profile["SSLconnectionEnd"]
    assert profile["SSLconnectionEnd"] <= profile["requestStart"] and profile["socketReused"] is False
    assert ask(shop, server.url)["profile"]["socketReused"] is True
    # Records end where they like: bodies around the sizes of TLS's and of our own buffers, both ways.
    for size in (1, 1023, 1025, 4095, 4097, 16383, 16385, 40_000):
        result = ask(shop, f"{server.url}/bytes/{size}", responseType="arraybuffer")
        assert bytes(result["data"]) == bytes(i % 256 for i in range(size)), size
        result = ask(shop, server.url, method="POST", data="x" * size)
        assert result["data"]["size"] == size


def refused(kiosk, url):
    """The reason why the handshake failed, and that nothing else did."""
    result = ask(kiosk, url)
    start = "request:fail ssl hand shake error: "
    assert result["errMsg"].startswith(start) and result["errno"] == 600001, result
    return result["errMsg"][len(start) :]


def test_https_without_trust(shop, authority):
    server = authority.serve("localhost")
    assert refused(shop, server.url) == "no trusted certificates"


def test_https_with_the_wrong_certificates(shop, authority):
    other = type(authority)()
    shop.put("/ca/other.der", other.der)
    assert (
        refused(shop, authority.serve("localhost").url) == "The certificate is not correctly signed by the trusted CA"
    )
    other.close()


def test_https_with_the_wrong_name(shop, authority):
    shop.put("/ca/test.der", authority.der)
    server = authority.serve("other.example")
    reason = refused(shop, f"https://localhost:{server.port}/")
    assert reason == "The certificate Common Name (CN) does not match with the expected CN"


def test_https_with_an_expired_certificate(shop, authority):
    shop.put("/ca/test.der", authority.der)
    yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    assert (
        refused(shop, authority.serve("localhost", not_after=yesterday).url) == "The certificate validity has expired"
    )


def test_https_with_a_damaged_certificate(shop, authority):
    shop.put("/ca/test.der", b"no certificate")
    assert refused(shop, authority.serve("localhost").url) == "test.der is no DER certificate"


def test_https_to_a_server_without_tls(shop, authority):
    shop.put("/ca/test.der", authority.der)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(1)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        assert refused(shop, f"https://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()


def test_abort_during_the_handshake_and_life_after_it(shop, authority):
    shop.put("/ca/test.der", authority.der)
    server = authority.serve("localhost")
    result = ask(shop, server.url, timeout=1)
    assert result["errMsg"] == "request:fail timeout"
    assert ask(shop, server.url)["statusCode"] == 200


def test_a_failed_request_leaves_no_memory_behind(make_kiosk, httpbin):
    kiosk = make_kiosk(heap=190 * 1024)
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    for url in (httpbin.url + "/get", "http://127.0.0.1:1/", httpbin.url + "/redirect/7"):
        ask(kiosk, url)
    before = kiosk.state()["heapUsed"]
    for _ in range(10):
        for url in (httpbin.url + "/get", "http://127.0.0.1:1/", httpbin.url + "/redirect/7"):
            ask(kiosk, url)
    assert kiosk.state()["heapUsed"] - before < 256
    assert kiosk.stop()["errMsg"] == "stop:ok"


def test_requests_are_interrupted_five_seconds_after_hiding(kiosk, httpbin):
    page = """
        @Page
        class Index:
            def onShow(self):
                wx.request(url="%s/delay/10", complete=lambda res: print(res.errMsg, res.errno))
        """
    kiosk.run({"pages/index/index.py": page % httpbin.url}, urlCheck=False)
    kiosk.hide()
    kiosk.wait(4000)
    assert kiosk.output == ""
    kiosk.wait(2000)
    assert kiosk.output == "request:fail interrupted 600003\n"
    assert kiosk.state()["running"] == "test"
