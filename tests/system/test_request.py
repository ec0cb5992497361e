"""wx.request against a server that is not ours: httpbin.  HTTPS has its own file."""

import json
import time

import pytest

pytestmark = pytest.mark.online

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


def test_text_and_binary_bodies(shop, httpbin, on_board):
    result = ask(shop, httpbin.url + "/post", method="POST", data="plain é", header={"content-type": "text/plain"})
    assert result["data"]["data"] == "plain é"
    body = bytes(i % 251 for i in range(5_000 if on_board else 100_000))
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


def test_chunks_as_they_come(kiosk, httpbin, on_board):
    page = PAGE % (httpbin.url + f"/drip?numbytes=10&duration={20 if on_board else 1}&delay=0")
    assert kiosk.run({"pages/index/index.py": page}, urlCheck=False)["errMsg"] == "launch:ok"
    wanted = time.monotonic() + 60
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
    """Rule 10."""
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
