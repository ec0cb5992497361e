"""
The rules of wx-rules.md, sentence by sentence, on a running kiosk: `test_rule_07_...` is about rule 7.

tests/conformance/rules.py says which test is about which sentence, those of other files included.
"""

import json
import socket
import textwrap
import threading

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

pytestmark = pytest.mark.online


@pytest.fixture
def shop(kiosk):
    """A kiosk whose mini-program may talk to any server."""
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    return kiosk


@pytest.fixture
def peer():
    """A WebSocket server: /echo, /close/CODE, /end (ends the stream without a word)."""

    def handle(connection):
        kind, _, code = connection.request.path[1:].partition("/")
        if kind == "close":
            connection.close(int(code), "from the server")
        elif kind == "end":
            connection.socket.shutdown(socket.SHUT_WR)
        try:
            for message in connection:
                connection.send(message)
        except (ConnectionClosed, OSError):
            return  # gone, as it was meant to be

    with serve(handle, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield "ws://127.0.0.1:%d/" % server.socket.getsockname()[1]
        server.shutdown()


_SOCKET = """
import asyncio
seen = []
task = wx.connectSocket(url=%r)
task.onOpen(lambda res: seen.append(["open"]))
task.onError(lambda res: seen.append(["error", res.errMsg]))
task.onClose(lambda res: seen.append(["close", res.code, res.reason]))
"""


def given(kiosk, body):
    """What `body`, that of an async function on the kiosk, returns."""
    code = "async def body():\n" + textwrap.indent(textwrap.dedent(body), "    ") + "\nkiosk.run(body())\n"
    return json.loads(kiosk.exec(code, timeout_s=30).splitlines()[-1])


def test_rule_01_errmsg_errno_and_errcode(shop):
    assert shop.call("setStorage", {"key": "k", "data": 1}) == {"errMsg": "setStorage:ok"}
    assert shop.call("getStorage", {"key": "x"}) == {"errMsg": "getStorage:fail data not found", "errno": 1300002}
    body = """
        fs = wx.getFileSystemManager()
        done = await fs.access(path="wxfile://usr")
        try:
            await fs.access(path="wxfile://usr/none")
        except wx.Error as exc:
            return done, exc.result
        """
    done, failed = given(shop, body)
    assert done == {"errMsg": "access:ok", "errCode": 0}
    assert failed["errMsg"].startswith("access:fail ") and failed["errno"] == failed["errCode"] == 1300002


def test_rule_02_a_promise_only_without_callbacks(shop):
    body = """
        returned = [wx.setStorage(key="k", data=1, **{name: lambda res: None}) for name in ("success", "fail", "complete")]
        promise = wx.setStorage(key="k", data=1)
        return returned, (await promise).errMsg
        """
    assert given(shop, body) == [[None, None, None], "setStorage:ok"]


def test_rule_02_four_apis_return_their_task(shop):
    body = """
        import asyncio
        unheard = []
        wx.onUnhandledRejection(unheard.append)
        options = {"url": "http://127.0.0.1:1/", "filePath": "wxfile://usr/none", "name": "n"}
        names = []
        for api in (wx.request, wx.uploadFile, wx.downloadFile, wx.connectSocket):
            names.append(type(api(options)).__name__)
            names.append(type(api(dict(options, fail=lambda res: None))).__name__)
        await asyncio.sleep_ms(100)
        return names, len(unheard)
        """
    names = ["RequestTask", "UploadTask", "DownloadTask", "SocketTask"]
    assert given(shop, body) == [[name for name in names for _ in range(2)], 0]


def test_rule_03_complete_always_sync_throws_and_rejections_are_heard(shop):
    body = """
        import asyncio
        seen = []
        wx.onUnhandledRejection(lambda res: seen.append("unhandled " + res.reason.errMsg))
        for key in ("k", "none"):
            wx.setStorageSync("k", 1)
            wx.getStorage(key=key, success=lambda res: seen.append("success"), fail=lambda res: seen.append("fail"),
                          complete=lambda res: seen.append("complete"))
            await asyncio.sleep_ms(20)
        wx.getStorage(key="none", complete=lambda res: seen.append("complete alone"))
        await asyncio.sleep_ms(20)
        wx.getStorage(key="none")
        await asyncio.sleep_ms(20)
        try:
            wx.removeStorageSync(5)
        except wx.Error as exc:
            seen.append("thrown " + exc.errMsg[:23])
        return seen
        """
    assert given(shop, body) == [
        "success",
        "complete",
        "fail",
        "complete",
        "complete alone",
        "unhandled getStorage:fail data not found",
        "thrown removeStorageSync:fail ",
    ]


def test_rule_04_callbacks_come_after_the_call_has_returned(shop):
    body = """
        import asyncio
        fs = wx.getFileSystemManager()
        early, late = [], []
        for api, options in (
            (wx.setStorage, {"key": "k", "data": 1}), (wx.getStorage, {"key": "none"}), (wx.getSystemInfo, {}),
            (wx.navigateTo, {"url": "none"}), (wx.request, {"url": "no address"}), (wx.closeSocket, {}),
            (fs.access, {"path": "wxfile://usr"}), (fs.readFile, {"filePath": "none"}), (wx.saveFile, {}), (wx.request, {}),
        ):
            seen = []
            options["complete"] = seen.append
            api(options)
            early.append(len(seen))
            await asyncio.sleep_ms(50)
            late.append(len(seen))
        return early, late
        """
    assert given(shop, body) == [[0] * 10, [1] * 10]


@pytest.mark.parametrize(
    ("name", "options", "fault"),
    [
        ("request", {}, "parameter.url should be String instead of Undefined;"),
        ("request", {"url": None}, "parameter.url should be String instead of Null;"),
        ("getStorage", {"key": 5}, "parameter.key should be String instead of Number;"),
        ("navigateBack", {"delta": "1"}, "parameter.delta should be Number instead of String;"),
        ("downloadFile", {"url": []}, "parameter.url should be String instead of Array;"),
        ("request", {"url": "x", "header": 1}, "parameter.header should be Object instead of Number;"),
    ],
)
def test_rule_05_wrong_types(shop, name, options, fault):
    assert shop.call(name, options) == {"errMsg": f"{name}:fail parameter error: {fault}", "errno": 1001}


def test_rule_06_any_status_is_a_success(shop, httpbin):
    for status in (200, 204, 304, 404, 418, 500, 503):
        result = shop.call("request", {"url": f"{httpbin.url}/status/{status}"})
        assert (result["errMsg"], result["statusCode"]) == ("request:ok", status)
    assert shop.call("request", {"url": "http://127.0.0.1:1/"})["errMsg"].startswith("request:fail ")


def test_rule_07_options_fields_and_task_of_a_request(shop, httpbin):
    assert given(shop, "return len(wx.request.options)") == 19
    result = shop.call("request", {"url": f"{httpbin.url}/response-headers?Set-Cookie=a%3D1"})
    fields = {"data", "statusCode", "header", "cookies", "profile", "exception", "useHttpDNS", "errMsg"}
    assert set(result) == fields and result["cookies"] == ["a=1"] and len(result["profile"]) == 31
    assert result["exception"] == {"retryCount": 0, "reasons": []}
    body = """
        heads, chunks = [], []
        for chunked in (True, False):
            task = wx.request(url=%r, enableChunked=chunked)
            task.onHeadersReceived(lambda res: heads.append(sorted(res)))
            task.onChunkReceived(lambda res: chunks.append([chunked, isinstance(res.data, bytes), len(res.data)]))
            await task
        task = wx.request(url=%r)
        task.abort()
        return heads, chunks
        """
    heads, chunks = given(shop, body % (f"{httpbin.url}/stream-bytes/3000?chunk_size=1000", httpbin.url))
    assert heads == [["cookies", "header", "statusCode"]] * 2
    assert {tuple(chunk[:2]) for chunk in chunks} == {(True, True)} and sum(chunk[2] for chunk in chunks) == 3000


def test_rule_08_the_calls_timeout_goes_before_that_of_app_json(kiosk, httpbin):
    app = {"pages": ["pages/index/index"], "networkTimeout": {"request": 200}}
    kiosk.run({"app.json": json.dumps(app)}, urlCheck=False)
    url = f"{httpbin.url}/delay/"  # seconds of this machine's, of which an emulated board's are a tenth
    assert kiosk.call("request", {"url": url + "9"})["errMsg"] == "request:fail timeout"
    assert kiosk.call("request", {"url": url + "9"})["errno"] == 5
    assert kiosk.call("request", {"url": url + "1", "timeout": 9000})["errMsg"] == "request:ok"


def test_rule_08_ten_at_once_of_all_three_kinds(shop, httpbin):
    body = """
        import asyncio
        from kiosk.net import activity
        fs = wx.getFileSystemManager()
        fs.writeFileSync("wxfile://usr/file", "x")
        options = {"url": %r, "filePath": "wxfile://usr/file", "name": "n"}
        download = {"url": %r}
        tasks, results = [], []
        for number in range(41):
            api = (wx.request, wx.uploadFile, wx.downloadFile)[number %% 3]
            given = dict(download if number %% 3 == 2 else options, complete=lambda res: results.append([res.errMsg, res.errno]))
            tasks.append(api(given))
        await asyncio.sleep_ms(100)
        counts = [len(activity._running), len(activity._waiting)]
        refused = list(results)
        for task in tasks:
            task.abort()
        await asyncio.sleep_ms(100)
        return counts, refused, len(results)
        """
    counts, refused, ended = given(shop, body % (f"{httpbin.url}/delay/2", f"{httpbin.url}/delay/2"))
    assert counts == [10, 30] and refused == [["uploadFile:fail exceed max task count 40", 600007]] and ended == 41


def test_rule_08_five_sockets(shop, peer):
    body = """
        results = []
        for number in range(6):
            try:
                results.append((await wx.connectSocket(url=%r)).errMsg)
            except wx.Error as exc:
                results.append([exc.errMsg, exc.errno])
        return results
        """
    sixth = ["connectSocket:fail reach max websocket connect count 5", 600007]
    assert given(shop, body % (peer + "echo")) == ["connectSocket:ok"] * 5 + [sixth]


def test_rule_09_what_becomes_of_the_data(shop, httpbin):
    def sent(**options):
        return shop.call("request", {"url": f"{httpbin.url}/anything", "data": {"a": "1 &é"}, **options})["data"]

    form = "application/x-www-form-urlencoded"
    assert sent()["args"] == {"a": "1 &é"} and sent()["url"].endswith("?a=1%20%26é")
    assert sent(method="POST")["json"] == {"a": "1 &é"}
    assert sent(method="POST")["headers"]["Content-Type"] == "application/json"
    assert sent(method="POST", header={"content-type": form})["form"] == {"a": "1 &é"}
    assert sent(method="POST", data=" raw")["data"] == " raw"


def test_rule_09_pairs_are_those_of_encodeuricomponent(shop):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        heard = []
        thread = threading.Thread(target=_hear_one, args=(listener, heard), daemon=True)
        thread.start()
        url = "http://127.0.0.1:%d/" % listener.getsockname()[1]
        form = {"content-type": "application/x-www-form-urlencoded"}
        shop.call("request", {"url": url, "method": "POST", "header": form, "data": {"a b": "-_.!~*'()+/é"}})
        thread.join(10)
    assert heard[0].endswith(b"\r\n\r\na%20b=-_.!~*'()%2B%2F%C3%A9")


def _hear_one(listener, heard):
    connection, _ = listener.accept()
    with connection:
        text = b""
        while b"%C3%A9" not in text:
            text += connection.recv(4096)
        heard.append(text)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


def test_rule_09_headers_text_and_redirects(shop, httpbin):
    headers = {"Referer": "http://elsewhere.test/", "X-Own": "1"}
    heard = shop.call("request", {"url": f"{httpbin.url}/headers", "header": headers})["data"]["headers"]
    assert "Referer" not in heard and heard["X-Own"] == "1"
    # ï»¿ is the mark in base64: one goes, a second one is text.
    assert shop.call("request", {"url": f"{httpbin.url}/base64/77u_w6k="})["data"] == "é"
    assert shop.call("request", {"url": f"{httpbin.url}/base64/77u_77u_w6k="})["data"] == "\ufeffé"
    assert shop.call("request", {"url": f"{httpbin.url}/robots.txt"})["data"].startswith("User-agent")
    body = """
        heads = []
        task = wx.request(url=%r, redirect="manual")
        task.onHeadersReceived(lambda res: heads.append([res.statusCode, res.header["Location"]]))
        res = await task
        return heads, res.statusCode
        """
    assert given(shop, body % f"{httpbin.url}/redirect-to?url=/get") == [[[302, "/get"]], 302]


def test_rule_11_uploads(shop, httpbin):
    body = """
        fs = wx.getFileSystemManager()
        fs.writeFileSync("wxfile://usr/file", "x" * 3000)
        seen = []
        task = wx.uploadFile(url=%r, filePath="wxfile://usr/file", name="photo")
        task.onProgressUpdate(lambda res: seen.append(res))
        res = await task
        try:
            await wx.uploadFile(url=%r, filePath="wxfile://usr/file")
        except wx.Error as exc:
            return res.data, res.statusCode, seen[-1], exc.errMsg
        """
    url = f"{httpbin.url}/post"
    data, status, last, refused = given(shop, body % (url, url))
    assert isinstance(data, str) and json.loads(data)["files"] == {"photo": "x" * 3000} and status == 200
    assert last["progress"] == 100 and last["totalBytesSent"] == last["totalBytesExpectedToSend"] > 3000
    assert refused == "uploadFile:fail parameter error: parameter.name should be String instead of Undefined;"


def test_rule_11_downloads(shop, httpbin):
    body = """
        seen = []
        task = wx.downloadFile(url=%r)
        task.onProgressUpdate(lambda res: seen.append(res))
        first = await task
        second = await wx.downloadFile(url=%r, filePath="wxfile://usr/own")
        return first, second, seen[-1]
        """
    url = f"{httpbin.url}/range/3000"
    first, second, last = given(shop, body % (url, url))
    assert first["tempFilePath"].startswith("wxfile://tmp/") and not first.get("filePath")
    assert second["filePath"] == "wxfile://usr/own" and not second.get("tempFilePath")
    assert last["progress"] == 100 and last["totalBytesWritten"] == last["totalBytesExpectedToWrite"] == 3000


def test_rule_12_members_of_a_socket(shop, peer):
    body = """
        task = wx.connectSocket(url=%r)
        names = [hasattr(task, name) for name in ("send", "close", "onOpen", "onClose", "onError", "onMessage", "readyState")]
        return names, task.readyState, "socketTaskId" in await task
        """
    assert given(shop, body % (peer + "echo")) == [[True] * 7, 0, True]


def test_rule_12_sending_and_closing(shop, peer):
    body = (
        _SOCKET
        + """
results = []
async def tried(call, **options):
    try:
        results.append((await call(**options)).errMsg)
    except wx.Error as exc:
        results.append(exc.errMsg)
await tried(task.send, data="early")
while not seen:
    await asyncio.sleep_ms(5)
for code in (999, 1001, 2999, 5000, 1000.5):
    await tried(task.close, code=code)
await tried(task.close, code=3000, reason="é" * 62)
await tried(task.close, code=3000, reason="é" * 61 + "x")
while len(seen) < 2:
    await asyncio.sleep_ms(5)
return results, seen
"""
    )
    results, seen = given(shop, body % (peer + "echo"))
    assert results[0] == "sendSocketMessage:fail WebSocket is not connected"
    assert results[1:6] == ["closeSocket:fail invalid code"] * 5
    assert results[6].startswith("closeSocket:fail invalid ") and results[7] == "closeSocket:ok"
    assert seen == [["open"], ["close", 3000, "é" * 61 + "x"]]


@pytest.mark.parametrize(
    ("path", "closed"),
    [
        ("close/1000", ["close", 1000, "from the server"]),
        ("close/4000", ["close", 4000, "from the server"]),
        ("end", ["close", 1001, "Stream end encountered"]),
    ],
)
def test_rule_12_how_a_socket_ends(shop, peer, path, closed):
    body = _SOCKET + "while not seen or seen[-1][0] != 'close':\n    await asyncio.sleep_ms(5)\nreturn seen\n"
    assert given(shop, body % (peer + path))[-1] == closed


def test_rule_12_a_socket_that_cannot_connect_says_so(shop):
    body = _SOCKET + "while not seen or seen[-1][0] != 'close':\n    await asyncio.sleep_ms(5)\nreturn seen\n"
    seen = given(shop, body % "ws://127.0.0.1:1/")
    assert [one[0] for one in seen] == ["error", "close"] and seen[1][1] == 1006


def test_rule_18_the_kind_of_network(shop):
    result = shop.call("getNetworkType")
    assert set(result) == {"networkType", "signalStrength", "weakNet", "hasSystemProxy", "errMsg"}
    assert result["networkType"] in ("wifi", "2g", "3g", "4g", "5g", "unknown", "none")


def test_rule_22_half_an_hour_in_the_background_ends_it(shop):
    shop.exec("from kiosk import supervisor\nsupervisor._INTERRUPT_MS, supervisor._DESTROY_MS = 50, 200")
    shop.hide()
    shop.show()
    assert shop.wait(500)["running"] == "test"
    shop.hide()
    assert shop.wait(5000)["running"] is None


@pytest.mark.emulator("strings of 1 MB have no room on a board")
def test_rule_23_limits_of_the_storage(shop):
    limits = given(shop, "from kiosk import storage\nreturn [wx.getStorageInfoSync()['limitSize']]")
    assert limits == [10 * 1024]
    body = """
        results = []
        for size in (1024 * 1024, 1024 * 1024 + 1):
            try:
                wx.setStorageSync("k", "x" * size)
            except wx.Error as exc:
                results.append([exc.errno, exc.errMsg])
        return results
        """
    (refused,) = given(shop, body)
    assert refused[0] == 1300202 and "entry size limit" in refused[1]
